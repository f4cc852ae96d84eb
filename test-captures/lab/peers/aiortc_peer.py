# SPDX-License-Identifier: GPL-2.0-or-later
"""One end of a call with aiortc."""

import asyncio
import json
import os
import ssl

import aiortc_tls
import websockets
from aiortc import RTCConfiguration, RTCIceServer, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import AudioStreamTrack, VideoStreamTrack
from aiortc.sdp import candidate_from_sdp
from line import CONFIG, fingerprints, serve, tell


class Peer:
    def __init__(self):
        self.messages = 0
        self.log = []
        self.prepare()

    def prepare(self):
        servers = [RTCIceServer(**server) for server in CONFIG.get("iceServers", [])]
        self.pc = RTCPeerConnection(RTCConfiguration(iceServers=servers))
        self.waiting = []
        if "audio" in CONFIG["media"]:
            self.pc.addTrack(AudioStreamTrack())
        if "video" in CONFIG["media"]:
            self.pc.addTrack(VideoStreamTrack())
        self.pc.on("datachannel", self.talk)
        self.pc.on("connectionstatechange", lambda: tell("state", state=self.pc.connectionState))

    def talk(self, channel):
        async def say():
            for count in range(5):
                if channel.readyState == "open":
                    channel.send(f"hello from {CONFIG['name']}, {count + 1}")
                await asyncio.sleep(0.4)

        def heard(_message):
            self.messages += 1

        channel.on("message", heard)
        channel.on("open", lambda: asyncio.ensure_future(say()))
        if channel.readyState == "open":
            asyncio.ensure_future(say())

    async def send(self, message):
        await self.socket.send(json.dumps(message))

    async def offer(self):
        if "data" in CONFIG["media"]:
            self.talk(self.pc.createDataChannel("chat"))
        await self.describe(await self.pc.createOffer())

    async def again(self):
        """Ends the call and makes another one, with the same certificate where "resume" is set."""
        await self.pc.close()
        self.prepare()
        await self.offer()

    async def describe(self, description):
        await self.pc.setLocalDescription(description)
        await self.send({"type": self.pc.localDescription.type, "sdp": self.pc.localDescription.sdp})

    async def candidate(self, found):
        if not found or not found.get("candidate"):
            return
        if not self.pc.remoteDescription:
            self.waiting.append(found)
            return
        candidate = candidate_from_sdp(found["candidate"].split(":", 1)[1])
        candidate.sdpMid, candidate.sdpMLineIndex = found.get("sdpMid"), found.get("sdpMLineIndex")
        await self.pc.addIceCandidate(candidate)

    async def handle(self, message):
        kind = message["type"]
        if kind == "ready" and CONFIG["role"] == "offer":
            await self.offer()
        elif kind in ("offer", "answer"):
            if kind == "offer" and CONFIG.get("resume") and self.pc.remoteDescription:
                await self.pc.close()
                self.prepare()
            await self.pc.setRemoteDescription(RTCSessionDescription(message["sdp"], kind))
            for found in self.waiting:
                await self.candidate(found)
            if kind == "offer":
                await self.describe(await self.pc.createAnswer())
        elif kind == "candidate":
            await self.candidate(message["candidate"])

    async def receive(self):
        async for text in self.socket:
            try:
                await self.handle(json.loads(text))
            except Exception as error:  # what a stack refuses belongs into its report
                self.log.append(repr(error))

    async def report(self):
        local, remote = self.pc.localDescription, self.pc.remoteDescription
        return {
            "state": self.pc.connectionState, "ice": self.pc.iceConnectionState, "dtls": "1.2",
            "local": fingerprints(local and local.sdp), "remote": fingerprints(remote and remote.sdp),
            "messages": self.messages, "log": self.log,
        }

    async def quit(self):
        await self.pc.close()

    async def run(self):
        context = None
        if CONFIG["url"].startswith("wss"):
            context = ssl.create_default_context()
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        self.socket = await websockets.connect(CONFIG["url"], ssl=context)
        await self.send({"type": "join", "room": CONFIG["room"], "name": CONFIG["name"]})
        receiving = asyncio.ensure_future(self.receive())
        tell("ready")
        await serve({"report": self.report, "again": self.again, "quit": self.quit})
        receiving.cancel()


async def main():
    if CONFIG.get("trusted"):
        os.environ["SSL_CERT_FILE"] = CONFIG["trusted"]  # for TURN over TLS
    aiortc_tls.change(CONFIG)
    await Peer().run()


asyncio.run(main())
