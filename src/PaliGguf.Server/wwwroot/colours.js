// The colours: as the system has them, or light, or dark; theme.js puts the choice into effect before the page is drawn.
const themes = { auto: "as the system", light: "light", dark: "dark" };

function choose(button, theme) {
  if (theme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  button.textContent = `◐ ${theme[0].toUpperCase()}${theme.slice(1)}`;
  button.setAttribute("aria-label", `Colours: ${themes[theme]}`);
}

function next(button) {
  const order = Object.keys(themes);
  const theme = order[(order.indexOf(document.documentElement.dataset.theme ?? "auto") + 1) % order.length];
  choose(button, theme);
  try {
    localStorage.setItem("theme", theme);
  } catch {
    // Then it holds for this visit.
  }
}

/** Has a button go through them. */
export function offerColours(button) {
  choose(button, document.documentElement.dataset.theme ?? "auto");
  button.addEventListener("click", () => next(button));
}
