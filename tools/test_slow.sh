#!/usr/bin/env bash
# Run the slow tests, which the gate skips: real pre-commit, whole libraries, a kill at each step. Property tests run
# with more examples than in the gate.
#
#   tools/test_slow.sh [ARGUMENTS OF PYTEST …]
#
# Needs an environment with `pip install -e '.[dev,browser]'`; PYTHON names its interpreter (default: python). The page of the report is
# tested in Chromium if it is installed, and with axe after `npm ci` in report-ui. The server is tested in real editors that are installed:
# Neovim (PATTERNLINT_NVIM names another one), Emacs, and VS Code after `npm ci` in editors/vscode and `editors/vscode/test/install.sh`
# (PATTERNLINT_CODE_SERVER names its command, PATTERNLINT_PICTURES a folder for pictures). The end of the output says what was skipped.
set -eu
cd "$(dirname "$0")/.."
export PATTERNLINT_EXAMPLES="${PATTERNLINT_EXAMPLES:-500}"
"${PYTHON:-python}" -m pytest -rs -m slow "$@"
"${PYTHON:-python}" -m pytest -m 'hypothesis and not slow' "$@"
