// The picture with what is shown over it, as a PNG in the picture's own size.
import { element } from "./elements.js";
import { caption, pathOf } from "./overlay.js";

/** Draws it. */
export function annotated(entry) {
  const { picture, styles } = entry;
  const canvas = element("canvas", { width: picture.width, height: picture.height });
  const context = canvas.getContext("2d");
  context.drawImage(picture.image, 0, 0, picture.width, picture.height);
  const line = Math.max(2, Math.round(Math.min(picture.width, picture.height) / 180));
  const found = entry.found.filter(one => !entry.hidden.has(one.label));
  for (const { mask, label } of found.filter(one => one.mask)) {
    context.globalAlpha = 0.45;
    context.fillStyle = styles.get(label).colour;
    context.fill(new Path2D(pathOf(mask)), "evenodd");
  }

  context.globalAlpha = 1;
  for (const { box: [left, top, right, bottom], label } of found) {
    for (const [colour, width] of [["rgb(0 0 0 / 60%)", 2 * line], [styles.get(label).colour, line]]) {
      context.setLineDash(width === line ? dashesOf(styles.get(label), line) : []);
      Object.assign(context, { strokeStyle: colour, lineWidth: width });
      context.strokeRect(left, top, right - left, bottom - top);
    }
  }

  const letter = line * 6;
  Object.assign(context, { font: `600 ${letter}px system-ui, sans-serif`, textBaseline: "middle" });
  for (const one of found) {
    const [left, top, right] = one.box;
    const width = context.measureText(caption(one)).width + letter;
    const x = Math.max(0, left / picture.width < 0.6 ? left : right - width);
    const y = top > 1.5 * letter ? top - 1.5 * letter : top;
    context.fillStyle = styles.get(one.label).colour;
    context.fillRect(x, y, width, 1.5 * letter);
    context.fillStyle = styles.get(one.label).text;
    context.fillText(caption(one), x + letter / 2, y + 0.78 * letter);
  }

  return new Promise(resolve => canvas.toBlob(resolve, "image/png"));
}

const dashesOf = (style, line) => style.dash.split(" ").filter(Boolean).map(length => (Number(length) * line) / 3);

/** Saves it, as a download. */
export async function download(entry) {
  const url = URL.createObjectURL(await annotated(entry));
  const name = entry.picture.name.replace(/\.[^.]*$/, "");
  const link = element("a", { href: url, download: `${name}-${entry.task}.png` });
  link.click();
  // The download has its own hold on the data once it has begun.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
