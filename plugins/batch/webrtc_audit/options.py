# SPDX-License-Identifier: GPL-2.0-or-later
"""What may be asked for on the command line."""

import argparse
import os
import sys

from .common import SEVERITIES
from .outputs import OUTPUTS
from .runner import check_tshark, own_thin

NOTHING, FINDINGS, UNREADABLE = 0, 1, 2

DESCRIPTION = ("Audits the WebRTC calls of many captures with tshark and the WebRTC plugins, and makes one report of "
               "all.")
EPILOG = """
Folders are searched for captures: by name (.pcap, .pcapng, .pcap0, .cap, …, also compressed), and files of other names
by content. What is none is counted and named. For a capture NAME.pcapng the key log
NAME.keys and all *.keylog files beside it are used.

Files in which an endpoint says what it sent and received are used where they lie beside a capture, unless --statements
names some: HTTP archives (*.har), dumps of chrome://webrtc-internals (*webrtc_internals*) and of rtcstats (*rtcstats*),
reports of Firefox (*aboutwebrtc*), packed or not. Without a capture, the files of --statements are compared with one
another.

Exit status: 0 nothing of severity error (or as --severity says), 1 calls or findings of that severity, 2 something
could not be read or written (whatever else was found).
"""
MERGES = ("none", "all", "folder", "call")


class Parser(argparse.ArgumentParser):
    def error(self, message):
        """One line, without the list of all options before it."""
        self.exit(UNREADABLE, f"{self.prog}: {message}; --help lists the options\n")


class Version(argparse.Action):
    def __call__(self, parser, namespace, values, option_string=None):
        tool = check_tshark(getattr(namespace, "tshark", None) or "tshark")
        print(f"webrtc-audit: WebRTC plugins {tool['plugins']} in Wireshark {tool['wireshark']}")
        parser.exit(NOTHING)


def positive(kind):
    def convert(text):
        value = kind(text)
        if not 0 < value < float("inf"):
            raise ValueError
        return value

    convert.__name__ = "number above 0"
    return convert


def arguments(words):
    words = sys.argv[1:] if words is None else list(words)
    end = words.index("--") if "--" in words else len(words)
    # Without a program, or a way to merge, it takes none of the captures for one.
    words[:end] = [f"--thin={own_thin()}" if word == "--thin" else
                   "--merge=all" if word in ("-m", "--merge") and words[at + 1:at + 2] not in ([how] for how in MERGES)
                   else word for at, word in enumerate(words[:end])]
    parser = Parser(prog="webrtc-audit", description=DESCRIPTION, epilog=EPILOG,
                    formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument
    add("paths", nargs="*", metavar="CAPTURE|FOLDER")
    add("-k", "--key-log", action="append", default=[], metavar="FILE", help="use this key log for every capture")
    add("--no-key-search", dest="key_search", action="store_false",
        help="do not use key logs that lie beside the captures")
    add("-s", "--statements", action="append", default=[], metavar="FILE",
        help="use what this file says somebody sent and received: an HTTP archive, a dump of chrome://webrtc-internals "
             "or rtcstats, a report of Firefox, the result of getStats(), or a text; as often as there are files")
    add("--no-statement-search", dest="statement_search", action="store_false",
        help="do not use such files that lie beside the captures")
    add("-m", "--merge", default="none", choices=MERGES,
        metavar="HOW",
        help="merge captures of several vantage points: all (as well without HOW), those of one folder, or by call: "
             "those whose "
             "names differ in the last part alone, as CALL.alice.pcapng and CALL.server.pcapng")
    add("-o", "--preference", action="append", default=[], metavar="NAME:VALUE", help="a preference for tshark")
    add("--text", metavar="FILE", help="the report for people; - is standard output, and the default")
    add("--full", action="store_true", help="in it all that -z webrtc,report says of each call")
    add("--ndjson", metavar="FILE", help="all records, one JSON object a line, each with its capture")
    add("--csv", metavar="FILE", help="one row a call")
    add("--ecs", metavar="FILE", help="calls, handshakes and findings under the names of ECS, one JSON object a line")
    add("--zeek", metavar="FILE", help="one row a handshake, as a log of Zeek with its header")
    add("--ocsf", metavar="FILE", help="detection findings of OCSF, one JSON object a line")
    add("--html", metavar="FOLDER", help="index.html there, and a page for each capture")
    add("--evidence", metavar="FOLDER",
        help="a new folder with exhibits (the frames that each call cites), reports, and a manifest of all that they "
             "were made from and by")
    add("--case", metavar="TEXT", help="the case, for the manifest")
    add("--examiner", metavar="TEXT", help="who examines, for the manifest")
    add("--with-host", action="store_true", help="name this machine and user in the manifest")
    add("--with-inputs", action="store_true", help="copy captures, key logs and statements into the package")
    add("--sign-key", metavar="FILE", help="sign the manifest with this private key (openssl cms); needs --sign-cert")
    add("--sign-cert", metavar="FILE", help="the certificate of that key")
    add("--verify", metavar="FOLDER",
        help="check an evidence package: digests, signature, and the analysis, which is run again with the inputs in "
             "the package, where they were, or in the files and folders named")
    add("--signer", metavar="FILE", help="with --verify: it must be signed with the key of this certificate")
    add("-j", "--jobs", type=positive(int), default=os.cpu_count() or 1, metavar="N",
        help="captures at a time (default: %(default)s)")
    add("--thin", metavar="PROGRAM",
        help="leave the bulk of media out before tshark reads, with webrtc-thin, which counts it; so it is by itself "
             "with captures of 16 MB and more, without key logs and --evidence (--thin=PROGRAM to name another)")
    add("--no-thin", action="store_true", help="never leave media out")
    add("--timeout", type=positive(float), metavar="SECONDS", help="give a capture up after that time")
    add("--resume", metavar="FOLDER",
        help="keep there what was found in each capture, and take from there what an interrupted run has found")
    add("--severity", choices=SEVERITIES, help="what is listed first, and makes the exit status 1 (default: warn is "
        "listed, error makes the status)")
    add("--version", action=Version, nargs=0, help="the versions of the plugins and of Wireshark")
    add("-q", "--quiet", action="store_true", help="no progress on standard error")
    add("--tshark", default="tshark", help=argparse.SUPPRESS)
    add("--mergecap", default="mergecap", help=argparse.SUPPRESS)
    add("--editcap", default="editcap", help=argparse.SUPPRESS)
    options = parser.parse_args(words)
    check_together(parser, options)
    if not options.paths and not options.statements and not options.verify:
        parser.error("name a capture, or files with --statements")
    return options


def check_together(parser, options):
    """What only makes sense with something else, or without it."""
    for name in ("case", "examiner", "with_host", "with_inputs", "sign_key", "sign_cert"):
        if getattr(options, name) and not options.evidence:
            parser.error(f"--{name.replace('_', '-')} is for --evidence")
    if bool(options.sign_key) != bool(options.sign_cert):
        parser.error("--sign-key and --sign-cert belong together")
    if options.signer and not options.verify:
        parser.error("--signer is for --verify")
    if options.resume and (options.evidence or options.verify):
        parser.error("--resume is for neither --evidence nor --verify, which do all of their work themselves")
    if options.thin and options.no_thin:
        parser.error("--thin or --no-thin")
    if options.evidence and options.thin:
        parser.error("--evidence is had from the captures themselves, without --thin")
    written = [f"--{name}" for name in (*OUTPUTS, "html", "evidence", "thin") if getattr(options, name)]
    if options.verify and written:
        parser.error(f"--verify stands alone, without {written[0]}")
