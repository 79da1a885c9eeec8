#!/bin/sh
# Runs the tests, doing all set-up first; arguments go to pytest.
set -eu
cd "$(dirname "$0")"
sh ./setup.sh test
exec .venv/bin/python -m pytest "$@"
