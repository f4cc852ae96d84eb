/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Header fields of HTTP/2 out of their compressed form (RFC 7541). */
#include "formats/hpack.h"

#include <string.h>

#define TABLE_DEFAULT 4096u       /* bytes of the table until its size is changed (RFC 9113 6.5.2) */
#define TABLE_MOST    (64u << 10) /* to which it may be changed; what is bigger is not read */
#define ENTRY_EXTRA   32          /* bytes that each entry counts beside its text (RFC 7541 4.1) */
#define STATIC_SIZE   61
#define TEXT_MOST     (64u << 10) /* bytes of a name or value */
#define CODE_SHORTEST 5           /* bits (RFC 7541 B) */
#define CODE_LONGEST  30
#define SYMBOLS       257 /* the last one ends the text */

typedef struct {
    char *name, *value;
    size_t name_len, value_len;
} entry;

struct wr_hpack {
    GPtrArray *entries; /* the oldest first; those before `oldest` are gone */
    guint oldest;
    size_t size, most; /* bytes of the table, and those that it may have */
    bool broken;
    GString *name, *value; /* of the field that is being read */
};

/* RFC 7541 A. */
static const struct {
    const char *name, *value;
} fixed[STATIC_SIZE] = {
    {":authority", ""},
    {":method", "GET"},
    {":method", "POST"},
    {":path", "/"},
    {":path", "/index.html"},
    {":scheme", "http"},
    {":scheme", "https"},
    {":status", "200"},
    {":status", "204"},
    {":status", "206"},
    {":status", "304"},
    {":status", "400"},
    {":status", "404"},
    {":status", "500"},
    {"accept-charset", ""},
    {"accept-encoding", "gzip, deflate"},
    {"accept-language", ""},
    {"accept-ranges", ""},
    {"accept", ""},
    {"access-control-allow-origin", ""},
    {"age", ""},
    {"allow", ""},
    {"authorization", ""},
    {"cache-control", ""},
    {"content-disposition", ""},
    {"content-encoding", ""},
    {"content-language", ""},
    {"content-length", ""},
    {"content-location", ""},
    {"content-range", ""},
    {"content-type", ""},
    {"cookie", ""},
    {"date", ""},
    {"etag", ""},
    {"expect", ""},
    {"expires", ""},
    {"from", ""},
    {"host", ""},
    {"if-match", ""},
    {"if-modified-since", ""},
    {"if-none-match", ""},
    {"if-range", ""},
    {"if-unmodified-since", ""},
    {"last-modified", ""},
    {"link", ""},
    {"location", ""},
    {"max-forwards", ""},
    {"proxy-authenticate", ""},
    {"proxy-authorization", ""},
    {"range", ""},
    {"referer", ""},
    {"refresh", ""},
    {"retry-after", ""},
    {"server", ""},
    {"set-cookie", ""},
    {"strict-transport-security", ""},
    {"transfer-encoding", ""},
    {"user-agent", ""},
    {"vary", ""},
    {"via", ""},
    {"www-authenticate", ""},
};

/* Bits of each symbol's code (RFC 7541 B); codes of one length follow each other in the order of symbols. */
static const uint8_t code_lengths[SYMBOLS] = {
    13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28,
    28, 28, 28, 6,  10, 10, 12, 13, 6,  8,  11, 10, 10, 8,  11, 8,  6,  6,  6,  5,  5,  5,  6,  6,  6,  6,  6,  6,  6,
    7,  8,  15, 6,  12, 10, 13, 6,  7,  7,  7,  7,  7,  7,  7,  7,  7,  7,  7,  7,  7,  7,  7,  7,  7,  7,  7,  7,  7,
    7,  8,  7,  8,  13, 19, 13, 14, 6,  15, 5,  6,  5,  6,  5,  6,  6,  6,  5,  7,  7,  6,  6,  6,  5,  6,  7,  6,  5,
    5,  6,  7,  7,  7,  7,  7,  15, 11, 14, 13, 28, 20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23, 24,
    24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24, 22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22,
    23, 23, 21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23, 26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26,
    27, 27, 26, 24, 25, 19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27, 20, 24, 20, 21, 22, 21, 21, 23,
    22, 22, 25, 25, 24, 24, 26, 23, 26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26, 30,
};

/* ---- Huffman code ---- */

static struct {
    uint32_t first[CODE_LONGEST + 1]; /* code of each length's first symbol */
    uint16_t index[CODE_LONGEST + 1]; /* of that symbol in `symbols` */
    uint16_t count[CODE_LONGEST + 1];
    uint16_t symbols[SYMBOLS]; /* by length, then by number */
} codes;

static void make_codes(void)
{
    static gsize ready;
    uint32_t code = 0;
    uint16_t n = 0;

    if (!g_once_init_enter(&ready))
        return;
    for (unsigned length = CODE_SHORTEST; length <= CODE_LONGEST; length++) {
        code <<= 1;
        codes.first[length] = code;
        codes.index[length] = n;
        for (uint16_t symbol = 0; symbol < SYMBOLS; symbol++)
            if (code_lengths[symbol] == length)
                codes.symbols[n++] = symbol;
        codes.count[length] = (uint16_t)(n - codes.index[length]);
        code += codes.count[length];
    }
    g_once_init_leave(&ready, 1);
}

/* False for a code that there is not; ones that fill the last byte are none (RFC 7541 5.2). */
static bool read_code(const uint8_t *p, size_t len, GString *out)
{
    uint32_t code = 0;
    unsigned length = 0;

    for (size_t i = 0; i < len * 8; i++) {
        code = code << 1 | (uint32_t)(p[i / 8] >> (7 - i % 8) & 1);
        if (++length > CODE_LONGEST)
            return false;
        if (length < CODE_SHORTEST || code < codes.first[length] || code - codes.first[length] >= codes.count[length])
            continue;
        const uint16_t symbol = codes.symbols[codes.index[length] + code - codes.first[length]];
        if (symbol > 255 || out->len >= TEXT_MOST)
            return false;
        g_string_append_c(out, (char)symbol);
        code = length = 0;
    }
    return length < 8 && code == (1u << length) - 1;
}

/* ---- the table ---- */

static void entry_free(gpointer data)
{
    entry *e = data;

    if (e == NULL)
        return;
    g_free(e->name);
    g_free(e->value);
    g_free(e);
}

static void evict(wr_hpack *h, size_t room)
{
    while (h->size > room && h->oldest < h->entries->len) {
        entry *e = g_ptr_array_index(h->entries, h->oldest);
        h->size -= e->name_len + e->value_len + ENTRY_EXTRA;
        entry_free(e);
        g_ptr_array_index(h->entries, h->oldest++) = NULL;
    }
    if (h->oldest > h->entries->len / 2) { /* rarely, so that each entry is moved a fixed number of times */
        g_ptr_array_remove_range(h->entries, 0, h->oldest);
        h->oldest = 0;
    }
}

/* The field that was read becomes the table's newest (RFC 7541 4.4). */
static void insert(wr_hpack *h)
{
    const size_t size = h->name->len + h->value->len + ENTRY_EXTRA;
    entry *e;

    evict(h, size > h->most ? 0 : h->most - size);
    if (size > h->most)
        return;
    e = g_new0(entry, 1);
    e->name_len = h->name->len;
    e->value_len = h->value->len;
    e->name = g_memdup2(h->name->str, e->name_len + 1);
    e->value = g_memdup2(h->value->str, e->value_len + 1);
    g_ptr_array_add(h->entries, e);
    h->size += size;
}

/* Copies name, and value where it is wanted, of the entry with this number (RFC 7541 2.3.3). */
static bool copy_entry(wr_hpack *h, uint64_t index, bool value)
{
    const entry *e;

    if (index == 0 || index > STATIC_SIZE + (h->entries->len - h->oldest))
        return false;
    if (index <= STATIC_SIZE) {
        g_string_assign(h->name, fixed[index - 1].name);
        if (value)
            g_string_assign(h->value, fixed[index - 1].value);
        return true;
    }
    e = g_ptr_array_index(h->entries, h->entries->len - (guint)(index - STATIC_SIZE));
    g_string_truncate(h->name, 0);
    g_string_append_len(h->name, e->name, (gssize)e->name_len);
    if (value) {
        g_string_truncate(h->value, 0);
        g_string_append_len(h->value, e->value, (gssize)e->value_len);
    }
    return true;
}

/* ---- a block ---- */

typedef struct {
    const uint8_t *p, *end;
} reader;

/* A number behind the first bits of a byte (RFC 7541 5.1). */
static bool read_number(reader *r, unsigned bits, uint64_t *out)
{
    const unsigned most = (1u << bits) - 1;

    if (r->p == r->end)
        return false;
    *out = *r->p++ & most;
    if (*out < most)
        return true;
    for (unsigned shift = 0; r->p < r->end && shift < 28; shift += 7) {
        const uint8_t byte = *r->p++;
        *out += (uint64_t)(byte & 0x7f) << shift;
        if ((byte & 0x80) == 0)
            return true;
    }
    return false;
}

static bool read_text(reader *r, GString *out)
{
    const bool packed = r->p < r->end && (*r->p & 0x80) != 0;
    uint64_t n;

    g_string_truncate(out, 0);
    if (!read_number(r, 7, &n) || n > (uint64_t)(r->end - r->p) || n > TEXT_MOST)
        return false;
    r->p += n;
    if (packed)
        return read_code(r->p - n, (size_t)n, out);
    g_string_append_len(out, (const char *)r->p - n, (gssize)n);
    return true;
}

/* A field that is not in the table; bits: of the number of its name. */
static bool read_literal(wr_hpack *h, reader *r, unsigned bits)
{
    uint64_t index;

    if (!read_number(r, bits, &index))
        return false;
    return (index != 0 ? copy_entry(h, index, false) : read_text(r, h->name)) && read_text(r, h->value);
}

static bool read_size(wr_hpack *h, reader *r)
{
    uint64_t most;

    if (!read_number(r, 5, &most) || most > TABLE_MOST)
        return false;
    h->most = (size_t)most;
    evict(h, h->most);
    return true;
}

/* One field, or a change of the table's size, which is none (RFC 7541 6). */
static bool read_field(wr_hpack *h, reader *r, bool *is_field)
{
    const uint8_t first = *r->p;
    uint64_t index;

    *is_field = true;
    if ((first & 0x80) != 0)
        return read_number(r, 7, &index) && copy_entry(h, index, true);
    if ((first & 0x40) != 0) {
        if (!read_literal(h, r, 6))
            return false;
        insert(h);
        return true;
    }
    *is_field = (first & 0x20) == 0;
    return *is_field ? read_literal(h, r, 4) : read_size(h, r);
}

bool wr_hpack_block(wr_hpack *h, const uint8_t *bytes, size_t len, wr_hpack_sink sink, void *data)
{
    reader r = {bytes, len > 0 ? bytes + len : bytes}; /* no bytes may stand nowhere */
    size_t told = 0;

    while (!h->broken && r.p < r.end) {
        bool is_field;
        h->broken = !read_field(h, &r, &is_field);
        if (h->broken || !is_field || told > WR_HPACK_MOST)
            continue;
        told += h->name->len + h->value->len + ENTRY_EXTRA;
        if (told <= WR_HPACK_MOST)
            sink(h->name->str, h->name->len, h->value->str, h->value->len, data);
    }
    return !h->broken;
}

wr_hpack *wr_hpack_new(void)
{
    wr_hpack *h = g_new0(wr_hpack, 1);

    make_codes();
    h->entries = g_ptr_array_new_with_free_func(entry_free);
    h->most = TABLE_DEFAULT;
    h->name = g_string_new(NULL);
    h->value = g_string_new(NULL);
    return h;
}

void wr_hpack_free(wr_hpack *h)
{
    if (h == NULL)
        return;
    g_ptr_array_unref(h->entries);
    g_string_free(h->name, TRUE);
    g_string_free(h->value, TRUE);
    g_free(h);
}
