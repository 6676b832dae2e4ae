// The cut-out of a photo: where its digit was found is shown on the pad, with other places where one may be. A person drags
// another box around the digit that is meant, moves it by keys, chooses one of the other places, or turns the photo.

import { boxBetween, boxMoved, boxOnPad, boxOnPhoto, isLarge } from "../drawing/boxes.js";
import { ARROWS, modified } from "../drawing/keyboard.js";
import { el, setHidden } from "./dom.js";

/** @import { Box } from "../drawing/boxes.js" */
/** @import { Photo } from "../drawing/snapshot.js" */
/** @import { Point } from "../drawing/strokes.js" */
/** @import { Placement } from "../server/api.js" */
/** @typedef {{chosen: (box: Box) => void, turned: () => void}} Listener  The box is in the photo's pixels. */

/** Before any box is known. @type {Box} */
const MIDDLE = [0.3, 0.3, 0.7, 0.7];

export class Cutout {
  /** @type {Photo | null} */
  #photo = null;
  /** @type {Box | null} Where the digit was found, in fractions of the pad. */
  #found = null;
  /** @type {Box | null} The box that a person is about to choose. */
  #draft = null;
  /** @type {{id: number, at: Point} | null} The pointer that draws a box, and where it began. */
  #pointer = null;
  #frame;
  /** The width of the pad by its height. */
  #aspect = 1;
  #listener;
  #shown = el("div", { class: "cutout" });
  #places = el("div", { class: "places-on-photo" });

  /** @param {HTMLElement} frame  Of the pad. @param {HTMLElement} turn  Turns the photo. @param {Listener} listener */
  constructor(frame, turn, listener) {
    this.#frame = frame;
    this.#listener = listener;
    this.turn = turn;
    frame.append(this.#shown, this.#places);
    turn.addEventListener("click", () => listener.turned());
    // Before the pad sees them: it would draw.
    frame.addEventListener("pointerdown", (event) => this.#press(event), true);
    frame.addEventListener("pointermove", (event) => this.#drag(event), true);
    for (const end of /** @type {const} */ (["pointerup", "pointercancel"])) frame.addEventListener(end, (event) => this.#release(event), true);
    frame.addEventListener("keydown", (event) => this.#key(event), true);
    this.render(null, null);
  }

  /**
   * @param {Photo | null} photo  On the pad. @param {Placement | null} placement  On it; null until it is known.
   * @param {number} [aspect]  Of the pad.
   */
  render(photo, placement, aspect = 1) {
    if (photo !== this.#photo) [this.#draft, this.#pointer] = [null, null];
    [this.#photo, this.#aspect] = [photo, aspect];
    this.#found = photo && placement && boxOnPad(placement.box, photo, aspect);
    this.#places.replaceChildren(...(photo && placement ? placement.alternatives.map((box) => this.#place(box, photo)) : []));
    setHidden(this.turn, photo === null);
    this.#frame.toggleAttribute("data-photo", photo !== null);
    if (photo) this.#frame.style.setProperty("--photo", `${photo.width / photo.height}`); // its frame on a phone
    this.#show();
  }

  /** @param {Box} box @param {Photo} photo @returns {HTMLElement}  Where else a digit may be. */
  #place(box, photo) {
    const place = el("button", { type: "button", class: "place", "aria-label": "Read what is here instead", title: "Read what is here instead" });
    place.addEventListener("click", () => this.#listener.chosen(box));
    lay(place, boxOnPad(box, photo, this.#aspect));
    return place;
  }

  #show() {
    const box = this.#draft ?? this.#found;
    setHidden(this.#shown, box === null);
    this.#shown.toggleAttribute("data-draft", this.#draft !== null);
    if (box) lay(this.#shown, box);
  }

  /** @param {Box | null} box */
  #drafted(box) {
    this.#draft = box;
    this.#show();
  }

  #choose() {
    if (this.#photo && this.#draft) this.#listener.chosen(boxOnPhoto(this.#draft, this.#photo, this.#aspect));
  }

  /** @param {PointerEvent} event @returns {Point} */
  #at({ clientX, clientY }) {
    const { left, top, width, height } = this.#frame.getBoundingClientRect();
    return { x: (clientX - left) / width, y: (clientY - top) / height };
  }

  /** @param {PointerEvent} event */
  #press(event) {
    if (!this.#photo || event.target === this.turn || this.turn.contains(/** @type {Node} */ (event.target))) return;
    event.stopPropagation();
    if (event.isPrimary && event.button === 0 && !this.#pointer) this.#pointer = { id: event.pointerId, at: this.#at(event) };
  }

  /** @param {PointerEvent} event */
  #drag(event) {
    if (!this.#pointer || event.pointerId !== this.#pointer.id) return;
    const box = boxBetween(this.#pointer.at, this.#at(event));
    if (!this.#draft && !isLarge(box)) return; // a tap, on one of the other places perhaps
    this.#frame.setPointerCapture(event.pointerId);
    this.#drafted(box);
  }

  /** @param {PointerEvent} event */
  #release(event) {
    if (event.pointerId !== this.#pointer?.id) return;
    this.#pointer = null;
    if (event.type === "pointerup" && this.#draft && isLarge(this.#draft)) this.#choose();
    else this.#drafted(null);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (!this.#photo || modified(event) || /** @type {Element} */ (event.target).tagName !== "CANVAS") return;
    const arrow = ARROWS[event.key];
    if (arrow) this.#drafted(boxMoved(this.#draft ?? this.#found ?? MIDDLE, arrow, event.shiftKey));
    else if (event.key === "Enter" || event.key === " ") this.#choose();
    else if (event.key === "Escape" && this.#draft) this.#drafted(null);
    else if (event.key.toLowerCase() === "r") this.#listener.turned();
    else return;
    event.stopPropagation();
    event.preventDefault();
  }
}

/** @param {HTMLElement} element @param {Box} box  Where it lies on the pad. */
function lay(element, [left, top, right, bottom]) {
  const sides = { left, top, width: right - left, height: bottom - top };
  for (const [side, share] of Object.entries(sides)) element.style.setProperty(side, `${100 * share}%`);
}
