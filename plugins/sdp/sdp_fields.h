/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Identifiers of the fields, subtrees and expert infos of webrtc_sdp.
 */
#ifndef WR_SDP_FIELDS_H
#define WR_SDP_FIELDS_H

#include "sdp_plugin.h"

typedef struct {
    /* about the whole */
    int kind, dialect, carrier, direction, protected_transport, path, call, from, to, server, user_agent;
    int fragment, truncated, origin, sess_id, sess_version, ice_lite, bundle, canonical_hash, body_hash;
    /* about a section */
    int section, media, port, proto, mid, msid, ssrc, bundle_only, disabled, tagged, rtcp_mux, connection;
    /* transport attributes, at either level */
    int fingerprint, fingerprint_hash, setup, ice_ufrag, ice_pwd, tls_id, crypto, identity, key;
    /* candidates */
    int candidate, candidate_type, candidate_address, candidate_port, candidate_transport, candidate_component;
    int candidate_ufrag, candidate_related, end_of_candidates;
    int problem;
} wr_sdp_hf_ids;

typedef struct {
    int top, section, fingerprint, candidates, candidate;
} wr_sdp_ett_ids;

typedef struct {
    expert_field malformed, limit, truncated, fingerprint_malformed, fingerprint_form, crypto, key;
} wr_sdp_ei_ids;

extern wr_sdp_hf_ids wr_sdp_hf;
extern wr_sdp_ett_ids wr_sdp_ett;
extern wr_sdp_ei_ids wr_sdp_ei;

#endif
