// SPDX-License-Identifier: GPL-2.0-or-later
// A collector of HEP that reads nothing: it is there so that what is sent to it is not refused.
'use strict';
const dgram = require('dgram');
const { config, tell, serve } = require('../peers/line');

const socket = dgram.createSocket('udp4');
socket.bind(config.port, () => tell('ready'));
serve({ quit: () => socket.close() });
