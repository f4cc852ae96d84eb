/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names of STUN and TURN messages (RFC 8489 18.2, RFC 8656 17, RFC 6062 6). */
#include "stun/stun.h"

/* Named by class: request, indication, success response, error response. */
typedef struct {
    uint16_t method;
    const char *names[4];
} method_names;

#define ALL_CLASSES(name)                                                                                              \
    {                                                                                                                  \
        name " Request", name " Indication", name " Success Response", name " Error Response"                          \
    }

static const method_names known[] = {
    {WR_STUN_BINDING, ALL_CLASSES("Binding")},
    {WR_STUN_ALLOCATE, ALL_CLASSES("Allocate")},
    {WR_STUN_REFRESH, ALL_CLASSES("Refresh")},
    {WR_STUN_SEND, ALL_CLASSES("Send")},
    {WR_STUN_DATA, ALL_CLASSES("Data")},
    {WR_STUN_CREATE_PERMISSION, ALL_CLASSES("CreatePermission")},
    {WR_STUN_CHANNEL_BIND, ALL_CLASSES("ChannelBind")},
    {0x00A, ALL_CLASSES("Connect")},
    {0x00B, ALL_CLASSES("ConnectionBind")},
    {0x00C, ALL_CLASSES("ConnectionAttempt")},
    {WR_STUN_GOOG_PING, ALL_CLASSES("Google Ping")},
};

const char *wr_stun_name(uint16_t method, uint8_t message_class)
{
    for (size_t i = 0; i < G_N_ELEMENTS(known) && message_class < 4; i++)
        if (known[i].method == method)
            return known[i].names[message_class];
    return "STUN";
}
