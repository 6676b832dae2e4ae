// How the page looks: the theme, light, dark or the system's, and large letters for a class; remembered if the browser allows it.

/** @typedef {"auto" | "light" | "dark"} Theme */

/** @type {Theme[]} */
const THEMES = ["auto", "light", "dark"];
const [THEME, PRESENT] = ["inkscope-theme", "inkscope-present"]; // other pages of the origin have names of their own

/** @param {string | null | undefined} name @returns {Theme}  The system's for an unknown name. */
export const themeNamed = (name) => THEMES.find((theme) => theme === name) ?? "auto";

/** @param {Theme} theme @returns {Theme} */
export const nextTheme = (theme) => THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length];

/** @param {string} key @returns {string | null} */
function recall(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null; // storage may be forbidden
  }
}

/** @param {string} key @param {string} value */
function remember(key, value) {
  try {
    localStorage.setItem(key, value);
  } catch {
    // the look then lasts as long as the page
  }
}

/** @param {HTMLElement} button @param {() => void} changed  Called when the page's colours change. */
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
    remember(THEME, theme);
    show(theme);
  });
  const chosen = () => show(themeNamed(recall(THEME)));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", changed);
  addEventListener("beforeprint", () => show("light")); // paper is white
  addEventListener("afterprint", chosen);
  chosen();
}

/** @param {HTMLElement} button  Turns large letters on, and off again; `?present` in the address turns them on. @param {() => void} changed */
export function presenterButton(button, changed) {
  const show = (/** @type {boolean} */ present) => {
    document.documentElement.toggleAttribute("data-present", present);
    button.ariaPressed = `${present}`;
    remember(PRESENT, present ? "on" : "off");
    changed();
  };
  button.addEventListener("click", () => show(button.ariaPressed !== "true"));
  if (new URLSearchParams(location.search).has("present") || recall(PRESENT) === "on") show(true);
}
