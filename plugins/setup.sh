# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# What plugins/quickstart.sh and tests/run.sh have in common; sourced, not run.

WR_TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# Debian's names (12, 13 and later). pkgconf serves under the name pkg-config as well.
WR_BUILD_PACKAGES=(cmake gcc libc6-dev make pkgconf libglib2.0-dev libjson-c-dev libnghttp2-dev libssl-dev
    zlib1g-dev libwireshark-dev tshark)
WR_TEST_PACKAGES=(python3 python3-pytest nodejs node-ws libsrtp2-dev openssl)
# The form of the sources is judged by one release's programs alone, for they differ (tests/style/test_format.py).
case $(. /etc/os-release 2>/dev/null && printf '%s' "${VERSION_CODENAME:-}") in
bookworm) WR_TEST_PACKAGES+=(clang-format flake8 shellcheck) ;;
esac

say() { printf '%s\n' "==> $*" >&2; }
fail() {
    printf '%s\n' "$(basename "$0"): $*" >&2
    exit 1
}

# Runs a command as root, which the caller may be already.
as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    else
        sudo "$@"
    fi
}

package_is_installed() {
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# install_packages NAME…: the missing ones, without a question (wireshark-common would ask whether
# everybody may capture; its default, no, is taken). Needs neither root nor network when none is missing.
install_packages() {
    local name log missing=()
    if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
        fail "this needs Debian or a relative of it (no apt-get here). Elsewhere install the libraries and tools" \
            "that README.md names, and build with cmake."
    fi
    for name in "$@"; do
        package_is_installed "$name" || missing+=("$name")
    done
    if [ ${#missing[@]} -eq 0 ]; then
        return 0
    fi
    if [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null; then
        fail "packages are missing, and you are neither root nor is there sudo. As root, run:" \
            "apt-get install ${missing[*]}"
    fi
    say "Installing ${missing[*]} (this may take some minutes)"
    as_root apt-get update -qq ||
        say "The package lists could not all be refreshed; trying with those that are there"
    log=$(mktemp)
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -o DPkg::Lock::Timeout=600 -y -qq --no-install-recommends "${missing[@]}" \
        </dev/null >"$log" 2>&1 || {
        cat "$log" >&2
        rm -f "$log"
        fail "apt-get could not install ${missing[*]}; its messages are above."
    }
    rm -f "$log"
}

# "4.0" of the Wireshark that the plugins are built for, and of the one that runs. They must agree, for Wireshark
# refuses plugins of another series.
built_series() { pkg-config --modversion wireshark | cut -d. -f1,2; }
running_series() { tshark --version 2>/dev/null | sed -n '1s/^TShark (Wireshark) \([0-9]*\.[0-9]*\).*/\1/p'; }
check_series() {
    local built running
    built=$(built_series) || fail "pkg-config does not know wireshark: is libwireshark-dev installed completely?"
    running=$(running_series)
    [ "$built" = "$running" ] ||
        fail "tshark is of series ${running:-unknown}, but libwireshark-dev of series $built: install both from one" \
            "release."
}

# build FOLDER [CMAKE OPTION…]: configures anew, since the options or the Wireshark may have changed, and builds.
build() {
    local folder=$1 log
    shift
    if ! mkdir -p "$folder" 2>/dev/null || [ ! -w "$folder" ]; then
        fail "cannot write to $folder."
    fi
    log=$folder/configure.log
    say "Building in $folder"
    cmake --fresh -S "$WR_TOP" -B "$folder" "$@" >"$log" 2>&1 || {
        cat "$log" >&2
        fail "cmake could not set up the build; its messages are above."
    }
    cmake --build "$folder" --parallel "$(nproc)" >"$folder/build.log" 2>&1 || {
        cat "$folder/build.log" >&2
        fail "the build failed; the compiler's messages are above."
    }
}

# build_package FOLDER: the Debian package for the Wireshark that is installed here; prints its name.
build_package() {
    local folder=$1 target
    install_packages "${WR_BUILD_PACKAGES[@]}" dpkg-dev file
    cmake -S "$WR_TOP" -B "$folder" -DWR_PACKAGE=ON -DWR_WERROR=ON >/dev/null
    for target in webrtc_signal webrtc_sdp webrtc_ice webrtc_dtls webrtc webrtc-thin; do
        cmake --build "$folder" -j "${WR_JOBS:-2}" --target "$target" >&2
    done
    rm -f "$folder"/*.deb
    (cd "$folder" && cpack -G DEB >&2)
    ls "$folder"/*.deb
}
