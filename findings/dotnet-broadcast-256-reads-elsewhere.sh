#!/usr/bin/env bash
# .NET 10.0.12 (from NuGet, self-contained): Avx512F.BroadcastVector256ToVector512 of 64-bit elements reads from twice the offset that was
# asked for, in optimized code, where the compiler makes the offset part of the instruction.
#
# Guess before:  which of its element types is taken for 32 bytes of anything makes no difference.
# Seen:          of bytes that say in which 32 they lie, those at offset 128 are 4 by the method for 32-bit elements (vbroadcasti32x8), and
#                8 by those for 64-bit ones (vbroadcasti64x4, vbroadcastf64x4). The short form of an offset counts in units of what is read;
#                the listing says "xmmword ptr", 16 bytes, where it is 32. At offset 0, or by an index that is not known, they are right.
# Why it matters: no error, and right numbers in the first iteration: sums are wrong by what lies elsewhere, or a read ends beyond the
#                array. Take Avx512DQ's method for 32-bit elements and reinterpret.
# Needs:         the .NET 10 SDK, and a processor with AVX-512 F and DQ.
set -euo pipefail
command -v dotnet >/dev/null || { echo "dotnet is missing." >&2; exit 2; }
grep -q avx512dq /proc/cpuinfo || { echo "The processor has no AVX-512." >&2; exit 2; }
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
cat > look.csproj <<'XML'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <RuntimeIdentifier>linux-x64</RuntimeIdentifier>
    <SelfContained>true</SelfContained>
    <RuntimeFrameworkVersion>10.0.12</RuntimeFrameworkVersion>
    <AllowUnsafeBlocks>true</AllowUnsafeBlocks>
  </PropertyGroup>
</Project>
XML
cat > Look.cs <<'CS'
using System;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

unsafe
{
    byte[] all = GC.AllocateArray<byte>(1024, pinned: true);
    for (int index = 0; index < all.Length; index++) all[index] = (byte)(index / 32);
    byte* first = (byte*)Unsafe.AsPointer(ref all[0]);
    int[] seen = [Reads.Ints(first), Reads.Longs(first), Reads.Doubles(first), Reads.LongsAtStart(first), Reads.LongsAt(first, 128)];
    Console.WriteLine($".NET {Environment.Version}: by 32 bits {seen[0]}, by 64 {seen[1]}, floats {seen[2]}; at 0 {seen[3]}, by index {seen[4]}");
    return seen is [4, 8, 8, 0, 4] ? 0 : 1;
}

static unsafe class Reads
{
    private const MethodImplOptions Compiled = MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining;

    [MethodImpl(Compiled)]
    public static int Ints(byte* first) => Avx512DQ.BroadcastVector256ToVector512((uint*)(first + 128)).AsByte()[0];

    [MethodImpl(Compiled)]
    public static int Longs(byte* first) => Avx512F.BroadcastVector256ToVector512((ulong*)(first + 128)).AsByte()[0];

    [MethodImpl(Compiled)]
    public static int Doubles(byte* first) => Avx512F.BroadcastVector256ToVector512((double*)(first + 128)).AsByte()[0];

    [MethodImpl(Compiled)]
    public static int LongsAtStart(byte* first) => Avx512F.BroadcastVector256ToVector512((ulong*)first).AsByte()[0];

    [MethodImpl(Compiled)]
    public static int LongsAt(byte* first, nint offset) => Avx512F.BroadcastVector256ToVector512((ulong*)(first + offset)).AsByte()[0];
}
CS
dotnet build -c Release -v q --nologo >build.log 2>&1 || { cat build.log >&2; exit 2; }
status=0; ./bin/Release/net10.0/linux-x64/look || status=$?
[ $status != 1 ] || echo "CHANGED: it reads from another place now."
exit $status
