// The page: takes a picture, asks about it, shows what comes back, and keeps it all for the visit.
import { Alerts } from "./alerts.js";
import { Problem, events, post, problemFrom } from "./api.js";
import { Batch, mostPictures } from "./batch.js";
import { BatchCard } from "./batchcard.js";
import { Card, textOf } from "./card.js";
import { offerColours } from "./colours.js";
import { byId, element, size } from "./elements.js";
import { drawOverlay, highlight, leastDrawn, stylesOf } from "./overlay.js";
import { Picture, takePictures } from "./pictures.js";
import { load, showSamples } from "./samples.js";
import { Server } from "./server.js";
import { languageName, languages, samplingOf, tasks } from "./tasks.js";
import { Zoom } from "./zoom.js";

const form = byId("ask");
const stage = byId("stage");
const overlay = byId("overlay");
const alerts = new Alerts(byId("alert"));
const visit = new Map();
const zoom = new Zoom(byId("view"), byId("shown"), { larger: byId("larger"), smaller: byId("smaller") });

const server = new Server({ patiently, report, learnt: offerTasks });

/** Whether the picture stays above what is asked and answered, as on a phone; else it is beside it. */
const stacked = () => getComputedStyle(stage).position === "sticky";

/** What the stage shows: a picture, and the entry of the history whose boxes are drawn over it. */
let shown = { picture: null, entry: null };
let least = leastDrawn;
let pending = [];
let running = null;
let taking = null;

const say = text => (byId("status").textContent = text);

// The picture

// A form around the file takes some bytes too.
const mostBytes = () => (server.model?.limits.bodyBytes ?? 32 << 20) - 1024;

/** Takes what was picked: the first is shown, and if there are more, all are asked about. */
function takeAll(files) {
  if (files.length > mostPictures) {
    return alerts.show(new Problem("Too many pictures", `These are ${files.length}; up to ${mostPictures} are asked about at once.`));
  }

  hold(files.length > 1 ? files : []);
  return take(files[0], files[0].name || "pasted picture");
}

/** Holds pictures until they are asked about. */
function hold(files) {
  pending = files;
  byId("pending").hidden = files.length === 0;
  byId("pending-text").textContent = `${files.length} pictures: each is asked the same.`;
}

async function take(file, name) {
  taking?.abort();
  taking = new AbortController();
  const { signal } = taking;
  stage.setAttribute("aria-busy", "true");
  byId("sending").textContent = `Sending ${name} (${size(file.size)})`;
  try {
    const picture = await patiently(() => Picture.open(file, name, { most: mostBytes(), signal }), signal);
    alerts.clear();
    show({ picture, entry: null });
    if (stacked()) form.scrollIntoView({ block: "nearest" });
    say(`${name} is ready, ${picture.width} by ${picture.height} pixels.`);
  } catch (failure) {
    report(failure, signal);
  } finally {
    if (!signal.aborted) {
      stage.removeAttribute("aria-busy");
      byId("sending").textContent = "";
    }
  }
}

function show(next) {
  const { picture, entry } = next;
  if (picture && picture !== shown.picture) {
    const frame = byId("frame");
    frame.style.setProperty("--width", picture.width);
    frame.style.setProperty("--height", picture.height);
    byId("shown").src = picture.url;
    byId("shown").alt = picture.name;
    byId("shown-name").textContent = `${picture.name} · ${picture.width} × ${picture.height}`;
    frame.hidden = byId("zoom").hidden = false;
    stage.classList.add("filled");
    zoom.reset();
  }

  shown = next;
  for (const [each, card] of visit) card.open = each === entry;
  drawOverlay(overlay, entry);
}

function suggest(sample) {
  for (const name of ["labels", "question"]) {
    const field = form.elements[name];
    if (field.value !== "" && field.value !== field.dataset.suggested) continue;
    field.value = field.dataset.suggested = sample[name];
  }
}

// The question

const taskOf = () => form.elements.task.value;

function chooseTask() {
  const task = taskOf();
  byId("task-hint").textContent = tasks[task].hint;
  for (const field of form.querySelectorAll("[data-tasks]")) {
    field.hidden = !field.dataset.tasks.split(" ").includes(task);
    for (const input of field.querySelectorAll("input")) input.disabled = field.hidden;
  }
}

/** A model without a mask decoder has no shapes. */
function offerTasks(model) {
  for (const radio of form.elements.task) radio.disabled = !model.tasks.includes(radio.value);
}

/** The fields that the task has, or null where one is missing: then the user is sent there. */
function filled(task) {
  const fields = Object.fromEntries([...form.querySelectorAll(".field input:enabled")].map(input => [input.name, input.value.trim()]));
  for (const input of form.querySelectorAll(".field input")) input.removeAttribute("aria-invalid");
  const missing = tasks[task].needs.find(name => !/[^;\s]/.test(fields[name]));
  const wrong = form.querySelector("input:enabled:invalid");
  if (missing) refuse(form.elements[missing], "Something is missing", name => `Fill in the field “${name}”.`);
  else if (wrong) refuse(wrong, "Out of range", name => `“${name}”: ${wrong.validationMessage}`);
  else return fields;
  return null;
}

function refuse(input, title, tell) {
  input.setAttribute("aria-invalid", "true");
  const folded = input.closest("details");
  if (folded) folded.open = true;
  input.focus();
  alerts.show(new Problem(title, tell(input.labels[0].firstChild.textContent.trim())));
}

function submit() {
  if (running) return say("Still answering: Escape stops it.");
  if (!shown.picture && pending.length === 0) {
    byId("file").focus();
    return alerts.show(new Problem("No picture yet", "Choose one, drop it anywhere on the page, paste it, or take a sample."));
  }

  const task = taskOf();
  const fields = filled(task);
  if (fields === null) return;
  fields.language ||= "language" in fields ? "en" : undefined;
  if (pending.length > 0) askAll(pending, task, fields);
  else ask(shown.picture, task, fields);
}

/** What the server is asked, but for the picture. */
const requestOf = (task, fields) => ({
  ...tasks[task].request(fields), ...samplingOf(fields), ...(server.chosen && { model: server.chosen }),
});

async function ask(picture, task, fields) {
  const { name, streams, title } = tasks[task];
  const entry = {
    picture, task, fields, name, streams, request: requestOf(task, fields), title: title(fields), language: fields.language,
    started: new Date(), state: "running", least, text: "", draws: task === "detect" || task === "segment",
    found: [], rejected: [], choices: null, styles: new Map(), hidden: new Set(), timings: null,
  };
  const card = new Card(entry, { select, redraw, highlight: focusOn, say, repeat: each => !running && ask(each.picture, each.task, each.fields) });
  visit.set(entry, card);
  byId("no-answers").hidden = true;
  byId("answers").prepend(card.root);
  card.update();
  alerts.clear();
  show({ picture, entry });
  card.root.scrollIntoView({ block: stacked() ? "start" : "nearest" });

  running = new AbortController();
  const { signal } = running;
  busy(true);
  const start = performance.now();
  try {
    await patiently(() => answer(entry, card, signal), signal, entry);
    entry.state = "done";
  } catch (failure) {
    entry.state = signal.aborted ? "stopped" : "failed";
    entry.problem = failure.message;
    report(failure, signal);
  } finally {
    entry.elapsed = performance.now() - start;
    running = null;
    busy(false);
    card.update();
    if (shown.entry === entry) drawOverlay(overlay, entry);
    if (entry.state !== "done" || !entry.streams) say(textOf(entry));
  }
}

/** Asks the same of many pictures, one after the other; what has been answered stays, however it ends. */
async function askAll(files, task, fields) {
  const { title } = tasks[task];
  const wanted = requestOf(task, fields);
  const words = answer => {
    const found = answer.detections ?? [];
    return textOf({ ...answer, request: wanted, state: "done", draws: "detections" in answer, found, least });
  };
  const batch = new Batch(files, { task, request: wanted, title: title(fields), textOf: words });
  const card = new BatchCard(batch);
  byId("no-answers").hidden = true;
  byId("answers").prepend(card.root);
  alerts.clear();
  show({ picture: shown.picture, entry: null });
  card.root.scrollIntoView({ block: stacked() ? "start" : "nearest" });
  running = new AbortController();
  const { signal } = running;
  busy(true);
  try {
    await batch.run({ most: mostBytes(), signal, patiently, tell: (...result) => card.add(...result) });
    batch.state = "done";
    hold([]);
  } catch (failure) {
    batch.state = "stopped";
    report(failure, signal);
  } finally {
    running = null;
    busy(false);
    say(card.update());
  }
}

/** One button takes the other's place, so that nothing below them moves, and its focus. */
function busy(now) {
  const [shown, gone] = now ? [byId("stop"), byId("send")] : [byId("send"), byId("stop")];
  form.setAttribute("aria-busy", String(now));
  const focused = document.activeElement === gone;
  shown.hidden = false;
  if (focused) shown.focus();
  gone.hidden = true;
}

async function answer(entry, card, signal) {
  const body = { picture: entry.picture.id, ...entry.request };
  const response = await post(`api/${entry.task}`, body, { signal, accept: entry.streams ? "text/event-stream" : "application/json" });
  if (!entry.streams) return finish(entry, await response.json());
  for await (const { name, data } of events(response)) {
    if (name === "error") throw problemFrom(data);
    if (name === "result") return finish(entry, data);
    entry.text += data.text;
    card.append(data.text);
  }

  throw Problem.unreachable();
}

function finish(entry, { text, detections = [], rejected = [], choices = null, timings = null, tokens = null, prefixTokens = 0 }) {
  Object.assign(entry, { text: text ?? "", found: detections, rejected, choices, timings, tokens: tokens?.length ?? 0, prefixTokens });
  entry.styles = stylesOf([...(entry.request.labels ?? []), ...detections.map(found => found.label)]);
}

/** Does something that may have to wait for the server, or have to send a picture again that the server forgot. */
async function patiently(act, signal, entry = null) {
  for (let forgotten = false; ;) {
    try {
      return await act();
    } catch (failure) {
      if (!forgotten && entry && (failure.status === 404 || failure.status === 410)) {
        forgotten = true;
        await patiently(() => entry.picture.send(signal), signal);
      } else if (failure instanceof Problem && failure.passes) {
        await alerts.countDown(failure, signal);
      } else {
        throw failure;
      }
    }
  }
}

function report(failure, signal) {
  if (signal.aborted) return;
  alerts.show(failure instanceof Problem ? failure : new Problem("The page failed", failure.message));
  if (!(failure instanceof Problem)) console.error(failure);
  if (failure.code === "unreachable") server.untilReady();
}

// The history

function select(entry) {
  show(shown.entry === entry ? { picture: entry.picture, entry: null } : { picture: entry.picture, entry });
  visit.get(entry).root.scrollIntoView({ block: "nearest" });
}

function redraw(entry) {
  least = entry.least;
  if (shown.entry === entry) drawOverlay(overlay, entry);
}

function focusOn(entry, index) {
  if (shown.entry === entry) highlight(overlay, index);
}

// Everything together

offerColours(byId("theme"));
byId("languages").append(...languages.map(code => element("option", { value: code, textContent: languageName(code) })));
showSamples(byId("samples"), async sample => {
  hold([]);
  suggest(sample);
  try {
    await take(await load(sample), sample.file);
  } catch (failure) {
    report(failure, new AbortController().signal);
  }
});
takePictures([byId("file"), byId("camera")], stage, takeAll);
byId("only-first").addEventListener("click", () => {
  hold([]);
  byId("send").focus();
});
new ResizeObserver(() => document.documentElement.style.setProperty("--stage", `${stacked() ? stage.offsetHeight : 0}px`)).observe(stage);
form.addEventListener("change", event => event.target.name === "task" && chooseTask());
form.addEventListener("submit", event => {
  event.preventDefault();
  submit();
});
byId("stop").addEventListener("click", () => running?.abort());
document.addEventListener("keydown", event => {
  if (event.key === "Escape" && !byId("key").open) running?.abort();
});
chooseTask();
server.untilReady();
