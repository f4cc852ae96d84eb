/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "wr_epan/tcp.h"

#include <epan/dissectors/packet-tcp.h>

#define SYN_SEEN 0x01 /* of conversation_completeness */

bool wr_tcp_sequence(const void *data, uint32_t *seq)
{
    const struct tcpinfo *info = data;

    if (info == NULL)
        return false;
    *seq = info->seq;
    return true;
}

bool wr_tcp_client(packet_info *pinfo, conversation_t *conversation, const address **client, uint32_t *port)
{
    const struct tcp_analysis *tcp = pinfo->ptype == PT_TCP ? get_tcp_conversation_data(conversation, pinfo) : NULL;

    if (tcp == NULL || (tcp->conversation_completeness & SYN_SEEN) == 0)
        return false;
    *client = conversation_key_addr1(conversation->key_ptr);
    *port = conversation_key_port1(conversation->key_ptr);
    return true;
}

uint32_t wr_tcp_heard(packet_info *pinfo)
{
    conversation_t *conversation = pinfo->ptype == PT_TCP ? find_conversation_pinfo(pinfo, 0) : NULL;
    const struct tcp_analysis *tcp = conversation != NULL ? get_tcp_conversation_data(conversation, pinfo) : NULL;

    /* kept where tcp.analyze_sequence_numbers is set, as it is by default */
    return tcp != NULL && tcp->rev != NULL && tcp->rev->tcp_analyze_seq_info != NULL
               ? tcp->rev->tcp_analyze_seq_info->nextseq
               : 0;
}

/* ---- messages of a stream ---- */

/* Offsets are to become unsigned. */
typedef __typeof__(_Generic(&tcp_dissect_pdus,
                            void (*)(tvbuff_t *, packet_info *, proto_tree *, bool, unsigned,
                                     unsigned (*)(packet_info *, tvbuff_t *, unsigned, void *), dissector_t,
                                     void *) : 0u,
                            default : 0)) offset_type;

typedef struct {
    wr_tcp_length_of length_of;
    dissector_t dissect;
    void *data;
} messages;

static unsigned length_of_message(packet_info *pinfo _U_, tvbuff_t *tvb, offset_type offset, void *data)
{
    return ((const messages *)data)->length_of(tvb, (unsigned)offset);
}

static int dissect_message(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    const messages *m = data;

    return m->dissect(tvb, pinfo, tree, m->data);
}

void wr_tcp_messages(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, unsigned head_length,
                     wr_tcp_length_of length_of, dissector_t dissect, void *data)
{
    messages m = {length_of, dissect, data};

    tcp_dissect_pdus(tvb, pinfo, tree, true, head_length, length_of_message, dissect_message, &m);
}
