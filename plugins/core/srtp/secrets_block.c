/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Walks over the blocks of a pcapng, each of which tells its length, and reads those that hold key logs of TLS. */
#include "srtp/secrets_block.h"

#include <openssl/crypto.h>

#define SECTION  0x0a0d0d0au
#define SECRETS  0x0000000au
#define TLS_KEYS 0x544c534bu /* "TLSK" */
#define MAGIC    0x1a2b3c4du
#define LEAST    12 /* bytes of a block without a body */
#define HEAD     20 /* of a block of secrets, before the secrets themselves: 16; 12 of a section, to its magic */

static uint32_t number(const uint8_t *p, bool big)
{
    return big ? (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3]
               : (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

/* A block of secrets whose head was read; false when it has more than may be kept. */
static bool read_secrets(wr_secrets_taker taker, void *taken, wr_file_reader reader, void *data, uint64_t at,
                         const uint8_t *head, bool big, uint32_t total, size_t *kept)
{
    uint32_t n = number(head + 12, big);
    char *text;
    size_t got;

    if (number(head + 8, big) != TLS_KEYS || total < 16 + 4 || n > total - 20)
        return true;
    if (n > WR_SECRETS_MAX_BYTES - *kept)
        return false;
    *kept += n;
    text = g_malloc(n + 1);
    got = reader(data, at + 16, text, n);
    taker(taken, text, MIN(got, n));
    OPENSSL_cleanse(text, n);
    g_free(text);
    return true;
}

bool wr_secrets_block_each(wr_secrets_taker taker, void *taken, wr_file_reader reader, void *data, bool *cut)
{
    uint64_t at = 0;
    size_t kept = 0, got;
    uint8_t head[HEAD];
    bool big = false;

    *cut = false;
    for (unsigned blocks = 0; (got = reader(data, at, head, sizeof head)) >= LEAST; blocks++) {
        uint32_t total;
        if (number(head, false) == SECTION) { /* the same in both orders; what follows tells which */
            if (number(head + 8, false) != MAGIC && number(head + 8, true) != MAGIC)
                return false;
            big = number(head + 8, true) == MAGIC;
        } else if (blocks == 0) {
            return false;
        }
        total = number(head + 4, big);
        if (total < LEAST || total % 4 != 0)
            return false;
        if (blocks >= WR_SECRETS_MAX_BLOCKS ||
            (number(head, big) == SECRETS && got >= 16 &&
             !read_secrets(taker, taken, reader, data, at, head, big, total, &kept))) {
            *cut = true;
            return false;
        }
        at += total;
    }
    return at > 0;
}

static void read_log(void *data, const char *text, size_t n)
{
    wr_key_log_read((wr_key_log *)data, text, n);
}

bool wr_secrets_block_read(wr_key_log *log, wr_file_reader reader, void *data, bool *cut)
{
    return wr_secrets_block_each(read_log, log, reader, data, cut);
}
