/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Connectivity checks (RFC 8445 7): with one user name in one direction on one flow.
 */
#ifndef WR_CHECK_H
#define WR_CHECK_H

#include "base/endpoint.h"
#include "records/bounds.h"
#include "records/types.h"
#include "stun/stun.h"

typedef struct wr_kept_message {
    uint8_t *bytes; /* request; NULL once verified */
    uint8_t *response;
    uint8_t txid[WR_STUN_TXID];
    uint32_t frame;
    uint16_t tried; /* passwords announced for the user name that were tried with it */
    uint16_t length, integrity_offset;
    uint16_t response_length, response_integrity;
    bool replayed; /* it was seen on another flow before: it proves nothing without an answer that names its source */
    bool fits;     /* the answer does (XOR-MAPPED-ADDRESS) */
} wr_kept_message;

/* Connectivity checks with one user name in one direction on one flow. */
typedef struct wr_check {
    wr_flow *flow;
    const char *remote_ufrag; /* of the other end: its description's ufrag */
    const char *local_ufrag;
    int64_t first_us, last_us;
    uint32_t first_frame;
    uint16_t point; /* vantage point that showed it first */
    uint32_t requests;
    uint32_t valid_frame;
    wr_endpoint mapped;             /* address that the far end saw, as the last response says */
    const char *password;           /* that validated a request; NULL so far */
    wr_copy *tie[2];                /* whose names these are, as far as it is known; NULL both or none */
    struct wr_check *next_waiting;  /* with the same remote_ufrag, made before */
    struct wr_check *after_waiting; /* the same, made after */
    struct wr_kept_message *kept;   /* what is still to be verified; see connectivity_checks.c */
    uint8_t n_kept;
    uint8_t from; /* end that sends the requests: 0 or 1 */
    bool tried;   /* at least one password was tried */
    bool request_valid, response_valid, use_candidate;
    bool replayed; /* one of them was seen on another flow before */
} wr_check;

void wr_check_free(gpointer check);

wr_check *wr_flow_reverse_check(const wr_flow *f, const wr_check *k);

#endif
