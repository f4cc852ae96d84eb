// SPDX-License-Identifier: GPL-2.0-or-later
// The attackers a scenario can have, and where each stands.
'use strict';
const path = require('path');
const network = require('./network');
const { PAGE_PORT } = require('./capture');
const { Program, NODE, PYTHON } = require('./programs');

const PROXY_PORT = 8081;

const launch = (host, command, config, work) =>
    new Program(host, command, { name: 'mallory', ...config }, path.join(work, 'attacker.log'));

/** Each gets (attack, context, work) and returns the attacker's program; it may change the address alice is given. */
const ATTACKS = {
    /** Stands between alice and the server, or within the server, and changes what passes in the signalling. */
    async proxy(attack, context, work) {
        const host = attack.host || 'M';
        const config = {
            port: PROXY_PORT, upstream: context.url, change: attack.change, engine: attack.engine,
            keyLog: attack.keyLog && path.join(work, `keys.${host}`),
            tls: context.tls, pageUrl: `http://${network.address('S')}:${PAGE_PORT}`,
        };
        const attacker = launch(host, [NODE, 'attacks/proxy.js'], config, work);
        await attacker.ready();
        context.aliceUrl = `${context.tls ? 'wss' : 'ws'}://${network.address(host)}:${PROXY_PORT}/ws`;
        return attacker;
    },

    /** Sits in the cable of a host and edits what passes, in the connection itself. */
    async cable(attack, _context, work) {
        const attacker = launch('M', [PYTHON, 'attacks/cable.py'], {}, work);
        await attacker.ready();
        return attacker;
    },

    /** Announces to each of alice and bob what the other one announced to it, as if it were its own. */
    async copy(attack, context, work) {
        const config = {
            url: context.url, rooms: ['r1', 'r2'], transport: attack.transport, address: network.address('M'),
        };
        const attacker = launch('M', [NODE, 'attacks/copy.js'], config, work);
        await attacker.ready();
        context.bobRoom = 'r2';
        return attacker;
    },

    /** Sends to a media port from an address that no ICE check has validated. */
    async outsider(attack, context, work) {
        const config = { what: attack.what, turn: network.address('S') };
        const attacker = launch('M', [NODE, 'attacks/outsider.js'], config, work);
        await attacker.ready();
        if (context.server)
            context.server.onEvent = event => {
                const said = event.message?.candidate?.candidate || event.message?.sdp || '';
                const found = /candidate:\S+ 1 udp \d+ (\S+) (\d+) typ host/i.exec(said);
                if (event.from === (attack.victim || 'bob') && found)
                    attacker.job.child.stdin.write(`target ${found[1]} ${found[2]}\n`);
            };
        return attacker;
    },
};

const begin = (scenario, context, work) =>
    (scenario.attack ? ATTACKS[scenario.attack.kind](scenario.attack, context, work) : null);

module.exports = { begin };
