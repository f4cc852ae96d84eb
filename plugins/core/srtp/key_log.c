/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads key logs line by line; whoever gives the file may have written anything into it. */
#include "srtp/key_log.h"

#include "base/index.h"

#include <openssl/crypto.h>
#include <string.h>

typedef struct {
    uint8_t random[WR_KEY_LOG_RANDOM];
    wr_secret secret[2]; /* by wr_secret_kind */
} entry;

struct wr_key_log {
    wr_index *by_random; /* of entry; keys are hashes, so the random is compared as well */
    GPtrArray *entries;
    wr_key_log_counts counts;
};

static void free_entry(gpointer p)
{
    OPENSSL_cleanse(p, sizeof(entry));
    g_free(p);
}

wr_key_log *wr_key_log_new(void)
{
    wr_key_log *log = g_new0(wr_key_log, 1);

    log->by_random = wr_index_new();
    log->entries = g_ptr_array_new_with_free_func(free_entry);
    return log;
}

void wr_key_log_free(wr_key_log *log)
{
    if (log == NULL)
        return;
    wr_index_free(log->by_random);
    g_ptr_array_free(log->entries, TRUE);
    g_free(log);
}

const wr_key_log_counts *wr_key_log_count(const wr_key_log *log)
{
    return &log->counts;
}

static entry *find(const wr_key_log *log, const uint8_t random[WR_KEY_LOG_RANDOM])
{
    wr_bucket found = wr_index_find(log->by_random, wr_key(random, WR_KEY_LOG_RANDOM));

    for (unsigned i = 0; i < found.len; i++)
        if (memcmp(((entry *)found.members[i])->random, random, WR_KEY_LOG_RANDOM) == 0)
            return found.members[i];
    return NULL;
}

const wr_secret *wr_key_log_find(const wr_key_log *log, const uint8_t random[WR_KEY_LOG_RANDOM], wr_secret_kind kind)
{
    const entry *e = find(log, random);

    return e != NULL && e->secret[kind].length > 0 ? &e->secret[kind] : NULL;
}

/* The next word of a line, up to a space or tab. */
static const char *next_word(const char **at, const char *end, size_t *n)
{
    const char *begin = *at;

    while (begin < end && (*begin == ' ' || *begin == '\t'))
        begin++;
    *at = begin;
    while (*at < end && **at != ' ' && **at != '\t')
        (*at)++;
    *n = (size_t)(*at - begin);
    return begin;
}

/* All of a word as bytes; 0 when it is not hexadecimal or longer than room. */
static size_t from_hex(const char *word, size_t n, uint8_t *out, size_t room)
{
    if (n == 0 || n % 2 != 0 || n / 2 > room)
        return 0;
    for (size_t i = 0; i < n / 2; i++) {
        int high = g_ascii_xdigit_value(word[2 * i]), low = g_ascii_xdigit_value(word[2 * i + 1]);
        if (high < 0 || low < 0)
            return 0;
        out[i] = (uint8_t)(high << 4 | low);
    }
    return n / 2;
}

static bool is_word(const char *word, size_t n, const char *what)
{
    return n == strlen(what) && memcmp(word, what, n) == 0;
}

/* Labels are in capitals, digits and underscores; some have their second word in another form ("RSA"). */
static bool is_other_label(const char *word, size_t n)
{
    static const char *const labels[] = {"RSA",          "PMS_CLIENT_RANDOM",       "CLIENT_EARLY_TRAFFIC_SECRET",
                                         "ECH_SECRET",   "EARLY_EXPORTER_SECRET",   "CLIENT_HANDSHAKE_TRAFFIC_SECRET",
                                         "ECH_CONFIG",   "CLIENT_TRAFFIC_SECRET_0", "SERVER_HANDSHAKE_TRAFFIC_SECRET",
                                         "EARLY_SECRET", "SERVER_TRAFFIC_SECRET_0", "EARLY_EXPORTER_MASTER_SECRET"};

    for (size_t i = 0; i < G_N_ELEMENTS(labels); i++)
        if (is_word(word, n, labels[i]))
            return true;
    return n > 5 && (memcmp(word, "QUIC_", 5) == 0 || memcmp(word, "CLIENT_TRAFFIC_SECRET_", MIN(n, 22)) == 0 ||
                     memcmp(word, "SERVER_TRAFFIC_SECRET_", MIN(n, 22)) == 0);
}

static void keep(wr_key_log *log, const uint8_t random[WR_KEY_LOG_RANDOM], wr_secret_kind kind, const wr_secret *secret,
                 bool *bad)
{
    entry *e = find(log, random);

    if (e == NULL) {
        if (log->entries->len >= WR_KEY_LOG_MAX) {
            log->counts.dropped++;
            return;
        }
        e = g_new0(entry, 1);
        memcpy(e->random, random, WR_KEY_LOG_RANDOM);
        wr_index_add(log->by_random, wr_key(random, WR_KEY_LOG_RANDOM), e);
        g_ptr_array_add(log->entries, e);
        log->counts.handshakes++;
    }
    if (e->secret[kind].length == 0) {
        e->secret[kind] = *secret;
    } else if (e->secret[kind].length != secret->length ||
               memcmp(e->secret[kind].bytes, secret->bytes, secret->length) != 0) {
        log->counts.contradicted++;
        *bad = true;
    }
}

/* Random and secret of a label that is needed. */
static bool read_secret(wr_key_log *log, wr_secret_kind kind, const char *at, const char *end, bool *bad)
{
    uint8_t random[WR_KEY_LOG_RANDOM];
    wr_secret secret;
    size_t n;
    const char *word = next_word(&at, end, &n);
    bool fits = from_hex(word, n, random, sizeof random) == sizeof random;

    memset(&secret, 0, sizeof secret);
    word = next_word(&at, end, &n);
    secret.length = (uint8_t)from_hex(word, n, secret.bytes, sizeof secret.bytes);
    fits = fits && (secret.length == WR_KEY_LOG_MASTER || (kind == WR_SECRET_EXPORTER && secret.length == 32));
    next_word(&at, end, &n);
    fits = fits && n == 0;
    if (fits)
        keep(log, random, kind, &secret, bad);
    OPENSSL_cleanse(&secret, sizeof secret);
    return fits;
}

static void read_line(wr_key_log *log, const char *at, const char *end)
{
    wr_key_log_counts *c = &log->counts;
    bool bad = false;
    size_t n;
    const char *label;

    c->lines++;
    while (end > at && (end[-1] == '\r' || end[-1] == '\0'))
        end--;
    label = next_word(&at, end, &n);
    if (n == 0 || *label == '#')
        return;
    if (is_word(label, n, "CLIENT_RANDOM") || is_word(label, n, "EXPORTER_SECRET")) {
        if (!read_secret(log, *label == 'C' ? WR_SECRET_MASTER : WR_SECRET_EXPORTER, at, end, &bad)) {
            c->broken++;
            bad = true;
        }
    } else if (is_other_label(label, n)) {
        c->other++;
    } else {
        c->foreign++;
        bad = true;
    }
    if (bad && c->first_bad == 0)
        c->first_bad = c->lines;
}

void wr_key_log_read(wr_key_log *log, const char *text, size_t len)
{
    const char *end = text + len;

    while (text < end) {
        const char *line = memchr(text, '\n', (size_t)(end - text));
        read_line(log, text, line != NULL ? line : end);
        text = line != NULL ? line + 1 : end;
    }
}
