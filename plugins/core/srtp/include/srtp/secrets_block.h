/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Secrets that stand inside a capture file: Decryption Secrets Blocks of pcapng (draft-ietf-opsawg-pcapng 4.7) with key
 * logs of TLS.
 *
 *     block type 4 | block total length 4 | secrets type 4 | secrets length 4 | secrets, padded to 4 | total length 4
 */
#ifndef WR_SECRETS_BLOCK_H
#define WR_SECRETS_BLOCK_H

#include "srtp/key_log.h"

/* Bytes of a file: reads up to n of them at offset into out, and returns how many there were. */
typedef size_t (*wr_file_reader)(void *data, uint64_t offset, void *out, size_t n);

#define WR_SECRETS_MAX_BLOCKS 100000 /* blocks walked over: secrets stand before the packets that need them */
#define WR_SECRETS_MAX_BYTES  (16 * 1024 * 1024)

/* A key log that was found; text is borrowed for the call. */
typedef void (*wr_secrets_taker)(void *data, const char *text, size_t n);

/* Gives all key logs inside a pcapng to taker. False when it is none, or a bound was reached (*cut says which). */
bool wr_secrets_block_each(wr_secrets_taker taker, void *taken, wr_file_reader reader, void *data, bool *cut);
/* Reads them into log. */
bool wr_secrets_block_read(wr_key_log *log, wr_file_reader reader, void *data, bool *cut);

#endif
