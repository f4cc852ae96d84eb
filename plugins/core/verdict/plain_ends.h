/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Ends of connections, and what went over them, for sentences in plain words. Private to this room. */
#ifndef WR_PLAIN_ENDS_H
#define WR_PLAIN_ENDS_H

#include "verdict/session_facts.h"

/* Appends "10.9.0.2 (alice)", "10.9.0.2 (who sent the offer)", "10.9.0.2, a relay,". */
void wr_plain_say_end(GString *out, const wr_session *s, const wr_association *a, int side);
/* Appends the party's name with its host, or its host alone. */
void wr_plain_say_party(GString *out, const wr_session *s, unsigned party);

/* A connection of one party that runs to a host which is neither party's by the signalling. */
typedef struct {
    const wr_association *association;
    const wr_endpoint *host;
    unsigned party; /* index of whom it runs from */
} wr_plain_between;

/* Of connections that checks with announced passwords bind to the call (RFC 8445 7.2.2) and no relay stands in, a party
 * each; the number of those found, at most 2. */
unsigned wr_plain_find_between(const wr_session *s, wr_plain_between out[2]);

/* What went over the paths of an association once its handshake began: media, or records of data inside DTLS. */
typedef struct {
    bool any;
    uint32_t first_frame, last_frame; /* 0 where not known */
    int64_t first_us, last_us;
} wr_plain_traffic;
wr_plain_traffic wr_plain_traffic_of(const wr_association *a);
/* The same of all connections of the call, and of paths whose handshake is not here. */
bool wr_plain_has_traffic(const wr_session *s);

/* The only host that sent anything on the paths of the call, where two should have; NULL where both did, or none. */
const wr_endpoint *wr_plain_only_sender(const wr_session *s);

/* Of a handshake whose certificates stayed hidden: no key log was given; one was, and whether it has its keys is not
 * known (of the labels of a log two are kept); or one with its keys. */
typedef enum { WR_KEYS_NONE_GIVEN = 0, WR_KEYS_OF_OTHERS, WR_KEYS_NOT_USED } wr_plain_keys;
wr_plain_keys wr_plain_keys_of(const wr_engine *e, const wr_association *a);

#endif
