/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "wr_epan/tls.h"
#include "wr_epan/series.h"

#if __has_include(<epan/dissectors/packet-tls.h>)
#include <epan/dissectors/packet-tls.h>
#endif

/* What Wireshark keeps of a secret: its records, in the layout of all series; the header with them wants Gcrypt's. */
typedef struct {
    uint8_t *data;
    unsigned length;
} tls_string;

#ifdef WR_HAVE_TLS_MAPS
typedef struct {
    GHashTable *session, *tickets, *crandom, *pre_master, *pms;
    GHashTable *client_early, *client_handshake, *server_handshake, *client_appdata, *server_appdata;
    GHashTable *early_exporter, *exporter;
} tls_maps;

extern tls_maps *tls_get_master_key_map(bool load_secrets);

static GHashTable *secrets(bool exporter)
{
    const tls_maps *maps = tls_get_master_key_map(true);

    return maps == NULL ? NULL : exporter ? maps->exporter : maps->crandom;
}
#elif defined(WR_HAVE_TLS_CRANDOM)
static GHashTable *secrets(bool exporter)
{
    return exporter ? NULL : ssl_crandom_hash;
}
#else
static GHashTable *secrets(bool exporter _U_)
{
    return NULL;
}
#endif

bool wr_tls_secret_tells_all(void)
{
#ifdef WR_HAVE_TLS_MAPS
    return true;
#else
    return false;
#endif
}

bool wr_tls_secret(const uint8_t *client_random, bool exporter, uint8_t *out, size_t *length)
{
    tls_string key = {(uint8_t *)(uintptr_t)client_random, 32};
    GHashTable *map = secrets(exporter);
    const tls_string *found = map != NULL ? (const tls_string *)g_hash_table_lookup(map, &key) : NULL;

    if (found == NULL || found->data == NULL || found->length == 0 || found->length > *length)
        return false;
    memcpy(out, found->data, found->length);
    *length = found->length;
    return true;
}

void wr_tls_carries(void *data, dissector_handle_t handle)
{
#ifdef WR_HAVE_TLSINFO
    *((struct tlsinfo *)data)->app_handle = handle;
#elif __has_include(<epan/dissectors/packet-tls.h>)
    *(dissector_handle_t *)data = handle;
#else
    (void)data; /* what it is cannot be known: the connection is recognised anew with each packet */
    (void)handle;
#endif
}

/* By a field of theirs, since neither header nor table of dissectors tells. */
bool wr_dtls13_is_known(void)
{
    static int field;

    if (field == 0)
        field = proto_registrar_get_id_byname("dtls.unified_header.fixed");
    return field > 0;
}
