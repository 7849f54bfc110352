#!/usr/bin/env bash
# libvips 8.18.7 (NetVips.Native from NuGet) refuses a CIELAB TIFF of three 8-bit samples, the plain form of TIFF 6.0's section 23, and
# takes another white for those of 16 bits than the format's ICC profiles, libtiff and Little CMS do.
#
# Guess before:  both are read: 8 bits as L, a, b, and colours with the white of D50, within a level or two of what was put in.
# Seen:          8 bits, three samples: "bad labq format"; the same file with a fourth, unused sample is read. 16 bits: sRGB (20, 30, 240),
#                written as Lab with D50 for white, comes back as (0, 45, 239): Lab is taken to be of D65.
# Why it matters: scans and print files are Lab with D50. Blues turn, and nothing says so.
# Needs:         the .NET 10 SDK and python3.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

python3 - <<'PY'
import struct

def lab(r, g, b):
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (r / 255, g / 255, b / 255)]
    to_d50 = ((0.4360747, 0.3850649, 0.1430804), (0.2225045, 0.7168786, 0.0606169), (0.0139322, 0.0971045, 0.7141733))  # Bradford
    x, y, z = (sum(m * c for m, c in zip(row, linear)) / white for row, white in zip(to_d50, (0.96422, 1, 0.82521)))
    f = [t ** (1 / 3) if t > 216 / 24389 else (24389 / 27 * t + 16) / 116 for t in (x, y, z)]
    return 116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])

def tiff(name, bits, samples, pixel):
    side, data = 16, b""
    data = pixel * (side * side)
    entries = [(256, 3, side), (257, 3, side), (258, 3, [bits] * samples), (259, 3, 1), (262, 3, 8), (273, 4, "data"), (277, 3, samples),
               (278, 3, side), (279, 4, len(data))] + ([(338, 3, 0)] if samples == 4 else [])
    start = 8 + 2 + 12 * len(entries) + 4
    extra, directory = b"", struct.pack("<H", len(entries))
    for tag, kind, value in entries:
        values = value if isinstance(value, list) else [value]
        if len(values) * 2 > 4:
            directory += struct.pack("<HHII", tag, kind, len(values), start + len(extra))
            extra += struct.pack(f"<{len(values)}H", *values)
        else:
            value = start + 8 if value == "data" else values[0]
            directory += struct.pack("<HHII", tag, kind, 1, value)
    extra = extra.ljust(8, b"\0")
    open(name, "wb").write(struct.pack("<2sHI", b"II", 42, 8) + directory + struct.pack("<I", 0) + extra + data)

l, a, b = lab(20, 30, 240)
eight = struct.pack("<Bbb", round(l * 255 / 100), round(a), max(-128, round(b)))
tiff("lab8-3.tif", 8, 3, eight)
tiff("lab8-4.tif", 8, 4, eight + b"\0")
tiff("lab16-3.tif", 16, 3, struct.pack("<Hhh", round(l * 65535 / 100), round(a * 256), round(b * 256)))
print("Lab of (20, 30, 240) with D50: %.2f %.2f %.2f" % (l, a, b))
PY

cat > lab.csproj <<'XML'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings><NuGetAudit>false</NuGetAudit></PropertyGroup>
  <ItemGroup>
    <PackageReference Include="NetVips" Version="3.2.0" />
    <PackageReference Include="NetVips.Native" Version="8.18.7" />
  </ItemGroup>
</Project>
XML
cat > Program.cs <<'CS'
Console.WriteLine($"libvips {NetVips.NetVips.Version(0)}.{NetVips.NetVips.Version(1)}.{NetVips.NetVips.Version(2)}");
string three = Read("lab8-3.tif"), four = Read("lab8-4.tif"), deep = Read("lab16-3.tif");
return three.Contains("labq") && !four.Contains("labq") && deep == "0 45 239" ? 0 : 1;

static string Read(string file)
{
    string seen;
    try
    {
        using NetVips.Image image = NetVips.Image.NewFromFile(file);
        using NetVips.Image srgb = image.Colourspace(NetVips.Enums.Interpretation.Srgb);
        seen = string.Join(' ', srgb.Getpoint(8, 8).Take(3));
    }
    catch (NetVips.VipsException e)
    {
        seen = e.Message.ReplaceLineEndings(" ").Trim();
    }

    Console.WriteLine($"{file}: {seen}");
    return seen;
}
CS
dotnet run
