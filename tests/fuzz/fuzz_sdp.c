/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fuzzes the reader of session descriptions, and what is asked of a description afterwards. */
#include "evidence/evidence.h"
#include "sdp/compare.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Every line noted down must lie in the text. */
static void check_place(const wr_sdp *sdp, wr_sdp_at at)
{
    if (at.offset > sdp->text_len || at.length > sdp->text_len - at.offset)
        abort();
}

static void check_section(const wr_sdp *sdp, const wr_sdp_section *section)
{
    const wr_effective e = wr_sdp_effective(sdp, section);
    const wr_transport_at at = wr_sdp_effective_at(sdp, section);

    for (unsigned i = 0; i < e.n_fingerprints; i++) {
        check_place(sdp, at.fingerprints[i]);
        if (e.fingerprints[i].usable && e.fingerprints[i].length != wr_hash_length(e.fingerprints[i].hash))
            abort();
    }
    check_place(sdp, at.setup);
    if (section != NULL) {
        check_place(sdp, sdp->at->sections[section - sdp->sections].line);
        if (section->n_candidates > sdp->n_candidates ||
            section->first_candidate > sdp->n_candidates - section->n_candidates)
            abort();
        wr_sdp_in_bundle(sdp, section);
        wr_sdp_section_disabled(section);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    wr_sdp *sdp = wr_sdp_parse(text, size);
    const size_t tagged = wr_sdp_tagged_section(sdp, NULL);
    wr_candidate candidate;
    char *canonical, *body;

    wr_sdp_forms(sdp, &canonical, &body);
    if (!g_utf8_validate(sdp->text, (gssize)sdp->text_len, NULL) || (tagged != SIZE_MAX && tagged >= sdp->n_sections))
        abort();
    check_section(sdp, NULL);
    for (unsigned i = 0; i < sdp->n_sections; i++)
        check_section(sdp, &sdp->sections[i]);
    for (unsigned i = 0; i < sdp->n_problems; i++)
        check_place(sdp, sdp->problems[i].at);
    wr_kind_from_sdp(sdp);
    wr_sdp_origin_tells(sdp);
    wr_sdp_looks_like_description(text, size);
    wr_sdp_looks_like_fragment(text, size);
    wr_sdp_looks_like_candidate(text, size);
    if (wr_candidate_parse(text, size, &candidate))
        wr_candidate_clear(&candidate);
    g_free(canonical);
    g_free(body);
    wr_sdp_unref(sdp);
    return 0;
}
