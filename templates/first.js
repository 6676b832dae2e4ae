// Runs in every page's head, before the page is painted: sets the remembered theme, and marks a page whose script does not load.
try {
  document.documentElement.dataset.theme = localStorage.getItem("inkscope-theme") ?? "auto";
} catch {
  // storage may be forbidden
}
addEventListener("error", ({ target }) => {
  if (target instanceof HTMLScriptElement) document.documentElement.dataset.incomplete = "";
}, true);
