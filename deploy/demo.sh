#!/usr/bin/env bash
# From a fresh clone to predictions: installs ffmpeg if it is missing, builds, and processes the sample clips.
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

exec src/ActorCluster.Node/bin/Release/net10.0/actorcluster process configs/samples --data "${1:-actorcluster-data}"
