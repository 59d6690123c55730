// The log likelihood over one parameter, as a line, or over two, as bands seen from above.

const SHARES = [0.02, 0.07, 0.15, 0.28, 0.45, 0.65, 0.85];

// How far below the top the lines lie: round numbers, at even shares of what is seen.
export function levels(drops) {
  const rising = drops.filter((drop) => Number.isFinite(drop)).sort((a, b) => a - b);
  const found = SHARES.map((share) => rounded(rising[Math.floor(share * rising.length)] ?? 1));
  return [...new Set(found.filter((level) => level >= 0.2))].sort((a, b) => a - b);
}

function rounded(value) {
  if (!(value > 0)) return 0;
  const power = 10 ** Math.floor(Math.log10(value));
  return Number((power * [1, 2, 5, 10].reduce((best, each) => (Math.abs(Math.log((each * power) / value)) < Math.abs(Math.log((best * power) / value)) ? each : best))).toPrecision(1));
}

// The bands between the levels as an image: darker is higher. Each cell is cut into `fine` by
// `fine` places, between whose corners values are linear.
export function bands(drops, count, lines, fine, colour) {
  const places = (count - 1) * fine;
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = places;
  const pen = canvas.getContext("2d");
  pen.fillStyle = colour;
  for (let row = 0; row < places; row += 1) {
    for (let column = 0; column < places; column += 1) {
      const drop = within(drops, count, (column + 0.5) / fine, (row + 0.5) / fine);
      const band = Number.isFinite(drop) ? lines.findIndex((level) => drop <= level) : -1;
      pen.globalAlpha = 0.66 * (1 - (band < 0 ? lines.length : band) / (lines.length + 1)) * Number.isFinite(drop);
      pen.fillRect(column, places - 1 - row, 1, 1);
    }
  }
  return canvas.toDataURL();
}

function within(drops, count, x, y) {
  const i = Math.floor(x), j = Math.floor(y), u = x - i, v = y - j;
  const at = (a, b) => drops[a * count + b];
  return (1 - u) * ((1 - v) * at(i, j) + v * at(i, j + 1)) + u * ((1 - v) * at(i + 1, j) + v * at(i + 1, j + 1));
}

// Segments of the line at one level, in units of cells: marching squares.
export function contour(drops, count, level) {
  const segments = [];
  const at = (i, j) => drops[i * count + j];
  const cut = (a, b) => (level - a) / (b - a);
  for (let i = 0; i + 1 < count; i += 1) {
    for (let j = 0; j + 1 < count; j += 1) {
      const corners = [at(i, j), at(i + 1, j), at(i + 1, j + 1), at(i, j + 1)];
      if (!corners.every(Number.isFinite)) continue;
      const [a, b, c, d] = corners, ends = [];
      if (a < level !== b < level) ends.push([i + cut(a, b), j]);
      if (b < level !== c < level) ends.push([i + 1, j + cut(b, c)]);
      if (c < level !== d < level) ends.push([i + 1 - cut(c, d), j + 1]);
      if (d < level !== a < level) ends.push([i, j + 1 - cut(d, a)]);
      for (let k = 0; k + 1 < ends.length; k += 2) segments.push([ends[k], ends[k + 1]]);
    }
  }
  return segments;
}
