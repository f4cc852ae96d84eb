/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The NDJSON report. Its keys are an interface: keys may be added, those here stay. Absent facts are absent keys. */
#include "base/digest.h"
#include "formats/json_write.h"
#include "inputs.h"
#include "json_words.h"
#include "records/data_channel.h"
#include "records/handshake_facts.h"
#include "report/origin.h"
#include "sdp/compare.h"
#include "shared.h"
#include "standing.h"
#include "statements/testimony.h"

#include <string.h>

typedef struct {
    wr_engine *e;
    wr_report_sink sink;
    void *data;
    GHashTable *only, *tied; /* calls wanted, NULL for all; wr_report_tied_legs() */
    GHashTable *findings;    /* wr_report_findings() */
    unsigned sessions, associations, descriptions;
} writer;

static bool wanted(const writer *w, unsigned session)
{
    return w->only == NULL || g_hash_table_contains(w->only, GUINT_TO_POINTER(session));
}

static void put_flag(json_object *o, const char *key, bool value)
{
    json_object_object_add(o, key, json_object_new_boolean(value));
}

static void put_id(json_object *o, const char *key, char letter, unsigned number)
{
    char id[16];

    if (number == 0)
        return;
    g_snprintf(id, sizeof id, "%c%u", letter, number);
    wr_value_put_text(o, key, id);
}

/* What no packet showed has no frame. */
static void put_frame(json_object *o, const char *key, uint32_t frame)
{
    if (frame != 0 && !wr_frame_is_stated(frame))
        wr_value_put_integer(o, key, frame);
}

static void put_witness(const writer *w, json_object *o, uint32_t frame)
{
    const struct wr_stated *s = wr_stated_at(w->e, frame);

    if (s == NULL)
        return;
    wr_value_put_text(o, "witness", s->testimony->name);
    wr_value_put_integer(o, "statement", s->number);
}

static void put_endpoint(json_object *o, const char *key, const wr_endpoint *e)
{
    char text[WR_ENDPOINT_TEXT];

    if (wr_endpoint_known(e))
        wr_value_put_text(o, key, wr_endpoint_format(e, text));
}

static void put_line(const writer *w, json_object *o)
{
    char *text = wr_value_write(o, false);
    char *line = g_strconcat(text, "\n", NULL);

    w->sink(line, w->data);
    g_free(line);
    g_free(text);
    json_object_put(o);
}

static json_object *record(const char *kind)
{
    json_object *o = json_object_new_object();

    wr_value_put_text(o, "record", kind);
    return o;
}

/* ---- descriptions ---- */

static json_object *fingerprints(const wr_effective *a)
{
    json_object *list = json_object_new_array();

    for (unsigned i = 0; i < a->n_fingerprints; i++) {
        char text[WR_DIGEST_TEXT];
        json_object *f = json_object_new_object();
        wr_value_put_text(f, "hash", wr_hash_name(a->fingerprints[i].hash));
        wr_value_put_text(f, "value", wr_digest_format(a->fingerprints[i].value, a->fingerprints[i].length, text));
        json_object_array_add(list, f);
    }
    return list;
}

/* SHA-256 of one or two byte strings, as a key to join records of several captures by. */
static void put_hash(json_object *o, const char *key, const void *first, size_t n_first, const void *second,
                     size_t n_second)
{
    GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA256);

    g_checksum_update(sum, first, (gssize)n_first);
    g_checksum_update(sum, second, (gssize)n_second);
    wr_value_put_text(o, key, g_checksum_get_string(sum));
    g_checksum_free(sum);
}

/* The password itself stays in the capture: with it, checks could be forged. */
static void put_credential(json_object *o, const char *ufrag, const char *password)
{
    char *both;

    if (ufrag == NULL || password == NULL)
        return;
    both = g_strconcat(ufrag, ":", password, NULL);
    put_hash(o, "ice_credential", both, strlen(both), "", 0);
    g_free(both);
}

static void put_hex(json_object *o, const char *key, const uint8_t bytes[WR_SHA256])
{
    char text[2 * WR_SHA256 + 1];

    wr_hex_format(bytes, WR_SHA256, text);
    wr_value_put_text(o, key, text);
}

/* Setup, credentials and fingerprints that hold for something. */
static void put_transport(json_object *o, const wr_effective *a)
{
    if (a->setup != WR_SETUP_NONE)
        wr_value_put_text(o, "setup", wr_setup_name(a->setup));
    wr_value_put_text(o, "ice_ufrag", a->ice_ufrag);
    put_credential(o, a->ice_ufrag, a->ice_pwd);
    json_object_object_add(o, "fingerprints", fingerprints(a));
}

static json_object *sections(const wr_sdp *sdp)
{
    json_object *list = json_object_new_array();

    for (unsigned i = 0; i < sdp->n_sections; i++) {
        const wr_sdp_section *s = &sdp->sections[i];
        wr_effective a = wr_sdp_effective(sdp, s);
        json_object *o = json_object_new_object();
        wr_value_put_text(o, "mid", s->mid);
        wr_value_put_text(o, "media", s->media);
        wr_value_put_text(o, "proto", s->proto);
        wr_value_put_integer(o, "port", s->port);
        put_transport(o, &a);
        json_object_array_add(list, o);
    }
    return list;
}

static void description(const writer *w, const wr_copy *c)
{
    json_object *o = record("description");

    put_id(o, "id", 'd', c->number);
    put_frame(o, "frame", c->frame);
    if (c->time_us != 0)
        wr_report_put_time(o, "time", c->time_us);
    wr_value_put_text(o, "kind", wr_copy_kind_name(c));
    wr_value_put_text(o, "dialect", c->dialect);
    wr_value_put_text(o, "carrier", wr_carrier_name(c->carrier));
    wr_value_put_text(o, "path", c->path);
    put_flag(o, "protected", c->protected_transport);
    put_id(o, "leg", 'l', wr_leg_root(c->leg)->number);
    wr_value_put_text(o, "direction", wr_direction_name(c->direction));
    put_endpoint(o, "src", &c->src);
    put_endpoint(o, "dst", &c->dst);
    wr_value_put_text(o, "call", c->call);
    wr_value_put_text(o, "from", c->from);
    wr_value_put_text(o, "to", c->to);
    wr_value_put_text(o, "origin", c->sdp->origin);
    put_hex(o, "canonical", c->sdp->canonical);
    if (wr_sdp_body_tells(c->sdp)) /* else it is that of many calls */
        put_hex(o, "body", c->sdp->body);
    json_object_object_add(o, "sections", sections(c->sdp));
    if (c->sdp->n_sections == 0) { /* members that are no SDP, and other fragments without a section */
        wr_effective a = wr_sdp_effective(c->sdp, NULL);
        put_transport(o, &a);
    }
    put_id(o, "session", 's', wr_copy_session_number(w->e, c));
    if (c->n_repeats > 0)
        wr_value_put_integer(o, "repeats", c->n_repeats);
    if (wr_copy_is_stated(c)) {
        wr_value_put_text(o, "standing", "stated");
        put_witness(w, o, c->frame);
        wr_value_put_text(o, "party", c->leg->witness->whose);
    } else {
        wr_report_put_told(w->e, o, w->tied, c);
    }
    put_line(w, o);
}

/* ---- associations ---- */

static json_object *presented(const wr_presented *p, const wr_statement *heard)
{
    json_object *o = json_object_new_object();
    char text[WR_DIGEST_TEXT];

    wr_value_put_text(o, "verdict", wr_cert_verdict_name(p->verdict));
    if (p->certificate != NULL) {
        wr_certificate_describe(p->certificate);
        wr_value_put_text(o, "sha256", wr_digest_format(p->certificate->sha256, 32, text));
        wr_value_put_text(o, "subject", p->certificate->facts->subject);
        wr_value_put_text(o, "key", p->certificate->facts->key);
        wr_value_put_integer(o, "frame", p->frame);
    }
    if (p->other != NULL) {
        wr_value_put_text(o, "other_sha256", wr_digest_format(p->other->sha256, 32, text));
        wr_value_put_integer(o, "other_frame", p->frame_other);
    }
    if (p->stated != NULL) { /* not "sha256": what that key gives was seen */
        wr_value_put_text(o, "stated_sha256", wr_digest_format(p->stated->sha256, 32, text));
        wr_value_put_text(o, "source", "statement of an endpoint");
        if (heard != NULL)
            wr_value_put_text(o, "witness", heard->source->name);
    }
    if (p->description != NULL)
        put_id(o, "description", 'd', p->description->number);
    if (p->receiver_dependent)
        put_flag(o, "receiver_dependent", true);
    return o;
}

static void put_suite(json_object *o, const char *key, const char *name, unsigned number)
{
    char text[16];

    g_snprintf(text, sizeof text, "0x%04X", number);
    wr_value_put_text(o, key, name != NULL ? name : text);
}

static void certificate_frames(json_object *o, const wr_association *a)
{
    json_object *list = json_object_new_array();

    for (int side = 1; side >= 0; side--) /* the server's comes first */
        if (a->side[side].presented.frame != 0)
            json_object_array_add(list, json_object_new_int64(a->side[side].presented.frame));
    json_object_object_add(o, "certificate_frames", list);
}

/* What the connectivity checks of its path, the last ones before or during it, call the two ends. */
static void put_user_names(json_object *o, const wr_association *a)
{
    const wr_check *last = NULL;

    for (unsigned i = 0; a->client_end >= 0 && i < a->flow->checks.len; i++) {
        const wr_check *k = wr_list_at(&a->flow->checks, i);
        if (k->first_us <= a->last_us && (last == NULL || k->first_us >= last->first_us))
            last = k;
    }
    if (last == NULL)
        return;
    wr_value_put_text(o, "client_ufrag", last->from == a->client_end ? last->local_ufrag : last->remote_ufrag);
    wr_value_put_text(o, "server_ufrag", last->from == a->client_end ? last->remote_ufrag : last->local_ufrag);
}

/* What the association's keys prove of media: only where they are known. */
static void put_media_proof(json_object *o, const wr_media_proof *p)
{
    json_object *media;

    if (p == NULL)
        return;
    media = json_object_new_object();
    if (p->profile != NULL)
        wr_value_put_text(media, "profile", wr_srtp_profile_name(p->profile->number));
    wr_value_put_integer(media, "rtp_verified", p->rtp_verified);
    wr_value_put_integer(media, "rtp_failed", p->rtp_failed.n);
    wr_value_put_integer(media, "rtcp_verified", p->rtcp_verified);
    wr_value_put_integer(media, "rtcp_failed", p->rtcp_failed.n);
    if (p->replayed.n > 0)
        wr_value_put_integer(media, "replayed", p->replayed.n);
    if (p->undecided + p->misses > 0 && (p->profile == NULL || p->undecided > 0))
        wr_value_put_integer(media, "undecided", p->profile == NULL ? p->misses : p->undecided);
    json_object_object_add(o, "srtp", media);
}

/* What was shared over data channels, where a key log opened them. */
static void put_channels(json_object *o, const wr_association *a)
{
    static const char *const role[] = {"client", "server"};
    const wr_data_channels *c = a->facts != NULL ? a->facts->channels : NULL;
    json_object *list;

    if (c == NULL)
        return;
    list = json_object_new_array();
    for (unsigned i = 0; i < c->n; i++) {
        const wr_data_channel *x = &c->list[i];
        json_object *channel = json_object_new_object();
        wr_value_put_integer(channel, "stream", x->stream);
        if (x->opened_by >= 0)
            wr_value_put_text(channel, "opened_by", role[x->opened_by]);
        wr_value_put_text(channel, "label", x->label);
        if (x->protocol != NULL && *x->protocol != '\0')
            wr_value_put_text(channel, "protocol", x->protocol);
        for (int side = 0; side < 2; side++) {
            char key[32];
            g_snprintf(key, sizeof key, "%s_messages", role[side]);
            wr_value_put_integer(channel, key, x->messages[side]);
            g_snprintf(key, sizeof key, "%s_bytes", role[side]);
            wr_value_put_integer(channel, key, (int64_t)x->bytes[side]);
        }
        wr_value_put_integer(channel, "first_frame", x->first_frame);
        wr_value_put_integer(channel, "last_frame", x->last_frame);
        json_object_array_add(list, channel);
    }
    json_object_object_add(o, "data_channels", list);
}

static void association(const writer *w, const wr_association *a)
{
    json_object *o = record("association"), *certs = json_object_new_object();

    put_id(o, "id", 'a', a->number);
    wr_value_put_integer(o, "first_frame", a->first_frame);
    wr_report_put_time(o, "start", a->first_us);
    if (a->client_hello != 0)
        wr_value_put_integer(o, "client_hello", a->client_hello);
    if (a->server_hello != 0)
        wr_value_put_integer(o, "server_hello", a->server_hello);
    certificate_frames(o, a);
    if (a->client_end >= 0) { /* otherwise it is not known who is who */
        put_endpoint(o, "client", &a->side[0].end);
        put_endpoint(o, "server", &a->side[1].end);
    }
    if (a->version != 0)
        wr_value_put_text(o, "version", wr_dtls_version_name(a->version));
    if (a->has_suite)
        put_suite(o, "cipher", wr_tls_suite_name(a->suite), a->suite);
    if (a->has_profile)
        put_suite(o, "srtp_profile", wr_srtp_profile_name(a->srtp_profile), a->srtp_profile);
    put_flag(o, "relayed", a->relayed);
    if (a->has_client_random && a->has_server_random)
        put_hash(o, "randoms", a->client_random, sizeof a->client_random, a->server_random, sizeof a->server_random);
    put_user_names(o, a);
    wr_value_put_text(o, "binding", wr_binding_name(a->binding));
    json_object_object_add(certs, "client", presented(&a->side[0].presented, a->heard));
    json_object_object_add(certs, "server", presented(&a->side[1].presented, a->heard));
    json_object_object_add(o, "certificates", certs);
    wr_value_put_text(o, "verdict", wr_association_verdict_name(a->verdict));
    wr_value_put_text(o, "severity", wr_severity_name(a->severity));
    if (a->enforcement_frame != 0)
        wr_value_put_integer(o, "enforcement_frame", a->enforcement_frame);
    if (a->decrypted)
        put_flag(o, "decrypted", true);
    wr_report_put_standing(o, a);
    put_media_proof(o, a->srtp);
    put_channels(o, a);
    put_id(o, "session", 's', wr_association_session_number(w->e, a));
    put_line(w, o);
}

/* ---- sessions, findings, summary ---- */

static json_object *ids(const GPtrArray *records, char letter)
{
    json_object *list = json_object_new_array();

    for (unsigned i = 0; i < records->len; i++) {
        char id[16];
        unsigned number = letter == 'd' ? ((wr_copy *)g_ptr_array_index(records, i))->number
                                        : ((wr_association *)g_ptr_array_index(records, i))->number;
        g_snprintf(id, sizeof id, "%c%u", letter, number);
        json_object_array_add(list, wr_value_new_text(id));
    }
    return list;
}

static json_object *parties(const wr_session *s)
{
    json_object *list = json_object_new_array();

    for (unsigned i = 0; i < s->n_parties; i++) {
        json_object *p = json_object_new_object();
        wr_value_put_text(p, "name", s->parties[i].name);
        put_endpoint(p, "address", &s->parties[i].address);
        json_object_array_add(list, p);
    }
    return list;
}

/* Media under keys that stand in the descriptions, over all paths of the call. */
static void put_sdes(const writer *w, json_object *o, const wr_session *s)
{
    uint64_t rtp = 0, rtcp = 0, rtp_failed = 0, rtcp_failed = 0;
    const wr_srtp_profile *profile = NULL;
    json_object *media;

    for (unsigned i = 0; i < 2 * s->flows->len; i++) {
        const wr_sdes_proof *p = wr_flow_sdes_proof(w->e, g_ptr_array_index(s->flows, i / 2), (int)(i % 2));
        if (p == NULL || p->profile == NULL)
            continue;
        profile = p->profile;
        rtp += p->rtp_verified;
        rtcp += p->rtcp_verified;
        rtp_failed += p->rtp_failed.n;
        rtcp_failed += p->rtcp_failed.n;
    }
    if (profile == NULL)
        return;
    media = json_object_new_object();
    wr_value_put_text(media, "profile", profile->suite);
    wr_value_put_integer(media, "rtp_verified", (int64_t)rtp);
    wr_value_put_integer(media, "rtp_failed", (int64_t)rtp_failed);
    wr_value_put_integer(media, "rtcp_verified", (int64_t)rtcp);
    wr_value_put_integer(media, "rtcp_failed", (int64_t)rtcp_failed);
    json_object_object_add(o, "sdes", media);
}

static void session(const writer *w, const wr_session *s)
{
    json_object *o = record("session"), *unknown = json_object_new_array();

    put_id(o, "id", 's', s->number);
    wr_value_put_text(o, "verdict", wr_session_verdict_name(s->verdict));
    wr_value_put_text(o, "severity", wr_severity_name(s->severity));
    wr_value_put_text(o, "reason", s->reason);
    wr_report_put_hidden(w->e, o, s);
    if (s->not_enforced)
        put_flag(o, "enforced", false);
    wr_value_put_text(o, "call", s->call);
    json_object_object_add(o, "descriptions", ids(s->copies, 'd'));
    json_object_object_add(o, "associations", ids(s->associations, 'a'));
    put_frame(o, "first_frame", s->first_frame);
    put_frame(o, "last_frame", s->last_frame);
    if (s->first_frame != 0) {
        wr_report_put_time(o, "start", s->start_us);
        wr_report_put_time(o, "end", s->end_us);
    }
    json_object_object_add(o, "parties", parties(s));
    wr_value_put_text(o, "statement", s->sentence);
    wr_report_put_words(o, s, g_hash_table_lookup(w->findings, GUINT_TO_POINTER(s->number)));
    for (unsigned i = 0; i < s->unknown->len; i++)
        json_object_array_add(unknown, wr_value_new_text(g_ptr_array_index(s->unknown, i)));
    json_object_object_add(o, "unknown", unknown);
    put_sdes(w, o, s);
    wr_report_put_shared(o, s);
    put_line(w, o);
}

static void finding(const writer *w, const wr_finding *f)
{
    json_object *o = record("finding");

    wr_value_put_text(o, "check", f->check);
    wr_value_put_text(o, "severity", wr_severity_name(f->severity));
    put_frame(o, "frame", f->frame);
    put_witness(w, o, f->frame);
    put_id(o, "session", 's', f->session);
    wr_value_put_text(o, "message", f->message);
    wr_value_put_text(o, "asvs", f->asvs);
    wr_value_put_text(o, "basis", f->basis);
    put_frame(o, "other_frame", f->other_frame);
    if (wr_frame_is_stated(f->other_frame) && wr_stated_at(w->e, f->other_frame) != NULL)
        wr_value_put_text(o, "other_witness", wr_stated_at(w->e, f->other_frame)->testimony->name);
    put_line(w, o);
}

static void summary(const writer *w)
{
    const GPtrArray *sessions = wr_engine_sessions(w->e), *findings = wr_engine_findings(w->e),
                    *limits = wr_engine_limits_reached(w->e);
    unsigned by_severity[WR_ERROR + 1] = {0};
    json_object *o = record("summary"), *counts = json_object_new_object(), *verdicts = json_object_new_object(),
                *reached = json_object_new_array();

    wr_value_put_integer(o, "sessions", w->sessions);
    wr_value_put_integer(o, "associations", w->associations);
    wr_value_put_integer(o, "descriptions", w->descriptions);
    for (unsigned i = 0; i < findings->len; i++) {
        const wr_finding *f = g_ptr_array_index(findings, i);
        if (wanted(w, f->session))
            by_severity[f->severity]++;
    }
    for (int i = WR_ERROR; i >= WR_CHAT; i--)
        wr_value_put_integer(counts, wr_severity_name((wr_severity)i), by_severity[i]);
    json_object_object_add(o, "findings", counts);
    for (unsigned i = 0; i < sessions->len; i++) {
        const wr_session *s = g_ptr_array_index(sessions, i);
        const char *name = wr_session_verdict_name(s->verdict);
        if (!wanted(w, s->number))
            continue;
        wr_value_put_integer(verdicts, name, wr_value_integer(wr_value_member(verdicts, name)) + 1);
    }
    json_object_object_add(o, "verdicts", verdicts);
    wr_value_put_integer(o, "packets", wr_engine_packets(w->e));
    for (unsigned i = 0; i < limits->len; i++)
        json_object_array_add(reached, wr_value_new_text(g_ptr_array_index(limits, i)));
    json_object_object_add(o, "limits_reached", reached);
    put_line(w, o);
}

static void descriptions(writer *w)
{
    const GPtrArray *a = wr_engine_copies(w->e);

    for (unsigned i = 0; i < a->len; i++) {
        const wr_copy *c = g_ptr_array_index(a, i);
        const unsigned call = wr_copy_session_number(w->e, c);
        if (!wanted(w, call) || (wr_copy_is_stated(c) && wr_engine_session(w->e, call) == NULL))
            continue; /* what fits no packet is counted, not told */
        description(w, c);
        w->descriptions++;
    }
}

static void associations(writer *w)
{
    const GPtrArray *a = wr_engine_associations(w->e);

    for (unsigned i = 0; i < a->len; i++) {
        const wr_association *x = g_ptr_array_index(a, i);
        unsigned number = wr_association_session_number(w->e, x);
        if (x->absorbed != NULL || number == 0 || !wanted(w, number))
            continue; /* number 0: DTLS that is not WebRTC */
        association(w, x);
        w->associations++;
    }
}

/* What the report was made from beside packets, where nobody says what else. */
static void statements(const writer *w)
{
    json_object *o, *inputs;

    if (w->e->witnesses->len == 0)
        return;
    o = record("origin");
    inputs = json_object_new_array();
    wr_report_statement_inputs(w->e, inputs);
    json_object_object_add(o, "inputs", inputs);
    put_line(w, o);
}

static void what_was_found(writer *w)
{
    const GPtrArray *a;

    w->tied = wr_report_tied_legs(w->e);
    descriptions(w);
    g_clear_pointer(&w->tied, g_hash_table_unref);
    associations(w);
    a = wr_engine_sessions(w->e);
    w->findings = wr_report_findings(w->e);
    for (unsigned i = 0; i < a->len; i++) {
        const wr_session *s = g_ptr_array_index(a, i);
        if (!wanted(w, s->number))
            continue;
        session(w, s);
        w->sessions++;
    }
    g_clear_pointer(&w->findings, g_hash_table_destroy);
    a = wr_engine_findings(w->e);
    for (unsigned i = 0; i < a->len; i++)
        if (wanted(w, ((wr_finding *)g_ptr_array_index(a, i))->session))
            finding(w, g_ptr_array_index(a, i));
    summary(w);
}

void wr_report_json(wr_engine *e, GHashTable *only, wr_report_sink sink, void *data)
{
    writer w = {.e = e, .sink = sink, .data = data, .only = only};

    wr_engine_evaluate(e);
    statements(&w);
    what_was_found(&w);
}

void wr_report_json_of(wr_engine *e, GHashTable *only, const wr_report_origin *o, wr_report_sink sink, void *data)
{
    writer w = {.e = e, .sink = sink, .data = data, .only = only};

    wr_engine_evaluate(e);
    put_line(&w, wr_report_origin_record(e, o));
    what_was_found(&w);
}
