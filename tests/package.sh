#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Builds the Debian package for the Wireshark that is installed here, and, as root, installs it, asks tshark for its
# plugins and removes it again. Refuses to touch a machine where the package is installed already.
set -euo pipefail
# shellcheck source=plugins/setup.sh
. "$(dirname "${BASH_SOURCE[0]}")/../plugins/setup.sh"

build=${WR_BUILD:-$WR_TOP/build/package}
package=$(build_package "$build")

series=$(running_series)
contents=$(dpkg-deb --contents "$package")
for name in webrtc_signal webrtc_sdp webrtc_ice webrtc_dtls webrtc; do
    grep -Eq "/wireshark/plugins/$series/epan/$name\.so$" <<<"$contents" || fail "$name.so is not in $package"
done
for name in usr/bin/webrtc-audit usr/bin/webrtc-archive usr/bin/webrtc-thin usr/bin/webrtc-install-profile \
    usr/share/wireshark-webrtc/webrtc_audit/evidence.py usr/share/wireshark-webrtc/webrtc_audit/error_rates.json usr/share/wireshark-webrtc/WebRTC-profile.zip \
    usr/share/doc/wireshark-webrtc/docs/checks.md usr/share/man/man1/webrtc-audit.1 usr/share/man/man1/webrtc-archive.1 usr/share/man/man1/webrtc-thin.1; do
    grep -Eq "\./$name$" <<<"$contents" || fail "$name is not in $package"
done
dpkg-deb --field "$package" Depends | grep -Eq 'libwireshark[0-9]+' || fail "$package does not depend on Wireshark's library"

[ "$(id -u)" -eq 0 ] || { say "$package is built; not root, so it was not installed"; exit 0; }
! package_is_installed wireshark-webrtc || fail "wireshark-webrtc is installed already"
dpkg -i "$package"
trap 'dpkg -r wireshark-webrtc' EXIT
listed=$(tshark -G plugins 2>/dev/null)
for name in webrtc_signal webrtc_sdp webrtc_ice webrtc_dtls webrtc; do
    grep -q "^$name\.so" <<<"$listed" || fail "tshark does not load $name.so"
done
dpkg -r wireshark-webrtc
trap - EXIT
if tshark -G plugins 2>/dev/null | grep -q '^webrtc'; then
    fail "plugins are still there after the removal"
fi
say "$(basename "$package"): installed, loaded by tshark $series, removed"
