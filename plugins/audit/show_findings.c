/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Findings in the packet tree, and among the expert infos: a field for each check and severity, so that the dialog sums
 * them up by check. */
#include "audit.h"
#include "report/check_words.h"
#include "wr_epan/bus.h"

#define SEVERITIES (WR_ERROR + 1)

static int hf_finding, hf_message, hf_other, hf_other_statement;
static int ett_finding = -1;
static expert_field (*of_checks)[SEVERITIES]; /* in the order of wr_check_words_all() */
static expert_field of_severity[SEVERITIES];  /* for filters; and for what the words do not foresee */

static proto_item *generated(proto_item *item)
{
    proto_item_set_generated(item);
    return item;
}

static expert_field *field_of(const wr_finding *f)
{
    size_t n;
    const wr_check_words *all = wr_check_words_all(&n), *words = wr_check_words_of(f->check);

    if (words == NULL || (words->severities & 1u << f->severity) == 0)
        return &of_severity[f->severity];
    return &of_checks[words - all][f->severity];
}

/* A finding that rests on two frames leads from the one it stands on to the other. */
static void add_other(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, uint32_t frame)
{
    if (frame == 0 || frame == wr_frame_of(pinfo))
        return;
    if (wr_frame_is_stated(frame)) {
        char *name = wr_frame_name(wr_audit_engine(), frame);
        generated(proto_tree_add_string(tree, hf_other_statement, tvb, 0, 0, name));
        g_free(name);
        return;
    }
    wr_depend_on_frame(pinfo, frame);
    generated(proto_tree_add_uint(tree, hf_other, tvb, 0, 0, frame));
}

static void show(const wr_finding *f, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    proto_item *item = generated(proto_tree_add_string(tree, hf_finding, tvb, 0, 0, f->check));
    proto_tree *sub = proto_item_add_subtree(item, ett_finding);

    proto_item_append_text(item, ": %s", f->message);
    wr_audit_show_text(sub, hf_message, tvb, f->message);
    add_other(tvb, pinfo, sub, f->other_frame);
    if (tree != NULL)
        proto_item_set_hidden(generated(proto_tree_add_item(sub, of_severity[f->severity].hf, tvb, 0, 0, ENC_NA)));
    expert_add_info_format(pinfo, item, field_of(f), "%s: %s", f->check, f->message);
}

/* They are known once the whole capture was read: on a second pass, or in the window. */
void wr_audit_show_findings(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    const GPtrArray *findings = wr_audit_findings_of(wr_frame_of(pinfo));

    for (unsigned i = 0; findings != NULL && i < findings->len; i++)
        show(g_ptr_array_index(findings, i), tvb, pinfo, tree);
}

/* ---- registration ---- */

static const struct {
    const char *word;
    int severity;
} severities[SEVERITIES] = {[WR_CHAT] = {"chat", PI_CHAT},
                            [WR_NOTE] = {"note", PI_NOTE},
                            [WR_WARN] = {"warn", PI_WARN},
                            [WR_ERROR] = {"error", PI_ERROR}};

/* "webrtc.finding.dtls01.error" */
static char *name_of(const char *check, const char *severity)
{
    GString *name = g_string_new("webrtc.finding.");
    char *kept;

    for (const char *c = check; *c != '\0'; c++)
        if (*c != '-')
            g_string_append_c(name, g_ascii_tolower(*c));
    g_string_append_printf(name, "%s%s", *check != '\0' ? "." : "", severity);
    kept = wmem_strdup(wmem_epan_scope(), name->str);
    g_string_free(name, TRUE);
    return kept;
}

/* Wireshark keeps the record as long as it runs. */
static void register_one(expert_module_t *module, expert_field *field, const char *check, int severity,
                         const char *summary)
{
    static const expert_field unset = EI_INIT;
    ei_register_info *ei = wmem_new0(wmem_epan_scope(), ei_register_info);
    const ei_register_info filled = {
        field,
        {name_of(check, severities[severity].word), PI_SECURITY, severities[severity].severity, summary, EXPFILL}};

    *field = unset;
    *ei = filled;
    expert_register_field_array(module, ei, 1);
}

static void register_experts(expert_module_t *module)
{
    size_t n;
    const wr_check_words *all = wr_check_words_all(&n);

    of_checks = wmem_alloc0(wmem_epan_scope(), n * sizeof *of_checks);
    for (int s = 0; s < SEVERITIES; s++)
        register_one(module, &of_severity[s], "", s, "Finding");
    for (size_t i = 0; i < n; i++)
        for (int s = 0; s < SEVERITIES; s++)
            if ((all[i].severities & 1u << s) != 0)
                register_one(module, &of_checks[i][s], all[i].check, s,
                             wmem_strdup_printf(wmem_epan_scope(), "%s: %s", all[i].check, all[i].summary));
}

void wr_audit_register_findings(int proto, expert_module_t *module)
{
    static hf_register_info hf[] = {
        {&hf_finding, {"Finding", "webrtc.finding", FT_STRING, BASE_NONE, NULL, 0x0, "Identifier of the check", HFILL}},
        {&hf_message,
         {"Message", "webrtc.finding.message", FT_STRING, BASE_NONE, NULL, 0x0, "What the check found", HFILL}},
        {&hf_other,
         {"It rests on frame", "webrtc.finding.frame", FT_FRAMENUM, BASE_NONE, NULL, 0x0,
          "Another frame that the finding rests on", HFILL}},
        {&hf_other_statement,
         {"It rests on", "webrtc.finding.statement", FT_STRING, BASE_NONE, NULL, 0x0,
          "Statement outside of the capture that the finding rests on", HFILL}},
    };
    static int *ett[] = {&ett_finding};

    proto_register_field_array(proto, hf, array_length(hf));
    proto_register_subtree_array(ett, array_length(ett));
    register_experts(module);
}
