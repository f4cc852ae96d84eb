// SPDX-License-Identifier: GPL-2.0-or-later
// Rewrites pcapng files: header blocks without options that tell of the machine, and media only of the first seconds.
'use strict';
const fs = require('fs');

const SECTION = 0x0a0d0d0a, INTERFACE = 1, PACKET = 6;

function* blocks(data) {
    for (let at = 0; at + 12 <= data.length;) {
        const length = data.readUInt32LE(at + 4);
        if (length < 12 || at + length > data.length)
            return; // cut off in the middle of a block
        yield { type: data.readUInt32LE(at), body: data.subarray(at + 8, at + length - 4) };
        at += length;
    }
}

function block(type, body) {
    const out = Buffer.alloc(12 + body.length);
    out.writeUInt32LE(type, 0);
    out.writeUInt32LE(out.length, 4);
    body.copy(out, 8);
    out.writeUInt32LE(out.length, out.length - 4);
    return out;
}

/** An interface's link type and snap length, its name, and the resolution of its times. */
function describeInterface(body, name) {
    const text = Buffer.from(name);
    const resolution = optionOf(body.subarray(8), 9);
    const options = [option(2, text)];
    if (resolution)
        options.push(option(9, resolution));
    return block(INTERFACE, Buffer.concat([body.subarray(0, 8), ...options, Buffer.alloc(4)]));
}

function option(code, value) {
    const out = Buffer.alloc(4 + Math.ceil(value.length / 4) * 4);
    out.writeUInt16LE(code, 0);
    out.writeUInt16LE(value.length, 2);
    value.copy(out, 4);
    return out;
}

function optionOf(data, wanted) {
    for (let at = 0; at + 4 <= data.length;) {
        const code = data.readUInt16LE(at), length = data.readUInt16LE(at + 2);
        if (code === 0)
            return null;
        if (code === wanted)
            return data.subarray(at + 4, at + 4 + length);
        at += 4 + Math.ceil(length / 4) * 4;
    }
    return null;
}

/** A key for the flow of a packet that carries media by RFC 7983 (also within TURN's channels), else null. */
function mediaFlow(frame) {
    if (frame.length < 42 || frame.readUInt16BE(12) !== 0x0800 || frame[23] !== 17)
        return null;
    const header = 14 + (frame[14] & 15) * 4;
    let payload = header + 8;
    if (frame[payload] >= 64 && frame[payload] <= 79)
        payload += 4;
    if (!(frame[payload] >= 128 && frame[payload] <= 191))
        return null;
    return frame.subarray(26, 34).toString('hex') + frame.subarray(header, header + 4).toString('hex');
}

/** Decides which packets stay: in each flow, media of its first seconds, and no more than so many packets of it. */
function trimmer({ seconds = Infinity, packets = Infinity }) {
    const flows = new Map();
    return (frame, time) => {
        const key = mediaFlow(frame);
        if (key === null)
            return true;
        const flow = flows.get(key) || { start: time, count: 0 };
        flows.set(key, flow);
        flow.count++;
        return time - flow.start <= seconds && flow.count <= packets;
    };
}

function rewrite(source, target, { names, seconds, packets }) {
    const out = [];
    const resolutions = [];
    const keep = trimmer({ seconds, packets });
    for (const { type, body } of blocks(fs.readFileSync(source))) {
        if (type === SECTION) {
            out.push(block(SECTION, body.subarray(0, 16)));
        } else if (type === INTERFACE) {
            const resolution = optionOf(body.subarray(8), 9);
            out.push(describeInterface(body, names[Math.min(resolutions.length, names.length - 1)]));
            resolutions.push(10 ** -(resolution ? resolution[0] : 6));
        } else if (type === PACKET) {
            const length = body.readUInt32LE(12);
            const frame = body.subarray(20, 20 + length);
            const time = (body.readUInt32LE(4) * 2 ** 32 + body.readUInt32LE(8)) * resolutions[body.readUInt32LE(0)];
            if (keep(frame, time))
                out.push(block(PACKET, body.subarray(0, 20 + Math.ceil(length / 4) * 4)));
        }
    }
    fs.writeFileSync(target, Buffer.concat(out));
}

module.exports = { rewrite };
