"use strict";
for (const table of document.querySelectorAll("table[data-sorts]")) {
  const heads = [...table.tHead.rows[0].cells];
  const body = table.tBodies[0];
  heads.forEach((head, at) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => sort(heads, body, head, at));
  });
}
function sort(heads, body, head, at) {
  const way = head.getAttribute("aria-sort") === "ascending" ? -1 : 1;
  for (const other of heads) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", way > 0 ? "ascending" : "descending");
  body.append(...[...body.rows].sort((a, b) => compared(key(a, at), key(b, at), way)));
}
function key(row, at) {
  const text = row.cells[at].textContent.trim();
  const number = Number(text.replaceAll(",", ""));
  return { text, number, isMissing: text === "–" || text === "" };
}
function compared(a, b, way) {
  if (a.isMissing || b.isMissing) return a.isMissing - b.isMissing;
  const areNumbers = !Number.isNaN(a.number) && !Number.isNaN(b.number);
  return way * (areNumbers ? a.number - b.number : a.text.localeCompare(b.text));
}
