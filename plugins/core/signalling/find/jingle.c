/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The contents of a Jingle description (XEP-0166 7.2) as sections of one description, mapped as XEP-0167 6, XEP-0176 6,
 * XEP-0320 and XEP-0343 say. It has no v= and o= line: Jingle says nothing of the kind, and nothing is made up. */
#include <string.h>

#include "members_as_sdp.h"

#define MOST_CONTENTS 256 /* of one description */
#define MOST_PAYLOADS 256 /* of one content, and parameters and feedback types of one payload type */

static const char *text_of(const json_object *object, const char *name)
{
    const char *text = wr_value_string(wr_value_member(object, name));

    return text != NULL && *text != '\0' ? text : NULL;
}

/* One element stands as itself, several as an array. */
static size_t count(const json_object *value)
{
    return wr_value_is_object(value) ? 1 : wr_value_size(value);
}

static const json_object *element(const json_object *value, size_t i)
{
    return wr_value_is_array(value) ? wr_value_element(value, i) : value;
}

static size_t bounded(wr_finder *f, size_t n, size_t most)
{
    if (n > most)
        wr_find_bound(f, "a Jingle description has more contents or payload types than are looked at", 0);
    return MIN(n, most);
}

static void append_member(GString *out, const char *before, const json_object *object, const char *name)
{
    const char *text = text_of(object, name);

    if (text != NULL) {
        g_string_append(out, before);
        wr_native_append(out, text);
    }
}

/* ---- media ---- */

static bool is_sctp(const json_object *transport)
{
    return wr_value_has(transport, "sctpmap");
}

static bool has_dtls(const json_object *content)
{
    return wr_value_size(wr_value_member(wr_value_member(content, "transport"), "fingerprints")) > 0;
}

static void append_payload(wr_finder *f, GString *out, const json_object *payload)
{
    const json_object *parameters = wr_value_member(payload, "parameter");
    const json_object *feedback = wr_value_member(payload, "rtcp-fb");
    const char *id = text_of(payload, "id");
    size_t n;

    if (id == NULL)
        return;
    if (text_of(payload, "name") != NULL) {
        append_member(out, "a=rtpmap:", payload, "id");
        append_member(out, " ", payload, "name");
        append_member(out, "/", payload, "clockrate");
        append_member(out, "/", payload, "channels");
        g_string_append(out, "\r\n");
    }
    n = bounded(f, count(parameters), MOST_PAYLOADS);
    for (size_t i = 0; i < n; i++) {
        if (i == 0)
            append_member(out, "a=fmtp:", payload, "id");
        append_member(out, i == 0 ? " " : ";", element(parameters, i), "name");
        append_member(out, "=", element(parameters, i), "value");
    }
    g_string_append(out, n > 0 ? "\r\n" : "");
    n = bounded(f, count(feedback), MOST_PAYLOADS);
    for (size_t i = 0; i < n; i++) {
        append_member(out, "a=rtcp-fb:", payload, "id");
        append_member(out, " ", element(feedback, i), "type");
        append_member(out, " ", element(feedback, i), "subtype");
        g_string_append(out, "\r\n");
    }
}

/* SDES (RFC 4568), as XEP-0167 7 has it. */
static void append_crypto(wr_finder *f, GString *out, const json_object *crypto)
{
    size_t n = bounded(f, count(crypto), MOST_PAYLOADS);

    for (size_t i = 0; i < n; i++) {
        append_member(out, "a=crypto:", element(crypto, i), "tag");
        append_member(out, " ", element(crypto, i), "crypto-suite");
        append_member(out, " ", element(crypto, i), "key-params");
        append_member(out, " ", element(crypto, i), "session-params");
        g_string_append(out, "\r\n");
    }
}

/* Who sends, as the one sees it whose description this is. */
static void append_direction(GString *out, const char *senders, bool from_initiator)
{
    if (senders == NULL)
        return;
    if (strcmp(senders, "both") == 0) {
        g_string_append(out, "a=sendrecv\r\n");
    } else if (strcmp(senders, "none") == 0) {
        g_string_append(out, "a=inactive\r\n");
    } else if (strcmp(senders, "initiator") == 0 || strcmp(senders, "responder") == 0) {
        g_string_append(out,
                        (strcmp(senders, "initiator") == 0) == from_initiator ? "a=sendonly\r\n" : "a=recvonly\r\n");
    }
}

static void append_rtp(wr_finder *f, GString *out, const json_object *description, bool dtls)
{
    const json_object *payloads = wr_value_member(description, "payload-type");
    const json_object *crypto = wr_value_member(wr_value_member(description, "encryption"), "crypto");
    size_t n = bounded(f, count(payloads), MOST_PAYLOADS);

    append_member(out, "m=", description, "media");
    g_string_append(out, dtls ? " 9 UDP/TLS/RTP/SAVPF" : " 9 RTP/SAVPF");
    for (size_t i = 0; i < n; i++)
        append_member(out, " ", element(payloads, i), "id");
    g_string_append(out, n > 0 ? "\r\n" : " -\r\n");
    for (size_t i = 0; i < n; i++)
        append_payload(f, out, element(payloads, i));
    append_crypto(f, out, crypto);
    if (wr_value_has(description, "rtcp-mux"))
        g_string_append(out, "a=rtcp-mux\r\n");
}

/* A content whose media are not known makes no section: the whole is then no description. */
static bool append_content(wr_finder *f, GString *out, const json_object *content, bool from_initiator, bool dtls)
{
    const json_object *description = wr_value_member(content, "description");
    const json_object *transport = wr_value_member(content, "transport");
    const char *media = text_of(description, "media");

    if (is_sctp(transport)) {
        g_string_append(out, "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n");
        append_member(out, "a=sctp-port:", element(wr_value_member(transport, "sctpmap"), 0), "number");
        g_string_append(out,
                        text_of(element(wr_value_member(transport, "sctpmap"), 0), "number") != NULL ? "\r\n" : "");
    } else if (media != NULL) {
        append_rtp(f, out, description, dtls);
    } else {
        return false;
    }
    append_member(out, "a=mid:", content, "name");
    g_string_append(out, text_of(content, "name") != NULL ? "\r\n" : "");
    append_direction(out, text_of(content, "senders"), from_initiator);
    wr_native_lines(out, transport, false);
    return true;
}

static void append_groups(wr_finder *f, GString *out, const json_object *groups)
{
    for (size_t g = 0; g < MIN(count(groups), (size_t)1); g++) { /* BUNDLE is the only one that matters here */
        const json_object *contents = wr_value_member(element(groups, g), "content");
        size_t n = bounded(f, count(contents), MOST_CONTENTS);
        if (n == 0 || g_strcmp0(text_of(element(groups, g), "semantics"), "BUNDLE") != 0)
            continue;
        g_string_append(out, "a=group:BUNDLE");
        for (size_t i = 0; i < n; i++)
            append_member(out, " ", element(contents, i), "name");
        g_string_append(out, "\r\n");
    }
}

bool wr_jingle_add(wr_finder *f, wr_level *jingle)
{
    const char *action = text_of(jingle->value, "action");
    const json_object *contents = wr_value_member(jingle->value, "content");
    const bool initiates = g_strcmp0(action, "session-initiate") == 0;
    bool well = true, dtls = false, crypto = false;
    GString *out;
    size_t n;

    if (contents == NULL || text_of(jingle->value, "sid") == NULL ||
        (!initiates && g_strcmp0(action, "session-accept") != 0))
        return false;
    n = bounded(f, count(contents), MOST_CONTENTS);
    for (size_t i = 0; i < n; i++) {
        const json_object *encryption =
            wr_value_member(wr_value_member(element(contents, i), "description"), "encryption");
        dtls = dtls || has_dtls(element(contents, i));
        crypto = crypto || wr_value_has(encryption, "crypto");
    }
    /* A fingerprint may yet come in a transport-info: how the media are protected is then not known. */
    if (!dtls && !crypto)
        return false;
    out = g_string_new(NULL);
    append_groups(f, out, wr_value_member(jingle->value, "group"));
    for (size_t i = 0; well && i < n; i++)
        well = append_content(f, out, element(contents, i), initiates, dtls);
    if (well)
        wr_hit_add(f, jingle, WR_KIND_FRAGMENT, out->str, out->len);
    g_string_free(out, TRUE);
    return well;
}
