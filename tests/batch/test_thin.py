# SPDX-License-Identifier: GPL-2.0-or-later
"""webrtc-thin: what stays, what goes, that it is counted, that reports stay the same, and input that is damaged. Takes
some 15 seconds."""

import collections
import gzip
import hashlib
import json
import os
import pathlib
import random
import re
import shutil
import struct
import subprocess

import batch
import packets
import pytest
import stretched
import truth
import tshark
from batch import lay, records

BUILD = pathlib.Path(os.environ.get("WEBRTC_BUILD", tshark.TOP / "build/tests"))
PROGRAM = BUILD / "plugins/thin/webrtc-thin"
COMMENT = re.compile(rb"left out before this packet: (\d+) packets, (\d+) bytes of S?RTC?P, SSRC 0x([0-9a-f]{8})")
A, B = ("10.0.0.1", 4000), ("10.0.0.2", 5000)
TIMES = 12  # packets for each of media
# Of each kind of path and finding one.
SAMPLE = ("baresip-sdes.A", "cr-cr.merged-AS", "foreign-media-cr-ff12.A", "mitm-a2-wrtc-cr-cr.merged-AS", "plain-rtp.A",
          "relay-chromium-cr-cr.M", "turn-udp-cr-aiortc.A")
# WEBRTC_THIN_ALL=1 tries every capture, in six minutes.
ALL = sorted(path.stem for path in truth.OWN.glob("*.pcapng"))


def thin(content, *options, status=0):
    """The thinned capture and the summary."""
    run = subprocess.run([PROGRAM, "--summary", *options], input=content, capture_output=True, check=False, timeout=60)
    said = run.stderr.decode().splitlines()
    assert run.returncode == status, run.stderr
    return run.stdout, json.loads(said[-1])


def rtp(n, source=0x11223344, kind=111, content=None):
    content = content or random.Random(n).randbytes(60)
    return struct.pack(">BBHII", 0x80, kind, n & 0xFFFF, 960 * n, source) + content


def capture(timed, magic=0xA1B2C3D4, order="<"):
    """A pcap file of (milliseconds, packet)."""
    out = struct.pack(order + "IHHiIII", magic, 2, 4, 0, 0, 262144, 1)
    unit = 1000000 if magic == 0xA1B23C4D else 1000
    for at, packet in timed:
        out += struct.pack(order + "IIII", 1700000000 + at // 1000, at % 1000 * unit, len(packet), len(packet)) + packet
    return out


def datagrams(payloads, wrap=lambda packet: packet, step=20):
    return capture([(n * step, wrap(packets.udp(A, B, payload))) for n, payload in enumerate(payloads)])


def kept(content):
    """The packets, behind their Ethernet headers and all."""
    found = [stretched.packet_of(whole) for kind, whole in stretched.blocks(content) if kind == stretched.PACKET]
    return [data for _, _, data, _, _ in found]


def sequences(content):
    return [struct.unpack_from(">H", data, 44)[0] for data in kept(content)]


def facts(path):
    """All that is told, with frames of the whole capture: records, and lines of -z webrtc,audit. What the file itself
    is, and how many packets it has, is another thing."""
    told = tshark.run(["-q", "-r", tshark.readable(path), "-o", "webrtc.frames_of_whole:TRUE", "-z", "webrtc,json",
                       "-z", "webrtc,audit"]).stdout
    lines = [json.loads(line) if line.startswith("{") else line for line in told.splitlines()]
    for line in lines:
        if isinstance(line, dict) and line["record"] in ("origin", "summary"):
            for key in ("inputs", "packets", "left_out", "last_time", "command"):
                line.pop(key, None)
        # Of a stream that is seen on two paths, not each of a pair of packets stays on both.
        if isinstance(line, dict) and line.get("check") == "RTP-06":
            line["message"] = re.sub(r"in \d+ of", "in some of", line["message"])
    return lines


@pytest.mark.parametrize("name", ALL if os.environ.get("WEBRTC_THIN_ALL") else SAMPLE)
def test_all_that_is_told_is_that_of_the_whole(name):
    whole = stretched.stretch((truth.OWN / f"{name}.pcapng").read_bytes(), TIMES)
    less, summary = thin(whole, "--number", "--sample", "5")  # as webrtc-audit does
    assert name not in SAMPLE or summary["left_out"] > 50, "nothing is shown where nothing was left out"
    reports = []
    for kind, content in (("whole", whole), ("thin", less)):
        path = batch.own_folder() / f"{name}.{kind}.pcapng"
        path.write_bytes(content)
        reports.append(facts(path))
        shutil.rmtree(path.parent)
    assert reports[0] == reports[1]
    assert name not in SAMPLE or '"verdict"' in json.dumps(reports[0]), "there is a session"


def test_all_but_media_stays_as_it_was():
    """Interfaces with their resolution, names, secrets and comments among it."""
    whole = stretched.stretch((truth.OWN / "turn-udp-cr-aiortc.A.pcapng").read_bytes(), TIMES)
    secrets = stretched.block(10, struct.pack("<II", 0x544C534B, 4) + b"CLIE")
    names = stretched.block(4, struct.pack("<HH", 0, 0))
    whole += names + secrets
    less, summary = thin(whole)

    def others(content):
        for kind, block in list(stretched.blocks(content)):
            data = stretched.packet_of(block)[2] if kind == 6 else b""
            if kind in (stretched.SECTION, 5) or stretched.rtp_at(data) or stretched.srtcp_at(data):
                continue
            yield block

    assert list(others(less)) == list(others(whole))
    assert summary["left_out"] > 0
    assert less.find(secrets) > 0


def test_what_was_left_out_is_counted():
    whole = datagrams([rtp(n, 0x01020304 + n % 2) for n in range(2000)])
    less, summary = thin(whole)
    packets_out, bytes_out = collections.Counter(), collections.Counter()
    for number, size, source in COMMENT.findall(less):
        packets_out[source] += int(number)
        bytes_out[source] += int(size)
    here = collections.Counter(data[50:54].hex().encode() for data in kept(less))
    for source in (b"01020304", b"01020305"):
        assert packets_out[source] + here[source] == 1000
        assert bytes_out[source] == 72 * packets_out[source]
    assert sum(packets_out.values()) == summary["left_out"] == summary["packets"] - len(kept(less))
    assert summary["streams"] == 2
    assert b"left out on all interfaces: %d packets" % summary["left_out"] in less


def test_first_last_and_one_a_second_stay():
    found = sequences(thin(datagrams([rtp(n) for n in range(3000)]))[0])
    assert found[:64] == list(range(64))
    assert found[-32:] == list(range(2968, 3000))
    between = [n for n in found if 64 <= n < 2968]
    assert max(b - a for a, b in zip(between, between[1:])) <= 50
    assert len(between) < 70


def test_how_often_one_stays_can_be_told():
    whole = datagrams([rtp(n) for n in range(3000)])
    assert thin(whole, "--sample", "1")[0] == thin(whole)[0]
    found = sequences(thin(whole, "--sample", "5")[0])
    assert found[:64] == list(range(64))
    assert found[-32:] == list(range(2968, 3000))
    between = [n for n in found if 64 <= n < 2968]
    assert 10 < len(between) < 13
    assert max(b - a for a, b in zip(between, between[1:])) <= 250
    for wrong in ("0", "-1", "x", "1.5", "99999999", ""):
        run = subprocess.run([PROGRAM, "--sample", wrong], input=whole, capture_output=True, check=False, timeout=10)
        assert (run.returncode, run.stdout) == (2, b"")


def test_the_digest_is_that_of_the_file():
    whole = datagrams([rtp(n) for n in range(3000)])
    _, summary = thin(whole, "--sha256")
    assert (summary["bytes"], summary["sha256"]) == (len(whole), hashlib.sha256(whole).hexdigest())
    assert "sha256" not in thin(whole)[1]
    assert "sha256" not in thin(gzip.compress(whole), "--sha256")[1], "of what is in it nobody asks"


def test_blocks_larger_than_what_is_read_at_a_time():
    """And those that end, or begin, where that does."""
    large = [stretched.block(0x0BAD, bytes([n]) * (n * 65536 + 4 * n)) for n in range(6)]
    whole = thin(datagrams([rtp(n) for n in range(20)]))[0] + b"".join(large)
    less, _ = thin(whole)
    assert [block for kind, block in stretched.blocks(less) if kind == 0x0BAD] == large


def test_both_ends_of_a_silence_stay():
    timed = [(n * 20 + (60000 if n >= 500 else 0), packets.udp(A, B, rtp(n))) for n in range(1000)]
    assert {499, 500} <= set(sequences(thin(capture(timed))[0]))


def test_a_handshake_makes_the_first_packets_new_ones():
    payloads = [rtp(n) for n in range(1000)]
    payloads.insert(500, b"\x16\xfe\xfd" + bytes(60))
    found = sequences(thin(datagrams(payloads))[0])
    assert set(range(500, 564)) <= set(found)


def test_nothing_is_counted_behind_a_handshake_that_was_before_it():
    """What came before a path was a call's is no media of that call."""
    payloads = [rtp(n) for n in range(500)] + [b"\x16\xfe\xfd" + bytes(60)] + [rtp(n) for n in range(500, 1000)]
    before, after = thin(datagrams(payloads))[0].split(payloads[500])
    told = [sum(int(number) for number, _, _ in COMMENT.findall(part)) for part in (before, after)]
    here = [len(re.findall(rb"\x80\x6f.{6}\x11\x22\x33\x44", part, re.DOTALL)) for part in (before, after)]
    assert [a + b for a, b in zip(told, here)] == [500, 500]
    assert told[0] > 300


def srtcp(n, source=0x11223344):
    return b"\x81\xc9\0\x07" + struct.pack(">I", source) + random.Random(n).randbytes(64)


def test_of_srtcp_stay_the_first_the_last_and_one_in_five_seconds_and_all_are_counted():
    media = [srtcp(n, 0x01020304 + n % 2) for n in range(2000)]
    less, summary = thin(datagrams(media))
    found = [media.index(packet[42:]) for packet in kept(less)]
    for n in range(2):  # of each source
        own = [x for x in found if x % 2 == n]
        assert own[:16] == list(range(n, 32, 2))
        assert own[-8:] == list(range(1984 + n, 2000, 2))
        assert max(b - a for a, b in zip(own, own[1:])) <= 250
    assert len(found) <= 2 * (16 + 8 + 8)
    told = COMMENT.findall(less)
    assert sum(int(number) for number, _, _ in told) == summary["left_out"] == 2000 - len(found)
    assert sum(int(size) for _, size, _ in told) == 72 * summary["left_out"] == summary["left_out_bytes"]
    assert {source for _, _, source in told} == {b"01020304", b"01020305"}
    assert b"bytes of SRTCP, SSRC" in less


def test_rtcp_that_can_be_read_stays_and_so_does_what_was_cut():
    report = b"\x80\xc9\0\x01\x11\x22\x33\x44"
    named = report + b"\x81\xca\0\x03\x11\x22\x33\x44\x01\x03abc\0\0\0"
    for clear in (report, named):
        assert thin(datagrams([clear] * 1000))[1]["left_out"] == 0
    whole = packets.udp(A, B, srtcp(1))
    cut = capture([(0, whole)])[:24] + b"".join(
        struct.pack("<IIII", 1700000000 + n // 50, n % 50 * 20000, 60, len(whole)) + whole[:60] for n in range(1000))
    assert thin(cut)[1]["left_out"] == 0


def test_what_is_sent_without_consent_stays_from_its_first_to_its_last():
    """RFC 7675 5.1: ICE-06 counts it from 35 seconds on, and says when it ended."""
    answer = b"\x01\x01\0\0\x21\x12\xa4\x42" + bytes(12)
    timed = [(n * 20, packets.udp(A, B, rtp(n))) for n in range(3000)]
    timed[2500:2500] = [(2500 * 20, packets.udp(B, A, answer))]
    timed.insert(100, (100 * 20, packets.udp(B, A, answer)))
    found = sequences(thin(capture(timed))[0])
    assert set(range(100 + 35 * 50 + 1, 100 + 35 * 50 + 65)) <= set(found)
    assert {2499, 2500} <= set(found)


def test_other_sources_and_payload_types_stay():
    payloads = [rtp(n, kind=96 if n == 700 else 111) for n in range(1000)]
    payloads[300] = rtp(300, source=5)
    found = sequences(thin(datagrams(payloads))[0])
    assert {300, 700} <= set(found)


def test_an_index_used_twice_stays_both_times():
    payloads = [rtp(n) for n in range(1000)]
    payloads.insert(505, rtp(500, content=b"other" * 12))
    assert sequences(thin(datagrams(payloads))[0]).count(500) == 2
    payloads[505] = rtp(500)
    assert sequences(thin(datagrams(payloads))[0]).count(500) == 0, "the same packet again"


def test_rtcp_stun_and_unknown_datagrams_stay():
    plain = [rtp(n) for n in range(1000)]
    control = [b"\x80\xc8\0\x06" + bytes(24), b"\0\x01\0\0\x21\x12\xa4\x42" + bytes(12), bytes(range(200, 256)),
               b"\x90" + bytes(60)[:-1]]
    payloads = [x for n, media in enumerate(plain) for x in (media, control[n % 4])]
    assert len([p for p in kept(thin(datagrams(payloads))[0]) if stretched.rtp_at(p) == 0]) >= 750


def behind_vlan(packet):
    return packet[:12] + b"\x81\0\0\x05" + packet[12:]


def behind_vxlan(packet):
    return packets.udp(("192.0.2.1", 9999), ("192.0.2.2", 4789), b"\x08\0\0\0\0\0\x07\0" + packet)


def behind_gre(packet):
    return packets.ipv4("192.0.2.1", "192.0.2.2", 47, b"\x20\0\x08\0\0\0\0\x07" + packet[14:])


def in_fragment(packet):
    return packet[:20] + b"\x20\0" + packet[22:]


@pytest.mark.parametrize("wrap, thinned", [(behind_vlan, True), (behind_vxlan, True), (behind_gre, True),
                                           (lambda p: behind_gre(behind_vxlan(behind_vlan(p))), True),
                                           (in_fragment, False)])
def test_tunnels_are_looked_through_and_fragments_left_alone(wrap, thinned):
    _, summary = thin(datagrams([rtp(n) for n in range(1000)], wrap))
    assert (summary["left_out"] > 800) == thinned
    assert thinned or summary["left_out"] == 0


def indication(media, kind=0x0016):
    peer = b"\0\x12\0\x08\0\x01\x12\x34\x56\x78\x9a\xbc"
    body = peer + struct.pack(">HH", 0x13, len(media)) + media + bytes(-len(media) % 4)
    return struct.pack(">HHI", kind, len(body), 0x2112A442) + bytes(12) + body


@pytest.mark.parametrize("wrap", [lambda m: b"\x40\x01" + struct.pack(">H", len(m)) + m, indication,
                                  lambda m: indication(m, 0x0017)])
def test_relayed_media_is_thinned_and_what_else_is_relayed_stays(wrap):
    payloads = [wrap(rtp(n)) for n in range(1000)]
    payloads[500:500] = [wrap(b"\x16\xfe\xfd" + bytes(60)), wrap(b"\0\x01\0\0\x21\x12\xa4\x42" + bytes(12))]
    less, summary = thin(datagrams(payloads))
    assert summary["left_out"] > 700
    for payload in payloads[500:502]:
        assert any(packet.endswith(payload) for packet in kept(less))


def test_of_media_the_headers_alone():
    content = b"confidential" * 5
    less, _ = thin(datagrams([rtp(n, content=content) for n in range(500)]), "--no-media")
    assert b"confidential" not in less
    assert {len(packet) for packet in kept(less)} == {54}


def test_all_ways_in_and_out_are_one(tmp_path):
    timed = [(n * 20, packets.udp(A, B, rtp(n))) for n in range(500)]
    expected = thin(capture(timed))[0]
    assert thin(gzip.compress(capture(timed)))[0] == expected
    (tmp_path / "in").write_bytes(capture(timed))
    subprocess.run([PROGRAM, tmp_path / "in", tmp_path / "out"], check=True)
    assert (tmp_path / "out").read_bytes() == expected
    for magic, order in ((0xA1B2C3D4, ">"), (0xA1B23C4D, "<")):
        other, summary = thin(capture(timed, magic, order))
        assert summary["left_out"] == 500 - len(kept(expected))
        (tmp_path / "other").write_bytes(other)
        os.chmod(tmp_path / "other", 0o644)
        command = ["tshark", "-r", tmp_path / "other", "-T", "fields", "-e", "frame.time_epoch", "-c", "3"]
        shown = subprocess.run(command, capture_output=True, text=True, check=False).stdout.split()
        assert [float(x) for x in shown] == pytest.approx([1700000000, 1700000000.02, 1700000000.04])
    assert thin(expected)[1]["left_out"] == 0, "thin already"


def test_the_output_is_never_what_is_read(tmp_path):
    path = tmp_path / "one.pcap"
    path.write_bytes(datagrams([rtp(1)]))
    run = subprocess.run([PROGRAM, path, path], capture_output=True, check=False)
    assert run.returncode == 1
    assert path.stat().st_size > 0


def test_damage_is_told_and_what_was_before_it_is_there():
    whole = (truth.OWN / "cr-ff12.A.pcapng").read_bytes()
    for size in (1, 23, 30, 200, 5000, len(whole) - 3):
        run = subprocess.run([PROGRAM], input=whole[:size], capture_output=True, check=False, timeout=10)
        assert run.returncode == 1
        assert run.stderr.startswith(b"webrtc-thin: -: ")
        assert whole.startswith(run.stdout[:4])
    assert len(kept(run.stdout)) > 300
    for content, words in ((b"", b"empty"), (b"no capture at all, but text", b"not a capture that is understood"),
                           (capture([])[:24] + b"\xff" * 16, b"length cannot be"),
                           (gzip.compress(whole)[:9000], b"webrtc-thin: -: ")):
        run = subprocess.run([PROGRAM], input=content, capture_output=True, check=False, timeout=10)
        assert run.returncode == 1
        assert words in run.stderr


@pytest.fixture
def room():
    folder = batch.own_folder()
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def audit(room, *words, status=None):
    """The audit's records, without what names files or says how long it took, and what it says for people."""
    told = batch.script(room, "webrtc-audit", "--ndjson", "told.ndjson", "--text", "-", *words, status=status)
    return records((room / "told.ndjson").read_text(encoding="utf-8")), told.stdout


def test_webrtc_audit_thins_when_asked(room):
    program = tshark.private_folder() / "webrtc-thin"
    shutil.copy(PROGRAM, program)
    # One that has no keys in it
    (room / "call.pcapng").write_bytes(stretched.stretch((truth.OWN / "cr-cr.merged-AS.pcapng").read_bytes(), TIMES))
    whole, _ = audit(room, "call.pcapng")
    less, said = audit(room, f"--thin={program}", "call.pcapng")
    assert less[0]["thinned"]["left_out"] > 50
    assert "thinned" not in whole[0]
    origin = next(record for record in less if record["record"] == "origin")
    assert origin["left_out"]["packets"] == less[0]["thinned"]["left_out"]
    assert origin["left_out"]["bytes"] == less[0]["thinned"]["left_out_bytes"]
    assert "RTP-08" in origin["left_out"]["not_checked"]
    kinds = ("session", "finding", "association", "description")
    assert [r for r in less if r["record"] in kinds] == [r for r in whole if r["record"] in kinds]
    assert "packets, of media, were counted" in said
    assert less[0]["sources"] == whole[0]["sources"]
    packed = room / "packed.pcapng.gz"
    packed.write_bytes(gzip.compress((room / "call.pcapng").read_bytes()))
    (source,) = audit(room, f"--thin={program}", packed.name)[0][0]["sources"]
    assert source["sha256"] == hashlib.sha256(packed.read_bytes()).hexdigest()
    (room / "call.keys").write_text("")
    assert "key log" in audit(room, f"--thin={program}", "call.pcapng")[1]
    (room / "cut.pcapng").write_bytes((room / "call.pcapng").read_bytes()[:-7])
    assert "NOT THINNED" in audit(room, f"--thin={program}", "cut.pcapng", status=2)[1]
    lay(room, "cr-ff12.A.pcapng")
    assert "--thin needs" in batch.script(room, "webrtc-audit", "--thin=/nonexistent/thin", ".", status=2).stderr


def test_large_captures_are_thinned_unasked_where_no_key_is_given(room):
    """Beside webrtc-audit lies webrtc-thin, as installed."""
    scripts = room / "bin"
    shutil.copytree(batch.scripts(), scripts)
    shutil.copy(PROGRAM, scripts / "webrtc-thin")
    program = scripts / "webrtc-audit"
    runner = scripts / "webrtc_audit/runner.py"
    source = runner.read_text(encoding="utf-8")
    assert "THINNED_FROM = 16 << 20" in source
    runner.write_text(source.replace("THINNED_FROM = 16 << 20", "THINNED_FROM = 200 << 10"), encoding="utf-8")
    assert (truth.OWN / "cr-ff12.A.pcapng").stat().st_size < 200 << 10
    plain = stretched.stretch((truth.OWN / "cr-cr.merged-AS.pcapng").read_bytes(), TIMES)
    (room / "call.pcapng").write_bytes(plain)
    (room / "with.pcapng").write_bytes(plain + stretched.block(10, struct.pack("<II", 0x544C534B, 4) + b"CLIE"))
    old = stretched.block(3, struct.pack("<I", 60) + bytes(60))  # a packet that can say no number
    (room / "old.pcapng").write_bytes(plain + old)
    lay(room, "cr-ff12.A.pcapng")
    for name, words, thinned in (("call.pcapng", (), True), ("call.pcapng", ("--no-thin",), False),
                                 ("call.pcapng", ("--evidence", "package"), False), ("with.pcapng", (), False),
                                 ("old.pcapng", (), False), ("cr-ff12.A.pcapng", (), False)):
        run = batch.run(room, "/usr/bin/env", "python3", "-B", program, "-q", "--ndjson", "told.ndjson", *words, name)
        assert run.returncode < 2, run.stderr
        first = records((room / "told.ndjson").read_text(encoding="utf-8"))[0]
        assert ("thinned" in first) == thinned, name
