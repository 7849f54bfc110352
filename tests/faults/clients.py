#!/usr/bin/env python3
"""clients.py PORT PID CLIENTS SECONDS LEAVING: so many clients ask a server on this machine without a pause, all the same question, half of them as
a stream. The share LEAVING (0 to 1) of the requests is left after 0 to 400 ms, the others must have the right answer. Prints the process's
memory twenty times: resident, of that anonymous, the runtime's heap after its last collection, and what the runtime has committed."""
import asyncio
import base64
import json
import pathlib
import random
import re
import sys
import time

PORT, PID, CLIENTS, SECONDS, LEAVING = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]), float(sys.argv[5])
LINES = 20
SCENE = pathlib.Path(__file__).resolve().parents[2] / "models/pali-nano/samples/scene_01.png"
counts = {"answered": 0, "left": 0, "refused": 0, "wrong": 0}


def request(stream):
    url = "data:image/png;base64," + base64.b64encode(SCENE.read_bytes()).decode()
    content = [{"type": "image_url", "image_url": {"url": url}}, {"type": "text", "text": "describe en"}]
    body = json.dumps({"stream": stream, "temperature": 0, "max_tokens": 64, "messages": [{"role": "user", "content": content}]}).encode()
    head = f"POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    return head.encode() + body


REQUESTS = {stream: request(stream) for stream in (False, True)}


async def exchange(message):
    reader, writer = await asyncio.open_connection("127.0.0.1", PORT)
    try:
        writer.write(message)
        await writer.drain()
        return (await reader.read()).decode()
    finally:
        writer.close()


def text_of(answer):
    return "".join(json.loads('"' + part + '"') for part in re.findall(r'"content":"((?:[^"\\]|\\.)*)"', answer))


async def client(wanted, end):
    while time.monotonic() < end:
        stream, leaves = random.random() < 0.5, random.random() < LEAVING
        try:
            answer = await asyncio.wait_for(exchange(REQUESTS[stream]), random.uniform(0, 0.4) if leaves else 120)
        except asyncio.TimeoutError:
            counts["left" if leaves else "wrong"] += 1
            continue
        if answer.startswith("HTTP/1.1 429"):
            counts["refused"] += 1
            await asyncio.sleep(0.2)
        elif text_of(answer) == wanted:
            counts["answered"] += 1
        else:
            counts["wrong"] += 1
            print("WRONG:", answer[:500])


async def memory():
    status = pathlib.Path(f"/proc/{PID}/status").read_text()
    resident, anonymous, threads = (int(re.search(name + r":\s+(\d+)", status)[1]) for name in ("VmRSS", "RssAnon", "Threads"))
    metrics = await exchange(b"GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
    value = lambda name: sum(float(found) for found in re.findall(rf"^{name}(?:{{[^}}]*}})? (\S+)", metrics, re.M))
    heap, committed = value("dotnet_gc_last_collection_heap_size_bytes"), value("dotnet_gc_last_collection_memory_committed_size_bytes")
    return resident // 1024, anonymous // 1024, heap / 2**20, committed / 2**20, threads, value("paligguf_requests_running")


async def main():
    wanted = text_of(await exchange(REQUESTS[False]))
    print(f"the answer is {wanted!r}")
    began = time.monotonic()
    clients = [asyncio.create_task(client(wanted, began + SECONDS)) for _ in range(CLIENTS)]
    for line in range(LINES + 1):
        resident, anonymous, heap, committed, threads, _ = await memory()
        print(f"{time.monotonic() - began:6.0f} s  resident {resident} MB, anonymous {anonymous}, heap {heap:.1f} of {committed:.1f}, {threads} threads  {counts}", flush=True)
        await asyncio.sleep(max(0, began + (line + 1) * SECONDS / LINES - time.monotonic()) if line < LINES else 0)
    await asyncio.gather(*clients)
    await asyncio.sleep(1)
    running = (await memory())[5]
    again = text_of(await exchange(REQUESTS[False]))
    print(f"afterwards {running:.0f} requests run; the same question has {'the same answer' if again == wanted else 'ANOTHER ANSWER: ' + again}")
    return 1 if counts["wrong"] or running or again != wanted else 0


sys.exit(asyncio.run(main()))
