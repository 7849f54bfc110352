// Many pictures, answered one after the other.
import { Problem, post } from "./api.js";
import { row } from "./csv.js";
import { Picture } from "./pictures.js";

/** The most that are taken at once: their answers stay until the page is closed. */
export const mostPictures = 1000;

const head = row(["file", "width", "height", "task", "answer", "label", "score", "x_min", "y_min", "x_max", "y_max", "error"]);

/** One question to many pictures. Of a picture that is done its answer is kept, as text outside the page's heap; the picture is not. */
export class Batch {
  #files;
  #csv = [head];
  #json = [];

  constructor(files, { task, request, title, textOf }) {
    Object.assign(this, { task, request, title, textOf, total: files.length, done: 0, failed: 0, state: "running" });
    this.#files = files;
  }

  /**
   * Asks about each.
   * @param most The largest file that the server takes.
   * @param patiently Does what may have to wait for the server, or to send a picture again.
   * @param tell Called with each picture's file name, and its answer in words or what went wrong.
   */
  async run({ most, signal, patiently, tell }) {
    for (const file of this.#files) {
      const result = { file: file.name, task: this.task };
      try {
        const picture = await patiently(() => Picture.keep(file, file.name, { most, signal }), signal);
        const ask = () => post(`api/${this.task}`, { picture: picture.id, ...this.request }, { signal });
        const answer = await (await patiently(ask, signal, { picture })).json();
        Object.assign(result, { width: picture.width, height: picture.height }, answer);
      } catch (failure) {
        if (!ofThePicture(failure)) throw failure;
        result.error = `${failure.title}: ${failure.detail}`;
        this.failed++;
      }

      this.#keep(result);
      this.done++;
      tell(file.name, result.error ?? this.textOf(result), result.error !== undefined);
    }
  }

  /** The results so far, with a row for each picture, or for each thing that was found in it. */
  get csv() {
    return new Blob(this.#csv, { type: "text/csv;charset=utf-8" });
  }

  /** The results so far, as the server gave them. */
  get json() {
    return new Blob(["[", ...this.#json.flatMap((result, index) => (index ? [",\n", result] : [result])), "]\n"], { type: "application/json" });
  }

  #keep(result) {
    const { file, width, height, task, error } = result;
    const answer = error ? null : this.textOf(result);
    const rows = result.detections?.length
      ? result.detections.map(({ label, score, box }) => row([file, width, height, task, answer, label, score, ...box, null]))
      : [row([file, width, height, task, answer, null, null, null, null, null, null, error])];
    this.#csv.push(new Blob(rows));
    // Outlines can be had from the run lengths, and take much more.
    const slim = result.detections?.map(({ mask, ...found }) => (mask ? { ...found, mask: { rle: mask.rle } } : found));
    this.#json.push(new Blob([JSON.stringify({ ...result, detections: slim })]));
  }
}

/** Whether it says something of this picture only, so that the next may fare better. */
const ofThePicture = failure => failure instanceof Problem && failure.code !== "unreachable" && failure.status !== 401;
