/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What evidence is worth, beside what it says: standing, possession, who was told. What is not known is left out. */
#include "standing.h"

#include "formats/json_write.h"
#include "records/call_limits.h"

/* ---- associations ---- */

static const char *possession_name(unsigned possession)
{
    return possession == WR_POSSESSION_PROVED    ? "proven"
           : possession == WR_POSSESSION_INVALID ? "disproved"
                                                 : "unknown";
}

/* With its keys it is known; without them only that nothing flowed where it was made. */
static json_object *carried_media(const wr_association *a)
{
    const wr_media_proof *p = a->srtp;

    if (p != NULL && p->rtp_verified + p->rtcp_verified > 0)
        return json_object_new_boolean(true);
    for (unsigned i = 0; i < a->flows.len; i++) {
        const wr_flow *f = wr_list_at(&a->flows, i);
        if (f->media[0].packets + f->media[1].packets > 0)
            return NULL;
    }
    return json_object_new_boolean(false);
}

void wr_report_put_standing(json_object *o, const wr_association *a)
{
    json_object *possession = json_object_new_object();

    wr_value_put_text(o, "standing", wr_standing_name(a->standing));
    wr_value_put_text(possession, "client", possession_name(a->possession[0]));
    wr_value_put_text(possession, "server", possession_name(a->possession[1]));
    json_object_object_add(o, "possession", possession);
    json_object_object_add(o, "carried_media", carried_media(a));
}

char *wr_report_standing(const wr_association *a)
{
    if (a->standing == WR_BARE)
        return g_strdup("bare: records of no handshake that is seen, which anybody can send");
    if (a->standing == WR_COHERENT)
        return g_strdup(a->possession[1] == WR_POSSESSION_INVALID
                            ? "coherent: both hellos, and no certificate shown signed this handshake"
                            : "coherent: both hellos, and no signature that proves whose they are");
    if (a->possession[1] != WR_POSSESSION_PROVED)
        return g_strdup("proven: its certificates were decrypted");
    return g_strdup_printf("proven: the key of the server's certificate signed this handshake%s",
                           a->possession[0] == WR_POSSESSION_PROVED ? ", and so did the client's"
                                                                    : "; of the client's it is not known");
}

/* ---- descriptions ---- */

static void unref_legs(gpointer legs)
{
    g_hash_table_unref(legs);
}

GHashTable *wr_report_tied_legs(const wr_engine *e)
{
    GHashTable *by_call = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, unref_legs);

    for (unsigned i = 0; i < e->associations->len; i++) {
        const wr_association *a = g_ptr_array_index(e->associations, i);
        const gpointer call = GUINT_TO_POINTER(wr_association_session_number(e, a));
        GHashTable *legs = g_hash_table_lookup(by_call, call);
        for (unsigned j = 0; a->absorbed == NULL && call != NULL && j < a->n_ties; j++) {
            if (a->ties[j].tie == WR_TIE_NONE)
                continue;
            if (legs == NULL) {
                legs = g_hash_table_new(g_direct_hash, g_direct_equal);
                g_hash_table_insert(by_call, call, legs);
            }
            g_hash_table_add(legs, wr_leg_root((wr_leg *)a->ties[j].leg));
        }
    }
    return by_call;
}

/* Whose leg it is; where no flow of the call is seen nobody knows, and the key is left out. */
static void put_told(json_object *o, GHashTable *legs, const wr_copy *c)
{
    const wr_leg *leg = wr_leg_root(c->leg);
    json_object *list;
    char host[WR_ENDPOINT_TEXT];

    if (legs == NULL || leg->two_ended || c->direction == WR_DIRECTION_UNKNOWN)
        return;
    list = json_object_new_array();
    if (c->direction == WR_DIRECTION_DELIVERED && wr_endpoint_known(&leg->client) && g_hash_table_contains(legs, leg))
        json_object_array_add(list, wr_value_new_text(wr_endpoint_format_host(&leg->client, host)));
    json_object_object_add(o, "told", list);
}

void wr_report_put_told(const wr_engine *e, json_object *o, GHashTable *tied, const wr_copy *c)
{
    const unsigned call = wr_copy_session_number(e, c);

    if (c->mirrored || c->leg->two_ended)
        wr_value_put_text(o, "standing", "bare"); /* lone datagrams */
    else if (c->protected_transport)
        wr_value_put_text(o, "standing", "coherent"); /* opened by the keys of its connection */
    put_told(o, g_hash_table_lookup(tied, GUINT_TO_POINTER(call)), c);
}

void wr_report_put_hidden(const wr_engine *e, json_object *o, const wr_session *s)
{
    json_object *also = s->n_also > 0 ? json_object_new_array() : NULL, *limits;
    const char *names[WR_MAX_CALL_LIMITS];
    const unsigned n = wr_session_limits(e, s, names);

    for (unsigned i = 0; i < s->n_also; i++)
        json_object_array_add(also, wr_value_new_text(wr_session_verdict_name((wr_session_verdict)s->also[i])));
    if (also != NULL)
        json_object_object_add(o, "also", also);
    if (n == 0)
        return;
    limits = json_object_new_array();
    for (unsigned i = 0; i < n; i++)
        json_object_array_add(limits, wr_value_new_text(names[i]));
    json_object_object_add(o, "limits", limits);
}
