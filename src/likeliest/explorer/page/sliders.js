// A slider with a box for the exact number.

import { make, scale } from "./axes.js";
import { shown, typed } from "./numbers.js";

const NOTCHES = 1000;
let made = 0;

export class Slider {
  // `moved(value, isSettled)` is told of each movement by the user.
  constructor(name, about, moved) {
    made += 1;
    const id = `likeliest-slider-${made}`;
    this.moved = moved;
    this.range = make("input", { type: "range", id, min: 0, max: NOTCHES, step: 1 });
    this.box = make("input", { type: "text", inputmode: "decimal", autocomplete: "off", "aria-label": `${name}, the exact number` });
    const label = make("label", { for: id }, name);
    this.element = make("div", { class: "slider" }, label, make("span", { class: "quiet" }, about), this.box, this.range);
    this.range.addEventListener("input", () => this.dragged(false));
    this.range.addEventListener("change", () => this.dragged(true));
    this.box.addEventListener("change", () => this.entered());
    // A notebook keeps Enter from the box, which would then change only when it is left.
    this.box.addEventListener("keydown", ({ key }) => key === "Enter" && this.entered());
  }

  over(ends, options) {
    this.scale = scale(ends, [0, NOTCHES], options);
    if (this.value !== undefined) this.set(this.value);
  }

  // Show a value; the thumb stops at the ends of its range.
  set(value) {
    this.value = value;
    const place = Math.round(this.scale(value));
    this.range.value = Number.isFinite(place) ? place : value > this.scale.ends[0] ? NOTCHES : 0;
    this.tell();
  }

  tell() {
    const text = shown(this.value);
    this.box.value = text.replaceAll(",", "");
    this.range.setAttribute("aria-valuetext", text);
  }

  dragged(isSettled) {
    // Where a thumb comes to rest, the value of its last movement stands.
    if (!isSettled) this.value = this.scale.invert(Number(this.range.value));
    this.tell();
    this.moved(this.value, isSettled);
  }

  entered() {
    const value = typed(this.box.value);
    if (Number.isNaN(value)) {
      this.tell();
      return;
    }
    this.set(value);
    this.moved(value, true);
  }
}
