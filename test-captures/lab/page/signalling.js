// SPDX-License-Identifier: GPL-2.0-or-later
// Ways to the lab's own signalling: JSON over a WebSocket, and the same messages as Socket.IO events.
'use strict';

/** Each takes the configuration and a function for what arrives, and returns a function that sends. */
const signalling = {
    websocket(config, receive) {
        const socket = new WebSocket(config.url);
        socket.onopen = () => socket.send(JSON.stringify({ type: 'join', room: config.room, name: config.name }));
        socket.onmessage = event => receive(JSON.parse(event.data));
        lab.closers.push(() => socket.close());
        return message => socket.send(JSON.stringify(message));
    },

    socketio(config, receive) {
        const socket = io(config.url, { transports: config.transports || ['polling', 'websocket'] });
        socket.on('connect', () => socket.emit('join', config.room, config.name));
        for (const type of ['ready', 'offer', 'answer'])
            socket.on(type, message => receive({ type, ...(message && message.description) }));
        socket.on('candidate', message => receive({ type: 'candidate', ...message }));
        lab.closers.push(() => socket.close());
        return ({ type, sdp, candidate }) =>
            socket.emit(type, type === 'candidate' ? { candidate } : { description: { type, sdp } });
    },
};
