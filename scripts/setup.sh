#!/usr/bin/env bash
# Brings what the solver HiGHS needs to be built: a C++ compiler, cmake and libclang. What is found is used as it is;
# otherwise apt-get installs it where it may, and Python's pip into .venv-build where it may not. What cargo has to
# know is left in .build-env, which the Makefile reads.
set -euo pipefail
cd "$(dirname "$0")/.."

venv=.venv-build
settings=.build-env

say() { printf 'setup: %s\n' "$*"; }
fail() {
    printf 'setup: %s\n' "$*" >&2
    exit 1
}
have() { command -v "$1" >/dev/null 2>&1; }

# The folder of a libclang that bindgen can load, or nothing.
libclang_folder() {
    local folder file
    for folder in ${LIBCLANG_PATH:-} $(have llvm-config && llvm-config --libdir || true) \
        /usr/lib/llvm-*/lib /usr/lib/*-linux-gnu /usr/lib64 /usr/lib /usr/local/lib \
        /Library/Developer/CommandLineTools/usr/lib /opt/homebrew/opt/llvm/lib; do
        for file in "$folder"/libclang.so* "$folder"/libclang-[0-9]*.so* "$folder"/libclang.dylib; do
            if [ -e "$file" ]; then
                printf '%s\n' "$folder"
                return
            fi
        done
    done
}

compiler() { have c++ || have g++ || have clang++; }
complete() { have cmake && compiler && [ -n "$(libclang_folder)" ]; }

# What an earlier run put into the venv counts as found.
use_venv() {
    [ -x "$venv/bin/cmake" ] || return 1
    export PATH="$PWD/$venv/bin:$PATH"
    if [ -z "$(libclang_folder)" ]; then
        local found
        found=$(find "$PWD/$venv" -name 'libclang.so*' -o -name 'libclang.dylib' | head -n 1)
        [ -n "$found" ] || return 1
        LIBCLANG_PATH=$(dirname "$found")
        export LIBCLANG_PATH
    fi
    complete
}

# As make reads it; only what differs from the shell that called is said.
write_settings() {
    {
        if [ -n "${1:-}" ]; then printf 'export PATH := %s:$(PATH)\n' "$1"; fi
        if [ -n "${LIBCLANG_PATH:-}" ]; then printf 'export LIBCLANG_PATH := %s\n' "$LIBCLANG_PATH"; fi
        # bindgen, with a libclang from pip, lacks the compiler's own headers (stddef.h …); gcc's serve as well.
        if [ -n "${2:-}" ]; then printf 'export BINDGEN_EXTRA_CLANG_ARGS := %s\n' "$2"; fi
    } >"$settings"
}

have cargo || fail "cargo is missing: install Rust from https://rustup.rs, then run make again"

if complete; then
    say "cmake, a C++ compiler and libclang are here"
    write_settings
    exit 0
fi

if ! use_venv && have apt-get; then
    packages="cmake libclang-dev g++"
    if [ "$(id -u)" -eq 0 ]; then
        sudo=""
    elif have sudo && sudo -n true 2>/dev/null; then
        sudo="sudo -n"
    else
        sudo=none
    fi
    if [ "$sudo" != none ]; then
        say "installing $packages with apt-get"
        if $sudo apt-get update -qq && DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq $packages >/dev/null &&
            hash -r && complete; then
            write_settings
            say "done"
            exit 0
        fi
        say "apt-get did not bring them; trying pip"
    fi
fi

compiler || fail "a C++ compiler is missing and cannot be installed without root: ask for the packages g++, cmake and libclang-dev"
if ! use_venv; then
    have python3 || fail "cmake and libclang are missing, and so is python3 to fetch them: install cmake and libclang-dev"
    say "installing cmake, ninja and libclang with pip into $venv"
    log=$(mktemp)
    trap 'rm -f "$log"' EXIT
    if ! { python3 -m venv "$venv" && "$venv/bin/pip" install --quiet cmake ninja libclang; } >"$log" 2>&1; then
        cat "$log" >&2
        fail "pip could not install them: install cmake and libclang-dev (Debian: apt-get install cmake libclang-dev g++)"
    fi
    use_venv || fail "cmake or libclang is still not to be found in $venv: remove $venv and run make setup again"
fi
headers=""
if have gcc; then headers="-isystem $(gcc -print-file-name=include)"; fi
write_settings "$PWD/$venv/bin" "$headers"
say "cmake and libclang come from $venv"
