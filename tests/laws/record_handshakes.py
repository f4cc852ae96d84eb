# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes data/handshakes.json: real DTLS 1.2 handshakes of `openssl s_client` and `openssl s_server` with fresh keys, recorded
over loopback, for additions that invent one. Needs the openssl program; the recorded file is kept, so that seeds repeat."""

import base64
import json
import pathlib
import select
import socket
import subprocess
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent


def self_signed(folder, name, kind):
    key, certificate = folder / f"{name}.key", folder / f"{name}.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", *kind, "-nodes", "-keyout", key, "-out", certificate, "-days", "30",
                    "-subj", f"/CN={name}"], check=True, capture_output=True)
    return ["-key", key, "-cert", certificate]


def carry(inner, server, seconds=1.5):
    """Passes datagrams on between a client, which it learns, and the server; (from client?, bytes) of each."""
    outer, seen, client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM), [], None
    outer.connect(server)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for s in select.select([inner, outer], [], [], 0.1)[0]:
            if s is inner:
                data, client = inner.recvfrom(65536)
                outer.send(data)
            else:
                data = outer.recv(65536)
                inner.sendto(data, client)
            seen.append((s is inner, data))
    return seen


def shake(folder, kind, ciphers):
    server = ["openssl", "s_server", "-dtls1_2", "-accept", "127.0.0.1:14433", "-Verify", "1", "-use_srtp", "SRTP_AES128_CM_SHA1_80",
              "-mtu", "1200", *self_signed(folder, "server", kind)]
    client = ["openssl", "s_client", "-dtls1_2", "-connect", "127.0.0.1:14434", "-use_srtp", "SRTP_AES128_CM_SHA1_80", "-mtu", "1200",
              "-cipher", ciphers, *self_signed(folder, "client", kind)]
    inner = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    inner.bind(("127.0.0.1", 14434))
    pipes = dict(stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    first = subprocess.Popen(server, **pipes)
    time.sleep(0.5)
    second = subprocess.Popen(client, **pipes)
    seen = carry(inner, ("127.0.0.1", 14433))
    for process in (second, first):
        process.kill()
        process.wait()
    inner.close()
    return [[up, base64.b64encode(data).decode()] for up, data in seen]


def main():
    made = {}
    for name, kind, ciphers in (("ecdsa", ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"], "ECDHE-ECDSA-AES128-GCM-SHA256"),
                                ("rsa", ["rsa:2048"], "ECDHE-RSA-AES128-GCM-SHA256")):
        with tempfile.TemporaryDirectory() as folder:
            made[name] = shake(pathlib.Path(folder), kind, ciphers)
    (HERE / "data/handshakes.json").write_text(json.dumps(made, indent=1) + "\n")


if __name__ == "__main__":
    main()
