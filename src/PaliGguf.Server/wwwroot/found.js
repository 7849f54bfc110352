// What was found, as data: in the names of the server's answers, or as COCO has it.
import { isShown } from "./overlay.js";

/** What is shown of an answer. */
export function jsonOf(entry) {
  const { picture, task, request } = entry;
  const detections = entry.found.filter(one => isShown(entry, one));
  return { picture: picture.name, width: picture.width, height: picture.height, task, ...request, detections };
}

/** The same as a COCO data set of one picture; masks are run lengths, as the server gives them. */
export function cocoOf(entry) {
  const { picture } = entry;
  const shown = entry.found.filter(one => isShown(entry, one));
  const names = [...new Set(shown.map(one => one.label))];
  return {
    images: [{ id: 1, file_name: picture.name, width: picture.width, height: picture.height }],
    categories: names.map((name, index) => ({ id: index + 1, name })),
    annotations: shown.map((one, index) => {
      const [left, top, right, bottom] = one.box;
      const bbox = [left, top, right - left, bottom - top];
      const area = one.mask ? areaOf(one.mask.rle.counts) : bbox[2] * bbox[3];
      return {
        id: index + 1, image_id: 1, category_id: names.indexOf(one.label) + 1, bbox, area, iscrowd: 0, score: one.score,
        ...(one.mask && { segmentation: one.mask.rle }),
      };
    }),
  };
}

/** The pixels inside a mask: every second run of COCO's packed run lengths, from the fourth on differences to the last but one. */
function areaOf(counts) {
  const runs = [];
  for (let at = 0; at < counts.length;) {
    let run = 0, more = true;
    for (let shift = 0; more; shift += 5) {
      const part = counts.charCodeAt(at++) - 48;
      run |= (part & 31) << shift;
      more = (part & 32) !== 0;
      if (!more && part & 16) run |= -1 << (shift + 5);
    }

    runs.push(run + (runs.length > 2 ? runs.at(-2) : 0));
  }

  return runs.reduce((area, run, index) => area + (index % 2) * run, 0);
}
