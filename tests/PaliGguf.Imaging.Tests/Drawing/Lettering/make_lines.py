#!/usr/bin/env python3
"""What other programs make of lines of text, for the tests beside this file. Debian 12: apt-get install python3-pil libraqm0 libfribidi-bin

Prints the embedding levels of GNU FriBidi (BidiLineTests) and writes Raqm/*.png, lines drawn by Pillow with Raqm (HarfBuzz and FriBidi) in the same fonts (TextLineTests).
"""
import pathlib
import subprocess

from PIL import Image, ImageDraw, ImageFont, features

here = pathlib.Path(__file__).parent
fonts = here.parents[3] / "src" / "PaliGguf.Imaging" / "Fonts"
LEVELS = ["abc 12%", "كلب (dog) 12%", "כלב (12) abc", "cat (כלב) 3.5", "abc כלב 1,234.5-6 def", "السعر $12.50 فقط", "١٢٣ كلب 456", "12 كلب", "(כלב)", "a [כ) b] c", "שלום! abc?", "كلب، قطة 50%", "abc - كلب", "x+1 = كلب+2"]
LINES = {"latin": ("NotoSans", "Größe fiets Qy"), "thai": ("NotoSansThai", "เต่าสีน้ำเงินที่ซื้อ"), "arabic": ("NotoSansArabic", "كلبيجري"), "hebrew": ("NotoSansHebrew", "שָׁלוֹם"),
         "devanagari": ("NotoSansDevanagari", "बिल्लीक्षत्रियहिन्दी"), "bengali": ("NotoSansBengali", "বিড়ালক্ষ"), "tamil": ("NotoSansTamil", "பூனைகொடு"), "khmer": ("NotoSansKhmer", "ខ្មែរ"),
         "chinese": ("DroidSansFallback", "猫と犬고양이")}
for line in LEVELS:
    out = subprocess.run(["fribidi", "--levels", "--novisual", "--nobreak"], input=line, capture_output=True, text=True, check=True).stdout
    print(f"[InlineData({line!r}, \"{out.strip()}\")]".replace("'", '"'))
assert features.check("raqm"), "apt-get install libraqm0"
for name, (font, text) in LINES.items():
    image = Image.new("L", (420, 110), 0)
    ImageDraw.Draw(image).text((20, 70), text, fill=255, font=ImageFont.truetype(str(fonts / f"{font}.ttf"), 40, layout_engine=ImageFont.Layout.RAQM), anchor="ls")
    image.save(here / "Raqm" / f"{name}.png", optimize=True)
