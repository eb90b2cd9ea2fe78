# The npm packages, Node 24 among them. Complete means: our stamp names the lock file as it is now, or npm itself has
# finished after the lock file was last written (a developer who runs npm by hand keeps what they have).

stamp=$root/node_modules/.soloist-stamp
install_lock=$root/.soloist-install

lock_sum() { cksum <"$root/package-lock.json"; }

packages_are_complete() {
  [ -d "$root/node_modules" ] || return 1
  if [ -r "$stamp" ] && [ "$(cat "$stamp")" = "$(lock_sum)" ]; then return 0; fi
  [ -n "$(find "$root/node_modules/.package-lock.json" -newer "$root/package-lock.json" 2>/dev/null)" ]
}

ensure_packages() {
  packages_are_complete && return 0
  require_node_and_npm
  take_install_lock
  # Another soloist may have finished while this one waited.
  packages_are_complete || install_packages
  release_install_lock
}

require_node_and_npm() {
  found=$(node -p 'process.versions.node' 2>/dev/null) ||
    fail 1 'Node.js was not found' 'install Node.js 20 or newer (https://nodejs.org), then run this command again'
  [ "${found%%.*}" -ge 20 ] 2>/dev/null ||
    fail 1 "Node.js 20 or newer is needed, found $found ($(command -v node))" 'install Node.js 20 or newer (https://nodejs.org), then run this command again'
  command -v npm >/dev/null 2>&1 ||
    fail 1 'npm was not found beside Node.js' 'install npm (it comes with the official Node.js packages), then run this command again'
}

# One npm at a time: `up` and `demo` may be started together on a fresh clone.
take_install_lock() {
  nameless=0
  untaken=0
  until mkdir "$install_lock" 2>/dev/null; do
    if [ ! -d "$install_lock" ]; then
      # Released since we tried, unless nothing can be made here at all.
      untaken=$((untaken + 1))
      [ "$untaken" -le 5 ] || fail 1 "cannot write to $root" 'make the folder writable for this user, or clone to a folder that is'
      continue
    fi
    untaken=0
    owner=$(cat "$install_lock/pid" 2>/dev/null) || owner=
    # A lock names its owner at once; one that stays nameless, or whose owner is gone, was left by a killed setup.
    [ -n "$owner" ] || nameless=$((nameless + 1))
    if [ "$nameless" -gt 3 ] || { [ -n "$owner" ] && ! kill -0 "$owner" 2>/dev/null; }; then
      rm -rf "$install_lock"
      nameless=0
    elif [ "${said_waiting-}" != yes ]; then
      said_waiting=yes
      printf '  waiting for another install (process %s); if none runs: rm -r "%s"\n' "${owner:-?}" "$install_lock" >&2
    else
      sleep 1
    fi
  done
  echo "$$" >"$install_lock/pid"
  trap release_install_lock EXIT
  trap 'echo >&2; exit 130' INT TERM HUP
}

release_install_lock() {
  rm -rf "$install_lock"
  trap - EXIT INT TERM HUP
}

install_packages() {
  begin 'packages (npm ci)'
  rm -f "$stamp" 2>/dev/null || true
  sum=$(lock_sum)
  # Development and optional packages are asked for by name, since NODE_ENV or a user's npm settings may leave them out:
  # the loader and Node 24 are among them.
  if ! (cd "$root" && npm ci --include=dev --include=optional --loglevel=error --no-audit --no-fund) >"$install_lock/npm.log" 2>&1 </dev/null; then
    skip 'npm ci failed'
    tail -n 20 "$install_lock/npm.log" >&2
    forget_packages
    fail 1 'the packages could not be installed (npm ci)' "check the network and the npm lines above, then run this command again; by hand: cd \"$root\" && npm ci"
  fi
  echo "$sum" >"$stamp.new" && mv -f "$stamp.new" "$stamp" || fail 1 "cannot write $stamp" 'make the folder writable for this user'
  ready
}

# After a failed npm ci npm's own mark must not vouch for what is left.
forget_packages() {
  rm -f "$root/node_modules/.package-lock.json" 2>/dev/null || true
}

# Node 24 comes with the packages on Linux; elsewhere the machine brings it.
pick_node() {
  node=$root/node_modules/.bin/node
  [ -x "$node" ] && return 0
  node=$(command -v node) || fail 1 'Node.js was not found' 'install Node.js 24 (https://nodejs.org), then run this command again'
  "$node" -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 24 || (a === 24 && b >= 15) ? 0 : 1)' ||
    fail 1 "Node.js 24.15 or newer is needed here, found $("$node" --version): no packaged Node for $(uname -s) $(uname -m)" 'install Node.js 24 (https://nodejs.org), then run this command again'
}
