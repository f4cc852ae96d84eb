/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fuzzes the STUN reader (RFC 8489): any bytes, and what it says about them must lie within them. */
#include "stun/stun.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void assert_inside(const uint8_t *bytes, size_t size, const void *start, size_t length)
{
    if (start != NULL) {
        size_t offset = (size_t)((const uint8_t *)start - bytes);
        g_assert_true(offset <= size && length <= size - offset);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *inner;
    size_t inner_length;
    uint16_t channel;
    wr_stun msg;
    char *remote, *local;

    if (wr_channel_data(data, size, &channel, &inner, &inner_length))
        assert_inside(data, size, inner, inner_length);
    if (!wr_stun_parse(data, size, &msg))
        return 0;
    assert_inside(data, size, msg.bytes, msg.length);
    assert_inside(data, size, msg.username, msg.username_length);
    assert_inside(data, size, msg.realm, msg.realm_length);
    assert_inside(data, size, msg.software, msg.software_length);
    assert_inside(data, size, msg.data, msg.data_length);
    assert_inside(data, size, msg.dtls, msg.dtls_length);
    g_assert_nonnull(wr_stun_name(msg.method, msg.message_class));
    if (wr_stun_split_username(&msg, &remote, &local)) {
        g_free(remote);
        g_free(local);
    }
    /* Any two bytes of the input serve as an offset too, whatever the reader found. */
    wr_stun_integrity_valid(msg.bytes, msg.length, msg.integrity_offset, "password", 8);
    wr_stun_integrity_valid(msg.bytes, msg.length, (size_t)(data[8] << 8 | data[9]), "password", 8);
    return 0;
}
