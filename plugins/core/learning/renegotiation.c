/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A handshake inside an association (renegotiation, RFC 5246 7.4.1.1), which RFC 8827 6.5 forbids: it can put other
 * certificates in the place of those that were shown in clear. Its messages are encrypted; in clear are only
 * ChangeCipherSpec under keys, and the next epoch of the records behind it (RFC 6347 4.1).
 */
#include "learn.h"

#define STAYS_US (2 * WR_SECOND) /* what is that much behind the change of keys is no straggler */

/* One that differs from the first handshake's says more than one that does not. */
static void take_certificate(wr_engine *e, wr_association *a, wr_side *side, const wr_dtls_evidence *d)
{
    wr_renegotiation *r = wr_renegotiation_of(side);
    wr_certificate *leaf = d->event->leaf != NULL ? wr_certificate_shared(e, d->event->leaf) : NULL;
    const wr_certificate *first = side->presented.certificate;

    if (r->last_frame == d->at.frame) /* by Wireshark, and by inner_handshakes.c */
        return;
    r->last_frame = d->at.frame;
    if (r->certificates < UINT16_MAX)
        r->certificates++;
    if (leaf == NULL || (r->certificate != NULL && first != NULL && !wr_certificate_same(r->certificate, first)))
        return;
    wr_certificate_unref(r->certificate);
    r->certificate = wr_certificate_ref(leaf);
    r->frame = d->at.frame;
    a->dirty = true;
}

bool wr_facts_renegotiation(wr_engine *e, wr_association *a, wr_side *side, const wr_dtls_evidence *d)
{
    const wr_dtls_event *v = d->event;

    if (a == NULL || !v->decrypted || a->version == WR_DTLS_1_3 || a->version == 0 ||
        v->kind > WR_DTLS_OTHER_HANDSHAKE || v->kind == WR_DTLS_FINISHED)
        return false;
    if ((v->kind == WR_DTLS_CLIENT_HELLO || v->kind == WR_DTLS_SERVER_HELLO || v->handshake_type == 0) &&
        wr_hello_facts_of(a)->renegotiation_read == 0)
        a->facts->renegotiation_read = d->at.frame;
    if (v->kind == WR_DTLS_CERTIFICATE && side != NULL && !v->retransmission)
        take_certificate(e, a, side, d);
    return true;
}

void wr_renegotiation_record(wr_association *a, wr_side *side, const wr_dtls_evidence *d)
{
    const wr_dtls_event *v = d->event;
    wr_renegotiation *r;

    if (a->version == WR_DTLS_1_3 || v->epoch == 0 || v->decrypted || !wr_association_is_completed(a))
        return;
    if (v->kind == WR_DTLS_CHANGE_CIPHER_SPEC) {
        r = wr_renegotiation_of(side);
        a->dirty |= r->switch_frame == 0;
        if (r->switch_frame == 0)
            r->switch_us = d->at.time_us;
        r->switch_frame = r->switch_frame != 0 ? r->switch_frame : d->at.frame;
        return;
    }
    r = side->facts != NULL ? side->facts->again : NULL;
    if (v->epoch == 1) {
        if (r != NULL && r->stays_frame == 0 && r->switch_frame != 0 && v->kind == WR_DTLS_APPLICATION_DATA &&
            d->at.time_us - r->switch_us > STAYS_US) {
            r->stays_frame = d->at.frame;
            a->dirty = true;
        }
        return;
    }
    if (v->kind != WR_DTLS_ENCRYPTED_HANDSHAKE && v->kind != WR_DTLS_APPLICATION_DATA &&
        v->kind != WR_DTLS_ENCRYPTED_ALERT)
        return;
    r = wr_renegotiation_of(side);
    a->dirty |= r->epoch < v->epoch;
    if (r->epoch_frame == 0)
        r->epoch_frame = d->at.frame;
    r->epoch = MAX(r->epoch, v->epoch);
}
