#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# make.sh [SCENARIO...] : makes the captures of these scenarios, or of all. Installs what it needs. See docs/lab.md.
set -euo pipefail
cd "$(dirname "$0")"
# shellcheck source=plugins/setup.sh
. ../../plugins/setup.sh

packages=(chromium firefox-esr python3-aiortc python3-websockets golang-go golang-github-pion-webrtc.v3-dev
    golang-github-gorilla-websocket-dev baresip-core coturn janus kamailio kamailio-websocket-modules
    gstreamer1.0-plugins-base gstreamer1.0-plugins-good gstreamer1.0-plugins-bad gstreamer1.0-nice gstreamer1.0-tools
    gir1.2-gst-plugins-bad-1.0 python3-gst-1.0 wireshark-common iproute2 ethtool procps openssl)

if [ "$(id -u)" != 0 ]; then
    echo "make.sh: network namespaces and captures need root" >&2
    exit 1
fi

# Node may be another than Debian's, with its npm.
command -v node >/dev/null || packages+=(nodejs)
command -v npm >/dev/null || packages+=(npm)
install_packages "${packages[@]}"
# npm writes this file when everything is installed.
if [ ! -e node_modules/.package-lock.json ]; then
    say "Installing Node modules"
    log=$(mktemp)
    npm ci >"$log" 2>&1 || {
        cat "$log" >&2
        rm -f "$log"
        fail "npm could not install the modules of test-captures/lab/package.json; its messages are above."
    }
    rm -f "$log"
fi

exec node run.js "$@"
