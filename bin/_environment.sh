# Sourced by the commands in this folder: finds Python 3.11 or newer and has .venv made with it.
# shellcheck shell=bash

ROOT=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)

# The newest Python first; one that Casewell's packages do not know yet only where there is no other.
newest_python() {
  local name
  for name in "${CASEWELL_PYTHON:-}" python3.{14,13,12,11} python3 python3.{20,19,18,17,16,15}; do
    if [ -n "$name" ] && command -v "$name" >/dev/null &&
      "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      command -v "$name"
      return
    fi
  done
  echo "Casewell needs Python 3.11 or newer, and there is none. Install it (on Debian or Ubuntu:" >&2
  echo "apt-get install python3 python3-venv) or name it: CASEWELL_PYTHON=/path/to/python3" >&2
  return 1
}

# environment LOCKFILE: have .venv with exactly what the lock file says; sets PYTHON and PROGRAMS.
environment() {
  local base
  base=$(newest_python)
  "$base" -I "$ROOT/bin/_environment.py" "$1"
  PROGRAMS="$ROOT/.venv/bin"
  PYTHON="$PROGRAMS/python"
  # Packages come from .venv and the project alone, wherever the command is called from.
  export PYTHONPATH="$ROOT" PYTHONSAFEPATH=1
  unset PYTHONHOME PYTHONSTARTUP
}

# For tests: nothing of an installation's own settings, and another data folder.
clean_environment() {
  local name
  for name in ${!CASEWELL_*} ${!DATABASE_*} ${!PG*} DJANGO_SETTINGS_MODULE; do
    case "$name" in
      CASEWELL_CHROMIUM | CASEWELL_NODE) ;;
      *) unset "$name" ;;
    esac
  done
  export CASEWELL_DATA="$ROOT/.casewell/test"
}

# Have a Chromium; tests find it in CASEWELL_CHROMIUM.
chromium() {
  CASEWELL_CHROMIUM=$(PYTHONPATH="$ROOT/bin" "$PYTHON" "$ROOT/bin/_chromium.py")
  export CASEWELL_CHROMIUM
}

# Have a Node and the npm clients of the API; tests find it in CASEWELL_NODE.
npm_clients() {
  CASEWELL_NODE=$(PYTHONPATH="$ROOT/bin" "$PYTHON" "$ROOT/bin/_node.py")
  export CASEWELL_NODE
}
