#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# All that is handed out of one version: the sources as an archive, the Wireshark profile as a .zip, and a Debian package for
# each series of Wireshark, with their digests.

set -euo pipefail
# shellcheck source=plugins/setup.sh
. "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

usage() {
    cat <<'END'
Usage: plugins/release.sh [--here] [FOLDER]

Writes into FOLDER (build/release): wireshark-webrtc-VERSION.tar.gz, WebRTC-profile.zip, and a .deb for the Wireshark that is
installed here and for those of later Debian releases, in whose roots it is built (tests/matrix.sh makes them); SHA256SUMS.

  --here  no other releases
END
}

here=no
case ${1-} in
    --here)
        here=yes
        shift
        ;;
    -h | --help)
        usage
        exit 0
        ;;
    -*)
        usage >&2
        exit 2
        ;;
esac
folder=${1:-$WR_TOP/build/release}
if ! mkdir -p "$folder" 2>/dev/null || [ ! -w "$folder" ]; then
    fail "cannot write to $folder."
fi
folder=$(cd "$folder" && pwd)
[ -z "$(ls -A "$folder")" ] || fail "$folder is not empty: what is handed out is to be of one version alone."

version=$(sed -n 's/^project(wireshark-webrtc VERSION \([0-9.]*\).*/\1/p' "$WR_TOP/CMakeLists.txt")
name=wireshark-webrtc-$version
# What git knows, as it is here; without git, all but what was built.
say "The sources"
if git -C "$WR_TOP" rev-parse --verify -q HEAD >/dev/null 2>&1; then
    git -C "$WR_TOP" diff --quiet HEAD || say "There are changes that were not committed: the archive is without them"
    git -C "$WR_TOP" archive --format=tar.gz --prefix="$name/" -o "$folder/$name.tar.gz" HEAD
else
    tar -C "$WR_TOP" --exclude='./build*' --exclude=node_modules --transform="s,^\.,$name," -czf "$folder/$name.tar.gz" .
fi

say "The package for the Wireshark that is installed here"
built=$WR_TOP/build/package
cp "$(build_package "$built")" "$folder"
cp "$built/plugins/WebRTC-profile.zip" "$folder"
if [ "$here" = no ]; then
    bash "$WR_TOP/tests/matrix.sh" --packages "$folder"
fi
(cd "$folder" && sha256sum -- * >SHA256SUMS)
say "In $folder:"
ls -l "$folder" >&2
