#!/usr/bin/env bash
# Linux, seen with 6.18: a file lease (fcntl F_SETLEASE) whose signal was chosen with F_SETSIG forgets the choice when it is given back. A
# lease that is taken again on the same descriptor announces its end by SIGIO, whose default ends the process.
#
# Guess before:  F_SETSIG belongs to the open file and stays until it is set again; fcntl(2) names nothing that takes it back.
# Seen:          the first break sends the chosen signal, the second, of a lease taken again, SIGIO. F_GETSIG says 0 after F_UNLCK
#                (lease_modify in the kernel's fs/locks.c clears it).
# Why it matters: a program that guards a mapped file by a lease, and takes the lease again after somebody wrote, dies of "I/O possible" at
#                the second writer unless it sets the signal each time.
# Needs:         Linux, python3, and a folder on a local disk whose files belong to the user.
set -euo pipefail
[ "$(uname)" = Linux ] && command -v python3 >/dev/null || { echo "Linux and python3 are needed." >&2; exit 2; }
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"
cat > lease.py <<'PY'
import fcntl, os, signal, sys, threading

seen = []
for number in (signal.SIGURG, signal.SIGIO):
    signal.signal(number, lambda received, frame: seen.append(signal.Signals(received).name))

open("held", "wb").write(b"some bytes")
held = os.open("held", os.O_RDONLY)

def is_broken():
    """A writer opens the file, and waits until the lease is given back."""
    writer = threading.Thread(target=lambda: os.close(os.open("held", os.O_WRONLY)))
    before = len(seen)
    writer.start()
    while len(seen) == before:
        signal.sigtimedwait([], 0.01)
    fcntl.fcntl(held, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    writer.join()

try:
    fcntl.fcntl(held, fcntl.F_SETSIG, signal.SIGURG)
    fcntl.fcntl(held, fcntl.F_SETLEASE, fcntl.F_RDLCK)
except OSError as failure:
    print(f"no lease can be had here: {failure}", file=sys.stderr)
    sys.exit(2)
is_broken()
left = fcntl.fcntl(held, fcntl.F_GETSIG)
fcntl.fcntl(held, fcntl.F_SETLEASE, fcntl.F_RDLCK)
is_broken()
print(f"Linux {os.uname().release}: the first lease ended with {seen[0]}, F_GETSIG says {left} then, the second ended with {seen[1]}")
sys.exit(0 if seen == ["SIGURG", "SIGIO"] and left == 0 else 1)
PY
status=0; timeout 60 python3 lease.py || status=$?
[ $status != 1 ] || echo "CHANGED: the signal stays."
exit $status
