/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "paths.h"

#include <glib.h>
#include <string.h>

/* Both directions of a path: what happened that makes the first packets new ones. */
typedef struct {
    wr_path path; /* the key */
    uint32_t generation;
    uint64_t user[2];    /* user names of the last checks, mixed; by direction */
    uint64_t consent[2]; /* when one last came that allowed this direction to send (RFC 7675); 0 for never */
    bool lapsed[2];      /* it sent on long after that */
} path_state;

struct wr_paths {
    GHashTable *states; /* by wr_path, its own value's first member */
    uint32_t epoch;     /* other than it was since all were forgotten; never 0 */
};

/* Not for others to know. */
static uint64_t seed;

unsigned wr_spread(const void *key, size_t n)
{
    uint64_t h = seed, word;

    for (size_t i = 0; i + 8 <= n; i += 8) {
        memcpy(&word, (const uint8_t *)key + i, 8);
        h = wr_mix(h + (h << 7), word);
    }
    return (unsigned)(h ^ h >> 29);
}

static guint path_hash(const void *key)
{
    return wr_spread(key, sizeof(wr_path));
}

static gboolean path_equal(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(wr_path)) == 0;
}

wr_paths *wr_paths_new(void)
{
    wr_paths *t = g_new0(wr_paths, 1);

    G_STATIC_ASSERT(sizeof(wr_path) % 8 == 0 && sizeof(wr_path) == 56);
    seed = (uint64_t)g_random_int() << 32 | g_random_int();
    t->epoch = 1;
    t->states = g_hash_table_new_full(path_hash, path_equal, NULL, g_free);
    return t;
}

void wr_paths_free(wr_paths *t)
{
    g_hash_table_destroy(t->states);
    g_free(t);
}

void wr_paths_forget(wr_paths *t)
{
    g_hash_table_remove_all(t->states);
    t->epoch = MAX(t->epoch + 1, 1);
}

/* Both directions of a path under one key. */
static path_state *path_of(wr_paths *t, const wr_datagram *d, bool relay)
{
    wr_path key = d->path;
    path_state *x;

    if (!d->from_low) {
        memcpy(key.source, d->path.target, sizeof key.source);
        memcpy(key.target, d->path.source, sizeof key.target);
        key.source_port = d->path.target_port;
        key.target_port = d->path.source_port;
    }
    if (!relay)
        key.relay = 0;
    x = g_hash_table_lookup(t->states, &key);
    if (x != NULL)
        return x;
    if (g_hash_table_size(t->states) >= WR_THIN_PATHS)
        wr_paths_forget(t);
    x = g_new0(path_state, 1);
    x->path = key;
    x->generation = g_random_int(); /* not that of one forgotten */
    g_hash_table_add(t->states, x);
    return x;
}

/* A STUN message (RFC 8489): the user name is that of a new ICE session, or a channel was bound. */
static bool is_new_check(path_state *x, bool from_low, const uint8_t *p, size_t n)
{
    enum { HEADER = 20, BINDING = 0x0001, CHANNEL_BIND = 0x0009, USERNAME = 0x0006 };
    const unsigned type = (unsigned)p[0] << 8 | p[1];
    uint64_t user = 1;

    if (n < HEADER || memcmp(p + 4, "\x21\x12\xa4\x42", 4) != 0)
        return false;
    if (type == CHANNEL_BIND)
        return true;
    if (type != BINDING)
        return false;
    for (size_t at = HEADER; n - at >= 4;) {
        const size_t length = (size_t)p[at + 2] << 8 | p[at + 3], step = 4 + ((length + 3) & ~(size_t)3);
        if (step > n - at)
            break;
        if (((unsigned)p[at] << 8 | p[at + 1]) == USERNAME)
            for (size_t i = 0; i < length; i++)
                user = wr_mix(user, p[at + 4 + i] + 1u);
        at += step;
    }
    if (x->user[from_low] == user)
        return false;
    x->user[from_low] = user;
    return true;
}

/* A check was answered: who sent it may go on sending. What it sent without leave ends here. */
static void note_consent(path_state *x, bool from_low, uint64_t time_us)
{
    x->consent[!from_low] = time_us;
    x->generation += x->lapsed[!from_low];
    x->lapsed[!from_low] = false;
}

/* What is sent without leave begins here. */
static void note_lapse(path_state *x, bool from_low, uint64_t time_us)
{
    const uint64_t since = x->consent[from_low];

    if (since == 0 || x->lapsed[from_low] || time_us < since || time_us - since <= WR_THIN_CONSENT_US)
        return;
    x->lapsed[from_low] = true;
    x->generation++;
}

void wr_paths_note(wr_paths *t, const wr_datagram *d, const uint8_t *p, uint64_t time_us)
{
    enum { HANDSHAKE = 22, SUCCESS = 0x0101 };
    const bool dtls = p[0] == HANDSHAKE, stun = p[0] < 4;
    path_state *x;

    if (!dtls && !stun)
        return;
    x = path_of(t, d, d->relayed);
    if (dtls || is_new_check(x, d->from_low, p, d->captured))
        x->generation++;
    if (stun && ((unsigned)p[0] << 8 | p[1]) == SUCCESS)
        note_consent(x, d->from_low, time_us);
}

uint32_t wr_paths_generation(wr_paths *t, const wr_datagram *d, uint64_t time_us, wr_path_known *known)
{
    path_state *x;

    while (known->epoch != t->epoch) { /* once more where the second made it forget the first */
        known->epoch = t->epoch;
        known->path = path_of(t, d, d->relayed);
        known->carrier = d->relayed ? path_of(t, d, false) : NULL;
    }
    x = known->path;
    note_lapse(x, d->from_low, time_us);
    return known->carrier != NULL ? x->generation + ((path_state *)known->carrier)->generation : x->generation;
}
