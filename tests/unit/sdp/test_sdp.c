/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading session descriptions: shapes of real stacks, inheritance, BUNDLE, fragments, broken and hostile text. */
#include "descriptions.h"
#include "sdp/sdp.h"

#include <string.h>

/* A copy without terminator, so that a read beyond the end shows in the sanitizer. */
static wr_sdp *parse_bytes(const char *text, size_t len)
{
    char *exact = g_malloc(len != 0 ? len : 1);
    wr_sdp *sdp;

    if (len != 0)
        memcpy(exact, text, len);
    sdp = wr_sdp_parse(exact, len);
    g_free(exact);
    return sdp;
}

static wr_sdp *parse(const char *text)
{
    return parse_bytes(text, strlen(text));
}

static bool has_problem(const wr_sdp *sdp, unsigned line, wr_sdp_problem_kind kind)
{
    for (unsigned i = 0; i < sdp->n_problems; i++)
        if (sdp->problems[i].line == line && sdp->problems[i].kind == kind)
            return true;
    return false;
}

static void assert_at(const wr_sdp *sdp, wr_sdp_at at, const char *line)
{
    g_assert_cmpuint(at.length, ==, strlen(line));
    g_assert_cmpmem(sdp->text + at.offset, at.length, line, strlen(line));
}

static void test_chromium_offer(void)
{
    wr_sdp *sdp = parse(CHROMIUM_OFFER);
    wr_effective e;
    const char *id;
    size_t id_length;
    char *author;

    g_assert_cmpuint(sdp->n_problems, ==, 0);
    g_assert_false(sdp->fragment);
    g_assert_cmpstr(sdp->origin, ==, "- 6966993752534827616 2 IN IP4 127.0.0.1");
    author = wr_sdp_author(sdp);
    g_assert_cmpstr(author, ==, "- 6966993752534827616 IN IP4 127.0.0.1");
    g_free(author);
    g_assert_true(sdp->has_author);
    id = wr_sdp_sess_id(sdp, &id_length);
    g_assert_cmpmem(id, id_length, "6966993752534827616", 19);
    g_assert_cmpuint(sdp->sess_version, ==, 2);
    g_assert_cmpstr(sdp->cname, ==, "hWcxaYbWnAcM/HfF");
    g_assert_cmpuint(sdp->n_sections, ==, 2);
    g_assert_cmpuint(sdp->session.n_fingerprints, ==, 0);
    g_assert_cmpstr(sdp->sections[0].media, ==, "audio");
    g_assert_cmpstr(sdp->sections[0].proto, ==, "UDP/TLS/RTP/SAVPF");
    g_assert_cmpstr(sdp->sections[0].mid, ==, "0");
    g_assert_cmpstr(sdp->at->sections[0].msid, ==, "82868e86 107340ab");
    g_assert_cmpuint(sdp->sections[0].port, ==, 9);
    g_assert_cmpuint(sdp->sections[0].ssrc, ==, 353137462);
    g_assert_true(sdp->sections[0].rtcp_mux);
    g_assert_cmpstr(sdp->sections[1].media, ==, "video");
    g_assert_null(sdp->at->sections[1].msid);
    for (unsigned i = 0; i < 2; i++) {
        e = wr_sdp_effective(sdp, &sdp->sections[i]);
        g_assert_cmpuint(e.n_fingerprints, ==, 1);
        g_assert_cmpint(e.fingerprints[0].hash, ==, WR_HASH_SHA256);
        g_assert_cmphex(e.fingerprints[0].value[31], ==, 0xaa);
        g_assert_cmpstr(e.ice_ufrag, ==, "zKgx");
        g_assert_cmpstr(e.ice_pwd, ==, "DWb0um9pikEZ/FUvxSnhMQ9Y");
        g_assert_cmpint(e.setup, ==, WR_SETUP_ACTPASS);
        g_assert_null(e.tls_id);
    }
    g_assert_true(wr_sdp_in_bundle(sdp, &sdp->sections[1]));
    g_assert_cmpuint(wr_sdp_tagged_section(sdp, NULL), ==, 0);
    wr_sdp_unref(sdp);
}

static void test_firefox_answer_inherits_the_session_fingerprint(void)
{
    wr_sdp *sdp = parse(FIREFOX_ANSWER);
    wr_effective e = wr_sdp_effective(sdp, &sdp->sections[1]);

    g_assert_cmpuint(sdp->n_problems, ==, 0);
    g_assert_cmpuint(sdp->sections[1].own.n_fingerprints, ==, 0);
    g_assert_cmpuint(e.n_fingerprints, ==, 1);
    g_assert_cmphex(e.fingerprints[0].value[0], ==, 0xbb);
    g_assert_cmpstr(e.ice_ufrag, ==, "ad7e796c");
    g_assert_cmpint(e.setup, ==, WR_SETUP_ACTIVE);
    g_assert_cmpstr(sdp->sections[1].proto, ==, "UDP/DTLS/SCTP");
    e = wr_sdp_effective(sdp, NULL);
    g_assert_cmpuint(e.n_fingerprints, ==, 1);
    g_assert_null(e.ice_ufrag);
    wr_sdp_unref(sdp);
}

static void test_places_are_whole_lines_of_the_text(void)
{
    wr_sdp *sdp = parse(CHROMIUM_OFFER);
    const wr_transport_at at = wr_sdp_effective_at(sdp, &sdp->sections[1]);

    assert_at(sdp, sdp->at->origin, "o=- 6966993752534827616 2 IN IP4 127.0.0.1");
    g_assert_cmpuint(sdp->at->origin.line, ==, 2);
    assert_at(sdp, sdp->at->bundle, "a=group:BUNDLE 0 1");
    assert_at(sdp, sdp->at->sections[1].line, "m=video 9 UDP/TLS/RTP/SAVPF 96 97");
    assert_at(sdp, sdp->at->sections[1].mid, "a=mid:1");
    assert_at(sdp, at.fingerprints[0], "a=fingerprint:sha-256 " FP_A);
    assert_at(sdp, at.ice_ufrag, "a=ice-ufrag:zKgx");
    assert_at(sdp, at.ice_pwd, "a=ice-pwd:DWb0um9pikEZ/FUvxSnhMQ9Y");
    assert_at(sdp, at.setup, "a=setup:actpass");
    g_assert_cmpuint(at.setup.offset, >, sdp->at->sections[1].line.offset);
    g_assert_cmpuint(at.tls_id.line, ==, 0);
    wr_sdp_unref(sdp);
}

static void test_line_ends_make_no_difference(void)
{
    static const char *const ends[] = {"\n", "\r"};
    wr_sdp *crlf = parse(CHROMIUM_OFFER);

    for (size_t i = 0; i < G_N_ELEMENTS(ends); i++) {
        GString *text = g_string_new(CHROMIUM_OFFER);
        wr_sdp *sdp;
        g_string_replace(text, "\r\n", ends[i], 0);
        g_string_truncate(text, text->len - 1); /* nor does a missing last one */
        sdp = parse_bytes(text->str, text->len);
        g_assert_cmpuint(sdp->n_problems, ==, 0);
        g_assert_cmpuint(sdp->n_sections, ==, 2);
        g_assert_cmpmem(sdp->canonical, 32, crlf->canonical, 32);
        wr_sdp_unref(sdp);
        g_string_free(text, TRUE);
    }
    wr_sdp_unref(crlf);
}

static void test_section_lines_replace_session_lines_without_union(void)
{
    wr_sdp *sdp = parse("v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\n"
                        "a=fingerprint:sha-256 " FP_A "\r\na=setup:actpass\r\na=ice-ufrag:sess\r\n"
                        "a=ice-pwd:sessionsessionsessionsession\r\na=tls-id:one\r\n"
                        "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\n"
                        "a=fingerprint:sha-256 " FP_B "\r\na=setup:passive\r\na=ice-ufrag:media\r\na=tls-id:two\r\n"
                        "m=video 9 UDP/TLS/RTP/SAVPF 0\r\n"
                        "a=fingerprint:sha-256 not-hex\r\n");
    wr_effective e = wr_sdp_effective(sdp, &sdp->sections[0]);

    g_assert_cmpuint(e.n_fingerprints, ==, 1);
    g_assert_cmphex(e.fingerprints[0].value[0], ==, 0xbb);
    g_assert_cmpint(e.setup, ==, WR_SETUP_PASSIVE);
    g_assert_cmpstr(e.ice_ufrag, ==, "media");
    g_assert_cmpstr(e.ice_pwd, ==, "sessionsessionsessionsession");
    g_assert_cmpstr(e.tls_id, ==, "two");
    /* A line that cannot be used still replaces the session's. */
    e = wr_sdp_effective(sdp, &sdp->sections[1]);
    g_assert_cmpuint(e.n_fingerprints, ==, 1);
    g_assert_false(e.fingerprints[0].usable);
    g_assert_cmpstr(e.tls_id, ==, "one");
    wr_sdp_unref(sdp);
}

static void test_several_fingerprints_stay_in_order(void)
{
    wr_sdp *sdp = parse("v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\n"
                        "a=fingerprint:sha-256 " FP_A "\r\n"
                        "a=fingerprint:sha-1 " FP1_C "\r\n"
                        "a=fingerprint:md5 90:01:50:98:3C:D2:4F:B0:D6:96:3F:7D:28:E1:7F:72\r\n"
                        "a=fingerprint:sha-384 " FP384_D "\r\n"
                        "a=fingerprint:sha-256 bb\r\n");
    const wr_transport *t = &sdp->sections[0].own;

    g_assert_cmpuint(t->n_fingerprints, ==, 5);
    g_assert_cmpint(t->fingerprints[0].hash, ==, WR_HASH_SHA256);
    g_assert_cmpint(t->fingerprints[1].hash, ==, WR_HASH_SHA1);
    g_assert_cmpint(t->fingerprints[2].hash, ==, WR_HASH_MD5);
    g_assert_false(t->fingerprints[2].usable);
    g_assert_cmpint(t->fingerprints[3].hash, ==, WR_HASH_SHA384);
    g_assert_cmphex(t->fingerprints[3].value[47], ==, 0xdd);
    g_assert_false(t->fingerprints[4].usable);
    g_assert_cmpuint(sdp->at->sections[0].own.fingerprints[4].line, ==, 8);
    g_assert_true(has_problem(sdp, 6, WR_SDP_PROBLEM_FINGERPRINT));
    g_assert_true(has_problem(sdp, 8, WR_SDP_PROBLEM_FINGERPRINT));
    g_assert_cmpuint(sdp->n_problems, ==, 2);
    wr_sdp_unref(sdp);
}

#define SECTION(port, mid, more) "m=audio " port " UDP/TLS/RTP/SAVPF 0\r\na=mid:" mid "\r\n" more
#define HEAD(group)              "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n" group

static void test_rejected_and_bundle_only_sections(void)
{
    wr_sdp *offer = parse(HEAD("a=group:BUNDLE a b c\r\n") SECTION("0", "a", "") SECTION("9", "b", "")
                              SECTION("0", "c", "a=bundle-only\r\n"));

    g_assert_true(wr_sdp_section_disabled(&offer->sections[0]));
    g_assert_false(wr_sdp_section_disabled(&offer->sections[1]));
    g_assert_false(wr_sdp_section_disabled(&offer->sections[2]));
    g_assert_cmpuint(wr_sdp_tagged_section(offer, NULL), ==, 1);
    wr_sdp_unref(offer);
}

static void test_the_answer_chooses_the_tagged_section(void)
{
    wr_sdp *offer = parse(HEAD("a=group:BUNDLE a b c\r\n") SECTION("9", "a", "") SECTION("9", "b", "")
                              SECTION("0", "c", "a=bundle-only\r\n"));
    wr_sdp *answer =
        parse(HEAD("a=group:BUNDLE b c\r\n") SECTION("0", "a", "") SECTION("9", "b", "") SECTION("9", "c", ""));
    wr_sdp *odd =
        parse(HEAD("a=group:BUNDLE c b\r\n") SECTION("0", "a", "") SECTION("9", "b", "") SECTION("9", "c", ""));
    wr_sdp *unbundled = parse(HEAD("") SECTION("9", "a", "") SECTION("9", "b", "") SECTION("0", "c", ""));
    wr_sdp *stranger = parse(HEAD("a=group:BUNDLE x\r\n") SECTION("9", "x", ""));

    g_assert_cmpuint(wr_sdp_tagged_section(offer, NULL), ==, 0);
    g_assert_cmpuint(wr_sdp_tagged_section(offer, answer), ==, 1);
    g_assert_cmpuint(wr_sdp_tagged_section(answer, NULL), ==, 1);
    /* The offer's section c has no transport of its own: its first one with a port stands in. */
    g_assert_cmpuint(wr_sdp_tagged_section(offer, odd), ==, 0);
    g_assert_true(wr_sdp_tagged_section(offer, unbundled) == SIZE_MAX);
    g_assert_true(wr_sdp_tagged_section(unbundled, NULL) == SIZE_MAX);
    g_assert_true(wr_sdp_tagged_section(unbundled, answer) == SIZE_MAX);
    g_assert_true(wr_sdp_tagged_section(offer, stranger) == SIZE_MAX);
    g_assert_false(wr_sdp_in_bundle(unbundled, &unbundled->sections[0]));
    wr_sdp_unref(offer);
    wr_sdp_unref(answer);
    wr_sdp_unref(odd);
    wr_sdp_unref(unbundled);
    wr_sdp_unref(stranger);
}

static void test_bundle_group_may_be_empty_or_name_strangers(void)
{
    wr_sdp *empty = parse(HEAD("a=group:BUNDLE\r\n") SECTION("9", "a", ""));
    wr_sdp *stranger = parse(HEAD("a=group:LS a\r\na=group:BUNDLE zz a\r\na=group:BUNDLE a\r\n") SECTION("9", "a", ""));

    g_assert_nonnull(empty->bundle);
    g_assert_null(empty->bundle[0]);
    g_assert_true(wr_sdp_tagged_section(empty, NULL) == SIZE_MAX);
    g_assert_cmpstr(stranger->bundle[0], ==, "zz");
    g_assert_cmpstr(stranger->bundle[1], ==, "a");
    g_assert_cmpuint(wr_sdp_tagged_section(stranger, NULL), ==, 0);
    g_assert_true(has_problem(stranger, 6, WR_SDP_PROBLEM_SYNTAX));
    wr_sdp_unref(empty);
    wr_sdp_unref(stranger);
}

static void test_candidates_and_addresses(void)
{
    char text[WR_ENDPOINT_TEXT];
    wr_sdp *sdp =
        parse("v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\nc=IN IP4 203.0.113.5\r\n"
              "m=audio 50000 UDP/TLS/RTP/SAVPF 0\r\n"
              "a=candidate:1 1 udp 2122260223 192.0.2.7 50000 typ host generation 0 ufrag aBcD network-id 1\r\n"
              "a=candidate:2 1 UDP 1686052607 203.0.113.5 50001 typ srflx raddr 192.0.2.7 rport 50000\r\n"
              "a=end-of-candidates\r\n"
              "m=video 0 UDP/TLS/RTP/SAVPF 0\r\n"
              "c=IN IP6 2001:db8::1\r\n"
              "a=candidate:3 2 TCP 1518280447 2001:db8::1 9 typ host tcptype active\r\n"
              "a=candidate:4 1 udp 1 7c0a5f3e-0000-4000-8000-000000000000.local 5 typ host\r\n"
              "a=candidate:5 1 udp 1 198.51.100.1 5 typ relay raddr 0.0.0.0 rport 0\r\n"
              "m=text 5 RTP/AVP 0\r\nc=IN IP4 media.example\r\n");

    g_assert_cmpuint(sdp->n_problems, ==, 0);
    g_assert_cmpuint(sdp->n_candidates, ==, 5);
    g_assert_cmpuint(sdp->sections[0].first_candidate, ==, 0);
    g_assert_cmpuint(sdp->sections[0].n_candidates, ==, 2);
    g_assert_cmpuint(sdp->sections[1].first_candidate, ==, 2);
    g_assert_cmpuint(sdp->sections[1].n_candidates, ==, 3);
    g_assert_cmpuint(sdp->sections[2].n_candidates, ==, 0);
    g_assert_true(sdp->sections[0].end_of_candidates);
    g_assert_false(sdp->sections[1].end_of_candidates);
    g_assert_cmpstr(wr_endpoint_format(&sdp->sections[0].connection, text), ==, "203.0.113.5:50000");
    g_assert_cmpstr(wr_endpoint_format(&sdp->sections[1].connection, text), ==, "2001:db8::1");
    /* A name in c= is not looked up; the session's address stands in. */
    g_assert_cmpstr(wr_endpoint_format(&sdp->sections[2].connection, text), ==, "203.0.113.5:5");
    g_assert_cmpstr(wr_endpoint_format(&sdp->candidates[0].address, text), ==, "192.0.2.7:50000");
    g_assert_cmpstr(sdp->candidates[0].ufrag, ==, "aBcD");
    g_assert_cmpint(sdp->candidates[1].type, ==, WR_CAND_SRFLX);
    g_assert_cmpstr(wr_endpoint_format(&sdp->candidates[1].related, text), ==, "192.0.2.7:50000");
    g_assert_true(sdp->candidates[2].tcp);
    g_assert_cmpuint(sdp->candidates[2].component, ==, 2);
    g_assert_cmpstr(wr_endpoint_format(&sdp->candidates[2].address, text), ==, "[2001:db8::1]:9");
    g_assert_false(wr_endpoint_known(&sdp->candidates[3].address));
    g_assert_cmpstr(sdp->candidates[3].hostname, ==, "7c0a5f3e-0000-4000-8000-000000000000.local");
    g_assert_cmpint(sdp->candidates[4].type, ==, WR_CAND_RELAY);
    g_assert_cmpuint(sdp->candidates[4].at.line, ==, 12);
    wr_sdp_unref(sdp);
}

static void test_candidate_lines_in_every_spelling(void)
{
    static const char *const good[] = {
        "candidate:842163049 1 udp 1677729535 192.0.2.1 46154 typ srflx raddr 10.0.0.1 rport 46154 ufrag EEtu",
        "a=candidate:842163049 1 udp 1677729535 192.0.2.1 46154 typ srflx raddr 10.0.0.1 rport 46154 ufrag EEtu\r\n",
        "842163049 1 UDP 1677729535 192.0.2.1 46154 typ srflx generation 0 raddr 10.0.0.1 rport 46154 ufrag EEtu",
    };
    static const char *const bad[] = {
        "",
        "candidate:",
        "candidate:1",
        "candidate:1 1 udp 1 192.0.2.1 46154",
        "candidate:1 1 udp 1 192.0.2.1 46154 typ",
        "candidate:1 1 udp 1 192.0.2.1 65536 typ host",
        "candidate:1 1 udp 1 192.0.2.1 -1 typ host",
        "candidate:1 x udp 1 192.0.2.1 1 typ host",
        "candidate:1 1 udp y 192.0.2.1 1 typ host",
        "candidate:1 1 udp 1 192.0.2.1 1 type host",
    };

    for (size_t i = 0; i < G_N_ELEMENTS(good); i++) {
        wr_candidate c;
        g_assert_true(wr_candidate_parse(good[i], strlen(good[i]), &c));
        g_assert_cmpuint(c.address.port, ==, 46154);
        g_assert_cmpuint(c.related.addr[0], ==, 10);
        g_assert_cmpstr(c.ufrag, ==, "EEtu");
        wr_candidate_clear(&c);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        wr_candidate c;
        memset(&c, 0x5a, sizeof c);
        g_assert_false(wr_candidate_parse(bad[i], strlen(bad[i]), &c));
        g_assert_cmphex(((const uint8_t *)&c)[0], ==, 0x5a);
    }
}

static void test_trickle_fragment_without_version(void)
{
    /* The body of a WHIP PATCH, RFC 9725 4.3.2. */
    wr_sdp *sdp = parse("a=group:BUNDLE 0 1\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\na=ice-ufrag:EsAw\r\n"
                        "a=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1\r\n"
                        "a=candidate:1387637174 1 udp 2122260223 192.0.2.1 61764 typ host generation 0 ufrag EsAw\r\n"
                        "a=end-of-candidates\r\n");

    g_assert_true(sdp->fragment);
    g_assert_cmpuint(sdp->n_problems, ==, 1); /* the group names section 1, which the fragment leaves out */
    g_assert_cmpuint(sdp->n_sections, ==, 1);
    g_assert_cmpstr(sdp->sections[0].mid, ==, "0");
    g_assert_cmpstr(sdp->sections[0].own.ice_ufrag, ==, "EsAw");
    g_assert_cmpuint(sdp->sections[0].n_candidates, ==, 1);
    wr_sdp_unref(sdp);
}

static void test_fragments_of_bare_lines(void)
{
    wr_sdp *candidate = parse("candidate:1 1 udp 1 192.0.2.1 46154 typ host ufrag EEtu");
    wr_sdp *lines = parse("a=ice-ufrag:9uB6\na=ice-pwd:YH75Fviy6338Vbrhrlp8Yh9b\na=fingerprint:sha-256 " FP_A "\n"
                          "a=candidate:1 1 udp 1 192.0.2.1 46154 typ host\na=end-of-candidates\n");

    g_assert_true(candidate->fragment);
    g_assert_cmpuint(candidate->n_problems, ==, 0);
    g_assert_cmpuint(candidate->n_sections, ==, 0);
    g_assert_cmpuint(candidate->n_candidates, ==, 1);
    g_assert_true(lines->fragment);
    g_assert_cmpuint(lines->n_problems, ==, 0);
    g_assert_cmpstr(lines->session.ice_ufrag, ==, "9uB6");
    g_assert_cmpuint(lines->session.n_fingerprints, ==, 1);
    g_assert_cmpuint(lines->n_candidates, ==, 1);
    g_assert_true(lines->end_of_candidates);
    wr_sdp_unref(candidate);
    wr_sdp_unref(lines);
}

static void test_key_material_is_seen(void)
{
    wr_sdp *sdp = parse("v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\nk=clear:secret\r\na=key-mgmt:mikey AQAF\r\n"
                        "m=audio 5004 RTP/SAVP 0\r\n"
                        "m=video 5006 RTP/SAVP 0\r\n"
                        "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj\r\n"
                        "a=identity:eyJpZHAi\r\n");

    g_assert_true(sdp->k_line);
    g_assert_true(sdp->key_mgmt);
    g_assert_true(sdp->has_crypto);
    g_assert_true(sdp->identity);
    g_assert_false(sdp->sections[0].has_crypto);
    g_assert_true(sdp->sections[1].has_crypto);
    g_assert_true(sdp->sections[1].identity);
    g_assert_cmpuint(sdp->at->sections[1].crypto.line, ==, 7);
    g_assert_cmpuint(sdp->at->crypto.line, ==, 7);
    g_assert_false(sdp->ice_lite);
    wr_sdp_unref(sdp);
}

static void test_setup_roles(void)
{
    static const struct {
        const char *value;
        wr_setup setup;
    } known[] = {
        {"actpass", WR_SETUP_ACTPASS},   {"active", WR_SETUP_ACTIVE}, {"passive", WR_SETUP_PASSIVE},
        {"holdconn", WR_SETUP_HOLDCONN}, {"both", WR_SETUP_INVALID},  {"", WR_SETUP_INVALID},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(known); i++) {
        char *text = g_strdup_printf("v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\na=setup:%s\r\n", known[i].value);
        wr_sdp *sdp = parse(text);
        g_assert_cmpint(wr_sdp_effective(sdp, NULL).setup, ==, known[i].setup);
        g_assert_cmpuint(sdp->n_problems, ==, known[i].setup == WR_SETUP_INVALID ? 1 : 0);
        wr_sdp_unref(sdp);
        g_free(text);
    }
    g_assert_cmpstr(wr_setup_name(WR_SETUP_NONE), ==, "none");
    g_assert_cmpstr(wr_setup_name(WR_SETUP_HOLDCONN), ==, "holdconn");
}

static void test_broken_lines_are_reported_and_the_rest_is_kept(void)
{
    wr_sdp *sdp = parse("v=0\r\n"                              /* 1 */
                        "o=only three words\r\n"               /* 2 */
                        "complete nonsense\r\n"                /* 3 */
                        "=\r\n"                                /* 4 */
                        "A=b\r\n"                              /* 5 */
                        "c=IN IP4\r\n"                         /* 6 */
                        "m=audio\r\n"                          /* 7 */
                        "a=candidate:nonsense\r\n"             /* 8 */
                        "a=ice-ufrag:\r\n"                     /* 9 */
                        "a=ice-ufrag:abc\r\n"                  /* 10 */
                        "a=ice-pwd:short\r\n"                  /* 11 */
                        "a=ssrc:nonsense\r\n"                  /* 12 */
                        "m=video seventy RTP/AVP 0\r\n"        /* 13 */
                        "a=mid:x\r\n"                          /* 14 */
                        "a=fingerprint\r\n"                    /* 15 */
                        "m=video 70000 RTP/AVP 0\r\n"          /* 16 */
                        "a=mid:x\r\n"                          /* 17 */
                        "a=fingerprint:sha-256 " FP_A "\r\n"); /* 18 */
    static const unsigned broken[] = {2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 16, 17};

    for (size_t i = 0; i < G_N_ELEMENTS(broken); i++)
        g_assert_true(has_problem(sdp, broken[i], WR_SDP_PROBLEM_SYNTAX));
    g_assert_true(has_problem(sdp, 15, WR_SDP_PROBLEM_FINGERPRINT));
    g_assert_cmpuint(sdp->n_problems, ==, G_N_ELEMENTS(broken) + 1);
    g_assert_cmpuint(sdp->n_sections, ==, 3);
    g_assert_cmpstr(sdp->sections[0].media, ==, "audio");
    g_assert_cmpstr(sdp->sections[0].proto, ==, "");
    g_assert_cmpstr(sdp->sections[0].own.ice_ufrag, ==, "abc");
    /* A broken port is not a rejected section. */
    g_assert_false(wr_sdp_section_disabled(&sdp->sections[1]));
    g_assert_false(wr_sdp_section_disabled(&sdp->sections[2]));
    g_assert_true(sdp->sections[2].own.fingerprints[0].usable);
    g_assert_false(sdp->has_author);
    g_assert_cmpstr(sdp->origin, ==, "only three words");
    wr_sdp_unref(sdp);
}

static void test_repeated_attributes_the_last_counts(void)
{
    wr_sdp *sdp = parse("v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\n"
                        "a=setup:active\r\na=setup:passive\r\na=ice-ufrag:first\r\na=ice-ufrag:second\r\n"
                        "a=ice-ufrag:second\r\n");

    g_assert_cmpint(sdp->sections[0].own.setup, ==, WR_SETUP_PASSIVE);
    g_assert_cmpstr(sdp->sections[0].own.ice_ufrag, ==, "second");
    g_assert_true(has_problem(sdp, 5, WR_SDP_PROBLEM_SYNTAX));
    g_assert_true(has_problem(sdp, 7, WR_SDP_PROBLEM_SYNTAX));
    g_assert_cmpuint(sdp->n_problems, ==, 2);
    wr_sdp_unref(sdp);
}

static void test_bytes_that_are_no_text(void)
{
    static const char bytes[] = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=\xff\xc3\r\nm=audio\0 9 UDP/TLS/RTP/SAVPF 0\r\n"
                                "a=mid:\xc3\xa4\xe2\x82\r\n";
    wr_sdp *sdp = parse_bytes(bytes, sizeof bytes - 1);

    g_assert_cmpuint(sdp->text_len, ==, sizeof bytes - 1);
    g_assert_true(g_utf8_validate(sdp->text, -1, NULL));
    g_assert_cmpuint(strlen(sdp->text), ==, sdp->text_len);
    g_assert_cmpstr(sdp->sections[0].mid, ==, "\xc3\xa4??");
    g_assert_cmpuint(sdp->sections[0].port, ==, 9);
    g_assert_cmpuint(sdp->n_problems, ==, 2);
    wr_sdp_unref(sdp);
}

static void test_empty_and_tiny_texts(void)
{
    static const char *const texts[] = {
        "", "\r\n\r\n", "v", "v=", "v=0", "a=", "a=:", "m=", "o=", "c=", "=", "a", "\r"};

    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        wr_sdp *sdp = parse(texts[i]);
        g_assert_cmpstr(sdp->text, ==, texts[i]);
        wr_sdp_effective(sdp, NULL);
        g_assert_true(wr_sdp_tagged_section(sdp, NULL) == SIZE_MAX);
        wr_sdp_unref(sdp);
    }
    wr_sdp_unref(NULL);
    wr_sdp_unref(wr_sdp_parse(NULL, 0));
}

static void test_references(void)
{
    wr_sdp *sdp = parse(CHROMIUM_OFFER);

    g_assert_true(wr_sdp_ref(sdp) == sdp);
    wr_sdp_unref(sdp);
    g_assert_cmpuint(sdp->n_sections, ==, 2);
    wr_sdp_unref(sdp);
}

/* Repeats piece until the text has the length. */
static GString *hostile(const char *head, const char *piece, size_t length)
{
    GString *text = g_string_new(head);

    while (text->len < length)
        g_string_append(text, piece);
    return text;
}

static void test_every_bound_is_kept_and_reported(void)
{
    static const struct {
        const char *piece;
        unsigned n_sections, n_candidates, n_fingerprints;
    } attacks[] = {
        {"m=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\n", WR_SDP_MAX_SECTIONS, 0, 0},
        {"a=candidate:1 1 udp 1 192.0.2.1 46154 typ host\r\n", 0, WR_SDP_MAX_CANDIDATES, 0},
        {"a=fingerprint:sha-256 " FP_A "\r\n", 0, 0, WR_SDP_MAX_FINGERPRINTS},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(attacks); i++) {
        GString *text = hostile("v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\n", attacks[i].piece, 400000);
        wr_sdp *sdp = parse_bytes(text->str, text->len);
        bool limit = false;
        g_assert_cmpuint(sdp->n_sections, ==, attacks[i].n_sections);
        g_assert_cmpuint(sdp->n_candidates, ==, attacks[i].n_candidates);
        g_assert_cmpuint(sdp->session.n_fingerprints, ==, attacks[i].n_fingerprints);
        g_assert_cmpuint(sdp->n_problems, <=, WR_SDP_MAX_PROBLEMS);
        for (unsigned k = 0; k < sdp->n_problems; k++)
            limit = limit || sdp->problems[k].kind == WR_SDP_PROBLEM_LIMIT;
        g_assert_true(limit);
        wr_sdp_unref(sdp);
        g_string_free(text, TRUE);
    }
}

static void test_problems_are_bounded(void)
{
    GString *text = hostile("v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\n", "nonsense\r\n", 100000);
    wr_sdp *sdp = parse_bytes(text->str, text->len);

    g_assert_cmpuint(sdp->n_problems, ==, WR_SDP_MAX_PROBLEMS);
    g_assert_cmpint(sdp->problems[WR_SDP_MAX_PROBLEMS - 1].kind, ==, WR_SDP_PROBLEM_LIMIT);
    wr_sdp_unref(sdp);
    g_string_free(text, TRUE);
}

static void test_long_values_are_ignored_and_reported(void)
{
    GString *text = g_string_new("v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\na=ice-pwd:");
    wr_sdp *sdp;

    for (int i = 0; i < WR_SDP_MAX_VALUE + 1; i++)
        g_string_append_c(text, 'x');
    sdp = parse_bytes(text->str, text->len);
    g_assert_null(sdp->session.ice_pwd);
    g_assert_true(has_problem(sdp, 3, WR_SDP_PROBLEM_LIMIT));
    wr_sdp_unref(sdp);
    sdp = parse_bytes(text->str, text->len - 1);
    g_assert_nonnull(sdp->session.ice_pwd);
    g_assert_cmpuint(sdp->n_problems, ==, 0);
    wr_sdp_unref(sdp);
    g_string_free(text, TRUE);
}

/* Four megabytes of what costs most must not take minutes. The bound is loose, for sanitizers and slow machines; a
 * quadratic reader would need hours. */
static void test_large_texts_are_read_in_linear_time(void)
{
    static const char *const pieces[] = {
        "\n",
        "a\n",
        "a=x\n",
        "m=audio 9 RTP/AVP 0\n",
        "a=fingerprint:sha-256 " FP_A "\n",
        "\xff",
        "a=rtpmap:x ",
        "a=group:BUNDLE 0 1 2 3 4 5 6 7\n",
        "a=mid:0\nm=a 1 b\n",
        "v=0 ",
    };

    for (size_t i = 0; i < G_N_ELEMENTS(pieces); i++) {
        GString *text = hostile("v=0\no=- 1 1 IN IP4 0.0.0.0\n", pieces[i], 4u << 20);
        wr_sdp *sdp;
        g_test_timer_start();
        sdp = wr_sdp_parse(text->str, text->len);
        g_assert_cmpfloat(g_test_timer_elapsed(), <, 20.0);
        wr_sdp_unref(sdp);
        g_string_free(text, TRUE);
    }
}

static void test_kinds_of_text(void)
{
    static const struct {
        const char *text;
        bool description, fragment, candidate;
    } texts[] = {
        {CHROMIUM_OFFER, true, true, false},
        {FIREFOX_ANSWER, true, true, false},
        {"v=0\r\ns=-\r\n", false, false, false},
        {"v=1\r\nm=audio 9 RTP/AVP 0\r\n", false, false, false},
        {"hello\nv=0\nm=audio 9 RTP/AVP 0", false, false, false},
        {"v=0\nm=audio 9 RTP/AVP 0", true, false, false},
        {"a=ice-ufrag:abcd", false, true, false},
        {"a=ice-ufrag:", false, false, false},
        {"a=x\na=ice-pwd:abcd", false, true, false},
        {"Prose says:\na=ice-pwd:abcd", false, false, false},
        {"a=fingerprint:sha-256 AA", false, true, false},
        {"a=fingerprint:rot13 AA", false, false, false},
        {"a=candidate:1 1 udp 1 192.0.2.1 46154 typ host", false, true, true},
        {"candidate:1 1 udp 1 192.0.2.1 46154 typ host\r\n", false, false, true},
        {"candidate:1 1 udp 1 192.0.2.1 46154 typ host\r\nmore", false, false, false},
        {"candidate:", false, false, false},
        {"1 1 udp 1 192.0.2.1 46154 typ host", false, false, false},
        {"", false, false, false},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        const size_t len = strlen(texts[i].text);
        g_assert_cmpint(wr_sdp_looks_like_description(texts[i].text, len), ==, texts[i].description);
        g_assert_cmpint(wr_sdp_looks_like_fragment(texts[i].text, len), ==, texts[i].fragment);
        g_assert_cmpint(wr_sdp_looks_like_candidate(texts[i].text, len), ==, texts[i].candidate);
    }
}

/* What is kept of a description says the same as a fresh one, and holds its text. */
static void test_folded(void)
{
    wr_sdp *fresh = parse(CHROMIUM_OFFER), *kept = parse(CHROMIUM_OFFER);
    const wr_effective e = wr_sdp_effective(fresh, &fresh->sections[1]);
    wr_effective f;

    wr_sdp_fold(kept);
    g_assert_null(kept->text);
    g_assert_null(kept->at);
    g_assert_cmpuint(kept->text_len, ==, fresh->text_len);
    g_assert_cmpuint(kept->packed_len, <, kept->text_len / 2);
    g_assert_cmpmem(kept->canonical, 32, fresh->canonical, 32);
    f = wr_sdp_effective(kept, &kept->sections[1]);
    g_assert_cmpstr(f.ice_ufrag, ==, e.ice_ufrag);
    g_assert_cmpstr(f.ice_pwd, ==, e.ice_pwd);
    g_assert_cmpint(f.setup, ==, e.setup);
    g_assert_true(wr_fingerprint_equal(f.fingerprints, e.fingerprints));
    for (unsigned i = 0; i < fresh->n_sections; i++) { /* usual words, which are not in its block, and others */
        g_assert_cmpstr(kept->sections[i].media, ==, fresh->sections[i].media);
        g_assert_cmpstr(kept->sections[i].proto, ==, fresh->sections[i].proto);
        g_assert_cmpstr(kept->sections[i].mid, ==, fresh->sections[i].mid);
    }
    for (int i = 0; i < 2; i++) {
        g_assert_cmpstr(wr_sdp_text(kept), ==, fresh->text);
        wr_sdp_close(kept);
        g_assert_null(kept->text);
        wr_sdp_fold(kept); /* changes nothing any more */
    }
    wr_sdp_close(fresh); /* was not folded: keeps its text */
    g_assert_nonnull(fresh->text);
    wr_sdp_unref(fresh);
    wr_sdp_unref(kept);
}

/* A text that does not become smaller, being short or random, stays as it is. */
static void test_folded_as_it_is(void)
{
    char noise[1000];
    guint32 random = 1;
    wr_sdp *sdp = parse("v=0\r\ns=-\r\n");

    wr_sdp_fold(sdp);
    wr_sdp_close(sdp);
    g_assert_null(sdp->packed);
    g_assert_cmpstr(wr_sdp_text(sdp), ==, "v=0\r\ns=-\r\n");
    wr_sdp_unref(sdp);
    for (size_t i = 0; i < sizeof noise; i++) {
        random = random * 1664525 + 1013904223;
        noise[i] = (char)(random >> 25 | 1);
    }
    sdp = wr_sdp_parse(noise, sizeof noise);
    wr_sdp_fold(sdp);
    wr_sdp_close(sdp);
    g_assert_cmpmem(wr_sdp_text(sdp), sdp->text_len, noise, sizeof noise);
    wr_sdp_unref(sdp);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/sdp/chromium-offer", test_chromium_offer);
    g_test_add_func("/sdp/firefox-answer", test_firefox_answer_inherits_the_session_fingerprint);
    g_test_add_func("/sdp/places", test_places_are_whole_lines_of_the_text);
    g_test_add_func("/sdp/line-ends", test_line_ends_make_no_difference);
    g_test_add_func("/sdp/section-replaces-session", test_section_lines_replace_session_lines_without_union);
    g_test_add_func("/sdp/several-fingerprints", test_several_fingerprints_stay_in_order);
    g_test_add_func("/sdp/rejected-and-bundle-only", test_rejected_and_bundle_only_sections);
    g_test_add_func("/sdp/tagged-section", test_the_answer_chooses_the_tagged_section);
    g_test_add_func("/sdp/bundle-group", test_bundle_group_may_be_empty_or_name_strangers);
    g_test_add_func("/sdp/candidates", test_candidates_and_addresses);
    g_test_add_func("/sdp/candidate-lines", test_candidate_lines_in_every_spelling);
    g_test_add_func("/sdp/trickle-fragment", test_trickle_fragment_without_version);
    g_test_add_func("/sdp/bare-lines", test_fragments_of_bare_lines);
    g_test_add_func("/sdp/key-material", test_key_material_is_seen);
    g_test_add_func("/sdp/setup", test_setup_roles);
    g_test_add_func("/sdp/broken-lines", test_broken_lines_are_reported_and_the_rest_is_kept);
    g_test_add_func("/sdp/repeated-attributes", test_repeated_attributes_the_last_counts);
    g_test_add_func("/sdp/no-text", test_bytes_that_are_no_text);
    g_test_add_func("/sdp/tiny", test_empty_and_tiny_texts);
    g_test_add_func("/sdp/references", test_references);
    g_test_add_func("/sdp/bounds", test_every_bound_is_kept_and_reported);
    g_test_add_func("/sdp/problems-bounded", test_problems_are_bounded);
    g_test_add_func("/sdp/long-values", test_long_values_are_ignored_and_reported);
    g_test_add_func("/sdp/linear-time", test_large_texts_are_read_in_linear_time);
    g_test_add_func("/sdp/kinds-of-text", test_kinds_of_text);
    g_test_add_func("/sdp/folded", test_folded);
    g_test_add_func("/sdp/folded-as-it-is", test_folded_as_it_is);
    return g_test_run();
}
