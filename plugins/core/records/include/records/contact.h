/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is kept of remarks (evidence/remark.h): for a client host and a server, what HTTP heads and messages between
 * them showed; pages and their policies; payloads for push services; TLS that is too weak.
 */
#ifndef WR_CONTACT_H
#define WR_CONTACT_H

#include "base/index.h"
#include "evidence/remark.h"
#include "records/leg.h"

#define WR_MAX_CONTACTS 50000
#define WR_MAX_PAGES    2000
#define WR_MAX_PUSHES   2000
#define WR_MAX_WEAK_TLS 50000
#define WR_MAX_DISORDER 4096 /* connections with segments in the wrong order */

/* One client host at one server. Strings are interned. */
typedef struct {
    uint32_t request_frame; /* the first request; 0 when none was seen */
    uint32_t user_agent_frame;
    const char *host, *origin, *user_agent;
    const char *credential; /* where the first credential stood; NULL when none was seen */
    uint32_t credential_frame, credential_mark;
    const char *turn; /* path of a TURN credential that was handed out; NULL for none */
    uint32_t turn_frame, turn_mark;
    int64_t turn_expires_s, turn_us;
    bool credential_clear, turn_clear;
    bool is_proxied; /* the requests came through a reverse proxy */
    bool secret_target;
} wr_contact;

/* A page whose head says what it may do. */
typedef struct {
    uint32_t frame;
    int64_t time_us;
    wr_endpoint client;
    const char *host;
    bool denies_camera, denies_microphone, denies_display, names_encrypted_media, blocks_webrtc;
    const char *connect; /* connect-src */
} wr_page;

typedef struct {
    uint32_t frame;
    const char *service, *keys;
    bool protected_transport;
} wr_push;

typedef struct {
    uint16_t version, suite;
    uint32_t frame;
    uint32_t other_frame; /* a ServerHello of the same connection that says otherwise; 0 for none */
} wr_weak_tls;

/* A connection whose segments were captured in the wrong order. */
typedef struct {
    uint32_t frame; /* the first that came late */
    wr_endpoint src, dst;
} wr_disorder;

typedef struct wr_contacts {
    wr_index *by_ends;    /* client host and server -> wr_contact, owned */
    GPtrArray *pages;     /* wr_page* */
    GPtrArray *pushes;    /* wr_push* */
    GHashTable *weak_tls; /* connection -> wr_weak_tls */
    GHashTable *disorder; /* connection -> wr_disorder */
} wr_contacts;

wr_contacts *wr_contacts_new(void);

void wr_contacts_free(wr_contacts *c);

/* NULL when nothing was seen between them. */
const wr_contact *wr_contact_of(const wr_engine *e, const wr_leg *leg);

const wr_weak_tls *wr_weak_tls_of(const wr_engine *e, uint32_t connection);

/* NULL where none was seen. */
const wr_disorder *wr_disorder_of(const wr_engine *e, uint32_t connection);

/* Key in by_ends. */
uint64_t wr_contact_key(const wr_endpoint *client, const wr_endpoint *server);

/* A version before 1.2, or a suite without encryption, without authentication, of export strength, or RC4. */
bool wr_tls_is_old(uint16_t version);

bool wr_tls_suite_is_broken(uint16_t suite);

#endif
