// The picture enlarged within its frame. The view is a region that scrolls, so fingers, wheel and arrow keys move the picture as they
// move any page, and where it is shown whole there is nothing to move: one finger scrolls the page.
const step = 1.6;
const least = 4;
const closest = 3;

/** Enlarges by pinch, by the wheel with Ctrl, and by buttons; a mouse drags. What lies over the picture keeps its thin lines. */
export class Zoom {
  #view;
  #image;
  #larger;
  #smaller;
  #scale = 1;

  constructor(view, image, { larger, smaller }) {
    [this.#view, this.#image, this.#larger, this.#smaller] = [view, image, larger, smaller];
    larger.addEventListener("click", () => this.#by(step));
    smaller.addEventListener("click", () => this.#by(1 / step));
    view.addEventListener("wheel", event => this.#turn(event), { passive: false });
    view.addEventListener("touchstart", event => event.touches.length === 2 && this.#pinch(event), { passive: true });
    view.addEventListener("pointerdown", event => event.pointerType === "mouse" && event.button === 0 && this.#drag(event));
    this.reset();
  }

  /** Shows the picture whole. */
  reset() {
    this.#show(1);
  }

  // Up to some times its size, and to where its pixels can be told apart.
  get #most() {
    return Math.max(least, (closest * this.#image.naturalWidth) / (this.#view.clientWidth || 1) || 0);
  }

  #show(scale) {
    this.#scale = scale < 1.02 ? 1 : Math.min(scale, this.#most);
    const zoomed = this.#scale > 1;
    this.#view.style.setProperty("--zoom", this.#scale);
    this.#view.classList.toggle("zoomed", zoomed);
    if (zoomed) this.#view.tabIndex = 0;
    else this.#view.removeAttribute("tabindex");
    // Not "disabled", which would take the focus away from under the finger.
    this.#smaller.setAttribute("aria-disabled", String(!zoomed));
    this.#larger.setAttribute("aria-disabled", String(this.#scale >= this.#most));
  }

  #by(factor) {
    const { left, top, width, height } = this.#view.getBoundingClientRect();
    this.#from({ x: left + width / 2, y: top + height / 2 })(factor);
  }

  /** Holds on to what is at a point, and enlarges so that it comes to lie at another. */
  #from({ x, y }) {
    const view = this.#view, scale = this.#scale;
    const at = ({ x, y }) => {
      const { left, top } = view.getBoundingClientRect();
      return [x - left, y - top];
    };
    const [fromX, fromY] = at({ x, y });
    const held = [view.scrollLeft + fromX, view.scrollTop + fromY];
    return (factor, to = { x, y }) => {
      this.#show(scale * factor);
      const [toX, toY] = at(to);
      const grown = this.#scale / scale;
      view.scrollTo({ left: held[0] * grown - toX, top: held[1] * grown - toY, behavior: "instant" });
    };
  }

  #turn(event) {
    // So does a pinch on a touchpad arrive.
    if (!event.ctrlKey) return;
    event.preventDefault();
    this.#from({ x: event.clientX, y: event.clientY })(Math.exp(-Math.max(-60, Math.min(60, event.deltaY)) / 100));
  }

  #pinch(start) {
    const [from, apart] = spread(start.touches);
    const enlarge = this.#from(from);
    const end = new AbortController();
    const { signal } = end;
    this.#view.addEventListener("touchmove", event => {
      if (event.touches.length !== 2) return;
      if (event.cancelable) event.preventDefault();
      const [to, now] = spread(event.touches);
      enlarge(now / apart, to);
    }, { passive: false, signal });
    for (const name of ["touchend", "touchcancel"]) this.#view.addEventListener(name, () => end.abort(), { signal });
  }

  #drag(start) {
    if (this.#scale === 1) return;
    start.preventDefault();
    const view = this.#view;
    const move = this.#from({ x: start.clientX, y: start.clientY });
    const end = new AbortController();
    const { signal } = end;
    view.setPointerCapture(start.pointerId);
    view.addEventListener("pointermove", event => move(1, { x: event.clientX, y: event.clientY }), { signal });
    for (const name of ["pointerup", "pointercancel"]) view.addEventListener(name, () => end.abort(), { signal });
  }
}

/** The middle of two fingers, and how far they are apart. */
function spread([one, other]) {
  const middle = { x: (one.clientX + other.clientX) / 2, y: (one.clientY + other.clientY) / 2 };
  return [middle, Math.max(1, Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY))];
}
