// SPDX-License-Identifier: GPL-2.0-or-later
// The lab's network: one namespace for each host, joined by a bridge in a namespace of its own.
'use strict';
const { run } = require('./processes');

const HOSTS = {
    S: { name: 'server', address: '10.77.0.1' },
    A: { name: 'alice', address: '10.77.0.2' },
    B: { name: 'bob', address: '10.77.0.3' },
    C: { name: 'carol', address: '10.77.0.4' },
    M: { name: 'mallory', address: '10.77.0.66' },
};
const SWITCH = 'sw';

const namespace = host => `webrtc-lab-${host}`;
const ip = (...args) => run('ip', args);
const inside = (host, command, ...args) => run('ip', ['netns', 'exec', namespace(host), command, ...args]);

/** Arguments that make a command run on a host. */
const on = (host, command, ...args) => ['ip', ['netns', 'exec', namespace(host), command, ...args]];

const address = host => HOSTS[host].address;
const hostOf = text => Object.keys(HOSTS).find(host => HOSTS[host].address === text);

/** Hardware addresses say nothing of the machine: 02:00 and the host's own address. */
const hardware = host => '02:00:' + address(host).split('.').map(n => (+n).toString(16).padStart(2, '0')).join(':');

function addNamespace(host) {
    ip('netns', 'add', namespace(host));
    inside(host, 'sysctl', '-qw', 'net.ipv6.conf.all.disable_ipv6=1', 'net.ipv6.conf.default.disable_ipv6=1');
    ip('-n', namespace(host), 'link', 'set', 'lo', 'up');
}

function plug(host, mtu) {
    const ns = namespace(host);
    ip('-n', namespace(SWITCH), 'link', 'add', `to-${host}`, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', ns);
    ip('-n', namespace(SWITCH), 'link', 'set', `to-${host}`, 'mtu', String(mtu), 'master', 'br0', 'up');
    ip('-n', ns, 'link', 'set', 'eth0', 'address', hardware(host));
    ip('-n', ns, 'addr', 'add', `${address(host)}/24`, 'dev', 'eth0');
    ip('-n', ns, 'link', 'set', 'eth0', 'mtu', String(mtu), 'up');
    // Browsers gather no addresses without a default route. It leads nowhere.
    ip('-n', ns, 'route', 'add', 'default', 'dev', 'eth0');
    inside(host, 'ethtool', '-K', 'eth0', 'tx', 'off', 'gro', 'off');
}

/** Puts an attacker into the cable between a host and the switch: two more interfaces on M, and no address. */
function spliceInto(host) {
    const ns = namespace(host);
    ip('-n', namespace(SWITCH), 'link', 'del', `to-${host}`);
    ip('-n', namespace('M'), 'link', 'add', 'victim', 'type', 'veth', 'peer', 'name', 'eth0', 'netns', ns);
    ip('-n', namespace('M'), 'link', 'add', 'uplink', 'type', 'veth',
        'peer', 'name', `to-${host}`, 'netns', namespace(SWITCH));
    ip('-n', namespace(SWITCH), 'link', 'set', `to-${host}`, 'master', 'br0', 'up');
    for (const name of ['victim', 'uplink']) {
        ip('-n', namespace('M'), 'link', 'set', name, 'up', 'promisc', 'on');
        inside('M', 'ethtool', '-K', name, 'tx', 'off', 'gro', 'off');
    }
    ip('-n', ns, 'link', 'set', 'eth0', 'address', hardware(host));
    ip('-n', ns, 'addr', 'add', `${address(host)}/24`, 'dev', 'eth0');
    ip('-n', ns, 'link', 'set', 'eth0', 'up');
    ip('-n', ns, 'route', 'add', 'default', 'dev', 'eth0');
    inside(host, 'ethtool', '-K', 'eth0', 'tx', 'off', 'gro', 'off');
}

function up({ mtu = 1500, splice = null } = {}) {
    down();
    addNamespace(SWITCH);
    ip('-n', namespace(SWITCH), 'link', 'add', 'br0', 'type', 'bridge', 'mcast_snooping', '0');
    ip('-n', namespace(SWITCH), 'link', 'set', 'br0', 'up');
    for (const host of Object.keys(HOSTS)) {
        addNamespace(host);
        plug(host, mtu);
    }
    if (splice)
        spliceInto(splice);
}

function down() {
    const known = run('ip', ['netns', 'list']).split('\n').map(line => line.split(' ')[0]);
    for (const host of [SWITCH, ...Object.keys(HOSTS)])
        if (known.includes(namespace(host)))
            ip('netns', 'del', namespace(host));
}

module.exports = { HOSTS, SWITCH, on, address, hostOf, up, down };
