#!/usr/bin/env bash
# transformers.js 4.3.1 (npm, on Node) resizes "bicubic" and "bilinear" without antialiasing; Pillow, whose filters these names
# stand for in a preprocessor_config.json, widens the filter by the factor of the reduction. "lanczos" goes another way and is right.
#
# Guess before:  resample 3 on Node is Pillow's bicubic within 2 levels of 255, as sharp's own "cubic" kernel nearly is.
# Seen:          1200 x 900 to 224 x 224, a picture with fine structure: mean difference to Pillow 43 levels, worst 225;
#                "lanczos" of the same program: mean 2.0. Eight-pixel checks come out as a moire of full contrast.
# Why it matters: a checkpoint that was exported for JavaScript sees other pixels there than in Python; what Python
#                answers can not be compared with it, and a model tuned on Pillow's pictures reads aliased ones.
# Cause:         RawImage.resize sends both through sharp's affine(), an interpolation at points, and only lanczos through resize().
# Needs:         node, npm, python3 with Pillow (Debian: python3-pil python3-numpy).
set -euo pipefail
python=$(for p in /usr/bin/python3 python3; do "$p" -c 'import PIL, numpy' 2>/dev/null && echo "$p" && break; done) || { echo "Pillow is missing: apt-get install python3-pil python3-numpy"; exit 2; }
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund @huggingface/transformers@4.3.1 sharp@0.35.5 >/dev/null 2>&1

"$python" - <<'PY'
import numpy, PIL
from PIL import Image
y, x = numpy.mgrid[0:900, 0:1200]
rings = 127 + 120 * numpy.sin(x * x / 9000.0)
waves = 127 + 120 * numpy.sin(y * x / 7000.0)
checks = ((x // 8 + y // 8) % 2) * 255
picture = Image.fromarray(numpy.stack([rings, waves, checks], -1).astype("uint8"))
picture.save("source.png")
for name, code in (("bicubic", 3), ("bilinear", 2), ("lanczos", 1)):
    picture.resize((224, 224), code).save(name + ".png")
print("Pillow", PIL.__version__)
PY

cat > compare.mjs <<'JS'
import { RawImage, env } from '@huggingface/transformers';
import sharp from 'sharp';
const picture = await RawImage.read('source.png');
console.log('transformers.js', env.version);
const mean = {};
for (const [name, code] of [['bicubic', 3], ['bilinear', 2], ['lanczos', 1]]) {
  const want = await sharp(name + '.png').removeAlpha().raw().toBuffer();
  const got = (await picture.resize(224, 224, { resample: code })).data;
  let worst = 0, sum = 0;
  for (let i = 0; i < want.length; i++) { const d = Math.abs(want[i] - got[i]); sum += d; if (d > worst) worst = d; }
  mean[name] = sum / want.length;
  console.log(`${name}: mean difference to Pillow ${mean[name].toFixed(2)}, worst ${worst}`);
}
process.exit(mean.bicubic > 20 && mean.bilinear > 20 && mean.lanczos < 3 ? 0 : 1);
JS
node compare.mjs || { echo "CHANGED: the differences are no longer what this finding says."; exit 1; }
