// How the ink of a number was cut: the candidate cuts, what was read between them, the reading that won and the runner-up. A
// person can move a cut, and sees what would have been read.

import { drawingOf } from "../state/moment.js";
import { lineOf } from "../explain/figures.js";
import { movedCut, readingOf, sameWay, through, throughInk, toggled } from "../explain/lattice.js";
import { inline } from "../explain/number-words.js";
import { timesAsLikely } from "../explain/reasons.js";
import { percent } from "../explain/words.js";
import { button, el, setText } from "../views/dom.js";
import { LatticeView } from "../views/lattice.js";

/** @import { Way } from "../explain/lattice.js" */
/** @import { Line, Reading, Segmentation } from "../server/api.js" */
/** @import { State } from "../state/store.js" */
/** @import { Panel, Tools } from "./host.js" */

const ONE_DIGIT = "One digit alone is not cut. Choose “a number” above the pad and write several digits: here stands where their ink could be cut.";
const NOTHING = "Write a number, and see here where its ink is cut.";
const TRY_IT = "Drag a cut, or choose a cut or a bar, and see what would be read.";
const KEY = "Each bar is a group, the ink between two cuts, which the network read as one digit; of many groups, those of the likeliest readings are shown. The fuller its colour, the likelier. The number beside it is the log of its factor in the odds. In full ink are the groups of the reading that is shown, with a dashed edge those of the runner-up. A solid line is a cut through a gap, a dashed one a cut through ink.";
const WHOLE_NETWORK = "The cuts are those of the whole network: switched-off neurons only change what the figures are read as.";
const NO_LINE = "There is no line of digits to cut in this.";

/** @param {State} state @returns {{line: Line, segmentation: Segmentation, index: number} | string}  The line of the chosen figure, or why there is none. */
function lineShown({ moment }) {
  if (!moment) return NOTHING;
  const { sheet } = moment;
  if (!sheet) return ONE_DIGIT;
  const index = moment.place ? lineOf(sheet.reading, sheet.figures.indexOf(moment)) : -1;
  const line = sheet.reading.lines[index];
  return line?.segmentation ? { line, segmentation: line.segmentation, index } : NO_LINE;
}

/** @param {Segmentation} lattice @param {Way} way @returns {string}  What a person's own cuts read, and how likely that is. */
function otherReading(lattice, way) {
  const [mine, best] = [readingOf(lattice, way), readingOf(lattice, lattice.best)];
  if (mine.score === null) return `Your cuts leave a part that was not read as one digit: it is too wide, or too narrow, for one.`;
  if (best.score === null) return `Your cuts read ${mine.text}.`;
  const again = mine.text === best.text ? " the same number," : "";
  return `Your cuts read${again} ${mine.text}: ${timesAsLikely(mine.score - best.score)} its own cuts.`;
}

/** @param {Segmentation} lattice @returns {string}  What the runner-up reads, and how likely that is. */
function runnerUpInWords(lattice) {
  const [second, best] = [readingOf(lattice, lattice.second), readingOf(lattice, lattice.best)];
  if (lattice.second.length === 0 || second.score === null || best.score === null) return "";
  const [again, than] = second.text === best.text ? [" the same", "that way"] : [` ${second.text}`, best.text];
  return ` The runner-up among the ways to cut it reads${again}: ${timesAsLikely(second.score - best.score)} ${than}.`;
}

/** @param {Segmentation} lattice @returns {string} */
function cutsInWords(lattice) {
  const { cuts, groups, best } = lattice;
  const inner = cuts.slice(1, -1);
  if (inner.length === 0) return "There is no place where this ink could be cut: it is one digit, or none.";
  const inked = inner.filter(throughInk).length;
  const places = inner.length === 1 ? "one place" : `${inner.length} places`;
  const how = inked === 0 ? "all of them in gaps" : inked === inner.length ? "all of them through ink" : `${inked} of them through ink`;
  return `It could be cut in ${places}, ${how}. ${groups.length} groups, each the ink between two cuts, were read; the best way through them has ${best.length - 1}.${runnerUpInWords(lattice)}`;
}

/** @param {Reading} reading @returns {[string, string][]}  Texts of the whole sheet, and their probabilities. */
const readingsOf = ({ text, confidence, alternatives }) =>
  [{ text, confidence }, ...alternatives].map((each) => [inline(each.text), percent(each.confidence)]);

/** @param {HTMLElement} body @param {Tools} tools @returns {(state: State) => void} */
function build(body, { store, say }) {
  const sentence = el("p", { class: "sentence" });
  const own = el("p", { class: "own-reading", role: "status" });
  const note = el("p", { class: "note" });
  const key = el("p", { class: "note" }, KEY);
  const table = el("table", { class: "readings" });
  const view = new LatticeView({
    toggled: (cut) => change((now) => toggled(now, cut)),
    moved: (cut, to) => change((now) => movedCut(now, cut, to)),
    entered: (group) => change((now) => through(now, group)),
  });
  const back = button("Its own cuts", () => change((_, { best }) => best));
  const runnerUp = button("The runner-up’s cuts", () => change((_, { second }) => second));
  const beside = el("div", { class: "cut-words" }, el("div", { class: "buttons" }, back, runnerUp), table, note, key);
  const found = el("div", { class: "segmentation" }, own, view.element, beside);
  body.append(sentence, found);
  /** @type {{lattice: Segmentation, way: Way} | null} */
  let mine = null;

  /** @param {(way: Way, lattice: Segmentation) => Way} how */
  const change = (how) => {
    if (!mine) return;
    mine = { ...mine, way: how(mine.way, mine.lattice) };
    render(store.state);
    say(own.textContent ?? "");
  };

  /** @param {State} state */
  const render = (state) => {
    const shown = lineShown(state);
    found.hidden = typeof shown === "string";
    if (typeof shown === "string" || !state.moment?.sheet) return setText(sentence, typeof shown === "string" ? shown : NO_LINE);
    const { line, segmentation, index } = shown;
    const { reading } = state.moment.sheet;
    if (mine?.lattice !== segmentation) mine = { lattice: segmentation, way: segmentation.best };
    const { lattice, way } = mine;
    setText(sentence, `${reading.lines.length > 1 ? `Line ${index + 1} of ${reading.lines.length} reads` : "It reads"} ${line.text}, ${percent(line.confidence)} sure.`);
    view.render({ snapshot: drawingOf(state.moment), line, lattice, way });
    const its = sameWay(way, lattice.best);
    setText(own, its ? TRY_IT : otherReading(lattice, way));
    [back.disabled, runnerUp.hidden] = [its, lattice.second.length === 0];
    runnerUp.disabled = sameWay(way, lattice.second);
    setText(note, `${cutsInWords(lattice)}${state.choice.ablated.size ? ` ${WHOLE_NETWORK}` : ""}`);
    table.replaceChildren(el("caption", { class: "unseen" }, "What the sheet may say, and how probable that is"), ...readingsOf(reading).map(([text, share], i) => el("tr", i ? {} : { "aria-current": "true" }, el("th", { scope: "row" }, text), el("td", {}, share))));
  };
  return render;
}

/** @type {Panel} */
export const segmentation = { needsExplanations: false, build };
