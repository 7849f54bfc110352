#!/usr/bin/env bash
# sharp 0.34.4 from npm (its own libvips and libheif): the colours of an AVIF whose file says that they are multiplied with opacity already
# (the item reference "prem") are handed on as they lie there, beside an opacity that says they are not.
#
# Guess before:  a decoder divides opacity out where the file says so, as libavif's avifdec does, since the format has no other place for it.
# Seen:          a pixel of (200, 100, 50) at opacity 128, written by "avifenc --premultiply --lossless", comes back as (100, 50, 25), and
#                the metadata do not tell; avifdec gives (200, 100, 50) within rounding.
# Why it matters: everything that is partly transparent is too dark, twice as dark at half opacity, when it is laid on a background. Whoever
#                reads AVIFs by libvips has to look for "prem" in the file himself.
# Needs:         Node.js with npm, python3, and avifenc and avifdec (Debian: libavif-bin; seen with 0.11.1).
set -euo pipefail
for tool in npm node python3 avifenc avifdec; do command -v $tool >/dev/null || { echo "$tool is missing." >&2; exit 2; }; done
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"
npm install --silent --no-audit --no-fund sharp@0.34.4 >/dev/null || exit 2
python3 - <<'PY'
import struct, zlib
side, pixel = 64, bytes((200, 100, 50, 128))
def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
rows = (b"\0" + pixel * side) * side
open("flat.png", "wb").write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 6, 0, 0, 0))
    + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))
PY
avifenc --premultiply --lossless flat.png premultiplied.avif >/dev/null
avifdec premultiplied.avif back.png >/dev/null
cat > look.js <<'JS'
const sharp = require("sharp");
const pixel = async (file) => [...(await sharp(file).raw().toBuffer()).subarray(0, 4)];
(async () => {
  const [byVips, byAvif] = [await pixel("premultiplied.avif"), await pixel("back.png")];
  console.log(`sharp ${sharp.versions.sharp ?? ""}, libvips ${sharp.versions.vips}, libheif ${sharp.versions.heif}: ${byVips}; avifdec: ${byAvif}`);
  const near = (a, b) => a.every((value, index) => Math.abs(value - b[index]) <= 3);
  process.exit(near(byVips, [100, 50, 25, 128]) && near(byAvif, [200, 100, 50, 128]) ? 0 : 1);
})();
JS
status=0; node look.js || status=$?
[ $status != 1 ] || echo "CHANGED: the colours are others now."
exit $status
