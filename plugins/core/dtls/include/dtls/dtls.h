/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * DTLS 1.0, 1.2 (RFC 6347) and 1.3 (RFC 9147): records, handshake messages, and putting fragmented
 * ones together.
 */
#ifndef WR_DTLS_H
#define WR_DTLS_H

#include "base/endpoint.h"
#include "base/span.h"
#include "dtls/certificate.h"

#define WR_DTLS_RANDOM            32
#define WR_DTLS_MAX_MESSAGE       65536 /* a longer handshake message is reported, not put together */
#define WR_DTLS_MAX_SUITES        128
#define WR_DTLS_MAX_PROFILES      16
#define WR_DTLS_MAX_EVENTS        128                /* things read from one datagram; more are reported, not read */
#define WR_DTLS_MAX_ASSOCIATIONS  4096               /* flows with handshake buffers in one reader */
#define WR_DTLS_MAX_FLOW_MESSAGES 64                 /* messages kept for each direction of one */
#define WR_DTLS_MAX_BUFFERED      (32 * 1024 * 1024) /* bytes of all buffers in one reader */

#define WR_DTLS_1_0 0xfeff
#define WR_DTLS_1_2 0xfefd
#define WR_DTLS_1_3 0xfefc

/* Handshake message types (RFC 8446 B.3, RFC 5246 7.4, RFC 6347 4.3.2). */
enum {
    WR_HS_HELLO_REQUEST = 0,
    WR_HS_CLIENT_HELLO = 1,
    WR_HS_SERVER_HELLO = 2,
    WR_HS_HELLO_VERIFY_REQUEST = 3,
    WR_HS_NEW_SESSION_TICKET = 4,
    WR_HS_ENCRYPTED_EXTENSIONS = 8,
    WR_HS_CERTIFICATE = 11,
    WR_HS_SERVER_KEY_EXCHANGE = 12,
    WR_HS_CERTIFICATE_REQUEST = 13,
    WR_HS_SERVER_HELLO_DONE = 14,
    WR_HS_CERTIFICATE_VERIFY = 15,
    WR_HS_CLIENT_KEY_EXCHANGE = 16,
    WR_HS_FINISHED = 20,
    WR_HS_COMPRESSED_CERTIFICATE = 25
};

typedef enum {
    WR_DTLS_CLIENT_HELLO = 1,
    WR_DTLS_SERVER_HELLO, /* not a retry request */
    WR_DTLS_HELLO_VERIFY_REQUEST,
    WR_DTLS_HELLO_RETRY_REQUEST, /* RFC 9147 5.1: a ServerHello with the special random */
    WR_DTLS_CERTIFICATE,
    WR_DTLS_CERTIFICATE_REQUEST,
    WR_DTLS_SERVER_KEY_EXCHANGE,
    WR_DTLS_CLIENT_KEY_EXCHANGE,
    WR_DTLS_CERTIFICATE_VERIFY,
    WR_DTLS_SERVER_HELLO_DONE,
    WR_DTLS_ENCRYPTED_EXTENSIONS,
    WR_DTLS_FINISHED, /* readable only when decrypted */
    WR_DTLS_OTHER_HANDSHAKE,
    WR_DTLS_CHANGE_CIPHER_SPEC,
    WR_DTLS_ALERT,               /* in clear */
    WR_DTLS_ENCRYPTED_HANDSHAKE, /* content type 22, epoch > 0: Finished of 1.2 as a rule */
    WR_DTLS_ENCRYPTED_ALERT,     /* content type 21, epoch > 0 */
    WR_DTLS_APPLICATION_DATA,    /* content type 23 */
    WR_DTLS_ENCRYPTED_RECORD_13, /* unified header, RFC 9147 4 */
    WR_DTLS_PROBLEM,             /* something broken: see problem */
    WR_DTLS_FRAGMENT,            /* part of a handshake message that is not complete yet; for display */
    WR_DTLS_HEARTBEAT,           /* content type 24 in clear (RFC 6520); encrypted ones are not told */
    WR_DTLS_ACK                  /* content type 26 in clear (RFC 9147 7) */
} wr_dtls_kind;

/* Which bytes of the body of a handshake message the members of wr_dtls_event were read from. */
typedef struct {
    wr_span version; /* negotiated */
    wr_span random, session_id, cookie, compression;
    wr_span suites, profiles; /* two bytes each, one behind the other */
    wr_span mki_length, alpn, server_name, external_session_id, external_id_hash;
    wr_span ems, psk, ticket;    /* the extension with its header: that it is there is what it says */
    wr_span certificates, leaf;  /* the entries of the list; the first certificate */
    wr_span packed_certificates; /* instead of these two, where the message is compressed */
} wr_dtls_spans;

/* One thing read from DTLS. Owned by its maker; see wr_dtls_event_free(). */
typedef struct {
    wr_dtls_kind kind;
    bool decrypted;          /* came out of a decrypted data source */
    bool retransmission;     /* handshake message that was already complete with the same bytes */
    uint16_t record_version; /* 0xfeff, 0xfefd; 0 for a unified header */
    uint16_t epoch;          /* low two bits only for a unified header */
    uint16_t message_seq;
    /* hellos */
    uint16_t hello_version; /* legacy_version field */
    uint16_t negotiated;    /* server: 0xfeff, 0xfefd or 0xfefc after supported_versions; client: highest offered */
    uint8_t random[WR_DTLS_RANDOM];
    uint8_t session_id[32];
    uint8_t session_id_length;
    bool has_cookie;                     /* ClientHello */
    uint16_t suites[WR_DTLS_MAX_SUITES]; /* offered; [0] the chosen one for a server */
    uint16_t n_suites;
    uint16_t profiles[WR_DTLS_MAX_PROFILES]; /* use_srtp (RFC 5764 4.1.1), offered or [0] chosen */
    uint16_t n_profiles;
    /* has_ticket: client: it presents a ticket (not merely the empty extension); server: it will send one */
    bool has_use_srtp, has_ems, has_psk /* pre_shared_key, or the server's choice of it */, has_ticket;
    /* SHA-256 of the ticket (RFC 5077) that a ClientHello presents, or a NewSessionTicket of 1.2 brings. */
    bool has_ticket_digest;
    uint8_t ticket_digest[32];
    bool offers_13;          /* client: supported_versions holds 0xfefc */
    bool downgrade_sentinel; /* RFC 8446 4.1.3 at the end of the server random */
    char *alpn;              /* first protocol, NULL when absent */
    char *server_name;
    /* Certificate */
    wr_certificate *leaf; /* NULL for an empty list */
    unsigned n_certificates;
    /* Alert */
    uint8_t alert_level, alert_description;
    /* whole body of a handshake message, without its header; else NULL */
    uint8_t *body;
    size_t body_length;
    const char *problem;    /* static sentence, WR_DTLS_PROBLEM or remarks on others; else NULL */
    bool cut;               /* problem: the capture cut the packet, nobody did anything wrong */
    bool restarted;         /* fragments seen before with this message_seq contradict this one */
    size_t offset;          /* of the record, or of the handshake fragment, in the datagram it was read from */
    size_t size;            /* of the same with its header, as far as it is there */
    size_t record_offset;   /* of the record that it was read from; 0 for a decrypted one */
    size_t content_offset;  /* of what stands in it behind the header */
    wr_dtls_spans at;       /* in body */
    uint64_t record_number; /* epoch and sequence number of a record with the plain header, as in it; else 0 */
    uint16_t record_length; /* as its header says, or the rest of the datagram */
    bool has_connection_id; /* record with a connection id (RFC 9146, RFC 9147 9): its inner type is hidden */
    uint8_t handshake_type; /* of all handshake kinds, also WR_DTLS_FRAGMENT */
    uint32_t message_length, fragment_offset, fragment_length;
    uint8_t compression; /* chosen by a server; 0 none */
    bool suites_cut;     /* more suites offered than WR_DTLS_MAX_SUITES */
    uint8_t mki_length;  /* of use_srtp */
    /* RFC 8844; new memory or NULL */
    uint8_t *external_session_id, *external_id_hash;
    uint8_t external_session_id_length, external_id_hash_length;
    /* Chosen by a server (RFC 7250): its own, or the client's, certificate is a bare public key. */
    bool server_raw_key, client_raw_key;
    bool raw_key; /* a Certificate message that holds such a key */
    /* Encrypted records of 1.2: what an AEAD suite would have as explicit nonce (RFC 5288 3, RFC 6655 3). */
    bool has_nonce;
    uint64_t nonce, sequence; /* sequence: epoch and sequence number of the record, 8 bytes as in its header */
    uint32_t mark;            /* of the ciphertext behind: tells records apart */
    /* Encrypted handshake record: its content, new memory; NULL when the capture cut it. */
    uint8_t *sealed;
    size_t sealed_length;
    bool overread; /* heartbeat: asks for more than it brought (CVE-2014-0160) */
} wr_dtls_event;

void wr_dtls_event_free(wr_dtls_event *e); /* NULL is allowed */

/* A whole handshake message in clear, read once more: body (len) is what follows its header, type a HandshakeType.
 * Never NULL; what cannot be read is WR_DTLS_PROBLEM. The caller frees it. */
wr_dtls_event *wr_dtls_event_of_message(uint8_t type, const uint8_t *body, size_t len);

/* Fragment buffers of one capture. Bounded in number (oldest forgotten first) and bytes. */
typedef struct wr_dtls_reader wr_dtls_reader;
wr_dtls_reader *wr_dtls_reader_new(void);
void wr_dtls_reader_free(wr_dtls_reader *r);
/* How often the bound was reached and a buffer was given up. */
unsigned wr_dtls_reader_dropped(const wr_dtls_reader *r);

/* bytes begin something that looks like DTLS: a plaintext-header record of a known type, version 0xfe??, and a
 * length that fits (or is cut by capture length), or, when lax is set, a unified header (first byte 001xxxxx). */
bool wr_dtls_looks_like(const uint8_t *bytes, size_t len, bool lax);

/* Reads one datagram (bytes, len) that went from src to dst; channel tells apart several associations inside
 * one TURN allocation (0 outside). Appends wr_dtls_event* to out (GPtrArray; the caller owns them), in order.
 * captured < len on the wire is said by truncated. Never fails; broken input gives WR_DTLS_PROBLEM.
 * r may be NULL: handshake messages in clear are then passed over, all else is read. */
void wr_dtls_read_datagram(wr_dtls_reader *r, const wr_endpoint *src, const wr_endpoint *dst, uint32_t channel,
                           const uint8_t *bytes, size_t len, bool truncated, GPtrArray *out);

/* Reads decrypted handshake bytes (DTLS handshake headers included), as Wireshark's "Decrypted DTLS" data source
 * holds them. The same events, with decrypted set. */
void wr_dtls_read_decrypted(wr_dtls_reader *r, const wr_endpoint *src, const wr_endpoint *dst, uint32_t channel,
                            const uint8_t *bytes, size_t len, GPtrArray *out);

/* "DTLS 1.2" for 0xfefd, …; static. */
const char *wr_dtls_version_name(uint16_t version);
/* One of these n numbers (suites or profiles of a hello) is the wanted one. */
bool wr_dtls_list_has(const uint16_t *list, unsigned n, uint16_t wanted);
/* IANA names, NULL when unknown (then print the number). Static. */
const char *wr_tls_suite_name(uint16_t suite);
const char *wr_srtp_profile_name(uint16_t profile);
const char *wr_tls_alert_name(uint8_t description);
const char *wr_dtls_kind_name(wr_dtls_kind kind);
const char *wr_tls_handshake_name(uint8_t type);
/* Suite without encryption. */
bool wr_tls_suite_is_null(uint16_t suite);

/* What a suite of 1.2 and before authenticates by; CERTIFICATE where its name is not known. */
typedef enum {
    WR_SUITE_CERTIFICATE = 0,
    WR_SUITE_ANONYMOUS,           /* by nothing (RFC 5246 F.1.1.1) */
    WR_SUITE_PRE_SHARED_KEY,      /* RFC 4279: neither side has a certificate */
    WR_SUITE_PASSWORD,            /* SRP (RFC 5054), TLS-PWD (RFC 8492), J-PAKE: neither side has a certificate */
    WR_SUITE_KEY_AND_CERTIFICATE, /* the server has one as well */
} wr_suite_authentication;
wr_suite_authentication wr_tls_suite_authentication(uint16_t suite);
/* What was recorded cannot be opened with a key that is stolen later. True where the name is not known. */
bool wr_tls_suite_has_forward_secrecy(uint16_t suite);
/* Bytes by which an AEAD suite makes a record of 1.2 longer than its content; 0 for other suites. */
unsigned wr_tls_suite_overhead(uint16_t suite);

bool wr_srtp_profile_is_null(uint16_t profile);

/* Longest run of handshake messages that a client's signature is verified over. */
#define WR_DTLS_MAX_TRANSCRIPT (64u * 1024)

/* RFC 5246 7.4.3: the signature in a ServerKeyExchange body over both randoms by the leaf's key. */
typedef enum { WR_POSSESSION_UNKNOWN = 0, WR_POSSESSION_PROVED, WR_POSSESSION_INVALID } wr_possession;
wr_possession wr_dtls_server_possession(const wr_certificate *leaf, const uint8_t client_random[WR_DTLS_RANDOM],
                                        const uint8_t server_random[WR_DTLS_RANDOM], uint16_t version, uint16_t suite,
                                        const uint8_t *body, size_t body_length);
/* RFC 5246 7.4.8, RFC 6347 4.2.6: the signature in a CertificateVerify body over all messages of the handshake before
 * it, by the leaf's key. transcript: these messages, each with its header as if it had come in one fragment. */
wr_possession wr_dtls_client_possession(const wr_certificate *leaf, uint16_t version, const uint8_t *transcript,
                                        size_t length, const uint8_t *body, size_t body_length);
/* RFC 8446 4.4.3: the signature in a CertificateVerify body of DTLS 1.3, by the leaf's key, over the digest
 * (digest_length bytes) of all messages before it, as that side signs it. UNKNOWN where the digest is empty, or the
 * scheme is none of 1.3. */
wr_possession wr_dtls_13_possession(const wr_certificate *leaf, bool by_server, const uint8_t *digest,
                                    size_t digest_length, const uint8_t *body, size_t body_length);

#endif
