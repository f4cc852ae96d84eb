/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the operator knows and the capture does not show: preferences, and tables (UATs) that -o uat:… can give as well.
 */
#include "audit.h"
#include "remarks/stack_version.h"
#include "statements/testimony.h"
#include "wr_epan/thinned.h"

#include <glib/gstdio.h>
#include <wsutil/report_message.h>

typedef struct {
    char *fingerprint, *host, *comment;
} known_server;

typedef struct {
    char *party, *fingerprint, *comment;
} expectation;

typedef struct {
    char *file, *whose, *offset, *comment;
} statement;

static wr_preference_bool peer_to_peer_expected, marks_info = TRUE, speech_pattern, decrypt_media, frames_of_whole;
static const char *oldest = "", *statistics = "";
static known_server *servers;
static unsigned n_servers;
static expectation *expectations;
static unsigned n_expectations;
static statement *statements;
static unsigned n_statements;

UAT_CSTRING_CB_DEF(servers, fingerprint, known_server)
UAT_CSTRING_CB_DEF(servers, host, known_server)
UAT_CSTRING_CB_DEF(servers, comment, known_server)
UAT_CSTRING_CB_DEF(expectations, party, expectation)
UAT_CSTRING_CB_DEF(expectations, fingerprint, expectation)
UAT_CSTRING_CB_DEF(expectations, comment, expectation)
UAT_FILENAME_CB_DEF(statements, file, statement)
UAT_CSTRING_CB_DEF(statements, whose, statement)
UAT_CSTRING_CB_DEF(statements, offset, statement)
UAT_CSTRING_CB_DEF(statements, comment, statement)

static bool is_empty(const char *text)
{
    return text == NULL || *text == '\0';
}

/* ---- known servers ---- */

static void *copy_server(void *to, const void *from, size_t len _U_)
{
    const known_server *a = from;
    known_server *b = to;

    b->fingerprint = g_strdup(a->fingerprint);
    b->host = g_strdup(a->host);
    b->comment = g_strdup(a->comment);
    return b;
}

static void free_server(void *p)
{
    known_server *s = p;

    g_free(s->fingerprint);
    g_free(s->host);
    g_free(s->comment);
}

static bool bad_fingerprint(const char *text, char **error)
{
    wr_fingerprint f;
    const char *problem = wr_fingerprint_parse(text, strlen(text), &f);

    if (f.usable)
        return false;
    *error = g_strdup_printf("Fingerprint \"%s\": %s", text, problem != NULL ? problem : "not usable");
    return true;
}

static wr_uat_bool check_server(void *p, char **error)
{
    known_server *s = p;
    wr_endpoint at;

    *error = NULL;
    if (is_empty(s->fingerprint) && is_empty(s->host)) {
        *error = g_strdup("A known server needs a fingerprint or an address");
        return false;
    }
    if (!is_empty(s->fingerprint) && bad_fingerprint(s->fingerprint, error))
        return false;
    if (!is_empty(s->host) && !wr_endpoint_from_text(s->host, 0, &at)) {
        *error = g_strdup_printf("\"%s\" is no IPv4 or IPv6 address", s->host);
        return false;
    }
    return true;
}

/* ---- expected fingerprints ---- */

static void *copy_expectation(void *to, const void *from, size_t len _U_)
{
    const expectation *a = from;
    expectation *b = to;

    b->party = g_strdup(a->party);
    b->fingerprint = g_strdup(a->fingerprint);
    b->comment = g_strdup(a->comment);
    return b;
}

static void free_expectation(void *p)
{
    expectation *x = p;

    g_free(x->party);
    g_free(x->fingerprint);
    g_free(x->comment);
}

static wr_uat_bool check_expectation(void *p, char **error)
{
    expectation *x = p;

    *error = NULL;
    if (is_empty(x->party)) {
        *error = g_strdup("Name the party as signalling does, or give its address");
        return false;
    }
    return !bad_fingerprint(x->fingerprint != NULL ? x->fingerprint : "", error);
}

/* ---- statements from outside the capture ---- */

static void *copy_statement(void *to, const void *from, size_t len _U_)
{
    const statement *a = from;
    statement *b = to;

    b->file = g_strdup(a->file);
    b->whose = g_strdup(a->whose);
    b->offset = g_strdup(a->offset);
    b->comment = g_strdup(a->comment);
    return b;
}

static void free_statement(void *p)
{
    statement *s = p;

    g_free(s->file);
    g_free(s->whose);
    g_free(s->offset);
    g_free(s->comment);
}

/* Seconds, with a fraction, and a sign. */
static bool read_offset(const char *text, int64_t *us)
{
    char *end;
    double seconds;

    *us = 0;
    if (is_empty(text))
        return true;
    seconds = g_ascii_strtod(text, &end);
    if (*end != '\0' || !(seconds > -1e9 && seconds < 1e9))
        return false;
    *us = (int64_t)(seconds * 1e6);
    return true;
}

static wr_bool check_statement(void *p, char **error)
{
    statement *s = p;
    int64_t us;

    *error = NULL;
    if (is_empty(s->file)) {
        *error = g_strdup("Name the file");
        return false;
    }
    if (!read_offset(s->offset, &us)) {
        *error = g_strdup_printf("\"%s\" is no number of seconds", s->offset);
        return false;
    }
    return true;
}

/* A file is read once, as long as it stays as it is: it may be large, and Wireshark reads a capture anew at every turn.
 */
typedef struct {
    wr_testimony *testimony;
    int64_t size, changed_s;
} read_file;

static GHashTable *files; /* path -> read_file */
static GPtrArray *testimonies;

static void free_read_file(void *p)
{
    read_file *f = p;

    wr_testimony_unref(f->testimony);
    g_free(f);
}

static wr_testimony *testimony_of(const char *path)
{
    read_file *f;
    GStatBuf now;
    const bool there = g_stat(path, &now) == 0;

    if (files == NULL)
        files = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_read_file);
    f = g_hash_table_lookup(files, path);
    if (f != NULL && there && f->size == (int64_t)now.st_size && f->changed_s == (int64_t)now.st_mtime)
        return f->testimony;
    f = g_new0(read_file, 1);
    f->size = there ? (int64_t)now.st_size : -1;
    f->changed_s = there ? (int64_t)now.st_mtime : 0;
    f->testimony = wr_testimony_read(path);
    g_hash_table_insert(files, g_strdup(path), f);
    return f->testimony;
}

/* The operator's words on a file may change while what it says stays. */
static void add_testimony(const char *path, const char *whose, const char *offset)
{
    wr_testimony *t = testimony_of(path);

    g_free(t->whose);
    t->whose = is_empty(whose) ? NULL : g_strdup(whose);
    read_offset(offset, &t->offset_us);
    for (unsigned i = 0; i < testimonies->len; i++)
        if (g_ptr_array_index(testimonies, i) == t)
            return;
    g_ptr_array_add(testimonies, t);
}

static gboolean is_unused(void *path _U_, void *file, void *data _U_)
{
    return !g_ptr_array_find(testimonies, ((read_file *)file)->testimony, NULL);
}

static void read_statements(void)
{
    if (testimonies == NULL)
        testimonies = g_ptr_array_new();
    g_ptr_array_set_size(testimonies, 0);
    if (!is_empty(statistics))
        add_testimony(statistics, NULL, NULL);
    for (unsigned i = 0; i < n_statements; i++)
        add_testimony(statements[i].file, statements[i].whose, statements[i].offset);
    if (files != NULL)
        g_hash_table_foreach_remove(files, is_unused, NULL);
}

/* ---- to the core ---- */

static wr_fingerprint *declared_fingerprints;
static wr_endpoint *declared_hosts;
static struct wr_expected *expected;

const wr_options *wr_audit_options(void)
{
    static wr_options options;

    memset(&options, 0, sizeof options);
    options.peer_to_peer_expected = peer_to_peer_expected != 0;
    options.oldest = oldest;
    read_statements();
    options.testimonies = (wr_testimony *const *)testimonies->pdata;
    options.n_testimonies = testimonies->len;
    wr_audit_secrets_set(&options);
    options.speech_pattern = speech_pattern != 0;
    declared_fingerprints = g_renew(wr_fingerprint, declared_fingerprints, n_servers + 1);
    declared_hosts = g_renew(wr_endpoint, declared_hosts, n_servers + 1);
    expected = g_renew(struct wr_expected, expected, n_expectations + 1);
    for (unsigned i = 0; i < n_servers; i++) {
        if (!is_empty(servers[i].fingerprint)) {
            wr_fingerprint_parse(servers[i].fingerprint, strlen(servers[i].fingerprint),
                                 &declared_fingerprints[options.n_declared_fingerprints++]);
        }
        if (!is_empty(servers[i].host))
            wr_endpoint_from_text(servers[i].host, 0, &declared_hosts[options.n_declared_hosts++]);
    }
    for (unsigned i = 0; i < n_expectations; i++) {
        expected[i].party = expectations[i].party;
        wr_fingerprint_parse(expectations[i].fingerprint, strlen(expectations[i].fingerprint),
                             &expected[i].fingerprint);
    }
    options.declared_fingerprints = declared_fingerprints;
    options.declared_hosts = declared_hosts;
    options.expected = expected;
    options.n_expected = n_expectations;
    return &options;
}

static const char *problem_of_oldest(void)
{
    wr_oldest list[WR_MAX_OLDEST];
    const char *problem;

    wr_oldest_parse(oldest, list, &problem);
    return problem;
}

/* Wireshark asks no text preference whether it is right, so it is told when they are applied: once a value. */
static void check_preferences(void)
{
    static char *told;
    const char *problem = problem_of_oldest();

    if (g_strcmp0(told, oldest) == 0)
        return;
    g_free(told);
    told = g_strdup(oldest);
    if (problem != NULL)
        report_failure("webrtc.oldest_versions \"%s\": %s", oldest, problem);
}

void wr_audit_list_preferences(GPtrArray *list)
{
    const char *problem = problem_of_oldest();

    g_ptr_array_add(list,
                    g_strdup_printf("calls are expected to be peer to peer: %s", peer_to_peer_expected ? "yes" : "no"));
    g_ptr_array_add(list,
                    g_strdup_printf("oldest acceptable versions: %s%s%s%s", is_empty(oldest) ? "none given" : oldest,
                                    problem != NULL ? " (not all understood: " : "", problem != NULL ? problem : "",
                                    problem != NULL ? ")" : ""));
    for (unsigned i = 0; i < n_servers; i++)
        g_ptr_array_add(list, g_strdup_printf("known server: %s%s%s", servers[i].host,
                                              is_empty(servers[i].host) ? "" : " ", servers[i].fingerprint));
    for (unsigned i = 0; i < n_expectations; i++)
        g_ptr_array_add(list, g_strdup_printf("expected fingerprint of %s: %s", expectations[i].party,
                                              expectations[i].fingerprint));
}

static void add_setting(GPtrArray *list, const char *name, const char *value)
{
    if (is_empty(value))
        return;
    g_ptr_array_add(list, g_strdup(name));
    g_ptr_array_add(list, g_strdup(value));
}

void wr_audit_list_settings(GPtrArray *list)
{
    GString *rows = g_string_new(NULL);

    add_setting(list, "webrtc.peer_to_peer_expected", peer_to_peer_expected ? "TRUE" : "FALSE");
    add_setting(list, "webrtc.oldest_versions", oldest);
    add_setting(list, "webrtc.speech_pattern", speech_pattern ? "TRUE" : "FALSE");
    add_setting(list, "webrtc.decrypt_media", decrypt_media ? "TRUE" : "FALSE");
    for (unsigned i = 0; i < n_servers; i++)
        g_string_append_printf(rows, "%s\"%s\",\"%s\"", i > 0 ? "; " : "", servers[i].fingerprint, servers[i].host);
    add_setting(list, "uat:webrtc_known_servers", rows->str);
    g_string_truncate(rows, 0);
    for (unsigned i = 0; i < n_expectations; i++)
        g_string_append_printf(rows, "%s\"%s\",\"%s\"", i > 0 ? "; " : "", expectations[i].party,
                               expectations[i].fingerprint);
    add_setting(list, "uat:webrtc_expected_fingerprints", rows->str);
    g_string_free(rows, TRUE);
}

bool wr_audit_decrypts_media(void)
{
    return decrypt_media != 0;
}

bool wr_audit_marks_info(void)
{
    return marks_info;
}

static void register_servers(module_t *module)
{
    static uat_field_t fields[] = {
        UAT_FLD_CSTRING(servers, fingerprint, "Fingerprint",
                        "Of the server's certificate, as a=fingerprint gives it: sha-256 AA:BB:…; may be empty"),
        UAT_FLD_CSTRING(servers, host, "Address", "IPv4 or IPv6 address of the server's media; may be empty"),
        UAT_FLD_CSTRING(servers, comment, "Comment", "For you"),
        UAT_END_FIELDS,
    };
    uat_t *uat =
        uat_new("WebRTC known servers", sizeof(known_server), "webrtc_known_servers", TRUE, &servers, &n_servers,
                UAT_AFFECTS_DISSECTION, NULL, copy_server, check_server, free_server, NULL, NULL, fields);

    prefs_register_uat_preference(
        module, "known_servers", "Known servers",
        "Servers known to end the encryption of media (conference servers, gateways, recorders). A call that one of "
        "them re-keys is TERMINATED-BY-DECLARED instead of a warning.",
        uat);
}

static void register_expectations(module_t *module)
{
    static uat_field_t fields[] = {
        UAT_FLD_CSTRING(expectations, party, "Party", "Name as signalling gives it, or address"),
        UAT_FLD_CSTRING(expectations, fingerprint, "Fingerprint", "As a=fingerprint gives it: sha-256 AA:BB:…"),
        UAT_FLD_CSTRING(expectations, comment, "Comment", "For you"),
        UAT_END_FIELDS,
    };
    uat_t *uat = uat_new("WebRTC expected fingerprints", sizeof(expectation), "webrtc_expected_fingerprints", TRUE,
                         &expectations, &n_expectations, UAT_AFFECTS_DISSECTION, NULL, copy_expectation,
                         check_expectation, free_expectation, NULL, NULL, fields);

    prefs_register_uat_preference(
        module, "expected_fingerprints", "Expected fingerprints",
        "Certificate fingerprints that parties are known to have from outside the capture (read aloud, printed, from "
        "an endpoint's statistics). A certificate that differs is reported as foreign, one that agrees as confirmed.",
        uat);
}

static void register_statements(module_t *module)
{
    static uat_field_t fields[] = {
        UAT_FLD_FILENAME(statements, file, "File",
                         "Dump of chrome://webrtc-internals, HTTP archive (HAR), dump of rtcstats, report of Firefox' "
                         "about:webrtc, result of getStats() as JSON, or a text with descriptions in it; may be gzip"),
        UAT_FLD_CSTRING(statements, whose, "Whose", "Party as signalling names it, or its address; may be empty"),
        UAT_FLD_CSTRING(statements, offset, "Clock",
                        "Seconds that its clock was ahead of the capture's; empty: found out where that is possible"),
        UAT_FLD_CSTRING(statements, comment, "Comment", "For you"),
        UAT_END_FIELDS,
    };
    uat_t *uat =
        uat_new("WebRTC statements", sizeof(statement), "webrtc_statements", TRUE, &statements, &n_statements,
                UAT_AFFECTS_DISSECTION, NULL, copy_statement, check_statement, free_statement, NULL, NULL, fields);

    prefs_register_uat_preference(
        module, "statements", "Statements from outside the capture",
        "Files in which an endpoint or a server says what it sent, received and saw. Where ICE credentials, "
        "certificates, addresses and times tie them to a call of the capture, their descriptions count as those of "
        "signalling do, and are named as the source.",
        uat);
}

void wr_audit_register_preferences(int proto)
{
    module_t *module = prefs_register_protocol(proto, check_preferences);

    prefs_register_bool_preference(
        module, "peer_to_peer_expected", "Calls are expected to be peer to peer",
        "No server is supposed to end the encryption of media here. Re-keyed and terminated calls are then reported "
        "with a higher severity.",
        &peer_to_peer_expected);
    prefs_register_bool_preference(
        module, "mark_info", "Mark mismatches in the column Info",
        "Put a remark before the Info text of packets whose certificate is not the one that was announced.",
        &marks_info);
    prefs_register_string_preference(
        module, "oldest_versions", "Oldest acceptable versions",
        "Browsers and stacks with the oldest version of each that is acceptable, such as: Chrome 120, Firefox 115, "
        "Asterisk 20.5. What says it is older is reported (SIG-11).",
        &oldest);
    prefs_register_bool_preference(
        module, "speech_pattern", "Tell of speech patterns in packet sizes",
        "Report streams of Opus whose packet sizes vary with what is said (RTP-13). All browsers send so by default.",
        &speech_pattern);
    prefs_register_bool_preference(
        module, "decrypt_media", "Decrypt media",
        "Show what audio and video packets carry, where the key log of tls.keylog_file (or of the capture itself) has the "
        "secret of their handshake: reports, codecs, RTP Player. What is said in a call is personal data; no verdict "
        "needs this.",
        &decrypt_media);
    prefs_register_bool_preference(
        module, WR_FRAMES_OF_WHOLE, "Number frames as before webrtc-thin",
        "In reports of a capture that webrtc-thin --number made, frames have the numbers that they had in the whole "
        "capture. For reports of tshark: in the window, links and filters then lead to other frames.",
        &frames_of_whole);
    prefs_register_filename_preference(
        module, "statistics_file", "Statistics of an endpoint",
        "What getStats() gave in one of the browsers, as JSON, or a dump of chrome://webrtc-internals: one more of the "
        "statements from outside the capture, for which there is a table below.",
        &statistics, FALSE);
    register_servers(module);
    register_expectations(module);
    register_statements(module);
}
