/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What rows of the dialect table cannot say as data: where calls and parties stand, and what a message is, in logic. */
#include "row_functions.h"

#include <string.h>

#include "dialects/generic_names.h"
#include "formats/json_text.h"
#include "formats/unwrap.h"

#define LONGEST_CLAIMS 8192 /* bytes of a token's claims that are read */

/* ---- Janus ---- */

/* Over HTTP the session and handle stand in the path alone: /janus/<session>/<handle>. Server events name the
 * handle as sender. */
char *wr_row_janus_call(const json_object *object, const wr_find_hints *hints)
{
    const char *path = hints != NULL ? hints->url : NULL, *end;
    const char *ids[2] = {NULL, NULL};

    if (path == NULL || wr_value_has(object, "session_id"))
        return NULL;
    end = path + strcspn(path, "?#");
    for (const char *p = path; p < end; p++) {
        /* The last two path parts that are numbers. */
        if (*p == '/' && g_ascii_isdigit(p[1])) {
            size_t n = strspn(p + 1, "0123456789");
            if (p + 1 + n == end || p[1 + n] == '/') {
                ids[0] = ids[1];
                ids[1] = p + 1;
            }
        }
    }
    if (ids[1] == NULL)
        return NULL;
    if (ids[0] == NULL)
        return g_strndup(ids[1], MIN(strspn(ids[1], "0123456789"), (size_t)WR_JSON_TEXT_SHOWN));
    return g_strdup_printf("%.*s/%.*s", (int)MIN(strspn(ids[0], "0123456789"), (size_t)64), ids[0],
                           (int)MIN(strspn(ids[1], "0123456789"), (size_t)64), ids[1]);
}

/* A join without a description has no event of its own: it is a request inside a message. */
wr_kind wr_row_janus_kind(const json_object *object, const wr_find_hints *hints)
{
    const char *request = wr_value_string(wr_value_member(wr_value_member(object, "body"), "request"));

    (void)hints;
    if (request != NULL && !wr_value_has(object, "jsep") &&
        (strcmp(request, "join") == 0 || strcmp(request, "register") == 0 || strcmp(request, "joinandconfigure") == 0))
        return WR_KIND_JOIN;
    return WR_KIND_UNKNOWN;
}

/* ---- others ---- */

wr_kind wr_row_teams_kind(const json_object *object, const wr_find_hints *hints)
{
    (void)hints;
    if (wr_value_has(object, "callInvitation"))
        return WR_KIND_OFFER;
    return WR_KIND_ANSWER;
}

wr_kind wr_row_snowflake_kind(const json_object *object, const wr_find_hints *hints)
{
    (void)hints;
    if (wr_value_has(object, "offer") || wr_value_has(object, "Offer"))
        return WR_KIND_OFFER;
    return WR_KIND_ANSWER;
}

/* The server's transport is told first, the client's certificate when it connects: like an offer and its answer. */
wr_kind wr_row_mediasoup_kind(const json_object *object, const wr_find_hints *hints)
{
    const char *method = wr_value_string(wr_value_member(object, "method"));
    const json_object *data = wr_value_member(object, "data");

    (void)hints;
    if (method != NULL && strcmp(method, "connectWebRtcTransport") == 0)
        return WR_KIND_ANSWER;
    if (method != NULL && strcmp(method, "join") == 0)
        return WR_KIND_JOIN;
    return wr_value_has(data, "iceParameters") && wr_value_has(data, "dtlsParameters") ? WR_KIND_OFFER
                                                                                       : WR_KIND_UNKNOWN;
}

/* "/message/<room>/<client>": who posts, by the collider's numbers. */
char *wr_row_apprtc_party(const json_object *object, const wr_find_hints *hints)
{
    const char *room = hints != NULL && hints->url != NULL ? strstr(hints->url, "/message/") : NULL;
    const char *client = room != NULL ? strchr(room + strlen("/message/"), '/') : NULL;

    (void)object;
    return client != NULL ? g_strndup(client + 1, MIN(strspn(client + 1, "0123456789"), (size_t)WR_JSON_TEXT_SHOWN))
                          : NULL;
}

/* "/publish/<key>/<key>/0/<channel>/…" */
char *wr_row_pubnub_call(const json_object *object, const wr_find_hints *hints)
{
    char **segments = hints != NULL && hints->url != NULL ? g_strsplit(hints->url, "/", 7) : NULL;
    char *channel = NULL;

    (void)object;
    if (segments != NULL && g_strv_length(segments) >= 6 && strcmp(segments[1], "publish") == 0) {
        char *end = strchr(segments[5], '?');
        channel = g_uri_unescape_segment(segments[5], end, NULL);
    }
    g_strfreev(segments);
    if (channel != NULL && (strlen(channel) > WR_JSON_TEXT_SHOWN || !g_utf8_validate(channel, -1, NULL)))
        g_clear_pointer(&channel, g_free);
    return channel;
}

/* The claims of the token in the URL (RFC 7519 3) name room and participant. Nothing else of it is kept. */
static json_object *livekit_claims(const wr_find_hints *hints)
{
    const char *token = hints != NULL && hints->url != NULL ? strstr(hints->url, "access_token=") : NULL;
    const char *dot = token != NULL ? token + strcspn(token, ".&#") : NULL;
    GByteArray *claims;
    json_object *object;

    if (dot == NULL || *dot != '.')
        return NULL;
    claims = wr_unwrap_base64((const uint8_t *)dot + 1, strcspn(dot + 1, ".&#"), LONGEST_CLAIMS);
    if (claims == NULL)
        return NULL;
    object = wr_json_read_whole(claims->data, claims->len, NULL);
    g_byte_array_unref(claims);
    return object;
}

char *wr_row_livekit_call(const json_object *object, const wr_find_hints *hints)
{
    json_object *claims = livekit_claims(hints);
    char *room = wr_json_text_of(wr_value_member(wr_value_member(claims, "video"), "room"));

    (void)object;
    json_object_put(claims);
    return room;
}

char *wr_row_livekit_party(const json_object *object, const wr_find_hints *hints)
{
    json_object *claims = livekit_claims(hints);
    char *subject = wr_json_text_of(wr_value_member(claims, "sub"));

    (void)object;
    json_object_put(claims);
    return subject;
}

wr_kind wr_row_livekit_kind(const json_object *object, const wr_find_hints *hints)
{
    (void)hints;
    return wr_value_has(object, "leave") ? WR_KIND_BYE : WR_KIND_UNKNOWN;
}

/* "/v2/partner/<key>/session/<id>/…" */
char *wr_row_opentok_call(const json_object *object, const wr_find_hints *hints)
{
    const char *uri = wr_value_string(wr_value_member(object, "uri"));
    const char *session = uri != NULL ? strstr(uri, "/session/") : NULL;

    (void)hints;
    return session != NULL ? g_strndup(session + 9, MIN(strcspn(session + 9, "/?"), (size_t)WR_JSON_TEXT_SHOWN)) : NULL;
}

/* The place that is written to: "/rooms/r1/offer" and "/rooms/r1/answer" belong to one call. */
char *wr_row_firebase_call(const json_object *object, const wr_find_hints *hints)
{
    char *path = wr_json_text_of(wr_value_member(wr_value_member(wr_value_member(object, "d"), "b"), "p"));
    char *last = path != NULL ? strrchr(path, '/') : NULL;

    (void)hints;
    if (last != NULL && last > path && wr_names_kind_of_word(last + 1) != WR_KIND_UNKNOWN)
        *last = '\0';
    return path;
}

/* Action Cable: which channel a message belongs to is said in JSON in a string, whose other members tell which room. */
char *wr_row_action_cable_call(const json_object *object, const wr_find_hints *hints)
{
    const char *identifier = wr_value_string(wr_value_member(object, "identifier"));
    json_object *said =
        identifier != NULL ? wr_json_read_whole((const uint8_t *)identifier, strlen(identifier), NULL) : NULL;
    char *call = NULL;
    wr_names names;

    (void)hints;
    json_object_object_del(wr_value_is_object(said) ? said : NULL, "channel");
    if (wr_value_is_object(said)) {
        wr_names_read(said, &names);
        call = wr_json_text_of(names.call);
        if (call == NULL && wr_value_members(said) == 1)
            call = wr_json_text_of(wr_entry_value(wr_value_first(said)));
    }
    json_object_put(said);
    return call;
}

/* The value of the first tag of this name: ["p","3a0f…"] (Nostr, NIP-01). */
static char *nostr_tag(const json_object *event, const char *name)
{
    const json_object *tags = wr_value_member(event, "tags");

    for (size_t i = 0; i < MIN(wr_value_size(tags), (size_t)64); i++) {
        const json_object *tag = wr_value_element(tags, i);
        const char *key = wr_value_string(wr_value_element(tag, 0));
        if (key != NULL && strcmp(key, name) == 0)
            return wr_json_text_of(wr_value_element(tag, 1));
    }
    return NULL;
}

char *wr_row_nostr_call(const json_object *object, const wr_find_hints *hints)
{
    (void)hints;
    return nostr_tag(object, "r");
}

char *wr_row_nostr_receiver(const json_object *object)
{
    return nostr_tag(object, "p");
}

wr_kind wr_row_nostr_kind(const json_object *object, const wr_find_hints *hints)
{
    char *type = nostr_tag(object, "type");
    wr_kind kind = type != NULL ? wr_names_kind_of_word(type) : WR_KIND_UNKNOWN;

    (void)hints;
    g_free(type);
    return kind;
}

/* Voximplant: {"name":"createCall","params":[-1,"called number",video,"call",…,SDP,…]}; other methods begin with the
 * call. */
static char *voximplant_parameter(const json_object *object, bool call)
{
    const char *name = wr_value_string(wr_value_member(object, "name"));
    const json_object *params = wr_value_member(object, "params");

    if (name != NULL && strcmp(name, "createCall") == 0)
        return wr_json_text_of(wr_value_element(params, call ? 3 : 1));
    return call && wr_value_is_string(wr_value_element(params, 0)) ? wr_json_text_of(wr_value_element(params, 0))
                                                                   : NULL;
}

char *wr_row_voximplant_call(const json_object *object, const wr_find_hints *hints)
{
    (void)hints;
    return voximplant_parameter(object, true);
}

char *wr_row_voximplant_receiver(const json_object *object)
{
    return voximplant_parameter(object, false);
}
