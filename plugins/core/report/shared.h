/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What was shared in a call: kinds of media, by whom and how long; data channels; files that were announced. */
#ifndef WR_REPORT_SHARED_H
#define WR_REPORT_SHARED_H

#include "formats/json_value.h"
#include "records/data_channel.h"
#include "report/report.h"

#define WR_SHARED_NAME 32 /* bytes of an encoding name that are kept, NUL included */

/* Media of one kind and codec that one host sent. */
typedef struct {
    wr_endpoint from;
    const char *kind;           /* "audio", "video", …; "media" where payload types do not tell */
    char codec[WR_SHARED_NAME]; /* by the descriptions; empty when they do not say */
    bool sframe;                /* announced to be encrypted end to end (RFC 9605) */
    unsigned streams;           /* synchronization sources */
    uint64_t packets;
    int64_t first_us, last_us;
    uint32_t first_frame;
} wr_shared_media;

/* wr_shared_media, in order of appearance; a stream that is seen on several paths counts once. */
GArray *wr_report_shared_media(const wr_session *s);

/* "audio (opus) from 10.0.0.1 for 3.2 s; …; file "x.pdf" of 12 bytes": g_free(); NULL for nothing. */
char *wr_report_shared(const wr_session *s);

/* Adds "shared" to the record of a call, if there is anything. */
void wr_report_put_shared(json_object *o, const wr_session *s);

#endif
