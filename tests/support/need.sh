# What the tests need beyond Rust, and how it is got. Sourced by ./test.

# Where logs, the database and other things of a run lie.
LOGS=target/test
# One profile for the demo and for the tests, so that the tree is compiled once.
PROFILE=--release

# The browser without its windows, which takes a third less time, or else the whole of it.
chromium_there() {
  command -v chromium-headless-shell || command -v chromium || command -v chromium-browser
}
export CHROMIUM="${CHROMIUM:-$(chromium_there)}"

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

# The programs, and the Debian packages that bring those which are missing.
need_programs() {
  local missing=()
  [ -x "$CHROMIUM" ] || missing+=("$(apt-cache show chromium-headless-shell >/dev/null 2>&1 && echo chromium-headless-shell || echo chromium)")
  fc-list ':lang=hi' 2>/dev/null | grep -q . || missing+=(fonts-noto-core fontconfig)
  command -v pdftotext >/dev/null || missing+=(poppler-utils)
  command -v node >/dev/null && command -v npm >/dev/null || missing+=(nodejs npm)
  python3 -c 'import ensurepip, venv' 2>/dev/null || missing+=(python3-venv)
  command -v git >/dev/null || missing+=(git)
  # Tests that kill a database make it themselves, whatever DATABASE_URL names.
  postgres_bin >/dev/null || missing+=(postgresql)
  command -v cc >/dev/null || missing+=(gcc libc6-dev)
  [ ${#missing[@]} -gt 0 ] || return 0
  echo "Installing: ${missing[*]}"
  if ! command -v apt-get >/dev/null; then
    echo "This is not Debian: please install what these packages hold."
    return 1
  fi
  as_root apt-get update -qq &&
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >"$LOGS/apt.log" 2>&1 || {
      tail -5 "$LOGS/apt.log"
      return 1
    }
  CHROMIUM="$(chromium_there || echo "$CHROMIUM")"
}

# The daemon of ClamAV, with which one test looks through files. Apart from the others: without it that test is
# skipped and says so (it fails where CI is set), and nothing else is missing.
need_clamd() {
  [ -z "${CLAMD:-}" ] && [ ! -x /usr/sbin/clamd ] && command -v apt-get >/dev/null || return 0
  echo "Installing: clamav-daemon"
  # What it knows comes with the test; the whole list of viruses is not fetched for it.
  as_root apt-get update -qq &&
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends clamav-daemon >"$LOGS/clamd.log" 2>&1
}

# The parts of the Rust toolchain that a minimal installation lacks.
need_rust() {
  cargo fmt --version >/dev/null 2>&1 || rustup component add rustfmt
  cargo clippy --version >/dev/null 2>&1 || rustup component add clippy
}

# The packages of tests in Node, as the lock file of their folder says; those of the browser when silent.
need_node_modules() {
  local folder=${1:-tests/browser}
  if [ ! -f "$folder/node_modules/.package-lock.json" ] || [ "$folder/package-lock.json" -nt "$folder/node_modules/.package-lock.json" ]; then
    npm ci --prefix "$folder" --ignore-scripts --no-audit --no-fund --loglevel=error
  fi
}

# cargo-deny or cargo-audit: the one that is there, or for `./test deep` one of our own, which takes many minutes to
# build; prints how it is called.
need_tool() {
  local name=$1 own=target/tools/bin/$1
  if command -v "$name" >/dev/null; then echo "$name"; return; fi
  [ -x "$own" ] || [ -n "${DEEP:-}" ] || return 1
  [ -x "$own" ] || cargo install --quiet --locked --root target/tools "$name" >&2 || return 1
  echo "$own"
}

# RustSec's list of known faults, as new as it can be had; prints where it lies.
need_advisories() {
  local folder=target/advisory-db
  if [ -d "$folder/.git" ]; then
    git -C "$folder" pull --quiet --depth 1 >&2 || echo "The list of known faults is not the newest." >&2
  else
    git clone --quiet --depth 1 https://github.com/rustsec/advisory-db "$folder" >&2 || return 1
  fi
  echo "$folder"
}

# beancount, in a place of its own; prints the path of its checker.
need_beancount() {
  local venv=target/beancount
  if [ ! -x "$venv/bin/bean-check" ]; then
    python3 -m venv "$venv" && "$venv/bin/pip" install --quiet beancount==3.2.3 >&2 || return 1
  fi
  echo "$venv/bin/bean-check"
}

# schemathesis, in a place of its own; prints the path of the Python that has it.
need_schemathesis() {
  local venv=target/schemathesis wanted=tests/attack/requirements.txt
  if [ ! -x "$venv/bin/st" ] || [ "$wanted" -nt "$venv/bin/st" ]; then
    python3 -m venv "$venv" && "$venv/bin/pip" install --quiet --requirement "$wanted" >&2 && touch "$venv/bin/st" || return 1
  fi
  echo "$venv/bin/python"
}

# Libraries that speak Open311, in a place of their own; prints the path of the Python that has them.
need_open311() {
  local venv=target/open311 wanted=tests/open311/requirements.txt
  if [ ! -f "$venv/complete" ] || [ "$wanted" -nt "$venv/complete" ]; then
    python3 -m venv "$venv" && "$venv/bin/pip" install --quiet --requirement "$wanted" >&2 && touch "$venv/complete" || return 1
  fi
  echo "$venv/bin/python"
}
