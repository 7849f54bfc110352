"""ask.py LIBRARY MODEL PICTURE.ppm: a caption and a box through ctypes, printed."""
import ctypes
import sys
from ctypes import POINTER, Structure, byref, c_char_p, c_double, c_float, c_int32, c_int64, c_size_t, c_uint32, c_uint64


class Sized(Structure):
    def __init__(self, **fields):
        super().__init__(size=ctypes.sizeof(self), **fields)


class Picture(Sized):
    _fields_ = [("size", c_uint32), ("format", c_int32), ("width", c_int32), ("height", c_int32), ("stride", c_int64), ("pixels", c_char_p),
                ("pixel_bytes", c_uint64)]


class Request(Sized):
    _fields_ = [("size", c_uint32), ("task", c_int32), ("text", c_char_p), ("text_bytes", c_uint64), ("language", c_char_p), ("pictures",
        POINTER(Picture)),
                ("picture_count", c_uint32), ("flags", c_uint32), ("max_tokens", c_int32), ("temperature", c_float), ("top_k", c_int32),
                    ("top_p", c_float),
                ("min_p", c_float), ("seed", c_int32), ("min_score", c_float), ("max_overlap", c_float)]


class TicketState(Sized):
    _fields_ = [("size", c_uint32), ("state", c_int32), ("status", c_int32), ("finish", c_int32), ("tokens", c_uint32), ("objects",
        c_uint32),
                ("text_bytes", c_uint64), ("pictures_read", c_int32), ("prefix_tokens", c_int32), ("vision_seconds", c_double),
                    ("prefix_seconds", c_double),
                ("decode_seconds", c_double)]


class Found(Sized):
    _fields_ = [("size", c_uint32), ("score", c_float), ("x_min", c_float), ("y_min", c_float), ("x_max", c_float), ("y_max", c_float),
                ("mask_left", c_int32), ("mask_top", c_int32), ("mask_width", c_int32), ("mask_height", c_int32)]


library = ctypes.CDLL(sys.argv[1])
library.pali_status_name.restype = c_char_p


def call(name, *arguments):
    status = getattr(library, name)(*arguments)
    if status < 0:
        text = ctypes.create_string_buffer(2000)
        library.pali_last_error(text, c_size_t(2000), None)
        raise RuntimeError(f"{name}: {library.pali_status_name(status).decode()}: {text.value.decode()}")
    return status


def answer(model, task, text, picture):
    ticket, state, buffer = c_uint64(), TicketState(), ctypes.create_string_buffer(4000)
    call("pali_submit", model, byref(Request(task=task, text=text, pictures=ctypes.pointer(picture), picture_count=1)), byref(ticket))
    call("pali_wait", ticket, -1)
    call("pali_poll", ticket, byref(state))
    call("pali_get_text", ticket, c_uint64(0), buffer, c_size_t(4000), None)
    print(buffer.value.decode())
    for index in range(state.objects):
        found = Found()
        call("pali_get_object", ticket, index, byref(found))
        print(*(round(side) for side in (found.x_min, found.y_min, found.x_max, found.y_max)))
    call("pali_release", ticket)


with open(sys.argv[3], "rb") as file:
    _, size, _, pixels = file.read().split(b"\n", 3)
width, height = map(int, size.split())
loaded = c_uint64()
call("pali_load", sys.argv[2].encode(), None, byref(loaded))
call("pali_wait", loaded, -1)
image = Picture(format=1, width=width, height=height, pixels=pixels, pixel_bytes=len(pixels))
answer(loaded, 1, None, image)
answer(loaded, 5, b"turtle", image)
call("pali_release", loaded)
try:
    call("pali_release", loaded)
except RuntimeError as error:
    print(str(error).split(":")[1].strip())
call("pali_settle", -1)
