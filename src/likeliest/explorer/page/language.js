// The page of a language model: what comes next, how likely a text is, and what it says.

import { button, make, Picture } from "./axes.js";
import { asNumber, raised, shown } from "./numbers.js";
import { Slider } from "./sliders.js";

const FULL = 200; // symbols of a sequence that is drawn
const ORDINARY = 9; // nats: what is more surprising is as dark

export class LanguagePage {
  constructor(root, opened, line) {
    this.opened = opened;
    this.line = line;
    this.seed = 1;
    this.temperatureNow = 1;
    this.build(root);
    this.text.value = opened.text;
    this.look();
  }

  build(root) {
    this.text = make("input", { type: "text", id: "likeliest-text", autocomplete: "off", spellcheck: "false", maxlength: 2000 });
    this.text.addEventListener("input", () => this.look());
    this.temperature = new Slider("temperature", "1: unchanged", (value) => {
      this.temperatureNow = Math.max(0, value);
      this.look();
    });
    this.temperature.over([0, 2], {});
    this.temperature.set(1);
    this.next = new Picture("What comes next", 300, () => this.paintNext());
    this.scored = make("p", { class: "scored" });
    this.told = make("p");
    this.table = make("div", { class: "wide", role: "region", tabindex: 0, "aria-label": "Symbols one by one" });
    this.samples = make("ol", { class: "samples" });
    this.figures = make("dl", { class: "figures" });
    this.warning = make("p", { class: "warning", role: "alert", hidden: true });
    this.ended = make("p", { class: "quiet", "aria-live": "polite" });
    this.bigrams = make("section", { "aria-label": "The table" });
    const labelled = make("p", {}, make("label", { for: "likeliest-text" }, "Text"), this.text);
    root.replaceChildren(
      make("header", {}, make("h1", {}, `Explore ${this.opened.title}`), make("p", { class: "quiet" }, this.opened.data)),
      make(
        "main", {},
        make("div", { class: "answer" }, make("p", {}, "A language model gives each symbol a probability, given those before it. The likelihood of a text is the product of them; its mean NLL is the cross entropy, by which models are trained and compared. Type a text, or let the model draw one.")),
        make(
          "div", { class: "bench" },
          make("section", { class: "first", "aria-label": "The text" }, labelled, this.scored, this.told),
          make("section", { class: "controls", "aria-label": "Drawing" }, this.temperature.element, make("p", { class: "buttons" }, button("Draw the next symbol", () => this.drawOne()), button("Draw sequences", () => this.drawMany())), this.ended, this.warning, this.figures, this.samples),
          make("div", { class: "more" }, make("section", { "aria-label": "What comes next" }, this.next.figure), this.bigrams, make("section", { "aria-label": "Symbols" }, this.table)),
        ),
      ),
    );
    this.buildTable();
  }

  buildTable() {
    if (!this.opened.table) {
      this.bigrams.hidden = true;
      return;
    }
    const { symbols, rows } = this.opened.table;
    const head = make("tr", {}, make("td"), ...symbols.map((each) => make("th", { scope: "col" }, each)));
    this.bigramRows = rows.map((row, i) => {
      const cells = row.map((p) => {
        const cell = make("td", { title: shown(p, 3) }, p >= 0.005 ? String(Math.round(100 * p)) : "");
        cell.style.setProperty("--share", `${Math.round(85 * Math.sqrt(p))}%`);
        return cell;
      });
      return make("tr", {}, make("th", { scope: "row" }, symbols[i]), ...cells);
    });
    const caption = make("caption", {}, "Probability of each symbol (columns) after each (rows), in %; the marked row is that of the last symbol of the text");
    const table = make("table", { class: "bigrams" }, caption, make("thead", {}, head), make("tbody", {}, ...this.bigramRows));
    this.bigrams.append(make("div", { class: "wide", role: "region", tabindex: 0, "aria-label": "Probability of each symbol after each" }, table));
  }

  // asking

  look() {
    this.line.want("at", () => ({ kind: "at", text: this.text.value, temperature: this.temperatureNow }), (answer) => {
      this.fail(answer.error ?? "");
      if (answer.error) return;
      answer.nll = asNumber(answer.nll);
      answer.nats = answer.nats.map(asNumber);
      this.at = answer;
      this.paintNext();
      this.tellText();
      this.tellTable();
    });
  }

  draw(most, show) {
    this.seed += 1;
    const { seed } = this;
    this.line.want("draw", () => ({ kind: "draw", text: this.text.value, temperature: this.temperatureNow, seed, most }), (answer) => {
      this.fail(answer.error ?? "");
      if (!answer.error) show(answer);
    });
  }

  drawOne() {
    this.draw(1, ({ drawn, ended }) => {
      this.text.value = drawn[0];
      this.ended.textContent = ended ? "The model drew the end: the sequence is whole." : "";
      this.look();
    });
  }

  drawMany() {
    this.draw(FULL, ({ drawn }) => this.samples.replaceChildren(...drawn.map((each) => make("li", {}, each))));
  }

  fail(reason) {
    this.warning.hidden = !reason;
    this.warning.textContent = reason;
  }

  // painting

  paintNext() {
    if (!this.at) return;
    const { next, shares, rest } = this.at, picture = this.next;
    const top = Math.max(...shares);
    const settings = { x: "the next symbol", y: this.temperatureNow === 1 ? "probability" : "probability it is drawn with", xTicks: false };
    if (!picture.begin([0, next.length], [0, 1.1 * top], settings, shown)) return;
    next.forEach((symbol, i) => {
      const left = picture.x(i + 0.1), right = picture.x(i + 0.9), height = picture.y(shares[i]);
      picture.add("rect", { class: "share", x: left, width: right - left, y: height, height: picture.y(0) - height });
      picture.name((left + right) / 2, symbol.length > 3 ? `${symbol.slice(0, 3)}…` : symbol);
    });
    picture.explain([], rest > 1e-6 ? `The ${next.length} likeliest; all others together ${shown(rest, 3)}.` : `All ${next.length} symbols that are shown add up to 1; “${next.includes(".") ? "." : "</s>"}” is the end.`);
    picture.svg.setAttribute("aria-label", `What comes next: ${next.slice(0, 5).map((symbol, i) => `${symbol} ${shown(shares[i], 3)}`).join(", ")}`);
  }

  tellText() {
    const { symbols, nats, nll, likelihood } = this.at, mean = nll / symbols.length;
    const separate = symbols.slice(0, -1).some((symbol) => symbol.length > 1);
    this.scored.replaceChildren(...symbols.flatMap((symbol, i) => {
      const mark = make("span", { class: "symbol" }, symbol);
      mark.style.setProperty("--share", `${Math.round((70 * Math.min(nats[i], ORDINARY)) / ORDINARY)}%`);
      return separate && i ? [" ", mark] : [mark];
    }));
    this.told.textContent = "The stronger its colour, the more surprising a symbol is. The last is the end of the sequence, which is predicted too.";
    this.told.className = "quiet";
    const items = [
      ["likelihood", likelihood], ["log likelihood", shown(-nll, 8)], ["NLL", shown(nll, 8)],
      ["mean NLL", shown(mean)], ["in bits", shown(mean / Math.LN2)], ["perplexity", shown(Math.exp(mean))],
    ];
    this.figures.replaceChildren(...items.flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, value)]));
    this.bigramRows?.forEach((row, i) => row.classList.toggle("marked", this.opened.table.symbols[i] === (symbols[symbols.length - 2] ?? symbols[symbols.length - 1])));
  }

  tellTable() {
    const { symbols, nats, orders, unknown } = this.at;
    const head = make("tr", {}, ...["symbol", "probability", "log", "NLL", "known n-gram"].map((name) => make("th", { scope: "col" }, name)));
    const lines = symbols.map((symbol, i) => make("tr", {}, make("th", { scope: "row" }, symbol), make("td", {}, raised(-nats[i])), make("td", {}, shown(-nats[i])), make("td", {}, shown(nats[i])), make("td", {}, unknown[i] ? "unknown" : String(orders[i]))));
    this.table.replaceChildren(make("table", {}, make("caption", {}, "Each symbol, given those before it"), make("thead", {}, head), make("tbody", {}, ...lines)));
  }
}
