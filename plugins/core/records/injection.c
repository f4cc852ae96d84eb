/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What was put near the tap. */
#include "records/injection.h"

#include "records/store.h"

void wr_injection_add(wr_engine *e, wr_injection_kind kind, uint32_t frame, uint32_t other_frame,
                      const wr_association *a, const wr_copy *c)
{
    const wr_injection x = {kind, frame, other_frame, a, c};
    uint64_t key[2] = {(uint64_t)frame << 8 | kind, (uint64_t)(uintptr_t)(a != NULL ? (const void *)a : c)};
    const uint64_t mark = wr_key(key, sizeof key);

    if (wr_index_number(e->injected, mark) != 0)
        return;
    if (e->injections->len >= WR_MAX_INJECTIONS) {
        wr_limit_reached(e, "datagrams and copies that nobody took up");
        return;
    }
    wr_index_set_number(e->injected, mark, 1);
    g_array_append_val(e->injections, x);
}
