// SPDX-License-Identifier: GPL-2.0-or-later
// Captures on the hosts' interfaces and on the switch: only what is between the lab's own addresses.
'use strict';
const path = require('path');
const network = require('./network');
const pcapng = require('./pcapng');
const { start, stop, run, sleep } = require('./processes');

/** Web pages and their scripts come from this port, and are in no capture. */
const PAGE_PORT = 8000;

function filter(scenario) {
    const unseen = scenario.network?.unseen ? ` and not (${scenario.network.unseen})` : '';
    const to = scenario.network?.mdns ? '(dst net 10.77.0.0/24 or dst host 224.0.0.251)' : 'dst net 10.77.0.0/24';
    return `ip and src net 10.77.0.0/24 and ${to} and not port ${PAGE_PORT} and not port 53${unseen}`;
}

/** "merged-AS" is made of what was captured at A and at S. */
const parts = vantage => (vantage.startsWith('merged-') ? [...vantage.slice(7)] : [vantage]);

async function begin(scenario, work) {
    const places = new Set(Object.keys(scenario.vantage_points).flatMap(parts));
    const jobs = [];
    for (const place of places) {
        const file = path.join(work, `raw.${place}.pcapng`);
        const [command, args] = network.on(place, 'dumpcap', '-q', '-i', place === network.SWITCH ? 'br0' : 'eth0',
            '-f', filter(scenario), '-w', file);
        jobs.push(start(command, args, { log: path.join(work, `dumpcap.${place}.log`) }));
    }
    await sleep(1000);
    return jobs;
}

async function end(jobs) {
    await sleep(500);
    await Promise.all(jobs.map(job => stop(job, 'SIGINT')));
}

/** Writes the capture of one vantage point: merged where it has several, trimmed, and with neutral headers. */
function write(vantage, work, target, trimming) {
    const places = parts(vantage);
    const files = places.map(place => {
        const one = path.join(work, `one.${vantage}.${place}.pcapng`);
        pcapng.rewrite(path.join(work, `raw.${place}.pcapng`), one, { names: [place], ...trimming });
        return one;
    });
    if (files.length === 1)
        return run('mv', [files[0], target]);
    const merged = path.join(work, `merged.${vantage}.pcapng`);
    run('mergecap', ['-I', 'none', '-w', merged, ...files]);
    return pcapng.rewrite(merged, target, { names: places });
}

module.exports = { PAGE_PORT, begin, end, write };
