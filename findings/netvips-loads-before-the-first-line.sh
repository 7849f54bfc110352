#!/usr/bin/env bash
# NetVips 3.2.0 (NuGet) on .NET 10: its native library is searched for, and its resolver for native libraries set, as soon as a method that
# names one of its types is compiled, before that method's first line runs. A program that wants to say where libvips lies is too late
# even if its first statement says so.
#
# Guess before:  naming a type runs nothing; NativeLibrary.SetDllImportResolver can be called before the first call into NetVips.
# Seen:          in the method that names typeof(NetVips.Image), the call throws "A resolver is already set for the assembly"; the same call
#                in a method that takes the assembly by Assembly.Load("NetVips") and names no type succeeds, and NetVips then swallows that
#                it came second.
# Why it matters: programs that ship libvips in a folder of their own (beside another version in the system, for example) get whatever the
#                system has. The order is decided by the compiler, so moving a line can change it.
# Needs:         the .NET 10 SDK. libvips itself is not needed.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
cat > early.csproj <<'XML'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings><NuGetAudit>false</NuGetAudit></PropertyGroup>
  <ItemGroup><PackageReference Include="NetVips" Version="3.2.0" /></ItemGroup>
</Project>
XML
cat > Program.cs <<'CS'
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

Console.WriteLine(args is ["named"] ? Named() : Unnamed());

[MethodImpl(MethodImplOptions.NoInlining)]
static string Named() => Set(typeof(NetVips.Image).Assembly);

[MethodImpl(MethodImplOptions.NoInlining)]
static string Unnamed() => Set(Assembly.Load("NetVips"));

static string Set(Assembly assembly)
{
    try
    {
        NativeLibrary.SetDllImportResolver(assembly, (_, _, _) => 0);
        return "set";
    }
    catch (InvalidOperationException late)
    {
        return late.Message;
    }
}
CS
dotnet build -v quiet --nologo -c Release | grep -E "error" && exit 2
named=$(dotnet bin/Release/net10.0/early.dll named); unnamed=$(dotnet bin/Release/net10.0/early.dll)
echo "a type is named: $named"; echo "none is named: $unnamed"
[[ "$named" == *"already set"* && "$unnamed" == set ]] || { echo "CHANGED: NetVips can be told in time now, or not at all."; exit 1; }
