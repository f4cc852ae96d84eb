/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is asked of the store as a whole.
 */
#include "records/store.h"

uint64_t wr_endpoint_key(const wr_endpoint *at)
{
    return wr_key(at, sizeof *at); /* padding is zero: wr_endpoint_none() */
}

const GPtrArray *wr_engine_copies(const wr_engine *e)
{
    return e->copies;
}

const GPtrArray *wr_engine_associations(const wr_engine *e)
{
    return e->associations;
}

const GPtrArray *wr_engine_sessions(const wr_engine *e)
{
    return e->sessions;
}

const GPtrArray *wr_engine_findings(const wr_engine *e)
{
    return e->findings;
}

const GPtrArray *wr_engine_findings_at(const wr_engine *e, uint32_t frame)
{
    return g_hash_table_lookup(e->findings_by_frame, GUINT_TO_POINTER(frame));
}

const GPtrArray *wr_engine_limits_reached(const wr_engine *e)
{
    return e->limits;
}

uint32_t wr_engine_packets(const wr_engine *e)
{
    return e->packets;
}

wr_left_out wr_engine_left_out(const wr_engine *e)
{
    return e->left_out;
}

int64_t wr_engine_first_time(const wr_engine *e)
{
    return e->first_us;
}

int64_t wr_engine_last_time(const wr_engine *e)
{
    return e->last_us;
}

wr_session *wr_engine_session(const wr_engine *e, unsigned number)
{
    return g_hash_table_lookup(e->sessions_by_number, GUINT_TO_POINTER(number));
}
