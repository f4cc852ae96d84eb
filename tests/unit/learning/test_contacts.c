/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is kept of remarks: of several the one that says most of a call's safety, whatever order they come in; the same
 * again says nothing new; and what is not a connectivity check makes no path.
 */
#include "handshake_build.h"

#include "records/contact.h"
#include "records/store.h"

static const wr_contact *contact(const call_t *c)
{
    wr_endpoint client = at(ALICE, 1), server = at(SERVER, 443);

    return wr_index_get(c->e->contacts->by_ends, wr_contact_key(&client, &server));
}

static wr_remark *remark_of(wr_remark_kind kind, const char *what, uint32_t mark)
{
    wr_remark *r = g_new0(wr_remark, 1);

    r->kind = kind;
    r->what = g_strdup(what);
    r->mark = mark;
    return r;
}

/* What stood in clear first, else what came last of TURN, and first of requests. */
static void test_credentials(void)
{
    static const struct {
        bool covered[3];
        unsigned turn, request; /* which of them is kept */
    } rows[] = {
        {{true, true, true}, 0, 0},   {{true, true, false}, 2, 2},   {{true, false, true}, 1, 1},
        {{true, false, false}, 1, 1}, {{false, true, true}, 0, 0},   {{false, false, true}, 0, 0},
        {{false, true, false}, 0, 0}, {{false, false, false}, 0, 0},
    };
    static const char *const names[] = {"a", "b", "c"};

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        call_t c = call_begin(NULL);
        uint32_t frame[2][3];
        const wr_contact *k;

        for (unsigned n = 0; n < 3; n++) {
            remark(&c, rows[i].covered[n], remark_of(WR_REMARK_TURN, names[n], n + 1));
            frame[0][n] = c.frame;
            remark(&c, rows[i].covered[n], remark_of(WR_REMARK_REQUEST, names[n], n + 1));
            frame[1][n] = c.frame;
        }
        k = contact(&c);
        g_test_message("case %zu", i);
        g_assert_cmpstr(k->turn, ==, names[rows[i].turn]);
        g_assert_cmpuint(k->turn_frame, ==, frame[0][rows[i].turn]);
        g_assert_cmpuint(k->turn_mark, ==, rows[i].turn + 1);
        g_assert_true(k->turn_clear == !rows[i].covered[rows[i].turn]);
        g_assert_cmpstr(k->credential, ==, names[rows[i].request]);
        g_assert_cmpuint(k->credential_frame, ==, frame[1][rows[i].request]);
        g_assert_cmpuint(k->credential_mark, ==, rows[i].request + 1);
        g_assert_true(k->credential_clear == !rows[i].covered[rows[i].request]);
        g_assert_cmpuint(k->request_frame, ==, frame[1][0]);
        call_end(&c);
    }
}

/* The first that names host, page and program. */
static void test_requests(void)
{
    call_t c = call_begin(NULL);

    for (unsigned n = 0; n < 4; n++) {
        wr_remark *r = remark_of(WR_REMARK_REQUEST, NULL, 0);
        r->host = g_strdup(n == 0 ? "one.example" : "two.example");
        r->origin = n == 0 ? NULL : g_strdup(n == 1 ? "one.example" : "two.example");
        r->user_agent = n < 2 ? NULL : g_strdup(n == 2 ? "first" : "second");
        r->is_proxied = n == 1;
        r->secret_target = n == 2;
        remark(&c, true, r);
        g_assert_true(contact(&c)->is_proxied == (n >= 1) && contact(&c)->secret_target == (n >= 2));
    }
    g_assert_cmpstr(contact(&c)->host, ==, "one.example");
    g_assert_cmpstr(contact(&c)->origin, ==, "one.example");
    g_assert_cmpstr(contact(&c)->user_agent, ==, "first");
    g_assert_cmpuint(contact(&c)->user_agent_frame, ==, 3);
    g_assert_null(contact(&c)->credential);
    call_end(&c);
}

/* Each page once for each client, as long as its policy is the same; one without a policy is none. */
static void test_pages(void)
{
    static const char *const fields[] = {"Permissions-Policy: camera=()\r\n",
                                         "Permissions-Policy: microphone=()\r\n",
                                         "Permissions-Policy: camera=(), microphone=()\r\n",
                                         "Permissions-Policy: display-capture=()\r\n",
                                         "Content-Security-Policy: connect-src 'self'\r\n",
                                         "Content-Security-Policy: connect-src https://other.example\r\n",
                                         "Content-Security-Policy: webrtc 'block'\r\n"};
    call_t c = call_begin(NULL);

    page(&c, "one.example", "Permissions-Policy: geolocation=()\r\n");
    g_assert_cmpuint(c.e->contacts->pages->len, ==, 0);
    for (int again = 0; again < 2; again++)
        for (size_t i = 0; i < G_N_ELEMENTS(fields); i++) {
            page(&c, "one.example", fields[i]);
            g_assert_cmpuint(c.e->contacts->pages->len, ==, again != 0 ? G_N_ELEMENTS(fields) : i + 1);
        }
    page(&c, "two.example", fields[0]);
    g_assert_cmpuint(c.e->contacts->pages->len, ==, G_N_ELEMENTS(fields) + 1);
    call_end(&c);
}

/* The first weak one of a connection stands; another ServerHello in it is told, once. */
static void test_weak_tls(void)
{
    static const struct {
        uint16_t version, suite;
        bool weak;
    } rows[] = {
        {0x0303, 0xc02f, false},
        {0x0304, 0x1301, false},
        {0x0302, 0xc02f, true},
        {0x0300, 0x1301, true},
        {0x0303, 0x0005, true} /* RC4 */,
        {0x0303, 0x0002, true} /* no encryption */,
        {0x0303, 0x0034, true} /* nobody is authenticated */,
        {0x0303, 0x0003, true} /* export */,
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        call_t c = call_begin(NULL);
        const wr_weak_tls *w;

        for (unsigned n = 0; n < 4; n++) { /* the same again, then others */
            wr_remark *r = remark_of(WR_REMARK_TLS, NULL, 0);
            r->version = rows[i].version;
            r->suite = n < 2 ? rows[i].suite : 0xc030;
            remark(&c, true, r);
            w = wr_weak_tls_of(c.e, 1);
            g_test_message("case %zu, %u", i, n);
            if (rows[i].weak || n < 2 || rows[i].version < 0x0303)
                g_assert_true((w != NULL) == rows[i].weak);
            if (w != NULL) {
                g_assert_cmpuint(w->frame, ==, 1);
                g_assert_cmpuint(w->suite, ==, rows[i].suite);
                g_assert_cmpuint(w->other_frame, ==, n < 2 ? 0 : 3);
            }
        }
        g_assert_null(wr_weak_tls_of(c.e, 0));
        g_assert_null(wr_weak_tls_of(c.e, 2));
        call_end(&c);
    }
}

static void test_disorder(void)
{
    call_t c = call_begin(NULL);

    g_assert_null(wr_disorder_of(c.e, 1));
    remark(&c, false, remark_of(WR_REMARK_DISORDER, NULL, 0));
    remark(&c, false, remark_of(WR_REMARK_DISORDER, NULL, 0));
    g_assert_cmpuint(wr_disorder_of(c.e, 1)->frame, ==, 1);
    g_assert_null(wr_disorder_of(c.e, 0));
    g_assert_null(wr_disorder_of(c.e, 2));
    call_end(&c);
}

/* ---- bounds ---- */

static void say_numbered(call_t *c, wr_remark_kind kind, unsigned n)
{
    wr_remark *r = remark_of(kind, kind == WR_REMARK_DISORDER ? NULL : "x", 0);

    r->client = r->at.src = at(ALICE, 40001);
    r->server = r->at.dst = at(SERVER, 443);
    for (int i = 0; i < 4; i++)
        r->server.addr[i] = (uint8_t)(n >> 8 * i);
    r->at.frame = 7;
    r->connection = n + 1;
    r->version = 0x0300;
    if (kind == WR_REMARK_PAGE) {
        r->host = g_strdup_printf("host%u.example", n);
        r->permissions = g_strdup("camera=()");
    }
    wr_engine_add_remark(c->e, r);
    wr_remark_free(r);
}

/* So many of each are kept; one more is not, and that is said. */
static void test_bounds(void)
{
    static const struct {
        wr_remark_kind kind;
        unsigned most;
    } rows[] = {{WR_REMARK_REQUEST, WR_MAX_CONTACTS}, {WR_REMARK_TURN, WR_MAX_CONTACTS},
                {WR_REMARK_PAGE, WR_MAX_PAGES},       {WR_REMARK_PUSH, WR_MAX_PUSHES},
                {WR_REMARK_TLS, WR_MAX_WEAK_TLS},     {WR_REMARK_DISORDER, WR_MAX_DISORDER}};

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        call_t c = call_begin(NULL);
        const struct wr_contacts *all = c.e->contacts;
        unsigned n;
        for (n = 0; n < rows[i].most; n++)
            say_numbered(&c, rows[i].kind, n);
        g_test_message("kind %d", (int)rows[i].kind);
        g_assert_cmpuint(wr_engine_limits_reached(c.e)->len, ==, 0);
        say_numbered(&c, rows[i].kind, n - 1); /* known already, but for push messages */
        g_assert_cmpuint(wr_engine_limits_reached(c.e)->len, ==, rows[i].kind == WR_REMARK_PUSH ? 1 : 0);
        say_numbered(&c, rows[i].kind, n);
        g_assert_cmpuint(wr_engine_limits_reached(c.e)->len, ==, 1);
        g_assert_cmpuint(wr_index_size(all->by_ends) + all->pages->len + all->pushes->len +
                             g_hash_table_size(all->weak_tls) + g_hash_table_size(all->disorder),
                         ==, rows[i].most);
        call_end(&c);
    }
}

/* Of a connection that has no number nothing is told. */
static void test_no_connection(void)
{
    call_t c = call_begin(NULL);

    say_numbered(&c, WR_REMARK_TLS, UINT32_MAX);
    say_numbered(&c, WR_REMARK_DISORDER, UINT32_MAX);
    g_assert_cmpuint(g_hash_table_size(c.e->contacts->weak_tls) + g_hash_table_size(c.e->contacts->disorder), ==, 0);
    say_numbered(&c, WR_REMARK_TLS, 0);
    say_numbered(&c, WR_REMARK_DISORDER, 0);
    g_assert_cmpuint(g_hash_table_size(c.e->contacts->weak_tls) + g_hash_table_size(c.e->contacts->disorder), ==, 2);
    call_end(&c);
}

/* ---- what is a check ---- */

/* Binding, and Google's ping, without the long-term credentials of servers (RFC 8489 9.2): all else is no path. */
static void test_checks(void)
{
    static const struct {
        uint16_t type;
        bool realm, nonce, check;
    } rows[] = {
        {0x0001, false, false, true},  {0x0080, false, false, true}, {0x0003, false, false, false},
        {0x0004, false, false, false}, {0x0001, true, false, false}, {0x0001, false, true, false},
        {0x0080, true, false, false},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        call_t c = call_begin(NULL);
        uint8_t bytes[200];
        wr_stun_evidence s;
        const size_t n = stun_build(bytes, "BBBB:AAAA", 1, PWD_B, NULL);

        put16(bytes, rows[i].type == 0x0080 ? 0x0200 : rows[i].type);
        memset(&s, 0, sizeof s);
        s.at = next(&c, 1, ALICES, BOBS);
        s.how.peer = wr_endpoint_none();
        g_assert_true(wr_stun_parse(bytes, n, &s.msg));
        g_assert_cmpuint(s.msg.method, ==, rows[i].type);
        s.msg.has_realm = rows[i].realm;
        s.msg.has_nonce = rows[i].nonce;
        g_test_message("case %zu", i);
        g_assert_true((wr_engine_add_stun(c.e, &s) != NULL) == rows[i].check);
        g_assert_cmpuint(c.e->flows->len, ==, rows[i].check ? 1 : 0);
        call_end(&c);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/contacts/credentials", test_credentials);
    g_test_add_func("/contacts/requests", test_requests);
    g_test_add_func("/contacts/pages", test_pages);
    g_test_add_func("/contacts/weak_tls", test_weak_tls);
    g_test_add_func("/contacts/disorder", test_disorder);
    g_test_add_func("/contacts/bounds", test_bounds);
    g_test_add_func("/contacts/no_connection", test_no_connection);
    g_test_add_func("/contacts/checks", test_checks);
    return g_test_run();
}
