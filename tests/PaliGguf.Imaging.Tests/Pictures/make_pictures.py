"""Writes the small image files beside it with Pillow, an independent encoder.

Most show the same 24 x 16 pixels: red, green over blue, white with a black 4 x 4 corner at the bottom right.
"""
import io
import pathlib
import struct
import zlib

from PIL import Image, ImageCms

HERE = pathlib.Path(__file__).parent
WIDTH, HEIGHT = 24, 16
RED, GREEN, BLUE, WHITE, BLACK = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255), (0, 0, 0)


def blocks():
    image = Image.new("RGB", (WIDTH, HEIGHT), RED)
    image.paste(GREEN, (WIDTH // 2, 0, WIDTH, HEIGHT // 2))
    image.paste(BLUE, (0, HEIGHT // 2, WIDTH // 2, HEIGHT))
    image.paste(WHITE, (WIDTH // 2, HEIGHT // 2, WIDTH, HEIGHT))
    image.paste(BLACK, (WIDTH - 4, HEIGHT - 4, WIDTH, HEIGHT))
    return image


def png_of_16_bits(channels, rows):
    """Pillow writes no colour PNG of 16 bits. Rows are lists of samples."""
    colour_type = {1: 0, 2: 4, 3: 2, 4: 6}[channels]
    raw = b"".join(b"\0" + struct.pack(">%dH" % len(row), *row) for row in rows)

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", len(rows[0]) // channels, len(rows), 16, colour_type, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(raw)) + chunk(b"IEND", b"")


def wide_gamut_profile():
    """A profile with three primaries far apart and a gamma of 563/256."""

    def fixed(*values):
        return b"".join(struct.pack(">i", round(v * 65536)) for v in values)

    def text(kind, content):
        return kind + bytes(4) + content

    description = b"wide gamut\0"
    tags = {
        b"desc": text(b"desc", struct.pack(">I", len(description)) + description + bytes(4 + 4 + 2 + 1 + 67)),
        b"cprt": text(b"text", b"none\0"),
        b"wtpt": text(b"XYZ ", fixed(0.96420, 1.0, 0.82491)),
        b"rXYZ": text(b"XYZ ", fixed(0.60974, 0.31111, 0.01947)),
        b"gXYZ": text(b"XYZ ", fixed(0.20528, 0.62567, 0.06087)),
        b"bXYZ": text(b"XYZ ", fixed(0.14919, 0.06322, 0.74457)),
        b"rTRC": text(b"curv", struct.pack(">IH", 1, 563)),
        b"gTRC": text(b"curv", struct.pack(">IH", 1, 563)),
        b"bTRC": text(b"curv", struct.pack(">IH", 1, 563)),
    }
    offset = 128 + 4 + 12 * len(tags)
    table, data = struct.pack(">I", len(tags)), b""
    for name, content in tags.items():
        content += bytes(-len(content) % 4)
        table += name + struct.pack(">II", offset + len(data), len(content))
        data += content
    header = struct.pack(">I4sI4s4s4s12s4s", offset + len(data), b"lcms", 0x02100000, b"mntr", b"RGB ", b"XYZ ", bytes(12), b"acsp")
    return header + bytes(28) + fixed(0.96420, 1.0, 0.82491) + bytes(48) + table + data


def main():
    image = blocks()
    image.save(HERE / "blocks.png")
    image.save(HERE / "blocks.jpg", quality=95, subsampling=0)
    image.save(HERE / "progressive.jpg", quality=95, subsampling=0, progressive=True)
    image.save(HERE / "blocks.tif", compression="tiff_lzw")
    image.save(HERE / "blocks.webp", lossless=True)
    image.save(HERE / "blocks.gif")
    image.save(HERE / "24_bits.bmp")
    image.quantize(5).save(HERE / "8_bits.bmp")
    image.convert("L").point(lambda v: 255 * (v > 60)).convert("1").save(HERE / "1_bit.bmp")
    image.quantize(5).save(HERE / "palette.png")
    image.convert("L").save(HERE / "grey.jpg", quality=95)
    image.convert("CMYK").save(HERE / "cmyk.jpg", quality=95, subsampling=0)
    image.convert("CMYK").save(HERE / "cmyk.tif")

    # What has to be done with the stored picture (EXIF's definition), undone: all of them show the same picture when upright.
    undo = [None, Image.FLIP_LEFT_RIGHT, Image.ROTATE_180, Image.FLIP_TOP_BOTTOM, Image.TRANSPOSE, Image.ROTATE_90, Image.TRANSVERSE, Image.ROTATE_270]
    for orientation, operation in enumerate(undo, start=1):
        exif = Image.Exif()
        exif[0x0112] = orientation
        stored = image if operation is None else image.transpose(operation)
        stored.save(HERE / f"orientation_{orientation}.jpg", quality=95, subsampling=0, exif=exif)

    exif = Image.Exif()
    exif[0x0112] = 6
    image.transpose(Image.ROTATE_90).save(HERE / "orientation_6.png", exif=exif)

    frames = [Image.new("RGB", (8, 8), RED), Image.new("RGB", (8, 8), BLUE)]
    frames[0].save(HERE / "animated.gif", save_all=True, append_images=frames[1:], duration=100)
    frames[0].save(HERE / "animated.webp", save_all=True, append_images=frames[1:], duration=100, lossless=True)
    frames[0].save(HERE / "pages.tif", save_all=True, append_images=frames[1:])

    # Transparency from left to right: none, a third, two thirds, full.
    Image.frombytes("LA", (4, 1), bytes([100, 255, 100, 170, 100, 85, 100, 0])).save(HERE / "grey_alpha.png")
    Image.frombytes("RGBA", (4, 1), bytes([90, 30, 0, 255, 90, 30, 0, 170, 90, 30, 0, 85, 90, 30, 0, 0])).save(HERE / "colour_alpha.png")
    Image.frombytes("RGBA", (2, 1), bytes([90, 30, 0, 255, 90, 30, 0, 0])).save(HERE / "colour_alpha.webp", lossless=True, exact=True)
    palette = Image.frombytes("P", (2, 1), bytes([0, 1]))
    palette.putpalette([90, 30, 0, 1, 2, 3])
    palette.save(HERE / "palette_alpha.png", transparency=1)
    palette.save(HERE / "transparent.gif", transparency=1)

    levels = [0, 257, 32896, 65535]
    (HERE / "grey_16.png").write_bytes(png_of_16_bits(1, [levels]))
    (HERE / "colour_16.png").write_bytes(png_of_16_bits(3, [[v for level in levels for v in (level, 65535 - level, 25700)]]))
    (HERE / "alpha_16.png").write_bytes(png_of_16_bits(4, [[25700, 51400, 0, 65535, 25700, 51400, 0, 0]]))

    colours = Image.frombytes("RGB", (4, 1), bytes([128, 128, 128, 200, 80, 60, 60, 150, 90, 40, 60, 180]))
    wide = wide_gamut_profile()
    colours.save(HERE / "wide_gamut.png", icc_profile=wide)
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
    colours.save(HERE / "srgb_profile.png", icc_profile=srgb.tobytes())
    colours.save(HERE / "damaged_profile.png", icc_profile=wide[:140] + bytes(60))
    converted = ImageCms.profileToProfile(colours, ImageCms.ImageCmsProfile(io.BytesIO(wide)), srgb)
    print("wide gamut in sRGB:", list(converted.tobytes()))


main()
