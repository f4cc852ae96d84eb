// SPDX-License-Identifier: GPL-2.0-or-later
// What runs on the server's host: pages, signalling of one kind or another, media servers, TURN.
'use strict';
const fs = require('fs');
const path = require('path');
const network = require('./network');
const { PAGE_PORT } = require('./capture');
const { Program, LAB, NODE } = require('./programs');
const { start, run, sleep } = require('./processes');

const program = (file, config, work, name) => new Program('S', [NODE, file], config, path.join(work, `${name}.log`));
const server = network.address('S');
const KAMAILIO = path.join(LAB, 'servers/kamailio.cfg');

/** A program that is not the lab's own: it is given some time to start. */
async function foreign(work, name, command, args, seconds = 2) {
    const [ip, all] = network.on('S', command, ...args);
    const job = start(ip, all, { log: path.join(work, `${name}.log`), cwd: work });
    await sleep(seconds * 1000);
    if (job.code !== null)
        throw new Error(`${name} ended at once; see its log`);
}

function certificate(work) {
    const key = path.join(work, 'tls.key'), crt = path.join(work, 'tls.crt');
    run('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '30',
        '-subj', '/CN=signalling.lab.test', '-addext', `subjectAltName=IP:${server}`, '-keyout', key, '-out', crt],
    { stdio: ['ignore', 'pipe', 'pipe'] });
    return { key, certificate: crt };
}

async function pages(work) {
    const jssip = path.join(path.dirname(work), 'jssip.js');
    if (!fs.existsSync(jssip)) {
        const entry = path.join(path.dirname(work), 'jssip-entry.js');
        fs.writeFileSync(entry, 'window.JsSIP = require("jssip");\n');
        const env = { ...process.env, NODE_PATH: path.join(LAB, 'node_modules') };
        const options = ['--bundle', '--minify', '--log-level=error', `--outfile=${jssip}`];
        run(path.join(LAB, 'node_modules/.bin/esbuild'), [entry, ...options], { env });
    }
    await program('servers/pages.js', { port: PAGE_PORT, jssip }, work, 'pages').ready();
}

async function janus(work) {
    const folder = path.join(work, 'janus');
    fs.mkdirSync(folder, { recursive: true });
    for (const name of ['janus.jcfg', 'janus.transport.websockets.jcfg', 'janus.transport.http.jcfg'])
        fs.copyFileSync(path.join(LAB, 'servers/janus', name), path.join(folder, name));
    await foreign(work, 'janus', 'janus', ['-F', folder, '-i', server], 3);
}

/** Kinds of signalling: what to start, and the address that peers are given. */
const SIGNALLING = {
    async websocket(options, work, context) {
        const tls = options.tls ? certificate(work) : null;
        context.tls = tls;
        const port = tls ? 8443 : 8080;
        context.server = program('servers/signalling.js',
            { port, tls, deflate: options.deflate, members: options.members }, work, 'signalling');
        await context.server.ready();
        return `${tls ? 'wss' : 'ws'}://${server}:${port}/ws`;
    },
    async socketio(_options, work) {
        await program('servers/socketio.js', { port: 9001 }, work, 'socketio').ready();
        return `http://${server}:9001`;
    },
    async peerjs(_options, work) {
        await program('servers/peerjs.js', { port: 9000 }, work, 'peerjs').ready();
        return `http://${server}:9000`;
    },
    async sip({ hep }, work) {
        if (hep)
            await new Program('C', [NODE, 'servers/collector.js'], { port: 9060 }, path.join(work, 'collector.log')).ready();
        const trace = hep ? ['-A', `HEP_VERSION=${hep}`] : [];
        await foreign(work, 'kamailio', 'kamailio', ['-DD', '-E', '-Y', work, '-f', KAMAILIO, ...trace]);
        return `ws://${server}:8066`;
    },
    async 'janus-websocket'(_options, work) {
        await janus(work);
        return `ws://${server}:8188`;
    },
    async 'janus-http'(_options, work) {
        await janus(work);
        return `http://${server}:8088/janus`;
    },
    async whip(_options, work) {
        await program('servers/whip.js', { port: 8090 }, work, 'whip').ready();
        return `http://${server}:8090/whip/endpoint`;
    },
    async none() {
        return '';
    },
};

/** TURN over UDP, TCP, or TLS; over TLS the ends of the call are told the server's certificate, to trust it. */
async function turn(options, work, context) {
    const transport = options.transport || 'udp';
    const tls = transport === 'tls' ? certificate(work) : null;
    context.trusted = tls?.certificate;
    const args = [
        '-n', '--listening-ip', server, '--relay-ip', server, '--min-port', '50000', '--max-port', '50100',
        ...(tls ? ['--cert', tls.certificate, '--pkey', tls.key] : ['--no-tls']),
        '--no-cli', '--no-dtls', '--no-rfc5780', '--realm', 'lab.test', '--log-file', 'stdout',
        '--simple-log', '--userdb', path.join(work, 'turn.db'), '--pidfile', path.join(work, 'turn.pid'),
        ...(options.open ? ['--no-auth'] : ['--lt-cred-mech', '--user', 'lab-user:lab-secret']),
        ...(options.allowLoopback ? ['--allow-loopback-peers'] : []),
    ];
    await foreign(work, 'turn', 'turnserver', args);
    const urls = tls ? `turns:${server}:5349?transport=tcp` : `turn:${server}:3478?transport=${transport}`;
    return [{ urls, username: 'lab-user', credential: 'lab-secret' }];
}

/** Starts what a scenario needs; returns what peers must know: { url, iceServers, trusted, server }. */
async function begin(scenario, work) {
    const context = { iceServers: [] };
    if (scenario.network?.turn)
        context.iceServers = await turn(scenario.network.turn, work, context);
    await pages(work);
    const { kind } = scenario.signalling;
    context.url = await SIGNALLING[kind](scenario.signalling, work, context);
    return context;
}

module.exports = { begin };
