// Every panel, by the id of its place on the page.

import { take } from "./export.js";
import { numbers } from "./forward-pass.js";
import { addink } from "./helpful-ink.js";
import { atlas } from "./neuron-atlas.js";
import { neuron } from "./neuron.js";
import { why } from "./pixel-attribution.js";
import { seeing } from "./preprocessing.js";
import { strokes } from "./stroke-effects.js";
import { river } from "./timeline.js";
import { tipping } from "./tipping-point.js";

/** @import { Panel } from "./host.js" */

/** @type {Record<string, Panel>} */
export const panels = { why, strokes, river, neuron, atlas, addink, tipping, seeing, numbers, take };
