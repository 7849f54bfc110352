#!/bin/bash
# workers.sh [PICTURES] [ROUNDS] [MODEL] [TOKENS]: how much more two workers do than one, each on a core of its own, over a real broker. Long
# answers, or a large model ('paligguf synth 3b-224 --out MODEL'), take most of the time. The broker and who collects share the cores with the
# workers. Needs rabbitmq-server and a calm machine.
set -u
source "$(dirname "$0")/commands.sh"
pictures=${1:-200} rounds=${2:-3} model=${3:-$nano} tokens=${4:-128} port=$((20000 + RANDOM % 10000))
home=$work/home
mkdir -p "$home"
echo "$RANDOM$RANDOM" > "$home/.erlang.cookie"
chmod 400 "$home/.erlang.cookie"
echo '[].' > "$work/plugins"
printf 'listeners.tcp.1 = 127.0.0.1:%d\nlog.file = false\n' "$port" > "$work/rabbitmq.conf"
export ERL_EPMD_ADDRESS=127.0.0.1 ERL_EPMD_PORT=$((port + 1))
HOME=$home RABBITMQ_NODENAME=workers$port@localhost RABBITMQ_DIST_PORT=$((port + 2)) RABBITMQ_CONFIG_FILE=$work/rabbitmq.conf \
  RABBITMQ_CONF_ENV_FILE=/dev/null RABBITMQ_MNESIA_BASE=$work/data RABBITMQ_LOG_BASE=$work/log RABBITMQ_ENABLED_PLUGINS_FILE=$work/plugins \
  RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS="+sbwt none +sbwtdcpu none +sbwtdio none" \
  setsid /usr/lib/rabbitmq/bin/rabbitmq-server > "$work/broker.log" 2>&1 &
broker=$!
workers=()
end() {
  kill "${workers[@]}" 2> /dev/null
  kill -- -$broker 2> /dev/null
  wait 2> /dev/null
  epmd -port "$ERL_EPMD_PORT" -kill > /dev/null 2>&1
  rm -rf "$work"
}
trap end EXIT
for ((i = 0; i < 300; i++)); do (echo > /dev/tcp/127.0.0.1/$port) 2> /dev/null && break; sleep 0.2; done
export PALIGGUF_BROKER=amqp://127.0.0.1:$port PALIGGUF_THREADS=1

# worker CORE
worker() {
  taskset -c "$1" dotnet "$console" worker --model "$model" --sequences 1 > /dev/null 2> "$work/worker.$1" &
  workers+=($!)
}
# batch NAME PICTURES: the seconds from the first answer to the last.
batch() {
  local out=$work/$1.jsonl
  for ((i = 0; i < $2; i++)); do
    echo "{\"id\": \"$i\", \"image\": \"$nano/samples/scene_$(printf '%02d' $((i % 12 + 1))).png\"}"
  done > "$work/list.jsonl"
  dotnet "$console" batch "$work/list.jsonl" --model "$model" --task describe --ignore-eos --max-tokens "$tokens" --out "$out" > /dev/null 2>&1 &
  local process=$! first last
  while [ ! -s "$out" ]; do kill -0 $process 2> /dev/null || return 1; sleep 0.01; done
  first=$(date +%s.%N)
  wait $process || return 1
  last=$(date +%s.%N)
  awk "BEGIN { print $last - $first }"
}

for ((round = 1; round <= rounds; round++)); do
  workers=()
  worker 0
  batch "warm1.$round" 8 > /dev/null || { echo "FAILED: $(cat "$work"/worker.*)"; exit 1; }
  one=$(batch "one.$round" "$pictures")
  worker 1
  sleep 8
  batch "warm2.$round" 16 > /dev/null
  two=$(batch "two.$round" "$pictures")
  awk "BEGIN { printf \"round $round: one worker %.2f s, two %.2f s: %.2f times\\n\", $one, $two, $one / $two }"
  kill "${workers[@]}"
  wait "${workers[@]}" 2> /dev/null
done
