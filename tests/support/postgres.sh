# A PostgreSQL for the tests. Sourced by ./test.
#
# $DATABASE_URL is taken if set; else a server that is there and lets us in; else a cluster of our
# own is made, which lives as long as the run and waits for no disk: tests that cut the power make
# clusters of their own. PostgreSQL refuses to run as root, so that root makes it as the user `postgres`.

PG_OWN=

# The folder of the server's programs, which Debian keeps off the path.
postgres_bin() {
  local found
  found=$(command -v initdb 2>/dev/null || ls -d /usr/lib/postgresql/*/bin/initdb 2>/dev/null | sort -V | tail -1)
  [ -x "$found" ] && dirname "$found"
}

pg_as_owner() {
  if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi
}

postgres_answers() {
  command -v psql >/dev/null && PGCONNECT_TIMEOUT=3 psql -X -q -t -c 'select 1' "$1" >/dev/null 2>&1
}

postgres_up() {
  if [ -n "${DATABASE_URL:-}" ]; then return 0; fi
  local usual=postgres://postgres@127.0.0.1:5432/postgres
  if postgres_answers "$usual"; then
    export DATABASE_URL=$usual
    return 0
  fi
  local bin folder port
  bin=$(postgres_bin) || return 1
  folder=$(pg_as_owner mktemp -d "${TMPDIR:-/tmp}/nagar-postgres.XXXXXX") || return 1
  PG_OWN=$folder
  port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])') || return 1
  pg_as_owner "$bin/initdb" -D "$folder/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 >"$LOGS/postgres.log" 2>&1 &&
    pg_as_owner "$bin/pg_ctl" -D "$folder/data" -l "$folder/log" -w -t 60 start \
      -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories=$folder -c max_connections=200 -c fsync=off -c full_page_writes=off" >>"$LOGS/postgres.log" 2>&1 || {
      tail -5 "$LOGS/postgres.log"
      return 1
    }
  export DATABASE_URL=postgres://postgres@127.0.0.1:$port/postgres
}

postgres_down() {
  [ -n "$PG_OWN" ] || return 0
  pg_as_owner "$(postgres_bin)/pg_ctl" -D "$PG_OWN/data" -m immediate stop >/dev/null 2>&1
  rm -rf "$PG_OWN"
}
