#!/usr/bin/env bash
# Run the tests that the gate leaves out: real pre-commit, whole libraries, kills at every step.
#
#   tools/test_slow.sh [ARGUMENTS OF PYTEST …]
#
# Needs an environment with `pip install -e '.[dev]'`; PYTHON names its interpreter (default: python).
set -eu
cd "$(dirname "$0")/.."
exec "${PYTHON:-python}" -m pytest -m slow "$@"
