#!/bin/bash
# serve.sh [CANCELLED]: the server with pali-nano. SIGTERM at 20 random points of its start and with requests in flight; 1,000 requests (unless
# told otherwise) that their clients leave after 0 to 150 ms, 8 at a time, half of them streamed; its memory before, meanwhile and after; and the
# same answer to the same question at the end as at the start.
set -u
source "$(dirname "$0")/commands.sh"
source "$(dirname "$0")/server.sh"
cancelled=${1:-1000}

picture=$(base64 -w0 "$nano/samples/scene_01.png")
for stream in false true; do
  printf '{"stream":%s,"temperature":0,"max_tokens":64,"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,%s"}},{"type":"text","text":"describe en"}]}]}' \
    $stream "$picture" > "$work/$stream.json"
done

ask() { curl -s "$at/v1/chat/completions" -H 'content-type: application/json' -d @"$work/$1.json" "${@:2}"; }
answer() { ask false | grep -o '"content":"[^"]*"'; }
resident() { awk '/VmRSS/ { print int($2 / 1024) }' "/proc/$server/status"; }
ended() { # WHAT
  for _ in {1..150}; do kill -0 $server 2> /dev/null || break; sleep 0.1; done
  kill -9 $server 2> /dev/null && fail "$1: it did not end within 15 s"
  wait $server 2> /dev/null
  codes="${codes:-} $?"
  grep -E '^   at |Unhandled|core dumped' "$work/log" && fail "$1: $(cat "$work/log")"
}

for _ in {1..20}; do
  start
  sleep "0.$(printf '%03d' $((RANDOM % 1000)))"
  kill -TERM $server
  ended "SIGTERM while it starts"
done
echo "SIGTERM at 20 points of the first second: exit codes$(tr ' ' '\n' <<< "$codes" | grep . | sort | uniq -c | awk '{ printf " %s (%s times)", $2, $1 }')"

start
ready
first=$(answer)
[ -n "$first" ] || fail "no answer: $(ask false)"
for _ in {1..50}; do answer > /dev/null; done
leave() { ask $([ $(($1 % 2)) = 0 ] && echo true || echo false) --max-time "0.$(printf '%03d' $((RANDOM % 150 + 1)))" > /dev/null; [ $? = 28 ] && echo left; }
echo "resident before: $(resident) MB"
# Rounded up: four rounds of groups of eight.
groups=$(((cancelled + 31) / 32))
began=$SECONDS
for ((round = 0; round < 4; round++)); do
  for ((batch = 0; batch < groups; batch++)); do
    clients=()
    for client in {1..8}; do
      leave $client >> "$work/left" &
      clients+=($!)
    done
    wait "${clients[@]}"
  done
  echo "resident after $(((round + 1) * groups * 8)) requests: $(resident) MB"
done
echo "$(wc -l < "$work/left") clients left before the end, in $((SECONDS - began)) s"
[ "$(answer)" = "$first" ] || fail "another answer than at first"
curl -s "$at/metrics" | grep -E '^paligguf[a-z_]*(running|waiting|active)[a-z_]*' | head -4

for client in {1..8}; do ask true > /dev/null & done
sleep 0.2
codes=""
kill -TERM $server
ended "SIGTERM with requests in flight"
echo "SIGTERM with 8 requests in flight: exit code$codes"
echo "$failures failures"
[ "$failures" = 0 ]
