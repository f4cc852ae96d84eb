// SPDX-License-Identifier: GPL-2.0-or-later
// The programs a run starts, each as a process group of its own so that all of them end with the run.
'use strict';
const { spawn, spawnSync } = require('child_process');
const fs = require('fs');

const running = new Set();

/** Starts a program; what it says goes to a log file. Lines of JSON on its standard output become events. */
function start(command, args, { log, env = {}, cwd, onEvent } = {}) {
    const out = log ? fs.openSync(log, 'a') : 'ignore';
    const child = spawn(command, args, {
        detached: true, cwd, env: { ...process.env, ...env }, stdio: ['pipe', onEvent ? 'pipe' : out, out],
    });
    const job = { child, command, code: null };
    job.ended = new Promise(resolve => child.on('exit', code => {
        job.code = code;
        running.delete(job);
        resolve(code);
    }));
    child.on('error', error => { job.code = -1; console.error(`${command}: ${error.message}`); });
    child.stdin.on('error', () => {});
    running.add(job);
    if (onEvent)
        readEvents(child.stdout, log, onEvent);
    return job;
}

function readEvents(stream, log, onEvent) {
    let rest = '';
    stream.on('data', data => {
        const lines = (rest + data).split('\n');
        rest = lines.pop();
        for (const line of lines) {
            if (log)
                fs.appendFileSync(log, line + '\n');
            let event = null;
            try { event = JSON.parse(line); } catch { /* a library talking */ }
            if (event && event.event)
                onEvent(event);
        }
    });
}

/** Ends a program with its children: asked first, then forced. */
async function stop(job, signal = 'SIGTERM', patience = 3000) {
    const kill = name => { try { process.kill(-job.child.pid, name); } catch { /* gone */ } };
    if (job.code === null) {
        kill(signal);
        await Promise.race([job.ended, sleep(patience)]);
    }
    kill('SIGKILL');
}

async function stopAll() {
    await Promise.all([...running].map(job => stop(job, 'SIGTERM', 1000)));
}

/** Runs a program to its end and returns its output; throws when it fails. */
function run(command, args, options = {}) {
    const result = spawnSync(command, args, { encoding: 'utf8', ...options });
    if (result.error)
        throw new Error(`${command}: ${result.error.message}`);
    if (result.status !== 0)
        throw new Error(`${command} ${args.join(' ')}: ${result.stderr.trim()}`);
    return result.stdout;
}

const sleep = ms => new Promise(resolve => setTimeout(resolve, ms));

module.exports = { start, stop, stopAll, run, sleep };
