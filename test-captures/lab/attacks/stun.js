// SPDX-License-Identifier: GPL-2.0-or-later
// As much of STUN (RFC 8489) as the attackers need.
'use strict';
const crypto = require('crypto');

const MAGIC = 0x2112a442;

/** A message; attributes are pairs of type and bytes. */
function message(type, attributes, transaction = crypto.randomBytes(12)) {
    const head = Buffer.alloc(8);
    head.writeUInt16BE(type, 0);
    head.writeUInt32BE(MAGIC, 4);
    return attributes.reduce(append, Buffer.concat([head, transaction]));
}

function append(before, [type, data]) {
    const head = Buffer.alloc(4);
    head.writeUInt16BE(type, 0);
    head.writeUInt16BE(data.length, 2);
    const all = Buffer.concat([before, head, data, Buffer.alloc((4 - data.length % 4) % 4)]);
    all.writeUInt16BE(all.length - 20, 2);
    return all;
}

function xorAddress(address, port) {
    const data = Buffer.alloc(8);
    data[1] = 1;
    data.writeUInt16BE(port ^ (MAGIC >>> 16), 2);
    const number = address.split('.').reduce((sum, part) => sum * 256 + +part, 0);
    data.writeUInt32BE((number ^ MAGIC) >>> 0, 4);
    return data;
}

function crc32(data) {
    let crc = -1;
    for (const byte of data) {
        crc ^= byte;
        for (let bit = 0; bit < 8; bit++)
            crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
    }
    return ~crc;
}

/** MESSAGE-INTEGRITY and FINGERPRINT, each over what stands before it. */
function seal(unsealed, password) {
    const covered = append(unsealed, [0x0008, Buffer.alloc(20)]);
    const digest = crypto.createHmac('sha1', password).update(covered.subarray(0, -24)).digest();
    const signed = append(unsealed, [0x0008, digest]);
    const marked = append(signed, [0x8028, Buffer.alloc(4)]);
    const check = Buffer.alloc(4);
    check.writeUInt32BE((crc32(marked.subarray(0, -8)) ^ 0x5354554e) >>> 0, 0);
    return append(signed, [0x8028, check]);
}

const isMessage = data => data.length >= 20 && data[0] < 4 && data.readUInt32BE(4) === MAGIC;

/** The answer of an ICE-lite agent to a binding request, or null for everything else. */
function answer(request, from, password) {
    if (request.readUInt16BE(0) !== 0x0001)
        return null;
    const mapped = [0x0020, xorAddress(from.address, from.port)];
    return seal(message(0x0101, [mapped], request.subarray(8, 20)), password);
}

module.exports = { message, xorAddress, isMessage, answer };
