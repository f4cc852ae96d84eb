// SPDX-License-Identifier: GPL-2.0-or-later
// A browser as one end of a call: drives the lab's page by the runner's words.
'use strict';
const { config, tell, serve, watch } = require('./line');
const browser = require('./browser');

(async () => {
    const { page, close, testify } = await browser.open(config.stack, config);
    const words = ['go', 'restartIce', 'renegotiate', 'report'];
    serve({
        ...Object.fromEntries(words.map(word => [word, () => page.evaluate(name => lab[name](), word)])),
        testify,
        quit: async () => {
            await page.evaluate(() => lab.close());
            await new Promise(resolve => setTimeout(resolve, 300));
            await close();
        },
    });
    process.on('SIGTERM', () => close().then(() => process.exit(0)));
    watch(() => page.evaluate(() => lab.state()));
    await page.evaluate(given => lab.start(given), config);
    tell('ready');
})().catch(error => {
    tell('error', { message: String(error) });
    process.exit(1);
});
