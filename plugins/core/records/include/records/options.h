/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the operator knows and the capture does not show, and bounds.
 */
#ifndef WR_OPTIONS_H
#define WR_OPTIONS_H

#include "base/endpoint.h"
#include "records/types.h"
#include "sdp/fingerprint.h"
#include "srtp/key_log.h"

/* What the operator knows, and bounds. Zero-initialise, then set. */
typedef struct {
    /* Certificates (as fingerprints) and hosts of servers known to end the encryption: TERMINATED-BY-DECLARED. */
    const wr_fingerprint *declared_fingerprints;
    unsigned n_declared_fingerprints;
    const wr_endpoint *declared_hosts; /* ports ignored */
    unsigned n_declared_hosts;
    /* Fingerprints that a party is known to have from outside the capture. */
    struct wr_expected {
        const char *party;
        wr_fingerprint fingerprint;
    } const *expected;
    unsigned n_expected;
    bool peer_to_peer_expected; /* no server is supposed to end the encryption */
    /* The secret of the handshake with this client random, by a key log; false for none. NULL: there is no key log. */
    bool (*find_secret)(const uint8_t client_random[WR_KEY_LOG_RANDOM], wr_secret_kind kind, wr_secret *out);
    /* What was read of key logs so far, and where from: borrowed, valid while it is looked at. NULL: nothing to say. */
    const wr_key_log_counts *(*key_log_counts)(const char **name);
    bool keys_given;     /* a key log is configured; only for wording */
    bool speech_pattern; /* tell when packet sizes follow speech (RTP-13) */
    /* statements/testimony.h: what is said of calls outside of the capture; references are taken */
    struct wr_testimony *const *testimonies;
    unsigned n_testimonies;
    uint64_t max_bytes; /* memory that all records may take, by estimate; 0: the built-in bound */
    const char *oldest; /* oldest acceptable versions: "Chrome 120, Firefox 115"; NULL for none */
} wr_options;

#endif
