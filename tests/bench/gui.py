# SPDX-License-Identifier: GPL-2.0-or-later
"""What a user of the GUI waits for, by sharkd: the file is loaded once, then packets are clicked and filters applied,
as Wireshark's main window does. Seconds are those that sharkd's process itself computed."""
import json
import os
import pathlib
import subprocess


def request(number, method, **parameters):
    return json.dumps({"jsonrpc": "2.0", "id": number, "method": method, "params": parameters}) + "\n"


def clicks(capture, numbers):
    """What sharkd is told to load a capture and show these packets."""
    asked = [request(2 + n, "frame", frame=number, proto=True, bytes=True) for n, number in enumerate(numbers)]
    return "".join([request(1, "load", file=str(capture)), *asked])


class Sharkd:
    """One sharkd that holds one file."""

    def __init__(self, command, capture):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL, text=True)
        self.number = 0
        self.load_seconds, _ = self.ask("load", file=str(capture))

    def seconds(self):
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(") ", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def ask(self, method, **parameters):
        """The seconds it took, and the answer."""
        before = self.seconds()
        self.number += 1
        self.process.stdin.write(request(self.number, method, **parameters))
        self.process.stdin.flush()
        answer = None
        while answer is None:
            line = self.process.stdout.readline()
            if not line:
                raise SystemExit("sharkd ended")
            if line.startswith("{"):
                answer = json.loads(line, strict=False)
        if "error" in answer:
            raise SystemExit(f"sharkd: {answer['error']}")
        return self.seconds() - before, answer["result"]

    def filter(self, text):
        return self.ask("frames", filter=text, limit=1)[0]

    def click(self, numbers):
        """All these packets, one after the other: details and bytes, as when they are clicked."""
        return sum(self.ask("frame", frame=number, proto=True, bytes=True)[0] for number in numbers)

    def close(self):
        self.process.stdin.close()
        self.process.wait()
