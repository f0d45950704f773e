#!/usr/bin/env bash
# Rebuilds the weights of the pipeline `sample` from nothing: generates the sample set, trains both encoders on it, encodes it, and trains the fusion
# network. About half an hour on 2 cores. The same machine type gives the same bits: every training has one thread and a seed.
# Usage: deploy/build-sample-models.sh [target-folder] [work-folder]
#   target-folder  receives beit/, wavlm/ and fusion/; default configs/models/sample
#   work-folder    the set, features and courses of the trainings, kept if named; the same command goes on there
set -euo pipefail
cd "$(dirname "$0")/.."
target=${1:-configs/models/sample}
if [ $# -ge 2 ]; then
  mkdir -p "$2"
  work=$(cd "$2" && pwd)
else
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
fi

VIDEOS=200
SEED=1

dotnet build src/ActorCluster.Node -c Release -v quiet -nologo
actorcluster=src/ActorCluster.Node/bin/Release/net10.0/actorcluster
models=$work/models/sample
"$actorcluster" sample-data --out "$work/set" --videos "$VIDEOS" --seed "$SEED"

# The pipeline without its fusion network, which is still to be trained, beside models of the same relative paths.
mkdir -p "$work/pipelines" "$models"
cp configs/models/blazeface-front-128.onnx "$work/models/"
sed -e '/"fusion":/d' -e 's/"name": "sample"/"name": "sample-features"/' configs/pipelines/sample.json > "$work/pipelines/sample-features.json"

train_encoder() { # kind, size, configuration, folder
  "$actorcluster" train-encoder "$1" --manifest "$work/set/manifest.csv" --splits "$work/set/splits.csv" --pipeline "$work/pipelines/sample-features.json" \
    --size "configs/training/$2.json" --config "configs/training/$3.json" --seed "$SEED" --threads 1 --out "$work/encoders/$4" > "$work/$4.log" 2>&1

  # The files that make the checkpoint: its hash, which the fusion network is bound to, must not depend on what else the training leaves.
  mkdir -p "$models/$4"
  cp "$work/encoders/$4"/{config.json,preprocessor_config.json,model.safetensors} "$models/$4/"
}

# Side by side, as each has one thread.
train_encoder visual sample-beit sample-visual beit &
visual=$!
train_encoder audio sample-wavlm sample-audio wavlm || { cat "$work/wavlm.log" >&2; wait; exit 1; }
wait "$visual" || { cat "$work/beit.log" >&2; exit 1; }
tail -n 1 "$work/beit.log" "$work/wavlm.log"

"$actorcluster" process "$work/set/manifest.csv" --pipeline "$work/pipelines/sample-features.json" --data "$work/data" --run features > "$work/process.log"
"$actorcluster" train --run features --data "$work/data" --splits "$work/set/splits.csv" --config configs/training/sample-fusion.json --seed "$SEED" --threads 1 \
  --device cpu --out "$work/fusion"

for encoder in beit wavlm; do
  mkdir -p "$target/$encoder"
  cp "$models/$encoder"/* "$target/$encoder/"
done
mkdir -p "$target/fusion"
cp "$work/fusion/best"/* "$target/fusion/"
sha256sum "$target"/*/*.safetensors
