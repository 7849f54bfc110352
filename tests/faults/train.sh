#!/bin/bash
# train.sh: the trainer on a full disk. Needs root, for disks of memory of several sizes (mount -t tmpfs), and the trainer, built. What must
# come: a refusal in one line and no remains of what was being written; and when there is room again, the same command goes on to the files
# of a run that was not disturbed.
set -u
repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
trainer=${TRAINER:-$repository/src/PaliGguf.Cli/bin/Debug/net10.0/train/paligguf-train.dll}
[ "$(id -u)" = 0 ] || { echo "train.sh mounts disks of memory, which only root may" >&2; exit 2; }
[ -f "$trainer" ] || { echo "$trainer is not there: dotnet build src/PaliGguf.Training" >&2; exit 2; }
work=$(mktemp -d)
disk=$work/disk
mkdir "$disk"
trap 'umount "$disk" 2> /dev/null; rm -rf "$work"' EXIT
failures=0
fail() { echo "FAILED: $*"; failures=$((failures + 1)); }

cp "$repository"/models/pali-nano/samples/scene_0[1-4].png "$work"
for i in 1 2 3 4; do echo "{\"image\": \"scene_0$i.png\", \"prefix\": \"caption en\", \"suffix\": \"picture $i\"}"; done > "$work/data.jsonl"
train() { # FOLDER
  dotnet "$trainer" "$work/data.jsonl" --model "$repository/models/pali-nano" --out "$1" --targets all-linear --steps 6 --batch 2 \
    --micro-batch 2 --save-every 2 --validation "$work/data.jsonl" --validate-every 2 --validation-pictures 1 --threads 1
}
results() { (cd "$1" && sha256sum peft/* adapter.gguf last.safetensors | grep -v README); } # FOLDER

train "$work/whole" > /dev/null 2>&1 || { echo "the trainer does not run" >&2; exit 1; }
pages=$(($(find "$work/whole" -type f -exec cat {} + | wc -c) / 4096))
for percent in 0 1 10 30 50 70 90 97; do
  mount -t tmpfs -o size=$(((pages * percent / 100 + 4) * 4096)) faults "$disk"
  train "$disk/run" > "$work/out" 2> "$work/err"
  code=$?
  [ $code = 1 ] || fail "$percent %: exit code $code"
  [ "$(grep -c '^paligguf:' "$work/err")" = 1 ] && [[ $(tail -n 1 "$work/err") == paligguf:* ]] || fail "$percent %: not one line: $(cat "$work/err")"
  [ -z "$(find "$disk" -name '*partial*')" ] || fail "$percent %: left: $(find "$disk" -name '*partial*')"
  echo "$percent %: $(tail -n 1 "$work/err" | sed "s#$work#DIR#g")"
  mount -o remount,size=64m "$disk"
  train "$disk/run" > "$work/out" 2> "$work/err" || fail "$percent %, with room again: $(tail -n 1 "$work/err")"
  [ "$(results "$disk/run")" = "$(results "$work/whole")" ] || fail "$percent %: other files than those of an undisturbed run"
  umount "$disk"
done
echo "$failures failures"
[ "$failures" = 0 ]
