// SPDX-License-Identifier: GPL-2.0-or-later
// The lab's own signalling: whoever is in a room gets what the others in it send, as JSON over WebSocket.
'use strict';
const fs = require('fs');
const http = require('http');
const https = require('https');
const { WebSocketServer } = require('ws');
const { config, tell } = require('../peers/line');

const server = config.tls
    ? https.createServer({ key: fs.readFileSync(config.tls.key), cert: fs.readFileSync(config.tls.certificate) })
    : http.createServer();
const sockets = new WebSocketServer({ server, perMessageDeflate: config.deflate ? { threshold: 0 } : false });
const rooms = new Map();

function join(socket, { room, name }) {
    const members = rooms.get(room) || [];
    rooms.set(room, [...members, socket]);
    Object.assign(socket, { room, name });
    socket.send(JSON.stringify({ type: 'joined', room, peers: members.map(member => member.name) }));
    if (members.length + 1 >= (config.members || 2))
        for (const member of rooms.get(room))
            member.send(JSON.stringify({ type: 'ready', room }));
}

sockets.on('connection', socket => {
    socket.on('message', data => {
        const message = JSON.parse(data);
        if (message.type === 'join')
            return join(socket, message);
        // The runner hears of candidates: it tells attackers the addresses that they would spy out.
        tell('relayed', { from: socket.name, message });
        for (const member of rooms.get(socket.room) || [])
            if (member !== socket && (!message.to || message.to === member.name))
                member.send(JSON.stringify({ ...message, from: socket.name }));
    });
    socket.on('close', () => {
        const others = (rooms.get(socket.room) || []).filter(member => member !== socket);
        rooms.set(socket.room, others);
    });
});
server.listen(config.port, () => tell('ready'));
