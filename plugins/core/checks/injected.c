/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What was put near the tap, or looks as if it were: INJ-01 to INJ-04 (rules 3.10; RFC 6347 4.2.2, RFC 9147 6.1). Notes
 * all of them: what anybody could have sent neither accuses nor absolves. */
#include "check.h"

#include <string.h>

static const char *what_it_is(const wr_injection *x)
{
    switch (x->kind) {
    case WR_INJECTED_MESSAGE:
        return "A handshake message beside the one that a signature fits";
    case WR_INJECTED_RECORD:
        return "A certificate in clear that belongs to no handshake under way";
    default:
        return "Hellos that no handshake followed, on a path where one was proven or completed";
    }
}

static void tell_datagram(wr_engine *e, const wr_injection *x)
{
    const wr_session s = {.number = x->association != NULL ? wr_association_session_number(e, x->association) : 0};

    if (x->other_frame != 0)
        wr_finding_once(
            e, &s, "INJ-01", WR_NOTE, x->frame, x->other_frame, NULL, WR_BASIS_HELLOS,
            "%s (frame %u, against frame %u): no party took it up. Believed, it would have stood in place of what "
            "counts",
            what_it_is(x), x->frame, x->other_frame);
    else
        wr_finding_once(
            e, &s, "INJ-01", WR_NOTE, x->frame, 0, NULL, WR_BASIS_HELLOS,
            "%s (frame %u): no party took it up. Believed, it would have been one more handshake of the call",
            what_it_is(x), x->frame);
}

static void tell_copy(wr_engine *e, const wr_injection *x)
{
    const wr_session s = {.number = wr_copy_session_number(e, x->copy)};
    char src[WR_ENDPOINT_TEXT], dst[WR_ENDPOINT_TEXT];

    wr_finding_once(
        e, &s, "INJ-03", WR_NOTE, x->frame, x->other_frame, NULL, WR_BASIS_COPIES,
        "A copy of the %s in frame %u, with another content, was exchanged between %s and %s, which no flow of the "
        "call is tied to: it was told to none of its parties, and does not count here. Believed, it would show a substitution",
        wr_copy_word(x->copy), x->other_frame, wr_endpoint_format(&x->copy->src, src),
        wr_endpoint_format(&x->copy->dst, dst));
}

/* A segment that is to reach the tap and not the receiver has its own TTL (Ptacek and Newsham 1998). */
static void say_ttl(char *text, size_t room, const wr_injection *x)
{
    const bool here = x->ttl != 0 && x->usual_ttl != 0 && x->ttl != x->usual_ttl,
               there = x->other_ttl != 0 && x->usual_ttl != 0 && x->other_ttl != x->usual_ttl;

    if (here && there)
        g_snprintf(text, room, ". TTL or hop limit is %u in frame %u, %u in frame %u, and %u in most segments",
                   x->other_ttl, x->other_frame, x->ttl, x->frame, x->usual_ttl);
    else if (here || there)
        g_snprintf(text, room, ". TTL or hop limit is %u in frame %u, and %u in most segments",
                   here ? x->ttl : x->other_ttl, here ? x->frame : x->other_frame, x->usual_ttl);
    else if (x->usual_ttl == 0 && x->ttl != x->other_ttl && x->ttl != 0 && x->other_ttl != 0)
        g_snprintf(text, room, ". TTL or hop limit is %u in frame %u and %u in frame %u", x->other_ttl, x->other_frame,
                   x->ttl, x->frame);
    else
        text[0] = '\0';
}

static void tell_bytes(wr_engine *e, const wr_injection *x)
{
    const wr_session s = {.number = x->copy != NULL ? wr_copy_session_number(e, x->copy) : 0};
    char ttl[160];

    say_ttl(ttl, sizeof ttl, x);
    if (x->other_frame == 0) {
        wr_finding_once(e, NULL, "INJ-02", WR_NOTE, x->frame, 0, NULL, WR_BASIS_TRANSPORT,
                        "A TCP segment far outside of the sequence that its connection had sent so far (frame %u): no "
                        "receiver takes it, and what it says was not believed%s",
                        x->frame, ttl);
        return;
    }
    wr_finding_once(
        e, &s, "INJ-02", WR_NOTE, x->frame, x->other_frame, NULL, WR_BASIS_TRANSPORT,
        "Bytes of one TCP sequence were sent twice with different content (frames %u and %u): which of them "
        "the receiver took does not show%s",
        x->other_frame, x->frame, ttl);
}

void wr_check_injected(wr_engine *e)
{
    for (unsigned i = 0; i < e->injections->len; i++) {
        const wr_injection *x = &g_array_index(e->injections, wr_injection, i);
        if (x->kind == WR_INJECTED_COPY)
            tell_copy(e, x);
        else if (x->kind == WR_INJECTED_BYTES)
            tell_bytes(e, x);
        else
            tell_datagram(e, x);
    }
}

/* Bounds that a flood reaches and an ordinary call does not. */
void wr_check_floods(wr_engine *e)
{
    static const char *const bounds[] = {
        "ICE user names on a flow",
        "DTLS associations on a flow",
        "messages of a DTLS handshake",
        "passwords announced for one ICE user name",
        "datagrams and copies that nobody took up",
    };

    for (unsigned i = 0; i < e->limits->len; i++)
        for (size_t k = 0; k < G_N_ELEMENTS(bounds); k++)
            if (strcmp(g_ptr_array_index(e->limits, i), bounds[k]) == 0)
                wr_finding_once(
                    e, NULL, "INJ-04", WR_NOTE, g_array_index(e->limit_frames, uint32_t, i), 0, NULL, WR_BASIS_CAPTURE,
                    "The bound on %s was reached here: what is proven was kept, and what anybody can send was not",
                    bounds[k]);
}
