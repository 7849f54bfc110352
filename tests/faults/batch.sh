#!/bin/bash
# batch.sh [KILLS]: kills `paligguf batch` by SIGKILL at random points (100 unless told), in rounds of up to five kills, each at a random length of its files or at a random moment.
# After each round the same command goes on to the end. What must come: the lines of a run that nothing disturbed, byte for byte once sorted, and the same failures.
set -u
source "$(dirname "$0")/commands.sh"
trap 'rm -rf "$work"' EXIT
kills=${1:-100}
failures=0
fail() { echo "FAILED: $*"; failures=$((failures + 1)); }
pause() { sleep "$(printf '%d.%03d' $(($1 / 1000)) $(($1 % 1000)))"; }
length() { stat -c %s "$1" 2> /dev/null || echo 0; }

list=$work/list.jsonl
for ((i = 0; i < 60; i++)); do
  picture=$nano/samples/scene_$(printf '%02d' $((i % 12 + 1))).png
  ((i % 20 == 7)) && picture=missing.png
  echo "{\"id\": \"$i\", \"image\": \"$picture\"}"
done > "$list"
# Does not fork, as run.
batch() { exec dotnet "$console" batch "$list" --model "$nano" --task caption --task ocr --out "$1"; }

whole=$work/whole.jsonl
(batch "$whole") > /dev/null 2>&1 # One of its pictures is missing.
[ "$(cat "$whole" "$whole.failures.jsonl" | wc -l)" -gt 60 ] || { fail "batch does not run"; exit 1; }
bytes=$(length "$whole")
done=0 rounds=0
while ((done < kills)); do
  out=$work/out.jsonl
  rm -f "$out"*
  rounds=$((rounds + 1))
  for ((k = RANDOM % 5; k >= 0 && done < kills; k--, done++)); do
    batch "$out" > /dev/null 2>&1 &
    process=$!
    if ((done % 3)); then
      until=$((RANDOM * bytes / 32768))
      while kill -0 $process 2> /dev/null && (($(length "$out") < until)); do :; done
    else
      pause $((RANDOM % 1500))
    fi
    kill -9 $process 2> /dev/null
    wait $process 2> /dev/null
  done
  cut=$(length "$out")
  (batch "$out") > "$work/log" 2>&1
  cmp -s <(sort "$out") <(sort "$whole") || fail "round $rounds: other lines after $cut bytes: $(cat "$work/log")"
  cmp -s <(sort "$out.failures.jsonl") <(sort "$whole.failures.jsonl") || fail "round $rounds: other failures"
done
echo "batch: $done kills in $rounds rounds, $(wc -l < "$whole") lines each"
echo "$failures failures"
[ "$failures" = 0 ]
