# What the scripts share: messages, packages, builds. Sourced, not run.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export LC_ALL=C.UTF-8

BUILD_PACKAGES=(gcc libc6-dev cmake ninja-build pkg-config libgrpc-dev libprotobuf-c-dev protobuf-c-compiler
  protobuf-compiler libprotobuf-dev libsqlite3-dev libyaml-dev libsodium-dev libcjson-dev libwebsockets-dev zlib1g-dev)
TEST_PACKAGES=(g++ git clang libclang-rt-14-dev clang-format valgrind procps)

if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then bold=$'\e[1m' dim=$'\e[2m' plain=$'\e[0m'; else bold='' dim='' plain=''; fi
say() { printf '%s==>%s %s\n' "$bold" "$plain" "$*"; }
die() { printf '%s\n' "$*" >&2; exit 1; }

# step MESSAGE COMMAND...: runs a long command, quietly, with the seconds counted; its output is shown when it fails.
step() {
  local message=$1 log start=$SECONDS
  shift
  log=$(mktemp)
  if [ -t 1 ]; then
    "$@" >"$log" 2>&1 &
    local job=$!
    while kill -0 "$job" 2>/dev/null; do
      printf '\r%s==>%s %s %s%ds  %s%s\e[K' "$bold" "$plain" "$message" "$dim" $((SECONDS - start)) \
        "$(tail -n 1 "$log" | tr -d '\r' | cut -c1-60)" "$plain"
      sleep 0.5
    done
    if wait "$job"; then printf '\r'; say "$message: $((SECONDS - start)) s"$'\e[K'; rm -f "$log"; return; fi
    printf '\n'
  else
    say "$message ..."
    if "$@" >"$log" 2>&1; then say "$message: $((SECONDS - start)) s"; rm -f "$log"; return; fi
  fi
  tail -n 60 "$log" >&2
  rm -f "$log"
  die "$message failed; the last lines of its output stand above."
}

missing_packages() {
  local package
  for package in "$@"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || printf '%s ' "$package"
  done
}

# need PACKAGE...: installs what is missing; without root and sudo it prints the one line that would.
need() {
  command -v apt-get >/dev/null || die "This script installs its needs with apt-get; on another system install: $*"
  local missing run=()
  missing=$(missing_packages "$@")
  [ -n "$missing" ] || return 0
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null && sudo -n true 2>/dev/null && run=(sudo) ||
      die "Packages are missing and this user may not install them. Run as root, once:
  apt-get update && apt-get install -y --no-install-recommends $missing"
  fi
  export DEBIAN_FRONTEND=noninteractive
  step "Package lists" "${run[@]}" apt-get update -q
  # shellcheck disable=SC2086
  step "Installing $(wc -w <<<"$missing") packages" "${run[@]}" apt-get install -y -q --no-install-recommends $missing
}

# Node comes with npm in some packages and without in others.
need_node() {
  command -v node >/dev/null && command -v npm >/dev/null && return 0
  if command -v node >/dev/null; then need npm; else need nodejs npm; fi
}

# build PRESET TARGET...: configures once, then builds the targets.
build() {
  local preset=$1
  shift
  [ -f "build/$preset/build.ninja" ] || step "Configuring ($preset)" cmake --preset "$preset"
  step "Building ($preset)" cmake --build --preset "$preset" --target "$@"
}
