// TeX on standard input, a JSON list of [formula, whether it stands alone]; MathML on standard output, a JSON list.

import { text } from "node:stream/consumers";
import temml from "temml";

const formulas = JSON.parse(await text(process.stdin));
const made = formulas.map(([tex, displayMode]) => temml.renderToString(tex, { displayMode, throwOnError: true }));
process.stdout.write(JSON.stringify(made));
