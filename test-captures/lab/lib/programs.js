// SPDX-License-Identifier: GPL-2.0-or-later
// The lab's own programs, peers and servers and attackers alike: started with one JSON argument, led by words.
'use strict';
const path = require('path');
const network = require('./network');
const { start, stop, sleep } = require('./processes');

const LAB = path.join(__dirname, '..');
const NODE = process.execPath;
const PYTHON = '/usr/bin/python3'; // Debian's, which knows Debian's modules
const ENVIRONMENT = { PYTHONPATH: path.join(LAB, 'peers'), PYTHONDONTWRITEBYTECODE: '1' };

class Program {
    /** command: what to run, with its arguments but for the last, the configuration. */
    constructor(host, command, config, log) {
        this.config = config;
        this.host = host;
        this.state = 'new';
        this.waiting = [];
        this.events = [];
        const [ip, args] = network.on(host, ...command, JSON.stringify(config));
        this.job = start(ip, args, { log, env: ENVIRONMENT, cwd: LAB, onEvent: event => this.heard(event) });
        this.job.ended.then(code => this.heard({ event: 'ended', code }));
    }

    heard(event) {
        this.events.push(event);
        if (event.event === 'state')
            this.state = event.state;
        for (const waiter of this.waiting.slice())
            if (waiter.wants(event)) {
                this.waiting.splice(this.waiting.indexOf(waiter), 1);
                waiter.resolve(event);
            }
        if (this.onEvent)
            this.onEvent(event);
    }

    /** The first event, past or to come, of one of these names. */
    async expect(names, seconds) {
        const wants = event => names.includes(event.event);
        const past = this.events.find(wants);
        if (past)
            return past;
        return this.next(wants, seconds, names.join(' or '));
    }

    async next(wants, seconds, what) {
        const found = new Promise(resolve => this.waiting.push({ wants, resolve }));
        const event = await Promise.race([found, sleep(seconds * 1000)]);
        if (!event)
            throw new Error(`${this.config.name || this.host}: no "${what}" within ${seconds} s`);
        return event;
    }

    async ready(seconds = 40) {
        const event = await this.expect(['ready', 'error', 'ended'], seconds);
        if (event.event !== 'ready')
            throw new Error(`${this.config.name || this.host} did not start: ${event.message || event.code}`);
    }

    /** Says a word and waits for the answer of the same name. */
    async say(word, seconds = 15) {
        const answer = this.next(event => [word, 'error', 'ended'].includes(event.event), seconds, word);
        this.job.child.stdin.write(word + '\n');
        return answer;
    }

    async quit() {
        if (this.job.code === null)
            await this.say('quit', 5).catch(() => {});
        await Promise.race([this.job.ended, sleep(1500)]);
        await stop(this.job);
    }
}

module.exports = { Program, LAB, NODE, PYTHON };
