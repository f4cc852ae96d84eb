/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which of several ServerHellos counts where no signature tells. The server's covers both randoms and nothing else of
 * the hellos (RFC 5246 7.4.3), the client's covers every byte; a session that is resumed, and DTLS 1.3 in clear, have
 * neither. What is left is what makes a handshake agree with itself: a server chooses among what it was offered (RFC
 * 5246 7.4.1.3, RFC 8446 4.1.3), shows a certificate where the suite asks for one, and sends its flight in order.
 */
#include "proof.h"

#include <string.h>

enum { IN_FLIGHT = 1, FITS_FLIGHT = 2, FITS_OFFER = 4 }; /* greater outweighs all that is less */

/* A ServerHello as it is read; event is NULL where it is none, but a HelloRetryRequest, or broken. */
typedef struct {
    const wr_handshake_message *message;
    wr_dtls_event *event;
    unsigned fit;
} answer;

static wr_dtls_event *read_answer(const wr_association *a, const wr_handshake_message *m)
{
    wr_dtls_event *v = wr_dtls_event_of_message(m->type, m->body, m->length);

    if (v->kind == WR_DTLS_SERVER_HELLO && v->n_suites > 0 &&
        (v->negotiated == WR_DTLS_1_3) == (a->version == WR_DTLS_1_3))
        return v;
    wr_dtls_event_free(v);
    return NULL;
}

/* ---- what speaks for one ---- */

static bool offered_version(const wr_dtls_event *offer, uint16_t version)
{
    return version == WR_DTLS_1_3 ? offer->offers_13 : version == WR_DTLS_1_2 || version == WR_DTLS_1_0;
}

/* Suites of 1.3 are of no other version, and others not of 1.3 (RFC 8446 B.4, RFC 9150). */
static bool is_suite_of(uint16_t suite, uint16_t version)
{
    const bool of_13 = suite >> 8 == 0x13 || suite == 0xc0b4 || suite == 0xc0b5;

    return of_13 == (version == WR_DTLS_1_3);
}

static bool is_offered(const wr_dtls_event *offer, const wr_dtls_event *v)
{
    const bool suite = offer->suites_cut || wr_dtls_list_has(offer->suites, offer->n_suites, v->suites[0]);
    const bool profile = !v->has_use_srtp || v->n_profiles == 0 || offer->n_profiles >= WR_DTLS_MAX_PROFILES ||
                         wr_dtls_list_has(offer->profiles, offer->n_profiles, v->profiles[0]);

    return suite && profile && offered_version(offer, v->negotiated);
}

/* Some ClientHello that was kept offers it; where none was, nothing is known. */
static bool fits_offer(const wr_choice *offers, const wr_dtls_event *v)
{
    bool found = offers->n == 0;

    if (!is_suite_of(v->suites[0], v->negotiated) || v->compression != 0)
        return false;
    for (unsigned i = 0; i < offers->n && !found; i++) {
        wr_dtls_event *offer = wr_dtls_event_of_message(WR_HS_CLIENT_HELLO, offers->at[i]->body, offers->at[i]->length);
        found = offer->kind == WR_DTLS_CLIENT_HELLO && is_offered(offer, v);
        wr_dtls_event_free(offer);
    }
    return found;
}

static bool shows_certificate(const wr_handshake_messages *m)
{
    for (unsigned i = 0; i < m->n; i++)
        if (m->list[i].role == 1 && m->list[i].type == WR_HS_CERTIFICATE && m->list[i].leaf != NULL)
            return true;
    return false;
}

static bool asks_for_certificate(const wr_dtls_event *v)
{
    const wr_suite_authentication by = wr_tls_suite_authentication(v->suites[0]);

    return by == WR_SUITE_CERTIFICATE || by == WR_SUITE_KEY_AND_CERTIFICATE;
}

/* A session that is resumed shows none, and one that is not shows what its suite asks for (RFC 5246 7.3). */
static bool fits_flight(const wr_association *a, const wr_dtls_event *v)
{
    const bool echo = v->session_id_length > 0 && wr_key(v->session_id, v->session_id_length) == a->session_id;

    if (v->negotiated == WR_DTLS_1_3)
        return true;
    return shows_certificate(a->messages) ? asks_for_certificate(v) && !echo : echo || !asks_for_certificate(v);
}

/* In one datagram with other messages of the server, or right before its Certificate. */
static bool is_in_flight(const wr_handshake_messages *m, const wr_handshake_message *hello)
{
    for (unsigned i = 0; i < m->n; i++) {
        const wr_handshake_message *o = &m->list[i];
        if (o->role == 1 && o->type != WR_HS_SERVER_HELLO &&
            (o->frame == hello->frame || (o->type == WR_HS_CERTIFICATE && o->seq == hello->seq + 1)))
            return true;
    }
    return false;
}

static unsigned fit_of(const wr_association *a, const wr_choice *offers, const wr_handshake_message *m,
                       const wr_dtls_event *v)
{
    return (fits_offer(offers, v) ? FITS_OFFER : 0) + (fits_flight(a, v) ? FITS_FLIGHT : 0) +
           (is_in_flight(a->messages, m) ? IN_FLIGHT : 0);
}

/* Those that were kept, in the order of the capture, read where there are several; returns how many. To be freed with
 * forget(). */
static unsigned read_answers(const wr_association *a, answer out[WR_MAX_OF_A_KIND])
{
    const wr_choice hellos = wr_messages_all_of(a->messages, 1, WR_HS_SERVER_HELLO),
                    offers = wr_messages_all_of(a->messages, 0, WR_HS_CLIENT_HELLO);

    for (unsigned i = 0; i < hellos.n; i++) {
        out[i] = (answer){hellos.at[i], hellos.n > 1 ? read_answer(a, hellos.at[i]) : NULL, 0};
        if (out[i].event != NULL)
            out[i].fit = fit_of(a, &offers, hellos.at[i], out[i].event);
    }
    return hellos.n;
}

static void forget(answer *answers, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        if (answers[i].event != NULL)
            wr_dtls_event_free(answers[i].event);
}

wr_choice wr_server_hellos_by_fit(const wr_association *a)
{
    wr_choice sorted = {.n = 0};
    answer answers[WR_MAX_OF_A_KIND];
    const unsigned n = read_answers(a, answers);

    for (unsigned fit = 0; fit < 2 * FITS_OFFER; fit++)
        for (unsigned i = 0; i < n; i++)
            if (answers[i].fit == fit && wr_hello_random(answers[i].message) != NULL)
                sorted.at[sorted.n++] = answers[i].message;
    forget(answers, n);
    return sorted;
}

/* ---- which counts ---- */

static bool is_same_answer(const wr_association *a, const answer *x)
{
    return x->event != NULL && x->message->frame == a->server_hello &&
           memcmp(x->event->random, a->server_random, WR_DTLS_RANDOM) == 0 && x->event->suites[0] == a->suite &&
           x->event->negotiated == a->version;
}

/* The one that the association has; NULL when it was not kept. */
static const answer *present(const wr_association *a, const answer *answers, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        if (is_same_answer(a, &answers[i]))
            return &answers[i];
    return NULL;
}

/* What is protected by it, and by what the server is authenticated. */
static unsigned protection(const wr_dtls_event *v)
{
    const bool null = wr_tls_suite_is_null(v->suites[0]) ||
                      (v->has_use_srtp && v->n_profiles > 0 && wr_srtp_profile_is_null(v->profiles[0]));

    return (null ? 1 : 0) + 2 * (v->negotiated == WR_DTLS_1_3 ? 0 : wr_tls_suite_authentication(v->suites[0]));
}

/* Both may have been taken, for all that is known: where the server's signature fits, of its randoms alone. */
static bool may_be_taken(const wr_association *a, const answer *x, const answer *best)
{
    if (x->event == NULL || (x->fit & FITS_OFFER) < (best->fit & FITS_OFFER))
        return false;
    return a->possession[1] != WR_POSSESSION_PROVED ||
           (memcmp(x->event->random, a->server_random, WR_DTLS_RANDOM) == 0 && asks_for_certificate(x->event));
}

static const answer *best_of(const wr_association *a, const answer *answers, unsigned n)
{
    const answer *best = present(a, answers, n);

    for (unsigned i = 0; i < n && best != NULL && a->possession[1] != WR_POSSESSION_PROVED; i++)
        if (answers[i].event != NULL && answers[i].fit > best->fit)
            best = &answers[i];
    return best;
}

const wr_handshake_message *wr_server_hello_to_take(const wr_association *a)
{
    answer answers[WR_MAX_OF_A_KIND];
    const unsigned n = read_answers(a, answers);
    const answer *now = present(a, answers, n), *best = best_of(a, answers, n);
    const wr_handshake_message *found = best != now ? best->message : NULL;

    forget(answers, n);
    return found;
}

void wr_server_hellos_outdo(wr_engine *e, wr_association *a)
{
    answer answers[WR_MAX_OF_A_KIND];
    const unsigned n = read_answers(a, answers);
    const answer *best = best_of(a, answers, n);

    for (unsigned i = 0; i < n && best != NULL; i++) {
        if (answers[i].event == NULL || &answers[i] == best)
            continue;
        if (answers[i].fit < best->fit)
            wr_injection_add(e, WR_INJECTED_MESSAGE, answers[i].message->frame, best->message->frame, a, NULL);
        if (may_be_taken(a, &answers[i], best) && protection(answers[i].event) != protection(best->event))
            a->messages->disputed_frame = answers[i].message->frame;
    }
    forget(answers, n);
}
