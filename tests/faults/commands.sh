# Commands that write files, on pali-nano's. Sourced by the scripts beside it; CONSOLE names another console to try.
repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
console=${CONSOLE:-$repository/src/PaliGguf.Cli/bin/Debug/net10.0/PaliGguf.Cli.dll}
nano=$repository/models/pali-nano
[ -f "$console" ] || { echo "$console is not there: dotnet build src/PaliGguf.Cli" >&2; exit 2; }

work=$(mktemp -d)
mkdir "$work/samples"
cp "$nano"/samples/scene_01.png "$work/samples"

# Does not fork: $! of a call in the background is the process itself.
run() { # COMMAND FOLDER
  case $1 in
    convert) exec dotnet "$console" convert "$nano/checkpoint" --out "$2" ;;
    quantize) exec dotnet "$console" quantize "$nano/pali-nano-Q8_0.gguf" q4_0 --out "$2/quantized.gguf" ;;
    adapter) exec dotnet "$console" adapter "$nano/adapter-thai-sentence" --model "$nano" --out "$2/adapter.gguf" ;;
    segment) exec dotnet "$console" segment "$nano/samples/scene_01.png" turtle --model "$nano" --out "$2/drawn.png" ;;
    imatrix) exec dotnet "$console" imatrix --model "$nano" --images "$work/samples" --out "$2/imatrix.gguf" --max-tokens 2 ;;
  esac
}

sums() { (cd "$1" && find . -type f ! -path '*/.*partial*' -exec sha256sum {} + | sort -k2); } # FOLDER
