#!/usr/bin/env bash
# Installs the lowest version of every dependency that pyproject.toml allows, and runs the tests with them.
#
#   tools/test_lowest.sh [PYTHON] [ARGUMENTS OF PYTEST …]
#
# Needs uv (https://docs.astral.sh/uv). PYTHON is a version or an interpreter; without one it is the lowest that
# pyproject.toml allows. What the dependencies need in turn is as new as it can be: their bounds are not ours.
set -eu
cd "$(dirname "$0")/.."
python=${1:-3.11}
[ $# -gt 0 ] && shift
venv=$(mktemp -d)
trap 'rm -rf "$venv"' EXIT

uv venv --quiet --clear --seed --python "$python" "$venv"
uv pip install --quiet --python "$venv/bin/python" --resolution lowest-direct --editable '.[dev]'
uv pip list --quiet --python "$venv/bin/python" --format freeze
PATH="$venv/bin:$PATH" "$venv/bin/python" -m pytest -q "$@"
