# SPDX-License-Identifier: GPL-2.0-or-later
"""How a peer talks with the runner: one word a line comes in on standard input, one JSON object a line goes out."""

import asyncio
import json
import re
import sys

CONFIG = json.loads(sys.argv[1])


def tell(event, **more):
    print(json.dumps({"event": event, **more}), flush=True)


def fingerprints(sdp):
    return sorted(set(re.findall(r"^a=fingerprint:([^\r\n]*)", sdp or "", re.MULTILINE)))


async def serve(actions):
    """Answers report, quit and whatever else the peer can do, by name, until told to quit."""
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := (await reader.readline()).decode().strip():
        result = await actions[line]()
        tell(line, **({"report": result} if line == "report" else {}))
        if line == "quit":
            return
