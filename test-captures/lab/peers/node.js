// SPDX-License-Identifier: GPL-2.0-or-later
// One end of a call in Node: @roamhq/wrtc, werift, or libdatachannel by way of node-datachannel.
'use strict';
const WebSocket = require('ws');
const { config, tell, serve, watch } = require('./line');
const { Call } = require('../page/call');

/** Each gives a peer connection and the tracks to send. */
const stacks = {
    wrtc() {
        const { RTCPeerConnection, nonstandard } = require('@roamhq/wrtc');
        const tracks = [];
        if (config.media.includes('audio')) {
            const source = new nonstandard.RTCAudioSource();
            const silence = {
                samples: new Int16Array(480), sampleRate: 48000, bitsPerSample: 16, channelCount: 1,
                numberOfFrames: 480,
            };
            setInterval(() => source.onData(silence), 10);
            tracks.push(source.createTrack());
        }
        return { pc: new RTCPeerConnection({ iceServers: config.iceServers || [] }), tracks };
    },

    werift() {
        const { RTCPeerConnection, MediaStreamTrack, RtpPacket, RtpHeader } = require('werift');
        const tracks = [];
        if (config.media.includes('audio')) {
            const track = new MediaStreamTrack({ kind: 'audio' });
            let count = 0;
            setInterval(() => {
                const header = new RtpHeader({ version: 2, payloadType: 96, sequenceNumber: ++count & 0xffff,
                    timestamp: count * 960, ssrc: 1234 });
                try { track.writeRtp(new RtpPacket(header, Buffer.from('f8fffe', 'hex'))); } catch { /* not yet */ }
            }, 20);
            tracks.push(track);
        }
        return { pc: new RTCPeerConnection({ iceServers: config.iceServers || [] }), tracks };
    },

    libdatachannel() {
        const native = require('node-datachannel');
        const { RTCPeerConnection } = require('node-datachannel/polyfill');
        const peerConnection = new native.PeerConnection(config.name, {
            iceServers: [], enableIceTcp: Boolean(config.tcp), disableFingerprintVerification: config.verify === false,
        });
        return { pc: new RTCPeerConnection({ peerConnection }), tracks: [] };
    },
};

const { pc, tracks } = stacks[config.stack]();
const call = new Call(pc, config, tracks);
const socket = new WebSocket(config.url, { rejectUnauthorized: false });
call.send = message => socket.send(JSON.stringify(message));
socket.on('open', () => {
    call.send({ type: 'join', room: config.room, name: config.name });
    tell('ready');
});
socket.on('message', data => call.receive(JSON.parse(data)));
socket.on('error', error => tell('error', { message: String(error) }));

watch(() => pc.connectionState);
serve({
    restartIce: () => call.restartIce(),
    renegotiate: () => call.renegotiate(),
    report: () => call.report(),
    quit: () => { pc.close(); socket.close(); },
});
