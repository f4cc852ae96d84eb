/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Long texts in the packet tree, which shows less than ITEM_LABEL_LENGTH bytes of a line. */
#include "audit.h"
#include "wr_epan/tree.h"

#define LINE 225 /* bytes; the field's name stands before the first, brackets around each */

static int ett_text = -1;

/* The length of a line that begins there: all, or up to the last space that fits, or to a whole character. */
static size_t line_of(const char *text)
{
    size_t n = strlen(text), end = LINE;

    if (n <= LINE)
        return n;
    while (end > LINE / 2 && text[end] != ' ')
        end--;
    if (text[end] == ' ')
        return end;
    for (end = LINE; end > 1 && ((unsigned char)text[end] & 0xc0) == 0x80; end--) {
    }
    return end;
}

void wr_audit_show_text(proto_tree *tree, int hf, tvbuff_t *tvb, const char *text)
{
    size_t n = line_of(text);
    proto_item *item = proto_tree_add_string_format(tree, hf, tvb, 0, 0, text, "%.*s", (int)n, text);

    proto_item_set_generated(item);
    if (!wr_tree_is_read(tree))
        return;
    for (const char *rest = text + n; *rest != '\0'; rest += n) {
        rest += *rest == ' ';
        n = line_of(rest);
        proto_tree_add_subtree_format(tree, tvb, 0, 0, ett_text, &item, "%.*s", (int)n, rest);
        proto_item_set_generated(item);
    }
}

void wr_audit_register_text(void)
{
    static int *ett[] = {&ett_text};

    proto_register_subtree_array(ett, array_length(ett));
}
