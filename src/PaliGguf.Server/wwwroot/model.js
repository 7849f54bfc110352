// The panel of the model: what it is, and what it takes.
import { count, element, number, size } from "./elements.js";

const generations = { gemma: "PaliGemma", gemma2: "PaliGemma 2" };

const parts = {
  decoderWeights: "Decoder weights",
  keyValueCache: "KV cache",
  decoderCompute: "Decoder computation",
  logits: "Logits",
  visionWeights: "Vision weights",
  visionCompute: "Vision computation",
  workspace: "Workspace",
  process: "Process and vocabulary",
};

const stages = { picture: "while it looks", answer: "while it answers" };

/** Fills the panel. */
export function showModel(model, { facts, memory, demonstration }) {
  facts.replaceChildren(...[
    ["Model", model.name],
    ["Generation", generations[model.architecture] ?? model.architecture],
    ["Pictures", `${model.imageSize} × ${model.imageSize} pixels, ${number(model.imageTokens)} tokens`],
    ["Context", `${number(model.contextLength)} tokens`],
    ["At once", `${count(model.sequences, "request")}, ${model.limits.queue} more may wait`],
    ["Computed on", `${model.visionDevice || "CPU"}, ${count(model.threads, "thread")}`],
    ["Shapes", model.hasMaskDecoder ? "yes, it has a mask decoder" : "no mask decoder: boxes only"],
    ...(model.adapters.length ? [["Adapters", model.adapters.map(adapter => adapter.name).join(", ")]] : []),
    ["Uploads", `up to ${size(model.limits.bodyBytes)}, ${number(model.limits.picturePixels / 1e6)} megapixels`],
    ["Program", `PaliGguf ${model.version.split("+")[0]}`],
  ].map(([name, value]) => element("div", {}, element("dt", { textContent: name }), element("dd", { textContent: value }))));
  memory.replaceChildren(...[["Memory", model.memory.ram], ["GPU memory", model.memory.vram]].filter(([, device]) => device.parts.length > 0).map(device));
  demonstration.hidden = model.name !== "pali-nano";
}

function device([title, { bytes, mappedBytes, parts: all }]) {
  const uses = gathered(all);
  const most = Math.max(...uses.map(use => use.bytes));
  const rows = uses.sort((left, right) => right.bytes - left.bytes).map(use => {
    const bar = element("span", { className: use.mapped ? "bar mapped" : "bar", "aria-hidden": "true" });
    bar.style.setProperty("--part", use.bytes / most);
    const when = [use.mapped ? "mapped file" : null, stages[use.stage]].filter(Boolean).join(", ");
    return element("tr", {},
      element("th", { scope: "row" }, parts[use.part] ?? use.part, when && element("span", { className: "hint", textContent: ` ${when}` })),
      element("td", {}, bar), element("td", { className: "amount", textContent: size(use.bytes) }));
  });
  const sum = mappedBytes > 0 ? `${size(bytes)} at most, and ${size(mappedBytes)} of mapped files` : `${size(bytes)} at most`;
  return element("table", { className: "memory" }, element("caption", { textContent: `${title}: ${sum}` }), element("tbody", {}, ...rows));
}

/** What is in memory for one purpose at one time is one row. */
function gathered(uses) {
  const sums = new Map();
  for (const use of uses) {
    const key = `${use.part} ${use.stage} ${use.mapped}`;
    sums.set(key, { ...use, bytes: use.bytes + (sums.get(key)?.bytes ?? 0) });
  }

  return [...sums.values()];
}
