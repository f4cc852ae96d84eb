/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Wireshark tells its plugins the name of the capture in the window alone, and tshark not at all. So it
 * is looked for among the files that the process has open for reading, and taken when the command line names it too.
 */
#include "wr_epan/capture_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define MOST_OF_COMMAND (16u << 10) /* bytes of it that are told */

/* The words of the command line; NULL where the system does not tell. */
static char **command_line(void)
{
    char *text = NULL;
    size_t length = 0, n = 0;
    GPtrArray *words;

    if (!g_file_get_contents("/proc/self/cmdline", &text, &length, NULL))
        return NULL;
    words = g_ptr_array_new();
    for (; n < length; n += strlen(text + n) + 1)
        g_ptr_array_add(words, g_strdup(text + n));
    g_ptr_array_add(words, NULL);
    g_free(text);
    return (char **)g_ptr_array_free(words, FALSE);
}

/* As it is: what needs no quotes has none. */
static void add_word(GString *line, const char *word)
{
    static const char plain[] = "%+,-./:=@_^";
    const char *c = word;
    char *quoted;

    while (g_ascii_isalnum(*c) || (*c != '\0' && strchr(plain, *c) != NULL))
        c++;
    if (line->len > 0)
        g_string_append_c(line, ' ');
    if (*c == '\0' && c > word) {
        g_string_append(line, word);
        return;
    }
    quoted = g_shell_quote(word);
    g_string_append(line, quoted);
    g_free(quoted);
}

char *wr_command_line(void)
{
    char **words = command_line();
    GString *line;

    if (words == NULL)
        return NULL;
    line = g_string_new(NULL);
    for (unsigned i = 0; words[i] != NULL && line->len < MOST_OF_COMMAND; i++)
        add_word(line, words[i]);
    g_strfreev(words);
    if (line->len > MOST_OF_COMMAND) {
        g_string_truncate(line, MOST_OF_COMMAND);
        g_string_append(line, " ...");
    }
    return g_string_free(line, FALSE);
}

/* Is this file, which the process has open, the one that word names? Words may have the option's letters before the
 * name. */
static bool names_file(const char *word, const struct stat *file)
{
    struct stat s;

    for (unsigned skip = 0; skip < 16 && word[skip] != '\0'; skip++) {
        if (skip > 0 && word[0] != '-')
            return false;
        if (stat(word + skip, &s) == 0 && s.st_dev == file->st_dev && s.st_ino == file->st_ino)
            return true;
    }
    return false;
}

char *wr_capture_file_name(void)
{
    char **words = command_line(), *found = NULL;
    GDir *open_files = g_dir_open("/proc/self/fd", 0, NULL);
    const char *number;

    while (words != NULL && found == NULL && open_files != NULL && (number = g_dir_read_name(open_files)) != NULL) {
        int fd = (int)g_ascii_strtoll(number, NULL, 10);
        struct stat s;
        if (fstat(fd, &s) != 0 || !S_ISREG(s.st_mode) || (fcntl(fd, F_GETFL) & O_ACCMODE) != O_RDONLY)
            continue;
        for (unsigned i = 1; words[i] != NULL; i++) {
            if (names_file(words[i], &s)) {
                char *link = g_strconcat("/proc/self/fd/", number, NULL);
                found = g_file_read_link(link, NULL);
                g_free(link);
                break;
            }
        }
    }
    if (open_files != NULL)
        g_dir_close(open_files);
    g_strfreev(words);
    return found;
}

void wr_each_open_file(void (*each)(int fd, void *data), void *data)
{
    GDir *open_files = g_dir_open("/proc/self/fd", 0, NULL);
    const char *number;

    while (open_files != NULL && (number = g_dir_read_name(open_files)) != NULL) {
        int fd = (int)g_ascii_strtoll(number, NULL, 10);
        struct stat s;
        if (fstat(fd, &s) == 0 && S_ISREG(s.st_mode) && (fcntl(fd, F_GETFL) & O_ACCMODE) == O_RDONLY)
            each(fd, data);
    }
    if (open_files != NULL)
        g_dir_close(open_files);
}
