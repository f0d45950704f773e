#!/usr/bin/env bash
# The figures of the pipeline `sample` on the test split: the ablation of modality dropout, and networks of equal size that look at both modalities (those
# of the ablation with dropout), at video alone and at audio alone; 5 seeds each. Needs a work folder that build-sample-models.sh has filled.
# Usage: deploy/sample-table.sh <work-folder>
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(cd "${1:?the work folder of build-sample-models.sh}" && pwd)
actorcluster=src/ActorCluster.Node/bin/Release/net10.0/actorcluster
common=(--run features --data "$work/data" --splits "$work/set/splits.csv")

evaluate() { # network, folder
  mkdir -p "$2"
  "$actorcluster" evaluate "${common[@]}" --checkpoint "$1" --set test --threads 1 --device cpu --out "$2" > "$2/log" 2>&1
}

one() { # modalities, seed
  local out=$work/table/$1-$2
  mkdir -p "$out"
  "$actorcluster" train "${common[@]}" --config configs/training/sample-fusion.json --seed "$2" --modalities "$1" --threads 1 --device cpu --out "$out/training" > "$out/train.log" 2>&1
  evaluate "$out/training/best" "$out/evaluation"
}

"$actorcluster" ablate "${common[@]}" --grid configs/training/ablation-sample.json --device cpu --out "$work/ablation"

# Side by side, as each has one thread.
for seed in 1 2 3 4 5; do
  one video "$seed" &
  video=$!
  one audio "$seed" &
  audio=$!
  evaluate "$work/ablation/trials/p=0.10 d=64 l=2/seed-$seed/best" "$work/table/both-$seed/evaluation"
  wait "$video"
  wait "$audio"
done
for modalities in both video audio; do
  for seed in 1 2 3 4 5; do
    echo "$modalities, seed $seed: $(grep -m 3 -E '^\| (Raw|Voted|Smoothed)' "$work/table/$modalities-$seed/evaluation/report.md" | tr '\n' ' ')"
  done
done
