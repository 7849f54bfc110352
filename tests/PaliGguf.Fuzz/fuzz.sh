#!/usr/bin/env bash
# Runs one target for some minutes, from its corpus: fuzz.sh TARGET [MINUTES]. Needs afl++ (apt-get install afl++).
# Ends with 1 if an input crashed the reader, took it more than a second, or made it allocate more than it may; these inputs lie in
# artifacts/fuzz/TARGET/default. With PALIGGUF_FUZZ_BUILT=1 the program of the run before is used again.
set -euo pipefail
cd "$(dirname "$0")/../.."
target=$1 minutes=${2:-5}
command -v afl-fuzz >/dev/null || { echo "afl-fuzz is missing: apt-get install afl++" >&2; exit 2; }
program=artifacts/fuzz/program tools=artifacts/fuzz/tools out=artifacts/fuzz/$target
if [ -z "${PALIGGUF_FUZZ_BUILT:-}" ]; then
    rm -rf "$program"
    dotnet build tests/PaliGguf.Fuzz -c Release -o "$program" -v quiet --nologo
    [ -x "$tools/sharpfuzz" ] || dotnet tool install SharpFuzz.CommandLine --version 2.3.0 --tool-path "$tools"
    for library in "$program"/PaliGguf*.dll "$program"/libpaligguf.dll; do
        case $library in *PaliGguf.Fuzz.dll) ;; *) "$tools/sharpfuzz" "$library" ;; esac
    done
fi
rm -rf "$out"; mkdir -p "$out"
export AFL_SKIP_BIN_CHECK=1 AFL_SKIP_CPUFREQ=1 AFL_NO_AFFINITY=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_NO_UI=1 AFL_FORKSRV_INIT_TMOUT=60000
export DOTNET_TieredPGO=0 DOTNET_gcServer=0 DOTNET_gcConcurrent=0
afl-fuzz -i "tests/PaliGguf.Fuzz/corpus/$target" -o "$out" -t 1000 -m none -V "$(awk "BEGIN { print int(60 * $minutes) }")" -- dotnet "$program/PaliGguf.Fuzz.dll" "$target" \
    > "$out/log.txt" || { tail -20 "$out/log.txt" >&2; exit 2; }
value() { sed -nE "s/^$1 +: +//p" "$out/default/fuzzer_stats"; }
echo "| $target | $(value execs_done) | $(value execs_per_sec) | $(value corpus_count) | $(value saved_crashes) | $(value saved_hangs) |"
[ "$(value saved_crashes)" = 0 ] && [ "$(value saved_hangs)" = 0 ]
