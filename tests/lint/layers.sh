#!/usr/bin/env bash
# Who may include whom: greps the includes against the table of docs/architecture.md. A room that is not in the table fails.
set -euo pipefail
cd "$1"

# room: rooms (and the public interface "agent") that its files may include; its own room is always allowed.
declare -A allowed=(
  [base]="agent"
  [config]="base"
  [store]="base agent"
  [json]="base agent"
  [host]="json store config base agent"
  [services]="host json store base agent"
  [grpc]="services host json store config base agent"
  [http]="services host json store config base agent"
  [agents]="agent numerics promoteros" # promoteros: generated messages
  [numerics]=""
)
bad=0
complain() { printf '%s\n' "$1"; bad=1; }

# check ROOM FILE [FOLDER]: every include in quotes names a room that ROOM may see, or the file's own folder; only grpc
# includes gRPC.
check() {
  local room=$1 file=$2 own=${3:-$1} line header target
  while IFS=: read -r line header; do
    case $header in
      */*) target=${header%%/*} ;;
      *) continue ;; # a header beside the file
    esac
    [ "$target" = "$own" ] || [[ " ${allowed[$room]} " == *" $target "* ]] ||
      complain "$file:$line: $room may not include $header"
  done < <(sed -nE '/^ *# *include "/{=;s/.*"([^"]+)".*/\1/p}' "$file" | paste -d: - -)
  if [ "$room" != grpc ] && grep -nE '^ *# *include <grpc/' "$file"; then
    complain "$file: only runtime/grpc may include gRPC's headers"
  fi
  if [ "$room" != http ] && grep -nE '^ *# *include <libwebsockets' "$file"; then
    complain "$file: only runtime/http may include libwebsockets' header"
  fi
  if [[ $room == agents || $room == numerics ]] &&
     grep -nE '^ *# *include <(sqlite3|sodium|yaml|cjson|curl|pthread|sys/|unistd|fcntl|time\.h)' "$file"; then
    complain "$file: an agent has no I/O, threads or clock"
  fi
}

shopt -s nullglob globstar
for dir in runtime/*/; do
  room=$(basename "$dir")
  [ "$room" = include ] && continue
  [ -n "${allowed[$room]+set}" ] || { complain "runtime/$room: no such room in the table"; continue; }
  for file in "$dir"**/*.[ch]; do check "$room" "$file"; done
done
for file in agents/numerics/**/*.[ch]; do check numerics "$file"; done
for dir in agents/*/; do
  [ "$dir" = agents/numerics/ ] && continue
  for file in "$dir"**/*.[ch]; do check agents "$file" "$(basename "$dir")"; done
done
exit $bad
