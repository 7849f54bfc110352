#!/bin/bash
# full.sh: each command that writes files on a full disk. Needs root, for disks of memory of several sizes (mount -t tmpfs): from one with no room
# at all to one that has a little too little. What must come: a refusal in one line, and nothing under a final or a temporary name.
set -u
source "$(dirname "$0")/commands.sh"
[ "$(id -u)" = 0 ] || { echo "full.sh mounts disks of memory, which only root may" >&2; exit 2; }
disk=$work/disk
mkdir "$disk"
trap 'umount "$disk" 2> /dev/null; rm -rf "$work"' EXIT
failures=0
fail() { echo "FAILED: $*"; failures=$((failures + 1)); }

# One line of error, which may follow lines of progress; and nothing left.
refused() { # WHAT
  [ "$(grep -c '^paligguf:' "$work/err")" = 1 ] && [[ $(tail -n 1 "$work/err") == paligguf:* ]] || fail "$1: not one line: $(cat "$work/err")"
  [ -z "$(find "$disk" -mindepth 1)" ] || fail "$1: left: $(find "$disk" -mindepth 1)"
}

for command in ${@:-convert quantize adapter imatrix segment}; do
  whole=$work/$command-whole
  mkdir "$whole"
  (run "$command" "$whole") > /dev/null 2>&1 || { fail "$command does not run"; continue; }
  bytes=$(($(cat "$whole"/* | wc -c) / 4096))
  for percent in 0 10 50 90 99; do
    pages=$((bytes * percent / 100))
    # One page is the disk's own.
    mount -t tmpfs -o size=$(((pages + 1) * 4096)) faults "$disk"
    (run "$command" "$disk") > "$work/out" 2> "$work/err"
    code=$?
    [ $code != 0 ] || fail "$command, $percent %: no error"
    refused "$command, $percent %"
    umount "$disk"
  done
  echo "$command: exit $code; at 99 %: $(grep '^paligguf:' "$work/err" | sed "s#$work#DIR#g")"
done

# There is room at first, and another program takes it as soon as the command has begun to write: on a disk that keeps room for a file that is
# announced (tmpfs), and on one that does not (ext2 in a file), where it ends between two tensors.
for disks in tmpfs ext2; do
  for command in convert quantize adapter imatrix; do
    filled=0 between=0
    for round in {1..10}; do
      if [ $disks = tmpfs ]; then
        mount -t tmpfs -o size=96m faults "$disk"
      else
        rm -f "$work/ext2"
        truncate -s $(($(cat "$work/$command-whole"/* | wc -c) * 3 + (1 << 20))) "$work/ext2"
        mkfs.ext2 -q -m 0 "$work/ext2"
        mount -o loop "$work/ext2" "$disk"
        rmdir "$disk/lost+found"
      fi
      (run "$command" "$disk") > "$work/out" 2> "$work/err" &
      process=$!
      while kill -0 $process 2> /dev/null && ! compgen -G "$disk/.*partial" > /dev/null; do :; done
      head -c 200M /dev/zero > "$disk/other" 2> /dev/null
      wait $process
      code=$?
      rm "$disk/other"
      if [ $code != 0 ]; then
        filled=$((filled + 1))
        grep -q 'No space left' "$work/err" && between=$((between + 1))
        refused "$command, filled $disks, round $round"
      elif [ "$(sums "$disk")" != "$(sums "$work/$command-whole")" ]; then
        fail "$command, filled $disks, round $round: other bytes, and no error"
      fi
      umount "$disk"
    done
    echo "$command: $disks filled while it writes: $filled of 10 refused, $between of them by a failed write, the others were complete before: $(grep '^paligguf:' "$work/err" | sed "s#$work#DIR#g")"
  done
done
echo "$failures failures"
[ "$failures" = 0 ]
