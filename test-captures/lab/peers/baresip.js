// SPDX-License-Identifier: GPL-2.0-or-later
// A SIP telephone, baresip, as one end of a call over plain SIP: with DTLS-SRTP, with SDES, or with RTP in clear.
'use strict';
const fs = require('fs');
const os = require('os');
const path = require('path');
const { spawn } = require('child_process');
const { config, tell, serve } = require('./line');

const APPLICATIONS = ['account', 'menu'];
const MODULES = ['opus', 'ausine', 'aubridge', 'srtp', 'dtls_srtp', 'stun', 'turn', 'ice'];
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'webrtc-lab-baresip-'));
const encryption = config.encryption ? `;mediaenc=${config.encryption}` : '';
const nat = config.ice ? ';medianat=ice' : '';

fs.writeFileSync(path.join(folder, 'config'), [
    'module_path /usr/lib/baresip/modules', ...MODULES.map(name => `module ${name}.so`),
    ...APPLICATIONS.map(name => `module_app ${name}.so`), `sip_listen ${config.address}:5060`,
    'audio_source ausine,400', 'audio_player aubridge,none', 'audio_alert aubridge,none', '',
].join('\n'));
fs.writeFileSync(path.join(folder, 'accounts'),
    `<sip:${config.name}@${config.address}>;regint=0;answermode=auto${encryption}${nat}\n`);

let state = 'new';
let program = null;

function heard(data) {
    process.stderr.write(data);
    if (config.role === 'answer' && /baresip is ready/.test(data))
        tell('ready');
    if (/Call established|Call answered|call: got re-INVITE|stream: incoming rtp/i.test(data) && state === 'new') {
        state = 'connected';
        tell('state', { state });
    }
}

function launch(...more) {
    program = spawn('baresip', ['-4', '-f', folder, ...more], { stdio: ['pipe', 'pipe', 'pipe'] });
    program.stdout.on('data', heard);
    program.stderr.on('data', heard);
}

serve({
    go: () => launch('-e', `/dial sip:${config.peer}@${config.peerAddress}`),
    report: async () => ({ state, local: [], remote: [] }),
    quit: async () => {
        program?.kill('SIGTERM');
        await new Promise(resolve => setTimeout(resolve, 800));
        fs.rmSync(folder, { recursive: true, force: true });
    },
});

if (config.role === 'answer')
    launch();
else
    tell('ready');
