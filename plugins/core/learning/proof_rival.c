/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Several whole handshakes between each other's messages, each proven by both sides: all but one are somebody's own,
 * with keys of his own, and no signature tells which.
 */
#include "proof.h"

#include <string.h>

#define MAX_TRIES 256 /* signatures that are verified: what was kept has fewer, unless it is a flood */

typedef struct {
    wr_handshake_messages *m;
    const wr_server_proof *known;
    wr_choice hellos, certificates, exchanges, clients;
    unsigned tries;
} search;

/* Signatures of two clients: else there is nothing to look for. */
static bool has_two_clients(const wr_handshake_messages *m)
{
    return wr_messages_all_of(m, 0, WR_HS_CERTIFICATE_VERIFY).n > 1 &&
           wr_messages_all_of(m, 1, WR_HS_SERVER_KEY_EXCHANGE).n > 1;
}

static bool is_repeated(const wr_choice *clients, unsigned at)
{
    for (unsigned i = 0; i < at; i++)
        if (wr_hello_random(clients->at[i]) != NULL &&
            memcmp(wr_hello_random(clients->at[i]), wr_hello_random(clients->at[at]), WR_DTLS_RANDOM) == 0)
            return true;
    return false;
}

/* One server's flight, after whichever hello. */
static void try_flight(search *s, const wr_handshake_message *hello, const wr_handshake_message *certificate,
                       const wr_handshake_message *exchange)
{
    wr_dtls_event *v = wr_dtls_event_of_message(WR_HS_SERVER_HELLO, hello->body, hello->length);

    for (unsigned i = 0; v->n_suites > 0 && i < s->clients.n && s->tries < MAX_TRIES; i++) {
        const wr_server_proof other = {s->clients.at[i], hello, certificate, exchange};
        wr_client_flight flight;
        if (wr_hello_random(other.client_hello) == NULL || is_repeated(&s->clients, i))
            continue;
        s->tries++;
        if (wr_server_proof_fits(certificate, other.client_hello, v, exchange) != WR_POSSESSION_PROVED)
            continue;
        if (s->m->n_rivals < G_N_ELEMENTS(s->m->rivals) &&
            wr_find_client_proof(s->m, &other, v->negotiated, &s->tries, &flight) == WR_POSSESSION_PROVED) {
            wr_certificate **rival = s->m->rivals[s->m->n_rivals++];
            rival[0] = wr_certificate_ref(flight.certificate->leaf);
            rival[1] = wr_certificate_ref(certificate->leaf);
        }
        break;
    }
    wr_dtls_event_free(v);
}

/* Messages of one flight come one after the other: those of the same place in line are tried first. */
void wr_find_rivals(wr_handshake_messages *m, const wr_server_proof *known)
{
    search s = {m,
                known,
                wr_messages_all_of(m, 1, WR_HS_SERVER_HELLO),
                wr_messages_all_of(m, 1, WR_HS_CERTIFICATE),
                wr_messages_all_of(m, 1, WR_HS_SERVER_KEY_EXCHANGE),
                wr_messages_all_of(m, 0, WR_HS_CLIENT_HELLO),
                0};

    if (!has_two_clients(m))
        return;
    for (unsigned in_line = 0; in_line < 2; in_line++) {
        for (unsigned i = 0; i < s.hellos.n * s.certificates.n * s.exchanges.n && s.tries < MAX_TRIES; i++) {
            const unsigned h = i % s.hellos.n, c = i / s.hellos.n % s.certificates.n,
                           x = i / s.hellos.n / s.certificates.n;
            if ((h == c && c == x) == (in_line == 0) && s.exchanges.at[x] != known->key_exchange &&
                wr_hello_random(s.hellos.at[h]) != NULL && s.certificates.at[c]->leaf != NULL)
                try_flight(&s, s.hellos.at[h], s.certificates.at[c], s.exchanges.at[x]);
        }
    }
}
