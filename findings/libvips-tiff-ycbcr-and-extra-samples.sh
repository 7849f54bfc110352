#!/usr/bin/env bash
# libvips 8.18.7 (NetVips.Native.linux-x64 from NuGet, NetVips 3.2.0): three kinds of valid TIFF whose samples come out as something else
# than they say. An uncompressed YCbCr picture is handed on as three bands that call themselves sRGB, unconverted. A fourth sample that
# ExtraSamples declares as unspecified (0: near-infrared in aerial pictures, for example) is handed on as a fourth band, which flatten()
# and every reader of "RGBA" take for alpha; nothing in the picture's metadata tells the two apart. Of float samples from 0 to 1 the
# stored values come, as scRGB.
#
# Guess before:  a reader of TIFF turns YCbCr into RGB (TIFF 6.0, section 21), and tells alpha from what is no alpha.
# Seen:          the orange pixel (250, 120, 30), stored as YCbCr 149, 61, 200, is read as the purple (149, 61, 200) with interpretation
#                srgb; with ExtraSamples 0 and a fourth sample of 10, flatten() on white gives (254, 249, 246), nearly white; hasalpha says
#                true. With ExtraSamples 2 the picture has the same bands, type and metadata.
# Why it matters: a model that looks at aerial or scanned pictures sees purple or white ones, without a word. The tags have to be read
#                from the file itself.
# Needs:         the .NET 10 SDK and python3, linux-x64.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
command -v python3 >/dev/null || { echo "python3 is missing." >&2; exit 2; }
python3 - <<'PY'
import struct
def tiff(name, photometric, pixel, extra=None):
    side, count = 8, len(pixel)
    data = bytes(pixel) * (side * side)
    bits = struct.pack('<%dH' % count, *[8] * count)
    tags = [(256, 3, 1, side), (257, 3, 1, side), (258, 3, count, 8), (259, 3, 1, 1), (262, 3, 1, photometric), (273, 4, 1, 8 + len(bits)),
            (277, 3, 1, count), (278, 3, 1, side), (279, 4, 1, len(data)), (284, 3, 1, 1)]
    if photometric == 6: tags.append((530, 3, 2, 1 | 1 << 16))
    if extra is not None: tags.append((338, 3, 1, extra))
    body = bits + data
    directory = struct.pack('<H', len(tags)) + b''.join(struct.pack('<HHII', *tag) for tag in sorted(tags)) + struct.pack('<I', 0)
    open(name, 'wb').write(struct.pack('<2sHI', b'II', 42, 8 + len(body)) + body + directory)
tiff('ycbcr.tif', 6, (149, 61, 200))
tiff('unspecified.tif', 2, (250, 120, 30, 10), extra=0)
tiff('alpha.tif', 2, (250, 120, 30, 10), extra=2)
PY
cat > tiff.csproj <<'XML'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings><NuGetAudit>false</NuGetAudit></PropertyGroup>
  <ItemGroup><PackageReference Include="NetVips" Version="3.2.0" /><PackageReference Include="NetVips.Native.linux-x64" Version="8.18.7" /></ItemGroup>
</Project>
XML
cat > Program.cs <<'CS'
using NetVips;

using Image ycbcr = Image.NewFromFile("ycbcr.tif"), unspecified = Image.NewFromFile("unspecified.tif"), alpha = Image.NewFromFile("alpha.tif");
double[] orange = ycbcr.Getpoint(4, 4), flat = unspecified.Flatten(background: [255.0]).Getpoint(4, 4);
Console.WriteLine($"YCbCr: {string.Join(", ", orange)} as {ycbcr.Interpretation}");
Console.WriteLine($"ExtraSamples 0, on white: {string.Join(", ", flat)}; alpha: {unspecified.HasAlpha()}");
string Described(Image image) => string.Join("; ", image.GetFields().Order(StringComparer.Ordinal)
    .Where(name => name is not "filename" && !name.Contains("data")).Select(name => $"{name}={image.Get(name)}"));
bool same = Described(unspecified) == Described(alpha);
Console.WriteLine($"the two kinds of fourth sample look alike: {same}");
return orange is [149, 61, 200] && ycbcr.Interpretation == Enums.Interpretation.Srgb && flat[2] > 240 && unspecified.HasAlpha() && same ? 0 : 1;
CS
dotnet build -v quiet --nologo -c Release | grep -E "error" && exit 2
dotnet bin/Release/net10.0/tiff.dll || { echo "CHANGED: libvips treats these samples otherwise now."; exit 1; }
