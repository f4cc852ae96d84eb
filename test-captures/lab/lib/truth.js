// SPDX-License-Identifier: GPL-2.0-or-later
// What is true of a capture, from the scenario and from what the endpoints say of themselves. No dissector is asked.
'use strict';
const fs = require('fs');
const path = require('path');
const capture = require('./capture');
const network = require('./network');
const { STACKS } = require('./peers');

const STATEMENTS = 'statements';
const TRIMMING = { seconds: 2, packets: 150 };

const normal = line => line.toUpperCase().replace(/\s+/g, ' ');
const same = (a, b) => a.map(normal).sort().join() === b.map(normal).sort().join();

/** Fails unless the call went as the scenario says: a capture of another story must not get this truth. */
function check(scenario, reports) {
    const outcome = scenario.outcome || { alice: 'connected', ...(scenario.answerer ? { bob: 'connected' } : {}) };
    const wrong = [];
    for (const [name, right] of Object.entries(outcome)) {
        const state = reports[name].state;
        if (![].concat(right).includes(state))
            wrong.push(`${name} is ${state}, not ${right} (${(reports[name].log || []).slice(-3).join('; ')})`);
    }
    for (const [name, { dtls }] of Object.entries(reports))
        if (dtls && scenario.dtls && name !== 'mallory' && dtls !== scenario.dtls)
            wrong.push(`${name} speaks DTLS ${dtls}, not ${scenario.dtls}`);
    const { alice, bob } = reports;
    if (!scenario.forked && alice?.local?.length && bob?.local?.length) {
        const told = same(alice.remote, bob.local) && same(bob.remote, alice.local);
        const untouched = !scenario.attack || scenario.fingerprints_untouched;
        if (told !== Boolean(untouched))
            wrong.push(`the fingerprints ${told ? 'were not' : 'were'} changed on their way`);
    }
    if (scenario.attack?.engine && !(reports.mallory.relayed > 0))
        wrong.push('the attacker relayed nothing');
    if (wrong.length)
        throw new Error(wrong.join('; '));
}

function keyLogs(scenario, work, output) {
    const names = [];
    for (const host of ['A', 'B', 'M', 'S']) {
        const log = path.join(work, `keys.${host}`);
        if (!fs.existsSync(log) || !fs.statSync(log).size)
            continue;
        // NSS begins its key logs with a comment on itself.
        const lines = fs.readFileSync(log, 'utf8').split('\n').filter(line => line && !line.startsWith('#'));
        const name = `${scenario.name}.${host}.keys`;
        fs.writeFileSync(path.join(output, name), lines.join('\n') + '\n');
        names.push(name);
    }
    return names;
}

/** Copies what the ends' tools saved to a folder beside the captures, lest it is taken for a part of other calls; gives its names. */
function statements(scenario, work, output) {
    const kept = fs.readdirSync(work).filter(file => file.startsWith('statements.')).sort();
    const folder = path.join(output, STATEMENTS);
    if (kept.length)
        fs.mkdirSync(folder, { recursive: true });
    for (const file of kept)
        fs.copyFileSync(path.join(work, file), path.join(folder, `${scenario.name}${file.slice('statements'.length)}`));
    return kept.map(file => file.slice('statements.'.length));
}

/** Which verdicts are right with which of these files. */
function withStatements(scenario, expected, kept) {
    return (expected.statements || []).map(({ files, ...more }) => {
        const missing = files.filter(file => !kept.includes(file));
        if (missing.length)
            throw new Error(`nobody saved ${missing.join(', ')}`);
        return { files: files.map(file => `${STATEMENTS}/${scenario.name}.${file}`), ...more };
    });
}

function stackOf(report) {
    const stack = STACKS[report.stack];
    return {
        host: report.host, address: network.address(report.host),
        ...(stack ? { stack: stack.title, version: stack.version() } : {}),
        ...(report.engine ? { stack: report.engine } : {}),
        state: report.state, dtls: report.dtls, cipher: report.cipher, srtp: report.srtp,
        fingerprints: report.local, told: report.remote,
    };
}

const WHERE = {
    A: 'the host of alice', B: 'the host of bob', C: 'the host of carol', S: 'the server', M: "the attacker's host",
    sw: 'the switch between all hosts',
};

function where(vantage) {
    if (!vantage.startsWith('merged-'))
        return `Captured on ${WHERE[vantage]}.`;
    return `Captured on ${[...vantage.slice(7)].map(place => WHERE[place]).join(' and ')}, merged.`;
}

/** Removes what an earlier run of this scenario left. */
function clean(scenario, output) {
    for (const folder of [output, path.join(output, STATEMENTS)].filter(one => fs.existsSync(one)))
        for (const file of fs.readdirSync(folder))
            if (file.startsWith(`${scenario.name}.`))
                fs.rmSync(path.join(folder, file));
}

function write(scenario, reports, work, output) {
    clean(scenario, output);
    const key_logs = keyLogs(scenario, work, output);
    const kept = statements(scenario, work, output);
    const stacks = Object.fromEntries(Object.entries(reports).map(([name, report]) => [name, stackOf(report)]));
    for (const [vantage, expected] of Object.entries(scenario.vantage_points)) {
        const name = `${scenario.name}.${vantage}`;
        capture.write(vantage, work, path.join(output, `${name}.pcapng`), { ...TRIMMING, ...scenario.trim });
        const truth = {
            capture: `${name}.pcapng`, scenario: scenario.name, vantage_point: vantage,
            made: `${scenario.about} ${where(vantage)}`, certificates_visible: scenario.dtls === '1.2', key_logs,
            ...expected, ...(expected.statements && { statements: withStatements(scenario, expected, kept) }), stacks,
        };
        fs.writeFileSync(path.join(output, `${name}.truth.json`), JSON.stringify(truth, null, 2) + '\n');
    }
}

module.exports = { check, write };
