/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Descriptions: which are WebRTC's, by which keys copies of one are found, and what a relay may do with them (rules
 * 2.5, 2.6).
 */
#include "records/description.h"
#include "base/digest.h"
#include "records/stated.h"
#include "records/store.h"
#include "sdp/streams.h"

#include <string.h>

void wr_copy_free(gpointer p)
{
    wr_copy *c = p;
    wr_sdp_unref(c->sdp);
    g_free(c->addresses);
    for (unsigned i = 0; i < c->credentials.len; i++)
        g_free(wr_list_at(&c->credentials, i));
    wr_list_clear(&c->credentials);
    g_free(c);
}

size_t wr_sdp_size(const wr_sdp *sdp)
{
    return sizeof *sdp + sdp->block_len + (sdp->packed == NULL ? sdp->text_len : 0);
}

uint64_t wr_credential_key(const char *ufrag, const char *password)
{
    char *text = g_strconcat(ufrag, " ", password, NULL);
    uint64_t key = wr_key_text(text);

    g_free(text);
    return key;
}

uint64_t wr_fingerprint_key(wr_hash hash, const uint8_t *digest, size_t n)
{
    uint8_t bytes[WR_DIGEST_MAX + 1];

    n = MIN(n, WR_DIGEST_MAX);
    bytes[0] = (uint8_t)hash;
    memcpy(bytes + 1, digest, n);
    return wr_key(bytes, n + 1);
}

void wr_copies_close(const GPtrArray *copies)
{
    for (unsigned i = 0; i < copies->len; i++)
        wr_sdp_close(((wr_copy *)g_ptr_array_index(copies, i))->sdp);
}

uint16_t wr_copies_extension_ids(const GPtrArray *copies, const char *uri)
{
    unsigned set = 0;

    for (unsigned i = 0; i < copies->len; i++) {
        const wr_copy *c = g_ptr_array_index(copies, i);
        if (wr_kind_is_answer(c->kind))
            set |= wr_sdp_extension_ids(c->sdp, uri);
    }
    return (uint16_t)set;
}

bool wr_copy_announces_relay(const wr_copy *c, const wr_endpoint *at)
{
    for (unsigned i = 0; i < c->n_addresses; i++)
        if ((c->relayed[i / 32] >> i % 32 & 1) != 0 && wr_endpoint_equal(&c->addresses[i], at))
            return true;
    return false;
}

bool wr_copy_has_ufrag(const wr_copy *c, const char *ufrag)
{
    for (unsigned i = 0; i < c->credentials.len; i++)
        if (strcmp(((const wr_credential *)wr_list_at(&c->credentials, i))->ufrag, ufrag) == 0)
            return true;
    return false;
}

/* A description that belongs to WebRTC, by its own words: a certificate is announced, or DTLS is the transport, or ICE
 * with the feedback profile. A plain SIP or RTSP call is none of our business. */
bool wr_sdp_is_webrtc(const wr_sdp *sdp)
{
    bool ice = sdp->session.ice_ufrag != NULL;

    if (sdp->session.n_fingerprints > 0)
        return true;
    for (unsigned i = 0; i < sdp->n_sections; i++) {
        const wr_sdp_section *s = &sdp->sections[i];
        const char *proto = s->proto != NULL ? s->proto : "";
        if (s->own.n_fingerprints > 0 || strstr(proto, "TLS/") != NULL)
            return true;
        if ((ice || s->own.ice_ufrag != NULL) && g_str_has_suffix(proto, "SAVPF"))
            return true;
    }
    return false;
}

bool wr_copies_same_class(const wr_copy *a, const wr_copy *b)
{
    return wr_kind_is_answer(a->kind) == wr_kind_is_answer(b->kind);
}

int64_t wr_copy_after(const wr_copy *c, const wr_copy *than)
{
    return c->time_us - than->time_us - (c->timed && than->timed ? c->ahead_us - than->ahead_us : 0);
}

int64_t wr_copy_after_us(const wr_copy *c, const wr_association *a, int64_t us)
{
    return c->time_us - us - (c->timed && a->timed ? c->ahead_us - a->ahead_us : 0);
}

int64_t wr_copy_after_inferred(const wr_copy *c, const wr_copy *than)
{
    return wr_copy_after(c, than) - (c->spot != 0 && than->spot != 0 ? c->spot_ahead_us - than->spot_ahead_us : 0);
}

bool wr_copies_within(const wr_copy *a, const wr_copy *b, int64_t us)
{
    return ABS(a->time_us - b->time_us) <= us || ABS(wr_copy_after(a, b)) <= us ||
           ABS(wr_copy_after_inferred(a, b)) <= us;
}

/* Within one hop's time, and not before. */
static bool is_hop_later(int64_t us)
{
    return us >= -WR_SLACK_US && us <= WR_HOP_US;
}

bool wr_copy_is_hop(const wr_copy *p, const wr_copy *c)
{
    return wr_leg_root(p->leg) != wr_leg_root(c->leg) && wr_copies_same_class(p, c) &&
           wr_endpoint_same_host(&p->dst, &c->src) &&
           (is_hop_later(c->time_us - p->time_us) || is_hop_later(wr_copy_after(c, p)) ||
            is_hop_later(wr_copy_after_inferred(c, p)));
}

bool wr_copies_share_credentials(const wr_copy *a, const wr_copy *b)
{
    for (unsigned i = 0; i < a->credentials.len; i++) {
        const wr_credential *x = wr_list_at(&a->credentials, i);
        for (unsigned j = 0; x->password != NULL && j < b->credentials.len; j++) {
            const wr_credential *y = wr_list_at(&b->credentials, j);
            if (y->password != NULL && strcmp(x->ufrag, y->ufrag) == 0 && strcmp(x->password, y->password) == 0)
                return true;
        }
    }
    return false;
}

/* A relay takes a description from the leg of one client and puts it on the leg of another: emitted here, delivered
 * there; or one host is the server of this leg and the client of that. */
bool wr_copies_may_relay(const wr_copy *a, const wr_copy *b)
{
    const wr_leg *x = wr_leg_root(a->leg), *y = wr_leg_root(b->leg);

    /* credentials are drawn at random for each description: with the same ones it is the same, at whatever distance;
     * and clocks of witnesses may differ */
    if (x == y || !wr_copies_same_class(a, b) ||
        (!wr_copies_within(a, b, WR_COPY_US) && !wr_copy_is_stated(a) && !wr_copy_is_stated(b) &&
         !wr_copies_share_credentials(a, b)))
        return false;
    if (a->direction == WR_DIRECTION_UNKNOWN || b->direction == WR_DIRECTION_UNKNOWN || a->direction != b->direction)
        return true;
    return wr_endpoint_same_host(&x->server, &y->client) || wr_endpoint_same_host(&y->server, &x->client);
}

static uint64_t hash_key(const uint8_t hash[WR_SHA256], wr_kind kind)
{
    uint8_t bytes[WR_SHA256 + 1];

    memcpy(bytes, hash, WR_SHA256);
    bytes[WR_SHA256] = wr_kind_is_answer(kind);
    return wr_key(bytes, sizeof bytes);
}

uint64_t wr_copy_canonical_key(const wr_copy *c)
{
    return hash_key(c->sdp->canonical, c->kind);
}

uint64_t wr_copy_origin_key(const wr_copy *c)
{
    char *author = wr_sdp_author(c->sdp);
    char *text =
        g_strdup_printf("%s %" G_GUINT64_FORMAT " %d", author, c->sdp->sess_version, wr_kind_is_answer(c->kind));
    uint64_t key = wr_key_text(text);

    g_free(text);
    g_free(author);
    return key;
}

/* A body says who wrote it when something in it was drawn at random: browsers' data-channel offers are all alike. */
bool wr_copy_has_random_body(const wr_copy *c)
{
    bool tells = c->sdp->cname != NULL;

    for (unsigned i = 0; !tells && i < c->sdp->n_sections; i++)
        tells = c->sdp->sections[i].ssrc != 0;
    return tells;
}

uint64_t wr_copy_body_key(const wr_copy *c)
{
    return hash_key(c->sdp->body, c->kind);
}

uint64_t wr_host_key(const wr_endpoint *at)
{
    wr_endpoint host = *at;

    host.port = 0;
    return wr_endpoint_key(&host);
}

const char *wr_copy_kind_name(const wr_copy *c)
{
    return wr_kind_name(c->is_part ? WR_KIND_FRAGMENT : c->kind);
}

wr_bucket wr_copies_with(const wr_engine *e, const wr_credential *k)
{
    const wr_bucket none = {NULL, 0};

    return k->password != NULL ? wr_index_find(e->by_credential, wr_credential_key(k->ufrag, k->password)) : none;
}

bool wr_copy_is_unsent(const wr_engine *e, const wr_copy *c)
{
    for (unsigned i = 0; c->unsent != 0 && i < c->credentials.len; i++) {
        const wr_bucket bucket = wr_copies_with(e, wr_list_at(&c->credentials, i));
        for (unsigned j = 0; j < bucket.len && j < WR_MAX_BUCKET; j++) {
            const wr_copy *r = bucket.members[j];
            if (r->unsent == 0 && r->connection == c->connection && r->direction == c->direction &&
                wr_copies_same_class(r, c) && !wr_copy_is_stated(r))
                return true;
        }
    }
    return false;
}

bool wr_copies_not_altered_between(const wr_copy *a, const wr_copy *b)
{
    return a->point == b->point || (a->said_twice && b->said_twice && !(a->between && b->between));
}
