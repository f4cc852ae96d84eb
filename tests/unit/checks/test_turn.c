/* SPDX-License-Identifier: GPL-2.0-or-later */
/* TURN servers and their clients: each check where it must speak and where it nearly must. */
#include "turn_build.h"

static unsigned count_and_end(call_t *c, const char *check, int severity)
{
    unsigned n = found(c, check, severity);

    call_end(c);
    return n;
}

/* ---- channels ---- */

/* RFC 8656 12: a channel keeps its peer for ten minutes from the last request for it; then, or in a new allocation, it
 * may have another. */
static void test_channel_is_rebound(void)
{
    const wr_endpoint first = at("198.51.100.1", 1), second = at("198.51.100.2", 2);
    static const struct {
        int64_t later_s, again_s;
        bool moves;
    } rows[] = {{599, 0, false}, {601, 0, true}, {601, 300, false}};

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        call_t c = call_begin(NULL);
        const who_t w = somebody();
        const wr_allocation *al;
        allocate(&c, w, true);
        permit(&c, w, WR_STUN_CHANNEL_BIND, &first, 1, true);
        if (rows[i].again_s != 0) {
            c.us += rows[i].again_s * S;
            permit(&c, w, WR_STUN_CHANNEL_BIND, &first, 1, true);
        }
        c.us += (rows[i].later_s - rows[i].again_s) * S;
        permit(&c, w, WR_STUN_CHANNEL_BIND, &second, 1, true);
        al = wr_turn_allocation(c.e, &w.client, &w.server);
        g_assert_nonnull(al);
        g_assert_true(wr_endpoint_equal(&wr_turn_channel(al, 0x4001)->peer, rows[i].moves ? &second : &first));
        call_end(&c);
    }
}

/* ---- TURN-01 ---- */

static void test_open_relay(void)
{
    call_t c = call_begin(NULL);
    who_t w = somebody(), open = somebody();
    message_t m;

    open.user = NULL;
    allocate(&c, open, false); /* the first 401 is how it begins */
    allocate(&c, w, true);
    m = message_of(WR_STUN_ALLOCATE, WR_STUN_SUCCESS, 250); /* its request is not in the capture */
    address(&m, 0x0016, RELAYED);
    send(&c, RELAY, CLIENT, &m);
    g_assert_cmpuint(found(&c, "TURN-01", -1), ==, 0);
    allocate(&c, open, true);
    go_on(&c, open, at("8.8.8.8", 5000));
    g_assert_cmpuint(found(&c, "TURN-01", WR_ERROR), ==, 1);
    g_assert_cmpstr(the_finding(&c, "TURN-01")->asvs, ==, "V17.1.1");
    call_end(&c);
    c = call_begin(NULL);
    open.server = INNER_RELAY; /* RFC 8656 7.2 allows it on the local network */
    allocate(&c, open, true);
    go_on(&c, open, at("8.8.8.8", 5000));
    g_assert_cmpuint(found(&c, "TURN-01", WR_ERROR), ==, 0);
    g_assert_cmpuint(count_and_end(&c, "TURN-01", WR_WARN), ==, 1);
}

/* One response is a datagram that anybody can send. */
static void test_pretended_open_relay(void)
{
    static const struct {
        bool error_first, error_later, authenticates, goes_on, tcp;
        unsigned error;
        int severity;
    } rows[] = {
        {.severity = WR_NOTE},
        {.goes_on = true, .severity = WR_ERROR},
        {.tcp = true, .severity = WR_ERROR},
        {.error_first = true, .goes_on = true, .error = 401, .severity = WR_NOTE},
        {.error_later = true, .goes_on = true, .error = 401, .severity = WR_NOTE},
        {.error_later = true, .goes_on = true, .error = 437, .severity = WR_ERROR}, /* it came once more */
        {.authenticates = true, .goes_on = true, .severity = WR_NOTE},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        call_t c = call_begin(NULL);
        who_t open = somebody(), w = somebody();
        message_t m = message_of(WR_STUN_ALLOCATE, WR_STUN_REQUEST, ++number);
        open.user = NULL;
        carried_by = rows[i].tcp ? WR_TRANSPORT_TCP : WR_TRANSPORT_UDP;
        send(&c, open.client, open.server, &m);
        if (rows[i].error_first)
            answer(&c, open, WR_STUN_ALLOCATE, WR_STUN_ERROR, rows[i].error);
        answer(&c, open, WR_STUN_ALLOCATE, WR_STUN_SUCCESS, 0);
        if (rows[i].error_later)
            answer(&c, open, WR_STUN_ALLOCATE, WR_STUN_ERROR, rows[i].error);
        if (rows[i].authenticates)
            allocate(&c, w, true);
        if (rows[i].goes_on)
            go_on(&c, open, at("8.8.8.8", 5000));
        g_assert_cmpuint(found(&c, "TURN-01", rows[i].severity), ==, 1);
        g_assert_cmpuint(count_and_end(&c, "TURN-01", -1), ==, 1);
    }
    carried_by = WR_TRANSPORT_UDP;
}

/* What was pretended first, of another client, takes nothing from what is borne out later. */
static void test_open_relay_behind_pretence(void)
{
    call_t c = call_begin(NULL);
    who_t open = somebody(), other = somebody();

    open.user = other.user = NULL;
    other.client = at("192.0.2.77", 7777);
    allocate(&c, other, true);
    allocate(&c, open, true);
    go_on(&c, open, at("8.8.8.8", 5000));
    allocate(&c, other, true);
    g_assert_cmpuint(count_and_end(&c, "TURN-01", WR_ERROR), ==, 1);
}

/* ---- TURN-02 ---- */

static unsigned towards(const char *host, wr_endpoint server, bool succeeds, int severity)
{
    call_t c = call_begin(NULL);
    who_t w = somebody();
    wr_endpoint peers[2] = {at("8.8.8.8", 5000), at(host, 6000)}; /* the second of two */

    w.server = server;
    allocate(&c, w, true);
    permit(&c, w, WR_STUN_CREATE_PERMISSION, peers, 2, succeeds);
    go_on(&c, w, peers[1]);
    return count_and_end(&c, "TURN-02", severity);
}

static void test_pretended_permission(void)
{
    const wr_endpoint inside = at("127.0.0.1", 80);

    for (int i = 0; i < 3; i++) {
        call_t c = call_begin(NULL);
        who_t w = somebody();
        allocate(&c, w, true);
        permit(&c, w, WR_STUN_CREATE_PERMISSION, &inside, 1, true);
        if (i == 1)
            answer(&c, w, WR_STUN_CREATE_PERMISSION, WR_STUN_ERROR, 403);
        go_on(&c, w, i == 2 ? inside : at("127.0.0.2", 80));
        if (i == 1)
            go_on(&c, w, inside);
        g_assert_cmpuint(count_and_end(&c, "TURN-02", i == 2 ? WR_ERROR : WR_NOTE), ==, 1);
    }
}

static void test_special_peers(void)
{
    g_assert_cmpuint(towards("127.0.0.1", RELAY, true, WR_ERROR), ==, 1);
    g_assert_cmpuint(towards("0.0.0.0", RELAY, true, WR_ERROR), ==, 1);
    g_assert_cmpuint(towards("::", RELAY, true, WR_ERROR), ==, 1);
    g_assert_cmpuint(towards("::ffff:127.0.0.1", RELAY, true, WR_ERROR), ==, 1);
    g_assert_cmpuint(towards("169.254.169.254", INNER_RELAY, true, WR_ERROR), ==, 1);
    g_assert_cmpuint(towards("192.168.1.5", RELAY, true, WR_WARN), ==, 1);
    g_assert_cmpuint(towards("2002:7f00:1::1", RELAY, true, WR_WARN), ==, 1);
    g_assert_cmpuint(towards("127.0.0.1", RELAY, false, WR_NOTE), ==, 1);
    /* T13: ICE asks for every remote host candidate */
    g_assert_cmpuint(towards("192.168.1.5", RELAY, false, -1), ==, 0);
    g_assert_cmpuint(towards("10.0.0.77", INNER_RELAY, true, -1), ==, 0);
    g_assert_cmpuint(towards("8.8.4.4", RELAY, true, -1), ==, 0);
}

static void test_data_from_inside(void)
{
    call_t c = call_begin(NULL);
    who_t w = somebody();
    wr_endpoint inside = at("192.168.1.5", 80);
    message_t m = message_of(WR_STUN_DATA, WR_STUN_INDICATION, 200);

    allocate(&c, w, true);
    permit(&c, w, WR_STUN_CREATE_PERMISSION, &inside, 1, true);
    go_on(&c, w, inside);
    g_assert_cmpuint(found(&c, "TURN-02", WR_ERROR), ==, 0);
    address(&m, 0x0012, inside);
    attribute(&m, 0x0013, "HTTP", 4);
    send(&c, RELAY, CLIENT, &m);
    g_assert_cmpuint(found(&c, "TURN-02", WR_ERROR), ==, 1);
    g_assert_cmpuint(count_and_end(&c, "TURN-02", -1), ==, 1); /* said once */
}

/* ---- TURN-03, TURN-04 ---- */

static unsigned named(const char *user, const char *check, int severity)
{
    call_t c = call_begin(NULL);
    who_t w = somebody();

    w.user = user;
    w.software = "Coturn-4.6.1";
    allocate(&c, w, true);
    go_on(&c, w, at("8.8.8.8", 5000));
    return count_and_end(&c, check, severity);
}

static void test_user_names(void)
{
    g_assert_cmpuint(named("alice@example.org", "TURN-03", WR_NOTE), ==, 1);
    g_assert_cmpuint(named("sip:alice", "TURN-03", WR_NOTE), ==, 1);
    g_assert_cmpuint(named("1800000000:x7f3", "TURN-03", WR_NOTE), ==, 0);
    g_assert_cmpuint(named("x7f3", "TURN-03", WR_CHAT), ==, 1); /* SOFTWARE */
}

/* The call begins at 1700000000. */
static void test_expired_credentials(void)
{
    call_t c = call_begin(NULL);
    who_t w = somebody();

    g_assert_cmpuint(named("1699990000:x", "TURN-04", WR_WARN), ==, 1);
    g_assert_cmpuint(named("1699999990:x", "TURN-04", -1), ==, 0); /* clocks differ */
    g_assert_cmpuint(named("1700086400:x", "TURN-04", -1), ==, 0);
    g_assert_cmpuint(named("1555123456", "TURN-04", -1), ==, 0); /* may be a telephone number */
    w.user = "1699990000:x";
    allocate(&c, w, false); /* refused, as it should be */
    g_assert_cmpuint(found(&c, "TURN-04", -1), ==, 0);
    answer(&c, w, WR_STUN_ALLOCATE, WR_STUN_SUCCESS, 0); /* and granted, says somebody */
    go_on(&c, w, at("8.8.8.8", 5000));
    g_assert_cmpuint(count_and_end(&c, "TURN-04", WR_NOTE), ==, 1);
}

static unsigned shared_by(unsigned hosts, const char *user)
{
    call_t c = call_begin(NULL);
    who_t w = somebody();

    w.user = user;
    for (unsigned i = 0; i < hosts; i++) {
        char host[32];
        g_snprintf(host, sizeof host, "192.0.2.%u", 20 + i);
        w.client = at(host, 50000);
        allocate(&c, w, true);
        w.client.port++; /* several allocations of one host */
        allocate(&c, w, true);
    }
    return count_and_end(&c, "TURN-04", WR_NOTE);
}

static void test_shared_credential(void)
{
    g_assert_cmpuint(shared_by(6, "webrtc"), ==, 1);
    g_assert_cmpuint(shared_by(5, "webrtc"), ==, 0);
    g_assert_cmpuint(shared_by(6, "1800000000:x"), ==, 0);
}

static void test_changed_user(void)
{
    call_t c = call_begin(NULL);
    who_t w = somebody(), other = somebody();
    wr_endpoint peer = at("8.8.8.8", 5000);

    other.user = "1800000000:mallory";
    allocate(&c, w, true);
    permit(&c, w, WR_STUN_CREATE_PERMISSION, &peer, 1, true);
    permit(&c, other, WR_STUN_CREATE_PERMISSION, &peer, 1, false); /* 441, as RFC 8656 5 has it */
    g_assert_cmpuint(found(&c, "TURN-04", -1), ==, 0);
    allocate(&c, other, true); /* an allocation of its own: the old one is gone */
    permit(&c, other, WR_STUN_CREATE_PERMISSION, &peer, 1, true);
    g_assert_cmpuint(found(&c, "TURN-04", -1), ==, 0);
    permit(&c, w, WR_STUN_REFRESH, NULL, 0, true);
    g_assert_cmpuint(found(&c, "TURN-04", WR_NOTE), ==, 1); /* one response says so */
    permit(&c, w, WR_STUN_REFRESH, NULL, 0, true);
    g_assert_cmpuint(count_and_end(&c, "TURN-04", WR_ERROR), ==, 1);
}

/* ---- TURN-05 ---- */

static unsigned relayed_to(const char *host, bool signalling, unsigned packets)
{
    call_t c = call_begin(NULL);
    who_t w = somebody();
    wr_endpoint peer = at(host, 5000);

    if (signalling)
        agree(&c);
    allocate(&c, w, true);
    permit(&c, w, WR_STUN_CHANNEL_BIND, &peer, 1, true);
    for (unsigned i = 0; i < packets; i++) {
        uint8_t b[100];
        wr_media_evidence m;
        memset(&m, 0, sizeof m);
        memcpy(b, noise(i), sizeof b);
        b[0] = 0x80;
        m.at = next(&c, 10, CLIENT, RELAY);
        m.how.relayed = true;
        m.how.channel = 0x4001;
        m.how.peer = wr_endpoint_none();
        m.bytes = b;
        m.captured = m.length = sizeof b;
        wr_engine_add_media(c.e, &m);
    }
    return count_and_end(&c, "TURN-05", WR_NOTE);
}

static void test_unknown_destination(void)
{
    g_assert_cmpuint(relayed_to("198.51.100.99", true, 101), ==, 1);
    g_assert_cmpuint(relayed_to("198.51.100.99", true, 100), ==, 0);
    g_assert_cmpuint(relayed_to("198.51.100.99", false, 101), ==, 0); /* at the TURN server no signalling is seen */
    g_assert_cmpuint(relayed_to(BOB, true, 101), ==, 0);              /* a candidate of the answer */
}

static void test_connect(void)
{
    call_t c = call_begin(NULL);
    who_t w = somebody();
    wr_endpoint peer = at("8.8.8.8", 22), ice = at("8.8.8.8", 51000);

    allocate(&c, w, true);
    permit(&c, w, WR_STUN_CONNECT, &ice, 1, true);
    permit(&c, w, WR_STUN_CONNECT, &peer, 1, false);
    g_assert_cmpuint(found(&c, "TURN-05", -1), ==, 0);
    permit(&c, w, WR_STUN_CONNECT, &peer, 1, true);
    g_assert_cmpuint(count_and_end(&c, "TURN-05", WR_WARN), ==, 1);
}

static unsigned many_allocations(unsigned n)
{
    call_t c = call_begin(NULL);
    who_t w = somebody();

    for (unsigned i = 0; i < n; i++) {
        w.client.port = (uint16_t)(50000 + i);
        allocate(&c, w, true);
    }
    return count_and_end(&c, "TURN-05", WR_NOTE);
}

static void test_many_allocations(void)
{
    g_assert_cmpuint(many_allocations(51), ==, 1);
    g_assert_cmpuint(many_allocations(50), ==, 0);
}

/* ---- TURN-06, TURN-07 ---- */

/* Alice's check through her relay to an address of Bob's. */
static unsigned relayed_check(const char *candidate, bool handshake, const char *check)
{
    call_t c = call_begin(NULL);
    who_t w = somebody();
    text_t o = offer_text(), a = answer_text();
    wr_endpoint peer = at("192.168.7.7", 6000);
    wr_stun_evidence s;
    wr_dtls_evidence d;
    shake_t k = shake_of(10);
    uint8_t bytes[200];
    size_t n = stun_build(bytes, "BBBB:AAAA", 3, PWD_B, NULL);

    a.candidate = candidate;
    say(&c, OFFERED, &o);
    say(&c, ANSWERED, &a);
    w.server = INNER_RELAY;
    allocate(&c, w, true);
    permit(&c, w, WR_STUN_CHANNEL_BIND, &peer, 1, true);
    memset(&s, 0, sizeof s);
    s.at = next(&c, 10, w.client, w.server);
    s.how.relayed = true;
    s.how.channel = 0x4001;
    s.how.peer = wr_endpoint_none();
    g_assert_true(wr_stun_parse(bytes, n, &s.msg));
    wr_engine_add_stun(c.e, &s);
    if (handshake) {
        memset(&d, 0, sizeof d);
        d.at = next(&c, 10, w.client, w.server);
        d.how = s.how;
        d.event = &k.ch;
        wr_engine_add_dtls(c.e, &d);
    }
    return count_and_end(&c, check, WR_CHAT);
}

static void test_hidden_host(void)
{
    g_assert_cmpuint(relayed_check("6b1e7a3c-2f4d-4c1b-9a7e-0d5f3c2b1a00.local 6000", false, "TURN-06"), ==, 1);
    g_assert_cmpuint(relayed_check("192.168.7.7 6000", false, "TURN-06"), ==, 0); /* it was told openly */
}

static void test_relayed_association(void)
{
    g_assert_cmpuint(relayed_check("192.168.7.7 6000", true, "TURN-07"), ==, 1);
    g_assert_cmpuint(relayed_check("192.168.7.7 6000", false, "TURN-07"), ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/checks/turn/open relay", test_open_relay);
    g_test_add_func("/checks/turn/pretended open relay", test_pretended_open_relay);
    g_test_add_func("/checks/turn/open relay behind pretence", test_open_relay_behind_pretence);
    g_test_add_func("/checks/turn/pretended permission", test_pretended_permission);
    g_test_add_func("/checks/turn/special peers", test_special_peers);
    g_test_add_func("/checks/turn/data from inside", test_data_from_inside);
    g_test_add_func("/checks/turn/user names", test_user_names);
    g_test_add_func("/checks/turn/expired credentials", test_expired_credentials);
    g_test_add_func("/checks/turn/shared credential", test_shared_credential);
    g_test_add_func("/checks/turn/changed user", test_changed_user);
    g_test_add_func("/checks/turn/unknown destination", test_unknown_destination);
    g_test_add_func("/checks/turn/connect", test_connect);
    g_test_add_func("/checks/turn/many allocations", test_many_allocations);
    g_test_add_func("/checks/turn/hidden host", test_hidden_host);
    g_test_add_func("/checks/turn/relayed association", test_relayed_association);
    g_test_add_func("/checks/turn/channel is rebound", test_channel_is_rebound);
    return g_test_run();
}
