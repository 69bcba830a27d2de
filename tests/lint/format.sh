#!/usr/bin/env bash
# clang-format says how code looks.
set -euo pipefail
cd "$1"
command -v clang-format >/dev/null || { echo "skipped: clang-format is not installed"; exit 77; }
git ls-files -co --exclude-standard '*.c' '*.h' | xargs clang-format --dry-run -Werror
