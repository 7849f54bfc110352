// What went wrong, where it can not be missed.
import { element } from "./elements.js";

/** The region for problems: one at a time. */
export class Alerts {
  #region;

  constructor(region) {
    this.#region = region;
  }

  /** Tells a problem, until the user or the page takes it away. */
  show(problem, ...more) {
    const close = element("button", { type: "button", className: "quiet", textContent: "Dismiss" });
    close.addEventListener("click", () => this.clear());
    this.#region.replaceChildren(
      element("div", {}, element("strong", { textContent: problem.title }), element("p", { textContent: problem.detail })),
      element("p", { className: "actions" }, ...more, close));
    this.#region.hidden = false;
  }

  clear() {
    this.#region.hidden = true;
    this.#region.replaceChildren();
  }

  /** Tells a problem that passes, and counts down to the next try. */
  async countDown(problem, signal) {
    // The seconds are for the eye only: read out one by one they would drown all else.
    const left = element("span", { className: "left", "aria-live": "off" });
    const again = element("button", { type: "button", className: "primary", textContent: "Try now" });
    this.show(problem, left, again);
    await new Promise((resolve, reject) => {
      let seconds = Math.max(1, problem.retryAfter ?? 5);
      const tell = () => (left.textContent = `Trying again in ${seconds} s`);
      const timer = setInterval(() => (--seconds > 0 ? tell() : end(resolve)), 1000);
      const abort = () => end(() => reject(signal.reason));
      const end = finish => {
        clearInterval(timer);
        signal.removeEventListener("abort", abort);
        this.clear();
        finish();
      };
      tell();
      again.addEventListener("click", () => end(resolve));
      if (signal.aborted) abort();
      else signal.addEventListener("abort", abort);
    });
  }
}
