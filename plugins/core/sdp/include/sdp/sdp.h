/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Session descriptions (RFC 8866) and fragments of them (RFC 8840), as far as
 * WebRTC security needs them: who authored it, sections, effective transport
 * attributes, candidates, key material.
 *
 * The text is attacker-controlled. Nothing is trusted beyond the given
 * length; counts are bounded by the WR_SDP_MAX_* limits and a reached bound
 * is reported as a problem.
 */
#ifndef WR_SDP_H
#define WR_SDP_H

#include "base/endpoint.h"
#include "sdp/fingerprint.h"

#define WR_SDP_MAX_SECTIONS     1024
#define WR_SDP_NO_SECTION       UINT16_MAX
#define WR_SDP_MAX_CANDIDATES   4096 /* of one description */
#define WR_SDP_MAX_FINGERPRINTS 64   /* of one section or of the session level; all are compared with all */
#define WR_SDP_MAX_PROBLEMS     64
#define WR_SDP_MAX_TEXT         (64u << 20) /* bytes; what follows is not read */
#define WR_SDP_MAX_VALUE        256 /* bytes of a mid, ICE credential (RFC 8839 5.4), tls-id; a longer one is ignored */

/* Where in the text something stands: the whole line. line is 0 when it is nowhere. WR_SDP_MAX_TEXT fits. */
typedef struct {
    uint32_t line; /* from 1 */
    uint32_t offset, length;
} wr_sdp_at;

typedef enum {
    WR_SETUP_NONE = 0,
    WR_SETUP_ACTPASS,
    WR_SETUP_ACTIVE,
    WR_SETUP_PASSIVE,
    WR_SETUP_HOLDCONN,
    WR_SETUP_INVALID
} wr_setup;

typedef enum { WR_CAND_HOST = 0, WR_CAND_SRFLX, WR_CAND_PRFLX, WR_CAND_RELAY, WR_CAND_OTHER } wr_candidate_type;

/* One candidate (RFC 8839 5.1). */
typedef struct {
    wr_endpoint address; /* unknown for host names (mDNS) */
    wr_endpoint related; /* raddr/rport, else unknown */
    char *hostname;      /* when the address is a name, else NULL */
    char *ufrag;         /* extension "ufrag", else NULL */
    uint32_t component;
    wr_candidate_type type;
    bool tcp;
    wr_sdp_at at; /* set in wr_sdp.candidates only */
} wr_candidate;

/* Transport attributes of one level (session or section). */
typedef struct {
    wr_fingerprint *fingerprints; /* in the order of the text */
    char *ice_ufrag, *ice_pwd;    /* NULL when absent */
    char *tls_id;
    uint8_t n_fingerprints;
    bool cut;      /* there were more than WR_SDP_MAX_FINGERPRINTS: what the others name is not known */
    uint8_t setup; /* wr_setup */
} wr_transport;

/* Where these stand. */
typedef struct {
    wr_sdp_at *fingerprints; /* one for each of them */
    wr_sdp_at ice_ufrag, ice_pwd, tls_id, setup;
} wr_transport_at;

/* One m-section. */
typedef struct {
    char *media;                            /* "audio", "video", "application", …; "" when the m= line is broken */
    char *proto;                            /* "UDP/TLS/RTP/SAVPF", …; "" when the m= line is broken */
    char *mid;                              /* NULL when absent */
    wr_transport own;                       /* lines of this section alone */
    uint32_t ssrc;                          /* first a=ssrc, 0 when absent */
    wr_endpoint connection;                 /* c= of the section or the session, with port; unknown when a name */
    uint16_t first_candidate, n_candidates; /* range in wr_sdp.candidates */
    uint16_t port;
    bool bundle_only : 1, rtcp_mux : 1, has_crypto : 1 /* a=crypto, RFC 4568 */, end_of_candidates : 1;
    bool identity : 1;
    bool in_bundle : 1; /* its mid is in wr_sdp.bundle */
} wr_sdp_section;

typedef struct {
    wr_sdp_at line; /* the m= line; the section goes on to the next one, or to the end */
    wr_sdp_at mid, crypto /* the first */;
    wr_transport_at own;
    char *msid; /* first a=msid value, NULL when absent: only who shows the section wants it */
} wr_section_at;

/* Where the lines of a description stand. */
typedef struct {
    wr_sdp_at origin, bundle, k, key_mgmt;
    wr_sdp_at crypto; /* first a=crypto of the session level or of any section */
    wr_transport_at session;
    wr_section_at *sections; /* one for each of wr_sdp.sections */
} wr_sdp_places;

typedef enum {
    WR_SDP_PROBLEM_SYNTAX = 0,       /* a line that cannot be read, or does not fit the others */
    WR_SDP_PROBLEM_FINGERPRINT,      /* a fingerprint line that cannot be used */
    WR_SDP_PROBLEM_FINGERPRINT_FORM, /* one that can, but is not written as RFC 8122 wants it */
    WR_SDP_PROBLEM_LIMIT             /* a bound was reached: something was left out */
} wr_sdp_problem_kind;

/* Something wrong or remarkable in the text. */
typedef struct {
    unsigned line;    /* from 1; 0 for the whole */
    const char *what; /* static sentence */
    wr_sdp_problem_kind kind;
    wr_sdp_at at; /* of that line */
} wr_sdp_problem;

typedef struct wr_sdp {
    unsigned refs;
    uint16_t n_sections, n_candidates, n_problems;
    bool fragment : 1; /* no v= line: RFC 8840 fragment, trickled candidate, … */
    bool ice_lite : 1, key_mgmt : 1 /* a=key-mgmt, RFC 4567 */, k_line : 1 /* k= */, identity : 1, has_crypto : 1;
    bool end_of_candidates : 1; /* said before any section (RFC 8840 fragments) */
    bool truncated : 1;         /* set by the caller: the capture holds only the beginning of the text */
    bool has_author : 1;        /* the o= line is there, and has its six words */
    uint32_t text_len, packed_len;
    uint32_t block_len;
    char *origin;          /* o= line: all of it after "o=", NULL when absent */
    uint64_t sess_version; /* in it; its other parts by functions */
    char *cname;           /* first a=ssrc cname */
    wr_transport session;  /* session-level lines */
    wr_sdp_section *sections;
    /* Mids of the first BUNDLE group (RFC 9143), in order; NULL-terminated, NULL when none. */
    char **bundle;
    uint16_t *bundle_sections; /* index of the section with each of these mids, WR_SDP_NO_SECTION when there is none */
    wr_candidate *candidates;  /* of all sections, and of none for a fragment */
    wr_sdp_problem *problems;
    char *text; /* a NUL-terminated copy of what was parsed: NULs in it replaced by spaces, bytes that are not UTF-8
                 * by question marks, so that offsets stay those of the original. NULL when folded: wr_sdp_text() */
    uint8_t *packed;       /* the text compressed, where wr_sdp_fold() made it smaller; else NULL */
    uint8_t canonical[32]; /* SHA-256 of the canonical form (wr_sdp_forms()), rules 2.6 */
    uint8_t body[32];      /* SHA-256 of the body (wr_sdp_forms()) */
    wr_sdp_places *at;     /* NULL when folded */
    void *block; /* when folded: all that is pointed to above, but for the text that is unpacked, and usual words */
} wr_sdp;

/* Parses text (len bytes; CR LF, LF or CR line ends; need not end in NUL).
 * Never fails: what is broken is in problems, and sections found are kept.
 * The caller owns one reference. */
wr_sdp *wr_sdp_parse(const char *text, size_t len);
wr_sdp *wr_sdp_ref(wr_sdp *sdp);
void wr_sdp_unref(wr_sdp *sdp); /* NULL is allowed */

/* Makes a description small that will be kept: compresses its text, forgets places, which only who shows a fresh one
 * needs, and puts the rest into one block, equal strings and fingerprints once. */
void wr_sdp_fold(wr_sdp *sdp);
/* The text, text_len bytes and a NUL; unpacked where it was folded. Owned by sdp, until wr_sdp_close(). */
const char *wr_sdp_text(wr_sdp *sdp);
/* The second word of the o= line, where has_author: *len bytes of it. */
const char *wr_sdp_sess_id(const wr_sdp *sdp, size_t *len);
/* Username, sess-id, nettype, addrtype and address, which a later version of the same author's has, too: g_free(); NULL
 * when the o= line has them not. */
char *wr_sdp_author(const wr_sdp *sdp);
/* These are the same, or neither has them. */
bool wr_sdp_same_author(const wr_sdp *a, const wr_sdp *b);
/* Their o= lines are there, and the same: one author's, in one version (RFC 8866 5.2). */
bool wr_sdp_same_version(const wr_sdp *a, const wr_sdp *b);
/* Gives back what wr_sdp_text() unpacked. */
void wr_sdp_close(wr_sdp *sdp);

/* One candidate line, with or without "a=" / "candidate:" (len bytes). False when it
 * is none; then *out is untouched. Release with wr_candidate_clear(). */
bool wr_candidate_parse(const char *text, size_t len, wr_candidate *out);
void wr_candidate_clear(wr_candidate *c);

/* True for text (len bytes) that begins "v=0" and has an m= line. */
bool wr_sdp_looks_like_description(const char *text, size_t len);
/* True for text with a line a=fingerprint: (known hash), a=ice-ufrag:, a=ice-pwd: or a=candidate:. */
bool wr_sdp_looks_like_fragment(const char *text, size_t len);
/* True for "(a=)candidate:… typ …" on one line. */
bool wr_sdp_looks_like_candidate(const char *text, size_t len);

/* Effective attributes of a section (RFC 8122 5, RFC 8839 5.4, RFC 8842 4):
 * section-level lines replace session-level ones, attribute by attribute. Pointers
 * are into sdp. section may be NULL for the session level. */
typedef struct {
    const wr_fingerprint *fingerprints;
    unsigned n_fingerprints;
    bool cut;                                 /* of the fingerprints, see wr_transport */
    const char *ice_ufrag, *ice_pwd, *tls_id; /* NULL when absent */
    wr_setup setup;
} wr_effective;
wr_effective wr_sdp_effective(const wr_sdp *sdp, const wr_sdp_section *section);
/* Where these stand: in the section, or before the first one. Not for a folded description. */
wr_transport_at wr_sdp_effective_at(const wr_sdp *sdp, const wr_sdp_section *section);

/* Some level of it has more fingerprints than were kept (wr_transport.cut). */
bool wr_sdp_is_cut(const wr_sdp *sdp);

/* Port 0 and not bundle-only: disabled or rejected (RFC 9143 7.2, 7.3). */
bool wr_sdp_section_disabled(const wr_sdp_section *section);
/* Index of the section that decides for the BUNDLE group: the first mid of the group
 * whose section is neither disabled nor bundle-only; SIZE_MAX when there is no group.
 * For an offer, pass the answer (or NULL before it): the tagged section is then the one with
 * the mid the answer's group begins with (RFC 9143 7.1.3, 7.3.2). */
size_t wr_sdp_tagged_section(const wr_sdp *sdp, const wr_sdp *answer);
/* True when the section is in the first BUNDLE group. */
bool wr_sdp_in_bundle(const wr_sdp *sdp, const wr_sdp_section *section);

const char *wr_setup_name(wr_setup setup); /* "actpass", "none", …; static */

#endif
