/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * STUN messages (RFC 8489), the ICE checks made of them (RFC 8445 7), TURN
 * (RFC 8656), and DTLS carried inside (attributes 0xC070, 0xC071).
 */
#ifndef WR_STUN_H
#define WR_STUN_H

#include "base/endpoint.h"
#include "base/span.h"

#define WR_STUN_HEADER    20
#define WR_STUN_TXID      12
#define WR_CHANNEL_HEADER 4

enum { WR_STUN_REQUEST = 0, WR_STUN_INDICATION = 1, WR_STUN_SUCCESS = 2, WR_STUN_ERROR = 3 };
enum {
    WR_STUN_BINDING = 0x001,
    WR_STUN_ALLOCATE = 0x003,
    WR_STUN_REFRESH = 0x004,
    WR_STUN_SEND = 0x006,
    WR_STUN_DATA = 0x007,
    WR_STUN_CREATE_PERMISSION = 0x008,
    WR_STUN_CHANNEL_BIND = 0x009,
    WR_STUN_CONNECT = 0x00A, /* RFC 6062 */
    WR_STUN_GOOG_PING = 0x080
};

/* Where in a message the attribute stands that a member of wr_stun was read from: the offset of its header; 0: in none.
 */
typedef struct {
    uint32_t mapped, peer, relayed, channel, error_code, fingerprint, use_candidate, controlling, controlled, dtls;
} wr_stun_places;

/* A view of a message: pointers go into the bytes given to wr_stun_parse(). */
typedef struct {
    const uint8_t *bytes;
    size_t length; /* of the whole message, header included */
    uint16_t method;
    uint8_t message_class;
    uint8_t txid[WR_STUN_TXID];
    const char *username; /* not NUL-terminated; NULL when absent */
    size_t username_length;
    size_t integrity_offset; /* of the MESSAGE-INTEGRITY attribute header in bytes; 0 when absent */
    bool has_realm, has_nonce, has_integrity, has_integrity_sha256, has_fingerprint, fingerprint_valid;
    bool has_longer_integrity; /* MESSAGE-INTEGRITY of 32 bytes, as MS-TURN has it; not has_integrity */
    bool use_candidate, controlling, controlled, ice_attributes /* PRIORITY or a role present */;
    uint16_t error_code; /* 300..699, 0 when absent */
    wr_endpoint mapped;  /* XOR-MAPPED-ADDRESS (or MAPPED-ADDRESS) */
    wr_endpoint peer;    /* XOR-PEER-ADDRESS, the first */
    wr_endpoint relayed; /* XOR-RELAYED-ADDRESS */
    uint16_t channel;    /* CHANNEL-NUMBER, 0 when absent */
    const uint8_t *data; /* DATA attribute (TURN) */
    size_t data_length;
    const uint8_t *dtls; /* DTLS in STUN, attribute 0xC070: a handshake flight's datagram */
    size_t dtls_length;
    const char *realm;
    size_t realm_length;
    const char *software;
    size_t software_length;
    wr_stun_places at;
    const char *problem; /* static sentence when attributes are broken, else NULL; what was read before it is kept */
} wr_stun;

/* bytes (len) begin a STUN message: top bits 0, magic cookie, length a multiple of 4 that fits.
 * Cheap; for choosing. */
bool wr_stun_looks_like(const uint8_t *bytes, size_t len);

/* A message of this method and class, WR_STUN_…. Cheap as well: attributes are not read. */
bool wr_stun_is(const uint8_t *bytes, size_t len, uint16_t method, uint8_t message_class);

/* An attribute 0xC070 stands in it, broken or not: whether reading it for DTLS is worthwhile. */
bool wr_stun_carries_dtls(const uint8_t *bytes, size_t len);

/* False when it is no STUN message (out is then zeroed). Trailing bytes behind the message are allowed. */
bool wr_stun_parse(const uint8_t *bytes, size_t len, wr_stun *out);

/* MESSAGE-INTEGRITY with a short-term credential (RFC 8489 14.5, RFC 8445 7.2.2): key is the
 * password itself. False when it is absent, or does not fit. */
bool wr_stun_integrity_valid(const uint8_t *message, size_t length, size_t integrity_offset, const char *password,
                             size_t password_length);

/* The value of the attribute whose header stands at this offset, one of wr_stun_places; length 0 for 0. */
wr_span wr_stun_value(const wr_stun *msg, uint32_t attribute);
/* The same with its header: of an attribute that says all by being there. */
wr_span wr_stun_attribute(const wr_stun *msg, uint32_t attribute);

/* Every XOR-PEER-ADDRESS of a message (CreatePermission may name many, RFC 8656 9.1). Start with *offset = 0; false at
 * the end. Those that cannot be read are passed over. */
bool wr_stun_next_peer(const wr_stun *msg, size_t *offset, wr_endpoint *out);

/* USERNAME of a connectivity check "RFRAG:LFRAG" (RFC 8445 7.2.2). New strings (g_free). False when there is no
 * colon or a half is empty. */
bool wr_stun_split_username(const wr_stun *msg, char **remote_ufrag, char **local_ufrag);

/* "Binding Request", "Allocate Success Response", …; static, "STUN" for the unknown. */
const char *wr_stun_name(uint16_t method, uint8_t message_class);

/* ChannelData (RFC 8656 12.4): channel 0x4000..0x4FFF and a length that fits len (UDP may pad to 4).
 * Fills *channel, *data, *data_length. */
bool wr_channel_data(const uint8_t *bytes, size_t len, uint16_t *channel, const uint8_t **data, size_t *data_length);

/* The same for a message of which only captured of its length bytes are at hand; the data begin behind the header. */
bool wr_channel_header(const uint8_t *bytes, size_t captured, size_t length, uint16_t *channel, size_t *data_length);

#endif
