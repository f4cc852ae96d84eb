# SPDX-License-Identifier: GPL-2.0-or-later
"""One end of a call with GStreamer's webrtcbin."""

import asyncio
import json
import os

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstWebRTC", "1.0")
gi.require_version("GstSdp", "1.0")
import websockets  # noqa: E402
from gi.repository import Gst, GstSdp, GstWebRTC  # noqa: E402
from line import CONFIG, fingerprints, serve, tell  # noqa: E402

PIPELINE = (
    "webrtcbin name=rtc bundle-policy=max-bundle audiotestsrc is-live=true wave=silence ! audioconvert ! "
    "audioresample ! opusenc ! rtpopuspay pt=111 ! application/x-rtp,media=audio,encoding-name=OPUS,"
    "clock-rate=48000,encoding-params=(string)2,payload=111 ! rtc."
)


class Peer:
    def __init__(self, loop):
        self.loop = loop
        self.local, self.remote = [], []
        self.keep = []  # promises and descriptions that the bindings must not free yet
        self.pipeline = Gst.parse_launch(PIPELINE)
        self.rtc = self.pipeline.get_by_name("rtc")
        self.rtc.connect("on-ice-candidate", self.candidate_found)
        self.rtc.connect("notify::connection-state", lambda *_: tell("state", state=self.state()))

    def state(self):
        return self.rtc.get_property("connection-state").value_nick

    def send(self, message):
        asyncio.run_coroutine_threadsafe(self.socket.send(json.dumps(message)), self.loop)

    def candidate_found(self, _element, index, candidate):
        self.send({"type": "candidate", "candidate": {"candidate": candidate, "sdpMLineIndex": index, "sdpMid": None}})

    def described(self, promise, kind):
        promise.wait()
        reply = promise.get_reply()
        description = reply.get_value(kind)
        self.keep += [promise, reply, description]
        self.rtc.emit("set-local-description", description, Gst.Promise.new())
        sdp = description.sdp.as_text()
        self.local = fingerprints(sdp)
        self.send({"type": kind, "sdp": sdp})

    def describe(self, kind):
        promise = Gst.Promise.new_with_change_func(self.described, kind)
        self.rtc.emit(f"create-{kind}", None, promise)

    def set_remote(self, kind, sdp):
        self.remote = fingerprints(sdp)
        _, parsed = GstSdp.SDPMessage.new_from_text(sdp)
        description = GstWebRTC.WebRTCSessionDescription.new(getattr(GstWebRTC.WebRTCSDPType, kind.upper()), parsed)
        promise = Gst.Promise.new()
        self.keep += [parsed, description, promise]
        self.rtc.emit("set-remote-description", description, promise)
        promise.wait()

    def handle(self, message):
        kind = message["type"]
        if kind == "ready":
            self.pipeline.set_state(Gst.State.PLAYING)
            if CONFIG["role"] == "offer":
                self.describe("offer")
        elif kind in ("offer", "answer"):
            self.set_remote(kind, message["sdp"])
            if kind == "offer":
                self.describe("answer")
        elif kind == "candidate" and message["candidate"] and message["candidate"].get("candidate"):
            candidate = message["candidate"]
            self.rtc.emit("add-ice-candidate", candidate["sdpMLineIndex"], candidate["candidate"])

    async def receive(self):
        async for text in self.socket:
            self.handle(json.loads(text))

    async def report(self):
        return {"state": self.state(), "dtls": "1.2", "local": self.local, "remote": self.remote}

    async def quit(self):
        self.pipeline.set_state(Gst.State.NULL)

    async def run(self):
        self.socket = await websockets.connect(CONFIG["url"])
        await self.socket.send(json.dumps({"type": "join", "room": CONFIG["room"], "name": CONFIG["name"]}))
        asyncio.ensure_future(self.receive())
        tell("ready")
        await serve({"report": self.report, "quit": self.quit})


async def main():
    Gst.init(None)
    await Peer(asyncio.get_running_loop()).run()
    os._exit(0)  # GStreamer's threads outlive the loop


asyncio.run(main())
