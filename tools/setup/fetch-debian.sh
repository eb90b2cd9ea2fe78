#!/bin/sh
# fetch-debian.sh FOLDER TARGET: takes nats-server from Debian's suite forky without touching the system: a private source
# list, private lists and cache, all in FOLDER. The archive is the one this machine already uses; apt verifies the
# signature with Debian's own key ring and refuses what is unsigned. On failure the first line on stderr says why.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
folder=$1 target=$2

keyring=
for candidate in /usr/share/keyrings/debian-archive-keyring.gpg /usr/share/keyrings/debian-archive-keyring.pgp; do
  [ -r "$candidate" ] && keyring=$candidate && break
done
[ -n "$keyring" ] || { echo 'no Debian key ring (package debian-archive-keyring)' >&2; exit 1; }

archives=$(sh "$here/apt-archives.sh" /etc/apt/sources.list /etc/apt/sources.list.d)
[ -n "$archives" ] || { echo 'the apt sources of this machine name no archive' >&2; exit 1; }

mkdir -p "$folder/lists/partial" "$folder/cache/archives/partial" "$folder/unpacked"
cd "$folder"

private_apt() {
  apt-get -q -o "Dir::Etc::sourcelist=$folder/forky.list" -o Dir::Etc::sourceparts=- -o "Dir::State::lists=$folder/lists" -o "Dir::Cache=$folder/cache" \
    -o APT::Update::Error-Mode=any -o Acquire::Retries=0 -o Acquire::http::Timeout=5 -o Acquire::https::Timeout=5 -o Acquire::Languages=none \
    -o Acquire::AllowInsecureRepositories=false -o APT::Get::AllowUnauthenticated=false -o APT::Sandbox::User= "$@" >>"$folder/apt.log" 2>&1 </dev/null
}

fetch_from() {
  echo "deb [signed-by=$keyring] $1 forky main" >"$folder/forky.list"
  private_apt update && private_apt download nats-server
}

for archive in $archives; do
  fetch_from "$archive" && break
done
package=$(ls nats-server_*.deb 2>/dev/null) || { echo "apt found no signed nats-server: $(grep -m 1 '^[EW]: ' "$folder/apt.log" || echo 'no archive answered')" >&2; exit 1; }
dpkg -x "$package" "$folder/unpacked"
for binary in "$folder/unpacked/usr/bin/nats-server" "$folder/unpacked/usr/sbin/nats-server"; do
  [ -f "$binary" ] && mv "$binary" "$target" && exit 0
done
echo 'the package holds no nats-server' >&2
exit 1
