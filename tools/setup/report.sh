# How the setup speaks: one line a step on stderr, and errors that name the next step.

# begin WHAT: opens the line of a step, so that a slow one can be seen at work.
begin() {
  step_began=$(date +%s)
  printf '  %-36s … ' "$1" >&2
}

ready() {
  printf 'ready  %s s\n' "$(($(date +%s) - step_began))" >&2
}

# skip WHY: closes the line of a step that did not work out.
skip() {
  printf 'no (%s)\n' "$1" >&2
}

# fail CODE MESSAGE NEXT: ends the setup.
fail() {
  printf 'soloist: %s\n  next: %s\n' "$2" "$3" >&2
  exit "$1"
}
