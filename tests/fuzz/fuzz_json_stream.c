/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fuzzes the reader of large JSON texts: in whatever blocks they come, the same values are taken. */
#include "formats/json_stream.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static wr_json_choice choose(void *user, const wr_json_way *way)
{
    (void)user;
    if (way->depth < 3)
        return WR_JSON_DESCEND;
    return way->name[2] != NULL && *way->name[2] == 's' ? WR_JSON_SKIP : WR_JSON_TAKE;
}

static void take(void *user, const wr_json_way *way, const uint8_t *bytes, size_t len)
{
    for (unsigned i = 0; i < way->depth; i++)
        g_string_append_printf(user, "%s/", way->name[i] != NULL ? way->name[i] : "*");
    g_string_append_len(user, (const char *)bytes, (gssize)len);
    g_string_append_c(user, '\n');
}

static void leave(void *user, const wr_json_way *way)
{
    g_string_append_printf(user, "%u)", way->depth);
}

static GString *read_in(const uint8_t *data, size_t size, size_t block)
{
    static const wr_json_wishes wishes = {choose, take, leave};
    GString *out = g_string_new(NULL);
    wr_json_stream *s = wr_json_stream_new(&wishes, out);
    const char *problem;
    uint64_t line;

    for (size_t at = 0; at < size && wr_json_stream_feed(s, data + at, MIN(block, size - at)); at += block)
        continue;
    problem = wr_json_stream_end(s, &line);
    g_string_append_printf(out, "%s %u", problem != NULL ? problem : "whole", (unsigned)line);
    wr_json_stream_free(s);
    return out;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    GString *whole = read_in(data, size, MAX(size, (size_t)1)), *bytes = read_in(data, size, 1),
            *some = read_in(data, size, 7);

    if (!g_string_equal(whole, bytes) || !g_string_equal(whole, some))
        abort();
    g_string_free(whole, TRUE);
    g_string_free(bytes, TRUE);
    g_string_free(some, TRUE);
    return 0;
}
