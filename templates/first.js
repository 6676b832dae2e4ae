// Stands in every page's head, and runs before it is painted: the remembered theme, and a word for a script that does not load.
try {
  document.documentElement.dataset.theme = localStorage.getItem("theme") ?? "auto";
} catch {
  // storage may be forbidden
}
addEventListener("error", ({ target }) => {
  if (target instanceof HTMLScriptElement) document.documentElement.dataset.incomplete = "";
}, true);
