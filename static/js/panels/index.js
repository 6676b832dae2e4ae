// Every panel, by the id of its place on the page.

import { addink } from "./addink.js";
import { atlas } from "./atlas.js";
import { neuron } from "./neuron.js";
import { numbers } from "./numbers.js";
import { river } from "./river.js";
import { seeing } from "./seeing.js";
import { strokes } from "./strokes.js";
import { take } from "./take.js";
import { tipping } from "./tipping.js";
import { why } from "./why.js";

/** @import { Panel } from "../inside.js" */

/** @type {Record<string, Panel>} */
export const panels = { why, strokes, river, neuron, atlas, addink, tipping, seeing, numbers, take };
