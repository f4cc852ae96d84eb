// SPDX-License-Identifier: GPL-2.0-or-later
// What the lab's driver calls in a browser: start, go, report, restartIce, renegotiate, close.
'use strict';

const lab = window.lab = {
    pc: null, call: null, log: [], messages: 0, closers: [],

    /** Prepares this end; service calls wait for go(), the lab's own signalling starts calls by itself. */
    async start(config) {
        lab.config = config;
        const media = await lab.media(config);
        if (services[config.kind])
            return services[config.kind](config, media);
        const certificates = config.rsa ? [await lab.rsaCertificate()] : undefined;
        const pc = lab.pc = new RTCPeerConnection({
            iceServers: config.iceServers || [], iceTransportPolicy: config.relayOnly ? 'relay' : 'all',
            bundlePolicy: 'balanced', certificates,
        });
        const tracks = media.getTracks().map(track => ({ track, streams: [media] }));
        lab.call = new Call(pc, config, tracks);
        pc.ontrack = event => event.streams[0] && play(event.streams[0]);
        lab.call.send = signalling[config.kind](config, message => lab.call.receive(message));
    },

    async media({ media }) {
        const video = media.includes('video') && { width: 160, height: 120, frameRate: 5 };
        if (!media.includes('audio') && !video)
            return new MediaStream();
        return navigator.mediaDevices.getUserMedia({ audio: media.includes('audio'), video });
    },

    rsaCertificate() {
        const publicExponent = new Uint8Array([1, 0, 1]);
        return RTCPeerConnection.generateCertificate(
            { name: 'RSASSA-PKCS1-v1_5', modulusLength: 2048, publicExponent, hash: 'SHA-256' });
    },

    go() {},
    state: () => (lab.pc ? lab.pc.connectionState : 'new'),
    restartIce: () => lab.call.restartIce(),
    renegotiate: () => lab.call.renegotiate(),

    async report() {
        if (lab.call)
            return lab.call.report();
        return lab.pc ? Call.report(lab.pc, { messages: lab.messages, log: lab.log }) : { state: 'new', log: lab.log };
    },

    close() {
        if (lab.pc)
            lab.pc.close();
        for (const close of lab.closers)
            close();
    },
};
