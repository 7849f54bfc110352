// What was found, drawn over the picture: shapes in an SVG that stretches with it, labels as text beside their boxes.
import { element, shape } from "./elements.js";

// Okabe and Ito's colours, which people with each kind of colour blindness tell apart, and strokes that differ as well.
const palette = ["#56b4e9", "#e69f00", "#cc79a7", "#009e73", "#f0e442", "#0072b2", "#d55e00", "#ffffff"];
const dashes = ["", "10 5", "3 4", "14 4 3 4"];

/** What has a lower score is not drawn as found, unless the page is told to; the programs that draw have the same limit. */
export const leastDrawn = 0.1;

/** Whether something that was found is shown: its score is high enough, and its label is not switched off. */
export const isShown = (entry, found) => found.score >= entry.least && !entry.hidden.has(found.label);

/** How each label is drawn: a colour, the colour of text on it, and a stroke. */
export function stylesOf(labels) {
  return new Map([...new Set(labels)].map((label, index) => [label, {
    colour: palette[index % palette.length],
    text: palette[index % palette.length] === "#0072b2" ? "#ffffff" : "#111111",
    dash: dashes[index % dashes.length],
  }]));
}

/** The text on a box. */
export const caption = found => `${found.label} ${Math.round(found.score * 100)}%`;

/** A mask's outlines as the data of a path, holes included (fill rule evenodd). */
export function pathOf(mask) {
  const rings = mask.polygons.flatMap(polygon => [polygon.outer, ...polygon.holes]);
  return rings.map(ring => `M${ring.map(point => point.join(" ")).join("L")}Z`).join("");
}

/** Draws what an entry of the history found; nothing for null. */
export function drawOverlay(overlay, entry) {
  overlay.replaceChildren();
  if (!entry?.found.length) return;
  const { width, height } = entry.picture;
  const percent = (value, of) => `${(100 * value) / of}%`;
  const masks = shape("svg", { class: "masks", viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: "none" });
  const boxes = shape("svg", { class: "boxes" });
  const tags = element("div", { className: "tags" });
  entry.found.forEach((found, index) => {
    if (!isShown(entry, found)) return;
    const style = entry.styles.get(found.label);
    const [left, top, right, bottom] = found.box;
    if (found.mask) {
      masks.append(shape("path", { d: pathOf(found.mask), fill: style.colour, stroke: style.colour, "data-found": index, "data-label": found.label }));
    }

    const place = { x: percent(left, width), y: percent(top, height), width: percent(right - left, width), height: percent(bottom - top, height) };
    const box = shape("g", { class: "box", "data-found": index, "data-label": found.label });
    box.append(shape("rect", { class: "halo", ...place }), shape("rect", { class: "line", ...place, stroke: style.colour, "stroke-dasharray": style.dash }));
    boxes.append(box);

    const tag = element("span", { className: "tag", "data-found": index, textContent: caption(found) });
    Object.assign(tag.style, { background: style.colour, color: style.text });
    // Above its box, or within it at the upper edge; flush with the side that is nearer to the middle.
    if (top / height > 0.07) tag.style.bottom = percent(height - top, height);
    else tag.style.top = percent(top, height);
    if (left / width < 0.6) tag.style.left = percent(left, width);
    else tag.style.right = percent(width - right, width);
    tags.append(tag);
  });
  overlay.append(masks, boxes, tags);
}

/** Brings one instance forward; null for none. */
export function highlight(overlay, index) {
  overlay.classList.toggle("focused", index !== null);
  for (const part of overlay.querySelectorAll("[data-found]")) part.classList.toggle("lit", part.dataset.found === String(index));
}
