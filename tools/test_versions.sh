#!/usr/bin/env bash
# Run the tests with the newest or the lowest release of each dependency that pyproject.toml allows.
#
#   tools/test_versions.sh newest|lowest [PYTHON] [ARGUMENTS OF PYTEST …]
#
# Needs uv (https://docs.astral.sh/uv). PYTHON is a version or an interpreter (default: the lowest version that
# pyproject.toml allows). Indirect dependencies always have their newest release.
set -eu
cd "$(dirname "$0")/.."
case ${1:-} in
  newest) resolution=highest ;;
  lowest) resolution=lowest-direct ;;
  *)
    echo "usage: tools/test_versions.sh newest|lowest [PYTHON] [ARGUMENTS OF PYTEST …]" >&2
    exit 2
    ;;
esac
python=${2:-3.11}
shift $(($# < 2 ? $# : 2))
venv=$(mktemp -d)
trap 'rm -rf "$venv"' EXIT

uv venv --quiet --clear --seed --python "$python" "$venv"
uv pip install --quiet --python "$venv/bin/python" --resolution "$resolution" --editable '.[dev]'
uv pip list --quiet --python "$venv/bin/python" --format freeze
PATH="$venv/bin:$PATH" "$venv/bin/python" -m pytest -q "$@"
