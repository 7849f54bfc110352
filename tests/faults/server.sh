# A server with pali-nano, on a port of its own. Sourced by the scripts beside it, after commands.sh.
port=$((20000 + RANDOM % 10000))
at=http://127.0.0.1:$port
trap 'kill -9 ${server:-} 2> /dev/null; rm -rf "$work"' EXIT
failures=0
fail() { echo "FAILED: $*"; failures=$((failures + 1)); }

start() { # OPTION...
  dotnet "$console" serve --model "$nano" --urls "$at" "$@" > "$work/log" 2>&1 &
  server=$!
}
ready() { for _ in {1..300}; do [ "$(curl -s -o /dev/null -w '%{http_code}' "$at/readyz")" = 200 ] && return; sleep 0.1; done; fail "not ready: $(cat "$work/log")"; }
