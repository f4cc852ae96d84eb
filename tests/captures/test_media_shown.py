# SPDX-License-Identifier: GPL-2.0-or-later
"""Media of calls in Wireshark's own views: RTP streams without Decode As, nothing lost of what it shows without the
plugins, and opened where the preference asks for it. About 30 s."""

import collections
import struct

import pytest

import srtp_count
import tshark

CAPTURES = tshark.TOP / "test-captures"
SOME = ("ff-ff.A", "cr-aiortc.B", "cr-cr.A", "relay-firefox-ff-ff.M", "turn-tls-cr-aiortc.A", "baresip-sdes.A",
        "fingerprint-ndc-werift.A")


def rows(path, display_filter, fields, options=(), plugins=True):
    result = tshark.run([*options, "-r", tshark.readable(path), "-Y", display_filter, "-T", "fields",
                         *[word for field in fields for word in ("-e", field)]], plugins=plugins)
    tshark.require_clean(result)
    return [line.split("\t") for line in result.stdout.splitlines()]


def streams(path):
    """Packets by source, read from the datagrams themselves."""
    found = collections.Counter()
    for _, payload, _ in srtp_count.packets(path):
        if len(payload) > 24 and payload[0] >> 6 == 2 and not 192 <= payload[1] <= 223:
            found[struct.unpack(">I", payload[8:12])[0]] += 1
    return found


@pytest.mark.parametrize("capture", ["ff-ff.A", "cr-aiortc.B"])
def test_streams(capture):
    path = CAPTURES / f"{capture}.pcapng"
    result = tshark.run(["-q", "-r", tshark.readable(path), "-z", "rtp,streams"])
    tshark.require_clean(result)
    found = {}
    for line in result.stdout.splitlines():
        words = line.split()
        if "0x" in line and len(words) > 9:
            assert words[7] == "opus" and words[9] == "0"  # by the descriptions; none lost
            found[int(words[6], 16)] = int(words[8])
    assert found == dict(streams(path))
    assert not rows(path, "_ws.malformed", ["frame.number"])


@pytest.mark.parametrize("capture", SOME)
def test_nothing_is_lost(capture):
    """What these filters find without the plugins, they find with them."""
    path = CAPTURES / f"{capture}.pcapng"
    # 4.0 has no filter srtp. What the descriptions say is SRTCP, and is RTCP in clear, is found as that.
    protocols = ("rtp", "rtcp", "srtcp", "stun", "dtls")
    stock, ours = ({row[0]: dict(zip(protocols, row[1:])) for row in rows(
        path, " || ".join(protocols), ["frame.number", *protocols], plugins=plugins)} for plugins in (False, True))
    for number, was in stock.items():
        now = ours[number]
        now["srtcp"] = now["srtcp"] or now["rtcp"]
        assert all(now[name] for name in protocols if was[name]), number


def test_reports_in_their_secure_form():
    shown = rows(CAPTURES / "cr-aiortc.B.pcapng", "srtcp", ["rtcp.senderssrc", "srtcp.index", "srtcp.e"])
    assert len(shown) == 3 and all(index and flag in ("1", "True") for _, index, flag in shown)
    assert {int(ssrc, 16) for ssrc, _, _ in shown} <= set(streams(CAPTURES / "cr-aiortc.B.pcapng")) | {1}


@pytest.mark.parametrize("passes", [(), ("-2",)])
def test_opened(passes):
    """Plaintext for whom it was asked for: reports that read as reports, and nothing for who did not ask."""
    path = CAPTURES / "cr-aiortc.B.pcapng"
    keys = tshark.key_log([CAPTURES / "cr-aiortc.B.keys"])
    wanted = [*keys, *passes, "-o", "webrtc.decrypt_media:TRUE"]
    assert len(rows(path, "opus", ["frame.number"], wanted)) == sum(streams(path).values())
    reports = rows(path, "rtcp.pt == 200 || rtcp.pt == 201", ["rtcp.ssrc.identifier", "_ws.malformed"], wanted)
    told = {int(ssrc, 16) for row in reports for ssrc in row[0].split(",") if ssrc}
    assert reports and told & set(streams(path)) and not any(row[1] for row in reports)
    for options in ([*keys, *passes], [*passes, "-o", "webrtc.decrypt_media:TRUE"]):
        assert not rows(path, "opus", ["frame.number"], options)


def test_forged_is_not_opened():
    """Nothing that does not validate reaches a codec; the report is the same, asked for or not."""
    path, keys = CAPTURES / "ff-ff.A.pcapng", (CAPTURES / "ff-ff.A.keys",)
    result = tshark.run([*tshark.key_log(keys), "-o", "webrtc.decrypt_media:TRUE", "-q", "-r", tshark.readable(path),
                         "-z", "webrtc,json"])
    tshark.require_clean(result)
    opened = [a.get("srtp") for a in tshark.parse_report(result.stdout).associations]
    assert opened == [a.get("srtp") for a in tshark.report(path, keys=keys).associations]


def test_over_tls():
    """Inside TURN over TLS: 331 RTP and 8 RTCP, by the first two bytes (RFC 7983, RFC 5761) of the ChannelData that
    Wireshark 4.0 decrypts without the plugins."""
    path, keys = CAPTURES / "turn-tls-cr-aiortc.A.pcapng", tshark.key_log([CAPTURES / "turn-tls-cr-aiortc.A.keys"])
    found = [layer for row in rows(path, "webrtc_ice", ["frame.protocols"], keys) for layer in row[0].split(":")]
    assert (found.count("rtp"), found.count("srtcp"), found.count("webrtc")) == (331, 8, 339)
