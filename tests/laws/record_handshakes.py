# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes data/handshakes.json, and of it tests/fuzz/recorded_handshakes.h: real DTLS 1.2 handshakes of `openssl
s_client` and `openssl s_server` with fresh keys, recorded over loopback, for additions that invent one. Needs the
openssl program; the recorded files are kept, so that seeds repeat. --header makes the second of the first that is
there."""

import base64
import json
import pathlib
import select
import socket
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent


def self_signed(folder, name, kind):
    key, certificate = folder / f"{name}.key", folder / f"{name}.pem"
    subprocess.run(
        [
            "openssl",
            "req",
            "-x509",
            "-newkey",
            *kind,
            "-nodes",
            "-keyout",
            key,
            "-out",
            certificate,
            "-days",
            "30",
            "-subj",
            f"/CN={name}",
        ],
        check=True,
        capture_output=True,
    )
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
    server = [
        "openssl",
        "s_server",
        "-dtls1_2",
        "-accept",
        "127.0.0.1:14433",
        "-Verify",
        "1",
        "-use_srtp",
        "SRTP_AES128_CM_SHA1_80",
        "-mtu",
        "1200",
        *self_signed(folder, "server", kind),
    ]
    client = [
        "openssl",
        "s_client",
        "-dtls1_2",
        "-connect",
        "127.0.0.1:14434",
        "-use_srtp",
        "SRTP_AES128_CM_SHA1_80",
        "-mtu",
        "1200",
        "-cipher",
        ciphers,
        *self_signed(folder, "client", kind),
    ]
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


def header(made):
    """The same for C."""
    lines = [
        "/* SPDX-License-Identifier: GPL-2.0-or-later */",
        "/* Made by tests/laws/record_handshakes.py: complete handshakes of OpenSSL, with client certificate. */",
        "#ifndef WR_RECORDED_HANDSHAKES_H",
        "#define WR_RECORDED_HANDSHAKES_H",
        "",
        "#include <stdbool.h>",
        "#include <stddef.h>",
        "#include <stdint.h>",
        "",
        "typedef struct {",
        "    bool up; /* from the client */",
        "    size_t length;",
        "    const uint8_t *bytes;",
        "} recorded;",
        "",
    ]
    for name, seen in made.items():
        for n, (_, data) in enumerate(seen):
            raw = base64.b64decode(data)
            lines.append(f"static const uint8_t {name}_{n}[] = {{")
            lines += ["    " + " ".join(f"{b:d}," for b in raw[at : at + 24]) for at in range(0, len(raw), 24)]
            lines.append("};")
        lines.append(f"static const recorded {name}_handshake[] = {{")
        lines += [
            f"    {{{'true' if up else 'false'}, sizeof {name}_{n}, {name}_{n}}}," for n, (up, _) in enumerate(seen)
        ]
        lines += ["};", ""]
    return "\n".join(lines + ["#endif", ""])


def main():
    path, made = HERE / "data/handshakes.json", {}
    if "--header" in sys.argv:
        made = json.loads(path.read_text())
    else:
        for name, kind, ciphers in (
            ("ecdsa", ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"], "ECDHE-ECDSA-AES128-GCM-SHA256"),
            ("rsa", ["rsa:2048"], "ECDHE-RSA-AES128-GCM-SHA256"),
        ):
            with tempfile.TemporaryDirectory() as folder:
                made[name] = shake(pathlib.Path(folder), kind, ciphers)
        path.write_text(json.dumps(made, indent=1) + "\n")
    (HERE.parent / "fuzz/recorded_handshakes.h").write_text(header(made))


if __name__ == "__main__":
    main()
