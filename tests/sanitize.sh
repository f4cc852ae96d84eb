#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# All tests once more with AddressSanitizer and UndefinedBehaviorSanitizer, inside the tshark of the distribution: memory pools
# of Wireshark strict, abort at dissector bugs, and the leak check. Arguments go to ctest.

set -euo pipefail
# shellcheck source=plugins/setup.sh
. "$(dirname "${BASH_SOURCE[0]}")/../plugins/setup.sh"

install_packages "${WR_BUILD_PACKAGES[@]}" "${WR_TEST_PACKAGES[@]}"
check_series
build "$WR_TOP/build/sanitize" -DWR_WERROR=ON -DWR_SANITIZE=ON
say "Testing with sanitizers"
cd "$WR_TOP/build/sanitize"
export WEBRTC_QUICK=1
# The bounds are about memory, of which the sanitizers take their own part; the scripts over captures and the commands of the
# documentation run the same code once more; the form of the sources is the same.
exec ctest --output-on-failure --no-label-summary --no-tests=error --parallel 2 \
    --exclude-regex 'captures\.bounds|^(batch|docs|style)\.' "$@"
