#!/usr/bin/env bash
# LLamaSharp.Backend.Cpu 0.30.0 (NuGet), linux-x64: the variant in the folder "avx" holds instructions of FMA, F16C and BMI2, which
# processors that have AVX and no AVX2 lack in part: Sandy Bridge and Ivy Bridge have neither FMA nor BMI2, Bulldozer and Piledriver no
# BMI2. LLamaSharp takes the folder where .NET says Avx.IsSupported.
#
# Guess before:  the file in "avx" needs AVX, the one in "noavx" is for what is older.
# Seen:          libggml-cpu.so in "avx" has vfmadd231ps (FMA), vcvtph2ps (F16C) and sarx or shlx (BMI2), hundreds of them; "noavx" has none.
# Why it matters: on such a processor the first product ends the process with an illegal instruction, without a message. Whoever chooses a
#                variant has to ask for all of these, and take "noavx" otherwise.
# Needs:         the .NET 10 SDK and objdump (binutils). Only reads the files: nobody here has such a processor.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
command -v objdump >/dev/null || { echo "objdump is missing: install binutils." >&2; exit 2; }
cat > fetch.csproj <<'XML'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><TargetFramework>net10.0</TargetFramework><NuGetAudit>false</NuGetAudit><RestorePackagesPath>packages</RestorePackagesPath></PropertyGroup>
  <ItemGroup><PackageDownload Include="LLamaSharp.Backend.Cpu" Version="[0.30.0]" /></ItemGroup>
</Project>
XML
dotnet restore -v quiet --nologo || exit 2
count() {
    local file; file=$(find packages -path "*linux-x64/native/$1/libggml-cpu.so" | head -1)
    [ -n "$file" ] || { echo "there is no libggml-cpu.so in $1" >&2; exit 2; }
    objdump -d --no-show-raw-insn "$file" | awk '{print $2}' | grep -cE "^($2)$" || true
}
for variant in avx noavx; do
    declare "fma_$variant=$(count $variant 'vfmadd[0-9]+ps')" "f16c_$variant=$(count $variant 'vcvtph2ps|vcvtps2ph')" "bmi2_$variant=$(count $variant 'sarx|shlx|shrx')"
done
echo "avx: $fma_avx of FMA, $f16c_avx of F16C, $bmi2_avx of BMI2; noavx: $fma_noavx, $f16c_noavx, $bmi2_noavx"
(( fma_avx > 0 && f16c_avx > 0 && bmi2_avx > 0 && fma_noavx == 0 && bmi2_noavx == 0 )) \
    || { echo "CHANGED: the variants hold other instructions now."; exit 1; }
