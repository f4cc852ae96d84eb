# SPDX-License-Identifier: GPL-2.0-or-later
"""Reads many captures by one start of tshark (fork_server.c), or by one start each where that was not built."""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "captures"))
import tshark  # noqa: E402

import capture as captures  # noqa: E402

ARGUMENTS = ("-q", "-z", "webrtc,json")
MAX_SECONDS = 120


class Reader:
    """read() gives the report of a capture; with other arguments, another start."""

    def __init__(self, *arguments):
        self.arguments = arguments
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="reader-", dir=tshark.private_folder()))
        self.folder.chmod(0o755)
        self.output = self.folder / "output"
        self.output.mkdir()
        account = tshark.unprivileged()
        if account:
            os.chown(self.output, account["user"], account["group"])
        self.input = self.folder / "in.pcapng"
        self.server = None
        self.library = self._library()

    def _library(self):
        """A copy of the fork server where the unprivileged user can load it; None where there is none."""
        built = os.environ.get("WEBRTC_FORK_SERVER")
        if not built or not pathlib.Path(built).is_file():
            return None
        copy = self.folder / "fork_server.so"
        shutil.copy(built, copy)
        copy.chmod(0o755)
        return copy

    def _start(self):
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
        environment["LD_PRELOAD"] = " ".join(filter(None, [environment.get("LD_PRELOAD"), str(self.library)]))
        command = [
            os.environ.get("WEBRTC_TSHARK", "tshark"),
            "-r",
            str(self.input),
            *ARGUMENTS,
            *map(str, self.arguments),
        ]
        self.server = subprocess.Popen(
            command,
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

    def read(self, capture):
        """The report, or a TsharkError that says what went wrong."""
        captures.write(capture, self.input)
        if self.library is None:
            result = tshark.run(["-r", self.input, *ARGUMENTS, *self.arguments], timeout=MAX_SECONDS)
            tshark.require_clean(result)
            return tshark.parse_report(result.stdout)
        if self.server is None:
            self._start()
        out = self.output / "report"
        self.to.write(f"{self.input} {out}\n")
        self.to.flush()
        status = self.answers.readline()
        if not status:
            self.close()
            raise tshark.TsharkError("tshark does not serve")
        if int(status) != 0:
            errors = pathlib.Path(f"{out}.err").read_text(errors="replace")[-500:]
            raise tshark.TsharkError(f"tshark ended with status {int(status)}: {errors}")
        return tshark.parse_report(out.read_text(encoding="utf-8", errors="surrogateescape"))

    def close(self):
        if self.server:
            self.to.close()
            self.server.wait()
            self.server = None
