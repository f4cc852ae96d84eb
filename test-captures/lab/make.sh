#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# make.sh [SCENARIO...] : makes the captures of these scenarios, or of all. Installs what it needs. See docs/lab.md.
set -euo pipefail
cd "$(dirname "$0")"

packages=(chromium firefox-esr python3-aiortc python3-websockets golang-go golang-github-pion-webrtc.v3-dev
    golang-github-gorilla-websocket-dev baresip-core coturn janus kamailio kamailio-websocket-modules
    gstreamer1.0-plugins-base gstreamer1.0-plugins-good gstreamer1.0-plugins-bad gstreamer1.0-nice gstreamer1.0-tools
    gir1.2-gst-plugins-bad-1.0 python3-gst-1.0 wireshark-common iproute2 ethtool procps openssl nodejs npm)

if [ "$(id -u)" != 0 ]; then
    echo "make.sh: network namespaces and captures need root" >&2
    exit 1
fi

missing=()
for package in "${packages[@]}"; do
    case $package in
        nodejs | npm) command -v "${package/nodejs/node}" >/dev/null && continue ;;
    esac
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
done
if [ ${#missing[@]} -gt 0 ]; then
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
fi
[ -d node_modules ] || npm ci --silent

exec node run.js "$@"
