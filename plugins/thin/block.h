/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Blocks of a pcapng file (draft-ietf-opsawg-pcapng), in the byte order of their section. */
#ifndef WR_THIN_BLOCK_H
#define WR_THIN_BLOCK_H

#include "chunk.h"

#include <stdbool.h>

#define WR_BLOCK_SECTION    0x0a0d0d0au
#define WR_BLOCK_INTERFACE  1u
#define WR_BLOCK_STATISTICS 5u
#define WR_BLOCK_PACKET     6u /* enhanced */

#define WR_BLOCK_LEAST  12u /* type, length, length again */
#define WR_BLOCK_MOST   (16u << 20)
#define WR_PACKET_FIXED 28u /* of an enhanced packet block, before the packet's bytes */

#define WR_OPTION_COMMENT   1u
#define WR_OPTION_PACKET_ID 5u /* epb_packetid: eight bytes */

/* One block, in the piece that it was read in, until wr_block_own(). What stands below `packet` is set for packets that
 * can be read. */
typedef struct {
    uint32_t type;
    uint32_t length;  /* of bytes */
    uint8_t *bytes;   /* in chunk, else its own, from g_malloc; NULL for a packet of a pcap file, until it is owned */
    wr_chunk *chunk;  /* that it holds; NULL for none */
    uint8_t *data;    /* the packet's bytes */
    uint32_t time[2]; /* of the packet, as a packet block has it: high, low */
    bool big_endian;
    bool packet;
    uint16_t link;               /* LINKTYPE_ number */
    uint32_t interface;          /* number within the section */
    uint32_t captured, original; /* bytes */
    uint64_t time_us;
    uint32_t frame; /* number of the packet in the capture, from 1; 0 for what is none */
} wr_block;

uint16_t wr_block_get16(const wr_block *b, size_t at);
uint32_t wr_block_get32(const wr_block *b, size_t at);
void wr_block_put16(wr_block *b, size_t at, uint16_t value);
void wr_block_put32(wr_block *b, size_t at, uint32_t value);

/* Makes a block of this many bytes, a multiple of four, with type and both lengths. */
void wr_block_make(wr_block *b, bool big_endian, uint32_t type, uint32_t length);

/* Makes its bytes its own, and all that a packet block has. All below do so first where they have to. */
void wr_block_own(wr_block *b);

/* Adds a comment behind the options that begin at `options`. Nothing happens where they cannot be read, or where the
 * block would become too long. */
void wr_block_comment(wr_block *b, size_t options, const char *text);

/* Says in the packet's id which frame of the capture it was; an id that it had goes. False where its options cannot be
 * read, or the block would become too long. */
bool wr_block_number(wr_block *b);

/* Where the options of a packet begin. */
size_t wr_block_packet_options(const wr_block *b);

/* Cuts a packet to its first `keep` bytes; the length it had is still told. */
void wr_block_cut(wr_block *b, uint32_t keep);

/* Gives up its bytes, and the piece. */
void wr_block_clear(wr_block *b);

#endif
