# SPDX-License-Identifier: GPL-2.0-or-later
"""Media under keys: the counts of the report are those of an independent program; what was changed on its way, and that
alone, does not authenticate; what lacks its key is never held against a packet."""

import base64
import hashlib
import re
import subprocess

import pytest

import srtp_count
import tshark

CAPTURES = tshark.TOP / "test-captures"
# DTLS 1.2 and 1.3, AES-CM and GCM, a relay of media with both legs' keys, two vantage points in one file
CASES = {
    "ff-ff.A": ("ff-ff.A",), "cr-ff.A": ("cr-ff.B",), "cr-aiortc.B": ("cr-aiortc.B",),
    "relay-firefox-ff-ff.M": ("relay-firefox-ff-ff.M",), "wss-ff-cr.A": ("wss-ff-cr.A",),
}


def names(key_logs):
    return tuple(CAPTURES / f"{name}.keys" for name in key_logs)


def totals(report):
    proofs = [a["srtp"] for a in report.associations if "srtp" in a]
    failed = sum(p["rtp_failed"] + p["rtcp_failed"] for p in proofs)
    return sorted((p["rtp_verified"], p["rtcp_verified"]) for p in proofs), failed


@pytest.mark.parametrize("capture", CASES)
def test_counts(capture):
    path, keys = CAPTURES / f"{capture}.pcapng", names(CASES[capture])
    counted, failed = srtp_count.count(path, keys)
    assert counted and not failed
    assert totals(tshark.report(path, keys=keys)) == (sorted(counted.values()), 0)


def tampered(path, wanted):
    """A copy of the capture in which one bit of these packets' UDP payload is another, each at another place."""
    copy = tshark.private_folder() / "captures" / f"tampered-{path.stem}.pcap"
    subprocess.run(["editcap", "-F", "pcap", str(path), str(copy)], check=True, capture_output=True)
    data, at, number = bytearray(copy.read_bytes()), 24, 0
    order = "little" if data[:4] in (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1") else "big"
    while at < len(data):
        number += 1
        n = int.from_bytes(data[at + 8:at + 12], order)
        if number in wanted:
            place = (wanted[number] * 37) % (8 * (wanted[number + 0.5] - 2)) + 16
            place += 8 * (n - wanted[number + 0.5])  # from the end of the frame: the payload is last
            data[at + 16 + place // 8] ^= 1 << place % 8
        at += 16 + n
    copy.write_bytes(data)
    copy.chmod(0o644)
    return copy


def test_tampered():
    """One bit anywhere behind the first two bytes, which say what a packet is: found, and nothing else is."""
    path, keys = CAPTURES / "ff-ff.A.pcapng", names(("ff-ff.A",))
    media = {n: p for n, p, _ in srtp_count.packets(path) if len(p) > 24 and p[0] >> 6 == 2}
    chosen = sorted(media)[20::9]
    wanted = {n: i for i, n in enumerate(chosen)} | {n + 0.5: len(media[n]) for n in chosen}
    copy = tampered(path, wanted)
    result = tshark.run([*tshark.key_log(keys), "-2", "-r", copy, "-Y", "webrtc.media.authenticated == 0",
                         "-T", "fields", "-e", "frame.number"])
    tshark.require_clean(result)
    assert [int(n) for n in result.stdout.split()] == chosen
    report = tshark.report(copy, keys=keys)
    assert totals(report)[1] == len(chosen)
    told = [f for f in report.findings if f["check"] == "RTP-08"]
    assert told and all(f["severity"] == "note" for f in told)
    assert {f["frame"] for f in told} <= set(chosen)


def test_replayed():
    """Authentic packets that come again seconds later are named, those that come twice at once are not."""
    path, keys = CAPTURES / "ff-ff.A.pcapng", names(("ff-ff.A",))
    folder = tshark.private_folder() / "captures"
    media = [n for n, p, _ in srtp_count.packets(path) if len(p) > 24 and p[0] >> 6 == 2 and not 192 <= p[1] <= 223]
    late, soon = folder / "late.pcapng", folder / "soon.pcapng"
    parts = [folder / "part-late.pcapng", folder / "part-soon.pcapng"]
    some = [str(n) for n in media[5:10]]
    subprocess.run(["editcap", "-r", "-t", "30", path, parts[0], *some], check=True, capture_output=True)
    subprocess.run(["editcap", "-r", "-t", "0.0004", path, parts[1], *some], check=True, capture_output=True)
    for out, part in zip((late, soon), parts):
        subprocess.run(["mergecap", "-w", out, path, part], check=True, capture_output=True)
        out.chmod(0o644)
    report = tshark.report(late, keys=keys)
    assert [a["srtp"].get("replayed") for a in report.associations] == [5]
    assert [f["severity"] for f in report.findings if f["check"] == "RTP-14"] == ["note"]
    assert not [f for f in tshark.report(soon, keys=keys).findings if f["check"] == "RTP-14"]


def broken_log(lines):
    path = tshark.private_folder() / "captures" / "broken.keys"
    path.write_text("".join(line + "\n" for line in lines))
    path.chmod(0o644)
    return path


def test_missing_and_wrong_keys():
    """Without its key, or under a wrong one, nothing is verified and nothing failed; bad lines are named."""
    path = CAPTURES / "ff-ff.A.pcapng"
    assert not any("srtp" in a for a in tshark.report(path).associations)
    assert not any("srtp" in a for a in tshark.report(path, keys=names(("cr-ff.B",))).associations)
    lines = (CAPTURES / "ff-ff.A.keys").read_text().splitlines()
    words = [line.split() for line in lines if line.startswith("EXPORTER")][0]
    wrong = " ".join([words[0], words[1], "00" + words[2][2:]])
    report = tshark.report(path, keys=(broken_log(["no line of a key log", wrong, " ".join(words)[:-3]]),))
    assert totals(report) == ([(0, 0)], 0)
    assert [f["severity"] for f in report.findings if f["check"] == "RTP-15"] == ["note"]
    named = [f["message"] for f in report.findings if f["check"] == "CAP-07"]
    assert len(named) == 1 and "line 1:" in named[0] and "1 cut or broken" in named[0]


@pytest.mark.parametrize("capture,key_log", [("ff-ff.A", "ff-ff.A"), ("cr-aiortc.B", "cr-aiortc.B")])
def test_embedded(capture, key_log):
    """Secrets that stand inside the capture give the same, also those of 1.3 on Wireshark 4.0."""
    path, keys = CAPTURES / f"{capture}.pcapng", names((key_log,))
    copy = tshark.private_folder() / "captures" / f"embedded-{capture}.pcapng"
    subprocess.run(["editcap", "--inject-secrets", f"tls,{keys[0]}", path, copy], check=True, capture_output=True)
    copy.chmod(0o644)
    assert totals(tshark.report(copy)) == totals(tshark.report(path, keys=keys))
    assert totals(tshark.report(copy))[0]
    [origin] = tshark.report(copy).of("origin")
    digests = {entry["kind"]: entry["sha256"] for entry in origin["inputs"]}
    assert digests == {"capture": hashlib.sha256(copy.read_bytes()).hexdigest(),
                       "embedded-secrets": hashlib.sha256(keys[0].read_bytes()).hexdigest()}
    head = tshark.text_report(copy).split("\n\n")[0]
    assert "inside the capture" in head and not re.search("Key log +none given", head)


def test_sentence():
    capture = tshark.readable(CAPTURES / "cr-aiortc.B.pcapng")
    result = tshark.run([*tshark.key_log(names(("cr-aiortc.B",))), "-q", "-r", capture, "-z", "webrtc,report"])
    tshark.require_clean(result)
    text = " ".join(result.stdout.split())
    assert "Media all: 104 audio packets from 10.77.0.3, 101 audio packets from 10.77.0.2 and 3 RTCP packets" in text
    assert "carry tags of association a1 (SRTP_AES128_CM_HMAC_SHA1_80)" in text
    assert "whose certificates are those that were announced" in text


def test_keys_in_descriptions():
    """SDES (RFC 4568): the keys are in the capture itself; both directions, and what one changed bit does."""
    path = CAPTURES / "baresip-sdes.A.pcapng"
    result = tshark.run(["-r", tshark.readable(path), "-Y", "sdp", "-T", "fields", "-e", "sdp.media_attr"],
                        plugins=False)
    tshark.require_clean(result)
    keys = {base64.b64decode(key) for key in re.findall(r"inline:([A-Za-z0-9+/]{40})", result.stdout)}
    directions = [srtp_count.Direction(False, key[:16], key[16:]) for key in keys]
    media = {n: p for n, p, _ in srtp_count.packets(path) if len(p) > 24 and p[0] >> 6 == 2 and not 192 <= p[1] <= 223}
    counted = sum(any(d.rtp(p, roc) for d in directions for roc in (0, 1)) for p in media.values())
    assert counted == len(media) > 100
    proofs = [s["sdes"] for s in tshark.report(path).sessions]
    assert [(p["profile"], p["rtp_verified"], p["rtp_failed"]) for p in proofs] == [
        ("AES_CM_128_HMAC_SHA1_80", counted, 0)]
    chosen = sorted(media)[10::40]
    wanted = {n: i for i, n in enumerate(chosen)} | {n + 0.5: len(media[n]) for n in chosen}
    report = tshark.report(tampered(path, wanted))
    assert [s["sdes"]["rtp_failed"] for s in report.sessions] == [len(chosen)]
    assert {f["severity"] for f in report.findings if f["check"] == "RTP-08"} == {"note"}
