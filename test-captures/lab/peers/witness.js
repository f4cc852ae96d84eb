// SPDX-License-Identifier: GPL-2.0-or-later
// What a browser's own tools save of a call: Chromium's webrtc-internals and developer tools, Firefox's about:webrtc. The buttons
// that an investigator would press are pressed, and the files are left as they come.
'use strict';
const fs = require('fs');
const path = require('path');

const sleep = ms => new Promise(resolve => setTimeout(resolve, ms));

async function download(folder, seconds = 15) {
    for (let waited = 0; waited < seconds; waited += 0.2) {
        const done = fs.readdirSync(folder).filter(name => !name.endsWith('.crdownload') && !name.startsWith('.'));
        if (done.length)
            return path.join(folder, done[0]);
        await sleep(200);
    }
    throw new Error('the browser saved no file');
}

/** chrome://webrtc-internals, open before the call; button: id of what is pressed. */
async function internals(browser, button) {
    const view = await browser.newPage();
    await view.goto('chrome://webrtc-internals');
    return async target => {
        const folder = fs.mkdtempSync(`${target}.`);
        const session = await view.createCDPSession();
        await session.send('Browser.setDownloadBehavior', { behavior: 'allow', downloadPath: folder });
        await view.bringToFront();
        await view.evaluate(id => document.getElementById(id).click(), button);
        fs.renameSync(await download(folder), target);
        fs.rmSync(folder, { recursive: true });
    };
}

/** The network panel of Chromium's developer tools, which are a page that Chromium holds: "Save all as HAR (with content)" of what
 *  the panel's filter leaves when documents, Fetch/XHR and WebSocket are chosen. */
async function networkPanel(browser, page) {
    const view = await browser.newPage();
    const { host } = new URL(browser.wsEndpoint());
    const { targetInfo } = await (await page.createCDPSession()).send('Target.getTargetInfo');
    const address = `ws=${host}/devtools/page/${targetInfo.targetId}&panel=network`;
    await view.goto(`devtools://devtools/bundled/devtools_app.html?${address}`);
    await view.waitForFunction('document.querySelector(".root-view")', { timeout: 20000 });
    await sleep(1000); // until it listens to the page
    return async target => {
        const text = await view.evaluate(`(async () => {
            const Logs = await import('./models/logs/logs.js'), HAR = await import('./models/har/har.js');
            const all = Logs.NetworkLog.NetworkLog.instance().requests();
            const chosen = all.filter(one => ['document', 'fetch', 'xhr', 'websocket'].includes(one.resourceType().name()));
            const silent = new Proxy({}, {
                get: (_, name) => (name === 'canceled' ? false : name === 'isCanceled' ? () => false : () => silent),
            });
            let text = '';
            await HAR.Writer.Writer.write({ write: async part => { text += part; } }, chosen, { sanitize: false }, silent);
            return text;
        })()`);
        fs.writeFileSync(target, text);
    };
}

/** getStats() as a page would save it. */
const statistics = page => async target =>
    fs.writeFileSync(target, await page.evaluate(async () => JSON.stringify([...await lab.pc.getStats()])));

/** Firefox's chrome, where the buttons of its own pages are; it must have been started with --remote-allow-system-access. */
async function inChrome(browser, expression) {
    const { connection } = browser;
    const tree = await connection.send('browsingContext.getTree', { 'moz:scope': 'chrome' });
    const window = tree.result.contexts.find(context => context.url.endsWith('browser.xhtml'));
    const { result } = await connection.send('script.evaluate',
        { expression, target: { context: window.context }, awaitPromise: true });
    if (result.type !== 'success')
        throw new Error(JSON.stringify(result.exceptionDetails?.text));
    return result.result.value;
}

/** about:webrtc in a tab of its own; then whatever is to be done in it. */
const inAboutWebrtc = body => `(async () => {
    const own = gBrowser.selectedTab, tab = gBrowser.addTrustedTab('about:webrtc');
    gBrowser.selectedTab = tab;
    const wait = ms => new Promise(resolve => setTimeout(resolve, ms));
    let page = null;
    for (let tries = 0; tries < 50 && !page?.querySelector('.peer-connection'); tries++) {
        await wait(200);
        page = tab.linkedBrowser.contentDocument;
    }
    await wait(1000);
    const press = label => page.querySelector('button[data-l10n-id="' + label + '"]').click();
    const result = await (async () => { ${body} })();
    gBrowser.selectedTab = own;
    gBrowser.removeTab(tab);
    return result;
})()`;

/** "Save Page"; the file that the picker would ask for is given instead of it. */
const savedPage = browser => target => inChrome(browser, inAboutWebrtc(`
    const file = Cc['@mozilla.org/file/local;1'].createInstance(Ci.nsIFile);
    file.initWithPath(${JSON.stringify(target)});
    const picker = { QueryInterface: ChromeUtils.generateQI(['nsIFilePicker']), init() {}, file, defaultString: '',
        open(done) { done.done(Ci.nsIFilePicker.returnOK); } };
    const registrar = Components.manager.QueryInterface(Ci.nsIComponentRegistrar);
    registrar.registerFactory(Services.uuid.generateUUID(), '', '@mozilla.org/filepicker;1',
        { createInstance: kind => picker.QueryInterface(kind) });
    press('about-webrtc-save-page-label');
    await wait(1500);
    return '';`));

/** "Copy Report": what is then in the clipboard. */
const copiedReport = browser => async target =>
    fs.writeFileSync(target, await inChrome(browser, inAboutWebrtc(`
        press('about-webrtc-copy-report-button');
        await wait(1000);
        return await navigator.clipboard.readText();`)));

/** The network panel of Firefox's developer tools: "Save All As HAR". */
async function firefoxNetworkPanel(browser) {
    await inChrome(browser, `(async () => {
        const { gDevTools } = ChromeUtils.importESModule('resource://devtools/shared/loader/Loader.sys.mjs')
            .require('devtools/client/framework/devtools');
        globalThis.labToolbox = await gDevTools.showToolboxForTab(gBrowser.selectedTab, { toolId: 'netmonitor' });
    })()`);
    return async target => {
        const text = 'labToolbox.getHARFromNetMonitor().then(log => JSON.stringify({ log }))';
        fs.writeFileSync(target, await inChrome(browser, text));
    };
}

const KINDS = {
    chromium: {
        'internals.gz': browser => internals(browser, 'dump-click-target'),
        'rtcstats.gz': browser => internals(browser, 'dump-click-target-rtcstats'),
        har: networkPanel,
        'getstats.json': async (_browser, page) => statistics(page),
    },
    firefox: {
        'about-webrtc.html': async browser => savedPage(browser),
        'about-webrtc.json': async browser => copiedReport(browser),
        har: firefoxNetworkPanel,
        'getstats.json': async (_browser, page) => statistics(page),
    },
};

/** Before the call: opens what must be open by then. Returns what saves all kinds as PREFIX.KIND, once it is over or still lasts. */
async function begin(stack, browser, page, { statements, statementsPrefix }) {
    const savers = [];
    for (const kind of statements)
        savers.push([kind, await KINDS[stack][kind](browser, page)]);
    await page.bringToFront();
    return async () => {
        for (const [kind, save] of savers)
            await save(`${statementsPrefix}.${kind}`);
    };
}

module.exports = { begin };
