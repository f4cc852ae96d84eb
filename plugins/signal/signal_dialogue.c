/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Searches a message with what its connection said before. That is remembered on the first pass, in the order of
 * packets; what it told of a message is kept with the packet, for later passes. */
#include "signal.h"

typedef struct {
    wr_kind kind;
    const char *dialect, *call, *from, *to;
} kept_hit;

typedef struct {
    unsigned n;
    kept_hit *hits;
    const char *bound; /* that was reached; NULL: none */
} kept_result;

/* For connections with nothing to remember yet, as most stay: always empty between messages. */
static wr_dialogue *spare;

static wr_wmem_bool free_dialogue(wmem_allocator_t *file, wmem_cb_event_t event, void *dialogue)
{
    (void)file;
    (void)event;
    wr_dialogue_free(dialogue);
    return false;
}

static void start_file(void)
{
    spare = wr_dialogue_new();
}

static void end_file(void)
{
    g_clear_pointer(&spare, wr_dialogue_free);
}

void signal_register_dialogue(void)
{
    register_init_routine(start_file);
    register_cleanup_routine(end_file);
}

static wr_dialogue *dialogue_of(packet_info *pinfo)
{
    const signal_connection *c;

    if (signal_is_shared(pinfo))
        return NULL;
    c = signal_connection_find(pinfo);
    return c != NULL && c->dialogue != NULL ? c->dialogue : spare;
}

/* What was remembered in the spare one is this connection's from now on. */
static void settle_spare(packet_info *pinfo)
{
    if (!wr_dialogue_is_empty(spare)) {
        signal_connection_get(pinfo)->dialogue = spare;
        wmem_register_callback(wmem_file_scope(), free_dialogue, spare);
        spare = wr_dialogue_new();
    }
}

static void keep(packet_info *pinfo, uint32_t key, const wr_find_result *result)
{
    kept_result *kept = wmem_new0(wmem_file_scope(), kept_result);

    kept->n = result->hits->len;
    kept->hits = wmem_alloc0_array(wmem_file_scope(), kept_hit, MAX(kept->n, 1u));
    kept->bound = result->bound ? result->problem : NULL;
    for (unsigned i = 0; i < kept->n; i++) {
        const wr_hit *hit = g_ptr_array_index(result->hits, i);
        kept->hits[i].kind = hit->kind;
        kept->hits[i].dialect = hit->dialect;
        kept->hits[i].call = wr_strdup(wmem_file_scope(), hit->call);
        kept->hits[i].from = wr_strdup(wmem_file_scope(), hit->from);
        kept->hits[i].to = wr_strdup(wmem_file_scope(), hit->to);
    }
    wr_packet_keep(pinfo, proto_webrtc_signal, key, kept);
}

static void replace(char **text, const char *kept)
{
    g_free(*text);
    *text = g_strdup(kept);
}

static void restore(wr_find_result *result, const kept_result *kept)
{
    if (result->problem == NULL && kept->bound != NULL) {
        result->problem = kept->bound;
        result->bound = true;
    }
    for (unsigned i = 0; kept->n == result->hits->len && i < kept->n; i++) {
        wr_hit *hit = g_ptr_array_index(result->hits, i);
        hit->kind = kept->hits[i].kind;
        hit->dialect = kept->hits[i].dialect;
        replace(&hit->call, kept->hits[i].call);
        replace(&hit->from, kept->hits[i].from);
        replace(&hit->to, kept->hits[i].to);
    }
}

wr_find_result *signal_find(packet_info *pinfo, const uint8_t *bytes, unsigned len, const signal_carrier *carrier)
{
    /* What HTTP/2 tells is not there in every way of reading, and what is found must be the same in all. */
    const char *url = signal_is_shared(pinfo) ? NULL : carrier->url;
    wr_find_hints hints = {carrier->content_type, url, carrier->subprotocol, carrier->direction, NULL, 0,
                           carrier->place};
    const bool first = !PINFO_FD_VISITED(pinfo);
    const kept_result *kept;
    wr_find_result *result;

    if (carrier->carrier != WR_CARRIER_WEBSOCKET)
        return wr_json_find(bytes, len, &hints);
    if (first) {
        hints.dialogue = dialogue_of(pinfo);
        hints.side = signal_side(pinfo);
    }
    result = wr_json_find(bytes, len, &hints);
    if (hints.dialogue == spare)
        settle_spare(pinfo);
    if (first && result->recalled) {
        keep(pinfo, signal_message_key(pinfo, WR_KEPT_FOUND, bytes, len), result);
    } else if (!first) {
        kept = wr_packet_kept(pinfo, proto_webrtc_signal, signal_message_key(pinfo, WR_KEPT_FOUND, bytes, len));
        if (kept != NULL)
            restore(result, kept);
    }
    return result;
}

void signal_listen(tvbuff_t *tvb, packet_info *pinfo)
{
    signal_carrier carrier = {.carrier = WR_CARRIER_WEBSOCKET};
    unsigned captured;
    const uint8_t *bytes = wr_tvb_bytes(tvb, &captured);
    wr_find_result *result;

    if (PINFO_FD_VISITED(pinfo) || bytes == NULL || !wr_json_find_exchanges(bytes, captured) ||
        !proto_is_protocol_enabled(find_protocol_by_id(proto_webrtc_signal)))
        return;
    signal_fill_from_connection(pinfo, &carrier);
    result = signal_find(pinfo, bytes, captured, &carrier);
    if (result->recalled && result->bound)
        wr_limit_on_bus(pinfo, result->problem);
    wr_find_result_free(result);
}
