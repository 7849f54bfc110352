// One question and its answer, as it stands in the history.
import { annotated, annotatedLines } from "./annotated.js";
import { jsonFile, nameOf, save } from "./downloads.js";
import { count, duration, element, number } from "./elements.js";
import { cocoOf, jsonOf } from "./found.js";

let cards = 0;

/** The card of an entry. It shows the entry whenever it is told that it has changed. */
export class Card {
  #entry;
  #page;
  #answer = element("p", { className: "answer" });
  #brief = element("span", { className: "brief" });
  #details = element("div");
  #head;
  #body;

  /**
   * @param entry The entry: its picture, question and answer.
   * @param page What a card can do to the page: select, redraw, highlight, say, repeat.
   */
  constructor(entry, page) {
    this.#entry = entry;
    this.#page = page;
    const body = `answer-${++cards}`;
    const clock = entry.started.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
    this.#head = element("button", { type: "button", className: "head", "aria-expanded": "false", "aria-controls": body },
      element("img", { src: entry.picture.thumbnail, alt: "", width: 48, height: 48 }),
      element("span", { className: "question", textContent: entry.title }),
      element("time", { dateTime: entry.started.toISOString(), textContent: clock }),
      this.#brief);
    this.#head.addEventListener("click", () => page.select(entry));
    this.#body = element("div", { id: body, className: "body", hidden: true }, this.#answer, this.#details);
    this.root = element("li", { className: "card" }, element("h3", {}, this.#head), this.#body);
    if (entry.language) this.#answer.lang = entry.language;
    this.#answer.setAttribute("aria-live", "polite");
  }

  /** Opens the card of what the picture shows, and closes the others. */
  set open(value) {
    this.root.classList.toggle("open", value);
    this.#head.setAttribute("aria-expanded", String(value));
    this.#body.hidden = !value;
  }

  /** More of a text that is being written. */
  append(text) {
    this.#answer.append(text);
  }

  /** Shows the entry as it is now. */
  update() {
    const entry = this.#entry;
    const running = entry.state === "running";
    this.root.dataset.state = entry.state;
    // Read out when it is whole, not word by word.
    this.#answer.setAttribute("aria-busy", String(running));
    this.#tell();
    this.#details.replaceChildren(...(running ? [] : this.#parts()));
  }

  #tell() {
    if (this.#entry.state === "running") return;
    this.#answer.textContent = this.#brief.textContent = textOf(this.#entry);
  }

  *#parts() {
    const entry = this.#entry;
    if (entry.choices) yield choiceBars(entry.choices);
    if (entry.found.length) yield this.#found();
    for (const part of entry.rejected) yield element("p", { className: "hint", textContent: `Left out: “${part.text}”: ${part.explanation}` });
    if (entry.timings) yield timings(entry);
    yield this.#actions();
  }

  /** What was found, and from which score on. */
  #found() {
    const entry = this.#entry;
    const legend = element("ul", { className: "legend", "aria-label": "What was found" });
    const limit = element("output");
    const left = element("span", { className: "hint" });
    const slider = element("input", { type: "range", min: 0, max: 100, "aria-label": "Show what has a score from" });
    slider.value = Math.round(entry.least * 100);
    const tell = () => {
      limit.textContent = slider.ariaValueText = `${slider.value}%`;
      const below = entry.found.filter(found => found.score < entry.least).length;
      left.textContent = below ? `${below} of a lower score not shown` : "";
      legend.replaceChildren(...this.#labels());
      this.#tell();
    };
    slider.addEventListener("input", () => {
      entry.least = slider.value / 100;
      tell();
      this.#page.redraw(entry);
    });
    tell();
    return element("div", { className: "found" }, legend, element("label", { className: "least" }, "Score from", slider, limit, left));
  }

  *#labels() {
    const entry = this.#entry;
    for (const [label, style] of entry.styles) {
      const isOne = found => found.label === label && found.score >= entry.least;
      const indices = [...entry.found.keys()].filter(index => isOne(entry.found[index]));
      if (indices.length === 0) continue;
      const box = element("input", { type: "checkbox", checked: !entry.hidden.has(label) });
      box.addEventListener("change", () => {
        if (box.checked) entry.hidden.delete(label);
        else entry.hidden.add(label);
        this.#page.redraw(entry);
      });
      const swatch = element("span", { className: "swatch", "aria-hidden": "true" });
      swatch.style.background = style.colour;
      const toggle = element("label", { className: "toggle" }, box, swatch, element("span", { className: "label", textContent: label }),
        element("span", { className: "count", textContent: `× ${indices.length}` }));
      yield element("li", {}, toggle, element("ul", {}, ...indices.map(index => this.#instance(index))));
    }
  }

  #instance(index) {
    const found = this.#entry.found[index];
    const [left, top, right, bottom] = found.box.map(Math.round);
    const button = element("button", { type: "button", className: "instance", "aria-label": `${found.label}, score ${Math.round(found.score * 100)} percent, from ${left}, ${top} to ${right}, ${bottom}` },
      element("span", { textContent: `${Math.round(found.score * 100)}%` }),
      element("span", { className: "place", textContent: `${left}, ${top} – ${right}, ${bottom}` }));
    for (const event of ["mouseenter", "focus"]) button.addEventListener(event, () => this.#page.highlight(this.#entry, index));
    for (const event of ["mouseleave", "blur"]) button.addEventListener(event, () => this.#page.highlight(this.#entry, null));
    return element("li", {}, button);
  }

  #actions() {
    const entry = this.#entry;
    const actions = element("p", { className: "actions" });
    const text = entry.text || textOf(entry);
    const add = (name, run) => actions.append(action(name, run, this.#page));
    if (entry.state !== "failed") add("Copy answer", () => this.#copy(text));
    if (entry.found.length) {
      add("Copy JSON", () => this.#copy(JSON.stringify(jsonOf(entry), null, 2)));
      add("Save picture", async () => save(await annotated(entry), nameOf(entry, ".png")));
      add("Save SVG", () => save(annotatedLines(entry), nameOf(entry, ".svg")));
      add("Save COCO", () => save(jsonFile(cocoOf(entry)), nameOf(entry, "-coco.json")));
    }

    add("Ask again", () => this.#page.repeat(entry));
    return actions;
  }

  async #copy(text) {
    await navigator.clipboard.writeText(text);
    this.#page.say("Copied.");
  }
}

function action(name, run, page) {
  const button = element("button", { type: "button", className: "quiet", textContent: name });
  button.addEventListener("click", async () => {
    try {
      await run();
    } catch (failure) {
      page.say(`That did not work: ${failure.message}`);
    }
  });
  return button;
}

/** What an entry says, in words. */
export function textOf(entry) {
  if (entry.state === "failed") return "No answer: " + entry.problem;
  if (entry.state === "stopped") return entry.text ? `${entry.text} … (stopped)` : "Stopped.";
  if (entry.choices) {
    const best = entry.choices.reduce((left, right) => (right.probability > left.probability ? right : left));
    return `${best.text} (${Math.round(best.probability * 100)}%)`;
  }

  if (!entry.draws) return entry.text || "The model has no answer to this.";
  // In the order that was asked for.
  const counts = new Map((entry.request.labels ?? []).map(label => [label, 0]));
  for (const { label } of entry.found.filter(found => found.score >= entry.least)) counts.set(label, (counts.get(label) ?? 0) + 1);
  const some = [...counts].filter(([, times]) => times > 0);
  return some.length ? `Found ${some.map(([label, times]) => `${times} × ${label}`).join(", ")}.` : "Nothing of this was found.";
}

function choiceBars(choices) {
  const table = element("dl", { className: "choices" });
  for (const choice of choices) {
    const bar = element("span", { className: "bar", "aria-hidden": "true" });
    bar.style.setProperty("--part", choice.probability);
    table.append(element("dt", { textContent: choice.text }), element("dd", {}, bar, `${(choice.probability * 100).toFixed(1)}%`));
  }

  return table;
}

function timings(entry) {
  const { visionMs, prefixMs, decodeMs, decodeTokensPerSecond, picturesCached } = entry.timings;
  const parts = [
    ["vision", "Picture", visionMs, picturesCached > 0 ? `${duration(visionMs)}, seen before` : duration(visionMs)],
    ["prefix", "Prompt", prefixMs, duration(prefixMs)],
    ["decode", "Answer", decodeMs, duration(decodeMs)],
  ];
  const all = visionMs + prefixMs + decodeMs || 1;
  const bar = element("div", { className: "time-bar", "aria-hidden": "true" });
  const list = element("dl", { className: "timings" });
  for (const [part, name, time, text] of parts) {
    const piece = element("span", { className: part });
    piece.style.flexGrow = time / all;
    bar.append(piece);
    list.append(element("div", { className: part }, element("dt", { textContent: name }), element("dd", { textContent: text })));
  }

  const more = [];
  if (decodeTokensPerSecond > 0) more.push(`${number(decodeTokensPerSecond)} tokens/s`);
  if (entry.tokens) more.push(`${count(entry.prefixTokens, "token")} in, ${entry.tokens} out`);
  more.push(`${duration(entry.elapsed)} in all`);
  list.append(element("div", {}, element("dt", { className: "unseen", textContent: "Speed" }), element("dd", { textContent: more.join(" · ") })));
  return element("div", { className: "times" }, bar, list);
}
