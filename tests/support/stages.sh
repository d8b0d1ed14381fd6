# Running stages, timing and counting them; and those that are more than one command. Sourced by ./test.

PASSED=0
FAILED=0
TABLE=()

# Runs a stage, keeps its log, and adds up what its output says it tried. A stage that counts
# nothing itself counts as one test.
stage() {
  local name=$1 command=$2 log="$LOGS/$1.log" started=$SECONDS status passed failed
  printf '\n== %s: %s\n' "$name" "$command"
  # The command is a line of the table above, never of a user.
  eval "$command" 2>&1 | tee "$log"
  status=${PIPESTATUS[0]}
  read -r passed failed < <(tally "$log")
  if [ "$((passed + failed))" = 0 ] && [ "$status" = 0 ]; then passed=1; fi
  if [ "$status" != 0 ] && [ "$failed" = 0 ]; then failed=1; fi
  PASSED=$((PASSED + passed))
  FAILED=$((FAILED + failed))
  TABLE+=("$(printf '%-14s %5d s  %6d passed  %4d failed' "$name" "$((SECONDS - started))" "$passed" "$failed")")
}

# Passed and failed, as nextest, cargo test and our own programs write them.
tally() {
  sed 's/\x1b\[[0-9;]*m//g' "$1" | awk '
    function before(word,  i) { for (i = 2; i <= NF; i++) if ($i ~ "^" word "[,;]?$") return $(i - 1) + 0; return 0 }
    /^ *Summary \[.*tests? run:/ || /^test result:/ || /^[0-9]+ passed, [0-9]+ failed$/ {
      passed += before("passed")
      failed += before("failed") + before("timed")
    }
    END { print passed + 0, failed + 0 }'
}

sum_up() {
  printf '\n'
  printf '%s\n' "${TABLE[@]}"
  printf '%-14s %5d s\n\n' total "$SECONDS"
  echo "$PASSED passed, $FAILED failed"
  [ "$FAILED" = 0 ]
}

# The program and all tests. Both at once: tests have dependencies of their own, with which some that the program
# has too are built otherwise, and the program with them.
build() {
  cargo test $PROFILE --workspace --tests --locked --no-run
}

# All tests of all packages.
rust_tests() {
  if cargo nextest --version >/dev/null 2>&1; then
    cargo nextest run $PROFILE --workspace --tests --locked --no-fail-fast --status-level slow --final-status-level fail
  else
    cargo test $PROFILE --workspace --tests --locked --no-fail-fast
  fi
}

# The whole invented history from nothing, and whether chain, books and numbers are whole.
history() {
  rm -rf "$LOGS/history"
  nagar demo --data "$LOGS/history" --no-serve && nagar verify --data "$LOGS/history"
}

# The journal of that history, judged by somebody else's program; the balances in it are ours.
books() {
  local checker
  checker=$(need_beancount) || return 1
  [ -d "$LOGS/history" ] || history || return 1
  nagar export --data "$LOGS/history" --output "$LOGS/journal.beancount" && "$checker" "$LOGS/journal.beancount"
}

# A state of another language, currency and year, running the same services by configuration alone; and
# other laws of property tax.
example() {
  local failed=0
  for folder in examples/valdoria examples/property-tax-methods; do
    nagar check --definitions definitions --definitions "$folder" &&
      nagar test --definitions definitions --definitions "$folder" || failed=1
  done
  return $failed
}

# Workflows as BPMN, read by the library that modellers read them with.
bpmn() {
  need_node_modules tests/bpmn && node tests/bpmn/run.mjs
}

# Reports sent and looked up by Open311, with libraries of other people.
open311() {
  local python
  python=$(need_open311) || return 1
  "$python" tests/open311/run.py
}

# Journeys through the pages in a real browser, in a small demonstration of their own.
browser() {
  need_node_modules && node tests/browser/run.mjs
}

# The same journeys, of a demonstration on PostgreSQL; whoever has a post there walks, and looks at four pages of each
# shape.
journeys() {
  local status
  [ -n "${DATABASE_URL:-}" ] || { echo "There is no PostgreSQL here."; return 1; }
  JOURNEYS_DATABASE=$DATABASE_URL ALIKE=4 CRAWL=1000 CRAWL_AS=all browser
  status=$?
  clear_schemas
  return $status
}

# What tests left behind in a server that stays. A cluster of our own goes as a whole.
clear_schemas() {
  [ -n "$PG_OWN" ] || psql -X -q -A -t -c "select format('drop schema %I cascade;', nspname) from pg_namespace where nspname like 'nagar\\_test\\_%'" "$DATABASE_URL" |
    psql -X -q "$DATABASE_URL" >/dev/null 2>&1
}

# What the program is made of: the bill of materials, whether any of it has a known fault, and whether all of it is
# what deny.toml takes.
supply() {
  local deny audit list failed=0 checks="bans licenses sources"
  python3 tests/support/sbom.py >"$LOGS/nagar.cdx.json" || return 1
  echo "The bill of materials is in $LOGS/nagar.cdx.json."
  if list=$(need_advisories); then
    python3 tests/support/advisories.py "$list" || failed=1
  else
    echo "RustSec's list of known faults cannot be fetched from here: it was not looked at."
  fi
  if audit=$(need_tool cargo-audit); then
    # It fetches the list itself; where that cannot be, nothing was looked at, and that was said above.
    if [ -n "$list" ]; then $audit audit --quiet || failed=1; fi
  else
    echo "cargo-audit is not here, and only ./test deep builds it."
  fi
  if ! deny=$(need_tool cargo-deny); then
    echo "cargo-deny is not here, and only ./test deep builds it: licenses alone were looked at, by the tests of tidiness."
    return $failed
  fi
  if $deny fetch db >/dev/null 2>&1; then
    checks="advisories $checks"
  fi
  # Each is a word of its own.
  $deny --offline check $checks && [ "$failed" = 0 ]
}

# Every form is sent thousands of bodies.
fuzz() {
  FUZZ="${FUZZ:-100}" cargo test $PROFILE --locked --workspace --test http ops_09_
}

# Those tests of pages in which the databases could differ: who is first where several act at once, what is looked for
# and listed in an order, money, and work that waits.
ON_POSTGRESQL="chain:: desk_inbox:: desk_till:: dues:: find_case:: hooks:: metrics:: once:: pay:: registers:: upkeep:: work::"

# What is sent and answered, once more on PostgreSQL: what differs between the databases is the store's alone, and this
# shows it. For every change it is those above, and all with `deep`. What opens a database file by itself, or makes
# databases of its own, is left out. The whole workspace is named so that what was built for the stages before is used:
# for one package alone much of what it depends on would be built once more, with fewer features.
postgresql() {
  local status names=$ON_POSTGRESQL
  [ -n "${DATABASE_URL:-}" ] || { echo "There is no PostgreSQL here."; return 1; }
  if [ -n "${DEEP:-}" ]; then names=; fi
  # Each is a word of its own.
  HTTP_ON=postgresql cargo test $PROFILE --locked --workspace --test http -- --test-threads 4 $names \
    --skip simulation --skip priv_03_without_the_right_master_key_nothing_starts
  status=$?
  clear_schemas
  return $status
}

# The API, attacked by somebody else's program from the OpenAPI document that it serves.
schemathesis() {
  local python
  python=$(need_schemathesis) || return 1
  "$python" tests/attack/run.py
}

# Takes controls away one by one, and sees that the test misses each which tests/mutants.txt names for it. With
# everything in its place that test must pass; else its failure would say nothing.
# They are built into a folder of their own: what is for use is never built with the switch.
mutants() {
  local control package name passed=0 failed=0
  for package in connectors server; do mutant_tests "$package" --no-run || return 1; done
  while read -r control package name; do
    case "$control" in "" | "#"*) continue ;; esac
    if ! mutant_says ok "$package" "$name"; then
      echo "$name does not pass with everything in its place."
      failed=$((failed + 1))
    elif NAGAR_WITHOUT=$control mutant_says FAILED "$package" "$name"; then
      passed=$((passed + 1))
    else
      echo "Nobody misses $control: $name passes without it."
      failed=$((failed + 1))
    fi
  done <tests/mutants.txt
  echo "$passed passed, $failed failed"
  [ "$failed" = 0 ]
}

mutant_tests() {
  local package=$1
  shift
  cargo test $PROFILE --locked --target-dir target/mutants -p "$package" --features mutants --tests "$@" </dev/null
}

# Whether a test ends so. One that hangs has failed.
mutant_says() {
  local wanted=$1 package=$2 name=$3 log="$LOGS/mutant.log" status
  timeout 300 bash -c "$(declare -f mutant_tests); PROFILE=$PROFILE mutant_tests $package $name" >"$log" 2>&1
  status=$?
  if [ "$status" = 124 ]; then [ "$wanted" = FAILED ]; else grep -q "^test .*$name .*$wanted" "$log"; fi
}

# What is tried in small for every change, in its whole size, one after the other and alone on the machine. What each
# measured is printed; it is tried in a build for use, since times are held to as well.
sizes() {
  local failed=0 before
  # Kills of the node, over twenty thousand applications and ten thousand payments, on each database.
  sized commands what_was_answered_before_a_kill SERVING=300,10000 EACH=2 || failed=1
  sized commands connections_that_are_cut CUTS=1000,2000 || failed=1
  sized commands a_database_that_is_killed FALLS=300,2000 || failed=1
  sized commands a_standby_that_is_promoted FALLS=1,300 || failed=1
  # Of the node that has its rows itself: the disk fails, and the machine loses its power.
  sized commands r_07_ FAILS=100,600 || failed=1
  sized commands r_08_ POWER=500,5000 EACH=2 || failed=1
  # A register of fifty thousand is billed, and a hundred times cut off.
  sized commands billing_that_is_cut_off STORM=50000,100 || failed=1
  # Of the node that has its rows itself, and of the database.
  sized commands a_full_disk_ FILLS=30,200 || failed=1
  sized commands nodes_that_are_paused NODES=10000,500 || failed=1
  # Everything that ships, on two nodes.
  sized commands what_is_published_is_served NODES=1,1 || failed=1
  # Two thousand cases are open when the second definition is published, and ten thousand in the end; once more in
  # small, where the nodes that are renewed are those of the version before.
  sized commands nobody_notices ROLLING=0,1250 || failed=1
  before=$(version_before)
  if [ -n "$before" ]; then
    sized commands nobody_notices ROLLING=0,125 NAGAR_OLD="$before" || failed=1
  else
    echo "The version before the tables last changed is not to be had here: nobody was served by it."
  fi
  sized commands a_node_with_all_towns LOADED=32,60 || failed=1
  # Fifty of them are proved whole after every step.
  sized http simulation:: SEEDS=20000 PROVED=50 || failed=1
  # Two hundred passwords or codes are guessed a second, for ten seconds each, while others look at pages.
  sized http auth_13_ STORM=200,10 || failed=1
  # Every form is sent twenty thousand bodies: a third by each of those who send.
  sized http ops_09_forms FUZZ=6700 || failed=1
  # Scripts of an invented state, and walks of every service that ships.
  sized store the_same_commands_leave SCRIPTS=10000 || failed=1
  sized store the_same_walks_of SCRIPTS=10000 || failed=1
  sized commands a_seed_gives_the_same_history_on_both HISTORY=40 || failed=1
  # The node dies at every point of a case's life at which it comes to its database.
  sized store r_02_ POINTS=1 || failed=1
  sized store con_06_ ACTS=1000 || failed=1
  sized store aud_02_ TAMPER=1000 || failed=1
  sized store aud_04_of_a_long_chain EVENTS=10000000 || failed=1
  return $failed
}

# The program as it was before the tables last changed, built in a folder of its own; nothing where this clone does not
# reach so far back.
version_before() {
  local folder="$PWD/target/before" changed
  changed=$(git log -1 --format=%H -- engine/server/src/store/migrations 2>/dev/null)
  [ -n "$changed" ] && git rev-parse --quiet --verify "$changed^" >/dev/null 2>&1 || return 0
  rm -rf "$folder/tree" && mkdir -p "$folder/tree" || return 0
  git archive "$changed^" | tar -x -C "$folder/tree" || return 0
  (cd "$folder/tree" && cargo build --release --locked --target-dir "$folder/built") >&2 && echo "$folder/built/release/nagar"
  rm -rf "$folder/tree"
}

# Whatever reads what strangers send is thrown what chance makes, each for an hour of the processor; and every page of
# every service is sent twenty thousand bodies.
noise() {
  local failed=0
  sized noise ops_09_every_page BODIES=20000 || failed=1
  sized noise whatever_ NOISE=3600 || failed=1
  sized rules noise:: NOISE=3600 || failed=1
  sized http noise:: NOISE=3600 || failed=1
  return $failed
}

# What is for use is built twice from nothing, in the same place, and comes out the same to the last octet.
twice() {
  local sum sums=() failed=0
  for _ in 1 2; do
    rm -rf target/twice
    cargo build --release --locked --target-dir target/twice || return 1
    sum=$(sha256sum <target/twice/release/nagar)
    sums+=("${sum%% *}")
  done
  rm -rf target/twice
  printf '%s\n' "${sums[@]}"
  if [ "${sums[0]}" != "${sums[1]}" ]; then
    echo "The second build is another program."
    failed=1
  fi
  echo "$((1 - failed)) passed, $failed failed"
  return "$failed"
}

# The tests of this name in a size: what they are asked for are variables.
sized() {
  local target=$1 name=$2
  shift 2
  echo "$* $name"
  env "$@" cargo test $PROFILE --locked --workspace --test "$target" "$name" -- --nocapture --test-threads 1
}

# The program that was built.
nagar() {
  target/release/nagar "$@"
}
