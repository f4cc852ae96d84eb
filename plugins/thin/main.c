/* SPDX-License-Identifier: GPL-2.0-or-later */
/* webrtc-thin: command line, files and pipes. */
#include "thin.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <glib.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#define BUFFER (1u << 17)

static const char usage[] =
    "Usage: webrtc-thin [--no-media] [--number] [--summary] [IN [OUT]]\n"
    "Copies a capture (pcap or pcapng, also gzip) as pcapng, without the bulk of its media.\n"
    "\n"
    "  --no-media  keep of RTP the headers alone\n"
    "  --number    say in each packet's id (epb_packetid) which frame of the capture it was\n"
    "  --summary   say on standard error, as one JSON object, what was read and left out\n"
    "  --version   say which version this is\n"
    "  --help      say this\n"
    "\n"
    "IN and OUT are - for standard input and output, and when they are not given.\n"
    "Exit status: 0 the capture was read to its end, 1 it was not, or not written, 2 wrong arguments.\n";

static long read_gzip(void *from, void *to, size_t n)
{
    size_t got = 0;

    while (got < n) {
        int k = gzread(from, (char *)to + got, (unsigned)(n - got));
        if (k < 0)
            return -1;
        if (k == 0) {
            int problem = Z_OK;
            gzerror(from, &problem);
            if (problem != Z_OK && problem != Z_STREAM_END) /* compressed, and cut short */
                return -1;
            break;
        }
        got += (size_t)k;
    }
    return (long)got;
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

static int copy(const char *in_name, const char *out_name, wr_thin_options how, bool summary)
{
    int in = strcmp(in_name, "-") == 0 ? STDIN_FILENO : open(in_name, O_RDONLY | O_CLOEXEC), out;
    wr_thin_result result;
    int status = 0;
    gzFile input;
    FILE *output;

    if (in < 0)
        return complain(in_name, g_strerror(errno));
    out = open_output(out_name, in);
    if (out < 0)
        return 1;
    input = gzdopen(in, "rb");
    output = fdopen(out, "wb");
    if (input == NULL || output == NULL)
        return complain(in_name, "no memory");
    gzbuffer(input, BUFFER);
    setvbuf(output, NULL, _IOFBF, BUFFER);
    wr_thin(read_gzip, input, write_file, output, how, &result);
    if (fclose(output) != 0)
        status = complain(out_name, g_strerror(errno));
    else if (result.error != NULL)
        status = complain(in_name, result.error);
    gzclose(input);
    if (summary)
        fprintf(stderr,
                "{\"packets\":%" G_GUINT64_FORMAT ",\"left_out\":%" G_GUINT64_FORMAT
                ",\"left_out_bytes\":%" G_GUINT64_FORMAT ",\"streams\":%" G_GUINT64_FORMAT
                ",\"numbered\":%s,\"secrets\":%s}\n",
                result.packets, result.left.packets, result.left.bytes, result.left.streams,
                how.number && !result.unnumbered ? "true" : "false", result.secrets ? "true" : "false");
    g_free(result.error);
    return status;
}

int main(int argc, char **argv)
{
    static const struct option options[] = {
        {"no-media", no_argument, NULL, 'n'}, {"number", no_argument, NULL, 'f'}, {"summary", no_argument, NULL, 's'},
        {"version", no_argument, NULL, 'V'},  {"help", no_argument, NULL, 'h'},   {NULL, 0, NULL, 0},
    };
    wr_thin_options how = {0};
    bool summary = false;
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
            summary = true;
            break;
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
    return copy(optind < argc ? argv[optind] : "-", optind + 1 < argc ? argv[optind + 1] : "-", how, summary);
}
