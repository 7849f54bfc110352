// Makes elements, and numbers people can read.

/** An element with properties, data-, aria- and other attributes (given as text), and children. */
export function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key in made && !key.includes("-")) made[key] = value;
    else if (value !== null && value !== undefined) made.setAttribute(key, value);
  }

  made.append(...children);
  return made;
}

/** An element of a drawing. */
export function shape(name, attributes = {}, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

export const byId = id => document.getElementById(id);

/** "9.4 ms", "1.32 s". */
export function duration(milliseconds) {
  return milliseconds < 10 ? `${milliseconds.toFixed(1)} ms` : milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(2)} s`;
}

/** "12 MiB", "1.45 GiB". */
export function size(bytes) {
  const units = ["bytes", "KiB", "MiB", "GiB", "TiB"];
  let unit = 0;
  for (; bytes >= 1024 && unit < units.length - 1; unit++) bytes /= 1024;
  return `${unit === 0 || bytes >= 100 ? Math.round(bytes) : bytes >= 10 ? bytes.toFixed(1) : bytes.toFixed(2)} ${units[unit]}`;
}

/** "2 boxes". */
export const count = (number, one, many = `${one}s`) => `${number} ${number === 1 ? one : many}`;

/** "2,300". */
export const number = value => Math.round(value).toLocaleString("en");
