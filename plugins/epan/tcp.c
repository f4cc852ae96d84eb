/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "wr_epan/tcp.h"

#include <epan/dissectors/packet-tcp.h>

#define SYN_SEEN 0x01 /* of conversation_completeness */
#define FIN_SEEN 0x10
#define RST_SEEN 0x20

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

/* Kept where tcp.analyze_sequence_numbers is set. */
static bool next_of(const tcp_flow_t *flow, uint32_t *next)
{
    *next = flow != NULL && flow->tcp_analyze_seq_info != NULL ? flow->tcp_analyze_seq_info->nextseq : 0;
    return *next != 0;
}

bool wr_tcp_opened_again(packet_info *pinfo, wr_tcp_again *again, uint32_t next[2])
{
    conversation_t *later = pinfo->ptype == PT_TCP && pinfo->num > 1 ? find_conversation_pinfo(pinfo, 0) : NULL;
    conversation_t *open;
    const struct tcp_analysis *tcp;

    if (later == NULL || later->setup_frame != pinfo->num)
        return false;
    open = find_conversation(pinfo->num - 1, &pinfo->src, &pinfo->dst,
                             conversation_pt_to_conversation_type(pinfo->ptype), pinfo->srcport, pinfo->destport, 0);
    tcp = open != NULL && open != later ? get_tcp_conversation_data(open, pinfo) : NULL;
    if (tcp == NULL || !next_of(tcp->fwd, &next[0]) || !next_of(tcp->rev, &next[1]))
        return false;
    *again = (wr_tcp_again){open, later, pinfo->num, (tcp->conversation_completeness & (FIN_SEEN | RST_SEEN)) != 0};
    return true;
}

/* A conversation is looked for among those that were set up no later than the packet. */
void wr_tcp_set_aside(const wr_tcp_again *again, bool aside)
{
    again->later->setup_frame = aside ? UINT32_MAX : again->began_in;
}

/* NULL where Wireshark does not count. */
static const struct tcp_analysis *analysis_of(packet_info *pinfo, uint32_t *conversation_index)
{
    conversation_t *conversation = pinfo->ptype == PT_TCP ? find_conversation_pinfo(pinfo, 0) : NULL;
    const struct tcp_analysis *tcp = conversation != NULL ? get_tcp_conversation_data(conversation, pinfo) : NULL;

    if (tcp == NULL || tcp->fwd == NULL || tcp->fwd->tcp_analyze_seq_info == NULL || tcp->rev == NULL ||
        tcp->rev->tcp_analyze_seq_info == NULL)
        return NULL;
    *conversation_index = conversation->conv_index;
    return tcp;
}

bool wr_tcp_stand_of(packet_info *pinfo, wr_tcp_stand *stand)
{
    const struct tcp_analysis *tcp = analysis_of(pinfo, &stand->conversation);

    if (tcp == NULL)
        return false;
    stand->base = tcp->fwd->base_seq;
    stand->next = tcp->fwd->tcp_analyze_seq_info->nextseq;
    return true;
}

void wr_tcp_put_back(packet_info *pinfo, uint32_t seq, const wr_tcp_stand *was)
{
    uint32_t index;
    const struct tcp_analysis *tcp = analysis_of(pinfo, &index);

    if (tcp == NULL || index != was->conversation)
        return;
    if (tcp->fwd->base_seq == seq)
        tcp->fwd->base_seq = was->base;
    if (tcp->fwd->tcp_analyze_seq_info->nextseq - seq <= 1 && (int32_t)(seq - was->next) >= 0)
        tcp->fwd->tcp_analyze_seq_info->nextseq = was->next;
}

void wr_tcp_put_back_heard(packet_info *pinfo, uint32_t ack)
{
    uint32_t index, said;
    const struct tcp_analysis *tcp = analysis_of(pinfo, &index);

    if (tcp == NULL)
        return;
    said = tcp->rev->tcp_analyze_seq_info->nextseq;
    if (said != 0 && tcp->fwd->tcp_analyze_seq_info->lastack == ack && (int32_t)(ack - said) > 0)
        tcp->fwd->tcp_analyze_seq_info->lastack = said;
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
