/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is asked of descriptions: whether they are WebRTC's, what they announce, when they were seen, and what of a file
 * beside the capture fits it.
 */
#include "records_build.h"

#include "statements_build.h"

#define MIDDLE "198.51.100.20"

/* ---- whether it is WebRTC's ---- */

static void test_is_webrtc(void)
{
    static const struct {
        const char *words, *session, *section;
        bool is;
    } rows[] = {
        {"a plain call", "", "m=audio 9 RTP/AVP 0\r\n", false},
        {"a fingerprint of the session", "a=fingerprint:sha-256 %s\r\n", "m=audio 9 RTP/AVP 0\r\n", true},
        {"a fingerprint of a section", "", "m=audio 9 RTP/AVP 0\r\na=fingerprint:sha-256 %s\r\n", true},
        {"DTLS by its protocol", "", "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n", true},
        {"DTLS of the second section", "", "m=audio 9 RTP/AVP 0\r\nm=video 9 UDP/TLS/RTP/SAVP 96\r\n", true},
        {"the feedback profile alone", "", "m=audio 9 RTP/SAVPF 111\r\n", false},
        {"with ICE", "", "m=audio 9 RTP/SAVPF 111\r\na=ice-ufrag:AAAA\r\n", true},
        {"with ICE of the session", "a=ice-ufrag:AAAA\r\n", "m=audio 9 RTP/SAVPF 111\r\n", true},
        {"ICE with another profile", "", "m=audio 9 RTP/SAVP 0\r\na=ice-ufrag:AAAA\r\n", false},
        {"ICE of the session with another", "a=ice-ufrag:AAAA\r\n", "m=audio 9 RTP/AVP 0\r\n", false},
        {"no section", "", "", false},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        const char *digest = strchr(sha256_of(7), ' ') + 1;
        GString *text = g_string_new("v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n");
        wr_sdp *sdp;

        g_string_append(text, rows[i].session);
        g_string_append(text, rows[i].section);
        g_string_replace(text, "%s", digest, 0);
        sdp = wr_sdp_parse(text->str, text->len);
        g_test_message("%s", rows[i].words);
        g_assert_true(wr_sdp_is_webrtc(sdp) == rows[i].is);
        wr_sdp_unref(sdp);
        g_string_free(text, TRUE);
    }
}

/* ---- what it announces ---- */

/* A relay's address by address and port, in whatever place of the list. */
static void test_relays(void)
{
    desk_t d = desk_begin(NULL);
    GString *lines = g_string_new(NULL);
    const wr_endpoint relay = at(MIDDLE, 1040), host = at(MIDDLE, 1041), port = at(MIDDLE, 1039);
    text_t t = offer_text();
    wr_copy *c;

    for (unsigned i = 1; i < 40; i++)
        g_string_append_printf(lines, "a=candidate:%u 1 udp 1 " MIDDLE " %u typ host\r\n", i, 2000 + i);
    g_string_append(lines, "a=candidate:77 1 udp 1 " MIDDLE " 1040 typ relay raddr 0.0.0.0 rport 9\r\n");
    g_string_append(lines, "a=candidate:78 1 udp 1 " MIDDLE " 1041 typ host\r\n");
    t.lines = lines->str;
    c = say(&d.c, OFFERED, &t);
    g_assert_true(wr_copy_announces_relay(c, &relay));
    g_assert_false(wr_copy_announces_relay(c, &host));
    g_assert_false(wr_copy_announces_relay(c, &port));
    g_string_free(lines, TRUE);
    desk_end(&d);
}

/* Both sides number header extensions as the answer does. */
static void test_extensions(void)
{
    static const char level[] = "urn:ietf:params:rtp-hdrext:ssrc-audio-level";
    desk_t d = desk_begin(NULL);
    GPtrArray *copies = g_ptr_array_new();

    for (int answer = 0; answer < 2; answer++) {
        text_t t = answer ? answer_text() : offer_text();
        t.m = AUDIO;
        t.lines = answer ? "a=extmap:3 urn:ietf:params:rtp-hdrext:ssrc-audio-level\r\n"
                         : "a=extmap:5 urn:ietf:params:rtp-hdrext:ssrc-audio-level\r\n";
        g_ptr_array_add(copies, say(&d.c, answer ? ANSWERED : OFFERED, &t));
        g_assert_cmpuint(wr_copies_extension_ids(copies, level), ==, answer ? 1 << 3 : 0);
    }
    g_ptr_array_free(copies, TRUE);
    desk_end(&d);
}

static void test_names(void)
{
    desk_t d = desk_begin(NULL);
    text_t t = offer_text();
    wr_copy *a, *b;

    t.more = "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:1\r\na=ice-ufrag:SECOND\r\na=ice-pwd:" PWD_B "\r\n";
    a = say(&d.c, OFFERED, &t);
    g_assert_true(wr_copy_has_ufrag(a, "AAAA") && wr_copy_has_ufrag(a, "SECOND"));
    g_assert_false(wr_copy_has_ufrag(a, "AAA") || wr_copy_has_ufrag(a, "BBBB"));
    t = answer_text();
    t.ufrag = "SECOND"; /* of several one is shared */
    b = say(&d.c, ANSWERED, &t);
    g_assert_true(wr_copies_share_credentials(a, b) && wr_copies_share_credentials(b, a));
    t.pwd = PWD_A;
    t.version = "3";
    b = say(&d.c, ANSWERED, &t);
    g_assert_false(wr_copies_share_credentials(a, b));
    t.ufrag = NULL; /* without a password nothing is */
    t.lines = "a=ice-ufrag:AAAA\r\n";
    t.more = NULL;
    t.version = "4";
    b = say(&d.c, ANSWERED, &t);
    g_assert_true(wr_copy_has_ufrag(b, "AAAA"));
    g_assert_false(wr_copies_share_credentials(a, b) || wr_copies_share_credentials(b, a) ||
                   wr_copies_share_credentials(b, b));
    g_assert_cmpuint(wr_copies_with(d.c.e, wr_list_at(&b->credentials, 0)).len, ==, 0);
    g_assert_cmpuint(wr_copies_with(d.c.e, wr_list_at(&a->credentials, 0)).len, ==, 1);
    desk_end(&d);
}

/* What was drawn at random in its body tells its author. */
static void test_random_body(void)
{
    static const struct {
        const char *lines, *more;
        bool tells;
    } rows[] = {
        {NULL, NULL, false},
        {"a=ssrc:17 cname:x\r\n", NULL, true},
        {"a=ssrc:17 msid:a b\r\n", NULL, true},
        {NULL, "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:1\r\na=ssrc:18 msid:a b\r\n", true},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        desk_t d = desk_begin(NULL);
        text_t t = offer_text();

        t.m = AUDIO;
        t.lines = rows[i].lines;
        t.more = rows[i].more;
        g_test_message("row %zu", i);
        g_assert_true(wr_copy_has_random_body(say(&d.c, OFFERED, &t)) == rows[i].tells);
        desk_end(&d);
    }
}

/* ---- when ---- */

/* By how much later it was: by one clock where both points have one, and by inferred ones where both have these. */
static void test_after(void)
{
    static const struct {
        bool timed, other_timed;
        unsigned spot, other_spot;
        int64_t after_s, inferred_s; /* the one is 100 s later by what each says; clocks are 10 and 30 s ahead */
    } rows[] = {
        {false, false, 0, 0, 100, 100}, {true, true, 0, 0, 80, 80},    {true, false, 0, 0, 100, 100},
        {false, true, 0, 0, 100, 100},  {false, false, 1, 2, 100, 96}, {false, false, 1, 0, 100, 100},
        {false, false, 0, 2, 100, 100}, {true, true, 1, 2, 80, 76},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        desk_t d = desk_begin(NULL);
        wr_copy *than = told(&d, false, false, NULL, NULL), *c = told(&d, true, true, NULL, NULL);
        wr_association *a = handshake_of(&d, NULL, WR_A_VERIFIED);

        than->time_us = INT64_C(1700000000) * S;
        c->time_us = than->time_us + 100 * S;
        c->timed = rows[i].timed;
        than->timed = a->timed = rows[i].other_timed;
        than->ahead_us = a->ahead_us = 10 * S;
        c->ahead_us = 30 * S;
        c->spot = (uint8_t)rows[i].spot;
        than->spot = (uint8_t)rows[i].other_spot;
        c->spot_ahead_us = 5 * S;
        than->spot_ahead_us = 1 * S;
        g_test_message("row %zu", i);
        g_assert_cmpint(wr_copy_after(c, than), ==, rows[i].after_s * S);
        g_assert_cmpint(wr_copy_after(than, c), ==, -rows[i].after_s * S);
        g_assert_cmpint(wr_copy_after_us(c, a, than->time_us), ==, rows[i].after_s * S);
        g_assert_cmpint(wr_copy_after_inferred(c, than), ==, rows[i].inferred_s * S);
        desk_end(&d);
    }
}

/* Within some time by any of the clocks. */
static void test_within(void)
{
    static const struct {
        int64_t us, ahead_us, spot_us;
        bool within; /* a second */
    } rows[] = {
        {S, 0, 0, true},           {S + 1, 0, 0, false},
        {-S, 0, 0, true},          {-S - 1, 0, 0, false},
        {60 * S, 59 * S, 0, true}, {60 * S, 59 * S - 1, 0, false},
        {60 * S, 0, 59 * S, true}, {60 * S, 0, 59 * S - 1, false},
        {S, 60 * S, 0, true},      {60 * S, 59 * S, 60 * S, true},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        desk_t d = desk_begin(NULL);
        wr_copy *a = told(&d, false, false, NULL, NULL), *b = told(&d, true, true, NULL, NULL);

        b->time_us = a->time_us + rows[i].us;
        a->timed = b->timed = true;
        b->ahead_us = rows[i].ahead_us;
        a->spot = 1;
        b->spot = 2;
        b->spot_ahead_us = rows[i].spot_us;
        g_test_message("row %zu", i);
        g_assert_true(wr_copies_within(a, b, S) == rows[i].within);
        g_assert_true(wr_copies_within(b, a, S) == rows[i].within);
        desk_end(&d);
    }
}

/* A hop takes ten seconds at most, and clocks may be half a second wrong, by any of them. */
static void test_hop_clocks(void)
{
    static const struct {
        int64_t us, ahead_us, spot_us;
        bool hop;
    } rows[] = {
        {10 * S, 0, 0, true},      {10 * S + 1, 0, 0, false},         {-S / 2, 0, 0, true},
        {-S / 2 - 1, 0, 0, false}, {60 * S, 50 * S, 0, true},         {60 * S, 50 * S - 1, 0, false},
        {60 * S, 0, 50 * S, true}, {60 * S, 0, 60 * S + S / 2, true}, {60 * S, 0, 60 * S + S / 2 + 1, false},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        desk_t d = desk_begin(NULL);
        wr_copy *a = told(&d, false, false, NULL, NULL), *b = told(&d, false, true, NULL, NULL);

        b->time_us = a->time_us + rows[i].us;
        a->timed = b->timed = true;
        b->ahead_us = rows[i].ahead_us;
        a->spot = 1;
        b->spot = 2;
        b->spot_ahead_us = rows[i].spot_us;
        g_test_message("row %zu", i);
        g_assert_true(wr_copy_is_hop(a, b) == rows[i].hop);
        desk_end(&d);
    }
}

/* What a file tells may be a relay's form of it at whatever time, for its clock may be wrong. */
static void test_stated_relay(void)
{
    for (int which = 0; which < 3; which++) {
        desk_t d = desk_begin(NULL);
        text_t t = offer_text();
        wr_copy *a = told(&d, false, false, NULL, NULL), *b;

        t.ufrag = "OTHR";
        t.pwd = "anotherpasswordofanother";
        b = say(&d.c,
                (way_t){.client = BOB, .connection = 2, .direction = WR_DIRECTION_DELIVERED, .kind = WR_KIND_OFFER},
                &t);
        b->time_us = a->time_us + 3600 * S;
        if (which > 0)
            (which == 1 ? a : b)->carrier = WR_CARRIER_STATEMENT;
        g_assert_true(wr_copies_may_relay(a, b) == (which > 0));
        g_assert_true(wr_copies_may_relay(b, a) == (which > 0));
        desk_end(&d);
    }
}

/* ---- what its connection does not know of ---- */

/* It is not sent where the connection knows of another with its credentials, of its kind and direction. */
static void test_unsent(void)
{
    enum {
        UNSENT,
        KNOWN,
        OTHER_NOT_SENT,
        OTHER_CONNECTION,
        OTHER_DIRECTION,
        OTHER_CLASS,
        FILE_SAYS,
        OTHER_NAMES,
        CASES
    };

    for (int which = UNSENT; which < CASES; which++) {
        desk_t d = desk_begin(NULL);
        text_t t = offer_text();
        wr_copy *c = told(&d, false, false, sha256_of(1), NULL), *r;

        t.fingerprint = sha256_of(2);
        t.pwd = which == OTHER_NAMES ? "anotherpasswordofanother" : t.pwd;
        r = say(&d.c, OFFERED, &t);
        c->unsent = which == KNOWN ? 0 : 7;
        r->unsent = which == OTHER_NOT_SENT ? 7 : 0;
        r->connection += which == OTHER_CONNECTION;
        if (which == OTHER_DIRECTION)
            r->direction = WR_DIRECTION_DELIVERED;
        if (which == OTHER_CLASS)
            r->kind = WR_KIND_ANSWER;
        if (which == FILE_SAYS)
            r->carrier = WR_CARRIER_STATEMENT;
        g_test_message("case %d", which);
        g_assert_true(wr_copy_is_unsent(d.c.e, c) == (which == UNSENT));
        desk_end(&d);
    }
}

/* ---- of files ---- */

/* Numbers of what was stated begin where no frame's are, and each is one thing. */
static void test_stated_numbers(void)
{
    desk_t d = desk_begin(NULL);
    wr_testimony *file = witness("a.json", "Alice");
    uint32_t first, second;

    g_assert_null(wr_stated_at(d.c.e, WR_STATED_FRAME));
    first = wr_stated_frame_new(d.c.e, file, 5, 0);
    second = wr_stated_frame_new(d.c.e, file, 6, 0);
    g_assert_cmpuint(first, ==, WR_STATED_FRAME);
    g_assert_cmpuint(wr_stated_at(d.c.e, first)->number, ==, 5);
    g_assert_cmpuint(wr_stated_at(d.c.e, second)->number, ==, 6);
    g_assert_null(wr_stated_at(d.c.e, second + 1));
    g_assert_null(wr_stated_at(d.c.e, WR_STATED_FRAME - 1));
    g_assert_null(wr_stated_at(d.c.e, 0));
    wr_testimony_unref(file);
    desk_end(&d);
}

/* Ten minutes before or behind, where the file tells a time; what was seen was there. */
static void test_in_time(void)
{
    static const struct {
        int64_t us;
        bool dated, stated, in_time;
    } rows[] = {
        {WR_STATED_WINDOW_US, true, true, true},
        {WR_STATED_WINDOW_US + 1, true, true, false},
        {-WR_STATED_WINDOW_US, true, true, true},
        {-WR_STATED_WINDOW_US - 1, true, true, false},
        {0, false, true, false},
        {5 * WR_STATED_WINDOW_US, true, false, true},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        desk_t d = desk_begin(NULL);
        wr_testimony *file = witness("a.json", "Alice");
        wr_copy *c = told(&d, false, false, NULL, NULL);

        if (rows[i].stated)
            c->frame = wr_stated_frame_new(d.c.e, file, 1, rows[i].dated ? c->time_us : 0);
        g_test_message("row %zu", i);
        g_assert_true(wr_copy_is_in_time(d.c.e, c, c->time_us + rows[i].us) == rows[i].in_time);
        wr_testimony_unref(file);
        desk_end(&d);
    }
}

/* Where a text would name a frame that is none, it names the file. */
static void test_frame_names(void)
{
    static const char *const rows[][2] = {
        {"in frame 2147483648.", "in statement 5 of a.json."},
        {"in frames 2147483648 and 2147483649", "in statement 5 of a.json and statement 6 of a.json"},
        {"in frames 2147483648 and 12", "in statement 5 of a.json and frame 12"},
        {"in frames 2147483648, 12", "in statement 5 of a.json, frame 12"},
        {"in frames 12 and 2147483648", "in frames 12 and statement 5 of a.json"},
        {"(2147483648) was", "(statement 5 of a.json) was"},
        {"2147483649 was", "statement 6 of a.json was"},
        {"in frame 2147483650", "in frame 2147483650"}, /* nothing was stated under it */
        {"a2147483648", "a2147483648"},
        {"x 21474836480", "x 21474836480"},
        {"x 0000000012 and 9999999999", "x 0000000012 and 9999999999"},
        {"frame 12 and 13", "frame 12 and 13"},
        {"2147483648 then of and 13", "statement 5 of a.json then of and 13"},
        {"", ""},
    };
    desk_t d = desk_begin(NULL);
    wr_testimony *file = witness("a.json", "Alice");
    char *name;

    name = wr_stated_name_frames(d.c.e, g_strdup("in frame 2147483648."));
    g_assert_cmpstr(name, ==, "in frame 2147483648.");
    g_free(name);
    wr_stated_frame_new(d.c.e, file, 5, 0);
    wr_stated_frame_new(d.c.e, file, 6, 0);
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        name = wr_stated_name_frames(d.c.e, g_strdup(rows[i][0]));
        g_assert_cmpstr(name, ==, rows[i][1]);
        g_free(name);
    }
    name = wr_frame_name(d.c.e, WR_STATED_FRAME + 1);
    g_assert_cmpstr(name, ==, "statement 6 of a.json");
    g_free(name);
    name = wr_frame_name(d.c.e, 7);
    g_assert_cmpstr(name, ==, "frame 7");
    g_free(name);
    wr_testimony_unref(file);
    desk_end(&d);
}

/* What of each file fits: descriptions, of them those in a call with packets, and transports. */
static void test_counts(void)
{
    enum { NO_CALL, NO_PACKETS, A_HANDSHAKE, A_FLOW, CASES };

    for (int which = NO_CALL; which < CASES; which++) {
        desk_t d = desk_begin(NULL);
        wr_testimony *file[2] = {witness("a.json", "Alice"), witness("b.json", "Bob")};
        wr_copy *c = told(&d, false, false, NULL, NULL);
        wr_association *a = handshake_of(&d, NULL, WR_A_VERIFIED);
        transport_t t = {.own = "AAAA"};
        const bool fits = which >= A_HANDSHAKE;
        GHashTable *heard;
        uint32_t frame;

        for (int i = 0; i < 2; i++) {
            const wr_witness w = {.testimony = file[i], .copies = 77, .used = 77, .transports_used = 77};
            g_array_append_val(d.c.e->witnesses, w);
        }
        frame = wr_stated_frame_new(d.c.e, file[0], 1, 0);
        g_array_index(d.c.e->stated, struct wr_stated, frame - WR_STATED_FRAME).copy = c;
        wr_stated_frame_new(d.c.e, file[0], 2, 0); /* which has no description of its own */
        wr_stated_frame_new(d.c.e, file[1], 1, 0);
        g_ptr_array_add(d.c.e->associations, a);
        a->heard = testify(file[1], &t);
        if (which != NO_CALL) {
            wr_session *s = g_new0(wr_session, 1);
            s->number = wr_node_number(d.c.e, c->node);
            s->associations = g_ptr_array_new();
            s->flows = g_ptr_array_new();
            if (which == A_HANDSHAKE)
                g_ptr_array_add(s->associations, a);
            if (which == A_FLOW)
                g_ptr_array_add(s->flows, a->flow);
            g_hash_table_insert(d.c.e->sessions_by_number, GUINT_TO_POINTER(s->number), s);
            g_ptr_array_add(d.c.e->sessions, s);
        }
        wr_witnesses_count(d.c.e);
        g_test_message("case %d", which);
        for (int i = 0; i < 2; i++) {
            const wr_witness *w = &g_array_index(d.c.e->witnesses, wr_witness, i);
            g_assert_cmpuint(w->copies, ==, i == 0 ? 1 : 0);
            g_assert_cmpuint(w->used, ==, i == 0 && fits ? 1 : 0);
            g_assert_cmpuint(w->transports_used, ==, i == 0 ? 0 : 1);
        }
        heard = wr_statements_heard(d.c.e);
        g_assert_cmpuint(g_hash_table_size(heard), ==, 1);
        g_assert_true(g_hash_table_contains(heard, a->heard));
        g_hash_table_destroy(heard);
        g_ptr_array_steal_index(d.c.e->associations, 0);
        g_array_set_size(d.c.e->witnesses, 0);
        wr_testimony_unref(file[0]);
        wr_testimony_unref(file[1]);
        if (which != NO_CALL) {
            wr_session *s = g_ptr_array_steal_index(d.c.e->sessions, 0);
            g_hash_table_remove_all(d.c.e->sessions_by_number);
            g_ptr_array_free(s->associations, TRUE);
            g_ptr_array_free(s->flows, TRUE);
            g_free(s);
        }
        desk_end(&d);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/described/is_webrtc", test_is_webrtc);
    g_test_add_func("/described/relays", test_relays);
    g_test_add_func("/described/extensions", test_extensions);
    g_test_add_func("/described/names", test_names);
    g_test_add_func("/described/random_body", test_random_body);
    g_test_add_func("/described/after", test_after);
    g_test_add_func("/described/within", test_within);
    g_test_add_func("/described/hop_clocks", test_hop_clocks);
    g_test_add_func("/described/stated_relay", test_stated_relay);
    g_test_add_func("/described/unsent", test_unsent);
    g_test_add_func("/described/stated_numbers", test_stated_numbers);
    g_test_add_func("/described/in_time", test_in_time);
    g_test_add_func("/described/frame_names", test_frame_names);
    g_test_add_func("/described/counts", test_counts);
    return g_test_run();
}
