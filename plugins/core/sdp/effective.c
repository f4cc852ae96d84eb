/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which attributes hold for a section: inheritance (RFC 8122 5, RFC 8829 5.2.1), rejected sections and BUNDLE
 * (RFC 9143 7; rules 2.3); and whether a text is a description at all. */
#include "sdp/lines.h"

static const wr_transport_at *places_of(const wr_sdp *sdp, const wr_sdp_section *section, bool own)
{
    return section != NULL && own ? &sdp->at->sections[section - sdp->sections].own : &sdp->at->session;
}

wr_effective wr_sdp_effective(const wr_sdp *sdp, const wr_sdp_section *section)
{
    const wr_transport *outer = &sdp->session;
    const wr_transport *own = section != NULL ? &section->own : outer;
    /* Lines of the section that cannot be used replace those of the session all the same: this is how receivers read
     * it, and nobody may then claim a match by the session's. */
    const wr_transport *fingerprints = own->n_fingerprints != 0 ? own : outer;

    return (wr_effective){
        .fingerprints = fingerprints->fingerprints,
        .n_fingerprints = fingerprints->n_fingerprints,
        .cut = fingerprints->cut,
        .ice_ufrag = own->ice_ufrag != NULL ? own->ice_ufrag : outer->ice_ufrag,
        .ice_pwd = own->ice_pwd != NULL ? own->ice_pwd : outer->ice_pwd,
        .tls_id = own->tls_id != NULL ? own->tls_id : outer->tls_id,
        .setup = own->setup != WR_SETUP_NONE ? own->setup : outer->setup,
    };
}

wr_transport_at wr_sdp_effective_at(const wr_sdp *sdp, const wr_sdp_section *section)
{
    const wr_transport *own = section != NULL ? &section->own : &sdp->session;

    return (wr_transport_at){
        .fingerprints = places_of(sdp, section, own->n_fingerprints != 0)->fingerprints,
        .ice_ufrag = places_of(sdp, section, own->ice_ufrag != NULL)->ice_ufrag,
        .ice_pwd = places_of(sdp, section, own->ice_pwd != NULL)->ice_pwd,
        .tls_id = places_of(sdp, section, own->tls_id != NULL)->tls_id,
        .setup = places_of(sdp, section, own->setup != WR_SETUP_NONE)->setup,
    };
}

bool wr_sdp_is_cut(const wr_sdp *sdp)
{
    bool cut = sdp->session.cut;

    for (unsigned i = 0; i < sdp->n_sections; i++)
        cut |= sdp->sections[i].own.cut;
    return cut;
}

bool wr_sdp_section_disabled(const wr_sdp_section *section)
{
    return section->port == 0 && !section->bundle_only;
}

bool wr_sdp_in_bundle(const wr_sdp *sdp, const wr_sdp_section *section)
{
    (void)sdp;
    return section->in_bundle;
}

/* The first of the group that has a port: neither disabled nor bundle-only, which is without transport attributes. */
static size_t first_with_port(const wr_sdp *sdp)
{
    for (size_t i = 0; sdp->bundle != NULL && sdp->bundle[i] != NULL; i++) {
        const uint16_t index = sdp->bundle_sections[i];
        if (index != WR_SDP_NO_SECTION && sdp->sections[index].port != 0)
            return index;
    }
    return SIZE_MAX;
}

size_t wr_sdp_tagged_section(const wr_sdp *sdp, const wr_sdp *answer)
{
    const char *mid;
    size_t tagged;

    if (answer == NULL || sdp->bundle == NULL)
        return first_with_port(sdp);
    tagged = first_with_port(answer);
    if (tagged == SIZE_MAX)
        return SIZE_MAX;
    mid = answer->sections[tagged].mid;
    for (size_t i = 0; sdp->bundle[i] != NULL; i++) {
        const uint16_t index = sdp->bundle_sections[i];
        if (index != WR_SDP_NO_SECTION && g_str_equal(sdp->bundle[i], mid)) {
            /* A bundle-only section cannot have been the one that set up the transport. */
            return sdp->sections[index].port != 0 ? index : first_with_port(sdp);
        }
    }
    return SIZE_MAX;
}

const char *wr_setup_name(wr_setup setup)
{
    static const char *const names[] = {"none", "actpass", "active", "passive", "holdconn", "invalid"};

    return names[(unsigned)setup < G_N_ELEMENTS(names) ? setup : WR_SETUP_INVALID];
}

bool wr_sdp_looks_like_description(const char *text, size_t len)
{
    wr_line_reader reader = wr_lines(text, len);
    wr_slice line;
    bool version = false;

    while (wr_line_next(&reader, &line, NULL)) {
        line = wr_slice_trim_end(line);
        if (!version && line.len != 0) {
            if (!wr_slice_is(line, "v=0"))
                return false;
            version = true;
        } else if (version && wr_slice_starts(line, "m=", NULL)) {
            return true;
        }
    }
    return false;
}

bool wr_sdp_looks_like_fragment(const char *text, size_t len)
{
    wr_line_reader reader = wr_lines(text, len);
    wr_slice line, name, value;
    bool begun = false;

    while (wr_line_next(&reader, &line, NULL)) {
        /* Prose and markup may show lines of SDP: a fragment begins with one. */
        if (!begun && wr_slice_trim(line).len > 0 && (line.len < 2 || line.p[1] != '=' || !g_ascii_islower(line.p[0])))
            return false;
        begun = begun || wr_slice_trim(line).len > 0;
        if (!wr_slice_attribute(line, &name, &value) || value.len == 0)
            continue;
        if (wr_slice_is(name, "ice-ufrag") || wr_slice_is(name, "ice-pwd") || wr_slice_is(name, "candidate"))
            return true;
        if (wr_slice_is(name, "fingerprint")) {
            const wr_slice hash = wr_slice_token(&value);
            if (wr_hash_from_name(hash.p, hash.len) != WR_HASH_UNKNOWN)
                return true;
        }
    }
    return false;
}
