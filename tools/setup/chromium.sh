# A browser for the browser tests: one that is named, this machine's own, the cache, or Debian's package with whatever of
# its libraries is missing, unpacked into the cache. Nothing of the system is touched.

chromium_names='chromium chromium-browser google-chrome-stable google-chrome'

accept_chromium() {
  "$1" --version >/dev/null 2>&1 || return 1
  export SOLOIST_CHROMIUM_BIN="$1"
}

find_chromium() {
  if [ -n "${SOLOIST_CHROMIUM_BIN-}" ] && accept_chromium "$SOLOIST_CHROMIUM_BIN"; then return 0; fi
  for name in $chromium_names; do
    own=$(command -v "$name" 2>/dev/null) || continue
    accept_chromium "$own" && return 0
  done
  while IFS= read -r folder; do
    [ -x "$folder/chromium/run" ] && accept_chromium "$folder/chromium/run" && return 0
  done <<EOF
$(cache_folders)
EOF
  return 1
}

fetch_chromium() {
  command -v apt-get >/dev/null 2>&1 && command -v dpkg >/dev/null 2>&1 || return 1
  make_workshop || return 1
  begin 'chromium (Debian, for the browser tests)'
  if sh "$root/tools/setup/fetch-chromium.sh" "$workshop/chromium" 2>"$workshop/why" && "$workshop/chromium/run" --version >/dev/null 2>>"$workshop/why"; then
    rm -rf "$cache/chromium" && mv "$workshop/chromium" "$cache/chromium" && accept_chromium "$cache/chromium/run" && ready && close_workshop && return 0
  fi
  skip "$(head -n 1 "$workshop/why")"
  close_workshop
  return 1
}

# Without one the browser tests fail and say what to do; every other test runs all the same.
ensure_chromium() {
  find_chromium || fetch_chromium || true
}
