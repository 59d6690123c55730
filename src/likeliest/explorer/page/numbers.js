// Numbers, as JSON brings them and as they are shown.

export function asNumber(value) {
  if (value === "inf") return Infinity;
  if (value === "-inf") return -Infinity;
  return typeof value === "number" ? value : NaN;
}

export function asJson(value) {
  return Number.isFinite(value) ? value : value > 0 ? "inf" : "-inf";
}

export function typed(text) {
  const plain = text.trim().replaceAll("−", "-").replace(/^(-?)(∞|inf(inity)?)$/i, "$1Infinity");
  return plain === "" ? NaN : Number(plain);
}

export function shown(value, digits = 6) {
  if (Number.isNaN(value)) return "–";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  if (size === 0) return "0";
  if (size >= 1e7 || size < 1e-4) {
    const [figures, power] = value.toExponential(digits - 1).split("e");
    return withMinus(`${Number(figures)}e${power.replace("+", "")}`);
  }
  const places = Math.max(0, Math.min(20, digits - 1 - Math.floor(Math.log10(size))));
  return withMinus(Number(value.toFixed(places)).toLocaleString("en-US", { maximumFractionDigits: places }));
}

export function counted(n, one, many = `${one}s`) {
  return `${shown(n, 12)} ${n === 1 ? one : many}`;
}

function withMinus(text) {
  return text.replaceAll("-", "−");
}
