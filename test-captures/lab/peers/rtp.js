// SPDX-License-Identifier: GPL-2.0-or-later
// An end that does what WebRTC forbids: RTP in clear, or SRTP with its keys in the description (SDES), as browsers
// could be made to do once. The media and its encryption are GStreamer's; no ICE check is made, and there is no DTLS.
'use strict';
const crypto = require('crypto');
const { spawn } = require('child_process');
const WebSocket = require('ws');
const { config, tell, serve } = require('./line');

const PORT = 40000;
const key = crypto.randomBytes(30);
let sender = null;
let state = 'new';

function description() {
    const own = config.address;
    const lines = [
        'v=0', `o=${config.name} ${Date.now()} 1 IN IP4 ${own}`, 's=-', `c=IN IP4 ${own}`, 't=0 0',
        'a=ice-lite', `m=audio ${PORT} ${config.srtp ? 'RTP/SAVPF' : 'RTP/AVPF'} 0`, 'a=rtpmap:0 PCMU/8000', 'a=mid:0',
        'a=sendrecv', `a=ice-ufrag:${crypto.randomBytes(3).toString('hex')}`,
        `a=ice-pwd:${crypto.randomBytes(12).toString('hex')}`,
        `a=candidate:1 1 udp 2130706431 ${own} ${PORT} typ host`,
        `a=candidate:1 2 udp 2130706430 ${own} ${PORT + 1} typ host`,
    ];
    if (config.srtp)
        lines.push(`a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:${key.toString('base64')}`);
    return lines.join('\r\n') + '\r\n';
}

/** Speech of a kind (a tone) as PCMU, with RTCP beside it. */
function sendTo(sdp) {
    const [, host] = /^c=IN IP4 (\S+)/m.exec(sdp);
    const port = +/^m=audio (\d+)/m.exec(sdp)[1];
    const protect = config.srtp
        ? `srtpenc name=srtp key=${key.toString('hex')} rtp-cipher=aes-128-icm rtp-auth=hmac-sha1-80 `
            + 'rtcp-cipher=aes-128-icm rtcp-auth=hmac-sha1-80 rtp.send_rtp_src_0 ! srtp.rtp_sink_0 '
            + 'rtp.send_rtcp_src_0 ! srtp.rtcp_sink_0 srtp.rtp_src_0 ! rtpout.sink srtp.rtcp_src_0 ! rtcpout.sink '
        : 'rtp.send_rtp_src_0 ! rtpout.sink rtp.send_rtcp_src_0 ! rtcpout.sink ';
    const pipeline = `rtpbin name=rtp udpsink name=rtpout host=${host} port=${port} bind-port=${PORT} `
        + `udpsink name=rtcpout host=${host} port=${port + 1} bind-port=${PORT + 1} sync=false async=false ${protect}`
        + 'audiotestsrc is-live=true ! audioconvert ! audioresample ! mulawenc ! rtppcmupay max-ptime=20000000 '
        + '! rtp.send_rtp_sink_0';
    sender = spawn('gst-launch-1.0', ['-q', ...pipeline.trim().split(/\s+/)], { stdio: ['ignore', 2, 2] });
    state = 'connected';
    tell('state', { state });
}

const socket = new WebSocket(config.url);
const send = message => socket.send(JSON.stringify(message));
socket.on('open', () => {
    send({ type: 'join', room: config.room, name: config.name });
    tell('ready');
});
socket.on('message', data => {
    const { type, sdp } = JSON.parse(data);
    if (type === 'ready' && config.role === 'offer') {
        send({ type: 'offer', sdp: description() });
    } else if (type === 'offer') {
        send({ type: 'answer', sdp: description() });
        sendTo(sdp);
    } else if (type === 'answer') {
        sendTo(sdp);
    }
});

serve({
    report: async () => ({ state, local: [], remote: [] }),
    quit: () => {
        if (sender)
            sender.kill();
        socket.close();
    },
});
