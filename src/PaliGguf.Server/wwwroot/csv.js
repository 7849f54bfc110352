// Rows of comma-separated values (RFC 4180), safe to open in a spreadsheet.
const formula = /^[=+\-@\t\r\n＝＋－＠]/;

/** A row with its end. Texts that a spreadsheet would take for a formula get an apostrophe before them. */
export const row = cells => `${cells.map(cell).join(",")}\r\n`;

function cell(value) {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return String(value);
  const text = formula.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
