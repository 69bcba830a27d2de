#!/usr/bin/env bash
# promoterosd from outside: command line, exit codes, ready file, signals.
# usage: daemon_test.sh PROMOTEROSD
set -uo pipefail
daemon=$1
folder=$(mktemp -d "${TMPDIR:-/tmp}/promoteros-daemon-XXXXXX")
pid=
failed=0
checks=0
finish() {
  [ -n "$pid" ] && kill -KILL "$pid" 2>/dev/null
  rm -rf "$folder"
}
trap finish EXIT

# expect NAME WANT GOT
expect() {
  checks=$((checks + 1))
  [ "$2" = "$3" ] && return
  failed=$((failed + 1))
  printf 'failed: %s\n    got  %s\n    want %s\n' "$1" "$3" "$2"
}
# expect_text NAME PART TEXT
expect_text() {
  checks=$((checks + 1))
  [[ $3 == *"$2"* ]] && return
  failed=$((failed + 1))
  printf 'failed: %s\n    got %s\n    which lacks %s\n' "$1" "$3" "$2"
}
# refuse NAME EXIT_CODE PART ARGUMENTS...: ends by itself and says why.
refuse() {
  local name=$1 code=$2 part=$3 text
  shift 3
  text=$(timeout 20 "$daemon" "$@" 2>&1)
  expect "$name: exit code" "$code" "$?"
  expect_text "$name" "$part" "$text"
}
# start ARGUMENTS...: until it serves.
start() {
  rm -f "$folder/ready"
  "$daemon" --store "sqlite:$folder/state/p.db" --http 127.0.0.1:0 --ready-file "$folder/ready" "$@" 2>"$folder/log" &
  pid=$!
  for _ in $(seq 200); do
    [ -s "$folder/ready" ] && return
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.05
  done
  failed=$((failed + 1))
  echo "failed: the daemon does not get ready"
  cat "$folder/log"
}
# stop SIGNAL: its exit code.
stop() {
  kill "-$1" "$pid"
  wait "$pid"
  code=$?
  pid=
}

refuse "version" 0 "promoterosd " --version
refuse "help" 0 "host.queue_limit (default 1024)" --help
refuse "unknown option" 2 "did you mean --listen?" --lisen x
refuse "missing value" 2 "--store needs a value" --store
refuse "no configuration" 1 "cannot be read" --config "$folder/absent.yaml"
printf 'host:\n  thread: 3\n' >"$folder/bad.yaml"
refuse "unknown key" 1 "bad.yaml line 2: there is no key host.thread; did you mean host.threads?" --config "$folder/bad.yaml"
printf 'agents:\n  - path: %s/absent.so\n' "$folder" >"$folder/agent.yaml"
refuse "unknown agent" 1 "absent.so cannot be read" --config "$folder/agent.yaml" --store "sqlite:$folder/a.db" --listen 127.0.0.1:0
refuse "unknown store" 1 "promoterosd: " --store oracle:x --listen 127.0.0.1:0
refuse "not loopback" 1 "promoterosd: " --store "sqlite:$folder/b.db" --listen 0.0.0.0:0
refuse "web door not loopback" 1 "listens on this machine only" --store "sqlite:$folder/b.db" --listen 127.0.0.1:0 --http 0.0.0.0:8080
refuse "web door no address" 1 "is not an address for the web door" --store "sqlite:$folder/b.db" --listen 127.0.0.1:0 --http nowhere
refuse "ready file" 1 "cannot be written" --store "sqlite:$folder/c.db" --listen 127.0.0.1:0 --http off --ready-file "$folder/absent/ready"

printf 'agents: []\nlog:\n  level: info\n' >"$folder/good.yaml"
"$daemon" --config "$folder/good.yaml" --print-config >"$folder/printed.yaml"
"$daemon" --config "$folder/printed.yaml" --print-config >"$folder/again.yaml"
expect "printed configuration reads again" "$(cat "$folder/printed.yaml")" "$(cat "$folder/again.yaml")"

start --config "$folder/good.yaml" --listen 127.0.0.1:0
expect_text "ready file holds the address" "127.0.0.1:" "$(cat "$folder/ready" 2>/dev/null)"
expect_text "ready line" "serves gRPC on $(sed -n 1p "$folder/ready") and HTTP on http://$(sed -n 2p "$folder/ready") (0 agents), store sqlite: $folder/state/p.db, ready in " "$(cat "$folder/log")"
refuse "web door in use" 1 "already in use, perhaps by another promoterosd" --store "sqlite:$folder/d.db" --listen 127.0.0.1:0 --http "$(sed -n 2p "$folder/ready")"
expect "state folder is the user's alone" 700 "$(stat -c %a "$folder/state")"
stop TERM
expect "SIGTERM" 0 "$code"
expect "ready file is gone" no "$([ -e "$folder/ready" ] && echo yes || echo no)"
expect_text "last line" "promoterosd has stopped" "$(tail -n 1 "$folder/log")"

start --config "$folder/good.yaml" --listen "unix:$folder/socket" --http off
expect "socket" "unix:$folder/socket" "$(cat "$folder/ready")"
stop INT
expect "SIGINT" 0 "$code"

printf '%d checks, %d failed\n' "$checks" "$failed"
[ "$failed" -eq 0 ]
