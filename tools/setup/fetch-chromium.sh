#!/bin/sh
# fetch-chromium.sh FOLDER: unpacks Debian's chromium, and what of its dependencies this machine has not, into FOLDER, with
# a starter `run`. The archive is the one this machine uses; apt verifies signatures with this machine's own key rings.
set -eu
folder=$1
mkdir -p "$folder/state/lists/partial" "$folder/cache/archives/partial" "$folder/tree"

private_apt() {
  apt-get -q -y -o "Dir::State::lists=$folder/state/lists" -o "Dir::Cache=$folder/cache" -o Debug::NoLocking=true -o APT::Sandbox::User= \
    -o Acquire::Retries=1 -o Acquire::http::Timeout=20 -o Acquire::https::Timeout=20 -o Acquire::Languages=none \
    -o Acquire::AllowInsecureRepositories=false -o APT::Get::AllowUnauthenticated=false "$@" >>"$folder/apt.log" 2>&1 </dev/null
}

private_apt update && private_apt --download-only --no-install-recommends install chromium fonts-dejavu-core ||
  { echo "apt could not get chromium: $(grep -m 1 '^[EW]: ' "$folder/apt.log" || echo 'no archive answered')" >&2; exit 1; }
for package in "$folder"/cache/archives/*.deb; do
  [ -f "$package" ] || { echo 'apt got nothing: is chromium installed and broken?' >&2; exit 1; }
  dpkg -x "$package" "$folder/tree"
done
rm -rf "$folder/cache" "$folder/state"
cat >"$folder/run" <<'EOF'
#!/bin/sh
tree=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)/tree
libraries=$(find "$tree/usr/lib" "$tree/lib" -name '*.so*' -exec dirname {} + 2>/dev/null | sort -u | tr '\n' ':')
LD_LIBRARY_PATH="$libraries${LD_LIBRARY_PATH-}" exec "$tree/usr/lib/chromium/chromium" "$@"
EOF
chmod 755 "$folder/run"
