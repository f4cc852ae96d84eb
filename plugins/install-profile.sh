#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Installs the Wireshark profile "WebRTC" for the user who runs it, or removes it.

set -euo pipefail

usage() {
    cat <<'END'
Usage: plugins/install-profile.sh [--force | --remove]

Installs the Wireshark profile "WebRTC" for yourself: colours by verdict, columns for call, verdict and finding, and
filter buttons. Choose it in Wireshark at the right end of the status bar, or with: wireshark -C WebRTC

  --force   also when you have changed an earlier installation of it
  --remove  removes it, with your changes to it
END
}

say() { printf '%s\n' "$*"; }
fail() {
    printf '%s\n' "$(basename "$0"): $*" >&2
    exit 1
}

force=no remove=no
case ${1-} in
    '') ;;
    --force) force=yes ;;
    --remove) remove=yes ;;
    -h | --help)
        usage
        exit 0
        ;;
    *)
        usage >&2
        exit 2
        ;;
esac

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source=$here/profile/WebRTC
[ -d "$source" ] || source=$here/../share/wireshark-webrtc/profile/WebRTC
[ -d "$source" ] || fail "the profile's files are not beside this script."
configuration=$(tshark -G folders 2>/dev/null | sed -n 's/^Personal configuration:[[:space:]]*//p') || true
[ -n "$configuration" ] || fail "tshark does not tell where your Wireshark keeps its profiles (tshark -G folders)."
target=$configuration/profiles/WebRTC

if [ "$remove" = yes ]; then
    rm -rf -- "$target"
    say "Removed $target"
    exit 0
fi
# Wireshark rewrites these files when its user changes a colour or a column: do not undo that unasked.
if [ "$force" = no ] && [ -d "$target" ] && ! diff -rq --exclude=recent "$source" "$target" >/dev/null; then
    fail "$target is there and differs; --force writes over it, --remove removes it."
fi
mkdir -p -- "$target" || fail "cannot write to $target."
cp -- "$source"/* "$target"/
say "Installed $target"
say "In Wireshark choose the profile \"WebRTC\" at the right end of the status bar, or start: wireshark -C WebRTC"
