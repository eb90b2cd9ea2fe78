# The broker's binary: an external server, this machine's own, the cache, the official release, or a newer Debian suite,
# in this order. What was tried is kept for the one error that ends a search in vain.

nats_pin=2.15.1
nats_releases=${SOLOIST_NATS_RELEASES:-https://github.com/nats-io/nats-server/releases/download}
tried=

note() {
  tried="$tried
    - $1"
}

# is_new_enough VERSION: 2.12 is the oldest broker that knows what the log needs.
is_new_enough() {
  major=${1%%.*} rest=${1#*.}
  minor=${rest%%.*}
  case $major$minor in '' | *[!0-9]*) return 1 ;; esac
  [ "$major" -gt 2 ] || { [ "$major" -eq 2 ] && [ "$minor" -ge 12 ]; }
}

# nats_version FILE: prints the version a nats-server names, or nothing.
nats_version() {
  "$1" --version 2>/dev/null | sed -n 's/^nats-server: v\{0,1\}\([0-9][0-9.]*\).*/\1/p'
}

# accept FILE LABEL: exports the binary when it runs and is new enough.
accept() {
  version=$(nats_version "$1") || version=
  if [ -n "$version" ] && is_new_enough "$version"; then
    export SOLOIST_NATS_BIN="$1"
    return 0
  fi
  note "$2: ${version:-not a nats-server that runs here}, 2.12 or newer is needed"
  return 1
}

# The folders that may hold what was fetched, the first one for writing.
cache_folders() {
  if [ -n "${XDG_CACHE_HOME-}" ]; then
    echo "$XDG_CACHE_HOME/soloist"
  elif [ -n "${HOME-}" ]; then
    echo "$HOME/.cache/soloist"
  fi
  echo "$root/.soloist-tools"
}

find_cached() {
  # `read` keeps spaces in folder names; a pipe would lose the exported variable.
  while IFS= read -r folder; do
    for binary in "$folder/nats-server-$nats_pin/nats-server" "$folder"/nats-server-[0-9]*/nats-server; do
      [ -x "$binary" ] || continue
      export SOLOIST_NATS_BIN="$binary"
      return 0
    done
    note "cache: nothing in $folder"
  done <<EOF
$(cache_folders)
EOF
  return 1
}

# A folder beside the final place, so that the last step is one rename.
make_workshop() {
  while IFS= read -r folder; do
    workshop=$folder/.fetch-$$
    if mkdir -p "$folder" 2>/dev/null && mkdir "$workshop" 2>/dev/null; then
      cache=$folder
      trap 'rm -rf "$workshop"' EXIT
      trap 'echo >&2; exit 130' INT TERM HUP
      return 0
    fi
    note "cache: $folder is not writable"
  done <<EOF
$(cache_folders)
EOF
  return 1
}

close_workshop() {
  rm -rf "$workshop"
  trap - EXIT INT TERM HUP
}

# settle FILE LABEL: a verified binary becomes the cached one, in one rename.
settle() {
  chmod 755 "$1"
  accept "$1" "$2" || return 1
  home=$cache/nats-server-$version
  mkdir -p "$home" && mv -f "$1" "$home/nats-server" && export SOLOIST_NATS_BIN="$home/nats-server"
}

fetch_release() {
  case $(uname -s) in Linux) system=linux ;; Darwin) system=darwin ;; *) note "release: none for $(uname -s)"; return 1 ;; esac
  case $(uname -m) in x86_64 | amd64) chip=amd64 ;; aarch64 | arm64) chip=arm64 ;; *) note "release: none for $(uname -m)"; return 1 ;; esac
  archive=nats-server-v$nats_pin-$system-$chip.tar.gz
  begin "nats-server $nats_pin (official release)"
  if NODE_USE_ENV_PROXY=1 "$node" "$root/tools/setup/fetch-release.mjs" "$nats_releases/v$nats_pin" "$archive" "$workshop/nats-server" 2>"$workshop/why" &&
    settle "$workshop/nats-server" 'release'; then
    ready
    return 0
  fi
  why=$(head -n 1 "$workshop/why")
  skip "${why:-does not run here}"
  [ -z "$why" ] || note "release: $why"
  return 1
}

fetch_debian() {
  command -v apt-get >/dev/null 2>&1 && command -v dpkg >/dev/null 2>&1 || { note 'Debian package: apt-get and dpkg are not on this machine'; return 1; }
  begin 'nats-server (Debian forky)'
  if sh "$root/tools/setup/fetch-debian.sh" "$workshop/debian" "$workshop/nats-server" 2>"$workshop/why" && settle "$workshop/nats-server" 'Debian package'; then
    ready
    return 0
  fi
  why=$(head -n 1 "$workshop/why")
  skip "${why:-does not run here}"
  [ -z "$why" ] || note "Debian package: $why"
  return 1
}

fetch_nats_server() {
  make_workshop || return 1
  if fetch_release || fetch_debian; then
    close_workshop
    return 0
  fi
  close_workshop
  return 1
}

find_nats_server() {
  own=$(command -v nats-server 2>/dev/null) || own=
  if [ -n "$own" ]; then accept "$own" "nats-server on PATH ($own)" && return 0; else note 'PATH: no nats-server'; fi
  if [ -n "${SOLOIST_NATS_BIN-}" ]; then accept "$SOLOIST_NATS_BIN" "SOLOIST_NATS_BIN ($SOLOIST_NATS_BIN)" && return 0; else note 'SOLOIST_NATS_BIN: not set'; fi
  find_cached || fetch_nats_server
}

# ensure_nats_server required|optional
ensure_nats_server() {
  # An external server is checked, version and all, by whoever connects to it.
  [ -z "${SOLOIST_NATS_URL-}" ] || return 0
  find_nats_server && return 0
  unset SOLOIST_NATS_BIN
  [ "$1" = required ] || return 0
  fail 9 "no nats-server 2.12 or newer was found, and none could be fetched. Tried:$tried" \
    "go online and run this command again; or install nats-server $nats_pin and set SOLOIST_NATS_BIN to its path; or set SOLOIST_NATS_URL to a running server"
}
