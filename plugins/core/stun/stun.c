/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads STUN messages (RFC 8489 5, 14) with the attributes of ICE (RFC 8445 16.1) and TURN (RFC 8656 18).
 *
 *     byte 0               2         4               8                        20
 *          +---------------+---------+---------------+------------------------+------------+- - -
 *          | 0 0 and type  | length  | cookie        | transaction id         | attributes: length bytes
 *          +---------------+---------+---------------+------------------------+------------+- - -
 *     type: class in bits 4 and 8, method in the others           cookie: 21 12 a4 42
 *
 *     each attribute   | type 2 | length 2 | value: length bytes | zeros up to a multiple of 4 |; all of the message
 *     is attributes, and each value that is read here is used up.
 *
 *     header   attributes …   MESSAGE-INTEGRITY   MESSAGE-INTEGRITY-SHA256   FINGERPRINT
 *     |<--- HMAC-SHA1 ------->|                                                           RFC 8489 14.5
 *     |<--- HMAC-SHA256 ------------------------->|                                       RFC 8489 14.6
 *     |<--- CRC-32 ---------------------------------------------------------->|           RFC 8489 14.7
 *     Both digests are made of a header whose length ends behind their own attribute, and so is the checksum, whose
 *     end is that of the message. What stands behind a digest is not covered by it, so it is not read; without one,
 *     nothing is covered. The key of a check is the password of whom it is sent to (RFC 8445 7.2.2).
 */
#include "stun/stun.h"

#include "reader.h"

#include <string.h>

enum {
    ATTR_MAPPED_ADDRESS = 0x0001,
    ATTR_USERNAME = 0x0006,
    ATTR_MESSAGE_INTEGRITY = 0x0008,
    ATTR_ERROR_CODE = 0x0009,
    ATTR_CHANNEL_NUMBER = 0x000C,
    ATTR_XOR_PEER_ADDRESS = 0x0012,
    ATTR_DATA = 0x0013,
    ATTR_REALM = 0x0014,
    ATTR_NONCE = 0x0015,
    ATTR_XOR_RELAYED_ADDRESS = 0x0016,
    ATTR_MESSAGE_INTEGRITY_SHA256 = 0x001C,
    ATTR_XOR_MAPPED_ADDRESS = 0x0020,
    ATTR_PRIORITY = 0x0024,
    ATTR_USE_CANDIDATE = 0x0025,
    ATTR_SOFTWARE = 0x8022,
    ATTR_FINGERPRINT = 0x8028,
    ATTR_ICE_CONTROLLED = 0x8029,
    ATTR_ICE_CONTROLLING = 0x802A
};

/* RFC 8489 14.3, 14.9, 14.10, 14.14: what the text attributes may hold at most. */
#define MAX_USERNAME 508
#define MAX_TEXT     763

/* One attribute as it stands in the message. */
typedef struct {
    uint16_t type;
    const uint8_t *value;
    size_t length;
    size_t offset; /* of its header */
} attribute;

/* What has been met on the way; the first of a kind counts (RFC 8489 14). */
typedef struct {
    wr_stun *out;
    bool seen_xor_mapped, seen_fingerprint;
} reading;

static void say(wr_stun *out, const char *problem)
{
    if (out->problem == NULL)
        out->problem = problem;
}

/* RFC 8489 14.1, 14.2: 0, family (1 or 2), port 2, address 4 or 16; masked where the attribute is called XOR-…. */
static wr_endpoint read_address(reading *r, const attribute *a, bool masked)
{
    uint8_t raw[16];
    size_t len;
    uint16_t port;

    if (a->length == 8 && a->value[1] == 1) {
        len = 4;
    } else if (a->length == 20 && a->value[1] == 2) {
        len = 16;
    } else {
        say(r->out, "An address attribute is neither IPv4 in 8 bytes nor IPv6 in 20 bytes");
        return wr_endpoint_none();
    }
    port = wr_stun_u16(a->value + 2);
    memcpy(raw, a->value + 4, len);
    if (masked) {
        /* The mask is the magic cookie and the transaction identifier, side by side in the header. */
        port ^= wr_stun_u16(r->out->bytes + 4);
        for (size_t i = 0; i < len; i++)
            raw[i] ^= r->out->bytes[4 + i];
    }
    return wr_endpoint_from_bytes(raw, len, port);
}

static void read_text(reading *r, const attribute *a, size_t most, const char **text, size_t *length)
{
    if (*text != NULL)
        return;
    if (a->length > most)
        say(r->out, "A text attribute is longer than RFC 8489 allows");
    *text = (const char *)a->value;
    *length = a->length;
}

static bool has_length(reading *r, const attribute *a, size_t length)
{
    if (a->length == length)
        return true;
    say(r->out, "An attribute of fixed length has another length");
    return false;
}

/* RFC 8489 14.8: two bytes of zeros, hundreds, the rest of the number, a phrase for people. */
static void read_error_code(reading *r, const attribute *a)
{
    unsigned hundreds, rest;

    if (a->length < 4) {
        say(r->out, "ERROR-CODE is shorter than 4 bytes");
        return;
    }
    hundreds = a->value[2] & 7;
    rest = a->value[3];
    if (hundreds < 3 || hundreds > 6 || rest > 99) {
        say(r->out, "ERROR-CODE is outside of 300 to 699");
    } else if (r->out->error_code == 0) {
        r->out->error_code = (uint16_t)(hundreds * 100 + rest);
        r->out->at.error_code = (uint32_t)a->offset;
    }
}

/* [MS-TURN] 3.1.9 has a longer one, an HMAC-SHA256 over other bytes: it is there, and is not verified here. */
#define LONGER_INTEGRITY 32

/* RFC 8489 14.5 */
static void read_integrity(reading *r, const attribute *a)
{
    if (r->out->has_integrity)
        return;
    if (a->length == LONGER_INTEGRITY) {
        r->out->has_longer_integrity = true;
        return;
    }
    if (has_length(r, a, WR_STUN_INTEGRITY)) {
        r->out->has_integrity = true;
        r->out->integrity_offset = a->offset;
    }
}

/* RFC 8489 14.7 */
static void read_fingerprint(reading *r, const attribute *a)
{
    r->seen_fingerprint = true;
    r->out->has_fingerprint = true;
    r->out->at.fingerprint = (uint32_t)a->offset;
    if (has_length(r, a, 4)) {
        uint32_t sent = (uint32_t)wr_stun_u16(a->value) << 16 | wr_stun_u16(a->value + 2);
        r->out->fingerprint_valid = wr_stun_fingerprint(r->out->bytes, a->offset) == sent;
    }
}

static void read_data(const attribute *a, const uint8_t **data, size_t *length)
{
    if (*data == NULL) {
        *data = a->value;
        *length = a->length;
    }
}

static void take_address(reading *r, const attribute *a, bool masked, wr_endpoint *address, uint32_t *place)
{
    *address = read_address(r, a, masked);
    *place = (uint32_t)a->offset;
}

/* Addresses: the first of each kind, and the masked form before the plain one. */
static bool read_address_attribute(reading *r, const attribute *a)
{
    wr_stun *out = r->out;

    switch (a->type) {
    case ATTR_MAPPED_ADDRESS:
        if (!wr_endpoint_known(&out->mapped))
            take_address(r, a, false, &out->mapped, &out->at.mapped);
        return true;
    case ATTR_XOR_MAPPED_ADDRESS:
        if (!r->seen_xor_mapped) {
            r->seen_xor_mapped = true;
            take_address(r, a, true, &out->mapped, &out->at.mapped);
        }
        return true;
    case ATTR_XOR_PEER_ADDRESS:
        if (!wr_endpoint_known(&out->peer))
            take_address(r, a, true, &out->peer, &out->at.peer);
        return true;
    case ATTR_XOR_RELAYED_ADDRESS:
        if (!wr_endpoint_known(&out->relayed))
            take_address(r, a, true, &out->relayed, &out->at.relayed);
        return true;
    default:
        return false;
    }
}

/* An attribute that says what it says by being there. */
static void note_presence(reading *r, const attribute *a, size_t length, bool *present, uint32_t *place)
{
    if (has_length(r, a, length) && !*present) {
        *present = true;
        *place = (uint32_t)a->offset;
    }
}

static void read_ice_attribute(reading *r, const attribute *a)
{
    wr_stun *out = r->out;

    switch (a->type) {
    case ATTR_PRIORITY: /* RFC 8445 16.1, as the next three */
        out->ice_attributes |= has_length(r, a, 4);
        break;
    case ATTR_USE_CANDIDATE:
        note_presence(r, a, 0, &out->use_candidate, &out->at.use_candidate);
        break;
    case ATTR_ICE_CONTROLLED:
        note_presence(r, a, 8, &out->controlled, &out->at.controlled);
        out->ice_attributes |= out->controlled;
        break;
    case ATTR_ICE_CONTROLLING:
        note_presence(r, a, 8, &out->controlling, &out->at.controlling);
        out->ice_attributes |= out->controlling;
        break;
    case WR_STUN_DTLS_ATTRIBUTE: /* DTLS in STUN: all of it is a datagram */
        if (out->dtls == NULL)
            out->at.dtls = (uint32_t)a->offset;
        read_data(a, &out->dtls, &out->dtls_length);
        break;
    default:
        break; /* unknown ones are nobody's fault */
    }
}

static void read_attribute(reading *r, const attribute *a)
{
    wr_stun *out = r->out;

    if (read_address_attribute(r, a))
        return;
    switch (a->type) {
    case ATTR_USERNAME:
        read_text(r, a, MAX_USERNAME, &out->username, &out->username_length);
        break;
    case ATTR_REALM:
        out->has_realm = true;
        read_text(r, a, MAX_TEXT, &out->realm, &out->realm_length);
        break;
    case ATTR_NONCE:
        if (a->length > MAX_TEXT)
            say(out, "A text attribute is longer than RFC 8489 allows");
        out->has_nonce = true;
        break;
    case ATTR_SOFTWARE:
        read_text(r, a, MAX_TEXT, &out->software, &out->software_length);
        break;
    case ATTR_MESSAGE_INTEGRITY:
        read_integrity(r, a);
        break;
    case ATTR_MESSAGE_INTEGRITY_SHA256: /* RFC 8489 14.6: may be cut, to no less than 16 bytes */
        if (a->length < 16 || a->length > 32 || a->length % 4 != 0)
            say(out, "MESSAGE-INTEGRITY-SHA256 is not 16 to 32 bytes, in steps of 4");
        out->has_integrity_sha256 = true;
        break;
    case ATTR_FINGERPRINT:
        read_fingerprint(r, a);
        break;
    case ATTR_ERROR_CODE:
        read_error_code(r, a);
        break;
    case ATTR_CHANNEL_NUMBER: /* RFC 8656 18.1: the number, two bytes of zeros */
        if (out->channel == 0 && has_length(r, a, 4)) {
            out->channel = wr_stun_u16(a->value);
            out->at.channel = (uint32_t)a->offset;
        }
        break;
    case ATTR_DATA: /* RFC 8656 18.4: all of it is a datagram */
        read_data(a, &out->data, &out->data_length);
        break;
    default:
        read_ice_attribute(r, a);
        break;
    }
}

/* RFC 8489 14.5, 14.6, 14.7: nothing but these may follow, for nothing else is covered. */
static bool may_stand_here(const reading *r, uint16_t type)
{
    if (r->seen_fingerprint)
        return false;
    if (type == ATTR_FINGERPRINT)
        return true;
    if (r->out->has_integrity_sha256)
        return false;
    return !r->out->has_integrity || type == ATTR_MESSAGE_INTEGRITY_SHA256;
}

static void read_attributes(reading *r)
{
    const uint8_t *bytes = r->out->bytes;
    size_t end = r->out->length, offset = WR_STUN_HEADER;

    while (offset < end) {
        attribute a;

        if (end - offset < WR_STUN_ATTRIBUTE_HEADER) {
            say(r->out, "Less than an attribute's header is left");
            return;
        }
        a.type = wr_stun_u16(bytes + offset);
        a.length = wr_stun_u16(bytes + offset + 2);
        a.value = bytes + offset + WR_STUN_ATTRIBUTE_HEADER;
        a.offset = offset;
        if (a.length > end - offset - WR_STUN_ATTRIBUTE_HEADER) {
            say(r->out, "An attribute is longer than the message");
            return;
        }
        if (may_stand_here(r, a.type))
            read_attribute(r, &a);
        else
            say(r->out, "An attribute stands behind the integrity or fingerprint that should cover it; it is ignored");
        /* The end lies on a multiple of 4 from here, so the padding cannot pass it. */
        offset += WR_STUN_ATTRIBUTE_HEADER + ((a.length + 3) & ~(size_t)3);
    }
}

bool wr_stun_parse(const uint8_t *bytes, size_t len, wr_stun *out)
{
    reading r = {.out = out};
    uint16_t type;

    memset(out, 0, sizeof *out);
    if (!wr_stun_looks_like(bytes, len))
        return false;
    type = wr_stun_u16(bytes);
    out->bytes = bytes;
    out->length = (size_t)WR_STUN_HEADER + wr_stun_u16(bytes + 2);
    out->method = wr_stun_method(type);
    out->message_class = wr_stun_class(type);
    memcpy(out->txid, bytes + 8, WR_STUN_TXID);
    read_attributes(&r);
    return true;
}

wr_span wr_stun_attribute(const wr_stun *msg, uint32_t at)
{
    if (at == 0)
        return (wr_span){0, 0};
    return wr_span_of(msg->bytes, msg->bytes + at, WR_STUN_ATTRIBUTE_HEADER + (size_t)wr_stun_u16(msg->bytes + at + 2));
}

wr_span wr_stun_value(const wr_stun *msg, uint32_t at)
{
    wr_span span = wr_stun_attribute(msg, at);

    if (at != 0) {
        span.offset += WR_STUN_ATTRIBUTE_HEADER;
        span.length -= WR_STUN_ATTRIBUTE_HEADER;
    }
    return span;
}

bool wr_stun_next_peer(const wr_stun *msg, size_t *offset, wr_endpoint *out)
{
    wr_stun view = *msg;
    reading r = {.out = &view};
    size_t at = MAX(*offset, (size_t)WR_STUN_HEADER);

    while (msg->bytes != NULL && at + WR_STUN_ATTRIBUTE_HEADER <= msg->length) {
        attribute a = {.type = wr_stun_u16(msg->bytes + at),
                       .length = wr_stun_u16(msg->bytes + at + 2),
                       .value = msg->bytes + at + WR_STUN_ATTRIBUTE_HEADER,
                       .offset = at};
        if (a.length > msg->length - at - WR_STUN_ATTRIBUTE_HEADER)
            return false;
        at += WR_STUN_ATTRIBUTE_HEADER + ((a.length + 3) & ~(size_t)3);
        if (a.type != ATTR_XOR_PEER_ADDRESS)
            continue;
        *out = read_address(&r, &a, true);
        if (wr_endpoint_known(out)) {
            *offset = at;
            return true;
        }
    }
    *offset = msg->length;
    return false;
}

bool wr_stun_split_username(const wr_stun *msg, char **remote_ufrag, char **local_ufrag)
{
    const char *colon;
    size_t left, right;

    *remote_ufrag = *local_ufrag = NULL;
    if (msg->username == NULL || msg->username_length == 0)
        return false;
    colon = memchr(msg->username, ':', msg->username_length);
    if (colon == NULL || !g_utf8_validate_len(msg->username, msg->username_length, NULL))
        return false;
    left = (size_t)(colon - msg->username);
    right = msg->username_length - left - 1;
    if (left == 0 || right == 0)
        return false;
    *remote_ufrag = g_strndup(msg->username, left);
    *local_ufrag = g_strndup(colon + 1, right);
    return true;
}
