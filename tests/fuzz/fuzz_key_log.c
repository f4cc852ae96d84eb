/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fuzzes key logs, those inside pcapng, and keys of SDES: what a file or a description hands over as secrets. */
#include "srtp/profile.h"
#include "srtp/secrets_block.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct {
    const uint8_t *bytes;
    size_t size;
} file;

static size_t read_file(void *data, uint64_t offset, void *out, size_t n)
{
    const file *f = data;

    if (offset >= f->size)
        return 0;
    n = MIN(n, f->size - (size_t)offset);
    memcpy(out, f->bytes + offset, n);
    return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    wr_key_log *log = wr_key_log_new();
    file f = {data, size};
    const wr_key_log_counts *c;
    wr_sdes_key key;
    bool cut;

    wr_key_log_read(log, (const char *)data, size);
    c = wr_key_log_count(log);
    g_assert_cmpuint(c->other + c->broken + c->foreign + c->contradicted, <=, c->lines);
    g_assert_true((c->first_bad > 0) == (c->broken + c->foreign + c->contradicted > 0));
    wr_secrets_block_read(log, read_file, &f, &cut);
    if (size >= 32) {
        wr_key_log_find(log, data, WR_SECRET_MASTER);
        wr_key_log_find(log, data, WR_SECRET_EXPORTER);
    }
    wr_key_log_free(log);
    if (wr_sdes_parse((const char *)data, size, &key) == NULL)
        g_assert_nonnull(key.profile);
    return 0;
}
