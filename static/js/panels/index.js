// Every panel, by the id of its place on the page.

import { take } from "./take.js";
import { strokes } from "./strokes.js";
import { why } from "./why.js";

/** @import { Panel } from "../inside.js" */

/** @type {Record<string, Panel>} */
export const panels = { why, strokes, take };
