#!/usr/bin/env bash
# From a fresh clone to predictions: installs ffmpeg if it is missing, builds, processes the sample clips with the pipeline `lite`, then generates videos of
# speakers that nothing was trained on and processes and scores them with the pipeline `sample`: face and voice together.
# Usage: deploy/demo.sh [data-folder]
set -euo pipefail
cd "$(dirname "$0")/.."

if ! command -v dotnet >/dev/null; then
  echo "The .NET 10 SDK is missing: https://dotnet.microsoft.com/download/dotnet/10.0" >&2
  exit 1
fi

deploy/install-ffmpeg.sh
echo "Building ..."
dotnet build src/ActorCluster.Node -c Release -v quiet -nologo

data=${1:-actorcluster-data}
actorcluster=src/ActorCluster.Node/bin/Release/net10.0/actorcluster
"$actorcluster" process configs/samples --data "$data"

# The models were trained on seed 1.
echo
"$actorcluster" sample-data --out "$data/sample-set" --videos 12 --seed 2
echo
"$actorcluster" process "$data/sample-set/manifest.csv" --pipeline sample --data "$data" --run sample
