// Every panel, by the id of its element on the page.

import { exportDrawing } from "./export.js";
import { forwardPass } from "./forward-pass.js";
import { helpfulInk } from "./helpful-ink.js";
import { neuronAtlas } from "./neuron-atlas.js";
import { neuron } from "./neuron.js";
import { pixelAttribution } from "./pixel-attribution.js";
import { preprocessing } from "./preprocessing.js";
import { segmentation } from "./segmentation.js";
import { strokeEffects } from "./stroke-effects.js";
import { timeline } from "./timeline.js";
import { tippingPoint } from "./tipping-point.js";

/** @import { Panels } from "./host.js" */

/** @type {Panels} */
export const panels = {
  "pixel-attribution": pixelAttribution,
  "stroke-effects": strokeEffects,
  timeline,
  segmentation,
  neuron,
  "neuron-atlas": neuronAtlas,
  "helpful-ink": helpfulInk,
  "tipping-point": tippingPoint,
  preprocessing,
  "forward-pass": forwardPass,
  export: exportDrawing,
};
