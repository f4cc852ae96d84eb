// SPDX-License-Identifier: GPL-2.0-or-later
// A small WHIP server (RFC 9725): takes an offer by HTTP POST and answers it with @roamhq/wrtc.
'use strict';
const http = require('http');
const { RTCPeerConnection } = require('@roamhq/wrtc');
const { config, tell } = require('../peers/line');

const sessions = new Map();
const ALLOW = {
    'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Headers': '*', 'Access-Control-Allow-Methods': '*',
    'Access-Control-Expose-Headers': 'Location',
};

async function answer(offer) {
    const pc = new RTCPeerConnection();
    const id = `${sessions.size + 1}`;
    sessions.set(id, pc);
    await pc.setRemoteDescription({ type: 'offer', sdp: offer });
    await pc.setLocalDescription(await pc.createAnswer());
    if (pc.iceGatheringState !== 'complete')
        await new Promise(resolve => {
            pc.onicegatheringstatechange = () => pc.iceGatheringState === 'complete' && resolve();
        });
    return { id, sdp: pc.localDescription.sdp };
}

async function respond(request, response, body) {
    if (request.method === 'POST') {
        const { id, sdp } = await answer(body);
        const Location = `/whip/resource/${id}`;
        response.writeHead(201, { ...ALLOW, 'Content-Type': 'application/sdp', Location, ETag: `"${id}"` });
        response.end(sdp);
    } else if (request.method === 'DELETE') {
        const id = request.url.split('/').pop();
        sessions.get(id)?.close();
        response.writeHead(sessions.has(id) ? 200 : 404, ALLOW);
        response.end();
    } else {
        response.writeHead(request.method === 'OPTIONS' ? 204 : 405, ALLOW);
        response.end();
    }
}

http.createServer((request, response) => {
    let body = '';
    request.on('data', data => { body += data; });
    request.on('end', () => respond(request, response, body).catch(error => {
        response.writeHead(500, ALLOW);
        response.end(String(error));
    }));
}).listen(config.port, () => tell('ready'));
