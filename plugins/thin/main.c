/* SPDX-License-Identifier: GPL-2.0-or-later */
/* webrtc-thin: command line, files and pipes. */
#include "thin.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <glib.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#define BUFFER      (1u << 16) /* half of what is asked for at a time: zlib then reads into what is given to it */
#define SAMPLE_MOST 3600u      /* seconds */

static const char usage[] =
    "Usage: webrtc-thin [--no-media] [--number] [--sample SECONDS] [--summary] [--sha256] [IN [OUT]]\n"
    "Copies a capture (pcap or pcapng, also gzip) as pcapng, without the bulk of its media.\n"
    "\n"
    "  --no-media  keep of RTP the headers alone\n"
    "  --number    say in each packet's id (epb_packetid) which frame of the capture it was\n"
    "  --sample    let a packet of each stream stay in so many seconds, one by default; of SRTCP in five times that\n"
    "  --summary   say on standard error, as one JSON object, what was read and left out\n"
    "  --sha256    the same with the digest of what was read, unless it was compressed\n"
    "  --version   say which version this is\n"
    "  --help      say this\n"
    "\n"
    "IN and OUT are - for standard input and output, and when they are not given.\n"
    "Exit status: 0 the capture was read to its end, 1 it was not, or not written, 2 wrong arguments.\n";

/* What is read, and its digest on the way; NULL where none is wanted. */
typedef struct {
    gzFile file;
    EVP_MD_CTX *digest;
    uint64_t bytes;
} input;

static long read_input(void *from, void *to, size_t n)
{
    input *in = from;
    const int got = gzread(in->file, to, (unsigned)MIN(n, BUFFER * 2u));
    int problem = Z_OK;

    if (got == 0) {
        gzerror(in->file, &problem);
        return problem != Z_OK && problem != Z_STREAM_END ? -1 : 0; /* compressed, and cut short */
    }
    if (got > 0 && in->digest != NULL)
        EVP_DigestUpdate(in->digest, to, (size_t)got);
    in->bytes += got > 0 ? (uint64_t)got : 0;
    return got;
}

/* Of a file that was read to its end. Of a compressed one it is that of what was in it, which nobody asks for. */
static void print_digest(input *in)
{
    uint8_t digest[EVP_MAX_MD_SIZE];
    unsigned n = 0;

    if (in->digest == NULL || !gzdirect(in->file) || EVP_DigestFinal_ex(in->digest, digest, &n) != 1)
        return;
    fprintf(stderr, ",\"bytes\":%" G_GUINT64_FORMAT ",\"sha256\":\"", in->bytes);
    for (unsigned i = 0; i < n; i++)
        fprintf(stderr, "%02x", digest[i]);
    fputs("\"", stderr);
}

static void print_summary(const wr_thin_result *result, wr_thin_options how, input *in)
{
    fprintf(stderr,
            "{\"packets\":%" G_GUINT64_FORMAT ",\"left_out\":%" G_GUINT64_FORMAT
            ",\"left_out_bytes\":%" G_GUINT64_FORMAT ",\"streams\":%" G_GUINT64_FORMAT
            ",\"numbered\":%s,\"secrets\":%s",
            result->packets, result->left.packets, result->left.bytes, result->left.streams,
            how.number && !result->unnumbered ? "true" : "false", result->secrets ? "true" : "false");
    if (result->error == NULL)
        print_digest(in);
    fputs("}\n", stderr);
}

static bool write_file(void *to, const void *bytes, size_t n)
{
    return fwrite(bytes, 1, n, to) == n;
}

static int complain(const char *name, const char *what)
{
    char *shown = g_strescape(name, NULL);

    fprintf(stderr, "webrtc-thin: %s: %s\n", shown, what);
    g_free(shown);
    return 1;
}

/* -1 when there is none. The output must not be what is read. */
static int open_output(const char *name, int in)
{
    struct stat a, b;
    int out = strcmp(name, "-") == 0 ? STDOUT_FILENO : -1;

    if (out < 0 && fstat(in, &a) == 0 && stat(name, &b) == 0 && S_ISREG(b.st_mode) && a.st_dev == b.st_dev &&
        a.st_ino == b.st_ino) {
        complain(name, "is what is read");
        return -1;
    }
    if (out < 0)
        out = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (out < 0)
        complain(name, g_strerror(errno));
    else if (isatty(out)) {
        complain("standard output", "is a terminal: name a file, or use a pipe");
        return -1;
    }
    return out;
}

/* What is to be done beside the copy. */
typedef struct {
    bool summary, digest;
} wishes;

static int copy(const char *in_name, const char *out_name, wr_thin_options how, wishes also)
{
    int in = strcmp(in_name, "-") == 0 ? STDIN_FILENO : open(in_name, O_RDONLY | O_CLOEXEC), out;
    wr_thin_result result;
    int status = 0;
    input from = {0};
    FILE *output;

    if (in < 0)
        return complain(in_name, g_strerror(errno));
    out = open_output(out_name, in);
    if (out < 0)
        return 1;
    from.file = gzdopen(in, "rb");
    output = fdopen(out, "wb");
    if (from.file == NULL || output == NULL)
        return complain(in_name, "no memory");
    if (also.digest) {
        from.digest = EVP_MD_CTX_new();
        EVP_DigestInit_ex(from.digest, EVP_sha256(), NULL);
    }
    gzbuffer(from.file, BUFFER);
    setvbuf(output, NULL, _IOFBF, BUFFER);
    wr_thin(read_input, &from, write_file, output, how, &result);
    if (fclose(output) != 0)
        status = complain(out_name, g_strerror(errno));
    else if (result.error != NULL)
        status = complain(in_name, result.error);
    if (also.summary)
        print_summary(&result, how, &from);
    EVP_MD_CTX_free(from.digest);
    gzclose(from.file);
    g_free(result.error);
    return status;
}

/* Microseconds of "5"; 0 for what is no number of seconds, or too many. */
static uint32_t read_seconds(const char *text)
{
    uint64_t seconds;

    return g_ascii_string_to_unsigned(text, 10, 1, SAMPLE_MOST, &seconds, NULL) ? (uint32_t)seconds * 1000000u : 0;
}

int main(int argc, char **argv)
{
    static const struct option options[] = {
        {"no-media", no_argument, NULL, 'n'},     {"number", no_argument, NULL, 'f'},
        {"sample", required_argument, NULL, 'e'}, {"summary", no_argument, NULL, 's'},
        {"sha256", no_argument, NULL, 'd'},       {"version", no_argument, NULL, 'V'},
        {"help", no_argument, NULL, 'h'},         {NULL, 0, NULL, 0},
    };
    wr_thin_options how = {0};
    wishes also = {0};
    int c;

    while ((c = getopt_long(argc, argv, "h", options, NULL)) != -1) {
        switch (c) {
        case 'n':
            how.no_media = true;
            break;
        case 'f':
            how.number = true;
            break;
        case 's':
            also.summary = true;
            break;
        case 'd':
            also.summary = also.digest = true;
            break;
        case 'e':
            how.sample_us = read_seconds(optarg);
            if (how.sample_us != 0)
                break;
            fprintf(stderr, "webrtc-thin: --sample takes seconds, 1 to %u\n", SAMPLE_MOST);
            return 2;
        case 'V':
            puts("webrtc-thin " WR_VERSION);
            return 0;
        case 'h':
            fputs(usage, stdout);
            return 0;
        default:
            fputs(usage, stderr);
            return 2;
        }
    }
    if (argc - optind > 2) {
        fputs(usage, stderr);
        return 2;
    }
    return copy(optind < argc ? argv[optind] : "-", optind + 1 < argc ? argv[optind + 1] : "-", how, also);
}
