/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What was put near the tap, or looks as if it were: seen, kept as what it is, and believed by nothing. Findings INJ-01
 * to INJ-04 tell of it.
 */
#ifndef WR_INJECTION_H
#define WR_INJECTION_H

#include "evidence/remark.h"
#include "records/types.h"

#define WR_MAX_INJECTIONS 4096

typedef enum {
    WR_INJECTED_MESSAGE = 0, /* a handshake message beside the one that a signature fits */
    WR_INJECTED_RECORD,      /* a certificate, or another message, of no handshake that is under way */
    WR_INJECTED_HANDSHAKE,   /* hellos that nothing followed where a proven handshake is */
    WR_INJECTED_BYTES,       /* bytes of one TCP sequence, sent again with other content */
    WR_INJECTED_UNSENT,      /* bytes that their TCP connection goes on without */
    WR_INJECTED_COPY         /* a description exchanged between strangers */
} wr_injection_kind;

typedef struct {
    wr_injection_kind kind;
    uint32_t frame, other_frame;       /* what it is, and what it contradicts; 0 for none */
    const wr_association *association; /* NULL for none */
    const wr_copy *copy;               /* NULL for none */
    uint8_t ttl, other_ttl, usual_ttl; /* of bytes: TTL or hop limit of both, and of most of their connection */
} wr_injection;

/* Notes it, once for each frame. At the bound the limit is named and nothing is kept. */
void wr_injection_add(wr_engine *e, wr_injection_kind kind, uint32_t frame, uint32_t other_frame,
                      const wr_association *a, const wr_copy *c);
/* The same, of bytes that a remark tells of; copy: a description that they are of, NULL for none. */
void wr_injection_add_bytes(wr_engine *e, const wr_remark *r, const wr_copy *copy);
/* The same, of a copy in bytes that its connection goes on without: it counts while copy->unsent says so. */
void wr_injection_add_unsent(wr_engine *e, const wr_remark *r, const wr_copy *copy);

#endif
