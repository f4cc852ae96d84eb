// SPDX-License-Identifier: GPL-2.0-or-later
// How a peer talks with the runner: one word a line comes in on standard input, one JSON object a line goes out.
'use strict';
const readline = require('readline');

const config = JSON.parse(process.argv[2] || '{}');
const tell = (event, more = {}) => process.stdout.write(JSON.stringify({ event, ...more }) + '\n');

/** actions: report, quit and whatever else the peer can do, by name. */
function serve(actions) {
    readline.createInterface({ input: process.stdin }).on('line', async word => {
        try {
            const result = await actions[word]();
            tell(word, word === 'report' ? { report: result } : {});
            if (word === 'quit')
                setTimeout(() => process.exit(0), 400);
        } catch (error) {
            tell('error', { message: `${word}: ${error}` });
            if (word === 'quit')
                process.exit(1);
        }
    });
}

/** Tells of every change of the state that a function gives. */
function watch(state) {
    let last = '';
    setInterval(async () => {
        const now = await Promise.resolve(state()).catch(() => last);
        if (now !== last)
            tell('state', { state: now });
        last = now;
    }, 200);
}

module.exports = { config, tell, serve, watch };
