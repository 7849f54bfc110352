// The server's API: failures become Problems, streams become events.

/** What went wrong, in the server's words where it had any. */
export class Problem extends Error {
  constructor(title, detail, { status = 0, code = "", retryAfter = null } = {}) {
    super(detail);
    Object.assign(this, { title, detail, status, code, retryAfter });
  }

  /** Whether asking again later may help. */
  get passes() {
    return this.status === 429 || (this.status === 503 && this.retryAfter !== null);
  }

  static unreachable() {
    return new Problem("The server can not be reached", "The network is down, or the server was stopped. The page goes on when it is back.", { code: "unreachable" });
  }
}

const storedKey = "api-key";

function bearer() {
  try {
    return sessionStorage.getItem(storedKey);
  } catch {
    return null;
  }
}

/** Asks the user for a key: set by the page. Resolves to null when there is none. */
let keyAsked = async () => null;

export function onKeyNeeded(ask) {
  let asking = null;
  // Requests that are refused at the same time share one question.
  keyAsked = detail => (asking ??= ask(detail).finally(() => (asking = null)));
}

/** Sends a request, with a key where one is needed. */
export async function send(path, options = {}) {
  for (;;) {
    const key = bearer();
    const headers = { ...options.headers, ...(key && { Authorization: `Bearer ${key}` }) };
    let response;
    try {
      response = await fetch(path, { ...options, headers, cache: "no-store" });
    } catch (failure) {
      throw failure.name === "AbortError" ? failure : Problem.unreachable();
    }

    if (response.ok) return response;
    const problem = await problemOf(response);
    if (problem.status !== 401) throw problem;
    if (bearer() !== key) continue;
    const given = await keyAsked(key ? problem.detail : null);
    if (given === null) throw problem;
    sessionStorage.setItem(storedKey, given);
  }
}

/** Sends JSON. */
export function post(path, body, { signal, accept = "application/json" } = {}) {
  return send(path, { method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "application/json", Accept: accept }, signal });
}

/** Reads what the server says of its start. */
export async function readiness() {
  try {
    const response = await fetch("readyz", { cache: "no-store" });
    return await response.json();
  } catch {
    return { status: "unreachable" };
  }
}

/** The events of a stream, each with its name and data; a cut stream is a Problem. */
export async function* events(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read().catch(failure => {
      throw failure.name === "AbortError" ? failure : Problem.unreachable();
    });
    if (done) return;
    const parts = (text + value).split("\n\n");
    text = parts.pop();
    for (const part of parts) yield parse(part);
  }
}

function parse(event) {
  let name = "message", data = "";
  for (const line of event.split("\n")) {
    if (line.startsWith("event: ")) name = line.slice(7);
    if (line.startsWith("data: ")) data += line.slice(6);
  }

  return { name, data: JSON.parse(data) };
}

// What the more frequent problems are called here; the server names them by their HTTP status.
const titles = {
  unsupported_media_type: "This is no picture",
  invalid_picture: "The picture can not be read",
  picture_too_large: "The picture is too large",
  body_too_large: "The file is too large",
  invalid_api_key: "A key is needed",
  rate_exceeded: "Too many requests",
  queue_full: "The server is busy",
  context_length_exceeded: "The prompt is too long",
  deadline_exceeded: "That took too long",
};

/** A Problem from problem details (RFC 9457). */
export function problemFrom(json, retryAfter = null) {
  return new Problem(titles[json.code] || json.title || `Error ${json.status}`, json.detail || "The server gave no reason.", { status: json.status, code: json.code, retryAfter });
}

async function problemOf(response) {
  const wait = Number.parseInt(response.headers.get("Retry-After"), 10);
  const retryAfter = Number.isFinite(wait) ? wait : null;
  try {
    return problemFrom({ status: response.status, ...(await response.json()) }, retryAfter);
  } catch {
    return problemFrom({ status: response.status, title: response.statusText }, retryAfter);
  }
}
