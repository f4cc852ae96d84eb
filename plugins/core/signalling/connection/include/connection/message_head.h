/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The head of the HTTP/1 (RFC 9112), SIP (RFC 3261) or RTSP message that a body belongs to: start line and fields.
 */
#ifndef WR_MESSAGE_HEAD_H
#define WR_MESSAGE_HEAD_H

#include <stdbool.h>
#include <stddef.h>

#define WR_HEAD_MAX       65536 /* bytes before the body that are looked at */
#define WR_HEAD_MAX_VALUE 1024  /* bytes of a field value; a longer one is cut */

/* Views into the bytes given. */
typedef struct {
    bool response, sip; /* sip: its version is that of SIP */
    unsigned status;    /* of a response, else 0 */
    char method[16];    /* of a request, upper case as written; else "" */
    const char *target; /* request target; NULL for a response */
    size_t target_len;
    const char *fields; /* from the first field to the body */
    size_t fields_len;
} wr_message_head;

/* Finds the last start line in what stands before a body (len bytes). That may begin in the middle of other things
 * (link-layer headers, an earlier message). False when there is no start line. */
bool wr_message_head_find(const char *before, size_t len, wr_message_head *out);
/* The same for the bytes of a head itself, from its first line on. */
bool wr_message_head_read(const char *head, size_t len, wr_message_head *out);

/* The value of the first field called name, or compact (may be NULL; the short form of SIP), in any letter case.
 * A new string of valid UTF-8 (g_free), NULL when there is none. */
char *wr_message_head_field(const wr_message_head *head, const char *name, const char *compact);

/* Of SIP: what one message has alone on one hop of its way, and keeps where addresses are translated: each proxy puts a
 * branch of its own on top (RFC 3261 8.1.1.7, 16.6), or takes its own off. A new string (g_free); NULL without. */
char *wr_message_sip_hop(const wr_message_head *head);

/* The path of a request target or Location: what follows scheme and host, without query and fragment. A new string
 * (g_free); NULL when nothing remains. */
char *wr_message_path(const char *target, size_t len);

/* "alice@example.org" out of a SIP address as From and To have it. A new string (g_free), or NULL. */
char *wr_message_sip_user(const char *address);

#endif
