// SPDX-License-Identifier: GPL-2.0-or-later
// Chromium or Firefox without a window, with the lab's page or any script in it.
'use strict';
const crypto = require('crypto');
const fs = require('fs');
const os = require('os');
const path = require('path');
const puppeteer = require('puppeteer-core');
const witness = require('./witness');

const CHROMIUM = '/usr/lib/chromium/chromium';
const FIREFOX = '/usr/bin/firefox-esr';

/** What Chromium's switch wants: the SHA-256 of a certificate's public key. */
function keyHash(file) {
    const key = new crypto.X509Certificate(fs.readFileSync(file)).publicKey.export({ type: 'spki', format: 'der' });
    return crypto.createHash('sha256').update(key).digest('base64');
}

function chromiumOptions({ pageUrl, keyLog, mdns, trusted, statements, flags = [] }) {
    const args = [
        '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
        '--disable-component-update', '--disable-sync', '--ignore-certificate-errors',
        '--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream',
        '--autoplay-policy=no-user-gesture-required', `--unsafely-treat-insecure-origin-as-secure=${pageUrl}`,
        ...(mdns ? [] : ['--disable-features=WebRtcHideLocalIpsWithMdns']),
        ...(trusted ? [`--ignore-certificate-errors-spki-list=${keyHash(trusted)}`] : []),
        ...(statements ? ['--remote-allow-origins=*'] : []),
        ...(keyLog ? [`--ssl-key-log-file=${keyLog}`] : []), ...flags,
    ];
    return { browser: 'chrome', executablePath: CHROMIUM, args, acceptInsecureCerts: true };
}

function firefoxOptions({ keyLog, statements, prefs = {} }, home) {
    const extraPrefsFirefox = {
        'media.devices.insecure.enabled': true, 'media.getusermedia.insecure.enabled': true,
        'media.navigator.streams.fake': true, 'media.navigator.permission.disabled': true,
        'media.autoplay.default': 0, 'media.peerconnection.ice.obfuscate_host_addresses': false,
        'network.captive-portal-service.enabled': false, 'network.connectivity-service.enabled': false,
        'app.normandy.enabled': false, 'toolkit.telemetry.enabled': false,
        'services.settings.server': 'data:,', 'media.gmp-manager.url': 'data:,', ...prefs,
    };
    const env = { ...process.env, HOME: home, ...(keyLog ? { SSLKEYLOGFILE: keyLog } : {}) };
    const args = statements ? ['--remote-allow-system-access'] : [];
    return { browser: 'firefox', executablePath: FIREFOX, args, extraPrefsFirefox, acceptInsecureCerts: true, env };
}

/** Opens a page; returns it with a function that closes the browser and removes its profile, and one that saves what the browser's
 *  tools say of the calls. */
async function open(stack, config) {
    const home = fs.mkdtempSync(path.join(os.tmpdir(), 'webrtc-lab-browser-'));
    const options = stack === 'firefox' ? firefoxOptions(config, home) : chromiumOptions(config);
    const profile = path.join(home, 'profile');
    fs.mkdirSync(profile);
    const browser = await puppeteer.launch({ headless: true, handleSIGTERM: false, userDataDir: profile, ...options });
    const page = await browser.newPage();
    page.on('console', message => console.error(message.text()));
    page.on('pageerror', error => console.error(String(error)));
    const testify = config.statements ? await witness.begin(stack, browser, page, config) : async () => {};
    if (config.pageUrl)
        await page.goto(`${config.pageUrl}/call`);
    const close = async () => {
        await browser.close().catch(() => {});
        fs.rmSync(home, { recursive: true, force: true, maxRetries: 5 });
    };
    return { page, close, testify };
}

module.exports = { open };
