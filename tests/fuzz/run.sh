#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Fuzzes each target of the core: run.sh [SECONDS [TARGET…]] (60; all). Two at a time. Inputs that break something are
# left in build/fuzz/broken/, to be mended and then kept in tests/fuzz/found/TARGET/. The corpora grow in
# build/fuzz/corpus/ from run to run. WR_FUZZ_SEED makes a run repeatable: what the same sources showed once, they show again. How
# far a fuzzer comes in its time is still the machine's: for the laws calls are drawn then, a fixed number of them.

set -euo pipefail
# shellcheck source=plugins/setup.sh
. "$(dirname "${BASH_SOURCE[0]}")/../../plugins/setup.sh"

seconds=${1:-60}
shift || true
here=$WR_TOP/tests/fuzz
folder=$WR_TOP/build/fuzz
declare -A dictionaries=([sdp]=sdp [sdp_compare]=sdp [json]=json [remarks]=http [message_head]=http [stun]=stun [dtls]=dtls
    [engine]=sdp [testimony]=json [har]=json [internals]=json [firefox]=json [rtcstats]=json
    [text_log]=sdp [json_stream]=json)
# Sequences as long as calls are, so that more of them are tried.
declare -A limits=([engine]="-max_len=2048 -entropic=0" [laws]="-max_len=1024 -entropic=0")
# Short stacks of allocations, and a small quarantine: both cost time.
export ASAN_OPTIONS=${ASAN_OPTIONS:-malloc_context_size=8:quarantine_size_mb=32}
# Small readers of short inputs: a part of the time shows all there is to see.
declare -A shares=([certificate]=3 [message_head]=3 [sdp_compare]=2 [remarks]=2 [hep]=3 [firefox]=2 [rtcstats]=2)

draw_calls() {
    local log=$folder/laws.log
    if "$folder/tests/fuzz/count_laws" $((seconds * 500)) "$WR_FUZZ_SEED" >"$log" 2>&1; then
        printf '%-14s %s\n' laws "$(head -n 1 "$log")"
    else
        tail -n 60 "$log" >&2
        printf '%-14s BROKEN\n' laws
        return 1
    fi
}

fuzz_one() {
    local target=$1 time=$((seconds / ${shares[$1]:-1})) options=()
    read -ra options <<<"${limits[$1]:--max_len=8192}"
    [ "$time" -gt 0 ] || time=1
    [ -z "${WR_FUZZ_SEED:-}" ] || options+=("-seed=$WR_FUZZ_SEED")
    if [ -n "${dictionaries[$target]:-}" ]; then
        options+=("-dict=$here/dictionaries/${dictionaries[$target]}.dict")
    fi
    mkdir -p "$folder/corpus/$target" "$folder/seeds/$target" "$folder/found/$target"
    if "$folder/tests/fuzz/fuzz_$target" -max_total_time="$time" -timeout=20 -rss_limit_mb=3000 \
        -artifact_prefix="$folder/broken/$target-" "${options[@]}" "$folder/corpus/$target" "$folder/seeds/$target" \
        "$folder/found/$target" >"$folder/$target.log" 2>&1; then
        printf '%-14s %s\n' "$target" "$(tail -n 1 "$folder/$target.log")"
    else
        tail -n 60 "$folder/$target.log" >&2
        printf '%-14s BROKEN: see %s\n' "$target" "$folder/broken"
        return 1
    fi
}

install_packages "${WR_BUILD_PACKAGES[@]}" clang libclang-rt-dev python3
say "Building the fuzz targets"
mkdir -p "$folder/broken" "$folder/found"
build "$folder" -DWR_FUZZ=ON -DWR_WERROR=ON -DCMAKE_C_COMPILER=clang
python3 -B "$here/seeds.py" "$folder/seeds" >&2
cp -r "$here/found/." "$folder/found/"

targets=("$@")
if [ ${#targets[@]} -eq 0 ]; then
    for source in "$here"/fuzz_*.c; do
        name=$(basename "$source" .c)
        targets+=("${name#fuzz_}")
    done
fi
say "Fuzzing ${targets[*]}, up to $seconds seconds each"
status=0
for target in "${targets[@]}"; do
    while [ "$(jobs -rp | wc -l)" -ge 2 ]; do
        wait -n || status=1
    done
    if [ "$target" = laws ] && [ -n "${WR_FUZZ_SEED:-}" ]; then
        draw_calls &
    else
        fuzz_one "$target" &
    fi
done
while [ -n "$(jobs -p)" ]; do
    wait -n || status=1
done
exit $status
