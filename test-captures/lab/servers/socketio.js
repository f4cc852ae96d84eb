// SPDX-License-Identifier: GPL-2.0-or-later
// A Socket.IO server that passes the events of a call to the others in the room.
'use strict';
const { Server } = require('socket.io');
const { config, tell } = require('../peers/line');

const server = new Server(config.port, { cors: { origin: '*' } });
const members = new Map();
server.on('connection', socket => {
    socket.on('join', room => {
        socket.join(room);
        socket.data.room = room;
        members.set(room, (members.get(room) || 0) + 1);
        if (members.get(room) === 2)
            server.to(room).emit('ready');
    });
    for (const name of ['offer', 'answer', 'candidate'])
        socket.on(name, message => socket.to(socket.data.room).emit(name, message));
});
tell('ready');
