// SPDX-License-Identifier: GPL-2.0-or-later
// The stacks that can be an end of a call, and how each is started.
'use strict';
const fs = require('fs');
const path = require('path');
const network = require('./network');
const { PAGE_PORT } = require('./capture');
const { Program, LAB, NODE, PYTHON } = require('./programs');
const { run } = require('./processes');
const { debian, npm } = require('./versions');

const web = stack => ({ command: () => [NODE, 'peers/web.js'], browser: stack });
const node = { command: () => [NODE, 'peers/node.js'] };

const STACKS = {
    chromium: { ...web('chromium'), title: 'Chromium', version: () => debian('chromium') },
    firefox: { ...web('firefox'), title: 'Firefox', version: () => debian('firefox-esr') },
    aiortc: {
        command: () => [PYTHON, 'peers/aiortc_peer.py'], title: 'aiortc', version: () => debian('python3-aiortc'),
    },
    gstreamer: {
        command: () => [PYTHON, 'peers/gstreamer_peer.py'], title: 'GStreamer webrtcbin',
        version: () => debian('gstreamer1.0-plugins-bad'),
    },
    pion: {
        command: work => [pionPeer(work)], title: 'pion', version: () => debian('golang-github-pion-webrtc.v3-dev'),
    },
    libdatachannel: {
        ...node, title: 'libdatachannel', version: () => require('node-datachannel').getLibraryVersion(),
    },
    wrtc: { ...node, title: '@roamhq/wrtc', version: () => npm('@roamhq/wrtc') },
    werift: { ...node, title: 'werift', version: () => npm('werift') },
    baresip: { command: () => [NODE, 'peers/baresip.js'], title: 'baresip', version: () => debian('baresip-core') },
    rtp: {
        command: () => [NODE, 'peers/rtp.js'], title: 'GStreamer RTP',
        version: () => debian('gstreamer1.0-plugins-good'),
    },
};

/** pion's peer is built once for a run, from Debian's packages of its sources. */
function pionPeer(work) {
    const program = path.join(path.dirname(work), 'pion-peer');
    if (fs.existsSync(program))
        return program;
    const top = path.join(path.dirname(work), 'go');
    const source = path.join(top, 'src/pion-peer');
    fs.cpSync(path.join(LAB, 'peers/pion'), source, { recursive: true });
    const env = { ...process.env, GO111MODULE: 'off', GOPATH: `${top}:/usr/share/gocode`, GOFLAGS: '' };
    run('go', ['build', '-o', program, '.'], { cwd: source, env });
    return program;
}

/** Starts one end of a call. end: its part of the scenario; more: what the runner adds. */
function startPeer(end, more, work) {
    const stack = STACKS[end.stack];
    const { host } = more;
    const config = { verify: true, ...end, ...more, host: undefined };
    if (end.keyLog)
        config.keyLog = path.join(work, `keys.${host}`);
    if (end.statements)
        config.statementsPrefix = path.join(work, `statements.${host}`);
    if (stack.browser)
        config.pageUrl = `http://${network.address('S')}:${PAGE_PORT}`;
    return new Program(host, stack.command(work), config, path.join(work, `${more.name}.log`));
}

module.exports = { STACKS, startPeer };
