/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fuzzes the search for descriptions in signalling messages, with all that may be wrapped around them. The first byte
 * chooses what else is known of the message. */
#include "connection/dialogue.h"
#include "find/find.h"
#include "formats/unwrap.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void use(const wr_hit *hit)
{
    wr_candidate candidate;
    wr_sdp *sdp;

    if (hit->dialect == NULL || (hit->path != NULL && !g_utf8_validate(hit->path, -1, NULL)))
        abort();
    if (hit->text == NULL)
        return;
    sdp = wr_sdp_parse(hit->text, hit->text_len);
    wr_kind_from_sdp(sdp);
    wr_sdp_unref(sdp);
    if (wr_candidate_parse(hit->text, hit->text_len, &candidate))
        wr_candidate_clear(&candidate);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const types[] = {NULL, "application/json", "application/x-www-form-urlencoded", "text/plain"};
    static const char *const urls[] = {NULL, "/socket.io/?EIO=4&transport=polling", "/janus", "/ws?room=r1"};
    wr_find_hints hints = {0};
    wr_find_result *result;
    size_t documents = 0;
    uint8_t *exact;

    if (size == 0)
        return 0;
    hints.content_type = types[data[0] & 3];
    hints.url = urls[data[0] >> 2 & 3];
    hints.subprotocol = (data[0] & 16) != 0 ? "janus-protocol" : NULL;
    hints.direction = (wr_direction)((data[0] >> 5) % 3);
    exact = g_memdup2(data + 1, size - 1);
    wr_json_find_worthwhile(exact, size - 1);
    result = wr_json_find(exact, size - 1, &hints);
    if (result->hits->len > WR_FIND_MAX_HITS || result->problem_offset > size)
        abort();
    for (unsigned i = 0; i < result->hits->len; i++)
        use(g_ptr_array_index(result->hits, i));
    wr_find_result_free(result);
    /* The same as a request, as its answer, and as what follows a join. */
    hints.dialogue = wr_dialogue_new();
    wr_json_find_exchanges(exact, size - 1);
    for (unsigned turn = 0; turn < 3; turn++) {
        hints.side = turn & 1;
        wr_find_result_free(wr_json_find(exact, size - 1, &hints));
    }
    wr_dialogue_free(hints.dialogue);
    for (size_t at = 0; documents < 64; documents++) {
        char *name;
        GByteArray *value;
        if (!wr_unwrap_form_next(exact, size - 1, &at, &name, &value))
            break;
        g_free(name);
        g_byte_array_unref(value);
    }
    g_free(exact);
    return 0;
}
