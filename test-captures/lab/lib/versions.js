// SPDX-License-Identifier: GPL-2.0-or-later
// Which versions of the stacks are installed.
'use strict';
const fs = require('fs');
const path = require('path');
const { run } = require('./processes');

/** The version of a Debian package without epoch and Debian's own part. */
function debian(name) {
    const version = run('dpkg-query', ['-W', '-f', '${Version}', name]);
    return version.replace(/^\d+:/, '').replace(/[-~+].*$/, '');
}

function npm(name) {
    const file = path.join(__dirname, '../node_modules', name, 'package.json');
    return JSON.parse(fs.readFileSync(file, 'utf8')).version;
}

module.exports = { debian, npm };
