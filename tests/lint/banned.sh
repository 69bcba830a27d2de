#!/usr/bin/env bash
# Functions that have no safe use here, and words that say that work was left undone.
set -euo pipefail
cd "$1"
files=$(git ls-files -co --exclude-standard 'runtime/*.[ch]' 'agents/*.[ch]' 'cli/*.[ch]' 'tests/*.[ch]')
bad=0
if grep -nE '\b(strcpy|strcat|sprintf|vsprintf|strtok|gmtime|localtime|gets|atoi|atol|atof|system|popen|tmpnam|mktemp|alloca)\(' $files; then
  echo "banned function: use the helpers of runtime/base, or the bounded form"
  bad=1
fi
if grep -nE '\b(TODO|FIXME|XXX|HACK)\b' $files; then
  echo "unfinished work: finish it, or write it down as an issue"
  bad=1
fi
if grep -nE '\b(rand|srand|random|time|clock_gettime|getenv)\(' $(git ls-files -co --exclude-standard 'agents/*.c') | grep -v pros_random; then
  echo "agents have no clock, randomness or environment but what the host hands in"
  bad=1
fi
if grep -nE '\bcJSON_(GetObjectItem|HasObjectItem|Print\w*|Parse\w*|InitHooks|GetErrorPtr)\(' $files | grep -v '^runtime/json/parse\.c:'; then
  echo "cJSON: parse with json_parse(), look up with cJSON_GetObjectItemCaseSensitive(), print with our own writer"
  bad=1
fi
exit $bad
