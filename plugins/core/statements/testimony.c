/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files of witnesses: what they are is told by their first bytes, and each has its reader. */
#include "reader.h"

#include "base/digest.h"
#include "formats/json_text.h"

#include <errno.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>
#include <zlib.h>

#define BLOCK (256u << 10)
#define LOOK  (64u << 10) /* first bytes that tell what a file is */

static void free_statement(gpointer p)
{
    wr_statement *s = p;

    wr_certificate_unref(s->local);
    wr_certificate_unref(s->remote);
    g_free(s->id);
    g_free(s->local_ufrag);
    g_free(s->remote_ufrag);
    g_free(s->dtls_state);
    g_free(s);
}

static void free_told(gpointer p)
{
    wr_told *w = p;
    const wr_signalling_context *c = &w->context;
    const char *const own[] = {c->path, c->call, c->from, c->to, c->mid, c->ufrag, c->server, c->user_agent};

    for (size_t i = 0; i < G_N_ELEMENTS(own); i++)
        g_free((gpointer)(uintptr_t)own[i]);
    wr_sdp_unref(w->sdp);
    g_free(w);
}

const char *wr_testimony_kind_name(wr_testimony_kind kind)
{
    static const char *const names[] = {
        "unknown", "getStats", "webrtc-internals dump", "about:webrtc report", "rtcstats dump", "HTTP archive", "text"};

    return kind < G_N_ELEMENTS(names) ? names[kind] : names[0];
}

static wr_testimony *testimony_new(const char *name)
{
    wr_testimony *t = g_new0(wr_testimony, 1);

    t->refs = 1;
    t->name = g_utf8_make_valid(name, -1);
    t->statements = g_ptr_array_new_with_free_func(free_statement);
    t->told = g_ptr_array_new_with_free_func(free_told);
    t->legs = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return t;
}

/* ---- what it is ---- */

typedef struct {
    wr_testimony *t;
    GByteArray *begun; /* first bytes, until there are enough of them; then NULL */
    const wr_reader *reader;
    void *open;
    uint64_t read;
    bool enough, looked;
    wr_wide wide;
    GByteArray *narrowed; /* a block as UTF-8; NULL for none */
} hearing;

static size_t blanks(const uint8_t *p, size_t len)
{
    size_t n = len >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;

    while (n < len && g_ascii_isspace(p[n]))
        n++;
    return n;
}

/* A JSON text in the first line, and another in the next. */
static bool is_lines(const uint8_t *p, size_t len)
{
    const uint8_t *end = memchr(p, '\n', len);
    json_object *first;
    bool whole;
    size_t n;

    if (end == NULL)
        return false;
    n = (size_t)(end - p);
    first = wr_json_read_whole(p, n, NULL);
    whole = first != NULL;
    json_object_put(first);
    n++;
    n += blanks(p + n, len - n);
    return whole && n < len && (p[n] == '{' || p[n] == '[');
}

/* ["setLocalDescription", "PC_0", …] */
static bool is_event_line(const uint8_t *p, size_t len)
{
    const uint8_t *end = memchr(p, '\n', len);
    json_object *first = wr_json_read_whole(p, end != NULL ? (size_t)(end - p) : len, NULL);
    const bool is = wr_rtcstats_is_event(first);

    json_object_put(first);
    return is;
}

/* An object about the whole, and events from the second line on, as older servers write them. */
static bool begins_with_metadata(const uint8_t *p, size_t len)
{
    const uint8_t *end = *p == '{' ? memchr(p, '\n', len) : NULL;

    return end != NULL && is_event_line(end + 1, (size_t)(p + len - end) - 1);
}

static bool begins(const uint8_t *p, size_t len, const char *word)
{
    const size_t n = strlen(word);

    return len >= n && g_ascii_strncasecmp((const char *)p, word, n) == 0;
}

/* An object, or a list of what matters here: lines of logs may begin with a bracket, too. */
static bool begins_json(const uint8_t *p, size_t len)
{
    size_t n = 1;

    if (len == 0 || (*p != '{' && *p != '['))
        return false;
    n += blanks(p + 1, len - 1);
    return n == len || p[n] == '"' || p[n] == (*p == '{' ? '}' : ']') || (*p == '[' && (p[n] == '{' || p[n] == '['));
}

static const wr_reader *reader_for(const uint8_t *p, size_t len)
{
    if (begins(p, len, "RTCStatsDump"))
        return &wr_rtcstats_reader;
    if (begins_json(p, len)) {
        if (!is_lines(p, len))
            return &wr_json_reader;
        return is_event_line(p, len) || begins_with_metadata(p, len) ? &wr_rtcstats_reader : &wr_text_reader;
    }
    if (begins(p, len, "<!DOCTYPE") || begins(p, len, "<html") || begins(p, len, "<div"))
        return &wr_html_reader;
    return &wr_text_reader;
}

static void begin(hearing *h)
{
    GByteArray *all = h->begun;
    const uint8_t *bytes = all->data != NULL ? all->data : (const uint8_t *)"";
    const size_t n = blanks(bytes, all->len);

    h->begun = NULL;
    h->reader = reader_for(bytes + n, all->len - n);
    h->open = h->reader->open(h->t);
    h->enough = all->len > n && !h->reader->feed(h->open, bytes + n, all->len - n);
    g_byte_array_unref(all);
}

static void hear_narrow(hearing *h, const uint8_t *bytes, size_t len)
{
    if (len == 0 || h->enough)
        return;
    if (h->read + len > WR_MAX_TESTIMONY_BYTES) {
        wr_testimony_object(h->t, "it is too large: what comes behind %u MB was not read",
                            (unsigned)(WR_MAX_TESTIMONY_BYTES >> 20));
        h->enough = true;
        return;
    }
    h->read += len;
    if (h->begun == NULL) {
        h->enough = !h->reader->feed(h->open, bytes, len);
        return;
    }
    g_byte_array_append(h->begun, bytes, (guint)len);
    if (h->begun->len >= LOOK)
        begin(h);
}

static void hear(hearing *h, const uint8_t *bytes, size_t len)
{
    if (!h->looked && len > 0) {
        h->looked = true;
        h->wide.wideness = wr_wide_look(bytes, len);
        h->narrowed = h->wide.wideness != WR_NARROW ? g_byte_array_new() : NULL;
    }
    if (h->narrowed == NULL) {
        hear_narrow(h, bytes, len);
        return;
    }
    g_byte_array_set_size(h->narrowed, 0);
    wr_wide_read(&h->wide, bytes, len, h->narrowed);
    hear_narrow(h, h->narrowed->data, h->narrowed->len);
}

static void end(hearing *h)
{
    wr_testimony *t = h->t;

    if (h->begun != NULL)
        begin(h);
    h->reader->close(h->open);
    if (h->narrowed != NULL)
        g_byte_array_unref(h->narrowed);
    if (t->left_out > 0)
        wr_testimony_object(t,
                            "%" G_GUINT64_FORMAT " descriptions or candidates in it were not taken: they are not "
                            "whole, or more than is kept",
                            t->left_out);
    if (t->statements->len == 0 && t->told->len == 0)
        wr_testimony_object(t, "nothing in it says anything of a call");
    else if (t->kind == WR_TESTIMONY_NONE)
        t->kind = WR_TESTIMONY_STATISTICS;
}

wr_testimony *wr_testimony_parse(const char *name, const char *text, size_t len)
{
    hearing h = {.t = testimony_new(name), .begun = g_byte_array_new()};

    for (size_t at = 0; at < len; at += MIN(len - at, (size_t)BLOCK))
        hear(&h, (const uint8_t *)text + at, MIN(len - at, (size_t)BLOCK));
    end(&h);
    return h.t;
}

/* ---- files ---- */

typedef struct {
    z_stream z;
    bool is_packed, decided, ended;
    uint8_t *out;
} unpacker;

/* False when it cannot go on. */
static bool unpack(unpacker *u, hearing *h, uint8_t *bytes, size_t len)
{
    u->z.next_in = bytes;
    u->z.avail_in = (uInt)len;
    while (u->z.avail_in > 0 && !h->enough) {
        int rc;
        if (u->ended && inflateReset(&u->z) != Z_OK) /* members may follow one another (RFC 1952 2.2) */
            return false;
        u->z.next_out = u->out;
        u->z.avail_out = BLOCK;
        rc = inflate(&u->z, Z_NO_FLUSH);
        hear(h, u->out, BLOCK - u->z.avail_out);
        u->ended = rc == Z_STREAM_END;
        if (rc != Z_OK && rc != Z_STREAM_END)
            return rc == Z_BUF_ERROR;
    }
    return true;
}

static bool take_block(unpacker *u, hearing *h, uint8_t *bytes, size_t len)
{
    if (!u->decided) {
        u->decided = true;
        u->is_packed = len > 2 && bytes[0] == 0x1f && bytes[1] == 0x8b;
        if (u->is_packed && inflateInit2(&u->z, 15 + 16) != Z_OK)
            return false;
    }
    if (u->is_packed)
        return unpack(u, h, bytes, len);
    hear(h, bytes, len);
    return true;
}

static void read_blocks(hearing *h, FILE *in)
{
    EVP_MD_CTX *sum = EVP_MD_CTX_new();
    uint8_t *block = g_malloc(BLOCK), digest[EVP_MAX_MD_SIZE];
    unpacker u = {.out = g_malloc(BLOCK)};
    bool good = sum != NULL && EVP_DigestInit_ex(sum, EVP_sha256(), NULL) == 1, whole = true;
    unsigned length = 0;
    size_t n;

    while ((n = fread(block, 1, BLOCK, in)) > 0) {
        h->t->bytes += n;
        good = good && EVP_DigestUpdate(sum, block, n) == 1;
        whole = whole && take_block(&u, h, block, n);
    }
    if (ferror(in) != 0)
        wr_testimony_object(h->t, "it could not be read to its end");
    else if (!whole)
        wr_testimony_object(h->t, "its compression is broken");
    else if (u.is_packed && !u.ended && !h->enough)
        wr_testimony_object(h->t, "it ends too early");
    if (good && EVP_DigestFinal_ex(sum, digest, &length) == 1) {
        h->t->sha256 = g_malloc(2 * (size_t)length + 1);
        wr_hex_format(digest, length, h->t->sha256);
    }
    if (u.is_packed)
        inflateEnd(&u.z);
    EVP_MD_CTX_free(sum);
    g_free(u.out);
    g_free(block);
}

wr_testimony *wr_testimony_read(const char *path)
{
    char *name = g_path_get_basename(path);
    hearing h = {.t = testimony_new(name), .begun = g_byte_array_new()};
    FILE *in = NULL;

    if (!g_file_test(path, G_FILE_TEST_IS_REGULAR))
        wr_testimony_object(h.t, "it is not a file");
    else if ((in = fopen(path, "rb")) == NULL)
        wr_testimony_object(h.t, "it cannot be opened: %s", g_strerror(errno));
    if (in != NULL) {
        read_blocks(&h, in);
        fclose(in);
    }
    end(&h);
    g_free(name);
    return h.t;
}

/* ---- life ---- */

wr_testimony *wr_testimony_ref(wr_testimony *t)
{
    t->refs++;
    return t;
}

void wr_testimony_unref(wr_testimony *t)
{
    if (t == NULL || --t->refs > 0)
        return;
    g_ptr_array_free(t->statements, TRUE);
    g_ptr_array_free(t->told, TRUE);
    g_hash_table_destroy(t->legs);
    g_free(t->name);
    g_free(t->whose);
    g_free(t->sha256);
    g_free(t->user_agent);
    g_free(t->problem);
    g_free(t);
}

bool wr_testimony_span(const wr_testimony *t, int64_t *first_us, int64_t *last_us)
{
    *first_us = *last_us = 0;
    for (unsigned i = 0; i < t->told->len; i++) {
        const int64_t at = ((const wr_told *)g_ptr_array_index(t->told, i))->time_us;
        if (at == 0)
            continue;
        if (*first_us == 0 || at < *first_us)
            *first_us = at;
        if (at > *last_us)
            *last_us = at;
    }
    return *first_us != 0;
}
