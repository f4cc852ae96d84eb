# SPDX-License-Identifier: GPL-2.0-or-later
"""What is inside of media, where somebody asked for it and has the key: each payload at the dissector that the call's
descriptions name, over UDP and over TCP. About 8 s."""

import struct

import packets
import pytest
import secured
import tshark
from secured import ALICE, BOB

AUDIO = ("m=audio 9 UDP/TLS/RTP/SAVPF 111", ["a=rtpmap:111 opus/48000/2"])
VIDEO = ("m=video 9 UDP/TLS/RTP/SAVPF 96 102 97", [
    "a=rtpmap:96 VP8/90000", "a=rtpmap:97 rtx/90000", "a=fmtp:97 apt=96", "a=rtpmap:102 H264/90000",
    "a=fmtp:102 packetization-mode=1;profile-level-id=42e01f"])
# RFC 7741 4.2, 4.3: a key frame of 64x48, and a picture id of 7 bits; RFC 6184 5.6: an access unit delimiter.
VP8 = b"\x90\x80\x05" + b"\x10\x02\x00\x9d\x01\x2a\x40\x00\x30\x00" + bytes(20)
H264 = b"\x09\x10" + bytes(10)
# RFC 4585 6.3.1 (PLI), 6.2.1 (NACK of 4660 and 4661): sender 0x11, media 0x22
PLI = struct.pack(">BBHII", 0x81, 206, 2, 0x11, 0x22)
NACK = struct.pack(">BBHIIHH", 0x81, 205, 3, 0x11, 0x22, 0x1234, 1)


def frames(keys):
    """Datagrams from alice: VP8, H.264, audio, two feedback messages; what each is, and what it is on the wire."""
    for i, (kind, payload) in enumerate(((96, VP8), (102, H264), (111, b"\xfc\xff\xfe"))):
        packet, header = secured.rtp(kind, 100 + i, 3000, 0x22 + i, payload)
        yield keys.rtp(1, packet, header)
    for i, packet in enumerate((PLI, NACK)):
        yield keys.rtcp(1, packet, i + 1)


def write(tmp_path, make):
    keys, capture = secured.Keys(), packets.Capture()
    make(capture, keys)
    log = tmp_path / "made.keys"
    log.write_text(keys.log())
    return tshark.readable(capture.write(tmp_path / "opened.pcap")), tshark.key_log([log])


def shown(path, options, fields, wanted="rtp || rtcp"):
    result = tshark.run([*options, "-r", path, "-Y", wanted, "-T", "fields", *[w for f in fields for w in ("-e", f)]])
    tshark.require_clean(result)
    return [line.split("\t") for line in result.stdout.splitlines()]


def over_udp(capture, keys):
    secured.call(capture, [AUDIO, VIDEO], keys)
    for data in frames(keys):
        secured.paths.udp(capture, ALICE, BOB, data)


def over_tcp(capture, keys):
    """RFC 6544: all of it behind lengths, on one connection that bob opens."""
    secured.describe(capture, [AUDIO, VIDEO])
    connection = capture.connect((BOB[0], 46001), (ALICE[0], 45001))  # 5000 is some telephony's

    def frame(*messages):
        return b"".join(struct.pack(">H", len(m)) + m for m in messages)

    user = secured.paths.attribute(0x0006, b"AAAA:BBBB") + secured.paths.attribute(0x0024, b"\0\0\0\1")
    connection.up(frame(secured.paths.stun(0x0001, 7, user, secured.paths.PASSWORD["AAAA"])))
    connection.down(frame(secured.paths.stun(0x0101, 7, secured.paths.address(0x0020, BOB),
                                             secured.paths.PASSWORD["AAAA"])))
    client, server = keys.hellos()
    connection.up(frame(client))
    connection.down(frame(server))
    first, second, *rest = frames(keys)
    connection.down(frame(first))
    connection.down(frame(second, *rest))  # several in one segment


@pytest.mark.parametrize("passes", [(), ("-2",)])
@pytest.mark.parametrize("way", [over_udp, over_tcp])
def test_codecs_and_feedback(tmp_path, way, passes):
    path, keys = write(tmp_path, way)
    fields = ["frame.protocols", "vp8.keyframe.width", "rtcp.psfb.fmt", "rtcp.rtpfb.nack_pid", "_ws.malformed"]
    asked = shown(path, [*keys, *passes, "-o", "webrtc.decrypt_media:TRUE"], fields)
    columns = [",".join(filter(None, column)) for column in zip(*asked)]
    for name in ("vp8", "h264", "opus", "rtcp"):
        assert f":webrtc:{'' if name == 'rtcp' else 'rtp:'}{name}" in columns[0]
    assert columns[1:] == ["64", "1", "4660,4661", ""]
    for options in (keys, ["-o", "webrtc.decrypt_media:TRUE"]):  # near misses: not asked for, or no key
        closed = shown(path, [*options, *passes], fields)
        assert len(closed) == len(asked)
        assert not any(name in row[0] for row in closed for name in ("vp8", "h264", "opus"))
        assert not any(any(row[1:]) for row in closed)


@pytest.mark.parametrize("way", [over_udp, over_tcp])
def test_authenticated(tmp_path, way):
    path, keys = write(tmp_path, way)
    result = tshark.run([*keys, "-q", "-r", path, "-z", "webrtc,json"])
    tshark.require_clean(result)
    proofs = [a["srtp"] for a in tshark.parse_report(result.stdout).associations]
    assert [(p["rtp_verified"], p["rtcp_verified"], p["rtp_failed"]) for p in proofs] == [(3, 2, 0)]


def test_sframe(tmp_path):
    """Where the description says so, no codec sees the payload; beside it, another section's is seen."""

    def make(capture, keys):
        secured.call(capture, [AUDIO, (VIDEO[0], [*VIDEO[1], "a=sframe"])], keys)
        for data in frames(keys):
            secured.paths.udp(capture, ALICE, BOB, data)

    path, keys = write(tmp_path, make)
    layers = [row[0].rsplit(":webrtc:", 1)[1] for row in shown(
        path, [*keys, "-o", "webrtc.decrypt_media:TRUE"], ["frame.protocols"])]
    assert layers == ["rtp:webrtc_sframe"] * 2 + ["rtp:opus"] + ["rtcp"] * 2
    assert not shown(path, keys, ["frame.number"], "webrtc_sframe")  # nothing is said of what is not opened


@pytest.mark.parametrize("way", [over_udp, over_tcp])
def test_streams(tmp_path, way):
    """Sections, kinds and codecs are told without any key."""
    path, _ = write(tmp_path, way)
    rows = shown(path, [], ["webrtc.media.mid", "webrtc.media.kind", "webrtc.media.codec"], "webrtc.media.kind")
    assert [",".join(column) for column in zip(*rows)] == ["1,1,0", "video,video,audio", "VP8,H264,opus"]


def test_sections_with_the_same_types(tmp_path):
    """The identification in the header tells them apart (RFC 8843 15); a packet without it may be of either."""
    def make(capture, keys):
        extension = "a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid"
        secured.call(capture, [(m, [*lines, extension]) for m, lines in (AUDIO, VIDEO, VIDEO)], keys)
        for i, mid in enumerate((b"\x400", b"\x402", b"\x401", b"")):
            packet, header = secured.rtp(111 if mid == b"\x400" else 96, 100 + i, 3000, 0x22 + i, VP8, mid)
            secured.paths.udp(capture, ALICE, BOB, keys.rtp(1, packet, header))

    path, _ = write(tmp_path, make)
    rows = shown(path, [], ["webrtc.media.mid", "webrtc.media.kind", "webrtc.media.codec"], "webrtc.media.kind")
    assert rows == [["0", "audio", "opus"], ["2", "video", "VP8"], ["1", "video", "VP8"], ["", "video", "VP8"]]


@pytest.mark.parametrize("passes", [(), ("-2",)])
def test_keys_in_descriptions(passes):
    """SDES (RFC 4568): what the capture itself has the keys of is opened where that is asked for, and nowhere else."""
    path = tshark.readable(tshark.TOP / "test-captures" / "baresip-sdes.A.pcapng")
    asked = [*passes, "-o", "webrtc.decrypt_media:TRUE"]
    media = len(shown(path, passes, ["frame.number"], "rtp.ssrc"))
    opened = len(shown(path, asked, ["frame.number"], "opus"))
    # from 4.4 on Wireshark's SDP gives RTP the first packet of the address that it names, before the path is known
    assert media - 1 <= opened <= media and media > 100
    assert not shown(path, passes, ["frame.number"], "opus")

    def counted(options):
        result = tshark.run([*options, "-q", "-r", path, "-z", "webrtc,json"])
        tshark.require_clean(result)
        return [s["sdes"] for s in tshark.parse_report(result.stdout).sessions]

    assert counted(asked) == counted(passes) != []
