// Elements, scales, and a picture with axes.

const SVG = "http://www.w3.org/2000/svg";
const RIGHT = 14, TOP = 12, BOTTOM = 44, LETTER = 7;
const FAR = 1e5; // pixels, more than any screen has

export function make(tag, attributes = {}, ...children) {
  return filled(document.createElement(tag), attributes, children);
}

export function draw(tag, attributes = {}, ...children) {
  return filled(document.createElementNS(SVG, tag), attributes, children);
}

export function button(name, pressed) {
  const made = make("button", { type: "button" }, name);
  made.addEventListener("click", pressed);
  return made;
}

function filled(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

// Return whether an element is within the window, or near it: a function that says so at any time.
export function watched(element) {
  let isSeen = true;
  new IntersectionObserver((entries) => { isSeen = entries[entries.length - 1].isIntersecting; }, { rootMargin: "100px" }).observe(element);
  return () => isSeen;
}

// Write text where it has changed, so that a page is not laid out again for what it says already.
export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

export function scale([low, high], [from, to], { log = false, origin = 0 } = {}) {
  const into = log ? (value) => Math.log(value - origin) : (value) => value;
  const out = log ? (value) => origin + Math.exp(value) : (value) => value;
  const first = into(low), length = into(high) - first;
  const at = (value) => from + ((into(value) - first) / length) * (to - from);
  at.invert = (place) => out(first + ((place - from) / (to - from)) * length);
  at.ends = [low, high];
  at.ticks = (most) => (log && origin === 0 && high / low > 8 ? powers(low, high, most) : even(low, high, most));
  return at;
}

function even(low, high, most) {
  const rough = (high - low) / Math.max(most, 1);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 5, 10].find((factor) => factor * power >= rough);
  const first = Math.ceil(low / step - 1e-9), last = Math.floor(high / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => (first + i) * step);
}

function powers(low, high, most) {
  const places = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power += 1) {
    for (const factor of [1, 2, 5]) places.push(factor * 10 ** power);
  }
  const inside = places.filter((place) => place >= low && place <= high);
  const every = Math.ceil(inside.length / Math.max(most, 1));
  return every < 2 ? inside : inside.filter((place) => every === 2 ? /^[15]/.test(place.toExponential()) : /^1/.test(place.toExponential()));
}

export class Picture {
  constructor(name, height, redraw) {
    this.tall = height;
    this.svg = draw("svg", { role: "img", "aria-label": name, class: "picture" });
    this.caption = make("figcaption");
    this.figure = make("figure", {}, this.svg, this.caption);
    this.isSeen = watched(this.figure);
    this.width = 0;
    new ResizeObserver(() => {
      const width = Math.floor(this.figure.clientWidth);
      if (width > 0 && width !== this.width) {
        this.width = width;
        redraw();
      }
    }).observe(this.figure);
  }

  // Clear the picture and draw its axes; false while it has no width to be drawn in.
  begin(xEnds, yEnds, { x: xName = "", y: yName = "", xScale = {}, yScale = {}, grid = true, xTicks = true }, format) {
    if (this.width < 80) return false;
    this.height = Math.round(Math.min(this.tall, Math.max(180, 0.75 * this.width)));
    this.svg.setAttribute("height", this.height);
    const right = this.width - RIGHT, bottom = this.height - BOTTOM;
    this.y = scale(yEnds, [bottom, TOP], yScale);
    const marks = this.y.ticks(Math.floor(this.height / 60)).map((value) => [this.y(value), format(value)]);
    const left = 32 + LETTER * Math.max(5, ...marks.map(([, text]) => text.length));
    this.x = scale(xEnds, [left, right], xScale);
    this.inner = { left, right, top: TOP, bottom };
    this.svg.setAttribute("viewBox", `0 0 ${this.width} ${this.height}`);
    this.svg.setAttribute("width", this.width);
    const axes = draw("g", { class: "axes" });
    for (const value of xTicks ? this.x.ticks(Math.floor(this.width / 90)) : []) {
      const at = this.x(value);
      axes.append(draw("line", { x1: at, x2: at, y1: bottom, y2: bottom + 4 }));
      axes.append(draw("text", { x: at, y: bottom + 17, "text-anchor": "middle" }, format(value)));
    }
    for (const [at, text] of marks) {
      axes.append(draw("line", grid ? { class: "grid", x1: left, x2: right, y1: at, y2: at } : { x1: left - 4, x2: left, y1: at, y2: at }));
      axes.append(draw("text", { x: left - 6, y: at + 4, "text-anchor": "end" }, text));
    }
    axes.append(draw("line", { x1: left, x2: right, y1: bottom, y2: bottom }));
    const most = Math.floor((right - left) / 7);
    const named = xName.length > most ? `${xName.slice(0, most - 1)}…` : xName;
    axes.append(draw("text", { class: "name", x: (left + right) / 2, y: this.height - 8, "text-anchor": "middle" }, named));
    const middle = (TOP + bottom) / 2;
    axes.append(draw("text", { class: "name", x: 13, y: middle, "text-anchor": "middle", transform: `rotate(-90 13 ${middle})` }, yName));
    // A picture within the picture, beyond whose frame nothing is seen.
    const width = right - left, height = bottom - TOP + 3;
    this.frame = draw("svg", { x: left, y: TOP, width, height, viewBox: `${left} ${TOP} ${width} ${height}` });
    this.svg.replaceChildren(axes, this.frame);
    return true;
  }

  add(tag, attributes, ...children) {
    const made = draw(tag, attributes, ...children);
    this.frame.append(made);
    return made;
  }

  // Name a place along the axis.
  name(at, text) {
    this.svg.append(draw("text", { x: at, y: this.inner.bottom + 17, "text-anchor": "middle" }, text));
  }

  // Draw a line through points; it is broken where they are not finite.
  line(points, attributes) {
    let path = "", pen = "M";
    for (const [x, y] of points) {
      const at = this.y(y);
      if (!Number.isFinite(at) || !Number.isFinite(this.x(x))) {
        pen = "M";
        continue;
      }
      path += `${pen}${this.x(x).toFixed(2)} ${Math.max(-FAR, Math.min(FAR, at)).toFixed(2)}`;
      pen = "L";
    }
    if (path) this.add("path", { fill: "none", ...attributes, d: path });
  }

  // Name what the marks are, with a swatch of each.
  explain(items, text = "") {
    const told = JSON.stringify([items, text]);
    if (told === this.told) return;
    this.told = told;
    const keys = items.map(([kind, name]) => make("span", { class: "key" }, make("span", { class: `swatch ${kind}`, "aria-hidden": "true" }), name));
    this.caption.replaceChildren(...keys, ...(text ? [make("span", {}, text)] : []));
  }
}
