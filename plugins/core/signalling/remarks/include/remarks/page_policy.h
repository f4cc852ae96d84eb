/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a page's response fields allow or deny that a call needs: Permissions-Policy and Feature-Policy (W3C), and
 * Content-Security-Policy (W3C CSP3).
 */
#ifndef WR_PAGE_POLICY_H
#define WR_PAGE_POLICY_H

#include <stdbool.h>

typedef struct {
    bool denies_camera, denies_microphone, denies_display; /* to the page itself */
    bool names_encrypted_media;                            /* concerns EME, not WebRTC */
    bool blocks_webrtc;                                    /* webrtc 'block' */
    char *connect; /* sources of connect-src (default-src in its place), NULL when not limited */
} wr_page_policy;

/* Values of the fields; NULL for those absent. Release with wr_page_policy_clear(). */
void wr_page_policy_read(const char *permissions, const char *feature, const char *security, wr_page_policy *out);
void wr_page_policy_clear(wr_page_policy *p);

/* A connection from a page on host `page` to `host` is among the sources. Ports and paths are not looked at. */
bool wr_page_policy_allows(const char *sources, const char *page, const char *host);

#endif
