/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What belongs together: flows with the descriptions that govern them, one description with its copies on other legs,
 * an association with what goes on elsewhere, and all of that as calls.
 */
#ifndef WR_RELATIONS_H
#define WR_RELATIONS_H

#include "records/allocation.h"
#include "records/store.h"

/* ---- views.c, binding.c: which descriptions govern an association ---- */

#define WR_MAX_CANDIDATES_OF_VIEW 8

/* What one leg says of both sides of an association. */
typedef struct {
    wr_leg *leg;
    wr_copy *copy[2]; /* in force, by side (0 wire client); NULL when the leg shows none */
    const char *ufrag[2];
    wr_copy *rival[2];      /* told on the same leg as the same version, with another fingerprint; NULL for none */
    wr_copy *other_form[2]; /* the same of an offer that was answered in the form in force alone: which of them an
                             * endpoint took does not show by its answer; or of what was put into the connection */
    wr_tie tie;
    int own;       /* side that the leg's client is; -1 unknown */
    bool applies;  /* the leg's client is an end of the association, in the right place */
    bool disowned; /* see wr_views_disown() */
    bool beside;   /* datagrams, and a connection that is tied as well tells of both sides */
    /* all that were told for each side, bounded */
    wr_copy *told[2][WR_MAX_CANDIDATES_OF_VIEW];
    const char *told_ufrag[2][WR_MAX_CANDIDATES_OF_VIEW];
    unsigned n_told[2];
} wr_view;
typedef struct {
    wr_binding grade;
    uint32_t frame;                                     /* that proves it */
    const char *ufrag[WR_MAX_FLOWS_PER_ASSOCIATION][2]; /* by side: the user names of the checks that bind */
    unsigned n_ufrags;
    wr_view *views;
    unsigned n_views;
    bool mixed; /* the user names of a path are of two exchanges: anybody who read them can have put them together */
    bool by_address; /* some view applies; else all of them are weighed and must agree */
} wr_bound;
#define WR_MAX_VIEWS 32
/* Views: g_free. */
void wr_association_bind(wr_engine *e, wr_association *a, wr_bound *out);

/* Enters a description that was told on its leg for this side of the association. */
void wr_view_add(wr_bound *out, wr_copy *c, int side, const char *ufrag);
/* Which of what was told is in force, as of the ServerHello; which views apply, for an association with these ends. */
void wr_views_settle(const wr_engine *e, const wr_association *a, wr_bound *out, const wr_endpoint (*ends)[2],
                     unsigned n_ends);

/* bare_legs.c */
/* Nothing but datagrams, or what a server reports (HEP): anybody can have written their addresses. Of a file beside the
 * capture false. */
bool wr_leg_is_bare(const wr_leg *leg);
/* It was told when this handshake was done, which so cannot have gone by it; false where the order is not known. */
bool wr_copy_is_after_handshake(const wr_engine *e, const wr_association *a, const wr_copy *c);
/* The same of every handshake of the call that belongs to one of the two copies, and there is one. */
bool wr_copy_is_after_all(const wr_engine *e, const wr_session *s, const wr_pairing *p, const wr_copy *c);
/* Two copies in datagrams of one hop: a message between the same hosts, or with an end in common, or translated
 * addresses of one and the same message of SIP. They were not seen on the legs of two parties. */
bool wr_pairing_is_one_hop(const wr_pairing *p);
/* Of settled views: takes datagrams out that count for nothing beside a connection, marks those that contest what it
 * says, and puts them behind it. */
void wr_views_weigh_datagrams(const wr_engine *e, const wr_association *a, wr_bound *out);

/* disowned.c: marks the views, once they are settled, of legs whose client says that it has another certificate than
 * the one that its own end showed, while another leg announces that one: such a leg was invented, or somebody stands in
 * the client's place. */
void wr_views_disown(const wr_association *a, wr_bound *out);
/* The same by what the sides of another handshake showed, whose session this one resumes. */
void wr_views_disown_by(const wr_association *a, const wr_association *shown, wr_bound *out);
/* An association that the leg is tied to disowns it, and no certificate of the session is what its client says. */
bool wr_leg_is_disowned(const wr_session *s, const wr_leg *leg);
/* Its client is where a proven path ends, and what it says of itself is not what that end's checks are made with; or
 * they are datagrams in which a party is told its own description. */
bool wr_leg_is_out_of_place(const wr_session *s, const wr_leg *leg);
/* Its client is where a proven path ends, and says there what the other end's checks are made with, or is told what its
 * own are made with. */
bool wr_copy_is_misplaced(const wr_session *s, const wr_copy *c);
/* The two copies were seen where the two ends of one path are, a handshake went through between these ends, and it
 * hides the certificate that would tell which of the copies was followed. */
bool wr_pairing_is_bypassed(const wr_session *s, const wr_pairing *p);

/* unseen_offers.c: of a settled view: the answer of the other side whose offer, by this side, is not in the capture, so
 * that what this side announces now is not known (RFC 3264 4, 8); NULL for none. */
const wr_copy *wr_view_unseen_offer(const wr_view *v, int side);

/* strangers.c */
/* How a leg is tied to the flows of the session; own (may be NULL) gets the side of the association that its client is.
 */
wr_tie wr_leg_tie_in(const wr_session *s, const wr_leg *leg, int *own);
/* Some leg is tied to the flows of the session. */
bool wr_session_has_ties(const wr_session *s);
/* Seen later, by one clock; false where two points have no clock in common, for then the order is not known. */
bool wr_copy_is_later(const wr_engine *e, const wr_copy *c, const wr_copy *than);
/* What two copies of one description say of this session's parties. */
typedef enum {
    WR_WEIGHT_NONE = 0, /* nothing: one of them was told to none of them */
    WR_WEIGHT_CLAIM,    /* what fits, and anybody who may speak with the server could have said */
    WR_WEIGHT_FULL      /* both were seen on legs of parties */
} wr_weight;
/* What the one says depends on which of two things was taken that were said on its connection, or by its client. */
bool wr_pairing_is_doubted(const wr_engine *e, const wr_pairing *p);
/* The two differ, and one was seen on a leg that a proven path contradicts, or the path went past both (disowned.c). */
bool wr_pairing_is_refuted(const wr_session *s, const wr_pairing *p);
/* The two differ, and what one of their exchanges told a client was told before a party said it, by one clock; no
 * handshake is of that exchange, though another of the call is verified. */
bool wr_pairing_is_early(const wr_engine *e, const wr_session *s, const wr_pairing *p);
wr_weight wr_pairing_weight(const wr_engine *e, const wr_session *s, const wr_pairing *p);
/* Finds out which legs are parties', once the copies are paired, and takes those out of the session that are
 * strangers' and contradict what was told on the others. */
void wr_session_drop_strangers(wr_engine *e, wr_session *s);
/* Nothing ties its leg to the session's flows, though some other's is, nor is it joined with one by hosts that
 * signalling passed through. */
bool wr_copy_is_of_strangers(const wr_session *s, const wr_copy *c);
/* Of signalling alone: between its hosts, and those that exchanges join with them, no client said one half of an
 * exchange and was told the other. What nobody answers anybody can have said. */
bool wr_copy_is_unanswered(const wr_session *s, const wr_copy *c);
/* Its leg is tied to an end of the session's flows. */
bool wr_copy_is_tied(const wr_session *s, const wr_copy *c);
/* Exchanges that were seen join the hosts of both, or nothing is known of them. */
bool wr_copies_are_joined(const wr_session *s, const wr_copy *a, const wr_copy *b);

/* same_host.c: what they are worth as far as it hangs on the hosts of their clients, where flows are tied: less than
 * full where one and the same said it and was told it. */
wr_weight wr_pairing_within_host(const wr_session *s, const wr_pairing *p);

/* contradicted.c */
/* A copy of the session, of the same class, that lacks what c says (says_it is false of it), where nothing proves which
 * of the two the party wrote or was told: the same client said it on another connection, or the same version in another
 * form. NULL for none. */
const wr_copy *wr_copy_contradiction(const wr_session *s, const wr_copy *c, bool (*says_it)(const wr_copy *, gpointer),
                                     gpointer user);
/* A check of the session whose integrity holds names it, or another description of its connection; or none binds any
 * description. */
bool wr_copy_is_borne_out(const wr_session *s, const wr_copy *c);

/* superseded.c: another handshake on its path is proven, or was completed, and this one is neither */
bool wr_association_is_superseded(const wr_association *a);
/* The certificate of this side (0 client, 1 server) is part of a handshake that somebody went on with, or its key
 * signed it: a Certificate alone, which anybody can send again, shows nothing of a path. */
bool wr_association_shows_for_itself(const wr_association *a, int side);
/* Completed, or as good as: both sides encrypt, and in 1.3 data or media followed. */
bool wr_association_is_through(const wr_association *a);

/* continuation.c: traffic without a handshake joins the association that goes on there */
void wr_associations_continue(wr_engine *e);
/* The same without signalling, where checks with the same user names tie the paths: b has no handshake, and its records
 * count on from those of a. Then b is absorbed by a. */
bool wr_association_take_over(wr_association *a, wr_association *b);

/* reencryption.c: streams of different associations are compared; see wr_session_is_reencrypted() */
void wr_streams_compare(wr_engine *e);

/* copies.c: copies of one description on different legs, for all copies of a session: GPtrArray of wr_pairing* */
void wr_session_pair_copies(wr_engine *e, wr_session *s);
/* Once strangers are dropped: hops stay among the pairings that no other pairing of parties' legs explains. */
void wr_session_settle_hops(const wr_engine *e, wr_session *s);

/* sessions.c */
/* Makes all sessions anew, without their verdicts, in the order of their numbers. */
void wr_sessions_gather(wr_engine *e);
/* Makes one session anew out of these records, without its verdict; it is not in the store yet. */
wr_session *wr_session_gather(wr_engine *e, unsigned number, const GPtrArray *copies, const GPtrArray *associations);
/* Puts it in the place of the one with its number. */
void wr_session_put(wr_engine *e, wr_session *s);
/* A handshake that is WebRTC by its own evidence, without any description. */
bool wr_association_is_webrtc(const wr_association *a);
/* Who speaks with whom. */
void wr_session_find_parties(wr_session *s);

/* relayed_parties.c */
/* The allocation whose relayed address is an end of the association, and which side that is; NULL for none. */
const wr_allocation *wr_association_relay(const wr_engine *e, const wr_association *a, int *side);
/* Of a call without signalling: names clients of relays in place of their relayed addresses. */
void wr_session_name_relayed(const wr_engine *e, wr_session *s);
/* When a call is evaluated alone, flows from this index on are asked whether they, or new handshakes on them, are its
 * own. */
unsigned wr_first_young_flow(const wr_engine *e);

#endif
