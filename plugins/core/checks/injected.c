/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What was put near the tap, or looks as if it were: INJ-01 to INJ-04 (rules 3.10; RFC 6347 4.2.2, RFC 9147 6.1). Notes
 * all of them: what anybody could have sent neither accuses nor absolves. */
#include "check.h"

#include "records/hops.h"

#include <string.h>

#define HOPS_TEXT 160

/* TTL or hop limit of this frame, or else of the other, where it differs from most packets of its source. */
static const char *say_hops(const wr_engine *e, char text[HOPS_TEXT], uint32_t frame, uint32_t other,
                            wr_hops_source source)
{
    const uint32_t frames[] = {frame, other};

    text[0] = '\0';
    for (size_t i = 0; text[0] == '\0' && i < G_N_ELEMENTS(frames); i++) {
        uint8_t ttl, usual;
        if (wr_hops_differ(e, frames[i], source, &ttl, &usual))
            g_snprintf(text, HOPS_TEXT, ". TTL or hop limit is %u in frame %u, and %u in most packets from there", ttl,
                       frames[i], usual);
    }
    return text;
}

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
    char hops[HOPS_TEXT];

    say_hops(e, hops, x->frame, x->other_frame, WR_HOPS_OF_PORT);
    if (x->other_frame != 0)
        wr_finding_once(
            e, &s, "INJ-01", WR_NOTE, x->frame, x->other_frame, NULL, WR_BASIS_HELLOS,
            "%s (frame %u, against frame %u): no party took it up. Believed, it would have stood in place of what counts%s",
            what_it_is(x), x->frame, x->other_frame, hops);
    else
        wr_finding_once(
            e, &s, "INJ-01", WR_NOTE, x->frame, 0, NULL, WR_BASIS_HELLOS,
            "%s (frame %u): no party took it up. Believed, it would have been one more handshake of the call%s",
            what_it_is(x), x->frame, hops);
}

static void tell_copy(wr_engine *e, const wr_injection *x)
{
    const wr_session s = {.number = wr_copy_session_number(e, x->copy)};
    char src[WR_ENDPOINT_TEXT], dst[WR_ENDPOINT_TEXT], hops[HOPS_TEXT];

    wr_finding_once(
        e, &s, "INJ-03", WR_NOTE, x->frame, x->other_frame, NULL, WR_BASIS_COPIES,
        "A copy of the %s in frame %u, with another content, was exchanged between %s and %s, %s, and does not count "
        "here. Believed, it would show a substitution%s",
        wr_copy_word(x->copy), x->other_frame, wr_endpoint_format(&x->copy->src, src),
        wr_endpoint_format(&x->copy->dst, dst),
        wr_leg_is_bare(x->copy->leg)
            ? "in datagrams, whose addresses anybody can write, where better evidence says otherwise"
            : "which no flow of the call is tied to: it was told to none of its parties",
        say_hops(e, hops, x->frame, 0, WR_HOPS_OF_HOST));
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
    char ttl[160], changed[80] = "";

    say_ttl(ttl, sizeof ttl, x);
    if (x->copy != NULL)
        g_snprintf(changed, sizeof changed, ". The other content would stand in place of the %s in frame %u",
                   wr_copy_word(x->copy), x->copy->frame);
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
        "the receiver took does not show%s%s",
        x->other_frame, x->frame, changed, ttl);
}

static void tell_unsent(wr_engine *e, const wr_injection *x)
{
    const wr_session s = {.number = wr_copy_session_number(e, x->copy)};
    char ttl[160];

    if (x->copy->unsent == 0) /* it was acknowledged since */
        return;
    say_ttl(ttl, sizeof ttl, x);
    wr_finding_once(
        e, &s, "INJ-02", WR_NOTE, x->frame, x->other_frame, NULL, WR_BASIS_TRANSPORT,
        "The %s in frame %u came in bytes that its TCP connection goes on without: the receiver acknowledged less, and "
        "the sender went on before them (frame %u). %s%s",
        wr_copy_word(x->copy), x->frame, x->other_frame,
        wr_copy_is_unsent(e, x->copy) ? "What else was said there for the same ICE credentials counts. Believed, it "
                                        "would have stood in its place"
                                      : "Nothing else was said there in its place",
        ttl);
}

void wr_check_injected(wr_engine *e)
{
    for (unsigned i = 0; i < e->injections->len; i++) {
        const wr_injection *x = &g_array_index(e->injections, wr_injection, i);
        if (x->kind == WR_INJECTED_COPY)
            tell_copy(e, x);
        else if (x->kind == WR_INJECTED_BYTES)
            tell_bytes(e, x);
        else if (x->kind == WR_INJECTED_UNSENT)
            tell_unsent(e, x);
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

    for (unsigned i = 0; i < e->limits->len; i++) {
        const uint32_t frame = g_array_index(e->limit_frames, uint32_t, i);
        char hops[HOPS_TEXT];
        for (size_t k = 0; k < G_N_ELEMENTS(bounds); k++)
            if (strcmp(g_ptr_array_index(e->limits, i), bounds[k]) == 0)
                wr_finding_once(
                    e, NULL, "INJ-04", WR_NOTE, frame, 0, NULL, WR_BASIS_CAPTURE,
                    "The bound on %s was reached here: what is proven was kept, and what anybody can send was not. "
                    "Kept as well, it would have been one more claim beside what is proven%s",
                    bounds[k], say_hops(e, hops, frame, 0, WR_HOPS_OF_PORT));
    }
}
