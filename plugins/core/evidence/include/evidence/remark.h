/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A remark is what packets of signalling say beside descriptions and that bears on a call's safety: evidence, of which
 * a check may make a finding. Secrets are never kept, only a short mark of them.
 */
#ifndef WR_REMARK_H
#define WR_REMARK_H

#include "base/endpoint.h"

typedef enum {
    WR_REMARK_TLS = 0,    /* a ServerHello chose version and suite */
    WR_REMARK_REQUEST,    /* head of an HTTP request */
    WR_REMARK_PAGE,       /* head of an HTTP response that says what its page may do */
    WR_REMARK_TURN,       /* a message hands out a TURN credential */
    WR_REMARK_PUSH,       /* a body for a push service with keys that name a person */
    WR_REMARK_BYTES,      /* bytes of a TCP sequence that were sent before, with other content (RFC 9293 3.4), or that
                           * are far outside of it */
    WR_REMARK_UNSENT,     /* bytes of a TCP sequence that its sender goes on without, and that its receiver acknowledges
                           * less than (RFC 9293 3.4); or, acknowledged, that these are none of that kind after all */
    WR_REMARK_SEEN_TWICE, /* a TCP segment that another vantage point saw before */
    WR_REMARK_DISORDER    /* a TCP segment that was captured behind later ones, where messages are not put together out
                           * of such; what, where a description is in it that was not read */
} wr_remark_kind;

/* One of them. Strings are valid UTF-8, or NULL. Who makes a remark of bytes or order leaves what precedes the kind to
 * the caller: place, ends and connection. */
typedef struct {
    wr_place at;
    wr_endpoint client, server; /* ends of the connection; unknown where the direction is */
    uint32_t connection;
    bool protected_transport;
    wr_remark_kind kind;
    uint16_t version, suite; /* TLS: as in the ServerHello, supported_versions counted in */
    char *host;              /* REQUEST: the Host field; PAGE: of the request, set by the caller */
    char *origin;            /* REQUEST: host of the Origin field: the page behind it */
    char *user_agent;        /* REQUEST */
    char *what;              /* REQUEST: "Authorization (Bearer)", "Cookie", …, where a credential stands, NULL for
                              * none; TURN: path of the object; PUSH: keys, with commas between; DISORDER: the first
                              * fingerprint, as its line has it */
    char *ufrag;             /* DISORDER: the first user name fragment there; NULL for none */
    uint32_t mark;           /* REQUEST, TURN: first bytes of the SHA-256 of the secret */
    bool is_proxied;         /* REQUEST: fields that reverse proxies add are there */
    bool secret_target;      /* REQUEST: the target has a part that looks drawn at random */
    bool posts_description;  /* REQUEST: POST of application/sdp */
    int64_t expires_s;       /* TURN: end of life, seconds since 1970, as the user name tells; 0 when it does not */
    char *permissions, *feature, *security; /* PAGE: Permissions-Policy, Feature-Policy, Content-Security-Policy */
    const char *service;                    /* PUSH: "APNs", "FCM"; static */
    uint32_t other_frame;                   /* BYTES: where they were sent before; 0: outside; DISORDER: what came
                                             * before its time; UNSENT: where they are */
    uint8_t ttl, other_ttl, usual_ttl;      /* BYTES, UNSENT: TTL or hop limit here, there, and of most segments of
                                             * that direction; 0 where it is not known */
    bool acknowledged;                      /* UNSENT */
    bool between;                           /* BYTES: both vantage points have the connection in both directions */
    uint16_t other_point;                   /* SEEN_TWICE: which; BYTES: where they were sent before */
    int64_t other_us;                       /* SEEN_TWICE: and when, by its clock */
} wr_remark;

void wr_remark_free(gpointer remark);

#endif
