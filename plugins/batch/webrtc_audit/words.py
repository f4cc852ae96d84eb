# SPDX-License-Identifier: GPL-2.0-or-later
"""The words of the reports of all captures, for readers who know none of them; and how grave a verdict is.
docs/verdicts.md has them exactly."""

from .common import SEVERITIES

# Verdicts by what they mean for those who spoke, the gravest first, a line each.
VERDICTS = {
    "INTERCEPTED-FULL": "both connections were made with a key that was put in the place of a party's: its "
                        "holder could "
                        "decrypt the call, both ways",
    "INTERCEPTED": "a connection was made with a key that was put in the place of a party's: its holder could "
                   "decrypt it",
    "UNENCRYPTED": "sound, pictures or their reports were sent without encryption",
    "KEYS-IN-SIGNALLING": "the keys of sound and pictures were sent in the set-up messages: who could read those could "
                          "decrypt the call",
    "FOREIGN-CERTIFICATE": "an end showed a key that nobody announced for it",
    "MISMATCH": "an end showed another key than the one announced for it on the way seen",
    "SUBSTITUTED-NOT-FOLLOWED": "the key announced was changed on its way; the connection seen was made with "
                                "the original",
    "SUBSTITUTED-IN-SIGNALLING": "the key announced was changed on its way; what the connection was made with "
                                 "is not seen",
    "CONTESTED": "the capture holds evidence for one thing and, as good, for another",
    "RE-KEYED": "something between the parties put its own keys in the place of theirs: a server of the operator does "
                "that, and an interceptor",
    "TERMINATED-UNDECLARED": "each party is encrypted towards something between them, which nobody declared",
    "UNVERIFIABLE": "whether the right parties were connected cannot be told from this capture; a clean call and an "
                    "intercepted one look the same here",
    "NO-SIGNALLING": "an encrypted connection without the messages that announced its keys: nothing to compare with",
    "RESUMED": "the connection goes back to an earlier one, where the keys were shown",
    "HANDSHAKE-FAILED": "no encrypted connection came about",
    "NO-MEDIA": "the call was arranged; the connection itself is not in this capture, so nothing can be said of it",
    "TERMINATED-BY-DECLARED": "a server that the operator declared ends the encryption; whoever runs it can "
                              "hear the call",
    "VERIFIED-LEG": "the ends showed the keys announced, as seen from one place; an interception further on would look "
                    "the same from there",
    "VERIFIED-CROSS": "the keys announced were seen the same at two places, and are those that the ends showed",
}
ORDER = {verdict: rank for rank, verdict in enumerate(VERDICTS)}
# What is an error of a call that cannot be told more of stands behind what is known to be wrong, and before all else.
AN_ERROR = ORDER["TERMINATED-UNDECLARED"]
WORDS = {
    "call": "what belongs together: a set-up, and the connections made by it",
    "verdict": "what this capture shows of a call, in one word; see above",
    "severity: error, warn, note, chat": "serious, unusual, worth knowing, the usual course",
    "finding": "one thing that a check found; its short name (as SIG-01) leads to docs/checks.md",
    "key, certificate, fingerprint": "each end has a key of its own and shows a certificate for it; the "
                                     "fingerprint is its "
                                     "short form, which the set-up messages announce",
    "frame": "a packet of the capture, by its number there",
    "parties": "the ends of a call; a name is only what a message says, and proves nothing of who that was",
}


def harm(session, errors=()):
    """What calls are ordered by: the gravest of a call's verdicts, with what was found in it."""
    rank = min(ORDER.get(verdict, AN_ERROR) for verdict in (session["verdict"], *session.get("also", ())))
    if session["severity"] == "error" or errors:
        rank = min(rank, AN_ERROR)
    elif session["severity"] in ("note", "chat"):  # as a mismatch that hangs on addresses alone
        rank = max(rank, AN_ERROR)
    return rank, SEVERITIES.index(session["severity"])
