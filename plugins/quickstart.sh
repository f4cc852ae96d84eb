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
Asks on a terminal whether Wireshark itself is to be installed, where it is missing.
END
}

# tshark alone shows no window. Asked where somebody can answer, else told.
offer_wireshark() {
    local answer=''
    if command -v wireshark >/dev/null; then
        return 0
    fi
    if [ -t 0 ] && [ -t 2 ]; then
        read -r -p "==> Wireshark itself, the program with windows, is not installed. Install it, too? [y/N] " answer ||
            answer=''
    fi
    case $answer in
        [yY]*) install_packages wireshark ;;
        *) say "Wireshark itself, the program with windows, is not installed: apt-get install wireshark adds it" ;;
    esac
}

# What to type next, as it works in this shell; the programs may lie in a folder that is in PATH from the next login on alone.
say_what_next() {
    local folder=$1 prefix=''
    case ":$PATH:" in
        *":$folder:"*) ;;
        *)
            prefix=$folder/
            say "$folder is not in your PATH. Debian's login shells add it when it is there: after the next login" \
                "webrtc-audit works without its folder"
            ;;
    esac
    say "What next:"
    cat >&2 <<END
  tshark -q -r CAPTURE -z webrtc,report    the report of a capture
  ${prefix}webrtc-audit FOLDER     one report of many
  ${prefix}webrtc-install-profile  colours, columns and filter buttons for Wireshark
  wireshark -C WebRTC CAPTURE              Wireshark with them: Telephony > WebRTC Calls, and docs/user-guide.md
  cmake --build $WR_TOP/build/quickstart --target uninstall    takes all of this away again
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
offer_wireshark
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
programs=$(sed -n 's,/webrtc-audit$,,p' "$WR_TOP/build/quickstart/install_manifest.txt")
say_what_next "${programs:-/usr/local/bin}"
exit "$failed"
