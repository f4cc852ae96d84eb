/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Secrets of handshakes: from the key log that the preference tls.keylog_file names, read by ourselves, since it has
 * lines that Wireshark 4.0 passes over; from what Wireshark took out of the capture; and, where it hands that to
 * nobody, from the blocks of the pcapng itself.
 */
#include "audit.h"
#include "srtp/secrets_block.h"
#include "wr_epan/capture_file.h"
#include "wr_epan/preferences.h"
#include "wr_epan/tls.h"

#include <fcntl.h>
#include <openssl/crypto.h>
#include <sys/stat.h>
#include <unistd.h>

#define LARGEST (256 * 1024 * 1024) /* bytes of a key log that are read */

static wr_key_log *log_file, *embedded;
static char *log_name;
static int64_t log_size, log_time;
static bool log_cut, looked_inside;

void wr_audit_secrets_forget(void)
{
    g_clear_pointer(&log_file, wr_key_log_free);
    g_clear_pointer(&embedded, wr_key_log_free);
    g_clear_pointer(&log_name, g_free);
    log_size = log_time = 0;
    log_cut = looked_inside = false;
}

/* ---- the key log ---- */

static void read_log(int fd, int64_t size)
{
    char *text = g_malloc((gsize)MIN(size, LARGEST) + 1);
    ssize_t got = 0, n;

    while (got < MIN(size, LARGEST) && (n = read(fd, text + got, (size_t)(MIN(size, LARGEST) - got))) > 0)
        got += n;
    log_file = wr_key_log_new();
    wr_key_log_read(log_file, text, (size_t)got);
    log_cut = size > LARGEST;
    OPENSSL_cleanse(text, (size_t)got);
    g_free(text);
}

/* Reads it, and again when it has grown. */
static void look_into_log(void)
{
    const char *name = wr_preference_text("tls", "keylog_file");
    struct stat s;
    int fd;

    if (name == NULL || *name == '\0')
        return;
    if (g_strcmp0(name, log_name) != 0) {
        wr_audit_secrets_forget();
        log_name = g_strdup(name);
    }
    fd = open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return;
    if (fstat(fd, &s) == 0 && S_ISREG(s.st_mode) &&
        (log_file == NULL || s.st_size != log_size || (int64_t)s.st_mtime != log_time)) {
        g_clear_pointer(&log_file, wr_key_log_free);
        log_size = s.st_size;
        log_time = (int64_t)s.st_mtime;
        read_log(fd, s.st_size);
    }
    close(fd);
}

/* ---- inside the capture ---- */

static size_t read_at(void *data, uint64_t offset, void *out, size_t n)
{
    const ssize_t got = pread(*(const int *)data, out, n, (off_t)offset);

    return got > 0 ? (size_t)got : 0;
}

static void look_into(int fd, void *data _U_)
{
    bool cut;

    wr_secrets_block_read(embedded, read_at, &fd, &cut);
    if (cut)
        wr_engine_add_limit(wr_audit_engine(), "secrets inside the capture");
}

/* All files that are open for reading: a secret stands under its client random, so that of another capture harms
 * nobody. */
static void look_into_captures(void)
{
    if (looked_inside)
        return;
    looked_inside = true;
    embedded = wr_key_log_new();
    wr_each_open_file(look_into, NULL);
}

/* ---- all of them ---- */

static bool take(const wr_secret *found, wr_secret *out)
{
    if (found != NULL)
        *out = *found;
    return found != NULL;
}

static bool find_secret(const uint8_t client_random[WR_KEY_LOG_RANDOM], wr_secret_kind kind, wr_secret *out)
{
    size_t length = sizeof out->bytes;

    look_into_log();
    if (log_file != NULL && take(wr_key_log_find(log_file, client_random, kind), out))
        return true;
    if (wr_tls_secret(client_random, kind == WR_SECRET_EXPORTER, out->bytes, &length)) {
        out->length = (uint8_t)length;
        return true;
    }
    if (wr_tls_secret_tells_all() || kind == WR_SECRET_MASTER)
        return false;
    look_into_captures();
    return embedded != NULL && take(wr_key_log_find(embedded, client_random, kind), out);
}

static const wr_key_log_counts *counts(const char **name)
{
    *name = log_name;
    return log_file != NULL ? wr_key_log_count(log_file) : NULL;
}

void wr_audit_secrets_set(wr_options *options)
{
    options->find_secret = find_secret;
    options->key_log_counts = counts;
}
