/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Private to find.c and its parts: the walk through a JSON text with its path, what surrounds the place where
 * something was found, and adding a hit.
 */
#ifndef WR_JSON_WALK_H
#define WR_JSON_WALK_H

#include "connection/dialogue.h"
#include "dialects/dialect.h"
#include "dialects/generic_names.h"
#include "find/envelope.h"
#include "find/find.h"
#include "formats/json_value.h"
#include "formats/unwrap.h"

#define WR_FIND_MAX_PATH      512         /* bytes of a path that are kept */
#define WR_FIND_MAX_DOCUMENTS 8192        /* JSON texts of one message, nested ones included */
#define WR_FIND_MAX_EXPANSION (32u << 20) /* bytes that decoding base64, gzip and forms may make, of one message */

/* An object or array on the way from the message to the place being looked at, across nested texts. */
typedef struct wr_level {
    struct wr_level *up; /* NULL for the outermost */
    const json_object *value;
    const char *event;        /* of a Socket.IO or Phoenix array, else NULL */
    const json_object *topic; /* of a Phoenix array, else NULL */
    const char *key;          /* by which `up` holds it; NULL in arrays and for roots */
    wr_framing framing;       /* of the text whose root this is, else of the levels above */
    bool taken;               /* within a Jingle description that was taken as a whole */
    bool native;              /* its shape was already taken by the level above */
    /* Found out when first asked for; strings belong to the finder. */
    bool resolved;
    wr_names names;
    const wr_dialect *dialect;
    const struct wr_level *message; /* the level that dialect recognised */
    const char *call, *from, *to, *nick;
    bool plain_name;             /* the nick is called "name" */
    wr_sender sender;            /* how sure `from` is */
    const char *caller, *callee; /* roles in the call */
} wr_level;

typedef enum {
    WR_ORIGIN_MESSAGE = 0, /* the message itself: offsets of problems are known */
    WR_ORIGIN_STRING,      /* a JSON string */
    WR_ORIGIN_MADE         /* unpacked out of something */
} wr_origin;

typedef struct wr_finder {
    /* Searches what was found in, or made of, something: wr_find_in_whole() for all that bytes may be,
     * wr_find_in_bytes() for JSON and wrappings. Asked for here, because what they find calls them again. */
    bool (*whole)(struct wr_finder *f, wr_level *at, const uint8_t *bytes, size_t len, wr_origin origin);
    bool (*texts)(struct wr_finder *f, wr_level *at, const uint8_t *bytes, size_t len, wr_origin origin);
    wr_find_result *result;
    const wr_find_hints *hints;
    GString *path;
    GStringChunk *strings;
    size_t expansion;        /* bytes that may still be made */
    unsigned unwraps;        /* how deep nested texts stand */
    unsigned documents;      /* JSON texts read so far */
    bool full;               /* no more hits */
    const json_object *last; /* object of the last hit with a text; only to be compared */
    wr_envelope_head head;   /* what a binary header says */
    const uint8_t *prefix;   /* what stands before the text that is being read */
    size_t prefix_len;
    char *exchange; /* id of the request or answer that is being read; NULL: it has none */
    bool answers;
    wr_asked *asked; /* what it answers, when that is known */
} wr_finder;

/* walk.c */
/* Looks through root and all in it; up and key tell where it stands. */
void wr_walk_root(wr_finder *f, json_object *root, wr_level *up, wr_framing framing);
/* Text that is no JSON: tries what a string may be. */
bool wr_walk_text(wr_finder *f, wr_level *at, const char *text, size_t len);

/* find.c */
/* Looks for JSON texts and their wrappings in bytes. True when anything was found. */
bool wr_find_in_bytes(wr_finder *f, wr_level *at, const uint8_t *bytes, size_t len, wr_origin origin);
/* The same, and all else that a message or what was unpacked may be. */
bool wr_find_in_whole(wr_finder *f, wr_level *at, const uint8_t *bytes, size_t len, wr_origin origin);

/* wrappings.c; all say whether anything was found */
/* What was made out of other bytes, found under path + step. */
bool wr_find_in_made(wr_finder *f, wr_level *at, const char *step, const uint8_t *bytes, size_t len);
bool wr_find_in_wrapping(wr_finder *f, wr_level *at, const uint8_t *bytes, size_t len);
bool wr_find_in_token(wr_finder *f, wr_level *at, const char *text, size_t len);
bool wr_find_in_form(wr_finder *f, wr_level *at, const uint8_t *bytes, size_t len);
bool wr_find_in_parts(wr_finder *f, const uint8_t *bytes, size_t len);

/* shapes.c; likewise */
bool wr_find_in_notation(wr_finder *f, wr_level *at, const uint8_t *bytes, size_t len);
bool wr_find_in_counted(wr_finder *f, wr_level *at, const uint8_t *bytes, size_t len);
bool wr_find_in_events(wr_finder *f, wr_level *at, const uint8_t *bytes, size_t len);

/* bare.c */
/* A description or candidates behind a short head. whole: the message itself, not a text in it. */
bool wr_find_bare(wr_finder *f, wr_level *at, const uint8_t *bytes, size_t len, bool whole);
/* Cheap: a description stands at *begin, behind nothing but a short head. */
bool wr_bare_begins(const uint8_t *bytes, size_t len, bool whole, size_t *begin);
/* A vendor's settings that are written like SDP, and no description. */
bool wr_is_settings_list(const char *text, size_t len);
/* Nothing but fingerprints: a hash and a value alone may be anybody's; or a name or password alone, of which there are
 * two (RFC 8839 5.4). */
bool wr_is_lone_line(const char *text, size_t len);

/* levels.c */
/* Something is wrong, or a bound was reached; the first of a message is kept. offset 0: not known. */
void wr_find_wrong(wr_finder *f, const char *problem, size_t offset);
void wr_find_bound(wr_finder *f, const char *problem, size_t offset);
void wr_level_resolve(wr_finder *f, wr_level *level);
/* Names that stand not around but below a message: {"method":"join","data":{"room":…}}. */
void wr_level_look_below(wr_finder *f, wr_level *message);

/* hits.c */
/* Adds what was found at this level; text NULL for join, bye, rollback. kind UNKNOWN: found out here. */
void wr_hit_add(wr_finder *f, wr_level *at, wr_kind kind, const char *text, size_t len);
void wr_hit_free(gpointer hit);
/* A message without a description that says a party comes or goes. */
bool wr_hit_add_event(wr_finder *f, wr_level *message);
/* The kind that the names and dialects around a description give it; key: that of the description itself. */
wr_kind wr_level_description_kind(wr_finder *f, wr_level *at, const char *key, const char *text, size_t len);
/* Some word around says that candidates are meant. */
bool wr_level_means_candidate(wr_finder *f, wr_level *at);

/* answers.c */
/* Around the walk through a message: finds what it answers, remembers what it asks; before: hits that were there. */
void wr_exchange_begin(wr_finder *f, wr_level *root);
void wr_exchange_end(wr_finder *f, wr_level *root, guint before);
/* The kind of a description by the request that it answers, else UNKNOWN. */
wr_kind wr_exchange_kind(wr_finder *f);
/* Fills what a hit leaves open. */
void wr_exchange_fill(wr_finder *f, const wr_level *at, wr_hit *hit);

/* odd_texts.c */
/* A description with backslash-r backslash-n for line ends, with a URL's escapes, in hexadecimal digits, or in base64
 * of raw deflate: adds it. */
bool wr_odd_text_add(wr_finder *f, wr_level *at, const char *text, size_t len);
/* An array of the bytes of a description or JSON text, as Node writes a Buffer: adds what is found in it. */
bool wr_byte_array_add(wr_finder *f, wr_level *array);

/* jingle.c */
/* The contents of a Jingle element that initiates or accepts a session: adds one description of them all. */
bool wr_jingle_add(wr_finder *f, wr_level *jingle);

/* certhash.c */
/* The address of a libp2p server that is reached by WebRTC: adds a fragment of its fingerprint and candidate. */
bool wr_certhash_add(wr_finder *f, wr_level *at, const char *text, size_t len);

/* members_as_sdp.c */
/* Fingerprints, ICE credentials and candidates given as members: adds a fragment made of them. */
bool wr_native_add(wr_finder *f, wr_level *object);
/* A candidate given as members, which stands alone: adds it. */
bool wr_native_candidate_add(wr_finder *f, wr_level *object);
/* Members of this name were looked at by wr_native_add() on the level above. */
bool wr_native_is_part(const char *key);

#endif
