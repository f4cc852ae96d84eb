// SPDX-License-Identifier: GPL-2.0-or-later
// Writes README.md of the corpus out of the truth files.
'use strict';
const fs = require('fs');
const path = require('path');

const HEAD = `# Captures with known truth

Calls between real WebRTC stacks, made by \`lab/make.sh\` in network namespaces of one machine for these tests (see
\`docs/lab.md\`): alice (10.77.0.2) offers, bob (10.77.0.3) answers, the server is 10.77.0.1, and an attacker, where
there is one, 10.77.0.66. Nothing in them comes from or concerns any other network.

\`SCENARIO.WHERE.pcapng\` was captured at WHERE: \`A\`, \`B\`, \`S\` and \`M\` are the hosts of alice, bob, the server
and the attacker, \`sw\` is the switch between them, and \`merged-…\` several of these merged. Media after the first
seconds was removed.

Beside each, \`SCENARIO.WHERE.truth.json\` says:

| key | |
| --- | --- |
| \`capture\`, \`scenario\`, \`vantage_point\` | the file, the description it was made from, and where it was captured |
| \`session\` | the verdicts that are right for every session in it: any of the list |
| \`session_without_keys\` | where it differs: what is right as long as the key logs are not given |
| \`session_with_keys_44\` | where it differs: what is right with the key logs on Wireshark 4.4 or later |
| \`findings\` | checks that must find something in it |
| \`pending\` | what the plugins still miss in it: its test may fail so far |
| \`certificates_visible\` | whether the certificates are readable without keys |
| \`key_logs\` | key logs in this folder that belong to it |
| \`statements\` | lists of files in this folder that the parties' own tools saved of the call, and \`session\` and \`findings\` that are right when these are read with the capture |
| \`stacks\` | for each party the stack and its version, the fingerprints it announced and those it was told |
| \`made\` | how it was made |

The verdicts follow from how each call was made and from what the endpoints said of it, never from what the plugins
say. This page is written by \`lab/make.sh\`.
`;

function read(folder) {
    const files = fs.readdirSync(folder).filter(file => file.endsWith('.truth.json')).sort();
    return files.map(file => JSON.parse(fs.readFileSync(path.join(folder, file), 'utf8')));
}

const words = list => (list || []).map(word => `\`${word}\``).join(' or ');

function row(entry) {
    const where = entry.vantage_point || entry.capture.split('.').slice(-2)[0];
    const cells = [where, words(entry.session_without_keys || entry.session)];
    const keyed = entry.session_with_keys_44 || (entry.session_without_keys && entry.session);
    cells.push(words(keyed), (entry.findings || []).join(', ') + (entry.pending ? ' (pending)' : ''));
    return `| ${cells.join(' | ')} |`;
}

/** What is right when files of the parties are read, too. */
const stated = entries => entries.flatMap(entry => (entry.statements || []).map(({ files, session, findings }) =>
    `| ${entry.vantage_point} | ${files.map(file => file.replace(`statements/${entry.scenario}.`, '')).join(', ')} | ${words(session)} | ${(findings || []).join(', ')} |`));

function section(name, entries) {
    const about = entries[0].made.replace(/ Captured on .*$/, '');
    const stacks = Object.entries(entries[0].stacks || {}).filter(([, party]) => party.stack)
        .map(([party, { stack, version }]) => `${party}: ${[stack, version].filter(Boolean).join(' ')}`);
    const lines = [`## ${name}`, '', about, ''];
    if (stacks.length)
        lines.push(stacks.join(', ') + '.', '');
    lines.push('| at | verdict | with key logs | findings |', '| --- | --- | --- | --- |', ...entries.map(row), '');
    const said = stated(entries);
    if (said.length)
        lines.push('| at | with the files | verdict | findings |', '| --- | --- | --- | --- |', ...said, '');
    return lines.join('\n');
}

function write(folder) {
    const groups = new Map();
    for (const entry of read(folder)) {
        const name = entry.scenario || entry.capture.split('.')[0];
        groups.set(name, [...(groups.get(name) || []), entry]);
    }
    const sections = [...groups].map(([name, entries]) => section(name, entries));
    fs.writeFileSync(path.join(folder, 'README.md'), [HEAD, ...sections].join('\n').trimEnd() + '\n');
}

module.exports = { write };
