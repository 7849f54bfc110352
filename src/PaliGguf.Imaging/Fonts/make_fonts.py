#!/usr/bin/env python3
"""Makes the fonts in this folder from Debian's packages fonts-noto-core 20201225-1 and fonts-droid-fallback 6.0.1r16-1.1, without hinting.

    apt-get install fonttools fonts-noto-core fonts-droid-fallback
    python3 make_fonts.py /usr/share/fonts /usr/share/fonts-droid-fallback
"""
import pathlib
import subprocess
import sys

SCRIPTS = ["", "Arabic", "Armenian", "Bengali", "Devanagari", "Ethiopic", "Georgian", "Gujarati", "Gurmukhi", "Hebrew", "Kannada", "Khmer", "Lao", "Malayalam",
           "Myanmar", "Oriya", "Sinhala", "Tamil", "Telugu", "Thaana", "Thai"]
folders = [pathlib.Path(folder) for folder in sys.argv[1:]]
for name in [f"NotoSans{script}-Regular.ttf" for script in SCRIPTS] + ["DroidSansFallback.ttf"]:
    source = next(path for folder in folders for path in folder.rglob(name))
    target = pathlib.Path(__file__).parent / name.replace("-Regular", "")
    subprocess.run(["pyftsubset", source, "--unicodes=*", "--layout-features=*", "--no-hinting", "--desubroutinize", "--notdef-outline", "--glyph-names",
                    "--no-glyph-names", "--name-IDs=0,1,2,3,4,5,6,7,13,14", f"--output-file={target}"], check=True)
    print(f"{target.stat().st_size:9} {target.name}")
