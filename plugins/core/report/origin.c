/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The head of reports: captures, key logs and preferences that a report was made from. */
#include "report/origin.h"

#include "base/digest.h"
#include "base/text.h"
#include "srtp/secrets_block.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>
#include <zlib.h>

#define MOST_EMBEDDED 1000                /* key logs of one capture that are named */
#define MOST_UNPACKED (UINT64_C(1) << 30) /* bytes of a packed capture in which they are looked for */

static void file_free(void *p)
{
    wr_origin_file *f = p;

    g_free(f->name);
    g_free(f->sha256);
    g_free(f->problem);
    g_free(f->note);
    g_free(f);
}

wr_report_origin *wr_report_origin_new(void)
{
    wr_report_origin *o = g_new0(wr_report_origin, 1);

    o->captures = g_ptr_array_new_with_free_func(file_free);
    o->key_logs = g_ptr_array_new_with_free_func(file_free);
    o->embedded = g_ptr_array_new_with_free_func(file_free);
    o->statements = g_ptr_array_new_with_free_func(file_free);
    o->preferences = g_ptr_array_new_with_free_func(g_free);
    o->time_digits = -1;
    o->settings = g_ptr_array_new_with_free_func(g_free);
    return o;
}

void wr_report_origin_free(wr_report_origin *o)
{
    if (o == NULL)
        return;
    g_ptr_array_free(o->captures, TRUE);
    g_ptr_array_free(o->key_logs, TRUE);
    g_ptr_array_free(o->embedded, TRUE);
    g_ptr_array_free(o->statements, TRUE);
    g_ptr_array_free(o->preferences, TRUE);
    g_ptr_array_free(o->settings, TRUE);
    g_free(o->capture_problem);
    g_free(o->plugin_version);
    g_free(o->wireshark_version);
    g_free(o->command);
    g_free(o);
}

static char *hex(const uint8_t *bytes, unsigned n)
{
    char *out = g_malloc(2 * (size_t)n + 1);

    wr_hex_format(bytes, n, out);
    return out;
}

static char *digest_of(FILE *in, uint64_t *size)
{
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    uint8_t *block = g_malloc(1 << 16), digest[EVP_MAX_MD_SIZE];
    unsigned length = 0;
    bool good = ctx != NULL && EVP_DigestInit_ex(ctx, EVP_sha256(), NULL) == 1;
    size_t n;

    while (good && (n = fread(block, 1, 1 << 16, in)) > 0) {
        good = EVP_DigestUpdate(ctx, block, n) == 1;
        *size += n;
    }
    good = good && ferror(in) == 0 && EVP_DigestFinal_ex(ctx, digest, &length) == 1;
    EVP_MD_CTX_free(ctx);
    g_free(block);
    return good ? hex(digest, length) : NULL;
}

void wr_report_origin_add_file(GPtrArray *files, const char *path)
{
    wr_origin_file *f = g_new0(wr_origin_file, 1);
    FILE *in = g_file_test(path, G_FILE_TEST_IS_REGULAR) ? fopen(path, "rb") : NULL;

    f->name = g_path_get_basename(path);
    if (in != NULL) {
        f->sha256 = digest_of(in, &f->size);
        fclose(in);
    }
    if (f->sha256 == NULL)
        f->problem = g_strdup(in == NULL ? "cannot be opened: nothing was read of it for this report"
                                         : "could not be read to its end");
    g_ptr_array_add(files, f);
}

/* ---- key logs inside the capture ---- */

typedef struct {
    GPtrArray *files;
    const char *path;
} embedded_in;

static void add_secrets(void *data, const char *text, size_t n)
{
    const embedded_in *in = data;
    wr_origin_file *f;
    uint8_t digest[EVP_MAX_MD_SIZE];
    unsigned length = 0;

    if (in->files->len >= MOST_EMBEDDED || EVP_Digest(text, n, digest, &length, EVP_sha256(), NULL) != 1)
        return;
    f = g_new0(wr_origin_file, 1);
    f->name = g_path_get_basename(in->path);
    f->sha256 = hex(digest, length);
    f->size = n;
    f->note = g_strdup("inside the capture");
    g_ptr_array_add(in->files, f);
}

static size_t read_at(void *data, uint64_t offset, void *out, size_t n)
{
    FILE *in = data;

    return offset <= INT64_MAX && fseeko(in, (off_t)offset, SEEK_SET) == 0 ? fread(out, 1, n, in) : 0;
}

/* A packed file, read forwards alone: of what was last read the end stays, for heads of blocks are read a bit beyond.
 */
typedef struct {
    gzFile file;
    uint64_t at; /* how far it was unpacked */
    uint8_t last[32];
    size_t n;
} packed_file;

static size_t read_packed(void *data, uint64_t offset, void *out, size_t n)
{
    packed_file *p = data;
    uint8_t *to = out;
    size_t before = offset < p->at ? (size_t)MIN(p->at - offset, n) : 0;
    int got;

    if (offset + p->n < p->at || offset > MOST_UNPACKED || n > MOST_UNPACKED)
        return 0;
    if (before > 0) /* a read of some more than a head is never asked for again */
        memcpy(to, p->last + p->n - (p->at - offset), before);
    if (before == n || (offset > p->at && gzseek(p->file, (z_off_t)offset, SEEK_SET) < 0))
        return before;
    got = gzread(p->file, to + before, (unsigned)(n - before));
    n = before + (got > 0 ? (size_t)got : 0);
    p->at = offset + n;
    p->n = MIN(n, sizeof p->last);
    memcpy(p->last, to + n - p->n, p->n);
    return n;
}

void wr_report_origin_add_embedded(wr_report_origin *o, const char *path)
{
    embedded_in in = {o->embedded, path};
    FILE *file = g_file_test(path, G_FILE_TEST_IS_REGULAR) ? fopen(path, "rb") : NULL;
    packed_file packed = {.file = NULL};
    uint8_t magic[2] = {0, 0};
    bool cut;

    if (file == NULL)
        return;
    if (fread(magic, 1, 2, file) == 2 && magic[0] == 0x1f && magic[1] == 0x8b) /* RFC 1952 2.3.1 */
        packed.file = gzopen(path, "rb");
    if (packed.file != NULL) {
        wr_secrets_block_each(add_secrets, &in, read_packed, &packed, &cut);
        gzclose(packed.file);
    } else {
        wr_secrets_block_each(add_secrets, &in, read_at, file, &cut);
    }
    fclose(file);
}

char *wr_report_time(int64_t us)
{
    GDateTime *t = g_date_time_new_from_unix_utc(us / 1000000);
    char *date = t == NULL ? g_strdup("?") : g_date_time_format(t, "%Y-%m-%d %H:%M:%S");
    char *text = g_strdup_printf("%s.%06d UTC", date, (int)(us % 1000000));

    if (t != NULL)
        g_date_time_unref(t);
    g_free(date);
    return text;
}

/* ---- head of the text report ---- */

static void put(wr_report_sink sink, void *data, const char *label, const char *text)
{
    char *clean = wr_text_clean(text, 1000);
    char *line = g_strdup_printf("  %-13s%s\n", label, clean);

    sink(line, data);
    g_free(line);
    g_free(clean);
}

static void put_files(wr_report_sink sink, void *data, const char *label, const GPtrArray *files)
{
    for (unsigned i = 0; i < files->len; i++) {
        const wr_origin_file *f = g_ptr_array_index(files, i);
        put(sink, data, i == 0 ? label : "", f->name);
        if (f->sha256 != NULL) {
            char *text = g_strdup_printf("sha-256 %s, %" G_GUINT64_FORMAT " bytes", f->sha256, f->size);
            put(sink, data, "", text);
            g_free(text);
        } else if (f->note == NULL) {
            put(sink, data, "", f->problem);
        }
        if (f->note != NULL)
            put(sink, data, "", f->note);
    }
}

void wr_report_head(wr_engine *e, const wr_report_origin *o, wr_report_sink sink, void *data)
{
    char *first = wr_report_time(wr_engine_first_time(e)), *last = wr_report_time(wr_engine_last_time(e));
    char *text = g_strdup_printf("%u, %s to %s", wr_engine_packets(e), first, last);

    sink("WebRTC audit report\n", data);
    put_files(sink, data, "Capture", o->captures);
    if (o->captures->len == 0)
        put(sink, data, "Capture", o->capture_problem != NULL ? o->capture_problem : "not known");
    put(sink, data, "Packets", wr_engine_packets(e) > 0 ? text : "0");
    put_files(sink, data, "Key log", o->key_logs);
    put_files(sink, data, o->key_logs->len == 0 ? "Key log" : "", o->embedded);
    if (o->key_logs->len + o->embedded->len == 0)
        put(sink, data, "Key log", "none given");
    put_files(sink, data, "Statements", o->statements);
    for (unsigned i = 0; i < o->preferences->len; i++)
        put(sink, data, i == 0 ? "Preferences" : "", g_ptr_array_index(o->preferences, i));
    g_free(text);
    text = g_strdup_printf("WebRTC plugins %s in Wireshark %s", o->plugin_version, o->wireshark_version);
    put(sink, data, "Made by", text);
    sink("\n", data);
    g_free(text);
    g_free(first);
    g_free(last);
}

/* ---- findings by session ---- */

static void free_list(void *p)
{
    g_ptr_array_free(p, TRUE);
}

GHashTable *wr_report_findings(const wr_engine *e)
{
    GHashTable *by = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, free_list);
    const GPtrArray *all = wr_engine_findings(e);

    for (int severity = WR_ERROR; severity >= WR_CHAT; severity--) {
        for (unsigned i = 0; i < all->len; i++) {
            wr_finding *f = g_ptr_array_index(all, i);
            GPtrArray *list;
            if ((int)f->severity != severity)
                continue;
            list = g_hash_table_lookup(by, GUINT_TO_POINTER(f->session));
            if (list == NULL) {
                list = g_ptr_array_sized_new(4);
                g_hash_table_insert(by, GUINT_TO_POINTER(f->session), list);
            }
            g_ptr_array_add(list, f);
        }
    }
    return by;
}
