// Files that the page makes, saved as downloads.
import { element } from "./elements.js";

/** Saves a file. */
export function save(file, name) {
  const url = URL.createObjectURL(file);
  element("a", { href: url, download: name }).click();
  // The download has its own hold on the data once it has begun.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** A file of JSON. */
export const jsonFile = value => new Blob([JSON.stringify(value, null, 2)], { type: "application/json" });

/** "street-detect.png" for what was made of street.jpg. */
export const nameOf = (entry, ending) => `${entry.picture.name.replace(/\.[^.]*$/, "")}-${entry.task}${ending}`;
