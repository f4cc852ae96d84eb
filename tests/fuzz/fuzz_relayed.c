/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fuzzes what a relay carries (relayed_payloads.c): one datagram to a named peer. */
#include "evaluation/engine.h"
#include "learning/learning.h"
#include "records/allocation.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    wr_engine *e = wr_engine_new(NULL);
    wr_media_evidence m;

    memset(&m, 0, sizeof m);
    wr_endpoint_from_text("192.0.2.1", 5000, &m.at.src);
    wr_endpoint_from_text("203.0.113.1", 3478, &m.at.dst);
    wr_endpoint_from_text("198.51.100.1", 443, &m.how.peer);
    m.at.frame = 1;
    m.how.relayed = true;
    m.bytes = data;
    m.captured = m.length = size;
    wr_turn_allocation_get(e, &m.at.src, &m.at.dst);
    wr_engine_add_relayed(e, &m);
    wr_engine_evaluate(e);
    wr_engine_free(e);
    return 0;
}
