// The places of the map. They follow from the data alone: a pattern's place changes only when its neighbors come or go.

import type { Library } from "./data";
import { words } from "./dom";

export type RingMode = "links" | "orbit" | "status";

export interface Wedge {
  name: string;
  title: string;
  size: number;
  /** The number of its patterns between `from` and `to`; the others stand in rings that go all around. */
  seated: number;
  from: number;
  to: number;
  /** The hue in degrees; null for patterns of older specifications and for the rest. */
  hue: number | null;
}

export interface Ring {
  name: string;
  size: number;
  inner: number;
  outer: number;
}

export interface Seats {
  x: Float32Array;
  y: Float32Array;
  wedge: Uint16Array;
  wedges: Wedge[];
  rings: Ring[];
  /** The distance between neighbors where there is room, and around each pattern. */
  spacing: number;
  step: Float32Array;
}

/** The radius of the outermost ring. */
export const RADIUS = 1000;
/** Rings with fewer patterns go all around, without wedges. */
const SMALL_RING = 90;
const MOST_LINKED = 50;
/** Smaller wedges are gathered in one. */
const SMALL_WEDGE = 0.003;
/** The parts that ring areas are rounded to, so that one pattern more does not move all others. */
const STEPS = 60;
const LEAST_STEPS = 4;
/** The distance between neighbors in small libraries. */
const WIDEST = 110;
/** The angle between the first places of rings that go all around, so that they do not stand in a row. */
const TURN = 2.4;
const GAP = 0.012;

export const OTHERS = "others";

/** Return the modes of rings that a library has data for. */
export function ringModes(library: Library): RingMode[] {
  const { orbit, status } = library.raw.patterns;
  const modes: RingMode[] = [];
  if (orbit.filter((one) => one !== null).length >= library.size / 2) modes.push("orbit");
  modes.push("links");
  if (status.texts.length > 1 && status.texts.length <= 8) modes.push("status");
  return modes;
}

/** Return the column that wedges are made of: the sector where most patterns have one and not nearly all the same, else the domain. */
export function wedgeColumn(library: Library): "sector" | "domain" {
  const { texts, values } = library.raw.patterns.sector;
  const sizes = texts.map(() => 0);
  for (const value of values) sizes[value]++;
  const named = sizes.filter((_, k) => texts[k] !== "");
  const total = named.reduce((sum, one) => sum + one, 0);
  return total > library.size / 2 && Math.max(...named) < 0.8 * total ? "sector" : "domain";
}

/** Return the name of each pattern's wedge. */
export function wedgeNames(library: Library): string[] {
  const column = wedgeColumn(library);
  const specs = new Map<string, number>();
  for (let i = 0; i < library.size; i++) specs.set(library.text("spec", i), (specs.get(library.text("spec", i)) ?? 0) + 1);
  const main = [...specs].sort((a, b) => b[1] - a[1])[0]?.[0];
  const names = Array.from({ length: library.size }, (_, i) => {
    const spec = library.text("spec", i);
    const name = library.text(column, i) || `no ${column}`;
    return spec === main ? name : `${spec || "no spec"} · ${name}`;
  });
  const sizes = new Map<string, number>();
  for (const name of names) sizes.set(name, (sizes.get(name) ?? 0) + 1);
  return names.map((name) => {
    if (sizes.get(name)! >= Math.max(SMALL_WEDGE * library.size, 1) && sizes.size <= 400) return name;
    const spec = name.includes(" · ") ? `${name.split(" · ")[0]} · ` : "";
    return sizes.get(name)! >= SMALL_WEDGE * library.size ? name : `${spec}${OTHERS}`;
  });
}

function makeWedges(names: string[]): { wedges: Wedge[]; of: Uint16Array } {
  const sizes = new Map<string, number>();
  for (const name of names) sizes.set(name, (sizes.get(name) ?? 0) + 1);
  const isOlder = (name: string) => name.includes(" · ");
  const ordered = [...sizes].sort(([a], [b]) => Number(isOlder(a)) - Number(isOlder(b)) || Number(a === OTHERS) - Number(b === OTHERS) || (a < b ? -1 : 1));
  const gap = Math.min(GAP, 1.2 / ordered.length);
  const room = 2 * Math.PI - gap * ordered.length;
  const isGray = (name: string) => isOlder(name) || name === OTHERS;
  const colored = ordered.reduce((sum, [name, size]) => sum + (isGray(name) ? 0 : size), 0);
  let before = 0;
  let angle = -Math.PI / 2 + gap / 2;
  const number = new Map<string, number>();
  const wedges = ordered.map(([name, size], i) => {
    const from = angle, to = from + (room * size) / names.length;
    angle = to + gap;
    number.set(name, i);
    const hue = isGray(name) ? null : (20 + (340 * (before + size / 2)) / colored) % 360;
    if (!isGray(name)) before += size;
    return { name, title: name.split(" · ").map(words).join(" · "), size, seated: 0, from, to, hue };
  });
  return { wedges, of: Uint16Array.from(names, (name) => number.get(name)!) };
}

/** Return the ring of each pattern, from the middle outwards, and the names of the rings. */
function makeRings(library: Library, mode: RingMode): { names: string[]; of: Uint8Array } {
  const of = new Uint8Array(library.size);
  const { orbit, status } = library.raw.patterns;
  if (mode === "orbit") {
    const layers = [...new Set(orbit.filter((one): one is number => one !== null))].sort((a, b) => a - b).slice(0, 12);
    for (let i = 0; i < library.size; i++) of[i] = (layers.indexOf(orbit[i] ?? NaN) + layers.length + 1) % (layers.length + 1);
    return { names: [...layers.map((one) => `layer ${one}`), "no layer"], of };
  }
  if (mode === "status") {
    const names = status.texts.filter((one) => one !== "").sort();
    for (let i = 0; i < library.size; i++) of[i] = (names.indexOf(library.text("status", i)) + names.length + 1) % (names.length + 1);
    return { names: [...names, "no status"], of };
  }
  const linked = Array.from({ length: library.size }, (_, i) => i).filter((i) => library.linkedBy[i] > 0);
  linked.sort((a, b) => library.linkedBy[b] - library.linkedBy[a] || (library.slug(a) < library.slug(b) ? -1 : 1));
  const top = Math.min(MOST_LINKED, Math.floor(library.size / 5));
  for (let i = 0; i < library.size; i++) of[i] = library.linkedBy[i] > 0 ? 1 : library.linksTo[i] > library.nowhere[i] ? 2 : 3;
  for (const i of linked.slice(0, top)) of[i] = 0;
  return { names: ["most linked", "linked to", "only links out", "stands alone"], of };
}

/** Return the places of all patterns. */
export function makeSeats(library: Library, mode: RingMode): Seats {
  const { wedges, of: wedge } = makeWedges(wedgeNames(library));
  const { names, of: ringOf } = makeRings(library, mode);
  const sizes = names.map(() => 0);
  for (const one of ringOf) sizes[one]++;
  const parts = sizes.map((size) => (size ? Math.max(LEAST_STEPS, Math.ceil((size / library.size) * STEPS)) : 0));
  const whole = parts.reduce((sum, one) => sum + one, 0) || 1;
  const spacing = Math.min(WIDEST, Math.sqrt((Math.PI * RADIUS * RADIUS * 0.8) / Math.max(library.size, 1)));
  let covered = 0;
  const rings = names.map((name, k) => {
    const inner = RADIUS * Math.sqrt(covered / whole);
    covered += parts[k];
    return { name, size: sizes[k], inner, outer: RADIUS * Math.sqrt(covered / whole) };
  });
  const order = Array.from({ length: library.size }, (_, i) => i);
  const keys = order.map((i) => `${library.text("domain", i)}\0${library.slug(i)}\0${library.path(i)}`);
  order.sort((a, b) => (keys[a] < keys[b] ? -1 : keys[a] > keys[b] ? 1 : 0));
  const rank = new Uint32Array(library.size);
  order.forEach((i, at) => (rank[i] = at));
  const cells = new Map<number, number[]>();
  for (const i of order) {
    const cell = ringOf[i] * wedges.length + (sizes[ringOf[i]] < SMALL_RING ? 0 : wedge[i]);
    if (!cells.has(cell)) cells.set(cell, []);
    cells.get(cell)!.push(i);
  }
  const x = new Float32Array(library.size), y = new Float32Array(library.size), step = new Float32Array(library.size);
  for (const [cell, members] of cells) {
    const ring = rings[Math.floor(cell / wedges.length)];
    const isWhole = ring.size < SMALL_RING;
    if (isWhole) members.sort((a, b) => wedge[a] - wedge[b] || rank[a] - rank[b]);
    const { from, to } = wedges[cell % wedges.length];
    if (!isWhole) wedges[cell % wedges.length].seated += members.length;
    const places = isWhole ? around(ring, members.length, -Math.PI / 2 + TURN * Math.floor(cell / wedges.length)) : fillCell(ring, from, to, members.length, spacing);
    const near = isWhole ? spacing : Math.min(spacing, nearest(places));
    members.forEach((i, at) => {
      step[i] = near;
      x[i] = places[at][1] * Math.cos(places[at][0]);
      y[i] = places[at][1] * Math.sin(places[at][0]);
    });
  }
  return { x, y, wedge, wedges, rings: rings.filter((ring) => ring.size), spacing, step };
}

/** Return the distance between neighbors on the densest arc of some places. */
function nearest(places: [number, number][]): number {
  const last = new Map<number, number>();
  let least = Infinity;
  const radii = [...new Set(places.map(([, radius]) => radius))].sort((a, b) => a - b);
  for (let k = 1; k < radii.length; k++) least = Math.min(least, radii[k] - radii[k - 1]);
  for (const [angle, radius] of places) {
    const before = last.get(radius);
    if (before !== undefined) least = Math.min(least, (angle - before) * radius);
    last.set(radius, angle);
  }
  return least;
}

/** Return places, as angle and radius, all around a ring: on one circle, or on a few. */
function around(ring: Ring, size: number, from: number): [number, number][] {
  const spacing = 60;
  const depth = ring.outer - ring.inner;
  const rows = Math.max(1, Math.min(Math.ceil(size / 24), Math.floor(depth / spacing) || 1));
  return fillRows(Array.from({ length: rows }, (_, k) => ring.inner + (depth * (k + 1)) / (rows + 1)), from, from + 2 * Math.PI, size);
}

/** Return places, as angle and radius, in a cell of a ring, from the inside outwards. */
function fillCell(ring: Ring, from: number, to: number, size: number, spacing: number): [number, number][] {
  const angle = to - from, margin = Math.min(spacing * 0.8, (ring.outer - ring.inner) * 0.12);
  const inner = ring.inner + margin, outer = ring.outer - margin;
  let step = spacing;
  for (;;) {
    const radii: number[] = [];
    for (let radius = Math.max(inner, step * 0.7); radius <= outer + 1e-6; radius += step) radii.push(radius);
    const room = radii.map((radius) => Math.max(1, Math.floor((angle * radius) / step)));
    const total = room.reduce((sum, one) => sum + one, 0);
    if (total >= size || step < 0.5) {
      let rows = 0, seats = 0;
      while (rows < radii.length && seats < size) seats += room[rows++];
      return fillRows(radii.slice(0, rows), from, to, size);
    }
    step *= 0.97;
  }
}

/** Return `size` places on arcs, as many on each as its length allows for, sorted by angle. */
function fillRows(radii: number[], from: number, to: number, size: number): [number, number][] {
  const sum = radii.reduce((all, one) => all + one, 0);
  const places: [number, number][] = [];
  let covered = 0, placed = 0;
  for (const radius of radii) {
    covered += radius;
    const here = Math.round((size * covered) / sum) - placed;
    placed += here;
    for (let k = 0; k < here; k++) places.push([from + ((to - from) * (k + 0.5)) / here, radius]);
  }
  return places.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
}

export interface Ghost {
  /** The index of the missing name. */
  missing: number;
  x: number;
  y: number;
  radius: number;
}

/** Return the places of the names that are linked to most often and do not exist: outside, near the patterns that name them. */
export function makeGhosts(library: Library, seats: Seats, most = 14): Ghost[] {
  const chosen = Array.from(library.named.keys())
    .sort((a, b) => library.named[b] - library.named[a] || (library.raw.missing[a] < library.raw.missing[b] ? -1 : 1))
    .slice(0, most);
  const sumX = new Map<number, number>(), sumY = new Map<number, number>();
  for (let link = 0; link < library.source.length; link++) {
    const missing = -1 - library.target[link];
    if (missing < 0 || !chosen.includes(missing)) continue;
    const from = library.source[link], length = Math.hypot(seats.x[from], seats.y[from]) || 1;
    sumX.set(missing, (sumX.get(missing) ?? 0) + seats.x[from] / length);
    sumY.set(missing, (sumY.get(missing) ?? 0) + seats.y[from] / length);
  }
  const angles = chosen.map((missing) => ({ missing, angle: Math.atan2(sumY.get(missing) ?? 0, sumX.get(missing) ?? 1) }));
  angles.sort((a, b) => a.angle - b.angle || a.missing - b.missing);
  const apart = (2 * Math.PI) / Math.max(most * 1.15, angles.length);
  for (let round = 0; round < 200; round++) {
    for (let i = 0; i < angles.length; i++) {
      const next = angles[(i + 1) % angles.length];
      const between = next.angle - angles[i].angle + (i === angles.length - 1 ? 2 * Math.PI : 0);
      if (angles.length > 1 && between < apart) {
        angles[i].angle -= (apart - between) / 2;
        next.angle += (apart - between) / 2;
      }
    }
  }
  const top = Math.max(...chosen.map((one) => library.named[one]), 1);
  return angles.map(({ missing, angle }) => ({
    missing,
    x: 1.3 * RADIUS * Math.cos(angle),
    y: 1.3 * RADIUS * Math.sin(angle),
    radius: 12 + 26 * Math.sqrt(library.named[missing] / top),
  }));
}
