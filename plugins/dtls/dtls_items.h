/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Items of the tree with the bytes they were read from. All are marked as generated, for Wireshark's own decode of the
 * same bytes stands beside them.
 */
#ifndef WR_DTLS_ITEMS_H
#define WR_DTLS_ITEMS_H

#include "dtls_plugin.h"

/* Bytes that an item shows; length 0: of what is concluded, none. */
typedef struct {
    tvbuff_t *tvb;
    int offset, length;
} bytes_shown;

/* Where everything of one event goes, and where the bytes are that it was read from. */
typedef struct {
    packet_info *pinfo;
    proto_tree *tree; /* NULL when nobody looks; expert infos are given all the same */
    bytes_shown all;  /* the datagram, or the decrypted record; tvb NULL: in no data source */
    bytes_shown body; /* of the event's handshake message; length 0: it has none, or not in one piece */
} place;

static inline bytes_shown none(const place *p)
{
    bytes_shown b = {p->all.tvb, p->all.offset, 0};

    return b;
}

static inline bytes_shown part(const place *p, bytes_shown whole, size_t offset, size_t length)
{
    if (whole.tvb == NULL || length == 0 || offset > (size_t)whole.length || length > (size_t)whole.length - offset)
        return none(p);
    whole.offset += (int)offset;
    whole.length = (int)length;
    return whole;
}

static inline bytes_shown in_all(const place *p, size_t offset, size_t length)
{
    return part(p, p->all, offset, length);
}

static inline bytes_shown in_body(const place *p, wr_span span)
{
    return part(p, p->body, span.offset, span.length);
}

/* A part of a part. */
static inline wr_span within(wr_span outer, wr_span inner)
{
    wr_span span = {outer.offset + inner.offset, outer.length != 0 ? inner.length : 0};

    return span;
}

static inline proto_item *generated(proto_item *item)
{
    proto_item_set_generated(item);
    return item;
}

static inline void add_text(const place *p, int field, bytes_shown b, const char *text)
{
    if (text != NULL)
        generated(proto_tree_add_string(p->tree, wr_dtls_hf[field], b.tvb, b.offset, b.length, text));
}

static inline void add_number(const place *p, int field, bytes_shown b, uint32_t number)
{
    generated(proto_tree_add_uint(p->tree, wr_dtls_hf[field], b.tvb, b.offset, b.length, number));
}

static inline void add_named(const place *p, int field, bytes_shown b, uint32_t number, const char *name)
{
    generated(proto_tree_add_uint_format_value(p->tree, wr_dtls_hf[field], b.tvb, b.offset, b.length, number, "%s (%u)",
                                               name != NULL ? name : "unknown", number));
}

static inline void add_suite(const place *p, int field, bytes_shown b, uint16_t suite)
{
    const char *name = wr_tls_suite_name(suite);

    generated(proto_tree_add_uint_format_value(p->tree, wr_dtls_hf[field], b.tvb, b.offset, b.length, suite,
                                               "%s (0x%04x)", name != NULL ? name : "unknown", suite));
}

static inline void add_flag(const place *p, int field, bytes_shown b, bool flag)
{
    if (flag)
        generated(proto_tree_add_boolean(p->tree, wr_dtls_hf[field], b.tvb, b.offset, b.length, 1));
}

static inline void add_bytes(const place *p, int field, bytes_shown b, const uint8_t *bytes, size_t n)
{
    if (n > 0) {
        generated(
            proto_tree_add_bytes_with_length(p->tree, wr_dtls_hf[field], b.tvb, b.offset, b.length, bytes, (int)n));
    }
}

static inline void add_profile(const place *p, int field, bytes_shown b, uint16_t profile)
{
    const char *name = wr_srtp_profile_name(profile);
    char number[8];

    g_snprintf(number, sizeof number, "0x%04x", profile);
    add_text(p, field, b, name != NULL ? name : number);
}

static inline void add_time(const place *p, int field, bytes_shown b, int64_t seconds)
{
    nstime_t time = {.secs = (time_t)seconds, .nsecs = 0};

    if (seconds != 0)
        generated(proto_tree_add_time(p->tree, wr_dtls_hf[field], b.tvb, b.offset, b.length, &time));
}

#endif
