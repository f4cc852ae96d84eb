/* SPDX-License-Identifier: GPL-2.0-or-later */
/* File > Export Objects > WebRTC, tshark --export-objects webrtc,FOLDER: session descriptions and certificates as
 * files. */
#include "audit.h"

#include <epan/export_object.h>

static int tap_objects = -1;

typedef struct {
    const char *type;
    char *name;
    const uint8_t *bytes;
    size_t length;
    wr_endpoint from;
} object;

static void export_object(export_object_list_t *list, uint32_t frame, const object *o)
{
    export_object_entry_t *entry = g_new0(export_object_entry_t, 1);
    char at[WR_ENDPOINT_TEXT];

    entry->pkt_num = frame;
    entry->hostname = g_strdup(wr_endpoint_format(&o->from, at));
    entry->content_type = g_strdup(o->type);
    entry->filename = g_strdup(o->name);
    entry->payload_len = o->length;
    entry->payload_data = g_memdup2(o->bytes, o->length);
    list->add_entry(list->gui_data, entry);
}

static void export_description(export_object_list_t *list, uint32_t frame, const wr_copy *c)
{
    unsigned call = wr_copy_session_number(wr_audit_engine(), c);
    object o = {"application/sdp", NULL, NULL, c->sdp->text_len, c->src};

    if (c->frame != frame) /* the same again */
        return;
    o.bytes = (const uint8_t *)wr_sdp_text(c->sdp);
    o.name = g_strdup_printf("s%u-frame%u-d%u-%s.sdp", call, frame, c->number,
                             c->sdp->fragment ? "fragment" : wr_kind_name(c->kind));
    export_object(list, frame, &o);
    g_free(o.name);
    wr_sdp_close(c->sdp);
}

static void export_certificates(export_object_list_t *list, uint32_t frame, wr_association *a)
{
    static const char *const role[] = {"client", "server"};
    unsigned call;

    if (a->absorbed != NULL)
        a = a->absorbed;
    if (a->dirty) /* so that the call is known */
        wr_engine_evaluate_association(wr_audit_engine(), a);
    call = wr_association_session_number(wr_audit_engine(), a);
    for (int i = 1; i >= 0; i--) {
        const wr_presented *p = &a->side[i].presented;
        object o = {"application/pkix-cert", NULL, NULL, 0, a->side[i].end};
        if (p->certificate == NULL || p->frame != frame)
            continue;
        o.bytes = p->certificate->der;
        o.length = p->certificate->der_length;
        o.name = g_strdup_printf("s%u-frame%u-a%u-%s.der", call, frame, a->number, role[i]);
        export_object(list, frame, &o);
        g_free(o.name);
    }
}

static tap_packet_status export_packet(void *data, packet_info *pinfo, epan_dissect_t *edt _U_, const void *record,
                                       tap_flags_t flags _U_)
{
    const wr_frame_records *r = wr_audit_frame(wr_frame_of(pinfo));

    if (r == NULL || wr_audit_engine() == NULL)
        return TAP_PACKET_DONT_REDRAW;
    if (!((const wr_tap_data *)record)->first_pass)
        wr_engine_evaluate(wr_audit_engine());
    for (unsigned i = 0; r->copies != NULL && i < r->copies->len; i++)
        export_description(data, wr_frame_of(pinfo), g_ptr_array_index(r->copies, i));
    for (unsigned i = 0; r->associations != NULL && i < r->associations->len; i++)
        export_certificates(data, wr_frame_of(pinfo), g_ptr_array_index(r->associations, i));
    return TAP_PACKET_REDRAW;
}

void wr_audit_register_export(int proto)
{
    tap_objects = register_export_object(proto, export_packet, NULL);
}

bool wr_audit_exports(void)
{
    return have_tap_listener(tap_objects);
}

void wr_audit_export(packet_info *pinfo, const wr_tap_data *record)
{
    if (have_tap_listener(tap_objects))
        tap_queue_packet(tap_objects, pinfo, record);
}
