#!/bin/bash
# kill.sh [KILLS [COMMAND...]]: kills each command that writes files by SIGKILL at random points (100 unless told), half of them counted from the
# start and half from the moment when it begins to write. After each: what has a final name is whole (the old file or the new one). Wherever
# anything was left: the next run ends well, removes it and writes the same bytes as a run that nothing disturbed.
set -u
source "$(dirname "$0")/commands.sh"
trap 'rm -rf "$work"' EXIT
kills=${1:-100}
shift
failures=0
fail() { echo "FAILED: $*"; failures=$((failures + 1)); }
now() { echo $((${EPOCHREALTIME/./} / 1000)); }
pause() { sleep "$(printf '%d.%03d' $(($1 / 1000)) $(($1 % 1000)))"; }

for command in ${@:-convert quantize adapter imatrix segment}; do
  whole=$work/$command-whole
  mkdir "$whole"
  (run "$command" "$whole") > /dev/null 2>&1 # Once before it is timed.
  began=$(now)
  (run "$command" "$whole") > /dev/null 2>&1 || { fail "$command does not run"; continue; }
  lasts=$(($(now) - began))
  expected=$(sums "$whole")
  early=0 half=0 late=0
  for ((round = 0; round < kills; round++)); do
    folder=$work/$command
    rm -rf "$folder"
    mkdir "$folder"
    # In every other round there are old files in the place of the new ones.
    old=""
    if ((round / 2 % 2)); then
      for file in "$whole"/*; do echo old > "$folder/${file##*/}"; done
      old=$(sums "$folder")
    fi
    (run "$command" "$folder") > /dev/null 2>&1 &
    process=$!
    if ((round % 2)); then
      pause $((RANDOM * lasts / 32768))
    else
      # Until something is in the folder that was not there.
      while kill -0 $process 2> /dev/null && ! compgen -G "$folder/.*partial" > /dev/null; do :; done
      # At once in a quarter of all rounds, as small files are complete within milliseconds.
      ((round % 8 < 3)) || pause $((RANDOM * lasts / 32768 / 4))
    fi
    kill -9 $process 2> /dev/null
    wait $process 2> /dev/null

    while read -r line; do
      [ -z "$line" ] || grep -qxF -- "$line" <<< "$expected"$'\n'"$old" || fail "$command, round $round: neither the old file nor the new one: $line"
    done <<< "$(sums "$folder")"
    [ -z "$(find "$folder" -mindepth 1 -maxdepth 1 -name '.*' ! -name '.paligguf-*.partial')" ] || fail "$command, round $round: an unknown name: $(ls -A "$folder")"
    if [ -n "$(find "$folder" -mindepth 1 -name '.*partial*')" ]; then
      half=$((half + 1))
      (run "$command" "$folder") > "$work/log" 2>&1 || fail "$command, round $round: the next run: $(cat "$work/log")"
      [ "$(sums "$folder")" = "$expected" ] || fail "$command, round $round: other bytes after the next run"
      [ "$(find "$folder" -mindepth 1 | wc -l)" = "$(find "$whole" -mindepth 1 | wc -l)" ] || fail "$command, round $round: left over: $(find "$folder" -mindepth 1)"
    elif [ "$(sums "$folder")" = "$expected" ]; then late=$((late + 1))
    else early=$((early + 1)); fi
  done
  echo "$command ($lasts ms): $kills kills: $early before writing, $half while writing, $late when complete (what these left was removed by the next run)"
done
echo "$failures failures"
[ "$failures" = 0 ]
