// Pictures to begin with: scenes that the embedded model was not trained on.
import { send } from "./api.js";
import { element } from "./elements.js";

export const samples = [
  { file: "scene_04.png", name: "A lion, bicycles and a duck", labels: "bicycle ; duck ; lion", question: "what is at the top?" },
  { file: "scene_06.png", name: "A boat and a rocket", labels: "rocket", question: "what is on the right?" },
  { file: "scene_08.png", name: "A horse, a duck and a text", labels: "horse ; duck", question: "where is the duck?" },
  { file: "scene_09.png", name: "Houses, a car and a train", labels: "house ; train", question: "what color is the car?" },
  { file: "scene_12.png", name: "Two cakes", labels: "cake", question: "is there a cake?" },
];

/** Fills the list; a sample that is taken is called for. */
export function showSamples(list, take) {
  for (const sample of samples) {
    const image = element("img", { src: `samples/${sample.file}`, alt: "", loading: "lazy", width: 72, height: 72 });
    const button = element("button", { type: "button", "aria-label": sample.name, title: sample.name }, image);
    button.addEventListener("click", () => take(sample));
    list.append(element("li", {}, button));
  }
}

/** The file of a sample. */
export async function load(sample) {
  return (await send(`samples/${sample.file}`)).blob();
}
