// SPDX-License-Identifier: GPL-2.0-or-later
// Calls through services with a signalling protocol of their own. Each gives lab.pc once there is a connection.
'use strict';

const transaction = () => Math.random().toString(36).slice(2, 14);

const services = {
    async 'janus-websocket'(config, media) {
        const socket = new WebSocket(config.url, 'janus-protocol');
        const waiting = {};
        const call = message => new Promise(resolve => {
            message.transaction = transaction();
            waiting[message.transaction] = resolve;
            socket.send(JSON.stringify(message));
        });
        socket.onmessage = async event => {
            const message = JSON.parse(event.data);
            if (message.jsep)
                await lab.pc.setRemoteDescription(message.jsep);
            if (message.janus !== 'ack' && waiting[message.transaction])
                waiting[message.transaction](message);
        };
        await new Promise(resolve => { socket.onopen = resolve; });
        lab.closers.push(() => socket.close());
        const session_id = (await call({ janus: 'create' })).data.id;
        const attach = { janus: 'attach', session_id, plugin: 'janus.plugin.echotest' };
        const handle_id = (await call(attach)).data.id;
        await janusOffer(media, message => {
            socket.send(JSON.stringify({ transaction: transaction(), session_id, handle_id, ...message }));
        });
    },

    async 'janus-http'(config, media) {
        const post = async (path, message) => {
            const body = JSON.stringify({ transaction: transaction(), ...message });
            return (await fetch(config.url + path, { method: 'POST', body })).json();
        };
        const session = '/' + (await post('', { janus: 'create' })).data.id;
        const attach = { janus: 'attach', plugin: 'janus.plugin.echotest' };
        const handle = `${session}/${(await post(session, attach)).data.id}`;
        const poll = async () => {
            for (;;) {
                const event = await (await fetch(`${config.url}${session}?maxev=1&rid=${Date.now()}`)).json();
                if (event.jsep)
                    await lab.pc.setRemoteDescription(event.jsep);
            }
        };
        poll().catch(error => lab.log.push(`poll: ${error}`));
        await janusOffer(media, message => post(handle, message));
    },

    async peerjs(config, media) {
        const { hostname, port } = new URL(config.url);
        const peer = new Peer(config.name, { host: hostname, port: +port, path: '/', config: { iceServers: [] } });
        const listen = call => {
            lab.pc = call.peerConnection;
            call.on('stream', play);
        };
        peer.on('error', error => lab.log.push(`peerjs: ${error.type}`));
        peer.on('call', call => { call.answer(media); listen(call); });
        peer.on('connection', channel => channel.on('data', () => lab.messages++));
        await new Promise(resolve => peer.on('open', resolve));
        lab.closers.push(() => peer.destroy());
        lab.go = () => {
            listen(peer.call(config.peer, media));
            if (config.media.includes('data')) {
                const channel = peer.connect(config.peer);
                channel.on('open', () => channel.send(`hello from ${config.name}`));
            }
        };
    },

    async sip(config) {
        const { hostname } = new URL(config.url);
        const options = { mediaConstraints: { audio: true, video: false }, pcConfig: { iceServers: [] } };
        const agent = new JsSIP.UA({
            sockets: [new JsSIP.WebSocketInterface(config.url)], uri: `sip:${config.name}@${hostname}`,
            register: true, session_timers: false,
        });
        agent.on('newRTCSession', ({ originator, session }) => {
            session.on('peerconnection', event => { lab.pc = event.peerconnection; });
            session.on('failed', event => lab.log.push(`sip: ${event.cause}`));
            if (originator === 'remote')
                session.answer(options);
        });
        const registered = new Promise(resolve => agent.on('registered', resolve));
        agent.start();
        await registered;
        lab.closers.push(() => agent.stop());
        lab.go = () => { lab.pc = agent.call(`sip:${config.peer}@${hostname}`, options).connection; };
    },

    async whip(config, media) {
        const pc = lab.pc = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
        for (const track of media.getTracks())
            pc.addTransceiver(track, { direction: 'sendonly' });
        await pc.setLocalDescription(await pc.createOffer());
        if (!config.trickle)
            await new Promise(resolve => {
                pc.onicegatheringstatechange = () => pc.iceGatheringState === 'complete' && resolve();
            });
        const headers = { 'Content-Type': 'application/sdp', Authorization: 'Bearer lab-token' };
        const answer = await fetch(config.url, { method: 'POST', headers, body: pc.localDescription.sdp });
        const resource = new URL(answer.headers.get('Location'), config.url);
        await pc.setRemoteDescription({ type: 'answer', sdp: await answer.text() });
        lab.closers.push(() => fetch(resource, { method: 'DELETE', headers }));
    },
};

async function janusOffer(media, send) {
    const pc = lab.pc = new RTCPeerConnection();
    const call = new Call(pc, { ...lab.config, role: 'offer' }, media.getTracks());
    call.send = ({ candidate }) => send({ janus: 'trickle', candidate });
    pc.onicecandidate = event => send({ janus: 'trickle', candidate: event.candidate || { completed: true } });
    if (lab.config.media.includes('data'))
        call.talk(pc.createDataChannel('JanusDataChannel'));
    await pc.setLocalDescription(await pc.createOffer());
    const { type, sdp } = pc.localDescription;
    send({ janus: 'message', body: { audio: true, video: false }, jsep: { type, sdp } });
}

function play(stream) {
    const element = document.createElement('audio');
    element.muted = true;
    element.srcObject = stream;
    element.play().catch(() => {});
}
