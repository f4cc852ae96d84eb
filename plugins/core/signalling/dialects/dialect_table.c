/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The signalling dialects that are known, one row each. The first row that recognises a message counts. */
#include <string.h>

#include "dialects/dialect.h"
#include "dialects/generic_names.h"
#include "formats/json_text.h"
#include "formats/unwrap.h"

#define END                                                                                                            \
    {                                                                                                                  \
        NULL, WR_KIND_UNKNOWN                                                                                          \
    }
#define LONGEST_CLAIMS 8192 /* bytes of a token's claims that are read */

/* ---- Janus ---- */

/* Over HTTP the session and handle stand in the path alone: /janus/<session>/<handle>. Server events name the
 * handle as sender. */
static char *janus_call(const json_object *object, const wr_find_hints *hints)
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
static wr_kind janus_kind(const json_object *object, const wr_find_hints *hints)
{
    const char *request = wr_value_string(wr_value_member(wr_value_member(object, "body"), "request"));

    (void)hints;
    if (request != NULL && !wr_value_has(object, "jsep") &&
        (strcmp(request, "join") == 0 || strcmp(request, "register") == 0 || strcmp(request, "joinandconfigure") == 0))
        return WR_KIND_JOIN;
    return WR_KIND_UNKNOWN;
}

static const wr_dialect_word janus_words[] = {
    {"hangup", WR_KIND_BYE}, {"detach", WR_KIND_BYE}, {"destroy", WR_KIND_BYE}, {"trickle", WR_KIND_CANDIDATE}, END};

/* ---- others ---- */

static const wr_dialect_word peerjs_words[] = {{"OFFER", WR_KIND_OFFER},         {"ANSWER", WR_KIND_ANSWER},
                                               {"CANDIDATE", WR_KIND_CANDIDATE}, {"LEAVE", WR_KIND_BYE},
                                               {"OPEN", WR_KIND_JOIN},           END};
static const wr_dialect_word discord_words[] = {
    {"0", WR_KIND_JOIN}, {"1", WR_KIND_OFFER}, {"4", WR_KIND_ANSWER}, {"13", WR_KIND_BYE}, END};
static const wr_dialect_word twilio_words[] = {
    {"invite", WR_KIND_OFFER}, {"reinvite", WR_KIND_OFFER}, {"answer", WR_KIND_ANSWER}, {"hangup", WR_KIND_BYE}, END};
static const wr_dialect_word nextcloud_words[] = {{"room", WR_KIND_JOIN}, {"bye", WR_KIND_BYE}, END};
static const wr_dialect_word agora_words[] = {{"join_v3", WR_KIND_JOIN}, {"leave", WR_KIND_BYE}, END};

static wr_kind teams_kind(const json_object *object, const wr_find_hints *hints)
{
    (void)hints;
    if (wr_value_has(object, "callInvitation"))
        return WR_KIND_OFFER;
    return WR_KIND_ANSWER;
}

static wr_kind snowflake_kind(const json_object *object, const wr_find_hints *hints)
{
    (void)hints;
    if (wr_value_has(object, "offer") || wr_value_has(object, "Offer"))
        return WR_KIND_OFFER;
    return WR_KIND_ANSWER;
}

/* The server's transport is told first, the client's certificate when it connects: like an offer and its answer. */
static wr_kind mediasoup_kind(const json_object *object, const wr_find_hints *hints)
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
static char *apprtc_party(const json_object *object, const wr_find_hints *hints)
{
    const char *room = hints != NULL && hints->url != NULL ? strstr(hints->url, "/message/") : NULL;
    const char *client = room != NULL ? strchr(room + strlen("/message/"), '/') : NULL;

    (void)object;
    return client != NULL ? g_strndup(client + 1, MIN(strspn(client + 1, "0123456789"), (size_t)WR_JSON_TEXT_SHOWN))
                          : NULL;
}

/* "/publish/<key>/<key>/0/<channel>/…" */
static char *pubnub_call(const json_object *object, const wr_find_hints *hints)
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

static char *livekit_call(const json_object *object, const wr_find_hints *hints)
{
    json_object *claims = livekit_claims(hints);
    char *room = wr_json_text_of(wr_value_member(wr_value_member(claims, "video"), "room"));

    (void)object;
    json_object_put(claims);
    return room;
}

static char *livekit_party(const json_object *object, const wr_find_hints *hints)
{
    json_object *claims = livekit_claims(hints);
    char *subject = wr_json_text_of(wr_value_member(claims, "sub"));

    (void)object;
    json_object_put(claims);
    return subject;
}

static wr_kind livekit_kind(const json_object *object, const wr_find_hints *hints)
{
    (void)hints;
    return wr_value_has(object, "leave") ? WR_KIND_BYE : WR_KIND_UNKNOWN;
}

/* "/v2/partner/<key>/session/<id>/…" */
static char *opentok_call(const json_object *object, const wr_find_hints *hints)
{
    const char *uri = wr_value_string(wr_value_member(object, "uri"));
    const char *session = uri != NULL ? strstr(uri, "/session/") : NULL;

    (void)hints;
    return session != NULL ? g_strndup(session + 9, MIN(strcspn(session + 9, "/?"), (size_t)WR_JSON_TEXT_SHOWN)) : NULL;
}

/* The place that is written to: "/rooms/r1/offer" and "/rooms/r1/answer" belong to one call. */
static char *firebase_call(const json_object *object, const wr_find_hints *hints)
{
    char *path = wr_json_text_of(wr_value_member(wr_value_member(wr_value_member(object, "d"), "b"), "p"));
    char *last = path != NULL ? strrchr(path, '/') : NULL;

    (void)hints;
    if (last != NULL && last > path && wr_names_kind_of_word(last + 1) != WR_KIND_UNKNOWN)
        *last = '\0';
    return path;
}

/* Action Cable: which channel a message belongs to is said in JSON in a string, whose other members tell which room. */
static char *action_cable_call(const json_object *object, const wr_find_hints *hints)
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

static char *nostr_call(const json_object *object, const wr_find_hints *hints)
{
    (void)hints;
    return nostr_tag(object, "r");
}

static char *nostr_receiver(const json_object *object)
{
    return nostr_tag(object, "p");
}

static wr_kind nostr_kind(const json_object *object, const wr_find_hints *hints)
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

static char *voximplant_call(const json_object *object, const wr_find_hints *hints)
{
    (void)hints;
    return voximplant_parameter(object, true);
}

static char *voximplant_receiver(const json_object *object)
{
    return voximplant_parameter(object, false);
}

static const wr_dialect_word godot_words[] = {
    {"4", WR_KIND_OFFER}, {"5", WR_KIND_ANSWER}, {"6", WR_KIND_CANDIDATE}, END};
static const wr_dialect_word rtpengine_words[] = {
    {"offer", WR_KIND_OFFER}, {"answer", WR_KIND_ANSWER}, {"delete", WR_KIND_BYE}, END};

static const wr_dialect_word jingle_words[] = {
    {"session-initiate", WR_KIND_OFFER}, {"session-accept", WR_KIND_ANSWER}, {"session-terminate", WR_KIND_BYE}, END};
static const wr_dialect_word quickblox_words[] = {
    {"call", WR_KIND_OFFER}, {"accept", WR_KIND_ANSWER}, {"iceCandidates", WR_KIND_CANDIDATE},
    {"hangUp", WR_KIND_BYE}, {"reject", WR_KIND_BYE},    END};

const wr_dialect wr_dialects[] = {
    {.name = "jingle",
     .detect = "jingle.action jingle.sid",
     .call = "jingle.sid",
     .from = "from|jingle.initiator",
     .to = "to",
     .kind = "jingle.action",
     .words = jingle_words},
    {.name = "quickblox",
     .detect = "extraParams.signalType extraParams.sessionID",
     .call = "extraParams.sessionID",
     .from = "from|extraParams.callerID",
     .to = "to|extraParams.opponentsIDs.opponentID",
     .kind = "extraParams.signalType",
     .words = quickblox_words},
    {.name = "opentok",
     .detect = "method uri^/v2/partner/",
     .call_of = opentok_call,
     .from = "-",
     .to = "content.peerId"},
    {.name = "wire",
     .detect = "type=CONFCONN,SETUP,UPDATE,HANGUP sessid version",
     .call = "sessid",
     .from = "src_userid+src_clientid",
     .to = "dest_userid+dest_clientid"},
    {.name = "firestore",
     .detect = "update.name update.fields|document.name document.fields",
     .call = "update.name|document.name",
     .from = "-",
     .to = "-"},
    {.name = "firebase", .detect = "t=d d.b.p", .call_of = firebase_call, .from = "-", .to = "-"},
    {.name = "socketio", .detect = "type=2,5 nsp data"},
    {.name = "janus",
     .detect = "janus transaction|janus sender|janus session_id",
     .call = "session_id+handle_id|session_id+sender|session_id",
     .from = "body.username|body.display|sender",
     .to = "body.room",
     .kind = "janus",
     .words = janus_words,
     .call_of = janus_call,
     .kind_of = janus_kind},
    {.name = "peerjs",
     .detect = "type=OFFER,ANSWER,CANDIDATE payload|type=LEAVE,EXPIRE src|type=LEAVE,EXPIRE dst|type=OPEN /peerjs",
     .call = "payload.connectionId",
     .from = "src|?id",
     .to = "dst|?id",
     .kind = "type",
     .words = peerjs_words},
    {.name = "verto",
     .detect = "jsonrpc method^verto.,telnyx_rtc.",
     .call = "params.dialogParams.callID|params.callID",
     .from = "params.dialogParams.caller_id_number|params.caller_id_number",
     .to = "params.dialogParams.destination_number|params.callee_id_number"},
    {.name = "nextcloud-hpb",
     .detect = "type=message message.data|type=room room.roomid|type=bye bye",
     .call = "room.roomid|message.data.sid",
     .from = "message.sender.sessionid|message.data.from",
     .to = "message.recipient.sessionid|message.data.to",
     .kind = "type",
     .words = nextcloud_words},
    {.name = "bigbluebutton",
     .detect = "id type=audio,video,screenshare,fullaudio,listenonly role",
     .call = "?sessionToken|cameraId",
     .from = "cameraId|clientSessionNumber"},
    {.name = "bigbluebutton",
     .detect = "id=startResponse type=audio,video,screenshare,fullaudio,listenonly",
     .call = "?sessionToken|cameraId"},
    {.name = "twilio-voice",
     .detect = "type payload.callsid",
     .call = "payload.callsid",
     .to = "payload.twilio.params",
     .kind = "type",
     .words = twilio_words},
    {.name = "twilio-video",
     .detect = "type=msg body.peer_connections|type=msg body.type=disconnect",
     .call = "body.name|body.session|body.peer_connections.id",
     .from = "body.participant.identity|body.participant.sid"},
    {.name = "aws-kvs",
     .detect = "messagePayload action|messagePayload messageType",
     .call = "?X-Amz-ChannelARN",
     .from = "senderClientId|?X-Amz-ClientId",
     .to = "recipientClientId"},
    {.name = "teams",
     .detect = "callInvitation.mediaContent.blob|callAcceptance.mediaContent.blob|mediaAnswer.mediaContent.blob",
     .call = "callInvitation.mediaContent.mediaLegId|callAcceptance.mediaContent.mediaLegId|debugContent.callId",
     .from = "participants.from.id",
     .to = "participants.to.id",
     .kind_of = teams_kind},
    {.name = "cloudflare",
     .detect = "sessionDescription.sdp",
     .call = "sessionId|/sessions/",
     .from = "sessionId|/sessions/",
     .to = "tracks.sessionId"},
    {.name = "discord",
     .detect = "op=0,1,4,13 d",
     .call = "d.server_id+d.channel_id|d.server_id",
     .from = "d.user_id",
     .one_call = true,
     .kind = "op",
     .words = discord_words},
    {.name = "mattermost",
     .detect = "action^custom_com.mattermost.calls_|event^custom_com.mattermost.calls_",
     .call = "data.channelID|broadcast.channel_id",
     .from = "?connection_id",
     .to = "data.connID|?connection_id",
     .one_call = true},
    {.name = "apprtc", .detect = "cmd=register,send|msg error", .call = "roomid", .from = "clientid", .one_call = true},
    {.name = "apprtc",
     .detect = "/message/*/# type=offer,answer,candidate,bye",
     .call = "/message/",
     .from = "-",
     .to = "-",
     .party_of = apprtc_party},
    {.name = "apprtc",
     .detect = "params.room_id params.client_id",
     .call = "params.room_id",
     .from = "-",
     .to = "params.client_id"},
    {.name = "amazon-chime",
     .detect = "/control/ ?X-Chime-Control-Protocol-Version",
     .call = "/control/",
     .from = "-",
     .to = "-"},
    {.name = "webtorrent", .detect = "info_hash peer_id", .call = "info_hash", .from = "peer_id", .to = "to_peer_id"},
    {.name = "snowflake",
     .detect = "offer nat|Offer NAT|Answer Sid|Offer RelayURL",
     .call = "Sid",
     .kind_of = snowflake_kind},
    {.name = "mediasoup",
     .detect = "request method id|response id data.iceParameters|response id data.dtlsParameters|notification method",
     .call = "?roomId|data.transportId|data.id",
     .from = "?peerId",
     .to = "?peerId",
     .kind_of = mediasoup_kind},
    {.name = "livekit",
     .detect = "/rtc ?access_token|/rtc ?join_request",
     .kind_of = livekit_kind,
     .call_of = livekit_call,
     .party_of = livekit_party},
    {.name = "matrix",
     .detect = "type^m.call.|/_matrix/ call_id",
     .call = "content.call_id|call_id",
     .from = "sender+content.party_id|sender|content.party_id|party_id",
     .to = "content.invitee|invitee|/rooms/"},
    {.name = "webrtc-streamer",
     .detect = "/api/call ?peerid|/api/addIceCandidate ?peerid|/api/getIceCandidate ?peerid",
     .call = "?peerid",
     .from = "?peerid",
     .to = "?peerid"},
    {.name = "pubnub",
     .detect = "/publish/*/*/#/*/* ?uuid|/publish/*/*/#/*/*/* ?uuid|c k d i p.t",
     .call = "c",
     .from = "i|?uuid",
     .call_of = pubnub_call},
    {.name = "azure-web-pubsub",
     .detect = "type=sendToGroup,message group dataType",
     .call = "group",
     .from = "fromUserId",
     .to = "-"},
    {.name = "action-cable", .detect = "command=message identifier|identifier message", .call_of = action_cable_call},
    {.name = "nostr",
     .detect = "pubkey kind tags content",
     .from = "pubkey",
     .call = "-",
     .call_of = nostr_call,
     .to_of = nostr_receiver,
     .kind_of = nostr_kind},
    {.name = "whatsapp", .detect = "id event session.sdp_type", .call = "id", .from = "from", .to = "to"},
    {.name = "whatsapp", .detect = "messaging_product session.sdp_type", .call = "call_id", .from = "-", .to = "to"},
    {.name = "rtpengine",
     .detect = "command=offer call-id from-tag",
     .call = "call-id",
     .from = "from-tag",
     .to = "to-tag",
     .kind = "command",
     .words = rtpengine_words},
    {.name = "rtpengine",
     .detect = "command=answer call-id to-tag",
     .call = "call-id",
     .from = "to-tag",
     .to = "from-tag",
     .kind = "command",
     .words = rtpengine_words},
    {.name = "godot",
     .detect = "type=4,5,6 id data",
     .peer = "id",
     .from = "-",
     .to = "-",
     .kind = "type",
     .words = godot_words},
    {.name = "voximplant",
     .detect = "name=createCall,acceptCall,handleIncomingConnection,handleConnectionConnected params",
     .call = "-",
     .from = "-",
     .to = "-",
     .call_of = voximplant_call,
     .to_of = voximplant_receiver},
    {.name = "vk-calls",
     .detect = "command=transmit-data participantId|notification=transmitted-data participantId",
     .from = "-",
     .to = "-",
     .peer = "participantId"},
    {.name = "agora",
     .detect = "_type _message|_result _message",
     .call = "_message.channel_name",
     .from = "_message.uid|_message.p2p_id",
     .kind = "_type",
     .words = agora_words},
};
const unsigned wr_n_dialects = G_N_ELEMENTS(wr_dialects);
