#!/usr/bin/env bash
# ollama 0.6.4 (npm, the official client) reads an error's JSON only where its media type has the letters "application/json" in it.
#
# Guess before:  any JSON type will do, application/problem+json (RFC 9457) above all: media types are compared without regard to
#                case, and a body that parses is parsed.
# Seen:          of application/problem+json, and of the same type in capital letters, error.message is the body's raw text, braces
#                and all, and the client itself prints "Getting text from response" to the console of the program that uses it.
# Why it matters: a gateway or a compatible server that answers errors by the standard shows its users JSON instead of a sentence,
#                and breaks the output of programs that print results. So errors at ollama's addresses are plain application/json.
# Needs:         node 18 or newer, npm.
set -euo pipefail
command -v npm >/dev/null || { echo "npm is missing."; exit 2; }
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund ollama@0.6.4 >/dev/null

cat > errors.mjs <<'JS'
import http from 'node:http';
import { Ollama } from 'ollama';

const server = http.createServer((request, response) => {
  request.resume().on('end', () => {
    response.writeHead(404, { 'content-type': request.headers['x-type'] });
    response.end('{"error":"no such model"}');
  });
});
await new Promise(listening => server.listen(0, '127.0.0.1', listening));
const said = [];
for (const console_method of ['log', 'warn', 'error']) console[console_method] = text => said.push(text);
const messages = {};
for (const type of ['application/json', 'application/problem+json', 'APPLICATION/JSON']) {
  const client = new Ollama({ host: `http://127.0.0.1:${server.address().port}`, headers: { 'x-type': type } });
  await client.chat({ model: 'x', messages: [] }).catch(error => { messages[type] = error.message; });
}
process.stdout.write(JSON.stringify({ messages, said }, null, 2) + '\n');
const raw = '{"error":"no such model"}';
const asSeen = messages['application/json'] === 'no such model' && messages['application/problem+json'] === raw
  && messages['APPLICATION/JSON'] === raw && said.length === 2;
process.exit(asSeen ? 0 : 1);
JS
node errors.mjs
