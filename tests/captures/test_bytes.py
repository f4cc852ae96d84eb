# SPDX-License-Identifier: GPL-2.0-or-later
"""Fields of webrtc_dtls and webrtc_ice show just the bytes they were read from: in the datagram, in what TURN carries,
in STUN, and in decrypted data. What the bytes must be is worked out here from the field's value and the RFCs. 15 s."""

import datetime
import hashlib
import json
import re
import zlib

import pytest
import truth
import tshark

COOKIE = bytes.fromhex("2112a442")
VERSIONS = {"DTLS 1.0": "feff", "DTLS 1.2": "fefd", "DTLS 1.3": "fefc"}
PROFILES = {
    "SRTP_AES128_CM_HMAC_SHA1_80": 1, "SRTP_AES128_CM_HMAC_SHA1_32": 2, "SRTP_NULL_HMAC_SHA1_80": 5,
    "SRTP_AEAD_AES_128_GCM": 7, "SRTP_AEAD_AES_256_GCM": 8,
}
HANDSHAKES = {
    "Client Hello": 1, "Server Hello": 2, "Hello Retry Request": 2, "Hello Verify Request": 3,
    "Encrypted Extensions": 8, "Certificate": 11, "Server Key Exchange": 12, "Certificate Request": 13,
    "Server Hello Done": 14, "Certificate Verify": 15, "Client Key Exchange": 16, "Finished": 20,
}
KEYS = {"EC P-256": "2a8648ce3d030107", "RSA 2048": "2a864886f70d010101"}
SIGNATURES = {"ecdsa-with-SHA256": "2a8648ce3d040302", "sha256WithRSAEncryption": "2a864886f70d01010b"}
MESSAGES = {
    "Binding Request": "0001", "Binding Success Response": "0101", "Binding Error Response": "0111",
    "Binding Indication": "0011", "Allocate Request": "0003", "Allocate Success Response": "0103",
    "Allocate Error Response": "0113", "Refresh Request": "0004", "Refresh Success Response": "0104",
    "Refresh Error Response": "0114", "Send Indication": "0016", "Data Indication": "0017",
    "CreatePermission Request": "0008", "CreatePermission Success Response": "0108",
    "ChannelBind Request": "0009", "ChannelBind Success Response": "0109",
}


def number(raw):
    return int.from_bytes(raw, "big")


def count(value):
    return int(value, 0)


def is_message(raw, value):
    """All of a handshake fragment, or all of a record."""
    kind = value.split(",")[0]
    if kind in HANDSHAKES or kind in ("Other Handshake Message", "Handshake Fragment"):
        return len(raw) == 12 + number(raw[9:12]) and raw[0] == HANDSHAKES.get(kind, raw[0])
    if raw[0] & 0xE0 == 0x20:
        return len(raw) > 16
    if kind == "Alert" and len(raw) == 2:  # decrypted
        return raw[0] in (1, 2)
    return len(raw) == 13 + number(raw[11:13]) and raw[1] == 0xFE


def is_list(raw, value, extensions):
    """The entries of a certificate list (RFC 5246 7.4.2, RFC 8446 4.4.2)."""
    entries = at = 0
    while at < len(raw):
        at += 3 + number(raw[at : at + 3])
        at += 2 + number(raw[at : at + 2]) if extensions else 0
        entries += 1
    return at == len(raw) and entries == count(value)


def is_name(raw, value):
    """A Name (RFC 5280 4.1.2.4): a SEQUENCE with all that is said of it."""
    parts = [part.split("=", 1)[1].encode() for part in value.split(",")]
    return raw[0] == 0x30 and raw[1] == len(raw) - 2 and all(part in raw for part in parts)


def is_time(raw, value):
    text = raw[2:].decode()
    when = datetime.datetime.strptime(text, "%y%m%d%H%M%SZ" if raw[0] == 0x17 else "%Y%m%d%H%M%SZ")
    return when.strftime("%Y-%m-%d %H:%M:%S") in said_time(value)


def said_time(value):
    """Series write times differently."""
    found = re.match(r"(\w{3}) +(\d+), (\d{4}) (\d\d:\d\d:\d\d)", value)
    if found:
        return datetime.datetime.strptime(" ".join(found.groups()), "%b %d %Y %H:%M:%S").strftime("%Y-%m-%d %H:%M:%S")
    return value.replace("T", " ")


def is_digest(name):
    return lambda raw, value: hashlib.new(name, raw).digest() == bytes.fromhex(value.replace(":", ""))


def is_extension(kind):
    return lambda raw, value: number(raw[:2]) == kind and number(raw[2:4]) == len(raw) - 4


def is_number(raw, value):
    return number(raw) == count(value)


def is_text(raw, value):
    return raw == value.encode()


def is_address(raw, value):
    """A masked address (RFC 8489 14.2), of IPv4."""
    port = number(raw[2:4]) ^ number(COOKIE[:2])
    address = ".".join(str(a ^ b) for a, b in zip(raw[4:8], COOKIE))
    return len(raw) == 8 and value == f"{address}:{port}"


READ = {
    "webrtc_dtls.message": is_message,
    "webrtc_dtls.version": lambda raw, value: raw.hex() == VERSIONS[value],
    "webrtc_dtls.version.offered": lambda raw, value: raw.hex() == VERSIONS[value],
    "webrtc_dtls.record.version": is_number,
    "webrtc_dtls.record.epoch": lambda raw, value: is_number(raw, value) or raw[0] & 0xE3 == 0x20 | count(value),
    "webrtc_dtls.handshake.message_seq": is_number,
    "webrtc_dtls.handshake.type": is_number,
    "webrtc_dtls.handshake.length": is_number,
    "webrtc_dtls.handshake.fragment_offset": is_number,
    "webrtc_dtls.handshake.fragment_length": is_number,
    "webrtc_dtls.alert.level": lambda raw, value: raw[0] == {"warning": 1, "fatal": 2}[value],
    "webrtc_dtls.alert": is_number,
    "webrtc_dtls.random": lambda raw, value: raw.hex(":") == value,
    "webrtc_dtls.session_id": lambda raw, value: raw.hex(":") == value,
    "webrtc_dtls.cookie": lambda raw, value: len(raw) >= 4,
    "webrtc_dtls.suite": is_number,
    "webrtc_dtls.suite.offered": is_number,
    "webrtc_dtls.srtp_profile": lambda raw, value: number(raw) == PROFILES[value],
    "webrtc_dtls.srtp_profile.offered": lambda raw, value: number(raw) == PROFILES[value],
    "webrtc_dtls.extended_master_secret": is_extension(23),
    "webrtc_dtls.session_ticket": is_extension(35),
    "webrtc_dtls.pre_shared_key": is_extension(41),
    "webrtc_dtls.downgrade_sentinel": lambda raw, value: raw[:7] == b"DOWNGRD" and len(raw) == 8,
    "webrtc_dtls.alpn": is_text,
    "webrtc_dtls.server_name": is_text,
    "webrtc_dtls.certificates": lambda raw, value: is_list(raw, value, False) or is_list(raw, value, True),
    "webrtc_dtls.certificate.sha256": is_digest("sha256"),
    "webrtc_dtls.certificate.sha1": is_digest("sha1"),
    "webrtc_dtls.certificate.sha224": is_digest("sha224"),
    "webrtc_dtls.certificate.sha384": is_digest("sha384"),
    "webrtc_dtls.certificate.sha512": is_digest("sha512"),
    "webrtc_dtls.certificate.subject": is_name,
    "webrtc_dtls.certificate.issuer": is_name,
    "webrtc_dtls.certificate.key": lambda raw, value: bytes.fromhex(KEYS[value]) in raw[:30],
    "webrtc_dtls.certificate.key_bits": lambda raw, value: raw[0] == 0x30,
    "webrtc_dtls.certificate.signature": lambda raw, value: bytes.fromhex(SIGNATURES[value]) == raw[4 : 4 + raw[3]],
    "webrtc_dtls.certificate.not_before": is_time,
    "webrtc_dtls.certificate.not_after": is_time,
    "webrtc_dtls.certificate.alt_names": lambda raw, value: value.split(", ")[0].split(":", 1)[1].encode() in raw,
    "webrtc_ice.message": lambda raw, value: raw.hex() == MESSAGES[value],
    "webrtc_ice.local_ufrag": is_text,
    "webrtc_ice.remote_ufrag": is_text,
    "webrtc_ice.use_candidate": lambda raw, value: raw.hex() == "00250000",
    "webrtc_ice.role": lambda raw, value: raw[:4].hex() == {"controlling": "802a0008", "controlled": "80290008"}[value],
    "webrtc_ice.mapped": is_address,
    "webrtc_ice.peer": is_address,
    "webrtc_ice.relayed_address": is_address,
    "webrtc_ice.channel": is_number,
    "webrtc_ice.bound_channel": is_number,
    "webrtc_ice.error_code": lambda raw, value: raw[0] * 100 + raw[1] == count(value),
    "webrtc_ice.dtls_length": is_number,
    "webrtc_ice.frame_length": is_number,
    # Whether it fits the message is looked at below.
    "webrtc_ice.stun_fingerprint": lambda raw, value: len(raw) == 4,
}
# What is concluded has no bytes of its own.
CONCLUDED = {
    "webrtc_dtls.retransmission", "webrtc_dtls.decrypted", "webrtc_dtls.carriage",
    "webrtc_dtls.certificate.self_issued", "webrtc_ice.purpose", "webrtc_ice.relayed", "webrtc_ice.carriage",
    "webrtc_ice.integrity",
}


def walk(pairs, message=None):
    """(name, value, (bytes, offset) or None, message) of every field: its raw member stands before it, and message is
    the tree of the DTLS message that it is part of, which stands behind the message."""
    shown = {}
    for i, (name, value) in enumerate(pairs):
        if name.endswith("_raw"):
            shown[name[:-4]] = (bytes.fromhex(value[0]), value[1]) if value[2] > 0 else None
        elif name == "_ws.expert":
            continue
        elif isinstance(value, list):
            yield name, None, shown.get(name), message
            yield from walk(value, value if name == "webrtc_dtls.message_tree" else message)
        else:
            its = pairs[i + 1][1] if name == "webrtc_dtls.message" and i + 1 < len(pairs) else message
            yield name, value, shown.pop(name, None), its


def data_sources(text):
    """For each frame of tshark -x: [(name, bytes)]; one with a single data source is dumped without a name. What was
    captured is called "Frame", from 4.6 on "Packet"."""
    frames, title = [], None
    for line in text.splitlines():
        if re.match(r"[0-9a-f]{4}  ", line):
            if line.startswith("0000"):
                name = title or "Frame"
                if name in ("Frame", "Packet"):
                    frames.append([])
                frames[-1].append((name, bytearray()))
            frames[-1][-1][1].extend(bytes.fromhex(line[6:53]))
            title = None
        elif line.endswith(":"):
            title = line.split(" (")[0]
    return frames


def read(capture, keys=None, passes=()):
    """(frame's data sources, its fields) of each packet with something of ours."""
    options = [*passes, "-r", tshark.readable(capture), "-Y", "webrtc_dtls || webrtc_ice"]
    if keys:
        options += ["-o", f"tls.keylog_file:{tshark.readable(keys)}"]
    result = tshark.run([*options, "-T", "json", "-x", "-J", "webrtc_dtls webrtc_ice"])
    dumps = tshark.run([*options, "-x"])
    tshark.require_clean(result)
    tshark.require_clean(dumps)
    packets = [dict(dict(packet)["_source"])["layers"] for packet in json.loads(result.stdout, object_pairs_hook=list)]
    sources = data_sources(dumps.stdout)
    assert len(packets) == len(sources)
    return [(held, list(walk(layers))) for held, layers in zip(sources, packets)]


def holds(source, shown):
    raw, offset = shown
    return source[offset : offset + len(raw)] == raw


def is_there(held, shown, message):
    """A data source has these bytes there: the right one, for a message that was decrypted."""
    decrypted = message is not None and any(name == "webrtc_dtls.decrypted" for name, _ in message)
    return any(holds(source, shown) for name, source in held if name.startswith("Decrypted DTLS") == decrypted)


def fits(checksum, shown, message, state):
    """FINGERPRINT ends a message and is of all before it (RFC 8489 14.7)."""
    bytes_before = message[0][:-8]
    valid = zlib.crc32(bytes_before) ^ 0x5354554E == number(checksum)
    return shown == message[1] + len(bytes_before) + 4 and valid == (state == "valid")


def check(packets):
    """Every field of every packet; returns the names of what was seen."""
    seen, stun = set(), None
    for held, fields in packets:
        for name, value, shown, message in fields:
            if name == "webrtc_ice":
                stun = shown
            if value is None or not name.startswith(("webrtc_dtls.", "webrtc_ice.")):
                continue
            if name in CONCLUDED:
                assert shown is None, name
                continue
            assert shown is not None, (name, value)
            assert is_there(held, shown, message), (name, value)
            assert READ[name](shown[0], value), (name, value, shown[0].hex())
            if name == "webrtc_ice.stun_fingerprint":
                assert fits(*shown, stun, value)
            seen.add(name)
    return seen


HELLOS = {
    "webrtc_dtls.version", "webrtc_dtls.version.offered", "webrtc_dtls.random", "webrtc_dtls.suite",
    "webrtc_dtls.suite.offered", "webrtc_dtls.extended_master_secret",
}
CERTIFICATE = {name for name in READ if name.startswith("webrtc_dtls.certificate") and not name.endswith("alt_names")}
FRAGMENTS = {"webrtc_dtls.handshake.fragment_offset", "webrtc_dtls.handshake.fragment_length"}
CHECKS = {
    "webrtc_ice.local_ufrag", "webrtc_ice.remote_ufrag", "webrtc_ice.role", "webrtc_ice.use_candidate",
    "webrtc_ice.mapped", "webrtc_ice.stun_fingerprint", "webrtc_ice.message",
}
TURN = {
    "webrtc_ice.channel", "webrtc_ice.bound_channel", "webrtc_ice.peer", "webrtc_ice.relayed_address",
    "webrtc_ice.error_code",
}
# What must be seen where: in datagrams, in ChannelData and indications, over TCP and TLS, in STUN.
CASES = {
    "cr-ff12.A": HELLOS | CERTIFICATE | CHECKS | {"webrtc_dtls.alpn", "webrtc_dtls.downgrade_sentinel"},
    "cable-cr-aiortc.A": HELLOS | CERTIFICATE | FRAGMENTS | {"webrtc_dtls.alert", "webrtc_dtls.alert.level"},
    "resumed-aiortc.A": {"webrtc_dtls.session_ticket", "webrtc_dtls.session_id"},
    "turn-udp-cr-aiortc.A": HELLOS | CERTIFICATE | FRAGMENTS | CHECKS | TURN,
    "turn-tcp-cr-ff12.A": HELLOS | CERTIFICATE | CHECKS | TURN,
    "turn-tls-cr-aiortc.A": HELLOS | CERTIFICATE | CHECKS | TURN,
    "gst-ff.A": {"webrtc_ice.frame_length"},
    "sped-cr-cr.A": HELLOS | FRAGMENTS | {"webrtc_ice.dtls_length"},
}


@pytest.mark.parametrize("name", CASES)
def test_fields_show_their_bytes(name):
    keys = truth.OWN / f"{name}.keys"
    assert check(read(truth.OWN / f"{name}.pcapng", keys if keys.exists() else None)) >= CASES[name]


@pytest.mark.parametrize("passes", [[], ["-2"]], ids=["one-pass", "two-pass"])
def test_decrypted_without_keys(passes):
    """A cipher that does not encrypt: Wireshark makes a data source of each record all the same."""
    packets = read(truth.OWN / "null-cipher-aiortc.A.pcapng", passes=passes)
    finished = [
        (held, message)
        for held, fields in packets
        for name, value, _, message in fields
        if name == "webrtc_dtls.message" and value == "Finished"
    ]
    check(packets)
    assert len(finished) == 2
    for held, message in finished:
        assert any(name == "webrtc_dtls.decrypted" for name, _ in message)
        assert any(name.startswith("Decrypted DTLS") for name, _ in held)


@pytest.mark.skipif(tshark.series() < (4, 4), reason="this series decrypts no DTLS 1.3")
@pytest.mark.parametrize("passes", [[], ["-2"]], ids=["one-pass", "two-pass"])
def test_decrypted_certificates(passes):
    packets = read(truth.OWN / "cr-ff.B.pcapng", truth.OWN / "cr-ff.B.keys", passes)
    assert check(packets) >= HELLOS | CERTIFICATE
