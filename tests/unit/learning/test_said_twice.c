/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What bytes of one TCP sequence do that were sent twice with different content: what was read of them is contested,
 * and so is nothing else. */
#include "real_call.h"

typedef struct {
    uint32_t connection; /* of the remark */
    bool from_client, before, late, read, outside;
    bool between; /* both points have the connection */
    uint16_t point, other_point;
    wr_session_verdict verdict;
} row;

static void say_twice(real_t *r, const row *x, uint32_t other_frame, uint8_t ttl)
{
    const wr_endpoint client = at(ALICE, 40001), server = at(SERVER, 443);
    wr_remark twice = {
        .kind = WR_REMARK_BYTES,
        .at = next(&r->c, x->late ? 3000 : 1, x->from_client ? client : server, x->from_client ? server : client),
        .connection = x->connection,
        .other_frame = other_frame,
        .ttl = 64,
        .other_ttl = ttl,
        .other_point = x->other_point,
        .between = x->between,
        .usual_ttl = 64};

    twice.at.point = x->point;
    wr_engine_add_remark(r->c.e, &twice);
}

/* The same frame as the last, so that the second content is what the remark was made of. */
static void say_here(real_t *r, const text_t *t)
{
    way_t w = ANSWERED;

    r->c.frame--;
    say(&r->c, w, t);
}

static void test_what_is_doubted(void)
{
    static const row rows[] = {
        {.connection = 1, .verdict = WR_S_CONTESTED},
        {.connection = 1, .before = true, .verdict = WR_S_CONTESTED},
        {.connection = 1, .before = true, .late = true, .verdict = WR_S_CONTESTED},
        {.connection = 2, .verdict = WR_S_VERIFIED_LEG},
        {.connection = 2, .before = true, .verdict = WR_S_VERIFIED_LEG},
        {.connection = 1, .from_client = true, .verdict = WR_S_VERIFIED_LEG},
        {.connection = 1, .from_client = true, .before = true, .verdict = WR_S_VERIFIED_LEG},
        {.connection = 1, .read = true, .verdict = WR_S_CONTESTED}, /* two announcements to one party */
        {.connection = 1, .outside = true, .verdict = WR_S_VERIFIED_LEG},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        const row *x = &rows[i];
        text_t o = offer_text(), a = answer_text(), other;
        real_t r = real_begin(NULL);
        o.fingerprint = fingerprint_shown(false);
        a.fingerprint = fingerprint_shown(true);
        other = a;
        other.fingerprint = sha256_of(0x5A);
        say(&r.c, OFFERED, &o);
        if (x->before) /* within the answer, which becomes whole later */
            say_twice(&r, x, r.c.frame + 1, 64);
        say(&r.c, ANSWERED, &a);
        if (!x->before)
            say_twice(&r, x, x->outside ? 0 : r.c.frame, 64);
        if (x->read || x->outside)
            say_here(&r, &other);
        connect_ends(&r.c);
        for (unsigned k = 0; k < DATAGRAMS; k++)
            real_part(&r, k);
        g_test_message("row %zu", i);
        g_assert_cmpint(real_session(&r)->verdict, ==, x->verdict);
        g_assert_cmpint(real_session(&r)->severity, ==, x->verdict == WR_S_CONTESTED ? WR_WARN : WR_CHAT);
        g_assert_cmpuint(found(&r.c, "INJ-02", WR_NOTE), ==, 1);
        g_assert_cmpuint(real_session(&r)->copies->len, ==, x->read ? 3 : 2);
        real_end(&r);
    }
}

/* An offer and its other content, both read: the answer, which names neither, is to either. Of two offers one after the
 * other what nobody answered is not in force; where they are one version, and the handshake shows what the first said,
 * the answer does not tell which of them was taken (RFC 3264 8). */
static void test_offer(void)
{
    for (unsigned i = 0; i < 4; i++) {
        const bool twice = (i & 1) != 0, false_first = (i & 2) != 0;
        const row x = {.connection = 1, .from_client = true};
        text_t o = offer_text(), a = answer_text(), other;
        real_t r = real_begin(NULL);
        o.fingerprint = fingerprint_shown(false);
        a.fingerprint = fingerprint_shown(true);
        other = o;
        other.fingerprint = sha256_of(0x5A);
        say(&r.c, OFFERED, false_first ? &other : &o);
        if (twice) {
            say_twice(&r, &x, r.c.frame, 64);
            r.c.frame--;
        }
        say(&r.c, OFFERED, false_first ? &o : &other);
        say(&r.c, ANSWERED, &a);
        connect_ends(&r.c);
        for (unsigned k = 0; k < DATAGRAMS; k++)
            real_part(&r, k);
        g_test_message("case %u", i);
        g_assert_cmpint(real_session(&r)->verdict, ==, !twice && false_first ? WR_S_VERIFIED_LEG : WR_S_CONTESTED);
        real_end(&r);
    }
}

/* Another version is another offer. */
static void test_later_offer(void)
{
    text_t o = offer_text(), a = answer_text(), other;
    real_t r = real_begin(NULL);

    o.fingerprint = fingerprint_shown(false);
    a.fingerprint = fingerprint_shown(true);
    other = o;
    other.version = "3";
    other.fingerprint = sha256_of(0x5A);
    say(&r.c, OFFERED, &o);
    say(&r.c, OFFERED, &other);
    say(&r.c, ANSWERED, &a);
    connect_ends(&r.c);
    for (unsigned k = 0; k < DATAGRAMS; k++)
        real_part(&r, k);
    g_assert_cmpint(real_session(&r)->verdict, ==, WR_S_MISMATCH);
    real_end(&r);
}

/* A second form of the answer in bytes that its connection goes on without counts for nothing, whichever came first and
 * on whatever it is told; one that was acknowledged after all does, and one that stands alone is contested. */
static void test_unsent(void)
{
    const struct {
        const char *words;
        bool told, acknowledged, of_true, alone, on_another;
        wr_session_verdict verdict;
    } rows[] = {
        {"not told", .verdict = WR_S_CONTESTED},
        {"told", .told = true, .verdict = WR_S_VERIFIED_LEG},
        {"acknowledged after all", .told = true, .acknowledged = true, .verdict = WR_S_CONTESTED},
        {"of the true one", .told = true, .of_true = true, .verdict = WR_S_CONTESTED},
        {"alone", .told = true, .of_true = true, .alone = true, .verdict = WR_S_CONTESTED},
        {"on another connection", .told = true, .on_another = true, .verdict = WR_S_CONTESTED},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        text_t o = offer_text(), a = answer_text(), other;
        real_t r = real_begin(NULL);
        wr_remark unsent = {
            .kind = WR_REMARK_UNSENT, .connection = rows[i].on_another ? 2 : 1, .other_ttl = 3, .usual_ttl = 64};
        o.fingerprint = fingerprint_shown(false);
        a.fingerprint = fingerprint_shown(true);
        other = a;
        other.fingerprint = sha256_of(0x5A);
        say(&r.c, OFFERED, &o);
        say(&r.c, ANSWERED, &a);
        unsent.other_frame = r.c.frame + (rows[i].of_true ? 0 : 1);
        if (!rows[i].alone)
            say(&r.c, ANSWERED, &other);
        for (unsigned k = 0; rows[i].told && k <= rows[i].acknowledged; k++) {
            unsent.at = next(&r.c, 200, at(SERVER, 443), at(ALICE, 40001));
            unsent.acknowledged = k > 0;
            wr_engine_add_remark(r.c.e, &unsent);
        }
        connect_ends(&r.c);
        for (unsigned k = 0; k < DATAGRAMS; k++)
            real_part(&r, k);
        g_test_message("%s", rows[i].words);
        g_assert_cmpint(real_session(&r)->verdict, ==, rows[i].verdict);
        g_assert_cmpuint(found(&r.c, "INJ-02", WR_NOTE), ==,
                         rows[i].told && !rows[i].acknowledged && !rows[i].on_another);
        if (rows[i].verdict == WR_S_VERIFIED_LEG) {
            g_assert_cmpuint(real_session(&r)->copies->len, ==, 2);
            g_assert_nonnull(strstr(the_finding(&r.c, "INJ-02")->message, "TTL or hop limit is 3 in frame 3, and 64"));
        }
        if (rows[i].alone)
            g_assert_nonnull(strstr(real_session(&r)->sentence, "goes on without"));
        real_end(&r);
    }
}

/* A message that becomes whole long after is another one. */
static void test_wait(void)
{
    for (unsigned late = 0; late < 2; late++) {
        const row x = {.connection = 1};
        text_t o = offer_text(), a = answer_text();
        way_t down = ANSWERED;
        real_t r = real_begin(NULL);
        o.fingerprint = fingerprint_shown(false);
        a.fingerprint = fingerprint_shown(true);
        say(&r.c, OFFERED, &o);
        say_twice(&r, &x, r.c.frame + 1, 64);
        down.later_ms = late ? 2001 : 1999;
        say(&r.c, down, &a);
        connect_ends(&r.c);
        for (unsigned k = 0; k < DATAGRAMS; k++)
            real_part(&r, k);
        g_assert_cmpint(real_session(&r)->verdict, ==, late ? WR_S_VERIFIED_LEG : WR_S_CONTESTED);
        real_end(&r);
    }
}

/* Two forms of one version on a leg: what the other leg has agrees with one of them, so none is substituted. */
static void test_pairing(void)
{
    for (unsigned i = 0; i < 2; i++) {
        const bool doubted = i == 1;
        const row x = {.connection = 1};
        text_t o = offer_text(), a = answer_text();
        way_t up = {
            .client = BOB, .connection = 2, .direction = WR_DIRECTION_EMITTED, .kind = WR_KIND_ANSWER, .covered = true};
        real_t r = real_begin(NULL);
        say(&r.c, OFFERED, &o);
        say(&r.c, up, &a);
        a.fingerprint = sha256_of(0x5A);
        say(&r.c, ANSWERED, &a);
        if (doubted)
            say_twice(&r, &x, r.c.frame, 3);
        g_assert_cmpint(real_session(&r)->verdict, ==, doubted ? WR_S_CONTESTED : WR_S_SUBSTITUTED_IN_SIGNALLING);
        if (doubted) {
            g_assert_nonnull(strstr(the_finding(&r.c, "INJ-02")->message, "TTL or hop limit is 3 in frame 3, and 64"));
            g_assert_nonnull(strstr(real_session(&r)->sentence, "in another form as well"));
        }
        real_end(&r);
    }
}

/* The client refuses a server whose certificate the offer does not announce: a mismatch, which it enforced. Where the
 * offer came in two forms, the handshake failed, and beside that what was announced is contested. */
static void test_refused(void)
{
    static const uint8_t alert[] = {21, 0xFE, 0xFD, 0, 0, 0, 0, 0, 0, 0, 9, 0, 2, 2, 42};
    const way_t told = {.client = BOB, .connection = 2, .direction = WR_DIRECTION_DELIVERED, .kind = WR_KIND_OFFER};
    const way_t said = {.client = BOB, .connection = 2, .direction = WR_DIRECTION_EMITTED, .kind = WR_KIND_ANSWER};

    for (int twice = 0; twice < 2; twice++) {
        const row x = {.connection = 2};
        text_t o = offer_text(), a = answer_text();
        real_t r = real_begin(NULL);
        const wr_session *s;
        bool contested = false;
        o.fingerprint = sha256_of(0x5A);
        a.fingerprint = fingerprint_shown(true);
        say(&r.c, told, &o);
        if (twice)
            say_twice(&r, &x, r.c.frame, 64);
        say(&r.c, said, &a);
        connect_ends(&r.c);
        for (unsigned k = HELLO; k <= SERVER_FLIGHT; k++)
            real_part(&r, k);
        real_datagram(&r, 5, true, alert, sizeof alert);
        s = real_session(&r);
        g_assert_cmpint(s->verdict, ==, twice ? WR_S_HANDSHAKE_FAILED : WR_S_MISMATCH);
        for (unsigned i = 0; i < s->n_also; i++)
            contested |= s->also[i] == WR_S_CONTESTED;
        g_assert_cmpint(contested, ==, twice);
        if (twice)
            g_assert_nonnull(strstr(s->sentence, "was shown in it came in more than one form"));
        real_end(&r);
    }
}

/* What is found of a text whose bytes were sent twice is a note; of a text that was sent once it is not. unread: the
 * other content is none that is read. Two vantage points show that the connection was altered between them where both
 * have it, and each saw one of the texts: not where one has nothing else of it, nor where what was read first was put
 * together of what both saw. */
static void test_findings(void)
{
    enum { ONCE = 0, UNREAD, READ, ALTERED_BETWEEN, PUT_AT_ANOTHER_POINT, PUT_TOGETHER };

    for (int how = ONCE; how <= PUT_TOGETHER; how++) {
        const row x = {.connection = 1,
                       .from_client = true,
                       .between = how == ALTERED_BETWEEN || how == PUT_TOGETHER,
                       .point = how == ALTERED_BETWEEN || how == PUT_AT_ANOTHER_POINT,
                       .other_point = how == PUT_TOGETHER};
        text_t o = offer_text(), other;
        way_t w = OFFERED;
        call_t c = call_begin(NULL);
        o.session_lines = "k=clear:secret\r\n";
        other = o;
        other.fingerprint = sha256_of(0x5A);
        say(&c, w, &o);
        if (how != ONCE) {
            real_t r = {.c = c};
            say_twice(&r, &x, c.frame, 64);
            c = r.c;
        }
        if (how >= READ) {
            c.frame--;
            w.point = how >= ALTERED_BETWEEN;
            say(&c, w, &other);
        }
        g_test_message("case %d", how);
        g_assert_cmpuint(found(&c, "SIG-06", WR_NOTE), ==, how == UNREAD);
        g_assert_cmpuint(found(&c, "SIG-06", WR_ERROR) > 0, ==, how != UNREAD); /* where both say it, it was said */
        g_assert_cmpuint(found(&c, "SIG-08", WR_NOTE), ==, how >= READ && how != ALTERED_BETWEEN);
        g_assert_cmpuint(found(&c, "SIG-08", WR_ERROR), ==, how == ALTERED_BETWEEN);
        if (how == UNREAD)
            g_assert_nonnull(
                strstr(the_finding(&c, "SIG-06")->message, "sent again with different content in frame 2"));
        call_end(&c);
    }
}

/* A later version that agrees with one form of what was sent twice changes nothing (SDP-12). */
static void test_later_version(void)
{
    for (unsigned i = 0; i < 4; i++) {
        const bool twice = (i & 1) != 0, other_later = (i & 2) != 0;
        const row x = {.connection = 1, .from_client = true};
        text_t o = offer_text(), later = o, other = o;
        real_t r = {.c = call_begin(NULL)};
        text_t a = answer_text();
        other.fingerprint = sha256_of(0x5A);
        say(&r.c, OFFERED, &o);
        if (twice) {
            say_twice(&r, &x, r.c.frame, 64);
            r.c.frame--;
        }
        say(&r.c, OFFERED, &other);
        say(&r.c, ANSWERED, &a);
        later.version = "3";
        later.fingerprint = other_later ? sha256_of(0x77) : o.fingerprint;
        say(&r.c, OFFERED, &later);
        say(&r.c, ANSWERED, &a);
        g_test_message("case %u", i);
        g_assert_cmpuint(found(&r.c, "SDP-12", -1) > 0, ==, !twice || other_later);
        call_end(&r.c);
    }
}

/* A description that came behind one which was read ahead of it, and that no dissector was given. */
static void test_unread(void)
{
    char *other = g_strdup(sha256_of(0x5A)), *same;
    const struct {
        const char *words;
        uint32_t connection;
        bool from_client, behind, told_alike;
        const char *ufrag;
        bool contested;
    } rows[] = {
        {"another fingerprint", 1, false, false, false, "BBBB", true},
        {"the same fingerprint", 1, false, false, true, "BBBB", false},
        {"another connection", 2, false, false, false, "BBBB", false},
        {"another direction", 1, true, false, false, "BBBB", false},
        {"another user name", 1, false, false, false, "CCCC", false},
        {"no user name", 1, false, false, false, NULL, false},
        {"what was read behind it", 1, false, true, false, "BBBB", false},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        text_t o = offer_text(), a = answer_text();
        real_t r = real_begin(NULL);
        const wr_endpoint client = at(ALICE, 40001), server = at(SERVER, 443);
        wr_remark late = {.kind = WR_REMARK_DISORDER, .connection = rows[i].connection};
        o.fingerprint = fingerprint_shown(false);
        a.fingerprint = fingerprint_shown(true);
        same = g_strdup(a.fingerprint);
        say(&r.c, OFFERED, &o);
        say(&r.c, ANSWERED, &a);
        late.other_frame = r.c.frame + (rows[i].behind ? 1 : 0);
        late.at = next(&r.c, 1, rows[i].from_client ? client : server, rows[i].from_client ? server : client);
        late.what = rows[i].told_alike ? same : other;
        late.ufrag = (char *)rows[i].ufrag;
        wr_engine_add_remark(r.c.e, &late);
        connect_ends(&r.c);
        for (unsigned k = 0; k < DATAGRAMS; k++)
            real_part(&r, k);
        g_test_message("%s", rows[i].words);
        g_assert_cmpint(real_session(&r)->verdict, ==, rows[i].contested ? WR_S_CONTESTED : WR_S_VERIFIED_LEG);
        real_end(&r);
        g_free(same);
    }
    g_free(other);
}

/* What a file states was sent in no bytes. */
static void test_stated(void)
{
    static const wr_remark_kind kinds[] = {WR_REMARK_BYTES, WR_REMARK_UNSENT, WR_REMARK_DISORDER};
    char *other = g_strdup(sha256_of(0x5A));

    for (unsigned i = 0; i < 2 * G_N_ELEMENTS(kinds); i++) {
        const bool stated = i % 2 != 0;
        call_t c = call_begin(NULL);
        const text_t a = answer_text();
        wr_copy *told = say(&c, ANSWERED, &a);
        wr_remark r = {.kind = kinds[i / 2], .connection = 1, .other_ttl = 3, .ttl = 64, .what = other};

        if (stated)
            told->carrier = WR_CARRIER_STATEMENT;
        r.other_frame = told->frame;
        r.ufrag = (char *)"BBBB";
        r.at = next(&c, 1, at(SERVER, 443), at(ALICE, 40001));
        wr_engine_add_remark(c.e, &r);
        g_test_message("case %u", i);
        g_assert_true((told->doubted != 0) == (!stated && r.kind != WR_REMARK_UNSENT));
        g_assert_true((told->unsent != 0) == (!stated && r.kind == WR_REMARK_UNSENT));
        call_end(&c);
    }
    g_free(other);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/said_twice/what_is_doubted", test_what_is_doubted);
    g_test_add_func("/said_twice/offer", test_offer);
    g_test_add_func("/said_twice/wait", test_wait);
    g_test_add_func("/said_twice/pairing", test_pairing);
    g_test_add_func("/said_twice/later_offer", test_later_offer);
    g_test_add_func("/said_twice/unsent", test_unsent);
    g_test_add_func("/said_twice/refused", test_refused);
    g_test_add_func("/said_twice/findings", test_findings);
    g_test_add_func("/said_twice/later_version", test_later_version);
    g_test_add_func("/said_twice/unread", test_unread);
    g_test_add_func("/said_twice/stated", test_stated);
    return g_test_run();
}
