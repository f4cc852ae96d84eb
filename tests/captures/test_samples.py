# SPDX-License-Identifier: GPL-2.0-or-later
"""What systems send, sent by Node's clients and servers over loopback, captured there, and read back.

WEBRTC_SIGNALLING_SAMPLES names a folder of samples, a file for a system, which is not part of the checkout. Capturing
on loopback needs root, or dumpcap's rights: without them the tests fail, for what was not captured was not tried.
"""

import json
import os
import shutil
import subprocess
import tempfile
import time
from xml.etree import ElementTree

import carriers
import dialogues
import evidence
import pytest
import signalling
import truth
import tshark

FOLDER = truth.folder("WEBRTC_SIGNALLING_SAMPLES", "signalling")
SPEAKERS = tshark.TOP / "tests/captures/support/speakers.js"
ATTEMPTS = 3  # a busy machine drops packets; what was not captured says nothing about the reader
CAPTURED = ("offer", "answer", "pranswer", "candidate", "fragment")


def started(capture):
    """dumpcap has begun: its file has a header."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        if os.path.exists(capture) and os.path.getsize(capture) > 0:
            return True
        time.sleep(0.05)
    return False


def speak(items, path):
    """Holds the exchanges and captures them: the ports of client and server of each, by id."""
    for program, package in (("node", "nodejs"), ("dumpcap", "wireshark-common")):
        assert shutil.which(program), f"{program} is missing: install {package}"
    dumpcap = subprocess.Popen(["dumpcap", "-q", "-i", "lo", "-f", "tcp", "-B", "32", "-w", path],
                               stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    try:
        assert started(path), "cannot capture on loopback (root is needed): " + (
            dumpcap.communicate(timeout=5)[1] if dumpcap.poll() is not None else "dumpcap wrote nothing")
        time.sleep(0.5)  # dumpcap writes its header a moment before it listens
        node = subprocess.run(["node", SPEAKERS], input=json.dumps([{"id": i["id"], **i["exchange"]} for i in items]),
                              env={**os.environ, "NODE_PATH": "/usr/share/nodejs"}, capture_output=True, text=True,
                              timeout=60, check=False)
        assert node.returncode == 0, node.stderr[-2000:]
        time.sleep(1)
    finally:
        dumpcap.terminate()
        dumpcap.communicate(timeout=20)
    ports = {line["id"]: tuple(line["ports"]) for line in map(json.loads, node.stdout.splitlines())}
    assert set(ports) == {item["id"] for item in items}
    return ports


FIELDS = ("kind", "path", "dialect", "call", "from", "to")
READ = (*FIELDS, "carrier", "direction")


def several(value):
    return value if isinstance(value, list) else [] if value is None else [value]


def in_tree(path, *options):
    """(ports, READ) of all that webrtc_signal shows, candidates among them."""
    result = tshark.run([*options, "-r", path, "-Y", "webrtc_signal", "-T", "json", "-j", "tcp http2 webrtc_signal",
                         "--no-duplicate-keys"])
    tshark.require_clean(result)
    for packet in json.loads(result.stdout or "[]"):
        layers = packet["_source"]["layers"]
        ports = frozenset(int(layers["tcp"][f"tcp.{end}"]) for end in ("srcport", "dstport"))
        # What a body of HTTP/2 holds stands within its stream.
        inner = [layer for stream in several(layers.get("http2")) for layer in several(stream.get("webrtc_signal"))]
        for layer in [*several(layers.get("webrtc_signal")), *inner]:
            if "webrtc_signal.kind" in layer:
                yield ports, {f: layer.get(f"webrtc_signal.{f}") for f in READ}


def in_bodies(path):
    """(ports, READ) of bodies that are descriptions by their media type: all that the tree says of them is the kind."""
    result = tshark.run(["-r", path, "-Y", "webrtc_sdp and not webrtc_signal", "-T", "pdml"])
    tshark.require_clean(result)
    for packet in ElementTree.fromstring(result.stdout):
        ports = frozenset(int(packet.find(f".//field[@name='tcp.{end}']").get("show"))
                          for end in ("srcport", "dstport"))
        for layer in packet.findall(".//proto[@name='webrtc_sdp']"):
            kind = layer.get("showname").split(": ")[1].split(",")[0].split()[0]
            yield ports, {**dict.fromkeys(READ), "kind": kind}


def in_report(path):
    """The same of the report, which alone has bodies whose media type is that of descriptions, and what SIP carries."""
    for record in tshark.report(path).descriptions:
        if record.get("path") is None:
            ports = frozenset(int(record[end].rsplit(":", 1)[1]) for end in ("src", "dst"))
            yield ports, {f: record.get(f) for f in READ}


def captured(items):
    """id -> what was found on its connection: dicts of READ, in order, candidates among them."""
    with tempfile.TemporaryDirectory(prefix="webrtc-samples-") as folder:
        for attempt in range(ATTEMPTS):
            path = os.path.join(folder, f"samples{attempt}.pcapng")
            ports = speak(items, path)
            copy = tshark.readable(path)
            if not tshark.holds(copy, "tcp.analysis.lost_segment or tcp.analysis.ack_lost_segment"):
                break
        else:
            pytest.fail(f"dumpcap lost packets {ATTEMPTS} times: this machine is too busy to capture on")
    by_port = {frozenset(pair): name for name, pair in ports.items()}
    assert len(by_port) == len(ports)
    # The system chose the ports, and may have chosen some that are registered.
    decode = ["-o", "tcp.try_heuristic_first:TRUE"]
    decode += [word for item in items if item.get("decode")
               for word in ("-d", f"tcp.port=={ports[item['id']][1]},{item['decode']}")]
    out = {name: [] for name in ports}
    tree = list(in_tree(copy, *decode))
    assert list(in_tree(copy, "-2", *decode)) == tree  # later passes say what the first did
    for ports_of, found in [*tree, *in_report(copy), *in_bodies(copy)]:
        name = by_port.get(ports_of)
        if name and not (found["path"] is None and any(f["path"] is None for f in out[name])):
            out[name].append(found)
    return out


def missing_from(item, found):
    """What was wanted and is not there with this kind at this path, and what is there that was not wanted."""
    rest = [(f["kind"], f["path"]) for f in found if f["kind"] in CAPTURED]
    missing = []
    for kind, path in item["wanted"]:
        hit = next((r for r in rest if r[0] == kind and path in (None, r[1])), None)
        if hit is None:
            missing.append((kind, path))
        else:
            rest.remove(hit)
    return missing, rest


@pytest.fixture(scope="module")
def told():
    """Every sample and every form of their binary carriers, with what was found of it."""
    items = [*(signalling.samples(FOLDER) if FOLDER else []), *signalling.beside()]
    found = captured(items)
    return [(item, found[item["id"]]) for item in items]


def test_what_samples_describe_is_found(told):
    """Each wanted description and candidate stands at its path with its kind, and nothing beside is taken for one."""
    wanted = [(item, found) for item, found in told if item["wanted"]]
    lines = []
    for item, found in told:
        missing, beside = missing_from(item, found)
        if missing or beside:
            lines.append(f"{item['id']}: missing {missing}, beside {beside}")
    print(f"{len(wanted) - sum('missing [(' in line for line in lines)} of {len(wanted)} wanted bodies found")
    print("\n".join(lines))
    assert not lines


def test_dialect_and_parties(told):
    """Whose each description is: dialect, call, from and to as the bodies say."""
    lines = []
    for item, found in told:
        name, number = item["name"], item.get("number")
        hits = [f for f in found if f["kind"] in CAPTURED]
        if not item["wanted"] or not hits or (name, number) in signalling.NAMELESS:
            continue
        dialect = signalling.dialect_of(name, number) if number is not None else name
        if hits[0]["dialect"] != dialect:
            lines.append(f"{item['id']}: dialect {hits[0]['dialect']}, not {dialect}")
        parties = item.get("parties") or signalling.PARTIES.get(name, (None, {}))[1].get(number)
        said = tuple(hits[0][f] for f in ("call", "from", "to"))
        if parties is not None and parties != said:
            lines.append(f"{item['id']}: {said}, not {parties}")
    print("\n".join(lines))
    assert not lines


def judged(items, found):
    """A line for each item that was not read as it must be, and for each carrier how many were wanted and found."""
    lines, counts = [], {}
    for item in items:
        missing, beside = missing_from(item, found[item["id"]])
        wrong = {(f["carrier"], f["direction"]) for f in found[item["id"]]
                 if f["path"]} - {(item["carrier"], item["direction"])}
        if missing or beside or wrong:
            lines.append(f"{item['id']}: missing {missing}, beside {beside}, carriers and directions {wrong}")
        if item["wanted"]:
            all_of, found_of = counts.get(item["carrier"], (0, 0))
            counts[item["carrier"]] = (all_of + 1, found_of + (not missing))
    return lines, counts


def test_other_carriers():
    """The same messages over HTTP/2, MQTT, XMPP and bare TCP: all that the bodies describe is found there, and nothing
    beside. The system draws the ports, and may draw those of other dissectors: what is wrong must be so with two
    draws."""
    items = carriers.variants([*(signalling.samples(FOLDER) if FOLDER else []), *signalling.beside()])
    for _ in range(2):
        lines, counts = judged(items, captured(items))
        print("found of wanted bodies:", {carrier: f"{n} of {of}" for carrier, (of, n) in counts.items()})
        print("\n".join(lines))
        if not lines:
            break
    assert not lines


def test_dialogues():
    """What more than one message's body tells: requests and their answers, joins, URLs, messages in parts."""
    items = dialogues.exchanges()
    found = captured(items)
    lines = []
    for item in items:
        said = [tuple(f[field] for field in FIELDS) for f in found[item["id"]]]
        if said != item["said"]:
            lines.append(f"{item['id']}:\n  found {said}\n  not   {item['said']}")
    print("\n".join(lines))
    assert not lines


@pytest.mark.skipif(not FOLDER, reason="WEBRTC_SIGNALLING_SAMPLES names no folder")
def test_table_says_what_it_rests_on():
    """docs/dialects.md: how many messages each row was tried with, and how many name call, sender and receiver."""
    assert evidence.table() == evidence.counts(FOLDER)
