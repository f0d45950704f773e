#!/usr/bin/env bash
# A cluster on this machine: PostgreSQL and three nodes as processes on loopback, one of them killed half way and started again, and the predictions
# compared, byte for byte, with those of one process. Takes a few minutes; installs ffmpeg and PostgreSQL if they are missing.
# Usage: deploy/cluster-demo.sh [folder]      keeps the videos, results and logs in a new folder; without one, nothing stays
set -euo pipefail
cd "$(dirname "$0")/.."

bin=src/ActorCluster.Node/bin/Release/net10.0/actorcluster
run=demo
copies=$(($(nproc) * 8 < 64 ? $(nproc) * 8 : 64))
slots=$((($(nproc) + 2) / 3))
patience=600

database=$(mktemp -d)
kept=${1:-}
root=$database/demo
[ -z "$kept" ] || root=$(realpath -m -- "$kept")
postgres='' watcher='' process=''
declare -a port=(0 0 0 0) operator=(0 0 0 0) node=('' '' '' '')

say() { printf '\n== %s\n' "$*"; }

fail() {
  echo "cluster-demo: $*" >&2
  exit 1
}

now() { echo $((${EPOCHREALTIME/./} / 1000)); }

alive() { [ -n "$1" ] && kill -0 "$1" 2>/dev/null; }

# Ends a process of ours with a signal, or with SIGKILL when that takes too long. Its exit code becomes this function's.
end() {
  local pid=$1 signal=$2 deadline=$((SECONDS + 80)) code=0
  kill "-$signal" "$pid" 2>/dev/null || true
  while alive "$pid" && [ "$SECONDS" -lt "$deadline" ]; do sleep 0.1; done
  kill -KILL "$pid" 2>/dev/null || true
  wait "$pid" 2>/dev/null || code=$?
  return "$code"
}

clean_up() {
  local code=$? i
  trap - EXIT
  trap '' INT TERM HUP
  for i in "$watcher" "$process" "${node[@]}"; do
    if alive "$i"; then kill -TERM "$i" 2>/dev/null || true; fi
  done
  for i in "$watcher" "$process" "${node[@]}"; do
    # Not a second time: that would stop it at once.
    if [ -n "$i" ]; then end "$i" 0 || true; fi
  done
  if [ -n "$postgres" ]; then end "$postgres" INT || true; fi
  if [ "$code" -ne 0 ] && [ -d "$root/logs" ]; then
    for i in "$root"/logs/*.log; do
      [ ! -s "$i" ] || { echo "--- the end of $(basename "$i")" && tail -n 15 "$i"; } >&2
    done
  fi
  rm -rf "$database"
  [ -z "$kept" ] || [ ! -d "$root" ] || echo "Kept: $root"
  exit "$code"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# A port of loopback where nobody answers; below the range that the kernel gives away.
free_port() {
  local candidate
  while :; do
    candidate=$((20000 + RANDOM % 10000))
    if ! (exec 3<>"/dev/tcp/127.0.0.1/$candidate") 2>/dev/null && [[ " ${taken:-} " != *" $candidate "* ]]; then
      taken="${taken:-} $candidate"
      REPLY=$candidate
      return
    fi
  done
}

# The status of a GET at a node's operator endpoint; 000 when nobody answers.
http_status() (
  status=000
  exec 2>/dev/null 3<>"/dev/tcp/127.0.0.1/$1" || { echo 000 && exit; }
  printf 'GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n' "$2" >&3
  read -r -t 3 _ status _ <&3 || true
  echo "$status"
)

# Waits until a command succeeds while a process lives.
until_holds() {
  local what=$1 pid=$2 deadline=$((SECONDS + patience))
  shift 2
  until "$@"; do
    alive "$pid" || fail "$what: its process has ended."
    [ "$SECONDS" -lt "$deadline" ] || fail "$what: not within $patience s."
    sleep 0.2
  done
}

start_postgres() {
  local programs as=() user password i
  programs=$(deploy/install-postgresql.sh)
  mkdir "$database/postgres"
  if [ "$(id -u)" -eq 0 ]; then
    # PostgreSQL refuses to run as root.
    user=postgres
    id "$user" >/dev/null 2>&1 || user=nobody
    as=(setpriv --reuid="$user" --regid="$(id -gn "$user")" --init-groups --)
    chmod 711 "$database"
    chown "$user" "$database/postgres"
  fi
  password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
  (umask 077 && echo "$password" >"$database/postgres/password")
  [ ${#as[@]} -eq 0 ] || chown "$user" "$database/postgres/password"
  (cd "$database/postgres" && "${as[@]}" "$programs/initdb" --pgdata=data --username=actorcluster --auth=scram-sha-256 --pwfile=password \
    --locale=C --encoding=UTF8 >"$root/logs/initdb.log" 2>&1) || fail "PostgreSQL's database could not be made."
  free_port
  # Whatever ends this script ends the server, too.
  "${as[@]}" setpriv --pdeathsig QUIT -- "$programs/postgres" -D "$database/postgres/data" -p "$REPLY" -c listen_addresses=127.0.0.1 \
    -c unix_socket_directories="$database/postgres" >"$root/logs/postgresql.log" 2>&1 &
  postgres=$!
  until_holds "PostgreSQL starts" "$postgres" "$programs/pg_isready" --quiet --host=127.0.0.1 --port="$REPLY"
  state="Host=127.0.0.1;Port=$REPLY;Database=postgres;Username=actorcluster;Password=$password"
  "$programs/postgres" --version
}

# Starts node 1, 2 or 3. The state's password goes by the environment: arguments are for everybody to read.
start_node() {
  local i=$1
  ACTORCLUSTER__STATE=$state setpriv --pdeathsig KILL -- "$bin" node --roles coordinator,worker,gpu --hostname 127.0.0.1 --port "${port[i]}" \
    --seed "127.0.0.1:${port[1]}" --seed "127.0.0.1:${port[2]}" --seed "127.0.0.1:${port[3]}" --data "$root/cluster" --slots "$slots" --operator-port "${operator[i]}" \
    >>"$root/logs/node$i.log" 2>&1 &
  node[i]=$!
}

is_ready() { [ "$(http_status "${operator[$1]}" /readyz)" = 200 ]; }

published() { find "$root/cluster/runs/$run/predictions" -name '*.csv' 2>/dev/null | wc -l; }

half_published() { [ "$(published)" -ge $((videos / 2)) ]; }

# The first number of that name in a summary: the run's own comes before those of its videos.
figure() { sed -n "s/.*\"$2\": *\([0-9]*\).*/\1/p" "$root/$1/runs/$run/summary.json" | head -n 1; }

# What still runs with one of our folders among its arguments, beside this script and its own subshells.
left_over() {
  local file arguments
  for file in /proc/[0-9]*/cmdline; do
    arguments=$(tr '\0' ' ' 2>/dev/null <"$file") || continue
    case $arguments in
      *cluster-demo.sh*) ;;
      *"$root"* | *"$database"*) echo "$arguments" ;;
    esac
  done
}

command -v dotnet >/dev/null || fail "The .NET 10 SDK is missing: https://dotnet.microsoft.com/download/dotnet/10.0"
[ -z "$kept" ] || [ ! -e "$root" ] || [ -z "$(ls -A "$root")" ] || fail "'$root' is not empty. Name a new folder: the runs in it would go on instead of starting."
# Settings of other nodes on this machine are none of ours.
# shellcheck disable=SC2086
unset ${!ACTORCLUSTER_@}

deploy/install-ffmpeg.sh
echo "Building ..."
dotnet build src/ActorCluster.Node -c Release -v quiet -nologo
mkdir -p "$root"/{videos,logs}

say "PostgreSQL of this demo's own"
start_postgres

say "Videos: the sample clips and $copies longer ones made of them"
cp configs/samples/*.mp4 "$root/videos"
clips=(configs/samples/*.mp4)
for ((i = 1; i <= copies; i++)); do
  # Another comment makes another file: the same file under two names would be processed once.
  ffmpeg -v error -nostdin -stream_loop $((i % 2 + 2)) -i "${clips[i % ${#clips[@]}]}" -map 0 -c copy -metadata comment="copy $i" "$root/videos/copy-$i.mp4"
done
videos=$((copies + ${#clips[@]}))
du -sh "$root/videos" | cut -f1

say "Three nodes of all roles, $slots slot(s) each"
for i in 1 2 3; do
  free_port && port[i]=$REPLY
  free_port && operator[i]=$REPLY
done
for i in 1 2 3; do start_node "$i"; done
for i in 1 2 3; do
  until_holds "Node $i is ready" "${node[i]}" is_ready "$i"
  echo "node $i: 127.0.0.1:${port[i]}, operator endpoint http://127.0.0.1:${operator[i]}, process ${node[i]}"
done

say "The run, submitted to node 2 and watched; node 1 will be killed when half of the videos are done"
began=$(now)
"$bin" run submit "$root/videos" --run "$run" --node "127.0.0.1:${operator[2]}"
setpriv --pdeathsig KILL -- "$bin" run watch "$run" --node "127.0.0.1:${operator[2]}" --node "127.0.0.1:${operator[3]}" > >(sed -u 's/^/  /') 2>&1 &
watcher=$!
until_holds "Half of the videos are done" "$watcher" half_published
# Disowned, so that bash does not tell its end in words of its own.
disown "${node[1]}"
kill -KILL "${node[1]}"
echo "  >> kill -9 of node 1, process ${node[1]}: $(published) of $videos videos done"
sleep 3
start_node 1
echo "  >> node 1 is started again as process ${node[1]}"
for ((deadline = SECONDS + patience; SECONDS < deadline; )); do
  alive "$watcher" || break
  sleep 0.1
done
if alive "$watcher"; then fail "The run has not ended within $patience s."; fi
code=0
wait "$watcher" || code=$?
watcher=''
ended=$(now)
[ "$code" -eq 0 ] || fail "The run did not complete every video: 'actorcluster run watch' ended with exit code $code."
until_holds "Node 1 is ready again" "${node[1]}" is_ready 1

say "The nodes are told to stop (SIGTERM)"
for i in 1 2 3; do
  before=$(now) code=0
  end "${node[i]}" TERM || code=$?
  echo "node $i left in $(($(now) - before)) ms, exit code $code"
  node[i]=''
  [ "$code" -eq 0 ] || fail "Node $i did not leave as it should."
done
end "$postgres" INT || fail "PostgreSQL did not stop as it should."
postgres=''

say "The same videos in one process with $((3 * slots)) slots"
alone_began=$(now)
setpriv --pdeathsig KILL -- "$bin" process "$root/videos" --run "$run" --data "$root/one-process" --slots $((3 * slots)) > >(sed -u 's/^/  /') 2>&1 &
process=$!
code=0
wait "$process" || code=$?
process=''
alone_ended=$(now)
[ "$code" -eq 0 ] || fail "The one process ended with exit code $code."

say "Comparison"
identical=0 different=0
while IFS= read -r name; do
  if cmp -s "$root/cluster/runs/$run/predictions/$name" "$root/one-process/runs/$run/predictions/$name"; then
    identical=$((identical + 1))
  else
    different=$((different + 1))
    echo "differs: $name"
  fi
done < <(cd "$root" && find cluster/runs/$run/predictions one-process/runs/$run/predictions -type f -printf '%P\n' | sort -u)
remains=$(left_over)
temporaries=$(find "$root" -name '*.tmp' | wc -l)
frames=$(figure cluster frames)
echo "prediction files     $identical of $videos identical, byte for byte; $different differ"
echo "chunks               $(figure cluster planned) planned, $(figure cluster started) started, $(figure cluster redone) redone after the kill (the node had $slots slot(s))"
awk -v f="$frames" -v c=$((ended - began)) -v o=$((alone_ended - alone_began)) 'BEGIN {
  printf "three nodes          %d frames in %.1f s: %.0f frames/s, with one node dead in between\n", f, c / 1000, f * 1000 / c
  printf "one process          %d frames in %.1f s: %.0f frames/s, start included\n", f, o / 1000, f * 1000 / o
  printf "ratio                %.2f\n", o / c
}'
echo "left over            $(grep -c . <<<"$remains" || true) processes, $temporaries temporary files"
if [ "$identical" -ne "$videos" ] || [ "$different" -ne 0 ]; then fail "The predictions are not the same."; fi
[ -z "$remains" ] || fail "Processes are left over: $remains"
[ "$temporaries" -eq 0 ] || fail "Temporary files are left over in $root."
say "The same answer, with a node killed half way."
