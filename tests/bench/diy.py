#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The do-it-yourself way that -z webrtc,json is compared with: reads `tshark -T json` with the fields below from
standard input, takes fingerprints out of signalling, hashes certificates, and says for each certificate whether anybody
announced it. No binding of flows to calls, no directions, one dialect: less than the plugins do.

    tshark -r CAPTURE -Y FILTER -T json -e ... | diy.py     (see FILTER and FIELDS)
"""
import hashlib
import json
import re
import sys

FILTER = "dtls.handshake.certificate || websocket.payload.text"
FIELDS = ["frame.number", "ip.src", "ip.dst", "dtls.handshake.certificate", "websocket.payload.text"]
FINGERPRINT = re.compile(r"a=fingerprint:sha-256 ([0-9A-Fa-f:]{95})")


def main():
    announced, presented = {}, []
    for packet in json.load(sys.stdin):
        layers = packet["_source"]["layers"]
        frame = layers["frame.number"][0]
        for text in layers.get("websocket.payload.text", []):
            for fingerprint in FINGERPRINT.findall(text):
                announced.setdefault(fingerprint.replace(":", "").lower(), frame)
        for certificate in layers.get("dtls.handshake.certificate", []):
            digest = hashlib.sha256(bytes.fromhex(certificate.replace(":", ""))).hexdigest()
            presented.append((frame, layers["ip.src"][0], digest))
    for frame, host, digest in presented:
        print(frame, host, digest, announced.get(digest, "MISMATCH"))


if __name__ == "__main__":
    main()
