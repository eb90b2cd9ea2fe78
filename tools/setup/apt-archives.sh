#!/bin/sh
# apt-archives.sh LIST FOLDER: prints the archive addresses of this machine's apt sources, both forms (one-line `.list`,
# deb822 `.sources`), each once, those that look like a Debian archive first. Security archives carry other suites only.
set -eu
list=$1 folder=$2

one_line() {
  sed -n -e 's/^[[:space:]]*deb[[:space:]]\{1,\}//p' "$@" | sed -e 's/^\[[^]]*\][[:space:]]*//' -e 's/[[:space:]].*//'
}

deb822() {
  awk '
    function flush(  i, n, parts) {
      if (enabled && (" " types " ") ~ / deb /) { n = split(uris, parts, " "); for (i = 1; i <= n; i++) print parts[i] }
      types = uris = field = ""; enabled = 1
    }
    BEGIN { enabled = 1 }
    FNR == 1 { flush() }
    /^[ \t]*$/ { flush(); next }
    /^#/ { next }
    /^[ \t]/ { if (field == "uris") uris = uris " " $0; next }
    {
      field = tolower($0); sub(/:.*/, "", field)
      value = $0; sub(/^[^:]*:[ \t]*/, "", value)
      if (field == "types") types = value
      if (field == "uris") uris = value
      if (field == "enabled") enabled = tolower(value) !~ /^(no|false|0|off|disable|without)/
    }
    END { flush() }' "$@"
}

all() {
  if [ -f "$list" ]; then one_line "$list"; fi
  for file in "$folder"/*.list; do if [ -f "$file" ]; then one_line "$file"; fi; done
  for file in "$folder"/*.sources; do if [ -f "$file" ]; then deb822 "$file"; fi; done
}

all | awk '
  /security/ || /^(cdrom|file):/ || seen[$0]++ { next }
  /\/debian\/?$/ { print; next }
  { later = later $0 "\n" }
  END { printf "%s", later }'
