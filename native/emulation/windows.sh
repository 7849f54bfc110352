#!/usr/bin/env bash
# The win-x64 program under Wine: the golden answers of the console tests.
# Argument: a folder to work in. Needs Debian with wine64 and gcc-mingw-w64-x86-64 (apt-get install wine wine64 gcc-mingw-w64-x86-64).
set -euo pipefail
cd "$(dirname "$0")/../.."
work=$(mkdir -p "$1" && cd "$1" && pwd)
for tool in wine x86_64-w64-mingw32-gcc; do command -v $tool >/dev/null || { echo "$tool is missing: install it and run again." >&2; exit 1; }; done

export WINEPREFIX=$work/prefix WINEDEBUG=-all DISPLAY=
wine wineboot --init >/dev/null 2>&1 || true

# Wine 8 lacks the one function that libvips takes from bcryptprimitives.dll.
system=$WINEPREFIX/drive_c/windows/system32
cat > "$work/random.c" <<'C'
#include <windows.h>
BOOLEAN NTAPI SystemFunction036(PVOID, ULONG);
__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE bytes, SIZE_T count) { return SystemFunction036(bytes, (ULONG)count); }
C
[ -e "$system/bcryptprimitives.dll" ] || x86_64-w64-mingw32-gcc -shared -O1 -o "$system/bcryptprimitives.dll" "$work/random.c" -ladvapi32

dotnet publish src/PaliGguf.Cli -r win-x64 --self-contained -c Release -o "$work/win" -v quiet --nologo -p:PaliGgufNatives=node
# Under Wine 8 .NET 10 does not survive the collection of methods made at run time while its code pages are kept unwritable.
program="env DOTNET_EnableWriteXorExecute=0 wine $work/win/paligguf.exe"
$program doctor
PALIGGUF_TEST_PROGRAM=$program dotnet test tests/PaliGguf.Cli.Tests --nologo -v quiet \
    --filter "(FullyQualifiedName~AnswerCommandTests&FullyQualifiedName!~file_URI)|FullyQualifiedName~Json_agrees_with_the_reference|FullyQualifiedName~DetectCommandTests|FullyQualifiedName~SegmentCommandTests"
