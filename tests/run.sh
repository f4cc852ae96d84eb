#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Installs what is missing, builds with warnings as errors, and runs every test through ctest. Arguments go to
# ctest: "tests/run.sh -R unit" runs the unit tests alone.

set -euo pipefail
# shellcheck source=plugins/setup.sh
. "$(dirname "${BASH_SOURCE[0]}")/../plugins/setup.sh"

install_packages "${WR_BUILD_PACKAGES[@]}" "${WR_TEST_PACKAGES[@]}"
check_series
build "$WR_TOP/build/tests" -DWR_WERROR=ON -DWR_WALLS=ON
say "Testing"
cd "$WR_TOP/build/tests"
exec ctest --output-on-failure --no-label-summary --no-tests=error --parallel 2 "$@"
