# SPDX-License-Identifier: GPL-2.0-or-later
"""Counts SRTP and SRTCP packets that keys validate, with nothing of the plugins: DTLS from tshark's own fields,
secrets from a key log, and AES, GHASH, PRF and HKDF in Python (FIPS 197, SP 800-38D, RFC 5246 5, RFC 8446 7.1,
RFC 3711 4.3)."""

import hashlib
import hmac
import pathlib
import struct

import tshark

# ---- AES, one block at a time: enough for keys and tags ----


def _tables():
    box, p, q = [0] * 256, 1, 1
    while True:
        p ^= (p << 1 & 255) ^ (0x1B if p & 128 else 0)
        q ^= q << 1
        q ^= q << 2
        q ^= q << 4
        q &= 255
        if q & 128:
            q ^= 9
        rot = q ^ (q << 1 | q >> 7) ^ (q << 2 | q >> 6) ^ (q << 3 | q >> 5) ^ (q << 4 | q >> 4)
        box[p] = rot & 255 ^ 0x63
        if p == 1:
            break
    box[0] = 0x63
    return box


BOX = _tables()


def _double(b):
    return (b << 1 ^ (0x1B if b & 128 else 0)) & 255


class Aes:
    def __init__(self, key):
        words, n, rcon = [list(key[i:i + 4]) for i in range(0, len(key), 4)], len(key) // 4, 1
        while len(words) < 4 * (n + 7):
            word = list(words[-1])
            if len(words) % n == 0:
                word = [BOX[b] for b in word[1:] + word[:1]]
                word[0] ^= rcon
                rcon = _double(rcon)
            elif n > 6 and len(words) % n == 4:
                word = [BOX[b] for b in word]
            words.append([a ^ b for a, b in zip(word, words[-n])])
        self.keys = [sum(words[i:i + 4], []) for i in range(0, len(words), 4)]

    def block(self, text):
        state = [a ^ b for a, b in zip(text, self.keys[0])]
        for key in self.keys[1:]:
            state = [BOX[state[(i + 4 * (i % 4)) % 16]] for i in range(16)]
            if key is not self.keys[-1]:
                mixed = []
                for c in range(0, 16, 4):
                    column = state[c:c + 4]
                    total = column[0] ^ column[1] ^ column[2] ^ column[3]
                    mixed += [column[i] ^ total ^ _double(column[i] ^ column[(i + 1) % 4]) for i in range(4)]
                state = mixed
            state = [a ^ b for a, b in zip(state, key)]
        return bytes(state)

    def stream(self, iv, n):
        out, counter = b"", int.from_bytes(iv, "big")
        while len(out) < n:
            out += self.block(counter.to_bytes(16, "big"))
            counter += 1
        return out[:n]


class Gcm:
    """Tags alone: nothing is decrypted for them."""

    def __init__(self, key):
        self.aes = Aes(key)
        self.powers = []  # h times 2^-i
        h = int.from_bytes(self.aes.block(bytes(16)), "big")
        for _ in range(128):
            self.powers.append(h)
            h = h >> 1 ^ (0xE1 << 120 if h & 1 else 0)

    def tag(self, nonce, aad, text):
        y = 0
        data = aad + bytes(-len(aad) % 16) + text + bytes(-len(text) % 16)
        data += struct.pack(">QQ", 8 * len(aad), 8 * len(text))
        for i in range(0, len(data), 16):
            x, y = y ^ int.from_bytes(data[i:i + 16], "big"), 0
            for bit in range(128):
                if x >> 127 - bit & 1:
                    y ^= self.powers[bit]
        cover = self.aes.block(nonce + b"\0\0\0\1")
        return bytes(a ^ b for a, b in zip(y.to_bytes(16, "big"), cover))


# ---- keys ----


def prf(secret, seed, n, digest):
    a, out = seed, b""
    while len(out) < n:
        a = hmac.digest(secret, a, digest)
        out += hmac.digest(secret, a + seed, digest)
    return out[:n]


def expand_label(secret, label, context, n, digest):
    label = b"dtls13" + label
    info, out, block, i = struct.pack(">HB", n, len(label)) + label + bytes([len(context)]) + context, b"", b"", 1
    while len(out) < n:
        block = hmac.digest(secret, block + info + bytes([i]), digest)
        out += block
        i += 1
    return out[:n]


def material(secret, exporter, randoms, n):
    label = b"EXTRACTOR-dtls_srtp"
    if not exporter:
        return prf(secret, label + randoms, n, "sha256")
    digest = "sha384" if len(secret) == 48 else "sha256"
    empty = hashlib.new(digest).digest()
    return expand_label(expand_label(secret, label, empty, len(empty), digest), b"exporter", empty, n, digest)


class Direction:
    def __init__(self, gcm, key, salt):
        padded = int.from_bytes(salt + bytes(14 - len(salt)), "big")
        aes, self.gcm = Aes(key), gcm

        def derive(label, n):
            return aes.stream(((padded ^ label << 48) << 16).to_bytes(16, "big"), n)

        self.auth = [derive(1, 20), derive(4, 20)]
        if gcm:
            self.cipher = [Gcm(derive(0, len(key))), Gcm(derive(3, len(key)))]
            self.salt = [int.from_bytes(derive(2, 12), "big"), int.from_bytes(derive(5, 12), "big")]

    def rtp(self, p, roc):
        if not self.gcm:
            return hmac.digest(self.auth[0], p[:-10] + struct.pack(">I", roc), "sha1")[:10] == p[-10:]
        at = 12 + 4 * (p[0] & 15)
        if p[0] & 16:
            at += 4 + 4 * struct.unpack(">H", p[at + 2:at + 4])[0]
        iv = int.from_bytes(b"\0\0" + p[8:12] + struct.pack(">I", roc) + p[2:4], "big") ^ self.salt[0]
        return self.cipher[0].tag(iv.to_bytes(12, "big"), p[:at], p[at:-16]) == p[-16:]

    def rtcp(self, p):
        if not self.gcm:
            return hmac.digest(self.auth[1], p[:-10], "sha1")[:10] == p[-10:]
        index = struct.unpack(">I", p[-4:])[0] & 0x7FFFFFFF
        iv = int.from_bytes(b"\0\0" + p[4:8] + b"\0\0" + struct.pack(">I", index), "big") ^ self.salt[1]
        return self.cipher[1].tag(iv.to_bytes(12, "big"), p[:8] + p[-4:], p[8:-20]) == p[-20:-4]


# ---- a capture ----


def secrets(key_logs):
    found = {}
    for path in key_logs:
        for line in pathlib.Path(path).read_text().splitlines():
            words = line.split()
            if len(words) == 3 and words[0] in ("CLIENT_RANDOM", "EXPORTER_SECRET"):
                found[words[0] == "EXPORTER_SECRET", bytes.fromhex(words[1])] = bytes.fromhex(words[2])
    return found


def packets(capture):
    """UDP payloads by frame, and the randoms of hellos, without the plugins."""
    fields = ("frame.number", "udp.payload", "dtls.handshake.type", "dtls.handshake.random")
    result = tshark.run(["-r", tshark.readable(capture), "-Y", "udp && !icmp && !icmpv6", "-T", "fields",
                         *[w for f in fields for w in ("-e", f)]], plugins=False)
    tshark.require_clean(result)
    for line in result.stdout.splitlines():
        number, payload, types, randoms = line.split("\t")
        hellos = [t for t in types.split(",") if t in ("1", "2")]
        yield int(number), bytes.fromhex(payload), list(zip(hellos, randoms.split(",")))


def candidates(seen, key_logs):
    """Both directions under both profiles that stacks use, of every handshake with a secret."""
    known = secrets(key_logs)
    clients = {bytes.fromhex(r) for _, _, hellos in seen for t, r in hellos if t == "1"}
    servers = {bytes.fromhex(r) for _, _, hellos in seen for t, r in hellos if t == "2"}
    for (exporter, client), secret in known.items():
        if client not in clients:
            continue
        for server in [b""] if exporter else servers:
            for gcm, n_salt in ((False, 14), (True, 12)):
                m = material(secret, exporter, client + server, 2 * (16 + n_salt))
                for i in range(2):
                    yield client, Direction(gcm, m[16 * i:16 * i + 16], m[32 + n_salt * i:32 + n_salt * (i + 1)])


def count(capture, key_logs):
    """By client random: (RTP, RTCP) packets that validate; and the frames of media that nothing validates."""
    seen = list(packets(capture))
    keys = list(candidates(seen, key_logs))
    counts, failed, last = {}, [], {}
    for number, p, _ in seen:
        if len(p) > 4 and p[0] in range(0x40, 0x50):  # ChannelData (RFC 8656 12.4)
            p = p[4:4 + struct.unpack(">H", p[2:4])[0]]
        if len(p) < 24 or p[0] >> 6 != 2:
            continue
        rtcp = 192 <= p[1] <= 223
        for k in sorted(range(len(keys)), key=lambda i: i != last.get(p[8:12])):
            client, direction = keys[k]
            if direction.rtcp(p) if rtcp else direction.rtp(p, 0) or direction.rtp(p, 1):
                pair = counts.setdefault(client, [0, 0])
                pair[rtcp] += 1
                last[p[8:12]] = k
                break
        else:
            failed.append(number)
    return {client: tuple(pair) for client, pair in counts.items()}, failed
