#!/usr/bin/env python3
"""A hub on this computer: serves folders as repositories, for trying `paligguf pull` without a network.

    hub.py PORT OWNER/NAME=FOLDER [...]

Behaves as the Hugging Face hub does for its clients: revisions, lists of files, redirects to another host (PORT + 1) for large ones, parts. Prints the bytes it sent when it ends.
"""
import hashlib
import json
import os
import re
import signal
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

COMMIT = "0123456789abcdef0123456789abcdef01234567"
PIECE = 1 << 20
LARGE = (".safetensors", ".gguf", ".npz", ".model")
sent = 0
lock = threading.Lock()


def digest(path, algorithm):
    hashed = hashlib.sha256() if algorithm == "sha256" else hashlib.sha1(b"blob %d\0" % os.path.getsize(path))
    with open(path, "rb") as file:
        while piece := file.read(PIECE):
            hashed.update(piece)
    return hashed.hexdigest()


def read(folder):
    files = {}
    for name in sorted(os.listdir(folder)):
        path = os.path.join(folder, name)
        large = name.endswith(LARGE)
        files[name] = (path, os.path.getsize(path), large, digest(path, "sha256" if large else "sha1"))
    return files


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_GET(self):
        path = self.path.split("?")[0].strip("/")
        if match := re.fullmatch(r"api/models/([^/]+/[^/]+)/revision/.+", path):
            self.answer({"id": match[1], "sha": COMMIT}, match[1])
        elif match := re.fullmatch(r"api/models/([^/]+/[^/]+)/tree/.+", path):
            self.answer([self.entry(name, *file) for name, file in repositories.get(match[1], {}).items()], match[1])
        elif match := re.fullmatch(r"([^/]+/[^/]+)/(?:resolve/[^/]+|content)/([^/]+)", path):
            self.file(match[1], match[2], content="/content/" in path)
        else:
            self.refuse(404)

    def entry(self, name, path, size, large, hashed):
        entry = {"type": "file", "path": name, "size": size, "oid": hashed[:40]}
        return entry | {"lfs": {"oid": hashed, "size": size}} if large else entry

    def answer(self, value, repository):
        if repository not in repositories:
            return self.refuse(401, "RepoNotFound")
        body = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def refuse(self, status, code=None):
        self.send_response(status)
        if code:
            self.send_header("X-Error-Code", code)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def file(self, repository, name, content):
        global sent
        if name not in repositories.get(repository, {}):
            return self.refuse(404, "EntryNotFound")
        path, size, large, hashed = repositories[repository][name]
        if large and not content:
            self.send_response(302)
            self.send_header("Location", f"http://localhost:{port + 1}/{repository}/content/{name}?Signature=secret")
            for header, value in (("X-Repo-Commit", COMMIT), ("X-Linked-Size", str(size)), ("X-Linked-Etag", f'"{hashed}"'), ("Content-Length", "0")):
                self.send_header(header, value)
            return self.end_headers()
        match = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range", ""))
        begin, end = (int(match[1]), int(match[2])) if match else (0, size - 1)
        self.send_response(206 if match else 200)
        self.send_header("ETag", f'"{hashed}"')
        self.send_header("Content-Length", str(end - begin + 1))
        if match:
            self.send_header("Content-Range", f"bytes {begin}-{end}/{size}")
        self.end_headers()
        with open(path, "rb") as source:
            source.seek(begin)
            left = end - begin + 1
            while left > 0:
                piece = source.read(min(PIECE, left))
                self.wfile.write(piece)
                left -= len(piece)
                with lock:
                    sent += len(piece)


class Server(ThreadingHTTPServer):
    def handle_error(self, *_):
        pass  # A client that is killed hangs up.


port = int(sys.argv[1])
repositories = {name: read(folder) for name, folder in (argument.split("=", 1) for argument in sys.argv[2:])}
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
for number in (port, port + 1):
    server = Server(("127.0.0.1", number), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
print("ready", flush=True)
signal.sigwait({signal.SIGINT, signal.SIGTERM})
print(f"{sent} bytes of content sent", flush=True)
os._exit(0)
