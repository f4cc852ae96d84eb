/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a packet shows is brought up to date before. While packets come in and others are drawn in between, as Wireshark
 * does on a live capture, evaluating all calls anew for each screenful would take the longer the more there are, and
 * the user would wait for it. So then the packet's own call is evaluated alone, and all of them only now and then.
 * Where all packets are read before the first is shown (tshark -2, sharkd), or none come any more, everything is.
 */
#include "audit.h"

#include <time.h>

#define SHARE    20      /* one part of so many of the time may go into it */
#define QUIET_US 1000000 /* no packet came for so long: none is coming */
#define LONG_US  100000  /* evaluating everything for so long waits until none is coming */
#define SHORT_US 5000    /* for so long nobody waits */

typedef struct {
    int64_t took, ended;
} pace;

static pace whole, one;
static uint32_t packets; /* that were read when the whole was evaluated */
static int64_t latest;   /* when a packet was read */

void wr_audit_packet_was_read(void)
{
#ifdef CLOCK_MONOTONIC_COARSE
    /* Asked for with every packet: some milliseconds more or less are nothing here, and it is several times as fast. */
    struct timespec now;

    if (clock_gettime(CLOCK_MONOTONIC_COARSE, &now) == 0) {
        latest = (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
        return;
    }
#endif
    latest = g_get_monotonic_time();
}

void wr_audit_forget_pace(void)
{
    memset(&whole, 0, sizeof whole);
    memset(&one, 0, sizeof one);
    packets = 0;
    latest = 0;
}

static void note(pace *p, int64_t begin)
{
    p->ended = g_get_monotonic_time();
    p->took = p->ended - begin;
}

static bool is_due(const pace *p, int64_t now)
{
    return now - p->ended >= (SHARE - 1) * p->took;
}

bool wr_audit_has_findings(uint32_t frame)
{
    if (whole.ended == 0)
        wr_audit_bring_up_to_date(0, false);
    return wr_audit_findings_of(frame) != NULL;
}

void wr_audit_bring_up_to_date(unsigned call, bool wanted)
{
    wr_engine *e = wr_audit_engine();
    const int64_t now = g_get_monotonic_time();

    if (whole.ended == 0 || packets == wr_engine_packets(e) || now - latest >= QUIET_US ||
        (whole.took < LONG_US && (wanted || is_due(&whole, now)))) {
        packets = wr_engine_packets(e);
        if (wr_engine_evaluate(e))
            note(&whole, now);
    } else if (call != 0 && (one.took < SHORT_US || is_due(&one, now))) {
        wr_engine_evaluate_call(e, call);
        note(&one, now);
    }
}
