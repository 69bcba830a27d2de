# n8n_nodes.sh PACKAGE COMMAND: one of the package's own npm scripts, when its packages are installed.
set -eu
for folder in "$1" "$1/tools"; do
  [ "$2" != test ] || [ "$folder" = "$1" ] || continue
  [ -d "$folder/node_modules" ] || { echo "skipped: run npm ci --prefix $folder first"; exit 77; }
done
cd "$1"
npm run --silent "$2"
