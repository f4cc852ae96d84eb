/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The flow graph "WebRTC" (Statistics > Flow Graph; tshark -z flow,webrtc,standard), and the filter "this call" of the
 * menu Conversation Filter. */
#include "audit.h"
#include "report/ladder.h"
#include "wr_epan/flow_graph.h"
#include "wr_epan/menus.h"

/* ---- flow graph ---- */

static void add_step(void *graph, packet_info *pinfo, const wr_step *step)
{
    static const unsigned colours[] = {0xffffff, 0xd8f0d8, 0xfff3c4, 0xffd6d2};
    char *comment = g_strdup_printf("WebRTC: %s", step->comment);

    wr_flow_graph_add(graph, pinfo, step->label, comment, colours[step->tone]);
    g_free(comment);
}

/* In one pass a verdict is shown once, when both sides changed to encryption, not in all its stages. */
static bool is_early(const wr_tap_data *what, const wr_step *step)
{
    const wr_association *a = what->association;

    return step->kind == WR_STEP_VERDICT && what->first_pass && a != NULL &&
           (a->side[0].ccs_frame == 0 || a->side[1].ccs_frame == 0);
}

/* What the whole call says of the steps in this frame. A call of very many descriptions is left alone: this is done
 * anew for each of its packets. */
static void judge(wr_ladder *l, const wr_tap_data *what, uint32_t frame)
{
    unsigned number = what->first_pass ? 0 : wr_tap_session_number(what);
    const wr_session *s = number == 0 ? NULL : wr_engine_session(wr_audit_engine(), number);
    bool concerned = false;

    for (unsigned i = 0; i < l->steps->len && !concerned; i++)
        concerned = ((const wr_step *)g_ptr_array_index(l->steps, i))->frame == frame;
    if (concerned && s != NULL && s->pairings->len < 1000)
        wr_ladder_judge(l, s);
}

wr_ladder *wr_audit_ladder_of(const wr_tap_data *what, uint32_t frame)
{
    const wr_frame_records *r = wr_audit_frame(frame);
    wr_ladder *l = wr_ladder_new();

    for (unsigned i = 0; r != NULL && r->copies != NULL && i < r->copies->len; i++)
        wr_ladder_add_copy(l, g_ptr_array_index(r->copies, i));
    if (what->flow != NULL)
        wr_ladder_add_flow(l, what->flow);
    for (unsigned i = 0; r != NULL && r->associations != NULL && i < r->associations->len; i++) {
        wr_association *a = g_ptr_array_index(r->associations, i);
        if (a->dirty)
            wr_engine_evaluate_association(wr_audit_engine(), a);
        wr_ladder_add_association(l, a);
    }
    judge(l, what, frame);
    return l;
}

static tap_packet_status flow_packet(void *data, packet_info *pinfo, epan_dissect_t *edt _U_, const void *record,
                                     tap_flags_t flags _U_)
{
    const wr_tap_data *what = record;
    wr_ladder *l;

    if (!what->first_pass)
        wr_engine_evaluate(wr_audit_engine());
    l = wr_audit_ladder_of(what, wr_frame_of(pinfo));
    for (unsigned i = 0; i < l->steps->len; i++) {
        const wr_step *step = g_ptr_array_index(l->steps, i);
        if (step->frame == wr_frame_of(pinfo) && !is_early(what, step))
            add_step(data, pinfo, step);
    }
    wr_ladder_free(l);
    return TAP_PACKET_REDRAW;
}

/* ---- conversation filter ---- */

unsigned wr_audit_call_of(packet_info *pinfo)
{
    wr_tap_data what = {.first_pass = false};
    wr_packet packet;

    if (wr_audit_engine() == NULL)
        return 0;
    wr_packet_begin(&packet, pinfo);
    wr_audit_recall(&packet, &what);
    return wr_tap_session_number(&what);
}

static bool is_of_a_call(packet_info *pinfo)
{
    return wr_audit_call_of(pinfo) != 0;
}

char *wr_audit_call_filter(unsigned number)
{
    return g_strdup_printf("webrtc.session == \"s%u\"", number);
}

static char *call_filter(packet_info *pinfo)
{
    return wr_audit_call_filter(wr_audit_call_of(pinfo));
}

void wr_audit_register_flow(int proto)
{
    wr_flow_graph_register("webrtc", "WebRTC calls", proto, "webrtc", flow_packet);
    wr_register_conversation_filter("webrtc", "This WebRTC call", is_of_a_call, call_filter);
}
