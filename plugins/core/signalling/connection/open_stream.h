/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Private to open_stream.c and the readers of each kind of stream.
 */
#ifndef WR_OPEN_STREAM_PRIVATE_H
#define WR_OPEN_STREAM_PRIVATE_H

#include <glib.h>

#include "connection/open_stream.h"
#include "formats/raw_inflate.h"
#include "formats/stream_split.h"

/* What comes out of one stream: a body that is parted into messages. */
typedef struct {
    GByteArray *bytes; /* not handed out yet */
    wr_split split;    /* of JSON */
    size_t seen;       /* of an event */
    enum { WR_BODY_NEW = 0, WR_BODY_EVENTS, WR_BODY_TEXTS, WR_BODY_FRAMES, WR_BODY_OTHER } kind;
    GByteArray *fragments; /* of a WebSocket message; NULL: none */
    bool packed;           /* the message whose frames come now (RFC 7692 6) */
    wr_inflater *inflater; /* of packed messages; NULL: none so far, or they cannot be read */
    bool unreadable;       /* packed messages are passed over */
} wr_open_body;

/* Heads of HTTP/2 requests. */
typedef struct wr_open_heads wr_open_heads;

typedef struct wr_open_reader {
    bool http1, http2;
    /* Takes what it can from bytes, and says how many of them; SIZE_MAX: it is over. */
    size_t (*take)(wr_open_stream *s, const uint8_t *bytes, size_t len);
} wr_open_reader;

struct wr_open_stream {
    const wr_open_reader *reader;
    GByteArray *rest;  /* came, and could not be taken yet */
    wr_open_body body; /* of HTTP/1 */
    uint64_t left;     /* bytes of the chunk or frame that is being passed; of STOMP's frame, those without its end */
    unsigned state;    /* the reader's */
    bool chunked;
    GHashTable *bodies; /* of HTTP/2: stream -> wr_open_body */
    uint32_t stream;    /* whose frame is being passed, 0: nobody cares */
    unsigned padding;
    unsigned inflaters;   /* made for its bodies */
    wr_open_heads *heads; /* of HTTP/2, of the client's end; NULL: none, or they cannot be read any more */
    const char *bound;
    wr_open_sink sink;
    void *data;
};

/* Hands one message out. */
void wr_open_hand_out(wr_open_stream *s, wr_open_kind kind, const uint8_t *bytes, size_t len, uint32_t stream);
/* More of a body; false when no message can come of it. */
bool wr_open_body_take(wr_open_stream *s, wr_open_body *body, const uint8_t *bytes, size_t len, uint32_t stream);
void wr_open_body_clear(wr_open_body *body);

/* http2_heads.c */
/* Free with wr_open_heads_free(), which takes NULL. */
wr_open_heads *wr_open_heads_new(void);
void wr_open_heads_free(wr_open_heads *h);
/* A frame begins with the head at p, of this stream; s->left bytes follow. */
void wr_open_head_frame(wr_open_stream *s, const uint8_t *p, uint32_t stream);
/* More of that frame; s->left is what remains of it. Hands the head out with the last byte of its block. */
void wr_open_head_take(wr_open_stream *s, const uint8_t *bytes, size_t len);

/* Each tells by the first bytes, and gives NULL. */
wr_open_stream *wr_open_http1_begin(const uint8_t *bytes, size_t len);
wr_open_stream *wr_open_http2_begin(const uint8_t *bytes, size_t len);
wr_open_stream *wr_open_relay_begin(const uint8_t *bytes, size_t len);
wr_open_stream *wr_open_stomp_begin(const uint8_t *bytes, size_t len);
wr_open_stream *wr_open_stream_new(const wr_open_reader *reader);

#endif
