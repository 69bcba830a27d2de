#!/usr/bin/env bash
# The public interface compiles alone, as C17 and as C++17; every header opens with why it exists.
set -euo pipefail
cd "$1"
bad=0
for header in promoteros/agent.h promoteros/typed.h; do
  for compiler in "cc -std=c17 -xc" "c++ -std=c++17 -xc++"; do
    echo "#include <$header>" | $compiler -Wall -Wextra -Wpedantic -Werror -Iruntime/include -fsyntax-only - ||
      { echo "$header does not compile alone with $compiler"; bad=1; }
  done
done
while read -r file; do
  head -n 1 "$file" | grep -q '^/\*' || { echo "$file:1: a header opens with why it exists"; bad=1; }
done < <(git ls-files -co --exclude-standard 'runtime/*.h' 'agents/*.h' 'cli/*.h')
exit $bad
