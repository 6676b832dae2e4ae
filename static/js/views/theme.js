// Light, dark or as the system says, remembered where the browser allows it.

/** @typedef {"auto" | "light" | "dark"} Theme */

/** @type {Theme[]} */
const THEMES = ["auto", "light", "dark"];
const KEY = "theme";

/** @param {string | null | undefined} name @returns {Theme}  Anything unknown means as the system says. */
export const themeNamed = (name) => THEMES.find((theme) => theme === name) ?? "auto";

/** @param {Theme} theme @returns {Theme} */
export const nextTheme = (theme) => THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length];

/** @returns {Theme} */
function recall() {
  try {
    return themeNamed(localStorage.getItem(KEY));
  } catch {
    return "auto"; // storage may be forbidden
  }
}

/** @param {Theme} theme */
function remember(theme) {
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // the theme then lasts as long as the page
  }
}

/** @param {HTMLElement} button @param {() => void} changed  Called whenever the page's colours are others. */
export function themeButton(button, changed) {
  const root = document.documentElement;
  const show = (/** @type {Theme} */ theme) => {
    root.dataset.theme = theme;
    button.setAttribute("aria-label", `Theme: ${theme}`);
    button.title = `Theme: ${theme}`;
    changed();
  };
  button.addEventListener("click", () => {
    const theme = nextTheme(themeNamed(root.dataset.theme));
    remember(theme);
    show(theme);
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", changed);
  show(recall());
}
