#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Makes calls of real stacks anew and tests the fresh captures like the stored ones: lab.sh [SCENARIO…]. Needs root. Installs what
# is missing. The plugins are those of WEBRTC_PLUGIN_BUILD, else they are built in build/tests.
set -euo pipefail
# shellcheck source=plugins/setup.sh
. "$(dirname "${BASH_SOURCE[0]}")/../plugins/setup.sh"

scenarios=("$@")
[ $# -gt 0 ] || scenarios=(cr-aiortc relay-keep-ice-cr-aiortc cr-ff)

[ "$(id -u)" = 0 ] || fail "lab.sh: network namespaces and captures need root"
install_packages "${WR_BUILD_PACKAGES[@]}" "${WR_TEST_PACKAGES[@]}"
if [ -z "${WEBRTC_PLUGIN_BUILD:-}" ]; then
    build "$WR_TOP/build/tests" -DWR_WERROR=ON
fi

fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT
mkdir "$fresh/captures"
say "Making ${scenarios[*]}"
WEBRTC_LAB_OUTPUT=$fresh/captures WEBRTC_LAB_WORK=$fresh/work "$WR_TOP/test-captures/lab/make.sh" "${scenarios[@]}"
for scenario in "${scenarios[@]}"; do
    compgen -G "$fresh/captures/$scenario.*.truth.json" >/dev/null || fail "lab.sh: $scenario left no capture"
done

say "Testing $(find "$fresh/captures" -name '*.pcapng' | wc -l) fresh captures"
cd "$WR_TOP/tests/captures"
WEBRTC_TEST_CAPTURES=$fresh/captures /usr/bin/python3 -B -m pytest -p no:cacheprovider -q test_truth.py test_privacy.py
