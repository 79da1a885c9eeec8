#!/bin/sh
# Makes .venv beside this file hold the program and what it needs; run by serve.sh and test.sh, not by hand.
# Usage: setup.sh [EXTRA]   (an extra of pyproject.toml, such as "test")
set -eu
cd "$(dirname "$0")"
extra=${1:-}
python=${PYTHON:-python3}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# A bare Debian or Ubuntu has python3 without venv, or no python3 at all.
if ! "$python" -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    if [ "$python" != python3 ] || ! command -v apt-get >/dev/null; then
        echo "setup.sh: $python is no Python 3.11 or newer with venv; install one, or name it with PYTHON=…" >&2
        exit 1
    fi
    echo "installing python3-venv" >&2
    as_root apt-get update -qq
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends python3-venv >/dev/null
fi

# The stamp holds what was installed: nothing is done where nothing changed.
want="$extra $(cat pyproject.toml constraints.txt | cksum)"
if [ ! -x .venv/bin/publisher ] || [ "$(cat ".venv/.installed$extra" 2>/dev/null || true)" != "$want" ]; then
    [ -x .venv/bin/python ] && .venv/bin/python -c '' 2>/dev/null || { rm -rf .venv; "$python" -m venv .venv; }
    echo "installing the program and what it needs" >&2
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt \
        --editable ".${extra:+[$extra]}"
    printf '%s' "$want" > ".venv/.installed$extra"
fi
