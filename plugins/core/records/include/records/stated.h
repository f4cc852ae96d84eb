/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is stated in files and was seen in no packet (statements/testimony.h). Its copies stand among those of packets,
 * on legs of their own, under numbers that no frame has: where a text would name the frame, it names statement and
 * file.
 */
#ifndef WR_STATED_H
#define WR_STATED_H

#include "records/description.h"

#define WR_STATED_FRAME 0x80000000u /* the first of these numbers */

/* A description that binds by less than its password counts only for handshakes that far from it in time. */
#define WR_STATED_WINDOW_US (600 * INT64_C(1000000))
/* A first check may come so long after its description was set; clocks that differ by more are brought together. */
#define WR_STATED_LAG_US (10 * INT64_C(1000000))

/* One file in this capture. */
typedef struct wr_witness {
    const struct wr_testimony *testimony;
    int64_t offset_us;                      /* taken off its times to have the capture's */
    bool aligned;                           /* by checks with its passwords */
    unsigned copies, used, transports_used; /* descriptions; of them in a call with packets; transports that fit one */
} wr_witness;

struct wr_stated {
    const struct wr_testimony *testimony;
    wr_copy *copy;   /* NULL: no description of its own */
    unsigned number; /* within the file */
    int64_t time_us; /* by the witness's clock; 0: not stated */
};

static inline bool wr_frame_is_stated(uint32_t frame)
{
    return frame >= WR_STATED_FRAME;
}

/* A new number for something stated; 0 at the bound. */
uint32_t wr_stated_frame_new(wr_engine *e, const struct wr_testimony *t, unsigned number, int64_t time_us);
const struct wr_stated *wr_stated_at(const wr_engine *e, uint32_t frame); /* NULL for a packet's */

static inline bool wr_copy_is_stated(const wr_copy *c)
{
    return c->carrier == WR_CARRIER_STATEMENT;
}
/* The file's name; NULL where it was seen. */
const char *wr_copy_witness(const wr_copy *c);

/* Brings the counts of all witnesses up to date with the sessions. */
void wr_witnesses_count(wr_engine *e);
/* The description that was stated belongs to a call of which there are packets. */
bool wr_stated_fits(const wr_engine *e, const struct wr_stated *s);
/* Statements about transports (wr_statement, as keys) that fit an association; g_hash_table_destroy(). */
GHashTable *wr_statements_heard(const wr_engine *e);

/* Seen, or stated for about this time. */
bool wr_copy_is_in_time(const wr_engine *e, const wr_copy *c, int64_t when_us);

/* "frame 12", or "statement 3 of a.har"; g_free(). */
char *wr_frame_name(const wr_engine *e, uint32_t frame);

/* The text with "frame 2147483649" replaced by "statement 1 of a.har", and so on: takes text over, gives a new one. */
char *wr_stated_name_frames(const wr_engine *e, char *text);

#endif
