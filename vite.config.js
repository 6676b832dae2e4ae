// Bundles what the pages load: static/js and static/css become static/dist, under names with their content's hash, each
// file with its compressed copies beside it. dist/manifest.json tells the server which file became which.

import { defineConfig } from "vite";
import { compression, defineAlgorithm } from "vite-plugin-compression2";

const ENTRIES = ["js/main.js", "js/training.js", "js/maths.js", "css/page.css", "css/panels.css", "css/training.css", "css/maths.css"];

export default defineConfig({
  root: "static",
  base: "./", // files find each other wherever the server stands
  build: {
    outDir: "dist",
    manifest: "manifest.json",
    rolldownOptions: {
      input: ENTRIES.map((entry) => `static/${entry}`),
      // What all pages share is one file: fewer requests.
      output: { codeSplitting: { groups: [{ name: "shared", minShareCount: 3 }] } },
    },
    target: ["chrome100", "firefox100", "safari15.4"],
    assetsInlineLimit: 0, // the content security policy allows no data: fonts
    modulePreload: { polyfill: false },
    sourcemap: true, // for whoever reads the page's modules in the browser
    reportCompressedSize: false,
  },
  worker: { format: "es" },
  plugins: [compression({ algorithms: [defineAlgorithm("gzip", { level: 9 }), "brotliCompress"], exclude: [/\.(map|woff2|png)$/, /manifest\.json$/], threshold: 256 })],
});
