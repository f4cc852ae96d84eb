// SPDX-License-Identifier: GPL-2.0-or-later
// Serves the page that browsers open, and the libraries it uses.
'use strict';
const fs = require('fs');
const http = require('http');
const path = require('path');
const { config, tell } = require('../peers/line');

const top = path.join(__dirname, '..');
const library = name => path.join(top, 'node_modules', name);
const files = {
    '/call': path.join(top, 'page/page.html'),
    '/lib/peerjs.js': library('peerjs/dist/peerjs.min.js'),
    '/lib/socketio.js': library('socket.io/client-dist/socket.io.min.js'),
    '/lib/jssip.js': config.jssip,
};
const types = { '.html': 'text/html', '.js': 'text/javascript' };

http.createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://page');
    const inPage = /^\/page\/(\w+\.js)$/.exec(pathname);
    const file = inPage ? path.join(top, 'page', inPage[1]) : files[pathname];
    if (!file || !fs.existsSync(file)) {
        response.writeHead(404);
        return response.end();
    }
    response.writeHead(200, { 'Content-Type': types[path.extname(file)] });
    response.end(fs.readFileSync(file));
}).listen(config.port, () => tell('ready'));
