# SPDX-License-Identifier: GPL-2.0-or-later
"""The plugins load, and bring the fields that users filter on."""

import pathlib
import shutil
import tempfile

import pytest
import tshark

# The interface that users' filters are written against.
FIELDS = """
webrtc.session webrtc.session.verdict webrtc.association webrtc.association.verdict
webrtc.certificate.verdict webrtc.binding webrtc.finding webrtc.description.frame webrtc.association.frame
webrtc_sdp.fingerprint webrtc_sdp.fingerprint.hash webrtc_sdp.ice_ufrag webrtc_sdp.setup
webrtc_signal.dialect webrtc_signal.kind webrtc_signal.call webrtc_signal.from webrtc_signal.to
webrtc_dtls.certificate.sha256 webrtc_dtls.version webrtc_dtls.srtp_profile
webrtc_ice.local_ufrag webrtc_ice.remote_ufrag webrtc_ice.integrity
""".split()


def glossary():
    """Rows of -G fields for our protocols: (kind, name, abbreviation, type, parent, base, bitmask, blurb)."""
    result = tshark.run(["-G", "fields"])
    tshark.require_clean(result)
    rows = [line.split("\t") for line in result.stdout.splitlines()]
    return [row for row in rows if len(row) > 2 and row[2].split(".")[0] in tshark.PLUGINS]


@pytest.mark.parametrize("plugin", tshark.PLUGINS)
def test_plugin_is_loaded(plugin):
    result = tshark.run(["-G", "plugins"])
    tshark.require_clean(result)
    loaded = [line.split("\t") for line in result.stdout.splitlines()]
    ours = [row for row in loaded if row[0].strip() == f"{plugin}.so"]
    assert len(ours) == 1, f"{plugin}.so is not among the plugins that tshark loaded"
    assert ours[0][-1].startswith(str(tshark.private_folder())), f"tshark loaded another {plugin}.so: {ours[0]}"


def test_fields_of_the_interface_exist():
    known = {row[2] for row in glossary() if row[0] == "F"}
    missing = [field for field in FIELDS if field not in known]
    assert not missing


def test_every_field_is_explained():
    unexplained = [row[2] for row in glossary() if row[0] == "F" and not (len(row) > 7 and row[7].strip())]
    # Expert infos are registered as fields by Wireshark itself, which gives them no blurb.
    expert = {row[2] for row in glossary() if len(row) > 3 and row[3] == "FT_NONE"}
    assert not [field for field in unexplained if field not in expert]


# Whichever plugin loads first makes the post-dissector that all of them share; each must do without any other.
@pytest.mark.parametrize("plugins, shows", [(["webrtc_ice"], "webrtc_ice"), (["webrtc_dtls"], "webrtc_dtls"),
                                            (["webrtc", "webrtc_dtls"], "webrtc.association"),
                                            (["webrtc_signal"], "webrtc_signal"),
                                            (["webrtc_sdp", "webrtc_signal"], "webrtc_sdp")],
                         ids=lambda value: "+".join(value) if isinstance(value, list) else value)
def test_plugins_need_not_be_there_all(plugins, shows):
    flavour = "{}.{}/epan".format(*tshark.series())
    # Not pytest's own folder, which each pytest that starts meanwhile closes to others.
    place = pathlib.Path(tempfile.mkdtemp(dir=tshark.private_folder()))
    folder = place / flavour
    folder.mkdir(parents=True)
    place.chmod(0o755)
    for plugin in plugins:
        shutil.copy(tshark.private_folder() / "plugins" / flavour / f"{plugin}.so", folder)
    environment = {**tshark.environment_for(), "WIRESHARK_PLUGIN_DIR": str(place)}
    capture = tshark.readable(tshark.TOP / "test-captures/icetcp-wrtc-cr.A.pcapng")
    result = tshark.execute(["-r", capture, "-Y", shows, "-T", "fields", "-e", "frame.number"], environment, place,
                            300)
    tshark.require_clean(result)
    assert result.stdout.strip()
