# SPDX-License-Identifier: GPL-2.0-or-later
"""Who is declared: an interception by a declared server is that server's work; with a party of the call declared
instead, or a host without a part in it, it stays an interception. The captures say who is who (their truth.json:
10.77.0.66 relays and substitutes fingerprints between 10.77.0.2 and 10.77.0.3). Takes 5 s."""

import pytest
import tshark

ALICE, BOB, BETWEEN, NOBODY = "10.77.0.2", "10.77.0.3", "10.77.0.66", "10.77.0.5"
KEPT = ["relay-keep-ice-cr-aiortc.M", "relay-keep-ice-cr-cr.merged-AS", "relay-keep-ice-cr-cr.merged-AB"]


def verdicts(name, host):
    option = f'uat:webrtc_known_servers:"","{host}","our server"'
    result = tshark.run(["-q", "-r", tshark.readable(tshark.TOP / "test-captures" / f"{name}.pcapng"), "-o", option,
                         "-z", "webrtc,json"])
    tshark.require_clean(result)
    return {s["verdict"] for s in tshark.parse_report(result.stdout).sessions if s["associations"]}


@pytest.mark.parametrize("name", KEPT)
@pytest.mark.parametrize("host", [ALICE, BOB, NOBODY])
def test_who_does_not_stand_between_explains_no_interception(name, host):
    assert verdicts(name, host) <= {"INTERCEPTED", "INTERCEPTED-FULL"}


@pytest.mark.parametrize("name", KEPT)
def test_the_server_between_does(name):
    assert verdicts(name, BETWEEN) == {"TERMINATED-BY-DECLARED"}


@pytest.mark.parametrize("name, undeclared", [("relay-keep-origin-cr-cr.M", "RE-KEYED"),
                                              ("relay-rewrite-cr-cr.M", "TERMINATED-UNDECLARED")])
def test_descriptions_of_their_own(name, undeclared):
    """The one between gives descriptions with credentials of its own to both parties."""
    assert verdicts(name, ALICE) == verdicts(name, BOB) == {undeclared}
    assert verdicts(name, BETWEEN) == {"TERMINATED-BY-DECLARED"}
