#!/usr/bin/env bash
# Runs the tests of the planning room in a real browser, or a script beside them: scripts/browser.sh [SCRIPT ARGUMENT…].
# Their Python packages go into .venv-browser. Where there is no browser they are skipped, and that is said; with
# REQUIRE_BROWSER=1 that is an error. CHROMIUM names a browser, ORAUX a binary.
set -euo pipefail
cd "$(dirname "$0")/.."

venv=.venv-browser
wanted=tests/browser/requirements.txt
export ORAUX=${ORAUX:-${CARGO_TARGET_DIR:-target}/release/oraux}

skip() {
    if [ "${REQUIRE_BROWSER:-0}" = 1 ]; then
        printf 'browser tests: %s\n' "$1" >&2
        exit 1
    fi
    printf 'SKIPPED: %s browser tests: %s\n' "$(cat tests/browser/test_*.py | grep -c '^ *def test_')" "$1"
    exit 0
}

if [ -z "${CHROMIUM:-}" ]; then
    for name in chromium chromium-browser google-chrome google-chrome-stable; do
        if CHROMIUM=$(command -v "$name"); then break; fi
    done
fi
[ -n "$CHROMIUM" ] || skip "there is no Chromium (Debian: apt-get install chromium)"
export CHROMIUM
[ -x "$ORAUX" ] || skip "$ORAUX is not built"
ORAUX=$(realpath "$ORAUX")

if [ ! -e "$venv/.done" ] || [ "$wanted" -nt "$venv/.done" ]; then
    log=$(mktemp)
    trap 'rm -f "$log"' EXIT
    rm -rf "$venv"
    if ! { python3 -m venv "$venv" && "$venv/bin/pip" install --quiet --disable-pip-version-check -r "$wanted"; } >"$log" 2>&1; then
        tail -n 3 "$log" >&2
        skip "their Python packages could not be installed (Debian: apt-get install python3-venv)"
    fi
    touch "$venv/.done"
fi

export PYTHONDONTWRITEBYTECODE=1
if [ $# -gt 0 ]; then
    exec "$venv/bin/python" "$@"
fi
exec "$venv/bin/python" -m unittest discover -v -s tests/browser
