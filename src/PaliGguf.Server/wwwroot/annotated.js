// The picture with what is shown over it, in the picture's own size: as pixels (PNG) or as lines (SVG).
import { element, shape } from "./elements.js";
import { caption, isShown, pathOf } from "./overlay.js";

const family = "system-ui, sans-serif";

/** Draws it as a PNG. */
export function annotated(entry) {
  const { line, letter, parts } = planOf(entry);
  const context = drawnOn(entry.picture).getContext("2d");
  for (const { outline, style } of parts.filter(part => part.outline)) {
    context.globalAlpha = 0.45;
    context.fillStyle = style.colour;
    context.fill(new Path2D(outline), "evenodd");
  }

  context.globalAlpha = 1;
  for (const { box, style } of parts) {
    for (const [colour, width, dashes] of strokesOf(style, line)) {
      context.setLineDash(dashes);
      Object.assign(context, { strokeStyle: colour, lineWidth: width });
      context.strokeRect(box.x, box.y, box.width, box.height);
    }
  }

  Object.assign(context, { font: `600 ${letter}px ${family}`, textBaseline: "middle" });
  for (const { text, style, tag } of parts) {
    context.fillStyle = style.colour;
    context.fillRect(tag.x, tag.y, tag.width, tag.height);
    context.fillStyle = style.text;
    context.fillText(text, tag.x + letter / 2, tag.y + 0.78 * letter);
  }

  return new Promise(resolve => context.canvas.toBlob(resolve, "image/png"));
}

/** Draws it as an SVG that holds the picture itself. */
export function annotatedLines(entry) {
  const { picture } = entry;
  const { line, letter, parts } = planOf(entry);
  const href = drawnOn(picture).toDataURL(picture.isPhoto ? "image/jpeg" : "image/png", 0.92);
  const [width, height] = [picture.width, picture.height];
  const drawing = shape("svg", { viewBox: `0 0 ${width} ${height}`, width, height }, shape("image", { href, width, height }));
  for (const { outline, style } of parts.filter(part => part.outline)) {
    drawing.append(shape("path", { d: outline, fill: style.colour, "fill-opacity": 0.45, "fill-rule": "evenodd" }));
  }

  for (const { box, style } of parts) {
    for (const [colour, thickness, dashes] of strokesOf(style, line)) {
      const stroke = { stroke: colour, "stroke-width": thickness, "stroke-dasharray": dashes.join(" ") };
      drawing.append(shape("rect", { ...box, ...stroke, fill: "none" }));
    }
  }

  for (const { text, style, tag } of parts) {
    const font = { "font-family": family, "font-size": letter, "font-weight": 600 };
    const words = shape("text", { x: tag.x + letter / 2, y: tag.y + 1.1 * letter, fill: style.text, ...font });
    words.textContent = text;
    drawing.append(shape("rect", { ...tag, fill: style.colour }), words);
  }

  return new Blob([new XMLSerializer().serializeToString(drawing)], { type: "image/svg+xml" });
}

/** What is drawn, and where. */
function planOf({ picture, styles, ...entry }) {
  const line = Math.max(2, Math.round(Math.min(picture.width, picture.height) / 180));
  const letter = line * 6;
  const pen = element("canvas").getContext("2d");
  pen.font = `600 ${letter}px ${family}`;
  const parts = entry.found.filter(one => isShown(entry, one)).map(one => {
    const [left, top, right, bottom] = one.box;
    const text = caption(one);
    const [width, height] = [pen.measureText(text).width + letter, 1.5 * letter];
    return {
      text, style: styles.get(one.label), outline: one.mask ? pathOf(one.mask) : null,
      box: { x: left, y: top, width: right - left, height: bottom - top },
      tag: { x: Math.max(0, left / picture.width < 0.6 ? left : right - width), y: top > height ? top - height : top, width, height },
    };
  });
  return { line, letter, parts };
}

function drawnOn(picture) {
  const canvas = element("canvas", { width: picture.width, height: picture.height });
  canvas.getContext("2d").drawImage(picture.image, 0, 0, picture.width, picture.height);
  return canvas;
}

/** A dark line, and over it the label's own. */
const strokesOf = (style, line) => [
  ["#000000", 2 * line, []],
  [style.colour, line, style.dash.split(" ").filter(Boolean).map(length => (Number(length) * line) / 3)],
];
