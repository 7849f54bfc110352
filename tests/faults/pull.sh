#!/usr/bin/env bash
# pull.sh [SIZE] [TYPE] [--kill SECONDS] : pulls a synthetic checkpoint from a hub on this computer, and tells bytes read, peak disk and peak memory.
# With --kill the first run is killed (SIGKILL) after so many seconds, and a second one goes on.
set -euo pipefail
cd "$(dirname "$0")/../.."
size=${1:-3b-224}; type=${2:-q8_0}; kill_after=; [ "${3:-}" = --kill ] && kill_after=$4
program=src/PaliGguf.Cli/bin/Debug/net10.0/paligguf
work=$(mktemp -d); trap 'kill "$hub" 2>/dev/null || true; rm -rf "$work"' EXIT
"$program" synth "$size" --out "$work/checkpoint" > /dev/null 2>&1
echo "checkpoint: $(du -sb "$work/checkpoint" | cut -f1) bytes"
python3 tests/faults/hub.py 18980 "google/synthetic-$size=$work/checkpoint" > "$work/hub.log" & hub=$!
until grep -q ready "$work/hub.log"; do sleep 0.1; done
export PALIGGUF_HOME="$work/home" HF_ENDPOINT=http://127.0.0.1:18980 HF_HOME="$work/none"; mkdir -p "$PALIGGUF_HOME"

run() { # name : peak of the process's memory in kB, and of the folder's blocks on the disk
  echo "\$ paligguf pull google/synthetic-$size --type $type"
  "$program" pull "google/synthetic-$size" --type "$type" > "$work/out" 2> "$work/err" & pid=$!
  begin=$(date +%s.%N); memory=0; disk=0
  while [ -e /proc/$pid/status ]; do
    now=$(awk '/VmHWM/ {print $2}' /proc/$pid/status 2>/dev/null || true); [ "${now:-0}" -gt $memory ] && memory=$now
    now=$(du -s --block-size=1 "$PALIGGUF_HOME" 2>/dev/null | cut -f1 || true); [ "${now:-0}" -gt $disk ] && disk=$now
    if [ -n "$kill_after" ] && [ "$(echo "$(date +%s.%N) - $begin > $kill_after" | bc)" = 1 ]; then kill -9 $pid; kill_after=; fi
    sleep 0.2
  done
  wait $pid && code=0 || code=$?
  tail -n 1 "$work/err"; sed "s|$work/home|~/.local/share/paligguf|" "$work/out"
  echo "exit code $code after $(echo "$(date +%s.%N) - $begin" | bc) s; peak memory $((memory / 1000)) MB, peak disk $((disk / 1000000)) MB"
}
[ -n "$kill_after" ] && run
run
kill "$hub"; wait "$hub" || true; tail -1 "$work/hub.log"
"$program" convert "$work/checkpoint" --out "$work/converted" --type "$type" --name "synthetic-$size" > /dev/null 2>&1
python3 - "$PALIGGUF_HOME" "$work"/converted/*.gguf <<'P'
import os, pathlib, sys
# The metadata of what was pulled tells where it comes from; the tensors are all that follows it.
for name in sys.argv[2:]:
    pulled = next(pathlib.Path(sys.argv[1]).rglob(os.path.basename(name)))
    more = pulled.stat().st_size - os.path.getsize(name)
    tensors = os.path.getsize(name) - (16 << 20)
    with open(name, "rb") as a, open(pulled, "rb") as b:
        a.seek(-tensors, 2); b.seek(-tensors, 2)
        same = all(a.read(1 << 24) == b.read(1 << 24) for _ in range(0, tensors, 1 << 24))
    print(f"{os.path.basename(name)}: {more} bytes more than 'convert' writes of the folder, all but the first 16 MB {'equal' if same else 'DIFFERENT'}")
P
