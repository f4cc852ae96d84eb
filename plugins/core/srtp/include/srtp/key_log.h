/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Key logs in the format that NSS began (RFC 9850): lines "LABEL client_random secret" in hexadecimal. Of each
 * handshake the two secrets are kept that keys of media come from. Lines that are none are counted and the first is
 * named; other labels of the format are passed over.
 *
 *     CLIENT_RANDOM   <32 bytes> <48 bytes>          master secret, TLS 1.2 and before
 *     EXPORTER_SECRET <32 bytes> <32 or 48 bytes>    exporter_secret, TLS 1.3 (RFC 8446 7.1)
 */
#ifndef WR_KEY_LOG_H
#define WR_KEY_LOG_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WR_KEY_LOG_RANDOM     32
#define WR_KEY_LOG_MASTER     48
#define WR_KEY_LOG_MAX_SECRET 64
#define WR_KEY_LOG_MAX        262144 /* handshakes kept; what comes later is counted as dropped */

typedef enum { WR_SECRET_MASTER = 0 /* CLIENT_RANDOM */, WR_SECRET_EXPORTER /* EXPORTER_SECRET */ } wr_secret_kind;

typedef struct {
    uint8_t bytes[WR_KEY_LOG_MAX_SECRET];
    uint8_t length; /* 0: none */
} wr_secret;

typedef struct wr_key_log wr_key_log;

wr_key_log *wr_key_log_new(void);
void wr_key_log_free(wr_key_log *log); /* NULL is allowed; secrets are wiped */

/* Reads lines; text need not end with one, and what has no end of line is read as a line. May be called again with
 * more: of two secrets for one random the first stays. */
void wr_key_log_read(wr_key_log *log, const char *text, size_t len);

/* The secret of the handshake with this client random; NULL for none. Borrowed until something is read. */
const wr_secret *wr_key_log_find(const wr_key_log *log, const uint8_t client_random[WR_KEY_LOG_RANDOM],
                                 wr_secret_kind kind);

/* What was read so far. Lines count from 1, over all calls. */
typedef struct {
    unsigned lines, handshakes;
    unsigned other;        /* labels of the format that are not needed here */
    unsigned broken;       /* a label that is needed, but random or secret are cut, too long or no hexadecimal digits */
    unsigned foreign;      /* nothing of the format */
    unsigned contradicted; /* another secret for a random that had one */
    unsigned dropped;      /* beyond WR_KEY_LOG_MAX */
    unsigned first_bad;    /* number of the first broken, foreign or contradicted line, 0 for none */
} wr_key_log_counts;
const wr_key_log_counts *wr_key_log_count(const wr_key_log *log);

#endif
