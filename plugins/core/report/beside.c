/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "beside.h"

#include "relations/relations.h"

#include <string.h>

#define MAX_NAMED 6 /* frames that one sentence names */

/* A verdict of less weight stands above: who reads no further must know of it. */
static void add_graver(GPtrArray *out, const wr_session *s, const GPtrArray *findings)
{
    const wr_finding *f = findings != NULL && findings->len > 0 ? g_ptr_array_index(findings, 0) : NULL;

    if (f != NULL && f->severity == WR_ERROR && s->severity < WR_ERROR)
        g_ptr_array_add(out,
                        g_strdup_printf("A finding weighs more than this verdict (%s): %s.", f->check, f->message));
}

/* Not beside a contested verdict, which may rest on them. */
static void add_insertions(GPtrArray *out, const wr_session *s, const GPtrArray *findings)
{
    GString *frames = g_string_new(NULL);
    unsigned n = 0;

    for (unsigned i = 0; findings != NULL && s->verdict != WR_S_CONTESTED && i < findings->len; i++) {
        const wr_finding *f = g_ptr_array_index(findings, i);
        if (strcmp(f->check, "INJ-01") != 0)
            continue;
        if (n < MAX_NAMED)
            g_string_append_printf(frames, "%s%u", n > 0 ? ", " : "", f->frame);
        n++;
    }
    if (n > MAX_NAMED)
        g_string_append_printf(frames, " and %u more", n - MAX_NAMED);
    if (n > 0)
        g_ptr_array_add(out,
                        g_strdup_printf("%u packet%s (%s) that no party took up look%s like part of the connection: "
                                        "somebody may have put %s in. This judgement does not rest on %s.",
                                        n, n == 1 ? "" : "s", frames->str, n == 1 ? "s" : "", n == 1 ? "it" : "them",
                                        n == 1 ? "it" : "them"));
    g_string_free(frames, TRUE);
}

GPtrArray *wr_report_beside(const wr_session *s, const GPtrArray *findings)
{
    GPtrArray *out = g_ptr_array_new_with_free_func(g_free);

    add_graver(out, s, findings);
    for (unsigned i = 0; i < s->beside->len; i++)
        g_ptr_array_add(out, g_strdup(g_ptr_array_index(s->beside, i)));
    add_insertions(out, s, findings);
    return out;
}

char *wr_report_as_announced(const wr_engine *e, const wr_presented *p)
{
    char text[WR_DIGEST_TEXT], *place, *out;
    const uint8_t *digest;

    if (p->certificate == NULL || p->certificate->facts == NULL || p->description == NULL ||
        (p->verdict != WR_CERT_MATCH && p->verdict != WR_CERT_MATCH_WEAK) || p->hash == WR_HASH_SHA256 ||
        p->hash >= WR_HASH_COUNT || (digest = wr_certificate_digest(p->certificate, (wr_hash)p->hash)) == NULL)
        return NULL;
    place = wr_frame_name(e, p->description->frame);
    out = g_strdup_printf("its %s is %s, as announced in %s", wr_hash_name((wr_hash)p->hash),
                          wr_digest_format(digest, wr_hash_length((wr_hash)p->hash), text), place);
    g_free(place);
    return out;
}

bool wr_report_is_of_strangers(const wr_session *s, const wr_copy *c)
{
    return wr_copy_is_of_strangers(s, c);
}
