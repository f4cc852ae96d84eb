# SPDX-License-Identifier: GPL-2.0-or-later
"""What aiortc has no options for, changed in it at run time: key logs, weak cipher suites, weak SRTP protection
profiles, and a DTLS session that a later call resumes."""

import ctypes

from aiortc import rtcdtlstransport
from aiortc.rtcdtlstransport import RTCCertificate, RTCDtlsTransport
from OpenSSL import SSL
from pylibsrtp import Policy

# By the number of the profile (RFC 5764 4.1.2), which is libsrtp's own too: how OpenSSL calls it.
PROFILES = {1: b"SRTP_AES128_CM_SHA1_80", 2: b"SRTP_AES128_CM_SHA1_32", 5: b"SRTP_NULL_SHA1_80"}


class Profile(ctypes.Structure):
    """SRTP_PROTECTION_PROFILE of OpenSSL."""

    _fields_ = [("name", ctypes.c_char_p), ("number", ctypes.c_ulong)]


KEEP = []  # what OpenSSL goes on pointing to


def offer_null(context, number):
    """OpenSSL knows no profile that does not encrypt. Where it was told another one, it is given this."""
    library = ctypes.CDLL("libssl.so.3")
    library.SSL_get_srtp_profiles.restype = library.OPENSSL_sk_set.restype = ctypes.c_void_p
    library.SSL_get_srtp_profiles.argtypes = [ctypes.c_void_p]
    library.OPENSSL_sk_set.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p]
    connection = SSL.Connection(context)
    profiles = library.SSL_get_srtp_profiles(int(SSL._ffi.cast("uintptr_t", connection._ssl)))
    profile = Profile(PROFILES[number], number)
    KEEP.append(profile)
    library.OPENSSL_sk_set(profiles, 0, ctypes.addressof(profile))


def use_profile(context, number):
    native = number in (1, 2)
    context.set_tlsext_use_srtp(PROFILES[number if native else 1])
    if not native:
        offer_null(context, number)


def change_contexts(config):
    original = RTCCertificate._create_ssl_context
    contexts = {}

    def create(self):
        # Tickets are encrypted with a key of the context: who is to accept them again must keep it.
        if config.get("resume") and self in contexts:
            return contexts[self]
        context = contexts[self] = original(self)
        if config.get("keyLog"):
            def note(_connection, line):
                with open(config["keyLog"], "ab") as log:
                    log.write(line + b"\n")
            context.set_keylog_callback(note)
        if config.get("ciphers"):
            context.set_cipher_list(config["ciphers"].encode())
        if config.get("srtp"):
            use_profile(context, config["srtp"])
        if config.get("resume"):
            context.set_session_id(b"webrtc-lab")
        return context

    RTCCertificate._create_ssl_context = create


def change_policy(number):
    class Weak(Policy):
        def __init__(self, **more):
            super().__init__(srtp_profile=number, **more)

    rtcdtlstransport.Policy = Weak


def resume_sessions():
    """One certificate for all calls, and the session of the last handshake for the next."""
    original = RTCDtlsTransport.start
    certificate = RTCCertificate.generateCertificate()
    RTCCertificate.generateCertificate = classmethod(lambda _class: certificate)
    last = []

    async def start(self, parameters):
        if last:
            self.ssl.set_session(last[-1])
        await original(self, parameters)
        if self.encrypted:
            last.append(self.ssl.get_session())

    RTCDtlsTransport.start = start


def change(config):
    change_contexts(config)
    if config.get("srtp"):
        change_policy(config["srtp"])
    if config.get("resume"):
        resume_sessions()
