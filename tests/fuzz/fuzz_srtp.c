/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fuzzes SRTP and SRTCP packets: the first byte chooses the profile, the second the length of the master key
 * identifier, datagrams follow with their lengths. Nothing that a fuzzer finds has a tag that validates, but for those
 * of seeds. */
#include "srtp/receiver.h"

#include <glib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint8_t key[WR_SRTP_MAX_KEY + 1] = "a master key that only tests use",
                                               salt[WR_SRTP_MAX_SALT + 1] = "and their salt";
    wr_srtp_receiver *r;

    if (size < 2)
        return 0;
    r = wr_srtp_receiver_new(
        wr_srtp_keys_new(wr_srtp_profile_nth(data[0] % WR_SRTP_PROFILES), key, salt, data[1] % 129));
    for (size_t at = 2; size - at >= 2;) {
        size_t n = (size_t)data[at] << 8 | data[at + 1], n_out = 0;
        uint8_t *packet, *out;
        wr_srtp_received got;
        at += 2;
        n = MIN(n, size - at);
        packet = g_memdup2(data + at, n); /* of its very length, so that reading beyond is seen */
        out = g_malloc(n + 1);
        got = wr_srtp_receive(r, packet, n, (uint32_t)at, out, &n_out);
        if (got.verdict == WR_SRTP_VERIFIED)
            g_assert_cmpuint(n_out, <, n);
        g_free(packet);
        g_free(out);
        at += n;
    }
    wr_srtp_receiver_free(r);
    return 0;
}
