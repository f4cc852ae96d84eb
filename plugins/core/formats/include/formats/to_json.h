/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Messages of other notations as the JSON values they correspond to, so that one walk finds what is in them:
 * MessagePack, CBOR, BSON, bencoding, Protocol Buffers without their schema, XML.
 *
 * All take linear time (Protocol Buffers: in bytes times nesting), and are bounded in nesting, values and what packed
 * values unpack to. A value that is neither text nor more values is left out.
 */
#ifndef WR_TO_JSON_H
#define WR_TO_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "formats/json_value.h"

#define WR_TO_JSON_MAX_BYTES    (4u << 20) /* of one message */
#define WR_TO_JSON_MAX_NESTING  32         /* of all but Protocol Buffers */
#define WR_PROTOBUF_MAX_NESTING 8
#define WR_TO_JSON_MAX_VALUES   (64u << 10)
#define WR_TO_JSON_MAX_INFLATED (1u << 20) /* all packed values of one message together */

/* Each gives a new object or array, or NULL when the bytes are not wholly of this notation, or beyond a bound; *bound
 * then says which of the two (it is left alone otherwise). json_object_put() the value. */

/* MessagePack: a map or array. Text keys alone are kept; a binary value is taken for text, packed text (gzip, zlib), or
 * left out. */
json_object *wr_msgpack_to_json(const uint8_t *bytes, size_t len, bool *bound);

/* CBOR (RFC 8949): likewise; tags are passed over, texts in pieces put together. */
json_object *wr_cbor_to_json(const uint8_t *bytes, size_t len, bool *bound);

/* BSON: a document; likewise. */
json_object *wr_bson_to_json(const uint8_t *bytes, size_t len, bool *bound);

/* Bencoding (BEP 3): a dictionary. */
json_object *wr_bencode_to_json(const uint8_t *bytes, size_t len, bool *bound);

/* Protocol Buffers: members are named by field numbers, several of one number are an array. A text that says offer,
 * answer or pranswer is named "type" instead, as a schema would. One byte that says the frame's type may stand before
 * the message. */
json_object *wr_protobuf_to_json(const uint8_t *bytes, size_t len, bool *bound);

/* XML as XMPP restricts it (RFC 6120 11.1): no entities but the five, nothing fetched. The root's attributes and
 * children are members of the object, as in every element; an element of text alone is a string. Names are without
 * prefixes. Elements "fingerprint" and "candidate" that have attributes stand in arrays "fingerprints" and
 * "candidates", as in colibri's JSON. */
json_object *wr_xml_to_json(const uint8_t *bytes, size_t len, bool *bound);

/* Adds a member, which takes value over; several of one name become an array, and so does a single one with
 * always_list. */
void wr_to_json_add(json_object *parent, const char *name, json_object *value, bool always_list);

/* Cheap: the bytes begin like one of these. */
bool wr_looks_like_msgpack(const uint8_t *bytes, size_t len);
bool wr_looks_like_cbor(const uint8_t *bytes, size_t len);
bool wr_looks_like_bson(const uint8_t *bytes, size_t len);
bool wr_looks_like_bencode(const uint8_t *bytes, size_t len);
bool wr_looks_like_protobuf(const uint8_t *bytes, size_t len);
bool wr_looks_like_xml(const uint8_t *bytes, size_t len);

#endif
