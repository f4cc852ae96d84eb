/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which severities the findings of each check can have, as docs/checks.md tells them. */
#include "report/check_severities.h"
#include "check_names.h"

#include <stdlib.h>
#include <string.h>

#define CHAT  (1u << WR_CHAT)
#define NOTE  (1u << WR_NOTE)
#define WARN  (1u << WR_WARN)
#define ERROR (1u << WR_ERROR)

static const wr_check_severities severities[] = {
    /* in the order of their names */
    {"CAP-01", NOTE},
    {"CAP-02", NOTE},
    {"CAP-03", CHAT},
    {"CAP-04", NOTE},
    {"CAP-05", CHAT},
    {"CAP-06", NOTE},
    {"CAP-07", NOTE},
    {"CAP-08", NOTE},
    {"DC-01", ERROR},
    {"DC-02", NOTE},
    {"DC-03", NOTE},
    {"DC-04", NOTE},
    {"DTLS-01", NOTE | WARN | ERROR},
    {"DTLS-02", NOTE | WARN | ERROR},
    {"DTLS-03", NOTE | ERROR},
    {"DTLS-04", CHAT},
    {"DTLS-05", CHAT | NOTE},
    {"DTLS-06", CHAT | NOTE},
    {"DTLS-07", NOTE | ERROR},
    {"DTLS-08", CHAT | NOTE},
    {"DTLS-09", WARN | ERROR},
    {"DTLS-10", NOTE | WARN | ERROR},
    {"DTLS-11", NOTE | WARN | ERROR},
    {"DTLS-12", NOTE | ERROR},
    {"DTLS-13", NOTE},
    {"DTLS-14", NOTE | WARN},
    {"DTLS-15", NOTE | WARN},
    {"DTLS-16", NOTE | WARN | ERROR},
    {"DTLS-17", CHAT | NOTE},
    {"DTLS-18", CHAT | NOTE | WARN},
    {"DTLS-20", CHAT | NOTE},
    {"DTLS-21", WARN | ERROR},
    {"DTLS-22", CHAT | WARN},
    {"DTLS-23", NOTE | ERROR},
    {"DTLS-24", NOTE},
    {"DTLS-25", ERROR},
    {"DTLS-26", WARN},
    {"ICE-01", CHAT},
    {"ICE-02", NOTE | WARN},
    {"ICE-03", NOTE},
    {"ICE-04", CHAT | NOTE | WARN},
    {"ICE-05", NOTE | WARN},
    {"ICE-06", NOTE | WARN},
    {"ICE-07", NOTE},
    {"ICE-08", CHAT | NOTE},
    {"ICE-09", CHAT | NOTE},
    {"ICE-10", NOTE},
    {"INJ-01", NOTE},
    {"INJ-02", NOTE},
    {"INJ-03", NOTE},
    {"INJ-04", NOTE},
    {"RTP-01", NOTE | ERROR},
    {"RTP-02", NOTE},
    {"RTP-03", NOTE},
    {"RTP-04", WARN | ERROR},
    {"RTP-05", ERROR},
    {"RTP-06", NOTE | ERROR},
    {"RTP-07", NOTE},
    {"RTP-08", NOTE},
    {"RTP-09", NOTE},
    {"RTP-10", NOTE},
    {"RTP-11", NOTE},
    {"RTP-12", NOTE},
    {"RTP-13", CHAT},
    {"RTP-14", NOTE},
    {"RTP-15", NOTE},
    {"RTP-16", NOTE},
    {"SDP-01", ERROR},
    {"SDP-02", CHAT | WARN | ERROR},
    {"SDP-03", NOTE | WARN},
    {"SDP-04", NOTE},
    {"SDP-05", NOTE | WARN | ERROR},
    {"SDP-06", CHAT | WARN | ERROR},
    {"SDP-07", NOTE | WARN},
    {"SDP-08", ERROR},
    {"SDP-09", WARN | ERROR},
    {"SDP-10", NOTE},
    {"SDP-11", NOTE},
    {"SDP-12", CHAT | NOTE | WARN | ERROR},
    {"SDP-13", CHAT},
    {"SDP-14", NOTE},
    {"SDP-15", NOTE | WARN},
    {"SDP-16", CHAT},
    {"SIG-01", NOTE | WARN | ERROR},
    {"SIG-02", WARN | ERROR},
    {"SIG-03", NOTE | WARN},
    {"SIG-04", CHAT | NOTE},
    {"SIG-05", NOTE | ERROR},
    {"SIG-06", NOTE | WARN | ERROR},
    {"SIG-07", CHAT | WARN | ERROR},
    {"SIG-08", NOTE | ERROR},
    {"SIG-09", NOTE},
    {"SIG-10", CHAT | NOTE},
    {"SIG-11", CHAT | WARN},
    {"SUBST-01", CHAT | WARN | ERROR},
    {"SUBST-02", CHAT | ERROR},
    {"SUBST-03", ERROR},
    {"TOP-02", CHAT | NOTE | WARN},
    {"TOP-04", CHAT},
    {"TURN-01", WARN | ERROR},
    {"TURN-02", NOTE | WARN | ERROR},
    {"TURN-03", CHAT | NOTE},
    {"TURN-04", NOTE | WARN | ERROR},
    {"TURN-05", NOTE | WARN},
    {"TURN-06", CHAT},
    {"TURN-07", CHAT},
    {"TURN-08", NOTE | WARN | ERROR},
    {"TURN-09", WARN},
    {"UKS-01", NOTE | WARN},
    {"WIT-01", WARN},
    {"WIT-02", ERROR},
    {"WIT-03", NOTE},
    {"WIT-04", CHAT},
};

const wr_check_severities *wr_check_severities_all(size_t *n)
{
    *n = sizeof severities / sizeof severities[0];
    return severities;
}

static int by_name(const void *name, const void *entry)
{
    return strcmp(name, ((const wr_check_severities *)entry)->check);
}

const wr_check_severities *wr_check_severities_of(const char *check)
{
    return bsearch(check, severities, sizeof severities / sizeof severities[0], sizeof severities[0], by_name);
}

const char *wr_check_summary(const char *check)
{
    const wr_check_name *name = wr_check_name_of(check);

    return name != NULL ? name->what : "";
}
