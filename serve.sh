#!/bin/sh
# Serves the shipped portfolio at http://127.0.0.1:8000/ (or what `publisher serve` is told), doing all set-up first.
set -eu
sh "$(dirname "$0")/setup.sh"
exec "$(dirname "$0")/.venv/bin/publisher" serve "$@"
