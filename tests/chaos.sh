#!/usr/bin/env bash
# Real clusters of processes, killed, frozen, cut apart and starved at moments that seeds choose: every scenario of
# ActorCluster.Cluster.Tests, also those that tests/run.sh leaves out. Ends with a table of what was done again and left over.
# Usage: tests/chaos.sh [--seeds N] [--scenario NAME]     (by default 5 seeds of all; NAME may be part of a name)
set -uo pipefail
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

usage() {
  sed -n '4s/^# //p' tests/chaos.sh >&2
  exit 2
}

seeds=5 scenario=""
while [ $# -gt 0 ]; do
  [ $# -ge 2 ] || usage
  case $1 in
    --seeds) seeds=$2 ;;
    --scenario) scenario=$2 ;;
    *) usage ;;
  esac
  shift 2
done
[[ $seeds =~ ^[1-9][0-9]{0,3}$ ]] || usage

tests/install.sh || exit 1
dotnet build tests/ActorCluster.Cluster.Tests -c Release -v quiet -nologo || exit 1
rows=$(mktemp)
trap 'rm -f "$rows"' EXIT
ACTORCLUSTER_CHAOS_SEEDS=$seeds ACTORCLUSTER_CHAOS_TABLE=$rows dotnet test tests/ActorCluster.Cluster.Tests -c Release --no-build --nologo \
  --logger "console;verbosity=normal" ${scenario:+--filter "FullyQualifiedName~$scenario"}
code=$?

echo
echo "Load average: $(cut -d ' ' -f 1-3 /proc/loadavg)"
echo
sort -s -t $'\t' -k 1,1 "$rows" | awk -F '\t' '
  function row() { if (name != "") printf "| %s | %d | %d, %d | %d | %d of %d | %d of %d |\n", name, n, most, sum, bound, same, n, clean, n }
  BEGIN {
    print "| scenario | seeds | chunks done again: most, all | bound for each | identical | nothing left |"
    print "|---|---|---|---|---|---|"
  }
  $1 != name { row(); name = $1; n = most = sum = bound = same = clean = 0 }
  { n++; sum += $3; if ($3 > most) most = $3; if ($4 > bound) bound = $4; same += $5 == "yes"; clean += $6 == "yes" }
  END { row() }'
exit "$code"
