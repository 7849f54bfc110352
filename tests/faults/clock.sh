#!/bin/bash
# clock.sh: the server while the system's clock jumps (libfaketime; Debian's package faketime): a day forward, two back, one forward, each in the middle
# of requests. What must come: the Date of its answers jumps, its answers do not change, none of them misses its deadline (20 s), and a limit of
# requests a minute lets nobody in earlier or later for it.
set -u
source "$(dirname "$0")/commands.sh"
source "$(dirname "$0")/server.sh"
library=$(ls /usr/lib/*/faketime/libfaketimeMT.so.1 /usr/lib/faketime/libfaketimeMT.so.1 2> /dev/null | head -n 1)
[ -n "$library" ] || { echo "libfaketime is not there: apt-get install faketime" >&2; exit 2; }
echo "+0" > "$work/clock"
caption() { curl -s -F "image=@$nano/samples/scene_01.png" "$at/api/caption" "$@"; }
text() { caption | grep -o '"text":"[^"]*"'; }
code() { caption -o /dev/null -w '%{http_code}'; }
day() { date -u -d "$(curl -sI "$at/healthz" | tr -d '\r' | sed -n 's/^[Dd]ate: //p')" +%s; }

# The monotonic clock does not jump, nor do the times of files, as on any system.
export NO_FAKE_STAT=1 FAKETIME_TIMESTAMP_FILE=$work/clock FAKETIME_NO_CACHE=1 FAKETIME_DONT_FAKE_MONOTONIC=1
LD_PRELOAD=$library start --deadline 20s --rate 12
ready
unset FAKETIME_TIMESTAMP_FILE
first=$(text)
[ -n "$first" ] || fail "no answer: $(caption)"
for jump in +1d -1d +0; do
  before=$(day)
  for client in 1 2; do text > "$work/answer$client" & clients[client]=$!; done
  echo "$jump" > "$work/clock"
  wait "${clients[@]}"
  # The web server writes the time anew once a second.
  sleep 1.5
  echo "clock at $jump: Date jumped by $((($(day) - before + 43200) / 86400)) days; answers: $(cat "$work"/answer[12] | sort | uniq -c | tr -s ' ')"
  for client in 1 2; do [ "$(cat "$work/answer$client")" = "$first" ] || fail "another answer: $(cat "$work/answer$client")"; done
done
# 7 of 12 were asked above; one comes back every 5 s.
codes=$(for _ in {1..9}; do code; echo; done | sort | uniq -c | awk '{ printf "%s (%s times) ", $2, $1 }')
echo "9 more requests at once: $codes"
[[ $codes == *429* && $codes == *200* ]] || fail "the limit is off"
echo "+1d" > "$work/clock"
[ "$(code)" = 429 ] || fail "a jump of the clock let a request in"
sleep 6
[ "$(code)" = 200 ] || fail "nobody is let in after the jump"
kill -TERM $server
wait $server
[ $? = 0 ] || fail "it did not end well: $(tail -n 3 "$work/log")"
echo "$failures failures"
[ "$failures" = 0 ]
