#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Builds and tests the plugin set against the Wireshark of other Debian releases, each in a root made by debootstrap:
# matrix.sh [SUITE…], else trixie (Wireshark 4.4) and forky or sid (4.6). Needs root, or sudo.
#
# matrix.sh --packages FOLDER [SUITE…] builds the Debian package of each instead, and copies it there.
#
# A root is kept in the folder that WR_ROOTS names (/var/tmp/webrtc-roots) and used again. WR_CTEST holds arguments for
# ctest. A root that cannot be made because the mirror does not deliver is reported as NOT RUN, and is no failure; a root
# that was made must pass.

# shellcheck disable=SC2016 # what stands in single quotes is for other shells, or for apt
set -euo pipefail
# shellcheck source=plugins/setup.sh
. "$(dirname "${BASH_SOURCE[0]}")/../plugins/setup.sh"

roots=${WR_ROOTS:-/var/tmp/webrtc-roots}
logs=$WR_TOP/build/matrix
seconds=1500
# What programs say when it is the network or the mirror that fails.
mirror_words="Couldn't download|Failed to fetch|Failed getting release|Unable to (connect|locate package)|Temporary failure"
mirror_words+="|Could not (resolve|connect)|Connection (refused|failed|timed out)|404 +Not Found|Hash Sum mismatch|timed out"
mirror_words+="|Unable to fetch|couldn't be downloaded"

# The mirror that apt uses for this release's own packages.
find_mirror() {
    local release
    release=$(. /etc/os-release && printf '%s' "${VERSION_CODENAME:-}")
    apt-get indextargets --format '$(REPO_URI)' 'Identifier: Packages' "Codename: $release" 2>/dev/null | head -n 1
}

# in_root ROOT COMMAND…: with its own mounts and processes, all gone when it ends. The shared captures, where they exist,
# are at their place beside the checkout.
in_root() {
    local root=$1 shared
    shift
    shared=$(dirname "$WR_TOP")/shared
    as_root timeout "$seconds" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive CI=true \
        unshare --mount --pid --fork --kill-child sh -c '
        root=$1 shared=$2
        shift 2
        mount -t proc proc "$root/proc" && mount --rbind /dev "$root/dev" || exit 125
        if [ -d "$shared" ]; then
            mkdir -p "$root/shared"
            mount --bind "$shared" "$root/shared" && mount -o remount,ro,bind "$root/shared" || exit 125
        fi
        chroot "$root" "$@"' sh "$root" "$shared" "$@" </dev/null
}

copy_sources() {
    as_root rm -rf "$1/checkout"
    as_root mkdir -p "$1/checkout"
    tar -C "$WR_TOP" --exclude=./.git --exclude='./build*' --exclude=node_modules -cf - . | as_root tar -C "$1/checkout" -xf -
}

install_in_root() {
    in_root "$1" bash -c '. /checkout/plugins/setup.sh
        install_packages "${WR_BUILD_PACKAGES[@]}" "${WR_TEST_PACKAGES[@]}"'
}

# debootstrap knows releases younger than itself by the script for unstable.
bootstrap() {
    local suite=$1 root=$2 script=/usr/share/debootstrap/scripts/sid
    [ -e "/usr/share/debootstrap/scripts/$suite" ] && script=/usr/share/debootstrap/scripts/$suite
    as_root timeout "$seconds" debootstrap --variant=minbase --include=ca-certificates "$suite" "$root" "$mirror" "$script"
}

# How apt here reaches the mirror is how it must there; and the snapshot of a release in the making may have expired.
configure_apt() {
    local suite=$1 root=$2
    apt-config dump | grep -E '^Acquire::.*Proxy' | as_root tee "$root/etc/apt/apt.conf.d/90proxy" >/dev/null || true
    as_root cp -L /etc/resolv.conf "$root/etc/resolv.conf"
    case $suite in
    forky | sid) echo 'Acquire::Check-Valid-Until "false";' | as_root tee "$root/etc/apt/apt.conf.d/90expired" >/dev/null ;;
    esac
}

make_root() {
    local suite=$1 root=$roots/$1 new=$roots/$1.new
    if [ ! -d "$root" ]; then
        as_root mkdir -p "$roots" && as_root rm -rf --one-file-system "$new" && bootstrap "$suite" "$new" || return 1
        configure_apt "$suite" "$new"
        copy_sources "$new" && install_in_root "$new" || return 1
        as_root mv "$new" "$root"
    fi
    copy_sources "$root" && install_in_root "$root"
}

not_run() {
    printf '\n%s\n' "############################################################" \
        "##  NOT RUN: $*" "############################################################" >&2
    skipped=$((skipped + 1))
}

# Makes and tests one suite. 0: passed; 1: failed; 2: not run.
try_suite() {
    local suite=$1 log=$logs/$1.log code=0
    say "Root of $suite, in $roots/$suite"
    make_root "$suite" >"$log" 2>&1 || code=$?
    if [ $code -ne 0 ]; then
        tail -n 15 "$log" >&2
        if [ $code -eq 124 ] || grep -qE "$mirror_words" "$log"; then
            return 2
        fi
        return 1
    fi
    [ $prepare_only = no ] || return 0
    if [ -n "$packages" ]; then
        if in_root "$roots/$suite" bash -c '. /checkout/plugins/setup.sh && build_package /checkout/build/package' >"$log" 2>&1; then
            cp "$roots/$suite"/checkout/build/package/*.deb "$packages"
            return
        fi
        tail -n 40 "$log" >&2
        return 1
    fi
    say "Testing in $suite: $(in_root "$roots/$suite" tshark --version 2>/dev/null | head -n 1)"
    # shellcheck disable=SC2086
    in_root "$roots/$suite" env WEBRTC_QUICK=1 bash /checkout/tests/run.sh ${WR_CTEST:-} >"$log" 2>&1 || code=$?
    if [ $code -ne 0 ]; then
        tail -n 200 "$log" >&2
        return 1
    fi
    grep -E '^ *[0-9]+/[0-9]+ Test|tests passed' "$log"
}

run_suite() {
    local suite=$1 code=0
    try_suite "$suite" || code=$?
    case $code in
    0) passed=$((passed + 1)) ;;
    2) return 2 ;;
    *)
        say "FAILED in $suite; the whole log is $logs/$suite.log"
        failed=$((failed + 1))
        ;;
    esac
}

install_packages debootstrap
prepare_only=no packages=''
if [ "${1:-}" = --packages ]; then
    packages=${2:?a folder}
    shift 2
elif [ "${1:-}" = --prepare ]; then # makes the roots and tests nothing; what goes wrong is told at the next call
    prepare_only=yes
    shift
fi
mkdir -p "$logs"
as_root mkdir -p "$roots"
exec 9<"$roots" # a root holds one checkout: one run at a time
flock 9
mirror=$(find_mirror)
[ -n "$mirror" ] || fail "apt knows no mirror of this release (is this Debian?)"
passed=0 failed=0 skipped=0
if [ $# -gt 0 ]; then
    suites=("$@")
else
    suites=(trixie "forky,sid")
fi
for choice in "${suites[@]}"; do
    run=no
    for suite in ${choice//,/ }; do
        if run_suite "$suite"; then
            run=yes
            break
        fi
    done
    [ $run = yes ] || not_run "${choice//,/ and }: the root could not be made, for the mirror did not deliver"
done
say "Other releases: $passed passed, $failed failed, $skipped not run"
[ $failed -eq 0 ]
