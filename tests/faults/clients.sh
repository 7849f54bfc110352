#!/bin/bash
# clients.sh [SECONDS [CLIENTS [LEAVING]]]: so many clients (50) for so many seconds (600), who leave that share (0.5) of their requests before the end:
# the memory of the server, the answers of the others, and the answer afterwards (clients.py, which needs Python 3 and nothing else).
set -u
source "$(dirname "$0")/commands.sh"
source "$(dirname "$0")/server.sh"
start
ready
python3 "$(dirname "$0")/clients.py" $port $server "${2:-50}" "${1:-600}" "${3:-0.5}" || fail "wrong answers, or requests that go on"
kill -TERM $server
wait $server
[ $? = 0 ] || fail "it did not end well: $(tail -n 3 "$work/log")"
echo "$failures failures"
[ "$failures" = 0 ]
