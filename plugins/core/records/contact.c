/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What HTTP heads and messages between a client host and a server showed.
 */
#include "records/contact.h"
#include "records/store.h"

#include <string.h>

wr_contacts *wr_contacts_new(void)
{
    wr_contacts *c = g_new0(wr_contacts, 1);

    c->by_ends = wr_index_new();
    c->pages = g_ptr_array_new_with_free_func(g_free);
    c->pushes = g_ptr_array_new_with_free_func(g_free);
    c->weak_tls = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, g_free);
    c->disorder = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, g_free);
    return c;
}

void wr_contacts_free(wr_contacts *c)
{
    for (unsigned i = 0; i < wr_index_size(c->by_ends); i++)
        g_free(wr_index_nth(c->by_ends, i).members[0]);
    wr_index_free(c->by_ends);
    g_ptr_array_free(c->pages, TRUE);
    g_ptr_array_free(c->pushes, TRUE);
    g_hash_table_destroy(c->weak_tls);
    g_hash_table_destroy(c->disorder);
    g_free(c);
}

uint64_t wr_contact_key(const wr_endpoint *client, const wr_endpoint *server)
{
    wr_endpoint ends[2] = {*client, *server};

    ends[0].port = 0;
    return wr_key(ends, sizeof ends);
}

const wr_contact *wr_contact_of(const wr_engine *e, const wr_leg *leg)
{
    if (!wr_endpoint_known(&leg->client))
        return NULL;
    return wr_index_get(e->contacts->by_ends, wr_contact_key(&leg->client, &leg->server));
}

const wr_disorder *wr_disorder_of(const wr_engine *e, uint32_t connection)
{
    return connection == 0 ? NULL : g_hash_table_lookup(e->contacts->disorder, GUINT_TO_POINTER(connection));
}

const wr_weak_tls *wr_weak_tls_of(const wr_engine *e, uint32_t connection)
{
    return connection == 0 ? NULL : g_hash_table_lookup(e->contacts->weak_tls, GUINT_TO_POINTER(connection));
}

/* RFC 8996: 1.0 and 1.1 must not be used. */
bool wr_tls_is_old(uint16_t version)
{
    return version < 0x0303;
}

/* RFC 7525 4.1: no NULL encryption, no RC4, no export; anonymous suites authenticate nobody. */
bool wr_tls_suite_is_broken(uint16_t suite)
{
    const char *name = wr_tls_suite_name(suite);

    return name != NULL && (strstr(name, "_NULL") != NULL || strstr(name, "_anon_") != NULL ||
                            strstr(name, "EXPORT") != NULL || strstr(name, "_RC4_") != NULL);
}
