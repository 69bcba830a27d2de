#!/usr/bin/env bash
# buf lint STANDARD + COMMENTS on the contract.
set -euo pipefail
cd "$1"
buf=tests/integration/node_modules/.bin/buf
[ -x "$buf" ] || { echo "skipped: buf is not installed (npm ci --prefix tests/integration)"; exit 77; }
exec "$buf" lint proto
