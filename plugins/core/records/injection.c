/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What was put near the tap. */
#include "records/injection.h"

#include "records/store.h"

static void add(wr_engine *e, const wr_injection *x)
{
    const void *what = x->association != NULL ? (const void *)x->association : x->copy;
    uint64_t key[2] = {(uint64_t)x->frame << 8 | x->kind, x->kind == WR_INJECTED_BYTES ? 0 : (uint64_t)(uintptr_t)what};
    const uint64_t mark = wr_key(key, sizeof key);

    if (wr_index_number(e->injected, mark) != 0)
        return;
    if (e->injections->len >= WR_MAX_INJECTIONS) {
        wr_limit_reached(e, "datagrams and copies that nobody took up");
        return;
    }
    wr_index_set_number(e->injected, mark, 1);
    g_array_append_val(e->injections, *x);
}

void wr_injection_add(wr_engine *e, wr_injection_kind kind, uint32_t frame, uint32_t other_frame,
                      const wr_association *a, const wr_copy *c)
{
    const wr_injection x = {.kind = kind, .frame = frame, .other_frame = other_frame, .association = a, .copy = c};

    add(e, &x);
}

void wr_injection_add_unsent(wr_engine *e, const wr_remark *r, const wr_copy *copy)
{
    const wr_injection x = {.kind = WR_INJECTED_UNSENT,
                            .frame = r->other_frame,
                            .other_frame = r->at.frame,
                            .copy = copy,
                            .ttl = r->other_ttl,
                            .usual_ttl = r->usual_ttl};

    add(e, &x);
}

void wr_injection_add_bytes(wr_engine *e, const wr_remark *r, const wr_copy *copy)
{
    const wr_injection x = {.kind = WR_INJECTED_BYTES,
                            .frame = r->at.frame,
                            .other_frame = r->other_frame,
                            .copy = copy,
                            .ttl = r->ttl,
                            .other_ttl = r->other_ttl,
                            .usual_ttl = r->usual_ttl};

    add(e, &x);
}
