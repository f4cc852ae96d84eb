#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# From a fresh Debian to a report: installs what is missing, builds the plugins, installs them where this user's
# Wireshark loads them, and prints the report of each capture named, or of a sample.

set -euo pipefail
# shellcheck source=plugins/setup.sh
. "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

usage() {
    cat <<'END'
Usage: plugins/quickstart.sh [CAPTURE…]

Installs missing Debian packages (as root, or with sudo), builds the plugins, installs them for Wireshark and
tshark (root: for all users; others: for yourself), and prints the WebRTC report of each CAPTURE, or of a sample.
END
}

# "Personal" or "Global": the plugin folder as this tshark names it.
plugin_folder() { tshark -G folders 2>/dev/null | sed -n "s/^$1 Plugins:[[:space:]]*//p"; }

case ${1-} in
    -h | --help)
        usage
        exit 0
        ;;
esac

captures=("$@")
if [ ${#captures[@]} -eq 0 ]; then
    captures=("$WR_TOP/test-captures/relay-keep-ice-cr-cr.merged-AS.pcapng")
    say "No capture named: the report will be of the sample test-captures/$(basename "${captures[0]}")"
fi
for capture in "${captures[@]}"; do
    if [ ! -f "$capture" ] || [ ! -r "$capture" ]; then
        fail "cannot read the capture $capture."
    fi
done

install_packages "${WR_BUILD_PACKAGES[@]}"
check_series

# Wireshark loads no personal plugins for root.
if [ "$(id -u)" -eq 0 ]; then
    folder=$(plugin_folder Global)
else
    folder=$(plugin_folder Personal)
    if compgen -G "$(plugin_folder Global)/epan/webrtc*.so" >/dev/null; then
        fail "the plugins are installed for all users already, in $(plugin_folder Global)/epan; Wireshark would" \
            "meet them twice. Run this as root to renew them, or remove them there."
    fi
fi
[ -n "$folder" ] || fail "tshark does not tell its plugin folder (tshark -G folders)."

build "$WR_TOP/build/quickstart" -DWR_PLUGIN_DIR="$folder"
say "Installing the plugins into $folder/epan"
cmake --install "$WR_TOP/build/quickstart" >/dev/null || fail "could not write to $folder/epan."

failed=0
for capture in "${captures[@]}"; do
    say "tshark -q -r $capture -z webrtc,report"
    # tshark warns root on every run; here nothing is captured.
    tshark -q -r "$capture" -z webrtc,report 2> >(grep -v '^Running as user "root"' >&2) || {
        say "tshark could not read all of $capture"
        failed=1
    }
done
exit "$failed"
