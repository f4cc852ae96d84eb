/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fuzzes the reader of message heads that stand before a body. */
#include "connection/message_head.h"

#include <glib.h>
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    wr_message_head head;
    char *value, *part;

    if (!wr_message_head_find((const char *)data, size, &head))
        return 0;
    value = wr_message_head_field(&head, "From", "f");
    if (value != NULL) {
        if (!g_utf8_validate(value, -1, NULL))
            abort();
        part = wr_message_sip_user(value);
        g_free(part);
    }
    g_free(value);
    part = head.target != NULL ? wr_message_path(head.target, head.target_len) : NULL;
    g_free(part);
    return 0;
}
