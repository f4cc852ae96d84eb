/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "verdict/handshake_failure.h"

#include "records/handshake_facts.h"
#include "records/store.h"

#include <string.h>

#define HELLOS_ENOUGH 3         /* as often the same ClientHello, and nobody answered */
#define SPAN_US       WR_SECOND /* between the first and the last */
#define NAMES_MAX     6         /* of a list */
#define LARGE_HELLO   1000      /* bytes; those without a post-quantum key share have less */
#define SEARCH_MAX    4096      /* associations that are asked what the same server chose */

static const wr_beginning *beginning(const wr_association *a)
{
    static const wr_beginning none;

    return a->facts != NULL ? &a->facts->beginning : &none;
}

static bool is_silent(const wr_side *s)
{
    return s->ccs_frame == 0 && s->finished_frame == 0 && s->key_exchange_seq == 0 && s->presented.frame == 0 &&
           s->data_records == 0;
}

/* Sent once, and then again though the answer was on its way. */
static bool is_ignored(const wr_association *a, const wr_beginning *b)
{
    return b->ignored >= HELLOS_ENOUGH - 1 && b->ignored_us - a->server_hello_us >= SPAN_US;
}

/* Often enough, and the capture goes on long enough after the last for an answer to it; or so often that those before
 * the last had all the time. */
static bool is_repeated(const wr_engine *e, const wr_beginning *b, unsigned times)
{
    const bool waited = e->last_us - b->last_us >= SPAN_US;
    const bool often = times >= 2 * HELLOS_ENOUGH && b->last_us - b->first_us >= 3 * SPAN_US;

    return times >= HELLOS_ENOUGH && b->last_us - b->first_us >= SPAN_US && (waited || often);
}

/* What an end of the flow sent that is no DTLS goes on after this time. */
static bool sends_after(const wr_association *a, int side, int64_t us)
{
    for (unsigned i = 0; i < a->flows.len; i++) {
        const wr_flow *f = wr_list_at(&a->flows, i);
        for (int end = 0; end < 2; end++)
            if (wr_endpoint_equal(&f->end[end], &a->side[side].end) && f->media[end].last_us > us)
                return true;
    }
    return false;
}

bool wr_association_never_finished(const wr_association *a)
{
    const wr_beginning *b = beginning(a);
    const wr_side *client = &a->side[0], *server = &a->side[1];

    /* a client that has what it waits for goes on: with data, or with media */
    return b->flights >= HELLOS_ENOUGH && a->client_end >= 0 && b->flight_us - client->finished_us >= SPAN_US &&
           server->ccs_frame == 0 && server->finished_frame == 0 && server->data_records == 0 &&
           client->data_records == 0 && !sends_after(a, 0, client->finished_us);
}

bool wr_association_lost_answer(const wr_engine *e, const wr_association *a)
{
    const wr_beginning *b = beginning(a);
    const wr_side *server = &a->side[1];

    return a->has_server_random && is_ignored(a, b) && e->last_us - b->ignored_us >= SPAN_US &&
           is_silent(&a->side[0]) && server->ccs_frame == 0 && server->finished_frame == 0 &&
           server->data_records == 0 && !sends_after(a, 0, a->server_hello_us) &&
           !sends_after(a, 1, a->server_hello_us);
}

bool wr_association_gave_up(const wr_engine *e, const wr_association *a)
{
    const wr_beginning *b = beginning(a);

    if (a->has_server_random || !is_silent(&a->side[0]) || !is_silent(&a->side[1]))
        return false;
    return a->has_client_random ? is_repeated(e, b, b->hellos) : is_repeated(e, b, b->fragments);
}

/* ---- what is said ---- */

static void say_list(GString *out, const uint16_t *list, unsigned n, const char *(*name)(uint16_t))
{
    for (unsigned i = 0, said = 0; i < n; i++) {
        const char *word = name(list[i]);
        if (word == NULL || (list[i] & 0x0f0f) == 0x0a0a) /* unknown, or GREASE (RFC 8701) */
            continue;
        if (said == NAMES_MAX) {
            g_string_append(out, " and others");
            return;
        }
        g_string_append_printf(out, "%s%s", said++ == 0 ? " " : ", ", word);
    }
}

/* What the client offered. */
static void say_offer(GString *out, const wr_association *a)
{
    const wr_hello_facts *f = a->facts;

    if (f == NULL || f->offered == NULL)
        return;
    g_string_append_printf(out, "; the client (frame %u) offered at most %s, the cipher suites", a->client_hello,
                           wr_dtls_version_name(a->offers_13 ? WR_DTLS_1_3 : f->offered_version));
    say_list(out, f->offered, f->n_suites, wr_tls_suite_name);
    if (f->n_profiles == 0) {
        g_string_append(out, " and no SRTP profile");
        return;
    }
    g_string_append(out, " and the SRTP profiles");
    say_list(out, f->offered + f->n_suites, f->n_profiles, wr_srtp_profile_name);
}

static void say_choice(GString *out, const wr_association *a, const char *who)
{
    const char *suite = a->has_suite ? wr_tls_suite_name(a->suite) : NULL;
    const char *profile = a->has_profile ? wr_srtp_profile_name(a->srtp_profile) : NULL;

    g_string_append_printf(out, "; %s (frame %u) chose %s, %s and %s", who, a->server_hello,
                           wr_dtls_version_name(a->version), suite != NULL ? suite : "an unknown cipher suite",
                           profile != NULL  ? profile
                           : a->has_profile ? "an unknown SRTP profile"
                                            : "no SRTP profile");
}

/* What the server can do: by its own hello, else by one to somebody else. */
static void say_both_lists(GString *out, const wr_engine *e, const wr_association *a)
{
    say_offer(out, a);
    if (a->has_server_random) {
        say_choice(out, a, "the server");
        return;
    }
    for (unsigned i = 0; i < e->associations->len && i < SEARCH_MAX; i++) {
        const wr_association *o = g_ptr_array_index(e->associations, i);
        if (o->absorbed == NULL && o->has_server_random && o->client_end >= 0 && a->client_end >= 0 &&
            wr_endpoint_same_host(&o->side[1].end, &a->side[1].end)) {
            say_choice(out, o, "in another handshake the same server");
            return;
        }
    }
    if (beginning(a)->retry_frame != 0)
        g_string_append_printf(out, "; the server had answered first in frame %u", beginning(a)->retry_frame);
}

/* ---- alerts (RFC 8446 6.2, RFC 5246 7.2.2) ---- */

typedef enum { NO_COMMON, VERSION, CERTIFICATE, IDENTITY, ROLE, OTHER } alert_meaning;

static alert_meaning meaning_of(uint8_t alert)
{
    switch (alert) {
    case 40:  /* handshake_failure */
    case 47:  /* illegal_parameter */
    case 71:  /* insufficient_security */
    case 109: /* missing_extension */
    case 110: /* unsupported_extension */
    case 120: /* no_application_protocol */
        return NO_COMMON;
    case 70: /* protocol_version */
    case 86: /* inappropriate_fallback */
        return VERSION;
    case 41:  /* no_certificate */
    case 42:  /* bad_certificate */
    case 43:  /* unsupported_certificate */
    case 44:  /* certificate_revoked */
    case 45:  /* certificate_expired */
    case 46:  /* certificate_unknown */
    case 48:  /* unknown_ca */
    case 116: /* certificate_required */
        return CERTIFICATE;
    case 115: /* unknown_psk_identity */
    case 49:  /* access_denied */
    case 51:  /* decrypt_error */
        return IDENTITY;
    case 10: /* unexpected_message */
        return ROLE;
    default:
        return OTHER;
    }
}

static const char *alert_remedy(alert_meaning meaning)
{
    switch (meaning) {
    case NO_COMMON:
        return "Both lists need a cipher suite that fits the server's key, and an SRTP profile, in common.";
    case VERSION:
        return "Both sides need a version of DTLS in common: update the older one, or let the newer one offer DTLS 1.2.";
    case CERTIFICATE:
        return "Compare the fingerprint that the refusing side was told with the certificate that was shown: they must "
               "agree, whatever issuer and dates are.";
    case IDENTITY:
        return "Look for the key that one side holds and the other does not: a certificate whose private key is another, "
               "or a pre-shared key.";
    case ROLE:
        return "Look at a=setup on both sides: one must be active, the other passive.";
    default:
        return "The log of the side that sent it says more.";
    }
}

static bool say_alert(GString *out, GString *remedy, const wr_engine *e, const wr_association *a)
{
    bool any = false;

    for (int s = 0; s < 2; s++) {
        const wr_side *side = &a->side[s];
        char at[WR_ENDPOINT_TEXT];
        const char *name = wr_tls_alert_name(side->alert);
        alert_meaning meaning = meaning_of(side->alert);
        if (side->alert_frame == 0)
            continue;
        g_string_append_printf(out, "%s%s ended it with alert %u (%s) in frame %u", any ? "; " : "",
                               wr_endpoint_format(&side->end, at), side->alert, name != NULL ? name : "unknown",
                               side->alert_frame);
        if (meaning == CERTIFICATE)
            g_string_append(
                out, ": it objected to a certificate, and may have been told another fingerprint than was issued here");
        else if (meaning == NO_COMMON || meaning == VERSION)
            say_both_lists(out, e, a);
        if (!any)
            g_string_append(remedy, alert_remedy(meaning));
        any = true;
    }
    return any;
}

/* ---- silence ---- */

/* The other end of a flow asked as well, and nobody answered either: both are clients. */
static const wr_association *rival(const wr_association *a)
{
    for (unsigned i = 0; i < a->flows.len; i++) {
        const wr_flow *f = wr_list_at(&a->flows, i);
        for (unsigned j = 0; j < f->associations.len; j++) {
            const wr_association *o = wr_list_at(&f->associations, j);
            if (o != a && o->absorbed == NULL && o->has_client_random && !o->has_server_random &&
                wr_endpoint_equal(&o->side[0].end, &a->side[1].end))
                return o;
        }
    }
    return NULL;
}

/* A frame in which the server's end sent something other than DTLS; 0 for none. */
static uint32_t sign_of_life(const wr_association *a, bool *answers_checks)
{
    uint32_t frame = 0;

    *answers_checks = false;
    for (unsigned i = 0; i < a->flows.len; i++) {
        const wr_flow *f = wr_list_at(&a->flows, i);
        for (int end = 0; end < 2; end++) {
            if (!wr_endpoint_equal(&f->end[end], &a->side[1].end))
                continue;
            if (f->consent != NULL && f->consent->given_frame[1 - end] != 0) {
                *answers_checks = true;
                return f->consent->given_frame[1 - end];
            }
            if (f->media[end].packets > 0)
                frame = f->media[end].last_frame;
            for (unsigned k = 0; k < f->checks.len && frame == 0; k++) {
                const wr_check *c = wr_list_at(&f->checks, k);
                if (c->from == end)
                    frame = c->first_frame;
            }
        }
    }
    return frame;
}

static bool is_large(const wr_association *a)
{
    return beginning(a)->length >= LARGE_HELLO || beginning(a)->parted || wr_facts_is_begun(a);
}

static void say_size(GString *out, const wr_association *a)
{
    const wr_beginning *b = beginning(a);

    if (is_large(a))
        g_string_append_printf(out, " (%u bytes%s)", b->length,
                               b->parted || wr_facts_is_begun(a) ? ", in several datagrams" : "");
}

static void say_silence(GString *out, GString *remedy, const wr_association *a)
{
    const wr_beginning *b = beginning(a);
    bool answers_checks;
    uint32_t alive = sign_of_life(a, &answers_checks);

    if (b->retry_frame != 0)
        g_string_append_printf(out, "; the server is there, it asked for a cookie or another key share in frame %u",
                               b->retry_frame);
    else if (alive != 0)
        g_string_append_printf(out, "; the other end is there, it %s in frame %u",
                               answers_checks ? "answered a connectivity check" : "sent something", alive);
    else
        g_string_append(out, "; nothing at all came back on this path");
    if (is_large(a))
        g_string_append(remedy,
                        "A ClientHello of this size has key shares that outgrow one datagram, as post-quantum ones "
                        "do: the path must let the second datagram pass and the server join fragments (RFC 6347 "
                        "4.2.3), or the client must offer smaller shares.");
    else if (alive != 0 || b->retry_frame != 0)
        g_string_append(remedy,
                        "The other end must run DTLS as server on this path: look at a=setup on both sides, and at "
                        "what its process does with DTLS.");
    else
        g_string_append(remedy, "The other direction must be let through, or captured.");
}

static double seconds(int64_t us)
{
    return (double)us / WR_SECOND;
}

static void say_times(GString *out, unsigned times, int64_t span_us)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];

    g_string_append_printf(out, "%u times in %s s", times,
                           g_ascii_formatd(text, sizeof text, "%.1f", seconds(span_us)));
}

static void say_unanswered(GString *out, GString *remedy, const wr_association *a)
{
    const wr_beginning *b = beginning(a);
    const wr_association *other = rival(a);
    char at[WR_ENDPOINT_TEXT];

    g_string_append_printf(out, "the ClientHello of %s", wr_endpoint_format(&a->side[0].end, at));
    say_size(out, a);
    if (b->hellos > 1) {
        g_string_append(out, " was sent ");
        say_times(out, b->hellos, b->last_us - b->first_us);
        g_string_append_printf(out, " (frames %u to %u) and never answered", a->client_hello, b->last_frame);
    } else {
        g_string_append_printf(out, " in frame %u was never answered", a->client_hello);
    }
    if (other != NULL) {
        g_string_append_printf(out, "; %s sent one as well (frame %u): both are clients, and none is the server",
                               wr_endpoint_format(&a->side[1].end, at), other->client_hello);
        g_string_append(remedy, "One side must take a=setup:passive.");
        return;
    }
    say_silence(out, remedy, a);
}

static void say_fragments(GString *out, GString *remedy, const wr_association *a)
{
    const wr_beginning *b = beginning(a);
    char at[WR_ENDPOINT_TEXT];

    g_string_append_printf(out, "of the ClientHello of %s", wr_endpoint_format(&a->side[0].end, at));
    say_size(out, a);
    g_string_append(out, " only parts are seen, ");
    say_times(out, b->fragments, b->last_us - b->first_us);
    g_string_append_printf(out, " (frames %u to %u): the rest was lost or held back", a->first_frame, b->last_frame);
    say_silence(out, remedy, a);
}

static void say_never_finished(GString *out, GString *remedy, const wr_association *a)
{
    const wr_beginning *b = beginning(a);
    char at[WR_ENDPOINT_TEXT];

    g_string_append_printf(out, "%s sent its last flight ", wr_endpoint_format(&a->side[0].end, at));
    say_times(out, b->flights, b->flight_us - a->side[0].finished_us);
    g_string_append_printf(out, " (frames %u to %u), and the server never finished", a->side[0].finished_frame,
                           b->flight_frame);
    g_string_append(remedy,
                    "Look at the server: it did not get all of that flight, or it refused what is in it without a "
                    "word.");
}

static void say_answer_lost(GString *out, GString *remedy, const wr_association *a)
{
    g_string_append_printf(
        out,
        "the server answered (frame %u), and the client sent its ClientHello once more (frame %u): the "
        "answer did not reach it",
        a->server_hello, beginning(a)->answer_ignored_frame);
    g_string_append(remedy,
                    "The direction from server to client must be let through; a flight of certificates may be larger "
                    "than the path takes.");
}

bool wr_association_say_failure(GString *out, GString *remedy, const wr_engine *e, const wr_association *a)
{
    GString *unwanted = remedy == NULL ? g_string_new(NULL) : NULL;
    GString *change = remedy != NULL ? remedy : unwanted;
    bool said = true;

    if (say_alert(out, change, e, a))
        ; /* an alert is a word of the endpoint itself */
    else if (wr_association_never_finished(a))
        say_never_finished(out, change, a);
    else if (a->has_client_random && !a->has_server_random)
        say_unanswered(out, change, a);
    else if (wr_facts_is_begun(a))
        say_fragments(out, change, a);
    else if (a->has_server_random && beginning(a)->answer_ignored_frame != 0)
        say_answer_lost(out, change, a);
    else
        said = false;
    if (unwanted != NULL)
        g_string_free(unwanted, TRUE);
    return said;
}

bool wr_association_failed_disputed(const wr_association *a)
{
    for (int s = 0; a->verdict == WR_A_HANDSHAKE_FAILED && s < 2; s++)
        if (a->side[s].presented.verdict == WR_CERT_CONTESTED && a->possession[s] == WR_POSSESSION_PROVED)
            return true;
    return false;
}
