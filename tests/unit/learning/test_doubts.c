/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which descriptions remarks about bytes put in doubt: those of the same connection and sender, from a frame on, so
 * many back; and what takes a doubt back (RFC 9293 3.4).
 */
#include "checks_build.h"

#include "records/injection.h"
#include "records/store.h"

#define LOOK_BACK 64

static wr_copy *tell(call_t *c, bool up, uint32_t connection, const char *id, int64_t ms)
{
    text_t t = offer_text();
    way_t w = up ? OFFERED : ANSWERED;

    w.kind = WR_KIND_OFFER;
    w.connection = connection;
    w.later_ms = ms;
    t.session_id = id;
    return say(c, w, &t);
}

static void remark_that(call_t *c, wr_remark_kind kind, bool up, uint32_t connection, uint32_t other_frame,
                        bool acknowledged)
{
    const wr_endpoint client = at(ALICE, (uint16_t)(40000 + connection)), server = at(SERVER, 443);
    wr_remark r = {.kind = kind, .connection = connection, .other_frame = other_frame, .acknowledged = acknowledged};

    r.at = next(c, 1, up ? client : server, up ? server : client);
    wr_engine_add_remark(c->e, &r);
}

/* Whose bytes: of the connection and the sender, in that frame or behind it; the first doubt stays. */
static void test_said_twice(void)
{
    static const struct {
        const char *words;
        bool up;
        uint32_t connection;
        int frame; /* of the other content, against the description's; -9: outside of the sequence */
        bool doubted;
    } rows[] = {
        {"in that frame", true, 1, 0, true},      {"in a frame before", true, 1, -1, true},
        {"in a frame behind", true, 1, 1, false}, {"the other way", false, 1, 0, false},
        {"elsewhere", true, 2, 0, false},         {"outside", true, 1, -9, false},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        call_t c = call_begin(NULL);
        wr_copy *copy;
        uint32_t frame;
        next(&c, 1, ALICES, BOBS);
        copy = tell(&c, true, 1, "4711000001", 10);
        frame = rows[i].frame == -9 ? 0 : copy->frame + (uint32_t)rows[i].frame;
        remark_that(&c, WR_REMARK_BYTES, rows[i].up, rows[i].connection, frame, false);
        g_test_message("%s", rows[i].words);
        g_assert_cmpuint(copy->doubted, ==, rows[i].doubted ? c.frame : 0);
        g_assert_true(c.e->said_twice.outside == (frame == 0));
        g_assert_true(c.e->said_twice.waits == (frame != 0 && !rows[i].doubted));
        g_assert_true(g_array_index(c.e->injections, wr_injection, 0).copy == (rows[i].doubted ? copy : NULL));
        remark_that(&c, WR_REMARK_BYTES, true, 1, copy->frame, false);
        g_assert_cmpuint(copy->doubted, ==, rows[i].doubted ? c.frame - 1 : c.frame);
        call_end(&c);
    }
}

/* So many descriptions may stand in a segment, or have come since. */
static void test_look_back(void)
{
    for (int unsent = 0; unsent < 2; unsent++) {
        call_t c = call_begin(NULL);
        wr_copy *copies[LOOK_BACK + 1];
        for (unsigned i = 0; i <= LOOK_BACK; i++) {
            char *id = g_strdup_printf("47110%05u", i);
            copies[i] = tell(&c, true, 1, id, 1);
            copies[i]->frame = 1; /* of one datagram */
            g_free(id);
        }
        remark_that(&c, unsent ? WR_REMARK_UNSENT : WR_REMARK_BYTES, true, 1, 1, false);
        for (unsigned i = 0; i <= LOOK_BACK; i++)
            g_assert_cmpuint(unsent ? copies[i]->unsent : copies[i]->doubted, ==, i > 0 ? c.frame : 0);
        call_end(&c);
    }
}

/* Bytes that the connection knows nothing of are of that very frame; that they were acknowledged takes it back. */
static void test_unsent(void)
{
    static const struct {
        const char *words;
        uint32_t connection;
        int frame;
        bool unsent;
    } rows[] = {{"in that frame", 1, 0, true},
                {"in a frame before", 1, -1, false},
                {"in a frame behind", 1, 1, false},
                {"elsewhere", 2, 0, false}};

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        call_t c = call_begin(NULL);
        wr_copy *copy;
        uint32_t frame;
        next(&c, 1, ALICES, BOBS);
        copy = tell(&c, true, 1, "4711000001", 10);
        frame = copy->frame + (uint32_t)rows[i].frame;
        remark_that(&c, WR_REMARK_UNSENT, true, rows[i].connection, frame, false);
        g_test_message("%s", rows[i].words);
        g_assert_cmpuint(copy->unsent, ==, rows[i].unsent ? c.frame : 0);
        g_assert_cmpuint(c.e->injections->len, ==, rows[i].unsent);
        remark_that(&c, WR_REMARK_UNSENT, true, rows[i].connection, frame, true);
        g_assert_cmpuint(copy->unsent, ==, 0);
        g_assert_cmpuint(c.e->injections->len, ==, rows[i].unsent);
        call_end(&c);
    }
}

/* The other content is read: in the frame that said it, or whole some segments later and of the same version. */
static void test_both_are_read(void)
{
    static const struct {
        const char *words, *id; /* of the second; the first is 4711000001 */
        bool up;
        uint32_t connection;
        bool same_frame;
        int64_t ms;
        bool both;
    } rows[] = {
        {"in that frame", "4711000002", true, 1, true, 0, true},
        {"in a later one, of one version", "4711000001", true, 1, false, 10, true},
        {"in a later one, of another", "4711000002", true, 1, false, 10, false},
        {"after two seconds", "4711000001", true, 1, false, 2000, true},
        {"after more", "4711000001", true, 1, false, 2001, false},
        {"the other way", "4711000001", false, 1, false, 10, false},
        {"elsewhere", "4711000001", true, 2, false, 10, false},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        call_t c = call_begin(NULL);
        text_t t = offer_text();
        way_t w = rows[i].up ? OFFERED : ANSWERED;
        wr_copy *first = tell(&c, true, 1, "4711000001", 10), *second;
        const uint32_t connection = rows[i].connection;
        remark_that(&c, WR_REMARK_BYTES, true, 1, first->frame, false);
        c.frame -= rows[i].same_frame ? 1 : 0;
        w.kind = WR_KIND_OFFER;
        w.connection = connection;
        w.later_ms = rows[i].ms;
        t.session_id = rows[i].id;
        t.fingerprint = sha256_of(0x5A);
        second = say(&c, w, &t);
        g_test_message("%s", rows[i].words);
        g_assert_true(first != second);
        g_assert_true((first->doubted == 0) == rows[i].both);
        g_assert_true(first->said_twice == rows[i].both && second->said_twice == rows[i].both);
        g_assert_cmpuint(second->doubted, ==, 0);
        call_end(&c);
    }
}

/* A message whose bytes were said twice before it was whole is in doubt; the next one is not. */
static void test_whole_later(void)
{
    static const struct {
        int64_t ms;
        bool up, outside, doubted;
    } rows[] = {{10, true, false, true},
                {2000, true, false, true},
                {2001, true, false, false},
                {10, false, false, false},
                {10, true, true, false}};

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        call_t c = call_begin(NULL);
        const wr_copy *copy, *later;
        uint32_t frame;
        remark_that(&c, WR_REMARK_BYTES, true, 1, rows[i].outside ? 0 : 1, false);
        frame = c.frame;
        copy = tell(&c, rows[i].up, 1, "4711000001", rows[i].ms);
        later = tell(&c, rows[i].up, 1, "4711000002", 1);
        g_test_message("row %zu", i);
        g_assert_cmpuint(copy->doubted, ==, rows[i].doubted ? frame : 0);
        g_assert_cmpuint(later->doubted, ==, 0);
        call_end(&c);
    }
}

/* What stands in a segment far outside of the sequence is no description, in that frame and of that connection. */
static void test_outside(void)
{
    for (unsigned i = 0; i < 8; i++) {
        const bool outside = i % 2 != 0, same_frame = i / 2 % 2 != 0, same = i / 4 != 0;
        call_t c = call_begin(NULL);
        remark_that(&c, WR_REMARK_BYTES, true, 1, outside ? 0 : 1, false);
        c.frame -= same_frame ? 1 : 0;
        g_assert_true((tell(&c, true, same ? 1 : 2, "4711000001", 1) == NULL) == (outside && same_frame && same));
        call_end(&c);
    }
}

/* A description that was not read names this fingerprint: what names another for the same user name is in doubt. */
static void test_unread(void)
{
    static const struct {
        const char *words;
        bool in_session, in_section, in_another; /* where it is named */
        const char *what, *ufrag;
        bool doubted;
    } rows[] = {
        {"nowhere", false, false, false, NULL, "AAAA", true},
        {"in front", true, false, false, NULL, "AAAA", false},
        {"in its section", false, true, false, NULL, "AAAA", false},
        {"in another section", false, false, true, NULL, "AAAA", false},
        {"what is none", false, false, false, "sha-256 00", "AAAA", false},
        {"another hash", true, false, false, "sha-1 5A:5A:5A:5A:5A:5A:5A:5A:5A:5A:5A:5A:5A:5A:5A:5A:5A:5A:5A:5A",
         "AAAA", true},
        {"of another user name", false, false, false, NULL, "XXXX", false},
        {"of no user name", false, false, false, NULL, NULL, false},
    };

    for (size_t i = 0; i < 2 * G_N_ELEMENTS(rows); i++) {
        const size_t n = i / 2;
        call_t c = call_begin(NULL);
        text_t t = offer_text();
        char *line = g_strdup_printf("a=fingerprint:%s\r\n", sha256_of(0x5A));
        char *more = g_strdup_printf("m=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:1\r\n%s", line);
        wr_remark r = {.kind = WR_REMARK_DISORDER, .connection = 1, .ufrag = (char *)rows[n].ufrag};
        wr_copy *copy;
        r.what = (char *)(rows[n].what != NULL ? rows[n].what : sha256_of(0x5A));
        t.session_lines = rows[n].in_session ? line : NULL;
        t.lines = rows[n].in_section ? line : NULL;
        t.more = rows[n].in_another ? more : NULL;
        copy = say(&c, OFFERED, &t);
        r.other_frame = copy->frame;
        copy->doubted = i % 2 != 0 ? 77 : 0; /* a doubt that is there stays */
        r.at = next(&c, 1, at(ALICE, 40001), at(SERVER, 443));
        wr_engine_add_remark(c.e, &r);
        g_test_message("%s", rows[n].words);
        g_assert_cmpuint(copy->doubted, ==, i % 2 != 0 ? 77 : rows[n].doubted ? c.frame : 0);
        g_free(line);
        g_free(more);
        call_end(&c);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/doubts/said_twice", test_said_twice);
    g_test_add_func("/doubts/look_back", test_look_back);
    g_test_add_func("/doubts/unsent", test_unsent);
    g_test_add_func("/doubts/both_are_read", test_both_are_read);
    g_test_add_func("/doubts/whole_later", test_whole_later);
    g_test_add_func("/doubts/outside", test_outside);
    g_test_add_func("/doubts/unread", test_unread);
    return g_test_run();
}
