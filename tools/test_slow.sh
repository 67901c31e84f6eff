#!/usr/bin/env bash
# Run the slow tests, which the gate skips: real pre-commit, whole libraries, a kill at each step. Property tests run
# with more examples than in the gate.
#
#   tools/test_slow.sh [ARGUMENTS OF PYTEST …]
#
# Needs an environment with `pip install -e '.[dev,browser]'`; PYTHON names its interpreter (default: python). The page of the report is
# tested in Chromium if it is installed, and with axe after `npm ci` in report-ui.
set -eu
cd "$(dirname "$0")/.."
export PATTERNLINT_EXAMPLES="${PATTERNLINT_EXAMPLES:-500}"
"${PYTHON:-python}" -m pytest -m slow "$@"
"${PYTHON:-python}" -m pytest -m 'hypothesis and not slow' "$@"
