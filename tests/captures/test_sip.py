# SPDX-License-Identifier: GPL-2.0-or-later
"""SIP as RFC 3261 allows it: line ends before a message, white space before colons, messages behind others,
answers that
protect nothing or carry their keys with them, and segments in the wrong order. Takes 9 s."""

import packets
import pytest
import tshark

ALICE, BOB = ("192.0.2.1", 5060), ("192.0.2.2", 5060)
OFFER = "\r\n".join([
    "v=0", "o=- 5754295781 2 IN IP4 192.0.2.1", "s=-", "t=0 0", "m=audio 40000 UDP/TLS/RTP/SAVPF 111",
    "c=IN IP4 192.0.2.1",
    "a=rtpmap:111 opus/48000/2", "a=ice-ufrag:uAAA", "a=ice-pwd:ppppppppppppAAAAAAAAAAAA", "a=setup:actpass",
    "a=fingerprint:sha-256 " + ":".join(["AB"] * 32), ""])
ANSWER = (OFFER.replace("5754295781", "7087335454").replace("192.0.2.1", "192.0.2.2").replace("uAAA", "uBBB")
          .replace("actpass", "active").replace("AB:", "CD:"))
PLAIN = "\r\n".join(["v=0", "o=- 7087335454 2 IN IP4 192.0.2.2", "s=-", "t=0 0", "m=audio 40000 RTP/AVP 0",
                     "c=IN IP4 192.0.2.2", ""])
KEY = "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:PjEpSwBQlpQ2YyNwK/YyMqhaaYRxLwAcTkyYECc+\r\n"
INVITE, OK = "INVITE sip:bob@x SIP/2.0", "SIP/2.0 200 OK"


def sip(start, body="", call="c1@x", method="INVITE", colon=":", kind="application/sdp", length=None):
    fields = [("Via", "SIP/2.0/TCP 192.0.2.1;branch=z9hG4bK1"), ("From", "<sip:alice@x>;tag=1"),
              ("To", "<sip:bob@x>;tag=2"),
              ("Call-ID", call), ("CSeq", f"1 {method}")]
    fields += [("Content-Type", kind)] if body else []
    fields += [("Content-Length", len(body) if length is None else length)]
    return "\r\n".join([start, *(f"{name}{colon} {value}" for name, value in fields), "", body]).encode()


def ping(call="p1@x"):
    return sip("OPTIONS sip:x SIP/2.0", call=call, method="OPTIONS")


@pytest.fixture
def read(tmp_path):
    """The report of a capture; twice: the same in one pass and in two."""
    def run(capture, twice=False, options=()):
        path = tshark.readable(capture.write(tmp_path / f"sip{len(list(tmp_path.iterdir()))}.pcap"))
        reports = []
        for mode in (["-q"], ["-2", "-q"])[:1 + twice]:
            result = tshark.run([*mode, *options, "-r", path, "-z", "webrtc,json"])
            tshark.require_clean(result)
            reports.append(tshark.parse_report(result.stdout))
        assert reports[0].records == reports[-1].records
        return reports[0]
    return run


def said(report):
    return [(d["frame"], d["kind"], d.get("call"), d["carrier"], d.get("from")) for d in report.descriptions]


def over_tcp(*segments):
    capture = packets.Capture()
    connection = capture.connect(("192.0.2.1", 51000), BOB)
    for end, data in segments:
        (connection.up if end == "up" else connection.down)(data)
    return capture


def over_udp(*messages):
    capture = packets.Capture()
    for end, data in messages:
        capture.packets.append(packets.udp(*((ALICE, BOB) if end == "up" else (BOB, ALICE)), data))
    return capture


BOTH = [(4, "offer", "c1@x", "sip", "alice@x"), (5, "answer", "c1@x", "sip", "bob@x")]


@pytest.mark.parametrize("up, down", [
    (sip(INVITE, OFFER), sip(OK, ANSWER)),
    (b"\r\n\r\n" + sip(INVITE, OFFER), b"\r\n" + sip(OK, ANSWER)),
    (ping() + b"\r\n\r\n" + sip(INVITE, OFFER) + ping("p2@x"), ping() + sip(OK, ANSWER) + b"\r\n\r\n"),
    (sip(INVITE, OFFER, colon=" \t :"), sip(OK, ANSWER, colon="\t:", kind='Application/SDP ; charset="utf-8"')),
], ids=["plain", "keep-alive", "behind", "spaces"])
def test_segments(read, tmp_path, up, down):
    """Each description once, whoever found it, and in the tree, too."""
    capture = over_tcp(("up", up), ("down", down))
    assert said(read(capture, twice=True)) == BOTH
    for mode in ([], ["-2"]):
        path = tshark.readable(capture.write(tmp_path / "tree.pcap"))
        result = tshark.run([*mode, "-r", path, "-T", "fields", "-e", "webrtc_sdp.kind"])
        tshark.require_clean(result)
        assert result.stdout.split() == ["offer", "answer"]


@pytest.mark.parametrize("colon", [":", " :", "\t: "])
def test_datagrams(read, colon):
    report = read(over_udp(("up", sip(INVITE, OFFER, colon=colon)), ("down", sip(OK, ANSWER, colon=colon))))
    assert [row[1:] for row in said(report)] == [row[1:] for row in BOTH]


@pytest.mark.parametrize("cut", [2, 20, 300])
def test_a_message_that_goes_on(read, cut):
    data = ping() + b"\r\n\r\n" + sip(INVITE, OFFER)
    at = len(ping()) + 4 + cut
    assert said(read(over_tcp(("up", data[:at]), ("up", data[at:]), ("down", sip(OK, ANSWER))), twice=True)) == [
        (5, *BOTH[0][1:]), (6, *BOTH[1][1:])]


@pytest.mark.parametrize("data", [
    b"\r\n\r\n" * 20,
    b"\r\n\r\n" + sip(INVITE, PLAIN),                               # nothing of WebRTC
    b"\r\n\r\n" + sip(INVITE, OFFER, kind="text/plain"),
    b"\r\n\r\nfrom a log: " + sip(INVITE, OFFER),
    b"\r\n\r\n" + sip(INVITE, OFFER, length=100000),
    b"\r\n\r\n" + sip(INVITE, OFFER, length="many"),
], ids=["line ends", "no WebRTC", "text", "no start line", "too long", "no number"])
def test_nothing_is_made_up(read, data):
    assert said(read(over_tcp(("up", data), ("up", b"more")))) == []


# ---- answers that protect nothing ----

def call(answer, offer=OFFER, of="c1@x"):
    return over_udp(("up", sip(INVITE, offer)), ("down", sip(OK, answer, call=of)))


def checks(report, name):
    return [(f["severity"], f["frame"]) for f in report.findings if f["check"] == name]


def test_a_plain_answer(read):
    assert checks(read(call(PLAIN)), "SDP-08") == [("error", 2)]
    assert checks(read(call(PLAIN.replace("RTP/AVP", "RTP/AVPF"))), "SDP-08") == [("error", 2)]
    assert checks(read(call(ANSWER)), "SDP-08") == []
    assert checks(read(call(PLAIN.replace("audio 40000", "audio 0"))), "SDP-08") == []      # refused
    assert len(read(call(PLAIN, of="other@x")).descriptions) == 1                           # of another call
    assert read(call(PLAIN, offer=PLAIN)).descriptions == []                                # plain on both sides


def test_keys_beside_a_fingerprint(read):
    offer = OFFER.replace("UDP/TLS/", "") + KEY
    both = ANSWER.replace("UDP/TLS/", "") + KEY
    assert checks(read(call(both, offer)), "SIG-06") == [("warn", 2)]
    assert checks(read(call(ANSWER.replace("UDP/TLS/", ""), offer)), "SIG-06") == [("note", 1)]
    rejected = call(ANSWER + "m=video 0 RTP/SAVPF 96\r\n" + KEY, OFFER + "m=video 9 RTP/SAVPF 96\r\n")
    assert checks(read(rejected), "SIG-06") == []


def test_media_by_such_a_key(read):
    capture = call(ANSWER.replace("UDP/TLS/", "") + KEY, OFFER.replace("UDP/TLS/", "") + KEY)
    capture.packets += [b"\0" * 60] * 300  # three seconds, so that nothing was under way at the start
    for number in range(60):
        head = bytes([0x80, 111]) + number.to_bytes(2, "big") + (number * 960).to_bytes(4, "big") + b"\1\2\3\4"
        noise = bytes((number * 37 + i * 101 + i * i) & 255 for i in range(80))
        capture.packets.append(packets.udp(("192.0.2.1", 40000), ("192.0.2.2", 40000), head + noise))
    report = read(capture)
    assert checks(report, "SIG-06") == [("error", 2)]
    (found,) = [f for f in report.findings if f["check"] == "RTP-02"]
    assert "frame 2 holds a key" in found["message"]


def test_an_answer_that_leaves_the_role_open(read):
    open_answer = ANSWER.replace("active", "actpass")
    assert checks(read(call(open_answer)), "SDP-06") == [("warn", 2)]
    assert checks(read(call(ANSWER)), "SDP-06") == []
    late = over_udp(("up", sip(INVITE)), ("down", sip(OK, open_answer)),
                    ("up", sip("ACK sip:bob@x SIP/2.0", OFFER.replace("actpass", "active"), method="ACK")))
    report = read(late)
    assert [d["kind"] for d in report.descriptions] == ["offer", "answer"]
    assert checks(report, "SDP-06") == []
    early = over_udp(("up", sip(INVITE, OFFER)), ("down", sip("SIP/2.0 183 Session Progress", open_answer)),
                     ("down", sip(OK, open_answer)))
    assert {d["kind"] for d in read(early).descriptions} == {"offer", "answer"}


PRACK, EARLY = "PRACK sip:bob@x SIP/2.0", "SIP/2.0 183 Session Progress"


def test_what_is_said_before_the_call_is_answered(read):
    """Reliable provisional responses carry offers and answers as well (RFC 3262 5): the PRACK answers an offer in a
    183, or offers anew."""
    offers, answers = OFFER, ANSWER.replace("a=setup:active", "a=setup:passive")
    asked = over_udp(("up", sip(INVITE)), ("down", sip(EARLY, offers)), ("up", sip(PRACK, answers, method="PRACK")),
                     ("down", sip(OK, method="PRACK")), ("down", sip(OK)))
    assert [(d["frame"], d["kind"]) for d in read(asked).descriptions] == [(2, "offer"), (3, "answer")]
    assert checks(read(asked), "SDP-06") == []
    newer = [text.replace(" 2 IN IP4", " 3 IN IP4").replace("a=ice-ufrag:u", "a=ice-ufrag:n")
             for text in (OFFER, ANSWER)]
    again = over_udp(("up", sip(INVITE, OFFER)), ("down", sip(EARLY, ANSWER)),
                     ("up", sip(PRACK, newer[0], method="PRACK")), ("down", sip(OK, newer[1], method="PRACK")),
                     ("down", sip(OK)))
    report = read(again)
    assert [d["kind"] for d in report.descriptions] == ["offer", "pranswer", "offer", "answer"]
    assert len(report.sessions) == 1
    assert checks(report, "SDP-06") == []


# ---- segments that were captured in the wrong order ----

MENDED = ["-o", "tcp.reassemble_out_of_order:TRUE"]


def out_of_order(*order):
    """An offer in one segment, its answer in three, which stand in the capture in the order that is given."""
    data = sip(OK, ANSWER)
    parts = data[:150], data[150:450], data[450:]
    capture = over_tcp(("up", sip(INVITE, OFFER)), *(("down", part) for part in parts))
    first = len(capture.packets) - 3
    capture.packets[first:] = [capture.packets[first + place] for place in order]
    return capture


def disorder(report):
    return [(f["severity"], f["frame"]) for f in report.findings if f["check"] == "CAP-08"]


def test_segments_in_the_wrong_order(read):
    report = read(out_of_order(0, 2, 1), twice=True)
    assert [d["kind"] for d in report.descriptions] == ["offer"]
    assert disorder(report) == [("note", 7)]
    assert disorder(read(out_of_order(0, 1, 2), twice=True)) == []


def test_the_preference_puts_them_in_order(read):
    report = read(out_of_order(0, 2, 1), options=MENDED)
    assert [d["kind"] for d in report.descriptions] == ["offer", "answer"]
    assert disorder(report) == []
