/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a page did with a peer connection (WebRTC 1.0, 4.4), as dumps of webrtc-internals and rtcstats write it down
 * call by call: which description it set as its own, and which as the other party's.
 */
#include "reader.h"

#include "dialects/generic_names.h"
#include "formats/json_text.h"

#include <string.h>

typedef struct {
    wr_kind kind;
    char *sdp; /* NULL: none */
} described;

struct wr_peer_connection {
    wr_testimony *t;
    char *leg;
    described created[2]; /* by createOffer, by createAnswer */
    described set[2];     /* as local, as remote */
    unsigned number[2];   /* of what was told last of these, to take it back */
    bool implicit;        /* setLocalDescription() was called without a description */
    bool called[2];       /* and its outcome is still to come */
    wr_kind latest;       /* kind of what was created last */
};

enum { LOCAL = 0, REMOTE };

wr_peer_connection *wr_peer_connection_new(wr_testimony *t, const char *leg)
{
    wr_peer_connection *pc = g_new0(wr_peer_connection, 1);

    pc->t = t;
    pc->leg = g_strdup(leg);
    return pc;
}

void wr_peer_connection_free(gpointer p)
{
    wr_peer_connection *pc = p;

    if (pc == NULL)
        return;
    for (int i = 0; i < 2; i++) {
        g_free(pc->created[i].sdp);
        g_free(pc->set[i].sdp);
    }
    g_free(pc->leg);
    g_free(pc);
}

/* ---- values ---- */

static const char *after(const char *text, const char *word)
{
    const char *p = text != NULL ? strstr(text, word) : NULL;

    return p != NULL ? p + strlen(word) : NULL;
}

/* "type: offer, sdp: v=0…" of older dumps. */
static described from_text(const char *text)
{
    const char *type = after(text, "type: "), *sdp = after(text, "sdp: ");
    described d = {WR_KIND_UNKNOWN, NULL};

    if (type != NULL && (sdp == NULL || type < sdp)) {
        char *word = g_strndup(type, strcspn(type, ", "));
        d.kind = wr_names_kind_of_type(word);
        g_free(word);
    }
    if (sdp != NULL && g_str_has_prefix(sdp, "v="))
        d.sdp = g_strdup(sdp);
    return d;
}

static described from_object(const json_object *o)
{
    const char *type = wr_value_string(wr_value_member(o, "type")), *sdp = wr_value_string(wr_value_member(o, "sdp"));
    described d = {WR_KIND_UNKNOWN, NULL};

    if (type != NULL)
        d.kind = wr_names_kind_of_type(type);
    if (sdp != NULL && *sdp != '\0')
        d.sdp = g_strdup(sdp);
    return d;
}

static json_object *object_in(const char *text)
{
    return text != NULL && *text == '{' ? wr_json_read_whole((const uint8_t *)text, strlen(text), NULL) : NULL;
}

static described description_in(const json_object *value)
{
    const char *text = wr_value_string(value);
    json_object *read = object_in(text);
    described d;

    if (wr_value_is_array(value))
        value = wr_value_element(value, 0); /* arguments of the call */
    d = text == NULL ? from_object(value) : read != NULL ? from_object(read) : from_text(text);
    json_object_put(read);
    return d;
}

/* ---- descriptions that were written as what is new since another one (rtcstats) ---- */

static GPtrArray *sections_of(const char *sdp)
{
    GPtrArray *list = g_ptr_array_new_with_free_func(g_free);

    for (const char *p = sdp; p != NULL && list->len < WR_SDP_MAX_SECTIONS;) {
        const char *next = strstr(p, "\nm=");
        g_ptr_array_add(list, g_strstrip(next != NULL ? g_strndup(p, (gsize)(next - p)) : g_strdup(p)));
        p = next != NULL ? next + 1 : NULL;
    }
    return list;
}

/* True when it is whole now: "m=" alone stands for the base's section at this place. */
static bool complete(described *d, const described *base)
{
    GPtrArray *own, *its;
    GString *out;
    bool whole = true;

    if (d->sdp == NULL || (strstr(d->sdp, "m=\r\n") == NULL && strstr(d->sdp, "m=\n") == NULL &&
                           !g_str_has_prefix(d->sdp, "v=\r\n") && !g_str_has_prefix(d->sdp, "v=\n")))
        return true;
    if (base == NULL || base->sdp == NULL || base->kind != d->kind)
        return false;
    own = sections_of(d->sdp);
    its = sections_of(base->sdp);
    out = g_string_new(NULL);
    for (unsigned i = 0; i < own->len && whole; i++) {
        const char *section = g_ptr_array_index(own, i);
        if (strcmp(section, i == 0 ? "v=" : "m=") == 0) {
            whole = i < its->len;
            section = whole ? g_ptr_array_index(its, i) : "";
        }
        g_string_append_printf(out, "%s\r\n", section);
    }
    g_free(d->sdp);
    d->sdp = g_string_free(out, FALSE);
    g_ptr_array_free(own, TRUE);
    g_ptr_array_free(its, TRUE);
    return whole;
}

static const described *base_for_local(const wr_peer_connection *pc, wr_kind kind)
{
    if (pc->set[LOCAL].sdp != NULL)
        return &pc->set[LOCAL];
    return &pc->created[wr_kind_is_answer(kind)];
}

/* ---- events ---- */

static wr_occasion occasion(const wr_peer_connection *pc, int end, int64_t time_us)
{
    return (wr_occasion){.leg = pc->leg,
                         .time_us = time_us,
                         .direction = end == LOCAL ? WR_DIRECTION_EMITTED : WR_DIRECTION_DELIVERED,
                         .protected_transport = true,
                         .user_agent = pc->t->user_agent};
}

/* Takes d over. */
static void keep(described *place, described d)
{
    g_free(place->sdp);
    *place = d;
}

static void tell(wr_peer_connection *pc, int end, described d, int64_t time_us)
{
    const wr_occasion on = occasion(pc, end, time_us);

    pc->number[end] = pc->t->told->len + 1;
    if (d.kind == WR_KIND_ROLLBACK)
        wr_tell_event(pc->t, &on, WR_KIND_ROLLBACK);
    else if (d.sdp != NULL)
        wr_tell_description(pc->t, &on, d.kind, d.sdp, strlen(d.sdp));
    if (d.sdp != NULL)
        keep(&pc->set[end], d);
}

static void is_created(wr_peer_connection *pc, bool answer, described d)
{
    if (d.sdp == NULL || !complete(&d, base_for_local(pc, answer ? WR_KIND_ANSWER : WR_KIND_OFFER))) {
        g_free(d.sdp);
        return;
    }
    d.kind = answer ? WR_KIND_ANSWER : WR_KIND_OFFER;
    keep(&pc->created[answer], d);
    pc->latest = d.kind;
}

static void is_set(wr_peer_connection *pc, int end, described d, int64_t time_us)
{
    const described *base = end == LOCAL ? base_for_local(pc, d.kind) : &pc->set[REMOTE];

    pc->called[end] = true;
    if (d.sdp == NULL && d.kind != WR_KIND_ROLLBACK) {
        pc->implicit = end == LOCAL;
        pc->number[end] = 0;
    } else if (!complete(&d, base)) {
        pc->t->left_out++;
        g_free(d.sdp);
    } else {
        tell(pc, end, d, time_us);
    }
}

/* setLocalDescription() without a description makes one itself (WebRTC 1.0, 4.4.1.5). Of what was called before the log
 * begins, the outcome tells. */
static void has_succeeded(wr_peer_connection *pc, int end, described d, int64_t time_us)
{
    const bool called = pc->called[end];

    pc->called[end] = false;
    if (!called && d.sdp != NULL) {
        is_set(pc, end, d, time_us);
        pc->called[end] = false;
        return;
    }
    if (end == LOCAL && pc->implicit) {
        const described *made = &pc->created[wr_kind_is_answer(pc->latest)];
        if (d.sdp == NULL && made->sdp != NULL)
            d = (described){made->kind, g_strdup(made->sdp)};
        if (d.sdp != NULL && complete(&d, base_for_local(pc, d.kind))) {
            tell(pc, end, d, time_us);
            d.sdp = NULL;
        }
        pc->implicit = false;
    }
    g_free(d.sdp);
}

static void has_failed(wr_peer_connection *pc, int end)
{
    if (pc->number[end] != 0)
        wr_tell_withdraw(pc->t, pc->number[end], end == LOCAL ? WR_DIRECTION_EMITTED : WR_DIRECTION_DELIVERED);
    pc->number[end] = 0;
    pc->called[end] = false;
    pc->implicit &= end != LOCAL;
}

static void candidate(wr_peer_connection *pc, int end, const json_object *value, int64_t time_us)
{
    const wr_occasion on = occasion(pc, end, time_us);
    const char *text = wr_value_string(value);
    json_object *read = object_in(text);

    if (wr_value_is_array(value))
        value = wr_value_element(value, 0);
    if (text == NULL || read != NULL) {
        const json_object *o = read != NULL ? read : value;
        const char *line = wr_value_string(wr_value_member(o, "candidate"));
        if (line != NULL)
            wr_tell_candidate(pc->t, &on, line, strlen(line), wr_value_string(wr_value_member(o, "sdpMid")),
                              wr_value_string(wr_value_member(o, "usernameFragment")));
    } else {
        const char *line = strstr(text, "candidate:"), *sdp = after(text, "candidate: candidate:");
        const char *mid = after(text, "sdpMid: ");
        char *name = mid != NULL ? g_strndup(mid, strcspn(mid, ", ")) : NULL;
        if (sdp != NULL)
            line = sdp - strlen("candidate:");
        if (line != NULL)
            wr_tell_candidate(pc->t, &on, line, strcspn(line, ",\r\n"), name, NULL);
        g_free(name);
    }
    json_object_put(read);
}

void wr_peer_connection_event(wr_peer_connection *pc, const char *method, const json_object *value, int64_t time_us)
{
    static const char *const set[2] = {"setLocalDescription", "setRemoteDescription"};

    for (int end = 0; end < 2; end++) {
        const char *outcome = g_str_has_prefix(method, set[end]) ? method + strlen(set[end]) : NULL;
        if (outcome == NULL)
            continue;
        if (*outcome == '\0')
            is_set(pc, end, description_in(value), time_us);
        else if (strcmp(outcome, "OnSuccess") == 0)
            has_succeeded(pc, end, description_in(value), time_us);
        else
            has_failed(pc, end);
        return;
    }
    if (strcmp(method, "createOfferOnSuccess") == 0 || strcmp(method, "createAnswerOnSuccess") == 0)
        is_created(pc, method[6] == 'A', description_in(value));
    else if (strcmp(method, "icecandidate") == 0 || strcmp(method, "onicecandidate") == 0 ||
             strcmp(method, "onIceCandidate") == 0)
        candidate(pc, LOCAL, value, time_us);
    else if (strcmp(method, "addIceCandidate") == 0)
        candidate(pc, REMOTE, value, time_us);
}
