#!/usr/bin/env bash
# Linux, seen with 6.18: the signal that announces the end of a file lease (fcntl F_SETLEASE) is addressed to the thread that took the lease,
# and is lost when that thread has ended, though the lease, the file and the process live on.
#
# Guess before:  the signal goes to the process that has the file open; fcntl(2) says that a lease belongs to the open file description, and
#                of F_SETOWN nothing that a lease would change.
# Seen:          taken by a thread that ends, then broken by a writer: no signal, and the writer waits for the whole of
#                /proc/sys/fs/lease-break-time. F_GETOWN says 0 (nobody). With F_SETOWN to the process after F_SETLEASE the
#                signal comes. (lease_setup in the kernel's fs/locks.c names the current task as owner, and send_sigio looks for it as a thread.)
# Why it matters: runtimes with pools of threads take leases on threads that come and go; whoever waits for a lease then waits 45 s.
# Needs:         Linux, python3, and a folder on a local disk whose files belong to the user.
set -euo pipefail
[ "$(uname)" = Linux ] && command -v python3 >/dev/null || { echo "Linux and python3 are needed." >&2; exit 2; }
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"
cat > lease.py <<'PY'
import fcntl, os, signal, sys, threading, time

seen = []
signal.signal(signal.SIGURG, lambda received, frame: seen.append(received))
open("held", "wb").write(b"some bytes")

def announced(owner):
    """Whether a writer is announced to a process whose lease was taken by a thread that has ended."""
    held = os.open("held", os.O_RDONLY)
    told = []

    def take():
        fcntl.fcntl(held, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(held, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        if owner is not None:
            fcntl.fcntl(held, fcntl.F_SETOWN, owner)
        told.append(fcntl.fcntl(held, fcntl.F_GETOWN))

    taker = threading.Thread(target=take)
    taker.start()
    taker.join()
    if not told:
        sys.exit(2)
    seen.clear()
    writer = threading.Thread(target=lambda: os.close(os.open("held", os.O_WRONLY)))
    writer.start()
    end = time.monotonic() + 3
    while not seen and time.monotonic() < end:
        time.sleep(0.01)
    fcntl.fcntl(held, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    writer.join()
    os.close(held)
    return bool(seen), told[0]

alone, owner = announced(None)
named, _ = announced(os.getpid())
print(f"Linux {os.uname().release}: signal after the thread's end: {alone}, owner by F_GETOWN {owner}; with F_SETOWN to the process: {named}")
sys.exit(0 if (alone, owner, named) == (False, 0, True) else 1)
PY
status=0; timeout 60 python3 lease.py || status=$?
[ $status != 1 ] || echo "CHANGED: the signal comes without F_SETOWN."
exit $status
