// Runs in every page's head: sets the remembered theme before the page is painted, loads the page's script once it is painted,
// since a browser that has the script would run it before, and marks a page whose script does not load.
try {
  document.documentElement.dataset.theme = localStorage.getItem("inkscope-theme") ?? "auto";
} catch {
  // storage may be forbidden
}
addEventListener("DOMContentLoaded", () => {
  const script = document.querySelector("link[rel=modulepreload]");
  const load = () => import(script.href).catch((error) => {
    document.documentElement.dataset.incomplete = "";
    console.error(error);
  });
  if (script) requestAnimationFrame(() => setTimeout(load));
});
