#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Which lines of the core the tests run: fails below the share that the first argument gives, in per cent (90). Unit tests, and
# the seeds and findings of fuzzing: what captures add is not counted.

set -euo pipefail
# shellcheck source=plugins/setup.sh
. "$(dirname "${BASH_SOURCE[0]}")/../plugins/setup.sh"

least=${1:-90}
folder=$WR_TOP/build/coverage

install_packages "${WR_BUILD_PACKAGES[@]}" "${WR_TEST_PACKAGES[@]}" gcovr
check_series
build "$folder" -DWR_WERROR=ON -DWR_COVERAGE=ON -DCMAKE_BUILD_TYPE=Debug
find "$folder" -name '*.gcda' -delete
cd "$folder"
say "Measuring"
ctest --output-on-failure --no-label-summary --no-tests=error --parallel 2 --label-regex unit
gcovr --root "$WR_TOP" --filter "$WR_TOP/plugins/core/" --print-summary --fail-under-line "$least" \
    --txt "$folder/coverage.txt" "$folder" 2>"$folder/gcovr.log" || {
    status=$?
    cat "$folder/gcovr.log" "$folder/coverage.txt" >&2
    fail "fewer than $least % of the core's lines are run (or gcovr failed: $status)"
}
