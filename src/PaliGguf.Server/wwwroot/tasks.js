// What can be asked of a picture, and how the server is asked.

const list = text => text.split(/[;\n]/).map(part => part.trim()).filter(part => part.length > 0);

/**
 * Each task: its address, whether its answer comes as a stream of tokens, what it is for, the fields it needs,
 * the request it makes of them, and the question as it stands over the answer.
 */
export const tasks = {
  caption: {
    name: "Caption", streams: true, hint: "One sentence that says what is there.",
    needs: [], request: form => ({ language: form.language }), title: form => `Caption${inLanguage(form)}`,
  },
  describe: {
    name: "Describe", streams: true, hint: "A longer description.",
    needs: [], request: form => ({ language: form.language }), title: form => `Description${inLanguage(form)}`,
  },
  answer: {
    name: "Ask", streams: true, hint: "A question about what is in the picture; it is no conversation.",
    needs: ["question"], request: form => ({ language: form.language, question: form.question }), title: form => form.question,
  },
  ocr: {
    name: "Read text", streams: true, hint: "The text that is in the picture.",
    needs: [], request: () => ({}), title: () => "Text in the picture",
  },
  detect: {
    name: "Detect", streams: false, hint: "Draws a box around each thing you name.",
    needs: ["labels"], request: form => ({ labels: list(form.labels) }), title: form => `Detect ${list(form.labels).join(", ")}`,
  },
  segment: {
    name: "Segment", streams: false, hint: "Draws the shape of each thing you name.",
    needs: ["labels"], request: form => ({ labels: list(form.labels) }), title: form => `Segment ${list(form.labels).join(", ")}`,
  },
  choose: {
    name: "Choose", streams: false, hint: "Tells how probable each of some answers is.",
    needs: ["prompt", "candidates"], request: form => ({ prompt: form.prompt, candidates: list(form.candidates) }), title: form => form.prompt,
  },
  generate: {
    name: "Prompt", streams: true, hint: "Any prompt: fine-tuned models may expect their own.",
    needs: ["prompt"], request: form => ({ prompt: form.prompt }), title: form => form.prompt,
  },
};

/** What is said of how tokens are drawn, and of the answer's length: only what the user has filled in. */
export function samplingOf(fields) {
  const given = ["temperature", "topK", "topP", "seed", "maxTokens"].filter(name => fields[name]);
  return Object.fromEntries(given.map(name => [name, Number(fields[name])]));
}

function inLanguage(form) {
  return form.language && form.language !== "en" ? ` in ${languageName(form.language)}` : "";
}

/** The languages that PaliGemma's captions were trained in (COCO-35L, as its model card names it). */
export const languages = [
  "ar", "bn", "cs", "da", "de", "el", "en", "es", "fa", "fi", "fil", "fr", "he", "hi", "hr", "hu", "id", "it",
  "ja", "ko", "mi", "nl", "no", "pl", "pt", "ro", "ru", "sv", "sw", "te", "th", "tr", "uk", "vi", "zh",
];

const names = new Intl.DisplayNames(["en"], { type: "language" });

/** "Thai" for "th". */
export function languageName(code) {
  try {
    return names.of(code);
  } catch {
    return code;
  }
}
