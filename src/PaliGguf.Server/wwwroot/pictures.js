// Pictures: sent once, shown as the server sees them, asked about many times.
import { Problem, send } from "./api.js";
import { element, size } from "./elements.js";

const thumbnailSide = 128;

/** A picture that the server keeps under an id. */
export class Picture {
  #file;

  constructor(file, name) {
    this.#file = file;
    this.name = name;
  }

  /** Sends a file, and makes a picture of it that can be shown. */
  static async open(file, name, { most, signal }) {
    const picture = await Picture.keep(file, name, { most, signal });
    await picture.#show(signal);
    return picture;
  }

  /** Sends a file, to ask about it only. */
  static async keep(file, name, { most, signal }) {
    if (file.size === 0) throw new Problem("No picture", `${name} is empty.`);
    if (file.size > most) throw new Problem("Too large", `${name} has ${size(file.size)}; this server takes up to ${size(most)}.`);
    const picture = new Picture(file, name);
    await picture.send(signal);
    return picture;
  }

  /** Sends the file; again, when the server keeps it no more. */
  async send(signal) {
    const form = new FormData();
    form.append("image", this.#file, "picture");
    const kept = await (await send("api/pictures", { method: "POST", body: form, signal })).json();
    Object.assign(this, { id: kept.picture, width: kept.width, height: kept.height, bytes: kept.bytes });
  }

  /** Whether it came as a photo, of which a photo's format may be made again. */
  get isPhoto() {
    return this.#file.type === "image/jpeg";
  }

  async #show(signal) {
    this.url = URL.createObjectURL(this.#file);
    let image = await decode(this.url);
    // What the browser can not show, shows moving, or would turn another way than the server does, is shown as the server has it.
    if (this.#file.type === "image/gif" || image?.naturalWidth !== this.width || image.naturalHeight !== this.height) {
      URL.revokeObjectURL(this.url);
      this.url = URL.createObjectURL(await (await send(`api/pictures/${this.id}`, { signal })).blob());
      image = await decode(this.url);
    }

    this.image = image;
    this.thumbnail = await thumbnailOf(image);
  }
}

async function decode(url) {
  const image = element("img", { src: url, alt: "" });
  try {
    await image.decode();
    return image;
  } catch {
    return null;
  }
}

async function thumbnailOf(image) {
  const scale = thumbnailSide / Math.min(image.naturalWidth, image.naturalHeight);
  const canvas = element("canvas", { width: thumbnailSide, height: thumbnailSide });
  const [width, height] = [image.naturalWidth * scale, image.naturalHeight * scale];
  const context = canvas.getContext("2d");
  context.imageSmoothingQuality = "high";
  context.drawImage(image, (thumbnailSide - width) / 2, (thumbnailSide - height) / 2, width, height);
  return URL.createObjectURL(await new Promise(resolve => canvas.toBlob(resolve)));
}

/** Calls with the files that are picked, dropped or pasted. */
export function takePictures(inputs, stage, take) {
  for (const input of inputs) {
    input.addEventListener("change", () => {
      if (input.files.length > 0) take([...input.files]);
      input.value = "";
    });
  }

  let depth = 0;
  const over = inside => stage.classList.toggle("over", (depth = Math.max(0, depth + inside)) > 0);
  document.addEventListener("dragenter", event => { if (carriesFiles(event)) over(1); });
  document.addEventListener("dragleave", event => { if (carriesFiles(event)) over(-1); });
  document.addEventListener("dragover", event => { if (carriesFiles(event)) event.preventDefault(); });
  document.addEventListener("drop", event => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    over(-depth);
    if (event.dataTransfer.files.length > 0) take([...event.dataTransfer.files]);
  });

  document.addEventListener("paste", event => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length === 0) return;
    event.preventDefault();
    take(files);
  });
}

const carriesFiles = event => event.dataTransfer?.types.includes("Files") ?? false;
