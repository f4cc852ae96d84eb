/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What must stand beside the plain sentence: since when a call was exposed, whether anything was said at all, what else
 * a host in between did, whose end has no name. Each only where the records show it. */
#include "plain_advice.h"
#include "plain_ends.h"
#include "records/store.h"
#include "verdict/plain_words.h"

#define MAX_NAMED 6 /* frames, or handshakes, that one sentence names */

static void add(wr_session *s, GString *text)
{
    g_ptr_array_add(s->beside, g_string_free(text, FALSE));
}

static void say_time(GString *out, int64_t us)
{
    GDateTime *t = g_date_time_new_from_unix_utc(us / 1000000);
    char *text = t == NULL ? g_strdup("?") : g_date_time_format(t, "%H:%M:%S");

    g_string_append_printf(out, "%s.%03d UTC", text, (int)(us % 1000000 / 1000));
    if (t != NULL)
        g_date_time_unref(t);
    g_free(text);
}

/* ---- since when ---- */

static void tell_exposure(wr_session *s, const wr_facts *f)
{
    wr_plain_traffic all = {.any = false};
    GString *out;

    if (s->verdict != WR_S_INTERCEPTED && s->verdict != WR_S_INTERCEPTED_FULL)
        return;
    for (int i = 0; i < 2; i++) {
        const wr_plain_traffic t =
            f->followed[i] != NULL ? wr_plain_traffic_of(f->followed[i]) : (wr_plain_traffic){.any = false};
        if (!t.any)
            continue;
        if (!all.any || t.first_us < all.first_us) {
            all.first_us = t.first_us;
            all.first_frame = t.first_frame;
        }
        if (!all.any || t.last_us > all.last_us) {
            all.last_us = t.last_us;
            all.last_frame = t.last_frame;
        }
        all.any = true;
    }
    out = g_string_new(NULL);
    if (all.any) {
        g_string_append(out, "Exposed: from ");
        if (all.first_frame != 0)
            g_string_append_printf(out, "frame %u, ", all.first_frame);
        say_time(out, all.first_us);
        g_string_append(out, " (the first sound, picture or other data seen), to ");
        if (all.last_frame != 0)
            g_string_append_printf(out, "frame %u, ", all.last_frame);
        say_time(out, all.last_us);
        g_string_append(out, "; of what was before this capture or after it, it shows nothing.");
    } else {
        g_string_append(out, "No sound, picture or other data was seen on the connections that were made with the "
                             "substituted key.");
    }
    add(s, out);
}

/* A handshake, and then silence: the sentences speak of keys, not of what was said. */
static void tell_silence(const wr_engine *e, wr_session *s, const wr_facts *f)
{
    const wr_association *a = f->mismatch;
    GString *out;

    if (s->verdict != WR_S_MISMATCH || a == NULL || a->verdict != WR_A_MISMATCH || wr_plain_has_traffic(s))
        return;
    out = g_string_new(NULL);
    g_string_append_printf(
        out,
        "No sound, picture or other data was seen after these keys were shown (%" G_GINT64_FORMAT
        " s of the capture): the connection may have been refused. The log of an endpoint would tell.",
        MAX(e->last_us - a->last_us, 0) / 1000000);
    add(s, out);
}

/* ---- several handshakes ---- */

/* The last one before it at the same hosts; NULL for none. */
static const wr_association *before(const wr_session *s, unsigned at)
{
    const wr_association *a = g_ptr_array_index(s->associations, at);

    for (unsigned i = at; i > 0 && at - i < 16; i--) {
        const wr_association *b = g_ptr_array_index(s->associations, i - 1);
        for (int k = 0; k < 2; k++)
            if (wr_endpoint_same_host(&a->side[0].end, &b->side[k].end) &&
                wr_endpoint_same_host(&a->side[1].end, &b->side[1 - k].end))
                return b;
    }
    return NULL;
}

static void say_change(GString *out, const wr_session *s, const wr_association *a, const wr_association *b, unsigned *n)
{
    for (int side = 0; side < 2; side++) {
        const wr_presented *p = &a->side[side].presented;
        const int other = wr_endpoint_same_host(&b->side[side].end, &a->side[side].end) ? side : 1 - side;
        const wr_certificate *old = b->side[other].presented.certificate;
        if (p->certificate == NULL || old == NULL || wr_certificate_same(p->certificate, old) || (*n)++ >= MAX_NAMED)
            continue;
        g_string_append_printf(out, " In a%u (frame %u) ", a->number, p->frame);
        wr_plain_say_end(out, s, a, side);
        g_string_append(out, " showed another key than before");
        if (p->description != NULL && p->description->frame != 0 && p->verdict == WR_CERT_MATCH)
            g_string_append_printf(out, ", as announced in frame %u", p->description->frame);
        g_string_append_c(out, '.');
    }
}

static void tell_changes(wr_session *s)
{
    GString *out = g_string_new(NULL);
    unsigned n = 0;

    if (s->verdict == WR_S_VERIFIED_LEG || s->verdict == WR_S_VERIFIED_CROSS)
        for (unsigned i = 1; i < s->associations->len && n < MAX_NAMED; i++) {
            const wr_association *a = g_ptr_array_index(s->associations, i), *b = before(s, i);
            if (b != NULL && !wr_endpoint_same_host(&a->side[0].end, &a->side[1].end))
                say_change(out, s, a, b, &n);
        }
    if (n == 0) {
        g_string_free(out, TRUE);
        return;
    }
    g_string_prepend(out, "The connection of this call was made more than once.");
    add(s, out);
}

/* ---- what the host in between did as well ---- */

/* A changed copy that was told to no party comes from the very host that a party's connection runs to. */
static void tell_passed_on(const wr_engine *e, wr_session *s)
{
    wr_plain_between b[2];
    const unsigned n = s->verdict == WR_S_RE_KEYED || s->verdict == WR_S_SUBSTITUTED_IN_SIGNALLING ||
                               s->verdict == WR_S_INTERCEPTED || s->verdict == WR_S_INTERCEPTED_FULL ||
                               s->verdict == WR_S_TERMINATED_UNDECLARED
                           ? wr_plain_find_between(s, b)
                           : 0;

    for (unsigned i = 0; n > 0 && i < e->injections->len; i++) {
        const wr_injection *x = &g_array_index(e->injections, wr_injection, i);
        char at[WR_ENDPOINT_TEXT];
        GString *out;
        if (x->kind != WR_INJECTED_COPY || x->copy == NULL || wr_copy_session_number(e, x->copy) != s->number ||
            !wr_endpoint_same_host(&x->copy->src, b[0].host))
            continue;
        out = g_string_new("The host that the connection of ");
        wr_plain_say_party(out, s, b[0].party);
        g_string_append_printf(
            out,
            " runs to passed a changed copy of a message of this call on (frame %u). This fits somebody in "
            "between at %s; the verdict does not rest on it.",
            x->frame, wr_endpoint_format_host(b[0].host, at));
        add(s, out);
        return;
    }
}

/* ---- who ---- */

static void tell_nameless(wr_session *s)
{
    const bool named = s->n_parties == 2 && s->parties[0].name != NULL;
    const unsigned other = named ? 1 : 0;
    char at[WR_ENDPOINT_TEXT];
    GString *out;

    if ((s->verdict != WR_S_VERIFIED_LEG && s->verdict != WR_S_UNVERIFIABLE) || s->n_parties != 2 ||
        (s->parties[0].name != NULL) == (s->parties[1].name != NULL))
        return;
    out = g_string_new(NULL);
    g_string_append_printf(out, "The other end is %s; no message names whose it is.",
                           wr_endpoint_format_host(&s->parties[other].address, at));
    add(s, out);
}

void wr_session_tell_beside(const wr_engine *e, wr_session *s, const wr_facts *f)
{
    tell_exposure(s, f);
    tell_silence(e, s, f);
    tell_changes(s);
    tell_passed_on(e, s);
    tell_nameless(s);
}
