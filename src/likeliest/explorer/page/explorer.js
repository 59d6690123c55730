// The page, in a browser or in a notebook: it asks by one function and shows the answers.

import { make } from "./axes.js";
import { DistributionPage } from "./distribution.js";
import { LanguagePage } from "./language.js";

// Requests of each kind that wait; one is under way, and of each kind only the latest is kept.
export class Line {
  constructor(ask, failed) {
    this.ask = ask;
    this.failed = failed;
    this.waiting = new Map();
    this.isBusy = false;
  }

  want(kind, request, show) {
    this.waiting.delete(kind);
    this.waiting.set(kind, { request, show });
    this.next();
  }

  async next() {
    if (this.isBusy || !this.waiting.size) return;
    const kind = ["family", "descend", "at", "surface"].find((each) => this.waiting.has(each)) ?? this.waiting.keys().next().value;
    const { request, show } = this.waiting.get(kind);
    this.waiting.delete(kind);
    this.isBusy = true;
    try {
      show(await this.ask(request()));
    } catch (error) {
      this.failed(error);
    } finally {
      this.isBusy = false;
      this.next();
    }
  }
}

export async function mount(root, ask) {
  const told = make("p", { class: "warning", role: "alert", hidden: true });
  const page = make("div", { class: "explorer" });
  root.replaceChildren(told, page);
  const failed = (error) => {
    told.hidden = false;
    told.textContent = error instanceof Gone ? error.message : `The page has failed: ${error.message}`;
  };
  try {
    const opened = await ask({ kind: "open" });
    document.title = root.dataset?.owns === "page" ? `Explore ${opened.title}` : document.title;
    const Page = opened.page === "language" ? LanguagePage : DistributionPage;
    new Page(page, opened, new Line(ask, failed));
  } catch (error) {
    failed(error);
  }
}

class Gone extends Error {}

// In a browser: the token comes in the address, and is kept for this tab when it is loaded again.
function askServer() {
  const given = location.hash.slice(1);
  if (given) {
    sessionStorage.setItem("likeliest", given);
    history.replaceState(null, "", location.pathname);
  }
  const token = sessionStorage.getItem("likeliest") ?? "";
  return async (request) => {
    let answer;
    try {
      answer = await fetch("/ask", { method: "POST", headers: { "content-type": "application/json", "x-likeliest-token": token }, body: JSON.stringify(request) });
    } catch {
      throw new Gone("likeliest does not answer: it was ended. Start it again, and open the address that it prints.");
    }
    if (answer.status === 403) throw new Gone("This page was opened without its token: open the address that likeliest printed.");
    if (!answer.ok) throw new Error(await answer.text());
    return answer.json();
  };
}

const own = document.getElementById("likeliest-explorer");
if (own) {
  own.dataset.owns = "page";
  mount(own, askServer());
}

// In a notebook: anywidget calls this, and requests go as messages.
function render({ model, el }) {
  // JupyterLab would take keys for its own: to it a box within the shadow is no box.
  el.dataset.lmSuppressShortcuts = "true";
  const shadow = el.attachShadow({ mode: "open" });
  const style = document.createElement("style");
  style.textContent = model.get("style_sheet");
  const root = document.createElement("div");
  shadow.append(style, root);
  const waiting = new Map();
  let last = 0;
  const heard = ({ id, answer }) => {
    waiting.get(id)?.(answer);
    waiting.delete(id);
  };
  model.on("msg:custom", heard);
  mount(root, (request) => new Promise((resolve) => {
    last += 1;
    waiting.set(last, resolve);
    model.send({ id: last, request });
  }));
  return () => model.off("msg:custom", heard);
}

export default { render };
