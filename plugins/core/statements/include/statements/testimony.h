/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What somebody says of a call in a file of his own, outside the capture: the session descriptions that he gave and was
 * given, and the statistics of his transports (W3C webrtc-stats), which name the certificates that DTLS 1.3 hides. Read
 * are dumps of chrome://webrtc-internals, what getStats() gives as JSON, what Firefox' about:webrtc saves, dumps of
 * rtcstats, HTTP archives (HAR 1.2), and texts in which descriptions stand; each may be packed by gzip (RFC 1952).
 *
 * A file is hearsay. It may settle what is otherwise unknown, and its source is then named; it never overrules what was
 * seen. Nothing that a file names is opened or fetched. It is read once, in blocks, and no more is kept than it says.
 */
#ifndef WR_TESTIMONY_H
#define WR_TESTIMONY_H

#include "base/endpoint.h"
#include "dtls/certificate.h"
#include "evidence/evidence.h"

/* What is read of one file at most; more is a problem that the testimony names. */
#define WR_MAX_STATEMENTS      1024                /* transports */
#define WR_MAX_TOLD            16384               /* descriptions, candidates, joins */
#define WR_MAX_TOLD_BYTES      (48u << 20)         /* of their texts */
#define WR_MAX_TESTIMONY_BYTES (UINT64_C(4) << 30) /* unpacked */

typedef enum {
    WR_TESTIMONY_NONE = 0,   /* nothing that is known */
    WR_TESTIMONY_STATISTICS, /* getStats() */
    WR_TESTIMONY_INTERNALS,
    WR_TESTIMONY_FIREFOX,
    WR_TESTIMONY_RTCSTATS,
    WR_TESTIMONY_HAR,
    WR_TESTIMONY_TEXT
} wr_testimony_kind;

const char *wr_testimony_kind_name(wr_testimony_kind kind); /* "webrtc-internals dump", … static */

/* One transport, as its endpoint describes it. Certificates are NULL where they are not stated, or where the stated
 * fingerprint is not that of the stated certificate. */
typedef struct wr_statement {
    char *id; /* of the transport, within the file */
    wr_certificate *local, *remote;
    bool contradictory;                        /* a certificate disagrees with the fingerprint given for it */
    char *local_ufrag, *remote_ufrag;          /* NULL: not stated */
    wr_endpoint local_address, remote_address; /* of the selected pair; unknown where hidden or not stated */
    char *dtls_state;                          /* "connected", …; NULL: not stated */
    const struct wr_testimony *source;
} wr_statement;

/* A description that the witness gave (emitted) or was given (delivered), or what belongs to one, in the order of the
 * file. Strings of the context are its own. */
typedef struct wr_told {
    wr_signalling_context context;
    wr_sdp *sdp;     /* NULL where the kind has none */
    const char *leg; /* one connection of the witness: descriptions on it answer one another */
    int64_t time_us; /* by the witness's clock; 0: not stated */
    unsigned number; /* within the file, from 1 */
} wr_told;

typedef struct wr_testimony {
    unsigned refs;
    char *name;  /* for people: where it comes from */
    char *whose; /* party or address that the operator calls the witness; NULL: not given */
    wr_testimony_kind kind;
    char *sha256;          /* of the file as it lies there, 64 hexadecimal digits; NULL where there is no file */
    uint64_t bytes;        /* of it */
    int64_t offset_us;     /* the operator says that the witness's clock is so much ahead of the capture's */
    GPtrArray *statements; /* wr_statement* */
    GPtrArray *told;       /* wr_told* */
    char *user_agent;      /* what the witness says it is; NULL: nothing */
    char *problem;         /* what is wrong with the file as a whole; NULL for nothing */
    GHashTable *legs;      /* their names, once each */
    uint64_t told_bytes, left_out;
} wr_testimony;

/* text: the file's bytes, hostile. Never NULL; the caller owns one reference. */
wr_testimony *wr_testimony_parse(const char *name, const char *text, size_t len);
/* The same from a file. One that cannot be read gives a testimony with a problem and no statements. */
wr_testimony *wr_testimony_read(const char *path);
wr_testimony *wr_testimony_ref(wr_testimony *t);
void wr_testimony_unref(wr_testimony *t); /* NULL is allowed */

/* When the witness's first and last words were said, by his clock. False when no time is stated. */
bool wr_testimony_span(const wr_testimony *t, int64_t *first_us, int64_t *last_us);

#endif
