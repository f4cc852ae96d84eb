// SPDX-License-Identifier: GPL-2.0-or-later
// PeerJS's own server.
'use strict';
const { PeerServer } = require('peer');
const { config, tell } = require('../peers/line');

PeerServer({ port: config.port, path: '/' }, () => tell('ready'));
