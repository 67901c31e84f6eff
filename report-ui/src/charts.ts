// Small charts as SVG.

import { count, h, s } from "./dom";

/** Return a ring that is filled to a share. */
export function donut(share: number, role: string): SVGElement {
  const radius = 26, length = 2 * Math.PI * radius;
  const filled = Math.max(0, Math.min(1, share)) * length;
  return s("svg", { class: `donut ${role}`, viewBox: "0 0 64 64", "aria-hidden": "true" },
    s("circle", { class: "track", cx: 32, cy: 32, r: radius }),
    s("circle", { class: "value", cx: 32, cy: 32, r: radius, "stroke-dasharray": `${filled} ${length}`, transform: "rotate(-90 32 32)" }));
}

export interface Column {
  label: string;
  value: number;
  /** A value behind it, to compare with. */
  behind?: number;
  title?: string;
}

/** Return a column chart. Every `step`-th column has a label. */
export function columns(data: Column[], name: string, { width = 480, height = 150, step = 1, bottom = 18 } = {}): SVGElement {
  const most = Math.max(...data.flatMap((one) => [one.value, one.behind ?? 0]), 1e-9);
  const slot = width / data.length, bar = Math.min(slot * 0.72, 46);
  const scale = (value: number) => (value / most) * (height - bottom - 6);
  return s("svg", { class: "chart", viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": name },
    s("line", { class: "axis", x1: 0, x2: width, y1: height - bottom + 0.5, y2: height - bottom + 0.5 }),
    data.map((one, i) => {
      const middle = slot * (i + 0.5), rise = scale(one.value);
      return s("g", {}, s("title", {}, one.title ?? `${one.label}: ${count(one.value)}`),
        s("rect", { class: "hit", x: slot * i, y: 0, width: slot, height: height - bottom }),
        one.behind ? s("rect", { class: "behind", x: middle - slot * 0.45, y: height - bottom - scale(one.behind), width: slot * 0.9, height: scale(one.behind), rx: 1.5 }) : null,
        one.value ? s("rect", { class: "bar", x: middle - bar / 2, y: height - bottom - Math.max(rise, 1), width: bar, height: Math.max(rise, 1), rx: 1.5 }) : null,
        i % step === 0 ? s("text", { x: middle, y: height - 4, "text-anchor": "middle" }, one.label) : null);
    }));
}

/** Return the curve of shares that the first of some values take, with the line that equal values would give. */
export function curve(values: number[], name: string): SVGElement {
  const width = 480, height = 330, bottom = 8;
  const total = values.reduce((sum, one) => sum + one, 0) || 1;
  let sum = 0;
  const points = values.map((one, i) => `${((i + 1) / values.length) * width},${(height - bottom) * (1 - (sum += one) / total)}`);
  const line = `M0,${height - bottom}L${points.join("L")}`;
  return s("svg", { class: "chart", viewBox: `0 -4 ${width} ${height + 4}`, role: "img", "aria-label": name },
    s("path", { class: "area", d: `${line}L${width},${height - bottom}Z` }),
    s("path", { class: "even", d: `M0,${height - bottom}L${width},0` }),
    s("path", { class: "line", d: line }),
    s("line", { class: "axis", x1: 0, x2: width, y1: height - bottom, y2: height - bottom }));
}

/** Return a line of values over time. */
export function trend(points: { label: string; values: number[] }[], roles: string[], name: string): SVGElement {
  const width = 480, height = 160, bottom = 20;
  const most = Math.max(...points.flatMap((one) => one.values), 1);
  const x = (i: number) => 10 + (i / Math.max(points.length - 1, 1)) * (width - 20);
  const y = (value: number) => 6 + (1 - value / most) * (height - bottom - 10);
  return s("svg", { class: "chart", viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": name },
    s("line", { class: "axis", x1: 0, x2: width, y1: height - bottom, y2: height - bottom }),
    roles.map((role, k) => [
      s("path", { class: `line ${role}`, d: `M${points.map((one, i) => `${x(i)},${y(one.values[k])}`).join("L")}` }),
      points.map((one, i) => s("circle", { class: `dot ${role}`, cx: x(i), cy: y(one.values[k]), r: 3 }, s("title", {}, `${one.label}: ${count(one.values[k])}`))),
    ]),
    [0, points.length - 1].filter((i, at, all) => all.indexOf(i) === at).map((i) =>
      s("text", { x: x(i), y: height - 5, "text-anchor": i === 0 ? "start" : "end" }, points[i].label)));
}

/** Return a horizontal bar of parts, each with its role; the whole is as wide as its share of `most`. */
export function stack(parts: [string, number][], most: number): HTMLElement {
  const bar = h("span", { class: "stack", "aria-hidden": "true" });
  for (const [role, value] of parts) {
    if (!value) continue;
    const part = h("span", { class: role });
    part.style.width = `max(2px, ${(100 * value) / most}%)`;
    bar.append(part);
  }
  return bar;
}
