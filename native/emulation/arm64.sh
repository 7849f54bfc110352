#!/usr/bin/env bash
# The linux-arm64 program under qemu, on three processors for which llama.cpp has three variants: the golden answers of the console tests.
# Argument: a folder to work in. Needs Debian with qemu-user-static (apt-get install qemu-user-static); nothing of arm64 is installed.
set -euo pipefail
cd "$(dirname "$0")/../.."
work=$(mkdir -p "$1" && cd "$1" && pwd)
command -v qemu-aarch64-static >/dev/null || { echo "qemu-user-static is missing: install it and run again." >&2; exit 1; }

# The system libraries of arm64, unpacked and not installed.
if [ ! -e "$work/root/lib/ld-linux-aarch64.so.1" ]; then
    mkdir -p "$work"/lists/partial "$work"/debs/partial "$work"/root
    cat > "$work/apt.conf" <<APT
APT::Architecture "arm64"; APT::Architectures { "arm64"; }; APT::Sandbox::User "root";
Dir::State::lists "$work/lists"; Dir::Cache::archives "$work/debs"; Dir::State::status "/dev/null"; Dir::Cache::pkgcache ""; Dir::Cache::srcpkgcache "";
APT
    export APT_CONFIG=$work/apt.conf
    apt-get update -qq
    (cd "$work/debs" && apt-get download -qq libc6 libgcc-s1 libstdc++6 libgomp1 zlib1g libssl3)
    for package in "$work"/debs/*.deb; do dpkg -x "$package" "$work/root"; done
    unset APT_CONFIG
fi

dotnet publish src/PaliGguf.Cli -r linux-arm64 --self-contained -c Release -o "$work/arm64" -v quiet --nologo -p:PaliGgufNatives=node
variants=()
for processor in cortex-a72 cortex-a76 max; do
    program="qemu-aarch64-static -L $work/root -cpu $processor $work/arm64/paligguf"
    variants+=("$($program doctor | sed -nE 's/.*CPU variant ([^;]+);.*/\1/p')")
    echo "$processor runs $(printf '%s' "${variants[-1]}")"
    PALIGGUF_TEST_PROGRAM=$program dotnet test tests/PaliGguf.Cli.Tests --nologo -v quiet \
        --filter "FullyQualifiedName~AnswerCommandTests|FullyQualifiedName~Json_agrees_with_the_reference|FullyQualifiedName~DetectCommandTests|FullyQualifiedName~SegmentCommandTests"
done
[ "$(printf '%s\n' "${variants[@]}" | sort -u | wc -l)" = 3 ] || { echo "Expected three variants, found: ${variants[*]}" >&2; exit 1; }
