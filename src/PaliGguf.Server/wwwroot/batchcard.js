// Many pictures and their answers, as they stand in the history.
import { save } from "./downloads.js";
import { count, element } from "./elements.js";

/** The card of a batch: how far it is, what each picture's answer is, and all of them as files. */
export class BatchCard {
  #batch;
  #bar;
  #state = element("p", { className: "batch-state" });
  #results = element("ul", { className: "results", tabIndex: 0, "aria-label": "Answers by picture" });
  #actions = element("p", { className: "actions" });

  constructor(batch) {
    this.#batch = batch;
    this.#bar = element("progress", { max: batch.total, value: 0, "aria-label": "Pictures answered" });
    for (const [name, file] of [["Save CSV", "csv"], ["Save JSON", "json"]]) {
      const button = element("button", { type: "button", className: "quiet", textContent: name });
      button.addEventListener("click", () => save(batch[file], `${batch.task}-${count(batch.done, "picture").replace(" ", "-")}.${file}`));
      this.#actions.append(button);
    }

    this.root = element("li", { className: "card batch" },
      element("h3", {}, `${batch.title}: ${count(batch.total, "picture")}`),
      element("div", { className: "body" }, this.#bar, this.#state, this.#results, this.#actions));
    this.update();
  }

  /** A picture has its answer, or none. */
  add(name, text, failed) {
    this.#results.append(element("li", { className: failed ? "failed" : "" },
      element("span", { className: "file", textContent: name }), element("span", { textContent: failed ? `No answer. ${text}` : text })));
    this.#results.scrollTop = this.#results.scrollHeight;
    this.update();
  }

  update() {
    const { done, total, failed, state } = this.#batch;
    this.root.dataset.state = state;
    this.#bar.value = done;
    this.#actions.hidden = done === 0;
    const more = (failed ? `, ${failed} without an answer` : "") + (state === "stopped" ? "; stopped" : "");
    return (this.#state.textContent = `${done} of ${total} done${more}.`);
  }
}
