/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Text from the wire: made fit to be shown to people, and searched.
 */
#ifndef WR_TEXT_H
#define WR_TEXT_H

#include <glib.h>
#include <stddef.h>

/* A copy without anything that changes how the text around it is shown: what is not UTF-8 becomes U+FFFD, blanks of all
 * kinds a space, and characters that do not print (controls, terminal escapes, changes of the writing direction) their
 * number: \u{202E}. Longer than most characters, it ends in "…"; 0 for no bound. NULL gives "". Release with g_free().
 */
char *wr_text_clean(const char *text, unsigned most);

/* The same, with what has a meaning in HTML, XML and their attributes replaced by entities. */
char *wr_text_html(const char *text, unsigned most);

/* Where the NUL-terminated needle, of one byte at least, first stands in bytes[0..len); NULL when it does not. Quick
 * where the needle's first byte is rare, since it goes from one to the next; linear times the needle's length at worst.
 */
const char *wr_text_find(const char *bytes, size_t len, const char *needle);

#endif
