/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Feeds HTTP heads, ServerHellos, JSON and page policies. */
#include "remarks/page_policy.h"
#include "remarks/remarks.h"
#include "remarks/stack_version.h"

#include <glib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    wr_oldest list[WR_MAX_OLDEST];
    wr_page_policy policy;
    wr_stack stack;
    GPtrArray *found = wr_remarks_from_json(data, size);
    char *text = g_utf8_make_valid((const char *)data, (gssize)size);
    unsigned n;

    if (found != NULL)
        g_ptr_array_unref(found);
    wr_remark_free(wr_remark_from_tls(data, size));
    wr_remark_free(wr_remark_from_head((const char *)data, size));
    wr_page_policy_read(text, text, text, &policy);
    if (policy.connect != NULL)
        wr_page_policy_allows(policy.connect, "a.example", text);
    wr_page_policy_clear(&policy);
    wr_stack_from_agent(text, &stack);
    n = wr_oldest_parse(text, list, NULL);
    wr_stack_is_older(&stack, list, n);
    g_free(text);
    return 0;
}
