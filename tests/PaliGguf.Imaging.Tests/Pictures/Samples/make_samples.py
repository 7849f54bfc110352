"""Writes small pictures whose samples mean something unusual, and expected.tsv: what two independent decoders make of them.

Needs Debian's python3-pil (9.4), imagemagick (6.9.11) and libtiff-tools (4.5). Run with the system's Python: /usr/bin/python3 make_samples.py
"""
import io
import pathlib
import struct
import subprocess
import tempfile
import warnings
import zlib

from PIL import Image, ImageCms, ImageOps

warnings.simplefilter("ignore")
HERE = pathlib.Path(__file__).parent
WIDTH, HEIGHT = 4, 2
COLOURS = [(250, 10, 20), (10, 200, 30), (20, 30, 240), (255, 255, 255), (0, 0, 0), (128, 128, 128), (60, 150, 90), (200, 80, 60)]
GREYS = [0, 30, 77, 128, 180, 200, 240, 255]
ALPHAS = [255, 200, 128, 255, 255, 64, 170, 255]
OTHER = [0, 255, 7, 9, 100, 200, 33, 77]
CMYK = [(10, 200, 30, 40), (255, 0, 0, 0), (0, 255, 0, 0), (0, 0, 255, 0), (0, 0, 0, 255), (0, 0, 0, 0), (128, 64, 32, 16), (255, 255, 255, 255)]
GREY, RGB, PALETTE, SEPARATED, YCBCR, LAB = 1, 2, 3, 5, 6, 8
MUTED = [(200, 150, 120), (90, 120, 160), (150, 60, 80), (255, 255, 255), (0, 0, 0), (128, 128, 128), (60, 150, 90), (200, 80, 60)]
UNSIGNED, SIGNED, FLOAT = 1, 2, 3
CODES = {(8, UNSIGNED): "B", (16, UNSIGNED): "H", (32, UNSIGNED): "I", (8, SIGNED): "b", (16, SIGNED): "h", (32, SIGNED): "i", (16, FLOAT): "e",
         (32, FLOAT): "f", (64, FLOAT): "d"}


def tiff(pixels, photometric, bits=8, kind=UNSIGNED, extra=(), tags=None, order="<", big=False, planar=False, tiled=False, compressed=False):
    """A TIFF of tuples of samples. Of tags, (type, values) for numbers of tags; None takes one out."""
    samples = len(pixels[0])
    code = CODES[bits, kind]
    width, height = WIDTH, HEIGHT
    if tiled:
        width, height = 16, 16
        zero = (0,) * samples
        pixels = [pixels[y * WIDTH + x] if x < WIDTH and y < HEIGHT else zero for y in range(16) for x in range(16)]
    planes = [[pixel[i] for pixel in pixels] for i in range(samples)] if planar else [[v for pixel in pixels for v in pixel]]
    blocks = [struct.pack(order + str(len(plane)) + code, *plane) for plane in planes]
    if compressed:
        blocks = [zlib.compress(block) for block in blocks]
    entries = {
        256: (3, [WIDTH]), 257: (3, [HEIGHT]), 258: (3, [bits] * samples), 259: (3, [8 if compressed else 1]), 262: (3, [photometric]),
        277: (3, [samples]), 284: (3, [2 if planar else 1]), 339: (3, [kind] * samples),
    }
    if tiled:
        entries.update({322: (3, [16]), 323: (3, [16]), 324: (4, [0] * len(blocks)), 325: (4, [len(b) for b in blocks])})
    else:
        entries.update({273: (4, [0] * len(blocks)), 278: (3, [HEIGHT]), 279: (4, [len(b) for b in blocks])})
    if extra:
        entries[338] = (3, list(extra))
    for tag, value in (tags or {}).items():
        if value is None:
            del entries[tag]
        else:
            entries[tag] = value

    inline = 8 if big else 4
    header = 16 if big else 8
    start = header + (8 + 20 * len(entries) + 8 if big else 2 + 12 * len(entries) + 4)

    def encode(kind, values):
        if kind == 2:
            return values
        if kind == 5:
            return b"".join(struct.pack(order + "II", *v) for v in values)
        return struct.pack(order + str(len(values)) + {1: "B", 3: "H", 4: "I", 11: "f"}[kind], *values)

    # Offsets of the pixels are known when the sizes of all values are.
    position = start + sum((len(encode(*v)) + 1) // 2 * 2 for v in entries.values() if len(encode(*v)) > inline)
    offsets = []
    for block in blocks:
        offsets.append(position)
        position += len(block)
    entries[324 if tiled else 273] = (4, offsets)
    out = (b"II" if order == "<" else b"MM") + (struct.pack(order + "HHHQQ", 43, 8, 0, 16, len(entries)) if big else struct.pack(order + "HIH", 42, 8, len(entries)))
    values, at = b"", start
    for tag in sorted(entries):
        kind, content = entries[tag]
        data = encode(kind, content)
        out += struct.pack(order + ("HHQ" if big else "HHI"), tag, kind, len(content))
        if len(data) <= inline:
            out += data.ljust(inline, b"\0")
        else:
            out += struct.pack(order + ("Q" if big else "I"), at)
            values += data + b"\0" * (len(data) % 2)
            at += len(data) + len(data) % 2
    out += struct.pack(order + ("Q" if big else "I"), 0)
    return out + values + b"".join(blocks)


def scaled(pixels, factor):
    return [tuple(v * factor for v in pixel) for pixel in pixels]


def joined(pixels, *bands):
    return [tuple(pixel) + tuple(band[i] for band in bands) for i, pixel in enumerate(pixels)]


def associated(pixels, alphas=ALPHAS):
    return [tuple(round(v * a / 255) for v in pixel) for pixel, a in zip(pixels, alphas)]


def ycbcr(pixels, red=0.299, green=0.587, blue=0.114, luma=(0, 255), chroma=(128, 255)):
    """TIFF 6.0, section 21, backwards."""
    result = []
    for r, g, b in pixels:
        y = red * r + green * g + blue * b
        values = [y / 255 * (luma[1] - luma[0]) + luma[0]]
        values += [c / 127 * (chroma[1] - chroma[0]) + chroma[0] for c in ((b - y) / (2 - 2 * blue), (r - y) / (2 - 2 * red))]
        result.append(tuple(min(255, max(0, round(v))) for v in values))
    return result


def lab(pixels):
    """CIE L*a*b* with D50 for white, of sRGB (Bradford's matrix)."""
    to_xyz = (0.4360747, 0.3850649, 0.1430804), (0.2225045, 0.7168786, 0.0606169), (0.0139322, 0.0971045, 0.7141733)
    result = []
    for pixel in pixels:
        linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in (c / 255 for c in pixel)]
        xyz = [sum(m * v for m, v in zip(row, linear)) / sum(row) for row in to_xyz]
        x, y, z = [v ** (1 / 3) if v > 0.008856 else 7.787 * v + 16 / 116 for v in xyz]
        result.append((116 * y - 16, 500 * (x - y), 200 * (y - z)))
    return result


def lab_8(pixels):
    return [(round(l * 2.55), round(a) & 0xFF, round(b) & 0xFF) for l, a, b in lab(pixels)]


def lab_16(pixels):
    return [(round(l * 655.35), round(a * 256) & 0xFFFF, round(b * 256) & 0xFFFF) for l, a, b in lab(pixels)]


GREY_PIXELS = [(v,) for v in GREYS]
UNIT = [tuple(v / 255 for v in c) for c in COLOURS]
RAMP = [v * 257 for i in range(3) for v in [(c[i] if n < 8 else 0) for n, c in enumerate(COLOURS + [(0, 0, 0)] * 248)]]
BT709 = {529: (5, [(2126, 10000), (7152, 10000), (722, 10000)])}
FULL = {530: (3, [1, 1])}
HEADROOM = {532: (5, [(16, 1), (235, 1), (128, 1), (240, 1), (128, 1), (240, 1)])}

# Name: (file, the decoder whose answer is expected). Where the two differ, README.md says why this one.
TIFFS = {
    "rgb": (tiff(COLOURS, RGB), "both"),
    "rgb_extra_0": (tiff(joined(COLOURS, OTHER), RGB, extra=[0]), "Pillow"),
    "rgb_extra_0_16_bits": (tiff(scaled(joined(COLOURS, OTHER), 257), RGB, bits=16, extra=[0]), "first three"),
    "rgb_extra_0_0": (tiff(joined(COLOURS, OTHER, ALPHAS), RGB, extra=[0, 0]), "Pillow"),
    "rgb_extra_0_big_endian": (tiff(joined(COLOURS, OTHER), RGB, extra=[0], order=">"), "Pillow"),
    "rgb_extra_0_bigtiff": (tiff(joined(COLOURS, OTHER), RGB, extra=[0], big=True), "first three"),
    "rgb_extra_0_bigtiff_big_endian": (tiff(joined(COLOURS, OTHER), RGB, extra=[0], big=True, order=">"), "first three"),
    "rgb_extra_0_planar": (tiff(joined(COLOURS, OTHER), RGB, extra=[0], planar=True), "first three"),
    "rgb_extra_0_tiled_deflate": (tiff(joined(COLOURS, OTHER), RGB, extra=[0], tiled=True, compressed=True), "Pillow"),
    "rgb_extra_999": (tiff(joined(COLOURS, ALPHAS), RGB, extra=[999]), "both"),
    "rgb_extra_untold": (tiff(joined(COLOURS, ALPHAS), RGB), "both"),
    "rgb_extra_untold_0": (tiff(joined(COLOURS, [0] * 8), RGB), "first three"),
    "rgb_extra_2": (tiff(joined(COLOURS, ALPHAS), RGB, extra=[2]), "both"),
    "rgb_extra_2_16_bits": (tiff(scaled(joined(COLOURS, ALPHAS), 257), RGB, bits=16, extra=[2]), "ImageMagick"),
    "rgb_extra_2_0": (tiff(joined(COLOURS, ALPHAS, OTHER), RGB, extra=[2, 0]), "Pillow"),
    "rgb_extra_0_2": (tiff(joined(COLOURS, OTHER, ALPHAS), RGB, extra=[0, 2]), "alpha last"),
    "rgb_extra_1": (tiff(joined(associated(COLOURS), ALPHAS), RGB, extra=[1]), "both"),
    "rgb_extra_1_16_bits": (tiff(scaled(joined(associated(COLOURS), ALPHAS), 257), RGB, bits=16, extra=[1]), "ImageMagick"),
    "rgb_extra_1_0": (tiff(joined(associated(COLOURS), ALPHAS, OTHER), RGB, extra=[1, 0]), "Pillow"),
    "rgb_extra_0_1": (tiff(joined(associated(COLOURS), OTHER, ALPHAS), RGB, extra=[0, 1]), "alpha last"),
    "grey_extra_0": (tiff(joined(GREY_PIXELS, OTHER), GREY, extra=[0]), "first grey"),
    "grey_extra_untold": (tiff(joined(GREY_PIXELS, ALPHAS), GREY), "ImageMagick"),
    "grey_extra_untold_0": (tiff(joined(GREY_PIXELS, [0] * 8), GREY), "first grey"),
    "grey_extra_2": (tiff(joined(GREY_PIXELS, ALPHAS), GREY, extra=[2]), "both"),
    "grey_extra_1": (tiff(joined(associated(GREY_PIXELS), ALPHAS), GREY, extra=[1]), "ImageMagick"),
    "grey_extra_0_2": (tiff(joined(GREY_PIXELS, OTHER, ALPHAS), GREY, extra=[0, 2]), "alpha last"),
    "grey_extra_0_0_0": (tiff(joined(GREY_PIXELS, OTHER, OTHER, OTHER), GREY, extra=[0, 0, 0]), "first grey"),
    "grey_white_is_zero": (tiff(GREY_PIXELS, 0), "both"),
    "grey_white_is_zero_16_bits": (tiff(scaled(GREY_PIXELS, 257), 0, bits=16), "ImageMagick"),
    "grey_white_is_zero_32_bits": (tiff(scaled(GREY_PIXELS, 0x1010101), 0, bits=32), "white is zero"),
    "palette_extra_0": (tiff(joined([(i,) for i in range(8)], OTHER), PALETTE, extra=[0], tags={320: (3, RAMP)}), "first palette"),
    "palette_extra_2": (tiff(joined([(i,) for i in range(8)], ALPHAS), PALETTE, extra=[2], tags={320: (3, RAMP)}), "ImageMagick"),
    "cmyk": (tiff(CMYK, SEPARATED), "Pillow"),
    "cmyk_16_bits": (tiff(scaled(CMYK, 257), SEPARATED, bits=16), "ImageMagick"),
    "cmyk_extra_0": (tiff(joined(CMYK, OTHER), SEPARATED, extra=[0]), "first four"),
    "cmyk_extra_2": (tiff(joined(CMYK, ALPHAS), SEPARATED, extra=[2]), "ImageMagick"),
    "float_16": (tiff(UNIT, RGB, bits=16, kind=FLOAT), "ImageMagick"),
    "float_32": (tiff(UNIT, RGB, bits=32, kind=FLOAT), "ImageMagick"),
    "float_32_big_endian": (tiff(UNIT, RGB, bits=32, kind=FLOAT, order=">"), "ImageMagick"),
    "float_32_extra_2": (tiff(scaled(joined(COLOURS, ALPHAS), 1 / 255), RGB, bits=32, kind=FLOAT, extra=[2]), "ImageMagick"),
    "float_32_extra_1": (tiff(scaled(joined(associated(COLOURS), ALPHAS), 1 / 255), RGB, bits=32, kind=FLOAT, extra=[1]), "ImageMagick"),
    "float_32_extra_0": (tiff([c + (1e6,) for c in UNIT], RGB, bits=32, kind=FLOAT, extra=[0]), "first three"),
    "float_32_grey": (tiff(scaled(GREY_PIXELS, 1 / 255), GREY, bits=32, kind=FLOAT), "ImageMagick"),
    "unsigned_32": (tiff(scaled(COLOURS, 0x1010101), RGB, bits=32), "ImageMagick"),
    "unsigned_32_grey": (tiff(scaled(GREY_PIXELS, 0x1010101), GREY, bits=32), "ImageMagick"),
    "unsigned_32_extra_2": (tiff(scaled(joined(COLOURS, ALPHAS), 0x1010101), RGB, bits=32, extra=[2]), "ImageMagick"),
    "lab": (tiff(lab_8(MUTED), LAB), "Pillow"),
    "lab_extra_0": (tiff(joined(lab_8(MUTED), OTHER), LAB, extra=[0]), "muted"),
    "lab_extra_2": (tiff(joined(lab_8(MUTED), ALPHAS), LAB, extra=[2]), "muted, alpha last"),
    "lab_16_bits": (tiff(lab_16(COLOURS), LAB, bits=16), "first three"),
    "lab_16_bits_big_endian_extra_2": (tiff(joined(lab_16(COLOURS), [a * 257 for a in ALPHAS]), LAB, bits=16, extra=[2], order=">"), "alpha last"),
    "lab_16_bits_bigtiff_planar": (tiff(lab_16(COLOURS), LAB, bits=16, planar=True, big=True, order=">"), "first three"),
    "lab_float": (tiff(lab(COLOURS), LAB, bits=32, kind=FLOAT), "first three"),
    "ycbcr": (tiff(ycbcr(COLOURS), YCBCR, tags=FULL), "ImageMagick"),
    "ycbcr_deflate": (tiff(ycbcr(COLOURS), YCBCR, tags=FULL, compressed=True), "ImageMagick"),
    "ycbcr_709": (tiff(ycbcr(COLOURS, 0.2126, 0.7152, 0.0722), YCBCR, tags=FULL | BT709), "tiff2rgba"),
    "ycbcr_headroom": (tiff(ycbcr(COLOURS, luma=(16, 235), chroma=(128, 240)), YCBCR, tags=FULL | HEADROOM), "tiff2rgba"),
}
REFUSED = {
    "signed_8": tiff([tuple(v // 2 for v in c) for c in COLOURS], RGB, kind=SIGNED),
    "signed_16": tiff(scaled(COLOURS, 128), RGB, bits=16, kind=SIGNED),
    "signed_32": tiff(scaled(COLOURS, 0x800000), RGB, bits=32, kind=SIGNED),
    "signed_16_grey": tiff(scaled(GREY_PIXELS, 128), GREY, bits=16, kind=SIGNED),
    "float_64": tiff(UNIT, RGB, bits=64, kind=FLOAT),
    "float_over_1": tiff([tuple(map(float, c)) for c in COLOURS], RGB, bits=32, kind=FLOAT),
    "float_below_0": tiff(UNIT[:7] + [(0.5, -0.1, 0.5)], RGB, bits=32, kind=FLOAT),
    "float_nan": tiff(UNIT[:7] + [(0.5, float("nan"), 0.5)], RGB, bits=32, kind=FLOAT),
    "unsigned_32_extra_1": tiff(scaled(joined(associated(COLOURS), ALPHAS), 0x1010101), RGB, bits=32, extra=[1]),
    "ycbcr_subsampled": tiff(ycbcr(COLOURS), YCBCR, tags={530: (3, [2, 2])}),
    "ycbcr_subsampling_untold": tiff(ycbcr(COLOURS), YCBCR),
    "ycbcr_extra_0": tiff(joined(ycbcr(COLOURS), OTHER), YCBCR, tags=FULL, extra=[0]),
    "ycbcr_planar": tiff(ycbcr(COLOURS), YCBCR, tags=FULL, planar=True),
    "grey_white_is_zero_float": tiff(scaled(GREY_PIXELS, 1 / 255), 0, bits=32, kind=FLOAT),
    "ycbcr_16_bits": tiff(scaled(ycbcr(COLOURS), 257), YCBCR, bits=16, tags=FULL),
    "ycbcr_no_green": tiff(ycbcr(COLOURS), YCBCR, tags=FULL | {529: (5, [(1, 2), (0, 1), (1, 2)])}),
    "ycbcr_zero_denominator": tiff(ycbcr(COLOURS), YCBCR, tags=FULL | {529: (5, [(1, 0), (1, 0), (1, 0)])}),
    "lab_extra_1": tiff(joined(associated(lab_8(MUTED)), ALPHAS), LAB, extra=[1]),
    "lab_one_sample": tiff([v[:1] for v in lab_8(MUTED)], LAB),
    "rgb_two_samples": tiff([c[:2] for c in COLOURS], RGB),
    "cmyk_three_samples": tiff([c[:3] for c in CMYK], SEPARATED),
    "rgb_4_bits": tiff([(0x12, 0x34, 0x56)] * 4, RGB, tags={258: (3, [4] * 3), 279: (4, [12])}),
    "grey_three_samples": tiff(COLOURS, GREY),
    "grey_white_is_zero_extra_1": tiff(joined(associated(GREY_PIXELS), ALPHAS), 0, extra=[1]),
    "palette_untold": tiff([(i,) for i in range(8)], PALETTE),
    "palette_short": tiff([(i,) for i in range(8)], PALETTE, tags={320: (3, RAMP[:30])}),
    "no_width": tiff(COLOURS, RGB, tags={256: (3, [0])}),
    "colour_filter_array": tiff(GREY_PIXELS, 32803),
    "linear_raw": tiff(COLOURS, 34892),
    "transparency_mask": tiff(GREY_PIXELS, 4),
    "other_inks": tiff(CMYK, SEPARATED, tags={332: (3, [2])}),
}


def picture(pixels=COLOURS, width=WIDTH):
    return Image.frombytes("RGB", (width, len(pixels) // width), bytes(v for c in pixels for v in c))


def encoded(image, kind, **options):
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def exif(orientation):
    tags = Image.Exif()
    tags[274] = orientation
    return tags.tobytes()


def xmp(orientation, element=False, prefix="tiff"):
    told = f'{prefix}:Orientation="{orientation}"', ""
    if element:
        told = "", f"<{prefix}:Orientation>{orientation}</{prefix}:Orientation>"
    return (f'<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
            f'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:{prefix}="http://ns.adobe.com/tiff/1.0/" '
            f'{told[0]}>{told[1]}</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>').encode()


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def itxt(packet, compressed=False):
    return chunk(b"iTXt", b"XML:com.adobe.xmp\0" + bytes([compressed]) + b"\0\0\0" + (zlib.compress(packet) if compressed else packet))


def raw_profile(content):
    digits = content.hex()
    text = "\nexif\n%8d\n" % len(content) + "\n".join(digits[i:i + 72] for i in range(0, len(digits), 72)) + "\n"
    return chunk(b"zTXt", b"Raw profile type exif\0\0" + zlib.compress(text.encode()))


def png(early=b"", late=b""):
    plain = encoded(picture(), "PNG")
    return plain[:33] + early + plain[33:-12] + late + plain[-12:]


def jpeg(*segments):
    """Pillow's, with segments of APP1."""
    plain = encoded(picture([c for c in COLOURS for _ in range(16)], 8).resize((32, 16)), "JPEG", quality=95, subsampling=0)
    return plain[:2] + b"".join(b"\xff\xe1" + struct.pack(">H", len(s) + 2) + s for s in segments) + plain[2:]


def jpeg_xmp(packet):
    return b"http://ns.adobe.com/xap/1.0/\0" + packet


def avif_premultiplied(pixels, side=8):
    image = Image.frombytes("RGBA", (len(pixels), 1), bytes(v for p in pixels for v in p)).resize((len(pixels) * side, side), Image.NEAREST)
    with tempfile.TemporaryDirectory() as folder:
        source, out = pathlib.Path(folder) / "x.png", pathlib.Path(folder) / "x.avif"
        image.save(source)
        subprocess.run(["avifenc", "-p", "-y", "444", "--min", "0", "--max", "0", "--minalpha", "0", "--maxalpha", "0", source, out], check=True, capture_output=True)
        return out.read_bytes()


def webp(flags, *chunks):
    plain = encoded(picture(), "WEBP", lossless=True, exact=True)
    return riff([(b"VP8X", struct.pack("<B3x", flags) + size3(WIDTH) + size3(HEIGHT)), (b"VP8L", plain[20:20 + struct.unpack("<I", plain[16:20])[0]]), *chunks])


def riff(chunks):
    body = b"WEBP" + b"".join(kind + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2) for kind, data in chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def size3(value):
    return struct.pack("<I", value - 1)[:3]


def webp_animation(flags, *frames, background=(9, 99, 199, 255)):
    """Frames are (left, top, image)."""
    r, g, b, a = background
    chunks = [(b"VP8X", struct.pack("<B3x", flags | 2) + size3(WIDTH) + size3(HEIGHT)), (b"ANIM", bytes([b, g, r, a, 0, 0]))]
    for left, top, image in frames:
        plain = encoded(image, "WEBP", lossless=True, exact=True)
        data = size3(left // 2 + 1) + size3(top // 2 + 1) + size3(image.width) + size3(image.height) + size3(101) + b"\0"
        chunks.append((b"ANMF", data + plain[12:]))
    return riff(chunks)


def gif(*frames, background=0, palette=((200, 80, 60), (0, 255, 0), (0, 0, 255), (255, 255, 255)), transparent=None, local=False):
    """Frames are (colour, left, top, width, height, disposal)."""
    table = bytes(v for c in palette for v in c)
    out = b"GIF89a" + struct.pack("<HHBBB", WIDTH, HEIGHT, 0x11 if local else 0x91, background, 0) + (b"" if local else table)
    for colour, left, top, width, height, disposal in frames:
        out += b"\x21\xf9\x04" + struct.pack("<BHB", disposal << 2 | (transparent is not None), 10, transparent or 0) + b"\0"
        out += b"\x2c" + struct.pack("<HHHHB", left, top, width, height, 0x81 if local else 0) + (table if local else b"") + b"\x02"
        codes = [c for _ in range(width * height) for c in (4, colour)] + [5]
        bits = sum(code << 3 * i for i, code in enumerate(codes))
        data = bits.to_bytes((3 * len(codes) + 7) // 8, "little")
        out += bytes([len(data)]) + data + b"\0"
    return out + b"\x3b"


def bmp(alphas, masks=(0xFF0000, 0xFF00, 0xFF, 0xFF000000), header=108):
    pixels = b"".join(bytes([*COLOURS[y * WIDTH + x][::-1], alphas[y * WIDTH + x]]) for y in (1, 0) for x in range(WIDTH))
    info = struct.pack("<IiiHHIIiiII", header, WIDTH, HEIGHT, 1, 32, 3, len(pixels), 2835, 2835, 0, 0) + struct.pack("<IIII", *masks)
    info = info.ljust(header, b"\0")
    return struct.pack("<2sIHHI", b"BM", 14 + len(info) + len(pixels), 0, 0, 14 + len(info)) + info + pixels


def bmp_runs(runs, bits, compression):
    table = b"".join(bytes([*c[::-1], 0]) for c in COLOURS)
    info = struct.pack("<IiiHHIIiiII", 40, WIDTH, HEIGHT, 1, bits, compression, len(runs), 2835, 2835, len(COLOURS), 0)
    return struct.pack("<2sIHHI", b"BM", 54 + len(table) + len(runs), 0, 0, 54 + len(table)) + info + table + runs


def with_profile(space):
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile(space)).tobytes()
    return encoded(picture(MUTED), "JPEG", quality=95, subsampling=0, icc_profile=profile)


QUARTERS = [(255, 0, 0, 0), (0, 255, 0, 0), (0, 0, 255, 0), (0, 0, 0, 255)]
SMALL = Image.new("RGB", (2, 2), (60, 150, 90))
PNG_EXIF_6 = chunk(b"eXIf", exif(6)[6:])
OTHERS = {
    "xmp.png": (png(itxt(xmp(3))), "Pillow"),
    "xmp_6_element.png": (png(itxt(xmp(6, element=True))), "Pillow"),
    "xmp_compressed.png": (png(itxt(xmp(8), compressed=True)), "Pillow"),
    "xmp_late.png": (png(late=itxt(xmp(3))), "Pillow"),
    "xmp_3_exif_1.png": (png(itxt(xmp(3)) + chunk(b"eXIf", exif(1)[6:])), "Pillow"),
    "xmp_3_exif_6.png": (png(itxt(xmp(3)) + PNG_EXIF_6), "Pillow"),
    "exif_late.png": (png(late=PNG_EXIF_6), "Pillow"),
    "exif_digits.png": (png(raw_profile(exif(6))), "Pillow"),
    "xmp_other_prefix.png": (png(itxt(xmp(3, prefix="t"))), "turned 3"),
    "xmp_damaged.png": (png(itxt(xmp(3).replace(b"tiff:Orientation", b"<"))), "Pillow"),
    "xmp.jpg": (jpeg(jpeg_xmp(xmp(6))), "as EXIF 6"),
    "xmp_3_exif_8.jpg": (jpeg(exif(8), jpeg_xmp(xmp(3))), "Pillow"),
    "xmp.webp": (webp(4, (b"XMP ", xmp(6))), "turned 6"),
    "xmp_3_exif_6.webp": (webp(12, (b"EXIF", exif(6)[6:]), (b"XMP ", xmp(3))), "Pillow"),
    "xmp.tif": (tiff(COLOURS, RGB, tags={700: (1, list(xmp(6)))}), "turned 6"),
    "xmp_3_orientation_1.tif": (tiff(COLOURS, RGB, tags={274: (3, [1]), 700: (1, list(xmp(3)))}), "Pillow"),
    "alpha_0.bmp": (bmp([0] * 8), "first three"),
    "alpha_0_v5.bmp": (bmp([0] * 8, header=124), "first three"),
    "alpha_some.bmp": (bmp(ALPHAS), "ImageMagick"),
    "runs_8.bmp": (bmp_runs(bytes([2, 1, 2, 2, 0, 0, 0, 4, 3, 4, 5, 6, 0, 1]), 8, 1), "both"),
    "runs_8_gaps.bmp": (bmp_runs(bytes([2, 1, 0, 0, 0, 2, 1, 0, 2, 5, 0, 1]), 8, 1), "gaps"),
    "runs_8_skipped_row.bmp": (bmp_runs(bytes([0, 2, 2, 1, 1, 7, 0, 1]), 8, 1), "skipped row"),
    "runs_4.bmp": (bmp_runs(bytes([4, 0x12, 0, 0, 0, 4, 0x34, 0x56, 0, 1]), 4, 2), "both"),
    "runs_4_odd.bmp": (bmp_runs(bytes([3, 0x12, 1, 0x70, 0, 0, 0, 3, 0x34, 0x50, 1, 0x60, 0, 1]), 4, 2), "ImageMagick"),
    "lab_profile.jpg": (with_profile("LAB"), "both"),
    "quarters_cmyk.jpg": (encoded(Image.frombytes("CMYK", (16, 16), bytes(v for y in range(16) for x in range(16) for v in QUARTERS[y // 8 * 2 + x // 8])), "JPEG",
                                  quality=95), "Pillow"),
    "part.gif": (gif((2, 1, 0, 2, 1, 0), (1, 0, 1, 2, 1, 0)), "ImageMagick"),
    "part_background_2.gif": (gif((1, 1, 0, 2, 1, 1), (0, 0, 1, 2, 1, 0), background=2), "ImageMagick"),
    "part_transparent.gif": (gif((2, 1, 0, 2, 1, 0), (1, 0, 1, 2, 1, 0), transparent=3), "ImageMagick"),
    "part_local_colours.gif": (gif((2, 1, 0, 2, 1, 0), (1, 0, 1, 2, 1, 0), local=True), "ImageMagick"),
    "part.webp": (webp_animation(0, (2, 0, SMALL), (0, 0, Image.new("RGB", (2, 1), (200, 80, 60)))), "Pillow"),
    "part_alpha.webp": (webp_animation(16, (2, 0, SMALL), (0, 0, Image.new("RGB", (2, 1), (200, 80, 60)))), "Pillow"),
    "whole.webp": (webp_animation(0, (0, 0, picture()), (0, 0, SMALL)), "Pillow"),
    "premultiplied.avif": (avif_premultiplied([(200, 80, 40, 128), (20, 160, 220, 64), (30, 90, 60, 255)]), "avifdec"),
}
TURNS = {3: Image.ROTATE_180, 6: Image.ROTATE_270}


def with_pillow(file, frame=0):
    try:
        image = Image.open(file)
        image.seek(frame)
        image = ImageOps.exif_transpose(image)
        if image.mode == "LAB":
            profiles = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
            return ImageCms.profileToProfile(image, *profiles, renderingIntent=1, outputMode="RGB")
        if image.mode in ("RGBA", "LA", "PA", "RGBa") or "transparency" in image.info:
            image = image.convert("RGBA")
            image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
        return image.convert("RGB") if image.mode not in ("F", "I", "I;16", "I;16B") else None
    except Exception:
        return None


def with_image_magick(file, frame=0):
    chosen = ["-swap", f"0,{frame}"] if frame else []
    run = subprocess.run(["convert", file, "-coalesce", *chosen, "-delete", "1--1", "-auto-orient", "-colorspace", "sRGB", "-background", "white",
                          "-alpha", "remove", "-depth", "8", "ppm:-"], capture_output=True)
    return Image.open(io.BytesIO(run.stdout)).convert("RGB") if run.returncode == 0 and run.stdout else None


def with_tiff2rgba(file):
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder) / "x.tif"
        subprocess.run(["tiff2rgba", file, out], check=True, capture_output=True)
        return Image.open(out).convert("RGB")


def with_avifdec(file):
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder) / "x.png"
        subprocess.run(["avifdec", file, out], check=True, capture_output=True)
        return with_pillow(out)


def on_white(colours, alphas):
    return picture([tuple((v * a + 255 * (255 - a) + 127) // 255 for v in (c if len(c) == 3 else c * 3)) for c, a in zip(colours, alphas)])


def grey(values):
    return picture([(v,) * 3 for v in values])


# What TIFF 6.0 says where neither decoder follows it, or the picture that was put in where one of them reads no such file.
BY_SPECIFICATION = {
    "first three": picture(),
    "gaps": picture([COLOURS[i] for i in (0, 5, 5, 0, 1, 1, 0, 0)]),
    "skipped row": picture([COLOURS[i] for i in (0, 0, 7, 0, 0, 0, 0, 0)]),
    "muted": picture(MUTED),
    "muted, alpha last": on_white(MUTED, ALPHAS),
    "first grey": grey(GREYS),
    "white is zero": grey(255 - v for v in GREYS),
    "first palette": picture(),
    "first four": Image.frombytes("CMYK", (WIDTH, HEIGHT), bytes(v for c in CMYK for v in c)).convert("RGB"),
    "turned 3": picture().transpose(TURNS[3]),
    "turned 6": picture().transpose(TURNS[6]),
    "as EXIF 6": with_pillow(io.BytesIO(jpeg(exif(6)))),
}


def expected(source, file, frame=0):
    pillow, magick = with_pillow(file, frame), with_image_magick(file, frame)
    if source == "alpha last":
        wanted = on_white(GREY_PIXELS if file.name.startswith("grey") else COLOURS, ALPHAS)
    elif source == "tiff2rgba":
        wanted = with_tiff2rgba(file)
    elif source == "avifdec":
        wanted = with_avifdec(file)
    else:
        wanted = BY_SPECIFICATION.get(source) or (pillow if source in ("Pillow", "both") else magick)
    away = [max(abs(a - b) for a, b in zip(wanted.tobytes(), other.tobytes())) if other and other.size == wanted.size else "-" for other in (pillow, magick)]
    print(f"{file.name:34} {frame} {source:14} away: Pillow {away[0]}, ImageMagick {away[1]}")
    return f"{file.name}\t{frame}\t{source}\t{wanted.width}\t{wanted.height}\t{' '.join(map(str, wanted.tobytes()))}\n"


def main():
    lines = []
    for name, (content, source) in [*((name + ".tif", value) for name, value in TIFFS.items()), *OTHERS.items()]:
        file = HERE / name
        file.write_bytes(content)
        animated = getattr(Image.open(file), "n_frames", 1) if name.endswith((".gif", ".webp")) else 1
        lines += [expected(source, file, frame) for frame in range(animated)]
    for name, content in REFUSED.items():
        (HERE / f"{name}.tif").write_bytes(content)
        shown = [list(other.tobytes()) if other else None for other in (with_pillow(HERE / f"{name}.tif"), with_image_magick(HERE / f"{name}.tif"))]
        print(f"{name:34} refused; Pillow {shown[0]}, ImageMagick {shown[1]}")
    (HERE / "expected.tsv").write_text("".join(lines))


if __name__ == "__main__":
    main()
