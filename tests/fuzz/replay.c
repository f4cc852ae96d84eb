/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Gives each file named on the command line, and each file of each folder named, to a fuzz target, without libFuzzer:
 * what fuzzing once found must stay mended. */
#include <glib.h>
#include <stdint.h>
#include <stdio.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static unsigned replay_file(const char *path)
{
    char *data;
    gsize size;
    GError *error = NULL;
    uint8_t *exact;

    if (!g_file_get_contents(path, &data, &size, &error))
        g_error("%s", error->message);
    printf("%s\n", path);
    fflush(stdout);                /* so that the last name is that of a crash */
    exact = g_memdup2(data, size); /* without the terminator that GLib appends */
    LLVMFuzzerTestOneInput(exact, size);
    g_free(exact);
    g_free(data);
    return 1;
}

static unsigned replay_folder(const char *path)
{
    GDir *dir = g_dir_open(path, 0, NULL);
    const char *name;
    unsigned n = 0;

    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        char *file = g_build_filename(path, name, NULL);
        n += replay_file(file);
        g_free(file);
    }
    if (dir != NULL)
        g_dir_close(dir);
    return n;
}

int main(int argc, char **argv)
{
    unsigned n = 0;

    for (int i = 1; i < argc; i++)
        if (g_file_test(argv[i], G_FILE_TEST_IS_DIR))
            n += replay_folder(argv[i]);
        else if (g_file_test(argv[i], G_FILE_TEST_EXISTS))
            n += replay_file(argv[i]);
    printf("%u inputs\n", n);
    return 0;
}
