/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the sources of this room offer one another: readers of single formats, and what they say through.
 */
#ifndef WR_READER_H
#define WR_READER_H

#include "dialects/hints.h"
#include "formats/json_value.h"
#include "statements/testimony.h"

#define WR_LINE_MAX (16u << 20) /* bytes of a line that are read */

/* A format's reader. Bytes come in blocks; feed says false when no more is wanted. close frees the reader, and says
 * what was wrong through wr_testimony_object(). */
typedef struct {
    void *(*open)(wr_testimony *t);
    bool (*feed)(void *reader, const uint8_t *bytes, size_t len);
    void (*close)(void *reader);
} wr_reader;

extern const wr_reader wr_json_reader;     /* json_file.c: everything that is one JSON text */
extern const wr_reader wr_rtcstats_reader; /* rtcstats.c: a JSON array a line */
extern const wr_reader wr_text_reader;     /* text_log.c: descriptions in lines of text */
extern const wr_reader wr_html_reader;     /* saved_page.c: descriptions in a saved page */

/* ---- told.c: what the witness gave or was given, and what is wrong with it ---- */

/* The first objection is kept. */
void wr_testimony_object(wr_testimony *t, const char *format, ...) G_GNUC_PRINTF(2, 3);

typedef struct {
    const char *leg;
    int64_t time_us; /* 0: not known */
    wr_direction direction;
    bool protected_transport;
    const char *server, *user_agent, *call, *from, *to;
} wr_occasion;

void wr_tell_description(wr_testimony *t, const wr_occasion *on, wr_kind kind, const char *sdp, size_t len);
void wr_tell_candidate(wr_testimony *t, const wr_occasion *on, const char *text, size_t len, const char *mid,
                       const char *ufrag);
void wr_tell_event(wr_testimony *t, const wr_occasion *on, wr_kind kind);
/* A message as it was sent: what is found in it (find/find.h). False when nothing is. */
bool wr_tell_message(wr_testimony *t, const wr_occasion *on, const uint8_t *bytes, size_t len,
                     const wr_find_hints *hints);
/* What was told last was not taken up: the descriptions from this number on. */
void wr_tell_withdraw(wr_testimony *t, unsigned number, wr_direction direction);

/* A time as it stands in JSON, whatever its unit, or as text; microseconds since 1970, 0 for none. */
int64_t wr_told_time(const json_object *value);
int64_t wr_told_time_of(double number);
/* ISO 8601 and what looks like it, anywhere in a line; a time without a zone is taken for UTC. 0: there is none. */
int64_t wr_told_time_in(const char *line, size_t len);
double wr_told_number(const json_object *value); /* 0 for what is no number, nor a text that is one */

/* ---- statistics.c ---- */

/* all: identifier -> statistics object. */
void wr_statistics_read(wr_testimony *t, const json_object *all);
/* Under its id. False when it is none that matters. */
bool wr_statistics_keep(json_object *all, json_object *o);
/* All that stand somewhere in the value, as programs of one's own write them down; depth: 0. Later ones count. */
void wr_statistics_collect(json_object *all, const json_object *value, unsigned depth);
/* Whether a JSON text may hold them. */
static inline bool wr_statistics_worthwhile(const char *text, size_t len)
{
    return g_strstr_len(text, (gssize)len, "\"base64Certificate\"") != NULL;
}
/* Only these matter. */
bool wr_statistics_wanted(const char *type);
/* The last of the values that a dump keeps of one attribute, for "IDENTIFIER-attribute". */
void wr_statistics_keep_series(json_object *all, const char *key, const json_object *series);

/* ---- peer_connection.c: what an RTCPeerConnection's methods and events say ---- */

typedef struct wr_peer_connection wr_peer_connection;
wr_peer_connection *wr_peer_connection_new(wr_testimony *t, const char *leg);
void wr_peer_connection_free(gpointer pc);
/* method: "setLocalDescription", "icecandidate", …, with "on" before it or not. value: what it was given, as an object
 * or as text of older dumps. */
void wr_peer_connection_event(wr_peer_connection *pc, const char *method, const json_object *value, int64_t time_us);

/* ---- firefox.c ---- */
bool wr_firefox_is_report(const json_object *o);
void wr_firefox_read(wr_testimony *t, const json_object *report, unsigned number);

/* ---- har.c ---- */
typedef struct wr_har wr_har;
wr_har *wr_har_new(wr_testimony *t);
void wr_har_free(wr_har *h); /* NULL is allowed */
/* A member of the entry that is being read, or a message of it. */
void wr_har_member(wr_har *h, const char *name, const json_object *value);
void wr_har_message(wr_har *h, const json_object *message);
void wr_har_entry_ends(wr_har *h);

/* ---- rtcstats.c ---- */
/* Statistics are read when it is freed: what is said last of each connection counts. */
typedef struct wr_rtcstats wr_rtcstats;
wr_rtcstats *wr_rtcstats_new(wr_testimony *t);
void wr_rtcstats_free(wr_rtcstats *d); /* NULL is allowed */
/* [method, connection, argument, …, time] */
bool wr_rtcstats_is_event(const json_object *value);
void wr_rtcstats_event(wr_rtcstats *d, const json_object *event);

/* ---- wide_text.c ---- */
typedef enum { WR_NARROW = 0, WR_WIDE_LITTLE, WR_WIDE_BIG } wr_wideness;
typedef struct {
    wr_wideness wideness;
    uint8_t first; /* of the two bytes of a unit */
    bool half;     /* which was read alone so far */
    uint32_t high; /* surrogate; 0 for none */
} wr_wide;
wr_wideness wr_wide_look(const uint8_t *p, size_t len); /* the first bytes of a file */
void wr_wide_read(wr_wide *w, const uint8_t *bytes, size_t len, GByteArray *out);

/* ---- words.c ---- */
/* What "local" or "remote" in a line says of the description that follows; unknown where it says nothing or both. */
wr_direction wr_words_direction(const char *line, size_t len);

/* ---- escaped_text.c ---- */
/* Tells each description of the line whose line ends are written out, with them as they are. */
void wr_escaped_descriptions(const char *line, size_t len, void (*found)(void *user, const char *sdp, size_t len),
                             void *user);

/* ---- lines.c ---- */
typedef struct wr_lines wr_lines;
/* line is not ended by NUL, and holds no line end. */
wr_lines *wr_lines_new(void (*line)(void *user, const char *line, size_t len, uint64_t number), void *user);
void wr_lines_feed(wr_lines *l, const uint8_t *bytes, size_t len);
/* Tells what is left; gives the lines that were too long. */
uint64_t wr_lines_end(wr_lines *l);

#endif
