# SPDX-License-Identifier: GPL-2.0-or-later
"""What is said beside descriptions, on its way through Wireshark's HTTP and WebSocket dissectors; and the audit
record."""

import base64
import csv
import hashlib
import io
import itertools
import json

import packets
import pytest
import tshark

ALICE, SERVER, PAGES, PUSH = ("10.1.0.2", 50100), ("10.1.0.9", 8080), ("10.1.0.10", 80), ("10.1.0.11", 80)
KEY = "dGhlIHNhbXBsZSBub25jZQ=="
ACCEPT = base64.b64encode(hashlib.sha1((KEY + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest()).decode()
FINGERPRINT = "sha-256 " + ":".join(["AB"] * 32)
SDP = "\r\n".join([
    "v=0", "o=- 4711000001 2 IN IP4 127.0.0.1", "s=-", "t=0 0", "m=application 9 UDP/DTLS/SCTP webrtc-datachannel",
    "c=IN IP4 0.0.0.0", "a=mid:0", "a=ice-ufrag:AAAA", "a=ice-pwd:alicealicealicealice22", "a=setup:actpass",
    f"a=fingerprint:{FINGERPRINT}", "a=candidate:1 1 udp 2122260223 198.51.100.4 5000 typ host", "",
])


def page(capture, fields):
    connection = capture.connect((ALICE[0], 50000), PAGES)
    connection.up(packets.http("GET / HTTP/1.1", {"Host": "app.example"}))
    body = b"<html></html>"
    connection.down(packets.http("HTTP/1.1 200 OK", {"Content-Type": "text/html", **fields}, body))


def call(capture, target="/ws", fields=None, messages=(), sender="alice"):
    connection = capture.connect(ALICE, SERVER)
    upgrade = {"Host": "signal.example:8080", "Origin": "http://app.example", "Upgrade": "websocket",
               "Connection": "Upgrade", "Sec-WebSocket-Key": KEY, "Sec-WebSocket-Version": "13", **(fields or {})}
    connection.up(packets.http(f"GET {target} HTTP/1.1", upgrade))
    connection.down(packets.http("HTTP/1.1 101 Switching Protocols", {
        "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Accept": ACCEPT}))
    for message in messages:
        connection.down(packets.websocket_text(json.dumps(message), masked=False))
    offer = {"type": "offer", "sdp": SDP, "from": sender, "to": "bob"}
    connection.up(packets.websocket_text(json.dumps(offer), masked=True))


@pytest.fixture
def build(tmp_path):
    made = itertools.count()

    def findings(make, options=()):
        capture = packets.Capture()
        make(capture)
        path = tshark.readable(capture.write(tmp_path / f"beside{next(made)}.pcap"))
        result = tshark.run([*options, "-q", "-r", path, "-z", "webrtc,json"])
        tshark.require_clean(result)
        return path, {(f["check"], f["severity"], f["message"]) for f in tshark.parse_report(result.stdout).findings}

    return findings


def has(findings, check, severity, text=""):
    return any(c == check and s == severity and text in m for c, s, m in findings)


def test_credentials_in_an_upgrade(build):
    _, found = build(lambda c: call(c, target="/ws?token=s3cr3t-s3cr3t"))
    assert has(found, "SIG-03", "warn", "URL parameter token")
    assert has(found, "SIG-01", "warn")
    assert not any("s3cr3t" in m for _, _, m in found)
    _, found = build(lambda c: call(c))
    assert not has(found, "SIG-03", "warn")
    assert has(found, "SIG-04", "chat", "None seen")


def test_turn_credentials_in_a_message(build):
    servers = {"iceServers": [{"urls": "turn:t.example", "username": "u", "credential": "geheim"}]}
    _, found = build(lambda c: call(c, messages=[servers]))
    assert has(found, "SIG-03", "warn", "$.iceServers[0]")
    assert not any("geheim" in m for _, _, m in found)
    _, found = build(lambda c: call(c, messages=[{"iceServers": [{"urls": "stun:s.example"}]}]))
    assert not has(found, "SIG-03", "warn")


def test_page_policies(build):
    def denied(c):
        page(c, {"Permissions-Policy": "camera=(), encrypted-media=()",
                 "Content-Security-Policy": "connect-src 'self'"})
        call(c)

    def allowed(c):
        page(c, {"Permissions-Policy": "camera=(self)",
                 "Content-Security-Policy": "connect-src ws://signal.example:8080"})
        call(c)

    _, found = build(denied)
    assert has(found, "SIG-10", "note", "camera")
    assert has(found, "SIG-10", "note", "no effect on WebRTC")
    assert has(found, "SIG-10", "note", "connect-src")
    _, found = build(allowed)
    assert not [f for f in found if f[0] == "SIG-10"]


def test_oldest_versions(build):
    agent = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:109.0) Gecko/20100101 Firefox/115.0"}
    _, found = build(lambda c: call(c, fields=agent), options=["-o", "webrtc.oldest_versions:Firefox 128"])
    assert has(found, "SIG-11", "warn", "Firefox 115.0")
    _, found = build(lambda c: call(c, fields=agent), options=["-o", "webrtc.oldest_versions:Firefox 115"])
    assert not has(found, "SIG-11", "warn")
    assert has(found, "SIG-11", "chat", "Firefox 115.0")


def test_push_payload(build):
    def push(payload):
        def make(c):
            body = json.dumps(payload).encode()
            connection = c.connect((ALICE[0], 50200), PUSH)
            connection.up(packets.http("POST /fcm/send HTTP/1.1",
                                       {"Host": "push.example", "Content-Type": "application/json"}, body))
            connection.down(packets.http("HTTP/1.1 200 OK", {"Content-Length": "0"}))
            call(c)
        return make

    _, found = build(push({"to": "t", "notification": {"title": "Eva Muster", "body": "ruft an"}}))
    assert has(found, "SIG-09", "note", "notification.title")
    assert not any("Muster" in m for _, _, m in found)
    _, found = build(push({"to": "t", "data": {"wake": "1"}}))
    assert not [f for f in found if f[0] == "SIG-09"]


def test_reverse_proxy(build):
    _, found = build(lambda c: call(c, fields={"X-Forwarded-For": "192.0.2.1"}))
    assert has(found, "SIG-01", "note") and not has(found, "SIG-01", "warn")


def test_audit_record(build):
    path, _ = build(lambda c: call(c, sender="=cmd()"))
    result = tshark.run(["-q", "-r", path, "-z", "webrtc,audit,csv"])
    tshark.require_clean(result)
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    assert len(rows) == 1
    assert rows[0]["party_1"] == "'=cmd()" and rows[0]["party_2"] == "bob"
    assert rows[0]["address_1"] == ALICE[0] and rows[0]["verdict"] == "NO-MEDIA" and rows[0]["content"] == "data"
    assert rows[0]["signalling"] == "in clear" and rows[0]["media_bytes"] == "0"
    result = tshark.run(["-q", "-r", path, "-z", "webrtc,audit"])
    tshark.require_clean(result)
    lines = result.stdout.splitlines()
    assert len(lines) == 1 and "=cmd()" in lines[0] and "NO-MEDIA" in lines[0]
    # with a filter: none of this call's packets has DTLS
    result = tshark.run(["-q", "-r", path, "-z", "webrtc,audit,csv,dtls"])
    tshark.require_clean(result)
    assert len(result.stdout.splitlines()) == 1
