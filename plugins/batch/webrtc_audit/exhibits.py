# SPDX-License-Identifier: GPL-2.0-or-later
"""The exhibits of an evidence package: for each call a pcapng of the frames that its report and picture cite, and
where the verdict does not follow from these alone, of the packets around them that it takes."""

import collections
import datetime
import gzip
import html.parser
import json
import os
import re
import subprocess

from . import pcapng
from .common import Trouble, clean, run_quietly

MOST_CITED = 20000  # frames of one exhibit
AROUND = 64  # packets of media at the start of a flow, and of its end, that a verdict may hang on


# ---- what a call cites ----


NAMED = re.compile(r"\bframes? (\d+(?:(?:, | and | to )\d+)*)")
MOST_BETWEEN = 64  # "frames 5 to 9" names all of them, "frames 5 to 9000" its ends


def frames_of_text(text):
    """The frames that a sentence names."""
    found = set()
    for match in NAMED.finditer(text):
        words = re.split(r"(, | and | to )", match[1])
        numbers = [int(word) for word in words[::2]]
        for how, one, other in zip(words[1::2], numbers, numbers[1:]):
            if how == " to " and one < other <= one + MOST_BETWEEN:
                found.update(range(one, other))
        found.update(numbers)
    return found


def texts_of(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for each in value:
            yield from texts_of(each)


def frames_in(record):
    """The frames that a record names, in its keys and in its sentences."""
    found = {record.get(key) for key in ("frame", "other_frame", "first_frame", "last_frame", "client_hello",
                                         "server_hello")}
    for key in ("certificate_frames", "frames"):
        found |= set(record.get(key) or [])
    for certificate in record.get("certificates", {}).values():
        found |= {certificate.get("frame"), certificate.get("other_frame")}
    for media in record.get("shared", {}).get("media", []):
        found.add(media.get("first_frame"))
    for key in ("statement", "plain", "message", "weakest_link", "unknown", "alternatives", "failed_because", "advice"):
        for text in texts_of(record.get(key)):
            found |= frames_of_text(text)
    return {frame for frame in found if isinstance(frame, int) and frame > 0}


class Page(html.parser.HTMLParser):
    """Call -> the frames that its part of a page names, its picture among them."""

    def __init__(self):
        super().__init__()
        self.call, self.frames = None, collections.defaultdict(set)

    def handle_starttag(self, tag, attrs):
        if tag in ("section", "footer"):
            self.call = dict(attrs).get("id") if tag == "section" else None

    def handle_data(self, data):
        if self.call:
            self.frames[self.call] |= frames_of_text(data)


def frames_of_page(path):
    page = Page()
    try:
        with open(path, encoding="utf-8", errors="replace") as text:
            for line in text:
                page.feed(line)
    except OSError:
        pass
    return page.frames


def frames_of_calls(records, page):
    """Session -> the frames that it, its descriptions, associations and findings name, and its part of the page."""
    cited = {record["id"]: set() for record in records if record["record"] == "session"}
    packets = next((record.get("packets") for record in records if record["record"] == "summary"), 0) or 0
    for record in records:
        call = record["id"] if record["record"] == "session" else record.get("session")
        if record["record"] in ("session", "description", "association", "finding") and call in cited:
            cited[call] |= frames_in(record)
    for call, frames in page.items():
        if call in cited:
            cited[call] |= frames
    # A sentence may quote what a capture says, and name frames that there are none of.
    return {call: {frame for frame in frames if frame <= packets} for call, frames in cited.items()}


# ---- reading captures ----


def opened(path):
    """A file as it is, unpacked."""
    with open(path, "rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
    return gzip.open(path) if packed else open(path, "rb")


def parted(path, bare, secrets):
    """Writes a pcapng without the secrets in it, and these as a key log for our eyes; whether there are any."""
    with opened(path) as stream:
        if stream.peek(4)[:4] != pcapng.MAGIC:
            return False
        keys = []
        with open(bare, "wb") as out:
            for order, kind, body in pcapng.blocks(stream):
                if kind == pcapng.SECRETS:
                    keys.append(pcapng.secrets_in(order, body))
                else:
                    out.write(pcapng.block(order, kind, body))
    if keys:
        with open(os.open(secrets, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as out:
            out.write(b"\n".join(keys) + b"\n")
    return bool(keys)


class Source:
    """A capture as editcap shows it: one stream of pcapng, whatever format it has. editcap of Wireshark 4.0 writes none
    that has secrets in it: such a pcapng is read as it is."""

    def __init__(self, editcap, path):
        self.editcap, self.path = editcap, path
        self.problem, self.itself = "", None

    def __enter__(self):
        try:
            self.child = subprocess.Popen([self.editcap, "-F", "pcapng", str(self.path), "-"], stdin=subprocess.DEVNULL,
                                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        except OSError as error:
            raise Trouble(f"cannot run {self.editcap}: {error.strerror}") from error
        self.stream = self.child.stdout
        if not self.stream.peek(1):
            self.itself = opened(self.path)
            if self.itself.peek(4)[:4] == pcapng.MAGIC:
                self.stream = self.itself
        return pcapng.Reader(self.stream)

    def __exit__(self, kind, *_):
        if self.itself:
            self.itself.close()
        self.child.stdout.close()
        if kind is not None:
            self.child.kill()
        said = self.child.stderr.read(2000).decode("utf-8", "replace")
        self.child.stderr.close()
        self.child.wait()
        self.problem = "" if self.itself and self.stream is self.itself else clean(" ".join(said.split()), 300)


def time_base(reader):
    base = {"packets": reader.frames, "interfaces": [each.told() for each in reader.interfaces],
            "resolution": "ns" if any(each.units > 10**6 for each in reader.interfaces) else "us",
            "clock": "as the capturing machine had it; nothing here says how it was set"}
    for key, ns in (("first", reader.first), ("last", reader.last)):
        if ns is not None:
            moment = datetime.datetime.fromtimestamp(ns // 10**9, datetime.timezone.utc)
            base[key] = f"{moment:%Y-%m-%dT%H:%M:%S}.{ns % 10**9:09}Z"
    return base


def where_from(editcap, captures, wanted):
    """Identity of each packet wanted -> where the captures that were merged have it, as "frame 3 of a.pcapng"."""
    found, about = {identity: [] for identity in wanted}, []
    for capture in captures:
        source = Source(editcap, capture)
        with source as reader:
            for packet in reader.packets():
                identity = packet.identity()
                if identity in found:
                    found[identity].append(f"frame {packet.frame} of {clean(capture.name)}")
        about.append((reader, source.problem))
    return found, about


# ---- what a verdict takes ----


Shown = collections.namedtuple("Shown", "frame tcp udp parts protocols")
FIELDS = ("frame.number", "tcp.stream", "udp.stream", "tcp.segment", "ip.fragment", "ipv6.fragment", "frame.protocols")


def numbers(text):
    return {int(each) for each in text.split(",") if each.isdigit()}


def shown_by(command):
    """Of each frame: the connections and flows that it is of, the frames it is put together of, its protocols."""
    words = [word for field in FIELDS for word in ("-e", field)]
    found = []
    for line in run_quietly([*command, "-T", "fields", "-E", "occurrence=a", *words]).stdout.splitlines():
        cells = line.split("\t")
        if len(cells) == len(FIELDS) and cells[0].isdigit():
            found.append(Shown(int(cells[0]), numbers(cells[1]), numbers(cells[2]),
                               numbers(",".join(cells[3:6])), cells[6]))
    return found


def is_media(shown):
    return not re.search("stun|turn|dtls", shown.protocols)


def around(frames, shown):
    """Larger and larger sets of frames: with the whole connections and handshakes that those cited are of, with the
    beginning and end of their media, with all of their flows. [(what it has, frames)]"""
    mine = [each for each in shown if each.frame in frames]
    tcp, udp = set().union(*(each.tcp for each in mine)), set().union(*(each.udp for each in mine))
    parts = set().union(*(each.parts for each in mine))
    first, media = set(frames) | parts, {}
    for each in shown:
        if each.tcp & tcp or each.udp & udp and not is_media(each):
            first |= {each.frame} | each.parts
        elif each.udp & udp:
            media.setdefault(min(each.udp & udp), []).append(each)
    second, third = set(first), set(first)
    for packets in media.values():
        for each in packets[:AROUND] + packets[-AROUND:]:
            second |= {each.frame} | each.parts
        for each in packets:
            third |= {each.frame} | each.parts
    third |= {each.frame for each in shown if "mdns" in each.protocols}
    return [("the frames cited, and all of the connections and handshakes that they are of", first),
            ("the same, and the beginning and end of the media of these", second),
            ("the same, and all of the media of these", third)]


def bounded(cited, more):
    """As many frames as an exhibit may have, those cited before all others."""
    cited = sorted(cited)[:MOST_CITED]
    return set(cited) | set(sorted(set(more) - set(cited))[:MOST_CITED - len(cited)])


def marks_of(records, call):
    """What a call is known by, wherever its frames lie: its handshakes and its descriptions."""
    return {record[key] for record in records if record.get("session") == call
            for key in ("randoms", "canonical") if key in record}


def verdicts_alone(command, exhibit, records, call):
    """The verdicts on a call that follow from an exhibit alone, read as the capture was."""
    words = list(command)
    words[words.index("-r") + 1] = str(exhibit)
    while "-z" in words:
        at = words.index("-z")
        del words[at:at + 2]
    output = run_quietly([*words, "-z", "webrtc,json"]).stdout
    found = [json.loads(line) for line in output.splitlines() if line.startswith('{"record":')]
    sessions = [record for record in found if record["record"] == "session"]
    marks = marks_of(records, call)
    own = [each for each in sessions if marks & marks_of(found, each["id"])]
    return sorted({each["verdict"] for each in own or sessions})


# ---- making them ----


class Origin:
    """Where frames of a job come from, as the comments of exhibits say it."""

    def __init__(self, job, capture, editcap):
        self.job, self.capture, self.editcap, self.about = job, capture, editcap, []
        self.places = {}

    def look_up(self, wanted):
        """Of merged captures: what each has of the frames wanted."""
        identities = {}
        with Source(self.editcap, self.capture) as reader:
            for packet in reader.packets():
                if packet.frame in wanted:
                    identities[packet.frame] = packet.identity()
        found, self.about = where_from(self.editcap, self.job.captures, set(identities.values()))
        self.places = {frame: "; ".join(found[identity]) for frame, identity in identities.items()}

    def of(self, frame):
        if len(self.job.captures) > 1:
            return f"frame {frame} as merged; {self.places.get(frame, '')}"
        return f"frame {frame} of {clean(self.capture.name)}"


def write(paths, frames, origin):
    """Writes the exhibits anew, each with its frames; gives which frames each has. Both by call."""
    wanted, excerpts = {}, {}
    for call, numbers_of in frames.items():
        paths[call].unlink(missing_ok=True)
        excerpts[call] = pcapng.Excerpt(paths[call])
        for frame in numbers_of:
            wanted.setdefault(frame, []).append(call)
    if len(origin.job.captures) > 1:
        origin.look_up(wanted)
    written = {call: set() for call in frames}
    source = Source(origin.editcap, origin.capture)
    with source as reader:
        for packet in reader.packets():
            for call in wanted.get(packet.frame, ()):
                excerpts[call].add(reader, packet, f"Exhibit of call {call}: {origin.of(packet.frame)}")
                written[call].add(packet.frame)
    told = origin.job.summary.get("packets")
    if reader.frames != told and wanted:  # of what has no call, nothing is cited
        raise Trouble(f"{clean(origin.job.name)}: editcap gives {reader.frames} packets, and tshark {told}: no "
                      "frame of it "
                      f"can be cited{'; ' + source.problem if source.problem else ''}")
    if len(origin.job.captures) == 1 or not origin.about:
        origin.about = [(reader, source.problem)]
    return written


def make_exhibits(folder, job, number, capture, records, editcap):
    """Writes a pcapng a call; returns what the manifest says of them, and of each capture."""
    cited = frames_of_calls(records, frames_of_page(job.records.with_name("page.html")))
    verdicts = {record["id"]: record["verdict"] for record in records if record["record"] == "session"}
    paths = {call: folder / "exhibits" / f"{number:04}-{call}.pcapng" for call in cited}
    origin, told, stages = Origin(job, capture, editcap), {}, {}
    open_calls = {call: ("the frames cited", frames) for call, frames in cited.items()}
    while True:
        written = write(paths, {call: bounded(cited[call], frames) for call, (_, frames) in open_calls.items()}, origin)
        for call, frames in written.items():
            alone = verdicts_alone(job.command, paths[call], records, call) if frames else []
            told[call] = {"file": f"exhibits/{paths[call].name}", "frames": len(frames), "has": open_calls[call][0],
                          "cut": len(open_calls[call][1]) > MOST_CITED, "alone": alone,
                          "same": alone == [verdicts[call]], "not_included": missing(cited[call], frames)}
        left = [call for call, entry in told.items() if entry["frames"] and not entry["same"]]
        if left and not stages:
            shown = shown_by(reading(job.command))
            stages = {call: around(cited[call], shown) for call in left}
        open_calls = {call: stages[call].pop(0) for call in left if stages.get(call)}
        if not open_calls:
            break
    return {call: entry for call, entry in told.items() if entry["frames"]}, origin.about


def reading(command):
    """The command that read the capture, without its reports."""
    words = [word for word in command if word != "-q"]
    while "-z" in words:
        at = words.index("-z")
        del words[at:at + 2]
    return words


def missing(cited, frames):
    """Frames that the report cites and an exhibit does not have, and why."""
    left = sorted(cited - frames)
    if not left:
        return []
    why = (f"an exhibit has at most {MOST_CITED} frames" if len(cited) > MOST_CITED else
           "editcap does not give them as packets")
    return [{"frames": left[:100], "more": max(0, len(left) - 100), "why": why}]
