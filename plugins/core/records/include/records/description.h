/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Descriptions as they were seen: one record for each place, with the addresses and ICE credentials that it announces.
 * The same text again on the same leg and direction is the same copy.
 */
#ifndef WR_DESCRIPTION_H
#define WR_DESCRIPTION_H

#include "base/index.h"
#include "base/list.h"
#include "evidence/evidence.h"
#include "records/bounds.h"
#include "records/leg.h"

/* A description as seen at one place. The same text again on the same leg and direction is the same copy. */
struct wr_copy {
    unsigned number; /* "d1" */
    unsigned node;   /* group of records that make a session */
    uint32_t frame, last_frame;
    int64_t time_us;
    wr_endpoint src, dst;
    uint32_t connection;   /* that carried it */
    uint64_t hop;          /* SIP: key of the message on one hop (wr_message_sip_hop()); 0: not known */
    uint32_t heard;        /* of requests: how far the server had answered by then, as a number; 0: not known */
    uint16_t point;        /* vantage point */
    uint16_t look;         /* records/inferred.h */
    uint8_t spot;          /* the point that was inferred there; 0: none */
    bool timed;            /* the clock of its point is that of the first, or was compared with it */
    int64_t ahead_us;      /* then: by how much it was ahead. This and the next as of the last wr_clocks_apply() */
    int64_t spot_ahead_us; /* the same of the inferred point's clock */
    uint8_t kind, carrier; /* wr_kind, wr_carrier */
    uint8_t direction : 4; /* wr_direction */
    bool protected_transport : 1;
    bool is_part : 1;    /* no whole SDP, of which no message says offer or answer: kind is concluded */
    bool mirrored : 1;   /* by a server's report (HEP) */
    bool has_names : 1;  /* candidates with host names (mDNS) instead of addresses */
    bool echo : 1;       /* came back to its own author on the same leg */
    bool guessed : 1;    /* an answer that fits offers of several exchanges: its partner is one of them */
    bool withdrawn : 1;  /* an offer that a rollback took back (RFC 8829 4.1.10.2) */
    uint8_t n_addresses; /* at most WR_MAX_ADDRESSES_PER_COPY */
    unsigned n_answers, n_repeats;
    bool said_twice;  /* its bytes, and those of another content that is read as well, are of one TCP sequence */
    bool between;     /* then: that content was seen at another vantage point, which has the connection like its own */
    uint32_t doubted; /* frame that sent bytes of its connection again, with other content that is not read; 0: none */
    uint32_t unsent;  /* frame that shows that its connection knows nothing of its bytes; 0: none */
    const char *dialect, *path, *call, *from, *to;
    wr_leg *leg;
    wr_sdp *sdp;
    wr_copy *partner;                                        /* answer: its offer; offer: its last answer */
    wr_endpoint *addresses;                                  /* candidates, its own and trickled ones */
    uint32_t relayed[(WR_MAX_ADDRESSES_PER_COPY + 31) / 32]; /* bit n: addresses[n] is announced as a relay's */
    wr_list credentials; /* wr_credential*: distinct (ufrag, password) of enabled sections, and trickled ones */
};

typedef struct wr_credential {
    const char *ufrag, *password; /* password NULL when not given */
    wr_copy *copy;
} wr_credential;

void wr_copy_free(gpointer copy);

/* What a description takes, by estimate; its parsed form up to a hundred times its text. */
size_t wr_sdp_size(const wr_sdp *sdp);

uint64_t wr_credential_key(const char *ufrag, const char *password);
/* Descriptions with this user name and password, of e, in the order they came; none where no password is known. */
wr_bucket wr_copies_with(const wr_engine *e, const wr_credential *k);

uint64_t wr_fingerprint_key(wr_hash hash, const uint8_t *digest, size_t n);

bool wr_sdp_is_webrtc(const wr_sdp *sdp);

/* How much later the one was seen than the other, in microseconds, by one clock where both vantage points have one; by
 * what each says where not. */
int64_t wr_copy_after(const wr_copy *c, const wr_copy *than);
/* The same, of a moment of an association. */
int64_t wr_copy_after_us(const wr_copy *c, const wr_association *a, int64_t us);
/* By the clocks of points that were inferred: these widen a window, and cast doubt on an order. */
int64_t wr_copy_after_inferred(const wr_copy *c, const wr_copy *than);
/* Two forms of what one connection carried: nothing shows that it was altered between two vantage points, for one saw
 * both, or one has nothing else of the connection and saw what anybody can have sent there. */
bool wr_copies_not_altered_between(const wr_copy *a, const wr_copy *b);
/* Not further from each other than this, by any of these clocks: nobody who moves one drives the two apart. */
bool wr_copies_within(const wr_copy *a, const wr_copy *b, int64_t us);

/* p went where c came from: the same host received one and sent the other. */
bool wr_copy_is_hop(const wr_copy *p, const wr_copy *c);

/* Different legs, and one can be a relayed form of the other. */
bool wr_copies_may_relay(const wr_copy *a, const wr_copy *b);

/* Keys under which copies of one description are found, see store.h: its canonical form, its author and version, its
 * body. */
uint64_t wr_copy_canonical_key(const wr_copy *c);
uint64_t wr_copy_origin_key(const wr_copy *c);
uint64_t wr_copy_body_key(const wr_copy *c);
/* Its body says who wrote it, for something in it was drawn at random. */
bool wr_copy_has_random_body(const wr_copy *c);
uint64_t wr_host_key(const wr_endpoint *at); /* of the address without its port */
/* They have an ICE user name and its password in common; without a password nothing is shared. */
bool wr_copies_share_credentials(const wr_copy *a, const wr_copy *b);
/* Its connection knows nothing of it, and has another of its kind with the same ICE credentials, that it does know of:
 * it is that one which was said. */
bool wr_copy_is_unsent(const wr_engine *e, const wr_copy *c);
/* Gives back the texts of these (wr_copy*) that were unpacked. */
void wr_copies_close(const GPtrArray *copies);
/* Numbers, as bits, that these (wr_copy*) map the header extension to: by answers, for both sides use the offerer's. */
uint16_t wr_copies_extension_ids(const GPtrArray *copies, const char *uri);
/* It announces this address as one that a TURN server lent (RFC 8839 5.1, typ relay). */
bool wr_copy_announces_relay(const wr_copy *c, const wr_endpoint *at);
/* It has this user name fragment, whatever its password (RFC 8839 5.4). */
bool wr_copy_has_ufrag(const wr_copy *c, const char *ufrag);
/* An offer and an answer, or two of either. */
bool wr_copies_same_class(const wr_copy *a, const wr_copy *b);

/* The number of the call a record belongs to now (session "s7" has 7); 0 when it belongs to none yet. */
unsigned wr_copy_session_number(const wr_engine *e, const wr_copy *c);

/* What it is called in reports: its kind, and "fragment" where nothing says offer or answer of what is no whole SDP.
 * static */
const char *wr_copy_kind_name(const wr_copy *c);

#endif
