// The page of one sample: a family, its parameters, and what they make of the data.

import { button, draw, make, Picture, watched, write } from "./axes.js";
import { asJson, asNumber, raised, shown } from "./numbers.js";
import { Slider } from "./sliders.js";
import { bands, contour, levels } from "./surface.js";
import { STEPS, told } from "./story.js";

const MOST_RUN = 2000; // steps of descent at one press
const PATH_DOTS = 400;
const FINE = 4;

export class DistributionPage {
  constructor(root, opened, line) {
    this.opened = opened;
    this.line = line;
    this.step = 0;
    this.isNear = false;
    this.between = [0, 1];
    this.path = [];
    this.isRunning = false;
    this.build(root);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.paintSurface());
    this.choose(opened.family, opened.atBest);
  }

  // building

  build(root) {
    const { opened } = this;
    this.density = new Picture("", 320, () => this.paint());
    this.costs = new Picture("", 240, () => this.paint());
    this.surface = new Picture("", 340, () => this.paintSurface());
    this.families = make("select", { id: "likeliest-family" });
    this.families.append(...familyGroups(opened.families));
    this.families.addEventListener("change", () => this.choose(this.families.value, false));
    this.about = make("p", { class: "quiet", id: "likeliest-about" });
    this.families.setAttribute("aria-describedby", "likeliest-about");
    this.sliderBox = make("div", { role: "group", "aria-label": "Parameters" });
    this.best = button("Maximum likelihood", () => this.toBest());
    this.again = button("Start again", () => this.toStart());
    this.near = make("input", { type: "checkbox", id: "likeliest-near" });
    this.near.addEventListener("change", () => {
      this.isNear = this.near.checked;
      this.setRanges();
      this.wantSurface();
    });
    this.nearBox = make("p", { class: "check" }, this.near, make("label", { for: "likeliest-near" }, "Narrow the ranges to five standard errors"));
    this.warning = make("p", { class: "warning", role: "alert", hidden: true });
    this.figures = make("dl", { class: "figures", id: "likeliest-numbers" });
    this.spoken = make("p", { class: "unseen", "aria-live": "polite" });
    this.event = this.buildEvent();
    this.descent = this.buildDescent();
    this.rows = make("section", { "aria-label": "Values one by one" });
    this.areRowsSeen = watched(this.rows);
    this.axes = make("div", { class: "choices" });
    this.surfaceBox = make("section", { class: "hill", "aria-label": "Surface of the log likelihood" }, this.axes, this.surface.figure);
    this.costsBox = make("section", { "aria-label": "What each value costs" }, this.costs.figure);
    this.numbersBox = make("section", { "aria-label": "Numbers" }, this.figures);
    this.story = make("div", { class: "answer" });
    const chosen = make("div", {}, make("label", { for: "likeliest-family" }, "Family"), this.families, this.about);
    root.replaceChildren(
      make("header", {}, make("h1", {}, `Explore ${opened.title}`), make("p", { class: "quiet" }, opened.data)),
      this.buildSteps(),
      make(
        "main", {}, this.story,
        this.bench = make(
          "div", { class: "bench" },
          make("section", { class: "first", "aria-label": "The data and the family" }, this.density.figure),
          make("section", { class: "controls", "aria-label": "Family and parameters" }, chosen, this.sliderBox, this.event, make("p", { class: "buttons" }, this.best, this.again), this.nearBox, this.warning, this.numbersBox, this.descent),
          make("div", { class: "more" }, this.surfaceBox, this.costsBox, this.rows),
        ),
        this.spoken,
      ),
    );
  }

  buildSteps() {
    this.stepButtons = STEPS.map(({ name }, at) => button(at ? `${at}. ${name}` : name, () => this.goTo(at)));
    return make("nav", { "aria-label": "Steps" }, make("ol", { class: "steps" }, ...this.stepButtons.map((each) => make("li", {}, each))));
  }

  buildEvent() {
    this.ends = ["from", "to"].map((name, at) => new Slider(name, at ? "the upper end" : "the lower end", (value) => {
      this.between[at] = value;
      if (this.between[0] > this.between[1]) {
        this.between[1 - at] = value;
        this.ends[1 - at].set(value);
      }
      this.wantNumbers(true);
    }));
    return make("div", { role: "group", "aria-label": "The event" }, ...this.ends.map((each) => each.element));
  }

  buildDescent() {
    this.rate = new Slider("rate of learning", "> 0", (value) => {
      if (value > 0) this.rateNow = value;
      else this.rate.set(this.rateNow);
    });
    this.stepOnce = button("One step", () => this.descend(1));
    this.run = button("Run", () => this.toggleRun());
    this.steps = make("p", { class: "quiet" });
    return make("section", { class: "descent", "aria-label": "Gradient descent" }, make("h2", {}, "Gradient descent"), this.rate.element, make("p", { class: "buttons" }, this.stepOnce, this.run), this.steps);
  }

  // where we are

  goTo(step) {
    this.step = step;
    this.stop();
    this.showParts();
    this.wantNumbers(true);
    this.wantSurface();
  }

  showParts() {
    const { parts } = STEPS[this.step];
    const has = (part) => parts.includes(part);
    this.event.hidden = !has("event");
    this.descent.hidden = !has("descent");
    this.rows.hidden = !has("rows");
    this.numbersBox.hidden = !has("numbers");
    this.costsBox.hidden = !has("costs");
    this.surfaceBox.hidden = !has("surface");
    this.nearBox.hidden = !has("surface") || !this.family?.best;
    this.best.hidden = this.step === 1;
    this.bench.classList.toggle("climbing", has("surface") && this.step > 0);
    this.stepButtons.forEach((each, at) => {
      if (at === this.step) each.setAttribute("aria-current", "step");
      else each.removeAttribute("aria-current");
    });
  }

  choose(name, atBest) {
    this.stop();
    this.families.value = name;
    this.line.want("family", () => ({ kind: "family", family: name }), (answer) => this.open(answer, atBest));
  }

  open(family, atBest) {
    this.fail(family.error ?? "");
    if (family.error) return;
    for (const name of ["best", "start", "errors"]) family[name] &&= numbered(family[name]);
    family.bestLogLikelihood = asNumber(family.bestLogLikelihood);
    this.family = family;
    this.at = null;
    this.grid = null;
    this.parameters = { ...(atBest && family.best ? family.best : family.start) };
    this.path = [{ ...this.parameters }];
    this.about.textContent = family.about;
    this.fail(family.whyNoBest);
    this.best.disabled = !family.best;
    this.sliders = Object.fromEntries(family.sliders.map((each) => [each.name, new Slider(each.name, each.about, (value, isSettled) => this.drag(each.name, value, isSettled))]));
    this.sliderBox.replaceChildren(...Object.values(this.sliders).map((each) => each.element));
    this.setRanges();
    this.setEvent();
    this.rateNow = family.rate ?? 1;
    this.rate.over([this.rateNow / 20, this.rateNow * 20], { log: true });
    this.rate.set(this.rateNow);
    for (const each of [this.stepOnce, this.run]) each.disabled = family.rate === null;
    this.axesShown = family.sliders.map(({ name }) => name).slice(0, 2);
    this.buildAxisChoices();
    this.showParts();
    this.wantNumbers(true);
    this.wantSurface();
  }

  setRanges() {
    for (const each of this.family.sliders) {
      this.sliders[each.name].over(this.rangeOf(each), { log: each.log, origin: each.origin });
      this.sliders[each.name].set(this.parameters[each.name]);
    }
  }

  rangeOf(slider) {
    return this.isNear && this.family.best ? slider.near : slider.wide;
  }

  setEvent() {
    const { x, whole } = this.family.view, ends = [x[0], x[x.length - 1]];
    const third = (ends[1] - ends[0]) / 3;
    this.between = [ends[0] + third, ends[0] + 2 * third].map((end) => (whole ? Math.round(end) : Number(end.toPrecision(3))));
    this.ends.forEach((each, at) => {
      each.over(ends, {});
      each.set(this.between[at]);
    });
  }

  buildAxisChoices() {
    const names = this.family.sliders.map(({ name }) => name);
    if (names.length < 3) {
      this.axes.replaceChildren();
      return;
    }
    const choices = this.axesShown.map((shownName, at) => {
      const select = make("select", { "aria-label": at ? "Parameter upwards" : "Parameter across" }, ...names.map((name) => make("option", { value: name }, name)));
      select.value = shownName;
      select.addEventListener("change", () => {
        const other = this.axesShown[1 - at] === select.value ? this.axesShown[at] : this.axesShown[1 - at];
        this.axesShown = at ? [other, select.value] : [select.value, other];
        this.buildAxisChoices();
        this.wantSurface();
      });
      return select;
    });
    this.axes.replaceChildren("Surface of ", choices[0], " and ", choices[1]);
  }

  // moving

  drag(name, value, isSettled) {
    this.stop();
    this.parameters = { ...this.parameters, [name]: value };
    this.path = [{ ...this.parameters }];
    this.wantNumbers(isSettled);
    if (isSettled && this.family.sliders.length > 2) this.wantSurface();
  }

  jump(parameters) {
    this.stop();
    this.moveTo(parameters);
    this.path = [{ ...parameters }];
    this.wantNumbers(true);
    if (this.family.sliders.length > 2) this.wantSurface();
  }

  moveTo(parameters) {
    this.parameters = { ...parameters };
    for (const [name, value] of Object.entries(parameters)) this.sliders[name].set(value);
  }

  toBest() {
    this.jump(this.family.best);
  }

  toStart() {
    this.jump(this.family.start);
  }

  descend(steps) {
    const request = () => ({ kind: "descend", family: this.family.family, parameters: named(this.parameters), rate: this.rateNow, steps });
    this.line.want("descend", request, (answer) => {
      if (answer.error) {
        this.stop();
        this.fail(answer.error);
        return;
      }
      const path = answer.path.map(numbered);
      this.path.push(...path.slice(1));
      this.moveTo(path[path.length - 1]);
      this.tellSteps(answer);
      this.wantNumbers(true);
      const walked = this.path.length - this.runFrom;
      if (answer.there || answer.lost || walked > MOST_RUN) this.stop();
      // One by one at first, then in strides, so that a long way does not take long.
      if (this.isRunning) requestAnimationFrame(() => this.isRunning && this.descend(walked < 20 ? 1 : walked < 60 ? 4 : 20));
    });
  }

  tellSteps(answer) {
    const count = this.path.length - 1;
    const slopes = Object.entries(answer.slopes).map(([name, value]) => `by ${this.isLog(name) ? `log ${name}` : name} ${shown(asNumber(value), 3)}`).join(", ");
    const end = answer.there ? " This is the estimate, to a thousandth of a standard error." : ` ${answer.lost}`;
    this.steps.textContent = `${count} step${count === 1 ? "" : "s"}.${slopes ? ` Slope of the mean NLL ${slopes}.` : ""}${end}`;
  }

  isLog(name) {
    return this.family.sliders.find((each) => each.name === name).log;
  }

  toggleRun() {
    if (this.isRunning) {
      this.stop();
      return;
    }
    this.isRunning = true;
    this.runFrom = this.path.length;
    this.run.textContent = "Stop";
    this.descend(1);
  }

  stop() {
    this.isRunning = false;
    this.run.textContent = "Run";
  }

  // asking

  wantNumbers(isExact) {
    if (!this.family) return;
    const { family } = this.family;
    const request = () => ({
      kind: "at", family, parameters: named(this.parameters), exact: isExact,
      between: this.step === 1 ? this.between.map(asJson) : null, divergence: this.step === 7,
    });
    this.line.want("at", request, (answer) => {
      if (answer.error) {
        this.fail(answer.error);
        return;
      }
      if (family !== this.family.family) return;
      this.fail(this.family.whyNoBest);
      for (const name of ["logLikelihood", "probability", "entropy", "divergence"]) {
        if (answer[name] !== undefined) answer[name] = asNumber(answer[name]);
      }
      answer.logs = answer.logs.map(asNumber);
      answer.y = answer.y.map(asNumber);
      this.at = answer;
      this.paint(!isExact);
      this.paintPath();
      if (isExact) this.spoken.textContent = `Log likelihood ${shown(answer.logLikelihood)}`;
    });
  }

  wantSurface() {
    if (!this.family || this.surfaceBox.hidden) return;
    const { family } = this.family;
    const shownSliders = this.axesShown.map((name) => this.family.sliders.find((each) => each.name === name));
    const ranges = Object.fromEntries(shownSliders.map((each) => [each.name, this.rangeOf(each)]));
    this.line.want("surface", () => ({ kind: "surface", family, parameters: named(this.parameters), ranges }), (answer) => {
      if (answer.error || family !== this.family.family) return;
      answer.values = answer.values.map(asNumber);
      answer.top = asNumber(answer.top);
      this.grid = answer;
      this.paintSurface();
    });
  }

  fail(reason) {
    this.warning.hidden = !reason;
    if (this.warning.textContent !== reason) this.warning.textContent = reason;
  }

  // painting

  // While a slider moves only what is in the window is drawn, so that it keeps up.
  paint(isMoving = false) {
    if (!this.family || !this.at) return;
    this.paintDensity();
    if (!this.costsBox.hidden && !(isMoving && !this.costs.isSeen())) this.paintCosts();
    if (!this.numbersBox.hidden) this.tellNumbers();
    if (!this.rows.hidden && !(isMoving && !this.areRowsSeen())) this.tellRows();
    if (this.step === 1 && Number.isNaN(this.at.probability ?? NaN)) return;
    const lines = told(this.step, this.family, this.at, this.between);
    while (this.story.childElementCount > lines.length) this.story.lastChild.remove();
    while (this.story.childElementCount < lines.length) this.story.append(make("p"));
    lines.forEach((text, i) => write(this.story.children[i], text));
  }

  paintDensity() {
    const { view, measure, points } = this.family, { y } = this.at, { x } = view;
    const top = view.survives ? 1.03 : heightOf(view, y);
    const yName = view.survives ? "share beyond" : measure === "density" ? "density" : view.whole ? "share of the values" : "density";
    const picture = this.density;
    if (!picture.begin(endsOf(view), [0, top], { x: this.opened.label, y: yName }, shown)) return;
    const quiet = this.step === 1 ? " faint" : "";
    const keys = [];
    if (view.kind === "bars") {
      view.heights.forEach((height, i) => {
        const gap = view.whole ? 0.08 * (view.edges[i + 1] - view.edges[i]) : 0;
        const left = picture.x(view.edges[i] + gap), right = picture.x(view.edges[i + 1] - gap);
        if (height > 0) picture.add("rect", { class: `bar${quiet}`, x: left, y: picture.y(height), width: Math.max(0.5, right - left - 0.5), height: picture.y(0) - picture.y(height) });
      });
      keys.push([`bar${quiet}`, "data"]);
    }
    if (view.kind === "steps") keys.push(...this.paintSteps(picture, quiet));
    if (this.step === 1) this.paintEvent(picture, keys);
    const sticks = this.step === 2 || this.step === 3 || (this.step === 0 && points.x.length <= 40 && !points.shares.length);
    if (sticks && !view.survives) {
      points.x.forEach((at, i) => {
        const height = Math.exp(this.at.logs[i]) / (view.unit ?? 1);
        picture.add("line", { class: "stick", x1: picture.x(at), x2: picture.x(at), y1: picture.y(0), y2: picture.y(Math.min(height, top)) });
        picture.add("circle", { class: "dot", cx: picture.x(at), cy: picture.y(Math.min(height, top)), r: 3.5 });
      });
      keys.push(["dot", measure === "density" ? "density of a value" : "probability of a value"]);
    }
    picture.line(x.map((value, i) => [value, y[i]]), { class: "curve" });
    if (view.whole && x.length <= 60) x.forEach((value, i) => picture.add("circle", { class: "mark", cx: picture.x(value), cy: picture.y(Math.min(y[i], top)), r: 3 }));
    keys.push(["curve", this.family.family]);
    const outside = view.outside > 1e-9 ? `${shown(100 * view.outside, 2)} % of the values lie beyond the picture.` : "";
    const atoms = (view.atoms ?? []).map(({ at, share }) => ` ${shown(100 * share, 3)} % of the values are ${shown(at)}.`).join("");
    picture.explain(keys, `${view.note ?? ""}${outside}${atoms}`);
    picture.svg.setAttribute("aria-label", `${this.family.family} over the data, ${Object.entries(this.parameters).map(([name, value]) => `${name} ${shown(value, 4)}`).join(", ")}`);
  }

  paintSteps(picture, quiet) {
    const { view } = this.family;
    const points = [[view.x[0], view.beyond[0]]];
    view.at.forEach((at, i) => points.push([at, view.beyond[i]], [at, view.beyond[i + 1]]));
    points.push([view.last, view.beyond[view.beyond.length - 1]]);
    picture.line(points, { class: `own${quiet}` });
    const keys = [["own", `data, ${view.name}`]];
    view.since.forEach((since, i) => {
      if (since < view.at[i]) picture.add("rect", { class: "unknown", x: picture.x(Math.max(since, view.x[0])), width: picture.x(view.at[i]) - picture.x(Math.max(since, view.x[0])), y: picture.y(view.beyond[i]), height: picture.y(view.beyond[i + 1]) - picture.y(view.beyond[i]) });
    });
    view.marks.forEach((at, i) => {
      const y = picture.y(view.marksBeyond[i]);
      picture.add("line", { class: "own", x1: picture.x(at), x2: picture.x(at), y1: y - 5, y2: y + 5 });
    });
    if (view.marks.length) keys.push(["tick", `known only to be ${view.marksAre}`]);
    return keys;
  }

  paintEvent(picture, keys) {
    const { view } = this.family, [a, b] = this.between;
    if (view.survives) {
      for (const end of [a, b]) picture.add("line", { class: "stick", x1: picture.x(end), x2: picture.x(end), y1: picture.inner.top, y2: picture.inner.bottom });
      return;
    }
    if (view.whole) {
      view.x.forEach((value, i) => {
        if (value >= a && value <= b) picture.add("line", { class: "stick", x1: picture.x(value), x2: picture.x(value), y1: picture.y(0), y2: picture.y(Math.min(this.at.y[i], picture.y.ends[1])) });
      });
    } else {
      const inside = view.x.map((value, i) => [value, this.at.y[i]]).filter(([value]) => value > a && value < b);
      const edge = (value) => [value, between(view.x, this.at.y, value)];
      const points = [[a, 0], edge(a), ...inside, edge(b), [b, 0]].map(([x, y]) => `${picture.x(x)},${picture.y(Math.min(y, picture.y.ends[1]))}`);
      picture.add("polygon", { class: "event", points: points.join(" ") });
    }
    keys.push(["event", `P(${shown(a)} ≤ x ≤ ${shown(b)}) = ${shown(this.at.probability ?? NaN, 4)}`]);
  }

  paintCosts() {
    const { view, points, measure, n } = this.family, { x } = view, picture = this.costs;
    const mean = -this.at.logLikelihood / n;
    const costs = this.at.logs.map((log) => -log);
    const curve = view.survives ? [] : this.at.y.map((height) => -Math.log(height * (view.unit ?? 1)));
    const finite = [...costs, mean].filter(Number.isFinite);
    const low = Math.min(...finite, ...curve.filter(Number.isFinite)), high = Math.max(...finite);
    const pad = 0.12 * (high - low) || 1;
    const name = measure === "density" ? "−log density" : "−log probability";
    if (!picture.begin(endsOf(view), [low - pad, high + pad], { x: this.opened.label, y: name }, shown)) return;
    if (curve.length) picture.line(x.map((value, i) => [value, curve[i]]), { class: "curve" });
    if (Number.isFinite(mean)) picture.line([[x[0], mean], [x[x.length - 1], mean]], { class: "mean" });
    points.x.forEach((at, i) => {
      const inside = at >= x[0] && at <= x[x.length - 1] && Number.isFinite(costs[i]);
      if (inside) picture.add("circle", { class: points.exact[i] || view.whole ? "dot" : "dot hollow", cx: picture.x(at), cy: picture.y(costs[i]), r: 3.5 });
    });
    const keys = [["dot", points.shares.length ? "values at even shares of the data" : "each value"], ["mean", `mean NLL ${shown(mean)}`]];
    if (curve.length) keys.unshift(["curve", name]);
    picture.explain(keys);
    picture.svg.setAttribute("aria-label", `What each value costs, ${name}; the mean is ${shown(mean)}`);
  }

  tellNumbers() {
    const { at, family } = this, about = at.exact ? "" : "≈ ";
    const behind = family.bestLogLikelihood - at.logLikelihood;
    const items = [
      ["log likelihood", about + shown(at.logLikelihood, 8)],
      ["NLL", about + shown(-at.logLikelihood, 8)],
      ["mean NLL", about + shown(-at.logLikelihood / family.n, 6)],
      ["likelihood", at.likelihood],
    ];
    if (family.best) items.push(["below the maximum", behind < 1e-9 * Math.abs(at.logLikelihood) ? "0" : about + shown(behind, 4)]);
    if (this.figures.childElementCount !== 2 * items.length) {
      this.figures.replaceChildren(...items.flatMap(([name]) => [make("dt", {}, name), make("dd")]));
    }
    items.forEach(([, value], i) => write(this.figures.children[2 * i + 1], value));
  }

  tellRows() {
    const { points, measure, n } = this.family, { logs } = this.at;
    const height = measure === "density" ? "density" : "probability";
    const withLogs = this.step !== 2, withCosts = this.step === 0 || this.step === 5;
    const names = ["value", ...(points.times ? ["times"] : []), height, ...(withLogs ? ["log"] : []), ...(withCosts ? ["NLL"] : [])];
    const lines = points.labels.map((label, i) => [label, ...(points.times ? [shown(points.times[i])] : []), raised(logs[i]), ...(withLogs ? [shown(logs[i])] : []), ...(withCosts ? [shown(-logs[i])] : [])]);
    const all = [`all ${shown(n, 12)}`, ...(points.times ? [""] : []), this.at.likelihood, ...(withLogs ? [shown(this.at.logLikelihood, 8)] : []), ...(withCosts ? [shown(-this.at.logLikelihood, 8)] : [])];
    const title = points.shares.length ? `${points.x.length} of the values, from the least to the greatest at even shares` : "Each value";
    const caption = `${title}; below, the ${withLogs ? "product and the sums" : "product"} of all`;
    this.fill(caption, names, [...lines, all]);
  }

  // Write the cells of the table; it is built anew only where it has other columns or rows.
  fill(caption, names, lines) {
    const shape = [caption, ...names, lines.length].join(" ");
    if (this.shape !== shape) {
      this.shape = shape;
      const row = (cells) => make("tr", {}, ...cells.map((_, i) => make(i ? "td" : "th", i ? {} : { scope: "row" })));
      const head = make("thead", {}, make("tr", {}, ...names.map((name) => make("th", { scope: "col" }, name))));
      const body = make("tbody", {}, ...lines.slice(0, -1).map(row)), foot = make("tfoot", {}, row(lines[lines.length - 1]));
      this.cells = [...body.rows, ...foot.rows].map((each) => [...each.cells]);
      const table = make("table", {}, make("caption", {}, caption), head, body, foot);
      this.rows.replaceChildren(make("div", { class: "wide", role: "region", tabindex: 0, "aria-label": "Values one by one" }, table));
    }
    lines.forEach((cells, i) => cells.forEach((text, j) => write(this.cells[i][j], text)));
  }

  paintSurface() {
    if (!this.grid || this.surfaceBox.hidden) return;
    const [across, up] = Object.keys(this.grid.axes);
    if (up) this.paintHill(across, up);
    else this.paintLine(across);
    this.marks = null;
    this.paintPath();
  }

  scaleOf(name) {
    const { log, origin } = this.family.sliders.find((each) => each.name === name);
    return { log, origin };
  }

  paintHill(across, up) {
    const { values, axes } = this.grid, x = axes[across], y = axes[up], count = x.length;
    const picture = this.surface;
    const settings = { x: across, y: up, xScale: this.scaleOf(across), yScale: this.scaleOf(up), grid: false };
    if (!picture.begin([x[0], x[count - 1]], [y[0], y[count - 1]], settings, shown)) return;
    const drops = values.map((value) => this.grid.top - value), lines = levels(drops);
    const { left, right, top: ceiling, bottom } = picture.inner;
    const px = (i) => left + (i / (count - 1)) * (right - left), py = (j) => bottom - (j / (count - 1)) * (bottom - ceiling);
    const colour = getComputedStyle(picture.svg).getPropertyValue("--accent").trim();
    picture.add("image", { href: bands(drops, count, lines, FINE, colour), x: left, y: ceiling, width: right - left, height: bottom - ceiling, preserveAspectRatio: "none" });
    for (const level of lines) {
      const path = contour(drops, count, level).map(([[a, b], [c, d]]) => `M${px(a).toFixed(1)} ${py(b).toFixed(1)}L${px(c).toFixed(1)} ${py(d).toFixed(1)}`).join("");
      if (path) picture.add("path", { class: "level", d: path });
    }
    this.lines = `Lines of equal log likelihood, ${lines.map((level) => shown(level)).join(", ")} nats below the top.`;
    picture.svg.setAttribute("aria-label", `Log likelihood over ${across} and ${up}`);
  }

  paintLine(across) {
    const { values, axes } = this.grid, x = axes[across], picture = this.surface;
    const finite = values.filter(Number.isFinite), top = Math.max(...finite), low = Math.min(...finite);
    if (!picture.begin([x[0], x[x.length - 1]], [low, top + 0.05 * (top - low || 1)], { x: across, y: "log likelihood", xScale: this.scaleOf(across) }, shown)) return;
    picture.line(x.map((value, i) => [value, values[i]]), { class: "curve" });
    picture.svg.setAttribute("aria-label", `Log likelihood over ${across}`);
  }

  // Paint what moves over the surface: the path, where we are, and the top.
  paintPath() {
    if (!this.grid || this.surfaceBox.hidden || !this.surface.x) return;
    this.marks?.remove();
    const [across, up] = Object.keys(this.grid.axes), picture = this.surface;
    const place = (parameters) => {
      const x = picture.x(parameters[across]);
      const height = up ? parameters[up] : between(this.grid.axes[across], this.grid.values, parameters[across]);
      return [x, picture.y(height)];
    };
    const { left, right, top, bottom } = picture.inner;
    const inside = ([x, y]) => x >= left - 1 && x <= right + 1 && y >= top - 1 && y <= bottom + 1;
    this.marks = picture.add("g", {});
    const svg = (tag, attributes) => this.marks.append(draw(tag, attributes));
    const walked = this.path.map(place);
    picture.explain([...(up ? [] : [["curve", "log likelihood"]]), ["best", "maximum"], ["here", "here"], ...(walked.length > 1 ? [["path", "the path"]] : [])], up ? this.lines : "");
    if (walked.length > 1) {
      svg("path", { class: "path", fill: "none", d: `M${walked.filter((at) => at.every(Number.isFinite)).map(([x, y]) => `${clip(x, left, right)} ${clip(y, top, bottom)}`).join("L")}` });
      if (walked.length < PATH_DOTS) for (const at of walked.filter(inside)) svg("circle", { class: "walked", cx: at[0], cy: at[1], r: 2.2 });
    }
    if (this.family.best) {
      const [x, y] = place(this.family.best);
      if (inside([x, y])) svg("path", { class: "best", d: `M${x - 6} ${y}H${x + 6}M${x} ${y - 6}V${y + 6}` });
    }
    const here = place(this.parameters);
    if (inside(here)) svg("circle", { class: "here", cx: here[0], cy: here[1], r: 6 });
  }
}

function familyGroups(families) {
  const groups = [
    ["Ranked by AICc", families.filter(({ behind }) => behind !== null)],
    ["Others that hold these values", families.filter(({ behind, holds }) => behind === null && holds)],
    ["Those that do not", families.filter(({ holds, behind }) => behind === null && !holds)],
  ];
  return groups.filter(([, members]) => members.length).map(([label, members]) => make("optgroup", { label }, ...members.map(({ name, behind }) => make("option", { value: name }, behind === null ? name : behind === 0 ? `${name}, the best` : `${name}, ${shown(behind, 3)} behind`))));
}

// Where the picture begins and ends: of whole numbers half a bar before the first and after the last.
function endsOf({ x, whole }) {
  const half = whole ? 0.5 : 0;
  return [x[0] - half, x[x.length - 1] + half];
}

// How high the picture is: the bars and the curve, but no more of a spike than leaves the bars.
function heightOf(view, y) {
  const bars = Math.max(...(view.heights ?? [0])), curve = Math.max(...y.filter(Number.isFinite));
  return Math.min(Math.max(1.25 * bars, 1.08 * curve), Math.max(view.tallest, 1.25 * bars)) || 1;
}

function between(x, y, at) {
  const right = x.findIndex((value) => value >= at);
  if (right <= 0) return right === 0 ? y[0] : y[y.length - 1];
  const share = (at - x[right - 1]) / (x[right] - x[right - 1]);
  return y[right - 1] + share * (y[right] - y[right - 1]);
}

function clip(value, low, high) {
  return Math.max(low, Math.min(high, value)).toFixed(1);
}

function named(parameters) {
  return Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, asJson(value)]));
}

function numbered(parameters) {
  return Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, value === null ? null : asNumber(value)]));
}
