// The server as the page tells of it: whether it answers, what it runs, which of its models is asked, and the key that it wants.
import { onKeyNeeded, readiness, send } from "./api.js";
import { byId, element } from "./elements.js";
import { showModel } from "./model.js";

/** Knows the model that is asked. */
export class Server {
  #page;
  #choice = byId("models");
  #waiting = null;

  /** The model, as the server describes it; null until it is known. */
  model = null;

  /** The name that was chosen among several; null for the one that is meant where none is named. */
  chosen = null;

  /** @param page What happens then: learnt with each model, report a failure, and patiently, which waits for the server. */
  constructor(page) {
    this.#page = page;
    this.#choice.addEventListener("change", () => this.#choose());
    onKeyNeeded(askForKey);
  }

  /** Waits until the server answers, and shows what it runs. */
  untilReady() {
    return (this.#waiting ??= this.#readyAgain().finally(() => (this.#waiting = null)));
  }

  async #readyAgain() {
    let health;
    for (let pause = 200; ; pause = Math.min(5000, 1.6 * pause)) {
      health = await readiness();
      if (health.status === "ready") break;
      tellLoading(health);
      await new Promise(resolve => setTimeout(resolve, pause));
    }

    byId("loading").hidden = true;
    tellState("Ready", "ready");
    await this.#learn(this.chosen);
    this.#offer(health.models ?? []);
  }

  #offer(all) {
    this.#choice.hidden = all.length < 2;
    this.#choice.replaceChildren(...all.map(({ name }) => element("option", { value: name, textContent: name })));
    if (this.model) this.#choice.value = this.model.name;
  }

  /** Asks what a model is; a server of several loads it. */
  async #learn(name) {
    const { signal } = new AbortController();
    try {
      const path = name ? `api/model?${new URLSearchParams({ model: name })}` : "api/model";
      this.model = await (await this.#page.patiently(() => send(path), signal)).json();
      this.chosen = name;
      tellState(this.model.name, "ready");
      showModel(this.model, { facts: byId("facts"), memory: byId("memory"), demonstration: byId("demonstration") });
      this.#page.learnt(this.model);
    } catch (failure) {
      if (failure.status === 401) tellState("Locked: a key is needed", "waiting");
      else this.#page.report(failure, signal);
    }
  }

  async #choose() {
    const choice = this.#choice;
    choice.disabled = true;
    tellState(`Loading ${choice.value}`, "waiting");
    await this.#learn(choice.value);
    choice.disabled = false;
    if (this.model) {
      // The one before, where the other could not be loaded.
      choice.value = this.model.name;
      tellState(this.model.name, "ready");
    }

    choice.focus();
  }
}

function tellLoading({ status, stage: part, fraction }) {
  const text = {
    loading: `Loading the model: ${part}`,
    stopping: "The server is stopping",
    unreachable: "The server can not be reached; the page goes on when it is back",
  }[status] ?? "The server is not ready";
  byId("loading").hidden = false;
  byId("loading-text").textContent = text;
  const bar = byId("loaded");
  if (fraction === undefined) bar.removeAttribute("value");
  else bar.value = fraction;
  tellState(status === "unreachable" ? "Not connected" : "Loading", "waiting");
}

function tellState(text, state) {
  const line = byId("state");
  line.dataset.state = state;
  if (line.textContent !== text) line.textContent = text;
}

function askForKey(detail) {
  const dialog = byId("key");
  const text = byId("key-text");
  byId("key-problem").textContent = detail ?? "This server asks for a key.";
  text.value = "";
  dialog.returnValue = "cancel";
  dialog.showModal();
  return new Promise(resolve => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "ok" && text.value ? text.value : null), { once: true });
  });
}
