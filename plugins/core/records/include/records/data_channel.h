/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Data channels of an association, where a key log opened its records: what was shared, by name and volume; no content.
 */
#ifndef WR_CHANNEL_RECORDS_H
#define WR_CHANNEL_RECORDS_H

#include "records/types.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define WR_MAX_CHANNELS_KEPT 64  /* of one association; messages of others are counted with none */
#define WR_MAX_CHANNEL_NAME  200 /* characters of a label, a protocol, a file's name */
#define WR_MAX_FILES_KEPT    64  /* of one association */

typedef struct {
    uint16_t stream;
    int8_t opened_by;             /* side that sent DATA_CHANNEL_OPEN; -1: not seen, or agreed on otherwise */
    const char *label, *protocol; /* clean text, interned; NULL when not seen */
    uint32_t messages[2];         /* whole ones, by the side that sends */
    uint64_t bytes[2];
    uint32_t first_frame, last_frame;
} wr_data_channel;

/* A file that a message in clear text announced (formats/file_names.h): by what it says, not by what came. */
typedef struct {
    const char *name; /* clean text, interned */
    int64_t size;
    uint32_t frame;
    uint16_t stream;
    uint8_t side; /* that announced it */
} wr_shared_file;

typedef struct wr_data_channels {
    wr_data_channel *list;
    unsigned n;
    bool cut; /* there were more */
    wr_shared_file *files;
    unsigned n_files;
    bool files_cut;
    /* by side: transmission sequence numbers that came, up to the highest and 63 before it: nothing counts twice */
    uint32_t highest[2];
    uint64_t seen[2];
    bool begun[2];
} wr_data_channels;

void wr_data_channels_free(wr_data_channels *c); /* NULL is allowed */

#endif
