// SPDX-License-Identifier: GPL-2.0-or-later
// Makes the captures of the scenarios named on the command line, or of all. See docs/lab.md.
'use strict';
const fs = require('fs');
const os = require('os');
const path = require('path');
const attacks = require('./lib/attacks');
const capture = require('./lib/capture');
const index = require('./lib/index');
const network = require('./lib/network');
const services = require('./lib/services');
const truth = require('./lib/truth');
const { startPeer } = require('./lib/peers');
const { LAB } = require('./lib/programs');
const { stopAll, sleep } = require('./lib/processes');

const OUTPUT = process.env.WEBRTC_LAB_OUTPUT || path.join(LAB, '..');
const WORK = process.env.WEBRTC_LAB_WORK || path.join(os.tmpdir(), 'webrtc-lab');
const SCENARIOS = path.join(LAB, 'scenarios');
const CALLED_BY_HAND = ['peerjs', 'sip', 'none']; // everywhere else the call begins once both are there
const ATTEMPTS = 3; // on a busy machine a call may fail to come up in time
const FINAL = ['connected', 'failed', 'closed', 'disconnected'];

function load(name) {
    const scenario = JSON.parse(fs.readFileSync(path.join(SCENARIOS, `${name}.json`), 'utf8'));
    return { name, seconds: 3, signalling: { kind: 'websocket' }, ...scenario };
}

/** The calls of a scenario: nearly always one, between alice and bob. */
function calls(scenario, context) {
    const first = { offerer: scenario.offerer, answerer: scenario.answerer, room: 'r1', names: ['alice', 'bob'] };
    const more = (scenario.more_calls || []).map((call, n) => (
        { ...call, room: `x${n}`, names: [`carol${n}`, `dave${n}`] }));
    return [first, ...more].map(call => ({ ...call, ends: ends(call, scenario, context) }));
}

function ends({ offerer, answerer, room, names }, scenario, context) {
    const media = scenario.media || ['audio', 'data'];
    const { kind, options } = scenario.signalling;
    const common = { media, iceServers: context.iceServers, trusted: context.trusted, kind, room, url: context.url, ...options };
    const [alice, bob] = names;
    // Whoever answers is there first.
    const all = (scenario.more_answerers || []).map(end => (
        { end, more: { ...common, host: 'C', role: 'answer', name: 'carol', peer: alice } }));
    if (answerer)
        all.push({ end: answerer, more: { ...common, host: 'B', role: 'answer', name: bob, peer: alice,
            room: context.bobRoom || room } });
    all.push({ end: offerer, more: { ...common, host: 'A', role: 'offer', name: alice, peer: bob,
        url: context.aliceUrl || context.url } });
    return all;
}

async function settle(peers, seconds) {
    for (let waited = 0; waited < seconds; waited += 0.2) {
        if (peers.every(peer => FINAL.includes(peer.state)))
            return;
        await sleep(200);
    }
}

async function during(scenario, peers) {
    for (const { after, who, what } of scenario.during || []) {
        await sleep(after * 1000);
        const answer = await peers.find(peer => peer.config.name === who).say(what);
        if (answer.event === 'error')
            throw new Error(answer.message);
    }
}

async function testify(peer) {
    const answer = await peer.say('testify', 60);
    if (answer.event !== 'testify')
        throw new Error(`${peer.config.name} saved no statements: ${answer.message || answer.code}`);
}

/** Makes the calls of a scenario and returns what the ends and the attacker say of them. */
async function perform(scenario, work) {
    const context = await services.begin(scenario, work);
    const attacker = await attacks.begin(scenario, context, work);
    const peers = [];
    for (const call of calls(scenario, context))
        for (const { end, more } of call.ends) {
            const peer = startPeer(end, more, work);
            peers.push(peer);
            await peer.ready();
        }
    if (CALLED_BY_HAND.includes(scenario.signalling.kind))
        await peers.find(peer => peer.config.name === 'alice').say('go');
    await settle(peers, scenario.patience || 15);
    await during(scenario, peers);
    await sleep(scenario.seconds * 1000);
    const reports = {};
    for (const peer of peers)
        reports[peer.config.name] = { ...(await peer.say('report')).report, host: peer.host, stack: peer.config.stack };
    if (attacker)
        reports.mallory = { ...(await attacker.say('report')).report, host: attacker.host };
    for (const peer of peers)
        if (peer.config.statements)
            await testify(peer);
    await Promise.all(peers.map(peer => peer.quit()));
    if (attacker)
        await attacker.quit();
    return reports;
}

async function attempt(scenario) {
    const { name } = scenario;
    const work = path.join(WORK, name);
    fs.rmSync(work, { recursive: true, force: true });
    fs.mkdirSync(work, { recursive: true });
    network.up(scenario.network);
    let reports;
    try {
        const jobs = await capture.begin(scenario, work);
        reports = await perform(scenario, work);
        await capture.end(jobs);
    } finally {
        await stopAll();
        network.down();
    }
    fs.writeFileSync(path.join(work, 'reports.json'), JSON.stringify(reports, null, 1));
    truth.check(scenario, reports);
    truth.write(scenario, reports, work, OUTPUT);
}

/** A call that went another way than its scenario is thrown away, and made again. */
async function make(name) {
    const scenario = load(name);
    for (let left = ATTEMPTS - 1; ; left--) {
        try {
            return await attempt(scenario);
        } catch (error) {
            if (!left)
                throw error;
            console.log(`${name}: thrown away and tried again: ${error.message}`);
        }
    }
}

async function main(names) {
    const files = fs.readdirSync(SCENARIOS).filter(file => file.endsWith('.json'));
    const known = files.map(file => file.slice(0, -5)).sort();
    const unknown = names.filter(name => !known.includes(name));
    if (unknown.length || names.includes('--help')) {
        console.error(`usage: make.sh [SCENARIO...]\nscenarios: ${known.join(' ')}`);
        process.exit(2);
    }
    const failed = [];
    for (const name of names.length ? names : known) {
        const start = Date.now();
        try {
            await make(name);
            console.log(`${name}: made in ${Math.round((Date.now() - start) / 1000)} s`);
        } catch (error) {
            failed.push(name);
            console.log(`${name}: FAILED: ${error.message}`);
        }
    }
    index.write(OUTPUT);
    process.exit(failed.length ? 1 : 0);
}

for (const signal of ['SIGINT', 'SIGTERM'])
    process.on(signal, () => stopAll().then(() => { network.down(); process.exit(130); }));
main(process.argv.slice(2));
