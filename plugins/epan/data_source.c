/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds in which data source of a packet bytes lie. */
#include "wr_epan/data_source.h"

/* Called with each data source until it says true. */
typedef bool (*test)(const uint8_t *start, unsigned captured, void *wanted);

static tvbuff_t *find_source(const packet_info *pinfo, test is_it, void *wanted)
{
    unsigned n = 0;

    for (const GSList *l = pinfo->data_src; l != NULL && n < WR_MOST_SOURCES; l = l->next, n++) {
        tvbuff_t *tvb = get_data_source_tvb((const struct data_source *)l->data);
        unsigned captured;
        const uint8_t *start = wr_tvb_bytes(tvb, &captured);

        if (start != NULL && is_it(start, captured, wanted))
            return tvb;
    }
    return NULL;
}

typedef struct {
    const uint8_t *bytes;
    size_t length, offset;
} some_bytes;

static bool holds(const uint8_t *start, unsigned captured, void *wanted)
{
    some_bytes *b = (some_bytes *)wanted;
    uintptr_t begin = (uintptr_t)start, at = (uintptr_t)b->bytes;

    if (at < begin || at - begin > captured || b->length > captured - (at - begin))
        return false;
    b->offset = at - begin;
    return true;
}

tvbuff_t *wr_data_source_of(const packet_info *pinfo, const uint8_t *bytes, unsigned length, int *offset)
{
    some_bytes wanted = {bytes, length, 0};
    tvbuff_t *tvb = find_source(pinfo, holds, &wanted);

    *offset = (int)wanted.offset;
    return tvb;
}

static bool equals(const uint8_t *start, unsigned captured, void *wanted)
{
    const some_bytes *b = (const some_bytes *)wanted;

    return captured == b->length && memcmp(start, b->bytes, captured) == 0;
}

tvbuff_t *wr_data_source_equal(const packet_info *pinfo, const uint8_t *bytes, size_t length)
{
    some_bytes wanted = {bytes, length, 0};

    return find_source(pinfo, equals, &wanted);
}

void wr_source_place_set(wr_source_place *place, const packet_info *pinfo, const uint8_t *bytes, unsigned length)
{
    int offset;
    tvbuff_t *tvb = wr_data_source_of(pinfo, bytes, length, &offset);

    memset(place, 0, sizeof *place);
    if (tvb == NULL)
        return;
    place->source_length = tvb_captured_length(tvb);
    place->offset = (unsigned)offset;
    place->length = length;
    memcpy(place->head, bytes, MIN(length, sizeof place->head));
}

static bool has_place(const uint8_t *start, unsigned captured, void *wanted)
{
    const wr_source_place *p = (const wr_source_place *)wanted;

    return captured == p->source_length && memcmp(start + p->offset, p->head, MIN(p->length, sizeof p->head)) == 0;
}

tvbuff_t *wr_source_place_find(const wr_source_place *place, const packet_info *pinfo)
{
    wr_source_place wanted = *place;

    return find_source(pinfo, has_place, &wanted);
}
