/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A testimony is a file from outside the capture, and a statement what it says of one transport: the statistics that an
 * endpoint gives of itself by getStats() (W3C webrtc-stats), as JSON or as a dump of chrome://webrtc-internals. They
 * name the certificates that DTLS 1.3 hides.
 *
 * A file is hearsay. It may settle what is otherwise unknown, and its source is then named; it never contradicts the
 * wire, and what it says against a description is told as its word, not as a mismatch.
 */
#ifndef WR_TESTIMONY_H
#define WR_TESTIMONY_H

#include "base/endpoint.h"
#include "dtls/certificate.h"

/* Transports and bytes of one file that are read at most; more is a problem that the testimony names. */
#define WR_MAX_STATEMENTS      1024
#define WR_MAX_TESTIMONY_BYTES (64u << 20)

/* One transport, as its endpoint describes it. Certificates are NULL where they are not stated, or where the stated
 * fingerprint is not that of the stated certificate. */
typedef struct wr_statement {
    char *id; /* of the transport, within the file */
    wr_certificate *local, *remote;
    bool contradictory;                        /* a certificate disagrees with the fingerprint given for it */
    char *local_ufrag, *remote_ufrag;          /* NULL: not stated */
    wr_endpoint local_address, remote_address; /* of the selected pair; unknown where hidden or not stated */
    char *dtls_state;                          /* "connected", …; NULL: not stated */
} wr_statement;

typedef struct wr_testimony {
    unsigned refs;
    char *name;            /* for people: where it comes from */
    GPtrArray *statements; /* wr_statement* */
    char *problem;         /* what is wrong with the file as a whole; NULL for nothing */
} wr_testimony;

/* text: the file's bytes, hostile. Never NULL; the caller owns one reference. */
wr_testimony *wr_testimony_parse(const char *name, const char *text, size_t len);
/* The same from a file. One that cannot be read gives a testimony with a problem and no statements. */
wr_testimony *wr_testimony_read(const char *path);
wr_testimony *wr_testimony_ref(wr_testimony *t);
void wr_testimony_unref(wr_testimony *t); /* NULL is allowed */

#endif
