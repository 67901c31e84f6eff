#!/usr/bin/env bash
# Run the slow tests, which the gate skips: real pre-commit, whole libraries, a kill at each step.
#
#   tools/test_slow.sh [ARGUMENTS OF PYTEST …]
#
# Needs an environment with `pip install -e '.[dev,browser]'`; PYTHON names its interpreter (default: python). The page of the report is
# tested in Chromium if it is installed, and with axe after `npm ci` in report-ui.
set -eu
cd "$(dirname "$0")/.."
exec "${PYTHON:-python}" -m pytest -m slow "$@"
