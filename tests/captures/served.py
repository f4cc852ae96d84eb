# SPDX-License-Identifier: GPL-2.0-or-later
"""Many captures read by one start of tshark, with the library that WEBRTC_FORK_SERVER names
(support/fork_server.c): a start costs ten times what a small capture costs."""

import atexit
import os
import pathlib
import shutil
import subprocess
import tempfile

import tshark


def library():
    """The built library, or None where there is none."""
    built = os.environ.get("WEBRTC_FORK_SERVER")
    return pathlib.Path(built) if built and pathlib.Path(built).is_file() else None


class Server:
    """One tshark with these arguments. Its command line names the file `input`, which the caller writes, or which
    becomes a link to another: where `arguments` have None, else before them all."""

    def __init__(self, *arguments):
        self.arguments = arguments if None in arguments else ("-r", None, *arguments)
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="reader-", dir=tshark.private_folder()))
        self.folder.chmod(0o755)
        self.output = self.folder / "output"
        self.output.mkdir()
        account = tshark.unprivileged()
        if account:
            os.chown(self.output, account["user"], account["group"])
        self.input = self.folder / "in.pcapng"
        self.process = None

    def words(self):
        """Its arguments, with the name of the input."""
        return [str(self.input if a is None else a) for a in self.arguments]

    def _start(self):
        own = self.folder / "fork_server.so"  # where the unprivileged user can load it
        shutil.copy(library(), own)
        own.chmod(0o755)
        from_us, to_server = os.pipe()
        from_server, to_us = os.pipe()
        environment = {
            "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
            "LC_ALL": "C.UTF-8",
            "TZ": "UTC",
            **tshark.environment_for(),
            "WR_SERVE_FROM": str(from_us),
            "WR_SERVE_TO": str(to_us),
        }
        environment["LD_PRELOAD"] = " ".join(filter(None, [environment.get("LD_PRELOAD"), str(own)]))
        self.process = subprocess.Popen(
            [os.environ.get("WEBRTC_TSHARK", "tshark"), *self.words()],
            env=environment,
            cwd=tshark.private_folder() / "home",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=(from_us, to_us),
            **tshark.unprivileged(),
        )
        os.close(from_us)
        os.close(to_us)
        self.to, self.answers = os.fdopen(to_server, "w"), os.fdopen(from_server)

    def read(self, capture=None):
        """As tshark.run() gives it: how the reading ended, and what was said. A status of -N: signal N. capture:
        another file than the input."""
        if self.process is None:
            self._start()
        if capture is not None:
            self.input.unlink(missing_ok=True)
            self.input.symlink_to(capture)
        out = self.output / "report"
        self.to.write(f"{capture or self.input} {out}\n")
        self.to.flush()
        status = self.answers.readline()
        if not status:
            self.close()
            raise tshark.TsharkError("tshark does not serve")
        code = os.waitstatus_to_exitcode(int(status)) if int(status) >= 0 else 1
        said, errors = (
            pathlib.Path(f"{out}{end}").read_text(encoding="utf-8", errors="surrogateescape") for end in ("", ".err")
        )
        return subprocess.CompletedProcess(self.process.args, code, said, errors)

    def close(self):
        if self.process:
            self.to.close()
            self.process.wait()
            self.process = None


MAX_SERVERS = 4
asked, servers = set(), {}  # what was asked for once; arguments -> what serves them, the least recently used first


def parted(arguments):
    """The capture, and the arguments with None in its place. Two None where something else names a file or needs a
    start of its own."""
    words = [str(a) for a in arguments]
    at = words.index("-r") + 1 if words.count("-r") == 1 else len(words)
    if at >= len(words) or library() is None:
        return None, None
    path, before, behind = words[at], words[:at], words[at + 1 :]
    if not path.startswith("/") or " " in path or any("/" in w or w in ("-w", "-b", "-F") for w in before + behind):
        return None, None
    return path, (*before, None, *behind)


def run(arguments):
    """As tshark.run(), where the same was asked of another capture before: what is asked once has its own start. None
    where this cannot serve."""
    path, key = parted(arguments)
    if key is None:
        return None
    if key not in asked:
        asked.add(key)
        return None
    server = servers.pop(key, None) or Server(*key)
    servers[key] = server
    while len(servers) > MAX_SERVERS:
        servers.pop(next(iter(servers))).close()
    return server.read(path)


@atexit.register
def close():
    for server in servers.values():
        server.close()
    servers.clear()
