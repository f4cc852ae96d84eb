# SPDX-License-Identifier: GPL-2.0-or-later
"""The detached signature of a manifest (CMS, RFC 5652), by openssl."""

import datetime
import pathlib
import tempfile

from .common import Trouble, clean, run_quietly


def sign(key, certificate, path, target):
    """openssl asks for a passphrase on the terminal, if the key has one."""
    result = run_quietly(["openssl", "cms", "-sign", "-binary", "-md", "sha256", "-in", path, "-signer", certificate,
                          "-inkey", key, "-outform", "DER", "-out", target])
    if result.returncode != 0:
        raise Trouble(f"openssl cannot sign with {key}: {clean(' '.join(result.stderr.split()), 300)}")


def validity(certificate):
    """(from, to) of the first certificate of a file, both times with their zone; None for what is none."""
    told = dict(line.partition("=")[::2] for line in run_quietly(
        ["openssl", "x509", "-in", certificate, "-noout", "-dates"]).stdout.splitlines())
    try:
        return tuple(datetime.datetime.strptime(told[name], "%b %d %H:%M:%S %Y GMT").replace(
            tzinfo=datetime.timezone.utc) for name in ("notBefore", "notAfter"))
    except (KeyError, ValueError):
        return None


def shown(times):
    return " to ".join(f"{time:%Y-%m-%dT%H:%M:%SZ}" for time in times)


def check(key, certificate, folder):
    """Ends the run when nothing could be signed, or by a certificate that is not valid today."""
    trial = folder / "to be signed"
    trial.write_bytes(b"{}\n")
    sign(key, certificate, trial, folder / "trial.p7s")
    times = validity(certificate)
    if times and not times[0] <= datetime.datetime.now(datetime.timezone.utc) <= times[1]:
        raise Trouble(f"{certificate} is valid from {shown(times)} alone")


def verify(path, signature, signer):
    """Verifies a signature; with the certificate given, or else with the one in it, which anybody may have made.
    Returns whose it says it is, and from when to when its certificate is valid; None where it does not fit."""
    with tempfile.TemporaryDirectory(prefix="webrtc-audit-") as folder:
        found = pathlib.Path(folder) / "signer.pem"
        command = ["openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", signature, "-content", path,
                   "-noverify", "-signer", found, "-out", "/dev/null"]
        if signer:
            command += ["-nointern", "-certfile", signer]
        if run_quietly(command).returncode != 0:
            return None
        told = run_quietly(["openssl", "x509", "-in", found, "-noout", "-subject", "-fingerprint", "-sha256"])
        return clean(", ".join(told.stdout.splitlines()), 400), validity(found)
