/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Turns the records of a call into the steps of a ladder. */
#include "report/ladder.h"

#include "base/index.h"
#include "base/text.h"
#include "sdp/compare.h"
#include "verdict/plain_words.h"

#include <stdarg.h>
#include <string.h>

/* Name shown of a wire text: a call name may be as long as its message. */
#define MAX_NAME 60

wr_tone wr_tone_of_severity(wr_severity s)
{
    return s == WR_ERROR ? WR_TONE_BAD : s == WR_WARN || s == WR_NOTE ? WR_TONE_DOUBT : WR_TONE_PLAIN;
}

wr_tone wr_tone_of_certificate(wr_cert_verdict v)
{
    switch (v) {
    case WR_CERT_MATCH:
        return WR_TONE_GOOD;
    case WR_CERT_MISMATCH:
        return WR_TONE_BAD;
    case WR_CERT_UNSEEN:
        return WR_TONE_PLAIN;
    default:
        return WR_TONE_DOUBT;
    }
}

wr_tone wr_tone_of_session(const wr_session *s)
{
    if (s->verdict == WR_S_VERIFIED_LEG || s->verdict == WR_S_VERIFIED_CROSS)
        return s->severity >= WR_WARN ? WR_TONE_DOUBT : WR_TONE_GOOD;
    return s->severity == WR_ERROR ? WR_TONE_BAD : WR_TONE_DOUBT;
}

const char *wr_tone_name(wr_tone tone)
{
    static const char *const names[] = {"plain", "good", "doubt", "bad"};

    return names[tone];
}

wr_ladder *wr_ladder_new(void)
{
    wr_ladder *l = g_new0(wr_ladder, 1);

    l->steps = g_ptr_array_new();
    return l;
}

static void step_free(wr_step *s)
{
    g_free(s->label);
    g_free(s->comment);
    g_free(s);
}

void wr_ladder_free(wr_ladder *l)
{
    if (l == NULL)
        return;
    for (unsigned i = 0; i < l->steps->len; i++)
        step_free(g_ptr_array_index(l->steps, i));
    g_ptr_array_free(l->steps, TRUE);
    g_free(l);
}

static wr_step *add(wr_ladder *l, wr_step_kind kind, uint32_t frame, int64_t time_us, const wr_endpoint *src,
                    const wr_endpoint *dst, const char *format, ...) G_GNUC_PRINTF(7, 8);
static wr_step *add(wr_ladder *l, wr_step_kind kind, uint32_t frame, int64_t time_us, const wr_endpoint *src,
                    const wr_endpoint *dst, const char *format, ...)
{
    wr_step *s = g_new0(wr_step, 1);
    va_list args;

    s->kind = kind;
    s->frame = frame;
    s->time_us = time_us;
    s->src = *src;
    s->dst = *dst;
    va_start(args, format);
    s->label = g_strdup_vprintf(format, args);
    va_end(args);
    s->comment = g_strdup("");
    g_ptr_array_add(l->steps, s);
    return s;
}

static void comment(wr_step *s, const char *format, ...) G_GNUC_PRINTF(2, 3);
static void comment(wr_step *s, const char *format, ...)
{
    va_list args;

    g_free(s->comment);
    va_start(args, format);
    s->comment = g_strdup_vprintf(format, args);
    va_end(args);
}

/* ---- signalling ---- */

static bool listed(const wr_fingerprint *const *list, unsigned n, const wr_fingerprint *f)
{
    for (unsigned i = 0; i < n; i++)
        if (wr_fingerprint_equal(list[i], f))
            return true;
    return false;
}

/* The beginnings of the distinct fingerprints of a description. */
static void say_fingerprints(GString *out, const wr_sdp *sdp)
{
    const wr_fingerprint *seen[3];
    unsigned n = 0;

    for (unsigned i = 0; i <= sdp->n_sections; i++) {
        const wr_transport *t = i == 0 ? &sdp->session : &sdp->sections[i - 1].own;
        for (unsigned j = 0; j < t->n_fingerprints; j++) {
            char text[WR_DIGEST_TEXT];
            if (!t->fingerprints[j].usable || listed(seen, n, &t->fingerprints[j]))
                continue;
            if (n == G_N_ELEMENTS(seen)) {
                g_string_append(out, ", …");
                return;
            }
            seen[n++] = &t->fingerprints[j];
            wr_digest_format(t->fingerprints[j].value, t->fingerprints[j].length, text);
            g_string_append_printf(out, "%s%.11s…", n == 1 ? " " : ", ", text);
        }
    }
}

void wr_ladder_add_copy(wr_ladder *l, const wr_copy *c)
{
    GString *label, *why;
    wr_step *s;

    if (wr_copy_is_stated(c)) /* went from no host to no host */
        return;
    label = g_string_new(wr_copy_kind_name(c));
    why = g_string_new(NULL);
    say_fingerprints(label, c->sdp);
    s = add(l, WR_STEP_SIGNALLING, c->frame, c->time_us, &c->src, &c->dst, "%s", label->str);
    g_string_append_printf(why, "d%u: %s in %s %s", c->number, wr_copy_kind_name(c),
                           c->protected_transport ? "protected" : "clear-text", wr_carrier_name(c->carrier));
    if (c->dialect != NULL)
        g_string_append_printf(why, " (%s)", c->dialect);
    if (c->from != NULL || c->to != NULL) {
        char *from = wr_text_clean(c->from != NULL ? c->from : "?", MAX_NAME),
             *to = wr_text_clean(c->to != NULL ? c->to : "?", MAX_NAME);
        g_string_append_printf(why, ", from %s to %s", from, to);
        g_free(from);
        g_free(to);
    }
    comment(s, "%s", why->str);
    g_string_free(label, TRUE);
    g_string_free(why, TRUE);
}

/* ---- paths ---- */

static void add_check(wr_ladder *l, const wr_flow *f, const wr_check *k)
{
    char *remote = wr_text_clean(k->remote_ufrag != NULL ? k->remote_ufrag : "?", MAX_NAME),
         *local = wr_text_clean(k->local_ufrag != NULL ? k->local_ufrag : "?", MAX_NAME);
    wr_step *s = add(l, WR_STEP_CHECK, k->first_frame, k->first_us, &f->end[k->from], &f->end[1 - k->from],
                     "ICE check%s", k->request_valid ? ", password right" : "");

    comment(s, "user name %s:%s%s%s", remote, local,
            k->request_valid && k->response_valid ? ", verified in both directions"
            : k->request_valid                    ? ", request verified"
                                                  : "",
            k->use_candidate ? ", nominated" : "");
    s->tone = k->request_valid ? WR_TONE_GOOD : WR_TONE_PLAIN;
    g_free(remote);
    g_free(local);
}

void wr_ladder_add_flow(wr_ladder *l, const wr_flow *f)
{
    for (unsigned i = 0; i < f->checks.len; i++)
        add_check(l, f, wr_list_at(&f->checks, i));
    for (int i = 0; i < 2; i++) {
        const wr_traffic *t = &f->media[i];
        if (t->packets > 0) {
            comment(add(l, WR_STEP_MEDIA, t->first_frame, t->first_us, &f->end[i], &f->end[1 - i], "media begins"),
                    "packets that are neither STUN nor DTLS, %u so far, to frame %u", t->packets, t->last_frame);
        }
    }
}

/* ---- handshakes ---- */

uint32_t wr_ladder_decided(const wr_association *a)
{
    uint32_t frame = MAX(a->side[0].ccs_frame, a->side[1].ccs_frame);

    if (a->enforcement_frame > frame)
        return a->enforcement_frame;
    if (a->side[0].ccs_frame != 0 && a->side[1].ccs_frame != 0)
        return frame;
    return a->n_frames > 0 ? a->frames[a->n_frames - 1] : a->first_frame;
}

static wr_tone tone_of(const wr_association *a)
{
    if (a->verdict == WR_A_VERIFIED)
        return WR_TONE_GOOD;
    return wr_tone_of_severity(a->severity) == WR_TONE_BAD ? WR_TONE_BAD : WR_TONE_DOUBT;
}

static void add_certificate(wr_ladder *l, const wr_association *a, int side)
{
    static const char *const role[] = {"client", "server"};
    const wr_presented *p = &a->side[side].presented;
    char text[WR_DIGEST_TEXT];
    wr_step *s;

    if (p->frame == 0 || p->certificate == NULL)
        return;
    wr_digest_format(p->certificate->sha256, 32, text);
    s = add(l, WR_STEP_HANDSHAKE, p->frame, 0, &a->side[side].end, &a->side[1 - side].end, "certificate %.11s…", text);
    s->tone = wr_tone_of_certificate(p->verdict);
    if (p->description != NULL && !wr_copy_is_stated(p->description)) {
        comment(s, "a%u: %s of the %s, compared with the description in frame %u", a->number,
                wr_cert_verdict_name(p->verdict), role[side], p->description->frame);
    } else if (p->description != NULL) {
        comment(s, "a%u: %s of the %s, compared with a description stated in a file", a->number,
                wr_cert_verdict_name(p->verdict), role[side]);
    } else {
        comment(s, "a%u: %s of the %s", a->number, wr_cert_verdict_name(p->verdict), role[side]);
    }
}

void wr_ladder_add_association(wr_ladder *l, const wr_association *a)
{
    const wr_endpoint *client = &a->side[0].end, *server = &a->side[1].end;
    wr_step *s;

    if (a->absorbed != NULL)
        return;
    if (a->client_hello != 0) {
        comment(add(l, WR_STEP_HANDSHAKE, a->client_hello, a->client_hello == a->first_frame ? a->first_us : 0, client,
                    server, "ClientHello"),
                "a%u: the DTLS handshake begins", a->number);
    }
    if (a->server_hello != 0) {
        comment(add(l, WR_STEP_HANDSHAKE, a->server_hello, a->server_hello_us, server, client, "ServerHello"),
                "a%u: %s", a->number, a->version != 0 ? wr_dtls_version_name(a->version) : "version unknown");
    }
    add_certificate(l, a, 1);
    add_certificate(l, a, 0);
    for (int i = 0; i < 2; i++) {
        const wr_side *from = &a->side[i];
        if (from->alert_frame != 0) {
            s = add(l, WR_STEP_HANDSHAKE, from->alert_frame, from->alert_us, &from->end, &a->side[1 - i].end,
                    "fatal alert %u", from->alert);
            s->tone = WR_TONE_DOUBT;
            comment(s, "a%u: the handshake is refused", a->number);
        }
    }
    if (a->verdict != WR_A_PENDING) {
        s = add(l, WR_STEP_VERDICT, wr_ladder_decided(a), 0, client, server, "%s",
                wr_association_verdict_name(a->verdict));
        s->tone = tone_of(a);
        comment(s, "verdict on a%u%s%s", a->number, wr_binding_name(a->binding) != NULL ? ", binding " : "",
                wr_binding_name(a->binding) != NULL ? wr_binding_name(a->binding) : "");
    }
}

/* ---- a whole call ---- */

static gint by_frame(gconstpointer p, gconstpointer q)
{
    const wr_step *a = *(wr_step *const *)p, *b = *(wr_step *const *)q;

    if (a->frame != b->frame)
        return a->frame < b->frame ? -1 : 1;
    return (int)a->kind - (int)b->kind;
}

/* The same user names between the same hosts, on other candidates: seen once is enough for a picture, unless verified.
 */
static bool is_repeated_check(GHashTable *seen, const wr_step *s)
{
    char from[WR_ENDPOINT_TEXT], to[WR_ENDPOINT_TEXT];
    char *key;

    if (s->kind != WR_STEP_CHECK)
        return false;
    key = g_strdup_printf("%s %s %s %s", wr_endpoint_format_host(&s->src, from), wr_endpoint_format_host(&s->dst, to),
                          s->label, s->comment);
    return !g_hash_table_add(seen, key);
}

static void thin_out(wr_ladder *l)
{
    GHashTable *seen = g_hash_table_new_full(wr_text_hash, g_str_equal, g_free, NULL);
    unsigned kept = 0;

    for (unsigned i = 0; i < l->steps->len; i++) {
        wr_step *s = g_ptr_array_index(l->steps, i);
        if (is_repeated_check(seen, s)) {
            step_free(s);
        } else if (kept == WR_MAX_STEPS) {
            step_free(s);
            l->left_out++;
        } else {
            l->steps->pdata[kept++] = s;
        }
    }
    g_ptr_array_set_size(l->steps, (int)kept);
    g_hash_table_destroy(seen);
}

/* Descriptions that came out of a hop with other fingerprints than they went in. */
static void mark_changed(wr_ladder *l, const wr_session *s)
{
    GHashTable *before = g_hash_table_new(g_direct_hash, g_direct_equal);

    for (unsigned i = 0; i < s->pairings->len; i++) {
        const wr_pairing *p = g_ptr_array_index(s->pairings, i);
        if (p->fingerprints == WR_FPS_DIFFERENT && p->sameness != WR_SAME_S3)
            g_hash_table_insert(before, GUINT_TO_POINTER(p->second->frame), p->first);
    }
    for (unsigned i = 0; i < l->steps->len && g_hash_table_size(before) > 0; i++) {
        wr_step *step = g_ptr_array_index(l->steps, i);
        const wr_copy *first =
            step->kind == WR_STEP_SIGNALLING ? g_hash_table_lookup(before, GUINT_TO_POINTER(step->frame)) : NULL;
        if (first != NULL) {
            char *said = step->comment;
            step->tone = wr_tone_of_session(s) == WR_TONE_BAD ? WR_TONE_BAD : WR_TONE_DOUBT;
            step->comment = wr_copy_is_stated(first)
                                ? g_strdup_printf("%s; a file states another fingerprint of it", said)
                                : g_strdup_printf("%s; in frame %u it had another fingerprint", said, first->frame);
            g_free(said);
        }
    }
    g_hash_table_destroy(before);
}

/* The verdict on a handshake that was made with it says so. */
static void mark_verdict(wr_ladder *l, const wr_association *a)
{
    for (unsigned i = 0; i < l->steps->len; i++) {
        wr_step *step = g_ptr_array_index(l->steps, i);
        if (step->kind != WR_STEP_VERDICT || step->tone != WR_TONE_GOOD || step->frame != wr_ladder_decided(a) ||
            !wr_endpoint_equal(&step->src, &a->side[0].end))
            continue;
        g_free(step->label);
        step->label = g_strdup("made with a substitute");
        step->tone = WR_TONE_BAD;
    }
}

/* A certificate that agrees with what was delivered and not with what was sent is no good sign. */
static void mark_substitutes(wr_ladder *l, const wr_session *s)
{
    for (unsigned i = 0; i < s->associations->len && i < WR_MAX_STEPS; i++) {
        const wr_association *a = g_ptr_array_index(s->associations, i);
        for (int side = 0; side < 2; side++) {
            const wr_presented *p = &a->side[side].presented;
            if (!wr_presented_is_substitute(s, p))
                continue;
            mark_verdict(l, a);
            for (unsigned k = 0; k < l->steps->len; k++) {
                wr_step *step = g_ptr_array_index(l->steps, k);
                if (step->kind == WR_STEP_HANDSHAKE && step->tone == WR_TONE_GOOD && step->frame == p->frame) {
                    char *said = step->comment;
                    step->tone = WR_TONE_BAD;
                    step->comment = g_strdup_printf("%s; it matches the substitute", said);
                    g_free(said);
                }
            }
        }
    }
}

/* A handshake that agrees with what was delivered is no good sign where that was not what was sent. */
static void add_verdict(wr_ladder *l, const wr_session *s)
{
    for (unsigned i = 0; i < l->steps->len; i++) {
        wr_step *step = g_ptr_array_index(l->steps, i);
        if (step->kind == WR_STEP_VERDICT) {
            char *said = step->comment;
            step->comment =
                g_strdup_printf("%s; on call s%u: %s", said, s->number, wr_session_verdict_name(s->verdict));
            g_free(said);
            if (step->tone == WR_TONE_GOOD && wr_tone_of_session(s) != WR_TONE_GOOD)
                step->tone = WR_TONE_PLAIN;
        }
    }
}

void wr_ladder_judge(wr_ladder *l, const wr_session *s)
{
    mark_changed(l, s);
    mark_substitutes(l, s);
    add_verdict(l, s);
}

wr_ladder *wr_ladder_of_session(const wr_session *s)
{
    wr_ladder *l = wr_ladder_new();
    /* Many more records than steps are not even looked at: their steps could not be shown. */
    const unsigned most = 4 * WR_MAX_STEPS;

    for (unsigned i = 0; i < s->copies->len && i < most; i++)
        wr_ladder_add_copy(l, g_ptr_array_index(s->copies, i));
    for (unsigned i = 0; i < s->flows->len && i < most; i++)
        wr_ladder_add_flow(l, g_ptr_array_index(s->flows, i));
    for (unsigned i = 0; i < s->associations->len && i < most; i++)
        wr_ladder_add_association(l, g_ptr_array_index(s->associations, i));
    g_ptr_array_sort(l->steps, by_frame);
    thin_out(l);
    wr_ladder_judge(l, s);
    return l;
}
