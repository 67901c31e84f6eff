// The map: drawn on a canvas, with pan, zoom, hover and keyboard.

import { quadtree } from "d3-quadtree";
import { select } from "d3-selection";
import { zoom, zoomIdentity, type ZoomTransform } from "d3-zoom";
import { Library, OUTSIDE, loadLibrary } from "./data";
import { count, counted, download, h } from "./dom";
import { go, openPattern } from "./router";
import { OTHERS, RADIUS, makeGhosts, makeSeats, ringModes, wedgeColumn, type Ghost, type RingMode, type Seats } from "./seats";

export type ColorMode = "wedge" | "errors" | "score" | "copied" | "status";

const MOST_LINES = 26_000;
/** In larger libraries, most patterns are squares: circles take much longer. */
const SMALL_DOTS = 12_000;
/** So many patterns, the most linked, are large enough to be kept free of labels. Where there are no more, each has its label. */
const FEW = 50;
/** The angles at which the caption of a ring may stand, the best first. */
const RING_CAPTIONS = [-90, 90, -60, -120, 60, 120].map((degrees) => (degrees * Math.PI) / 180);
const WORLD = 1.5 * RADIUS;

interface Theme {
  dark: boolean;
  ink: string;
  muted: string;
  line: string;
  background: string;
  accent: string;
  error: string;
  warning: string;
  good: string;
  outgoing: string;
}

function readTheme(): Theme {
  const style = getComputedStyle(document.documentElement);
  const value = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    dark: value("theme") === "dark",
    ink: value("ink"), muted: value("muted"), line: value("line"), background: value("background"), accent: value("accent"),
    error: value("error"), warning: value("warning"), good: value("good"), outgoing: value("info"),
  };
}

const hueColor = (hue: number | null, dark: boolean) =>
  hue === null ? (dark ? "oklch(0.66 0.03 320)" : "oklch(0.62 0.035 320)") : `oklch(${dark ? 0.74 : 0.6} ${dark ? 0.12 : 0.13} ${hue})`;

/** The steps of the color for copied text: the greatest percentage of each. */
const COPIED_STEPS = [0, 10, 25, 50, 100];
const copiedColor = (step: number, dark: boolean) => (step === 0 ? (dark ? "#4c5653" : "#c9ccc6") : `oklch(${dark ? 0.5 + 0.09 * step : 0.82 - 0.1 * step} ${0.06 + 0.02 * step} 55)`);

/** The places, colors and shapes of a library, ready to be drawn under any transform. */
export class Drawing {
  readonly ghosts: Ghost[];
  readonly radius: Float32Array;
  private readonly lines = new Path2D();
  private readonly ghostLines = new Path2D();
  private ghostLinks = 0;
  private layers = new Map<string, Path2D>();
  colors: string[] = [];

  constructor(readonly library: Library, readonly seats: Seats) {
    this.ghosts = makeGhosts(library, seats);
    const most = Math.max(...library.linkedBy, 1);
    const extra = Math.min(30, seats.spacing * 1.5);
    this.radius = Float32Array.from(library.linkedBy, (linked, i) => Math.min(seats.step[i] * 0.32, 15) + extra * Math.sqrt(linked / most));
    const ghostOf = new Map(this.ghosts.map((ghost) => [ghost.missing, ghost]));
    const every = Math.ceil(library.source.length / MOST_LINES);
    for (let link = 0; link < library.source.length; link++) {
      const from = library.source[link], to = library.target[link];
      if (to === OUTSIDE) continue;
      if (to >= 0) {
        if (link % every === 0) bend(this.lines, seats.x[from], seats.y[from], seats.x[to], seats.y[to]);
      } else {
        const ghost = ghostOf.get(-1 - to);
        if (!ghost) continue;
        bend(this.ghostLines, seats.x[from], seats.y[from], ghost.x, ghost.y);
        this.ghostLinks++;
      }
    }
  }

  /** Choose the colors of the patterns. */
  paint(mode: ColorMode, theme: Theme): void {
    const { library, seats } = this;
    const { errors, overall, status, copied } = library.raw.patterns;
    const scores = overall.filter((one) => one !== null) as number[];
    const low = Math.min(...scores), high = Math.max(...scores);
    const color = (i: number): string => {
      if (mode === "errors") return errors[i] === 0 ? (theme.dark ? "#4c5653" : "#c9ccc6") : errors[i] < 3 ? theme.warning : theme.error;
      if (mode === "status") return hueColor(library.text("status", i) ? 40 + status.values[i] * 137 : null, theme.dark);
      if (mode === "copied") return copied[i] === null ? hueColor(null, theme.dark) : copiedColor(COPIED_STEPS.findIndex((most) => copied[i]! <= most), theme.dark);
      if (mode === "score") {
        const score = overall[i];
        if (score === null) return hueColor(null, theme.dark);
        const step = high > low ? Math.round(((score - low) / (high - low)) * 8) / 8 : 0.5;
        return `oklch(${theme.dark ? 0.45 + 0.4 * step : 0.85 - 0.42 * step} 0.11 ${100 + 80 * step})`;
      }
      return hueColor(seats.wedges[seats.wedge[i]].hue, theme.dark);
    };
    this.colors = Array.from({ length: library.size }, (_, i) => color(i));
    this.layers = new Map();
    const small = library.size > SMALL_DOTS;
    for (let i = 0; i < library.size; i++) {
      let path = this.layers.get(this.colors[i]);
      if (!path) this.layers.set(this.colors[i], (path = new Path2D()));
      const x = seats.x[i], y = seats.y[i], radius = this.radius[i];
      if (small && library.linkedBy[i] === 0) path.rect(x - radius, y - radius, 2 * radius, 2 * radius);
      else {
        path.moveTo(x + radius, y);
        path.arc(x, y, radius, 0, 2 * Math.PI);
      }
    }
  }

  /** Draw rings, links, patterns and missing names. */
  draw(context: CanvasRenderingContext2D, theme: Theme, scale: number, options: { links: boolean; faded: boolean }): void {
    context.lineWidth = 1 / scale;
    context.strokeStyle = theme.line;
    for (const ring of this.seats.rings) {
      context.beginPath();
      context.arc(0, 0, ring.outer, 0, 2 * Math.PI);
      context.stroke();
    }
    const lines = this.library.source.length;
    if (options.links && !options.faded) {
      context.globalAlpha = Math.min(0.4, 0.007 + 180 / Math.max(lines, 1));
      context.strokeStyle = theme.dark ? "#8fb0a9" : "#3b4744";
      context.lineWidth = 0.9 / scale;
      context.stroke(this.lines);
      context.globalAlpha = Math.min(0.45, 0.05 + 20 / Math.max(this.ghostLinks, 1));
      context.strokeStyle = theme.error;
      context.stroke(this.ghostLines);
    }
    context.globalAlpha = options.faded ? 0.14 : 1;
    for (const [color, path] of this.layers) {
      context.fillStyle = color;
      context.fill(path);
    }
    context.globalAlpha = options.faded ? 0.4 : 1;
    for (const ghost of this.ghosts) drawGhost(context, ghost, theme, scale);
    context.globalAlpha = 1;
  }
}

function bend(path: Path2D, x0: number, y0: number, x1: number, y1: number): void {
  path.moveTo(x0, y0);
  path.quadraticCurveTo((x0 + x1) * 0.28, (y0 + y1) * 0.28, x1, y1);
}

function drawGhost(context: CanvasRenderingContext2D, ghost: Ghost, theme: Theme, scale: number, isStrong = false): void {
  context.beginPath();
  context.arc(ghost.x, ghost.y, ghost.radius, 0, 2 * Math.PI);
  context.strokeStyle = theme.error;
  context.lineWidth = (isStrong ? 2.4 : 1.5) / scale;
  context.setLineDash([4.5 / scale, 3 / scale]);
  context.stroke();
  context.setLineDash([]);
}

interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
  /** The text of a label; empty for what labels must not cover. */
  text: string;
}

const widths = new Map<string, number>();

/** Places labels so that none overlaps another. */
class Labels {
  readonly placed: Box[] = [];

  constructor(private readonly context: CanvasRenderingContext2D, private readonly width: number, private readonly height: number, private readonly theme: Theme) {}

  /** Return the width of a text. Most labels are tried in each frame, and few have room. */
  private measure(text: string, font: string): number {
    const key = `${font}\n${text}`;
    let width = widths.get(key);
    if (width === undefined) {
      this.context.font = `${font} Inter, system-ui, sans-serif`;
      if (widths.size > 20_000) widths.clear();
      widths.set(key, (width = this.context.measureText(text).width));
    }
    return width;
  }

  /** Keep a circle free of labels. */
  keepFree(x: number, y: number, radius: number): void {
    this.placed.push({ left: x - radius, top: y - radius, right: x + radius, bottom: y + radius, text: "" });
  }

  /**
   * Draw a label unless it would overlap one before it or leave the picture, and return whether it was drawn. `anchor` is the part of
   * the label that stands at `x`: 0 is its left end, 1 its right end.
   */
  add(text: string, x: number, y: number, { font = "500 12px", color = this.theme.ink, anchor = 0.5, force = false } = {}): boolean {
    const { context } = this;
    const width = this.measure(text, font), height = 16;
    const left = x - anchor * width;
    const box = { left: left - 5, top: y - height / 2, right: left + width + 5, bottom: y + height / 2, text };
    if (box.left < 2 || box.right > this.width - 2 || box.top < 2 || box.bottom > this.height - 2) return false;
    if (!force && this.placed.some((one) => one.left < box.right && box.left < one.right && one.top < box.bottom && box.top < one.bottom)) return false;
    this.placed.push(box);
    context.globalAlpha = 0.82;
    context.fillStyle = this.theme.background;
    context.beginPath();
    context.roundRect(box.left, box.top, box.right - box.left, height, 5);
    context.fill();
    context.globalAlpha = 1;
    context.font = `${font} Inter, system-ui, sans-serif`;
    context.textAlign = "left";
    context.textBaseline = "middle";
    context.fillStyle = color;
    context.fillText(text, left, y + 0.5);
    return true;
  }
}

const shorten = (text: string, most = 44) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

/** Return a name without its middle: ids begin alike and differ at the end. */
const shortenName = (name: string) => (name.length > 26 ? `${name.slice(0, 14)}…${name.slice(-9)}` : name);

/** What is under the pointer or has the focus: a pattern, or a missing name. */
type Focus = { pattern: number } | { ghost: Ghost } | null;

let kept: { mode: RingMode; drawing: Drawing } | undefined;

function drawingOf(library: Library, mode: RingMode): Drawing {
  if (kept?.mode !== mode) kept = { mode, drawing: new Drawing(library, makeSeats(library, mode)) };
  return kept.drawing;
}

/** Return a small picture of the map for the overview, which does not wait for it. */
export function miniature(): HTMLElement {
  const canvas = h("canvas", { class: "miniature", role: "img", "aria-label": "The map in small" });
  const draw = async () => {
    const library = await loadLibrary();
    const theme = readTheme(), size = 640;
    canvas.width = canvas.height = size;
    const drawing = drawingOf(library, ringModes(library)[0]);
    drawing.paint("wedge", theme);
    const context = canvas.getContext("2d")!;
    const scale = size / (2 * 1.45 * RADIUS);
    context.setTransform(scale, 0, 0, scale, size / 2, size / 2);
    drawing.draw(context, theme, scale, { links: true, faded: false });
  };
  setTimeout(() => void draw());
  document.addEventListener("themechange", () => canvas.isConnected && void draw());
  return canvas;
}

/** Return the page of the map. */
export async function mapPage(parameters: URLSearchParams): Promise<HTMLElement> {
  const library = await loadLibrary();
  const modes = ringModes(library);
  const canvas = h("canvas", { class: "map", tabindex: 0, role: "img", "aria-label": `Map of ${count(library.size)} ${library.raw.noun[1]} and their links. The page Patterns has the same as a table.` });
  const tip = h("div", { class: "tip", hidden: true });
  const live = h("p", { class: "visually-hidden", "aria-live": "polite" });
  const stage = h("div", { class: "stage" }, canvas, tip);
  let mode = modes[0], color: ColorMode = "wedge", links = true;
  let drawing = drawingOf(library, mode);
  let theme = readTheme();
  let transform: ZoomTransform = zoomIdentity;
  let focus: Focus = null;
  let selected: number | null = null;
  let frame = 0;
  let rest = 0;  // the timer that ends a movement: the links of large libraries are drawn when it rests
  let tree = makeTree();
  drawing.paint(color, theme);

  function makeTree() {
    return quadtree<number>(Array.from({ length: library.size }, (_, i) => i), (i) => drawing.seats.x[i], (i) => drawing.seats.y[i]);
  }

  /** The scale and offset from the world to the picture, at rest. */
  function fit(): { scale: number; x: number; y: number } {
    const width = canvas.clientWidth, height = canvas.clientHeight;
    return { scale: Math.min(width, height) / (2 * WORLD), x: width / 2, y: height / 2 };
  }

  let base = { scale: 1, x: 0, y: 0 };  // of the last frame
  const toScreen = (x: number, y: number): [number, number] => [transform.applyX(base.x + x * base.scale), transform.applyY(base.y + y * base.scale)];

  function draw(): void {
    frame = 0;
    const ratio = window.devicePixelRatio || 1, width = canvas.clientWidth, height = canvas.clientHeight;
    if (width < 10 || height < 10) return;
    if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
    }
    const began = performance.now();
    paintOn(canvas.getContext("2d")!, ratio);
    canvas.dataset.frame = (performance.now() - began).toFixed(1);
  }

  function paintOn(context: CanvasRenderingContext2D, ratio: number): void {
    base = fit();
    const width = canvas.clientWidth, height = canvas.clientHeight, scale = base.scale * transform.k;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.fillStyle = theme.background;
    context.fillRect(0, 0, canvas.width, canvas.height);
    const [x, y] = toScreen(0, 0);
    context.setTransform(scale * ratio, 0, 0, scale * ratio, x * ratio, y * ratio);
    drawing.draw(context, theme, scale, { links: links && !(rest && library.size > SMALL_DOTS), faded: focus !== null });
    const neighbors = focus ? drawFocus(context, scale) : [];
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    drawLabels(context, width, height, neighbors);
  }

  /** Draw the links of what has the focus, and return its neighbors. */
  function drawFocus(context: CanvasRenderingContext2D, scale: number): number[] {
    const { seats, radius } = drawing;
    const neighbors = new Set<number>();
    const stroke = (path: Path2D, style: string) => {
      context.strokeStyle = style;
      context.globalAlpha = neighbors.size > 200 ? 0.35 : 0.75;
      context.lineWidth = 1.2 / scale;
      context.stroke(path);
      context.globalAlpha = 1;
    };
    if (focus && "ghost" in focus) {
      const path = new Path2D(), { ghost } = focus;
      for (let link = 0; link < library.target.length; link++) {
        if (library.target[link] !== -1 - ghost.missing) continue;
        const from = library.source[link];
        bend(path, seats.x[from], seats.y[from], ghost.x, ghost.y);
        neighbors.add(from);
      }
      stroke(path, theme.error);
      drawGhost(context, ghost, theme, scale, true);
    } else if (focus) {
      const i = focus.pattern, incoming = new Path2D(), outgoing = new Path2D(), nowhere = new Path2D();
      for (const link of library.links(i, "incoming")) {
        const from = library.source[link];
        if (from === i) continue;
        bend(incoming, seats.x[from], seats.y[from], seats.x[i], seats.y[i]);
        neighbors.add(from);
      }
      for (const link of library.links(i, "outgoing")) {
        const to = library.target[link];
        if (to >= 0 && to !== i) {
          bend(outgoing, seats.x[i], seats.y[i], seats.x[to], seats.y[to]);
          neighbors.add(to);
        } else if (to < 0 && to !== OUTSIDE) {
          const ghost = drawing.ghosts.find((one) => one.missing === -1 - to);
          if (ghost) bend(nowhere, seats.x[i], seats.y[i], ghost.x, ghost.y);
        }
      }
      stroke(incoming, theme.outgoing);
      stroke(outgoing, theme.accent);
      stroke(nowhere, theme.error);
      neighbors.add(i);
    }
    for (const i of neighbors) {
      context.fillStyle = drawing.colors[i];
      context.beginPath();
      context.arc(seats.x[i], seats.y[i], Math.max(radius[i], 2.2 / scale), 0, 2 * Math.PI);
      context.fill();
    }
    if (focus && "pattern" in focus) {
      context.strokeStyle = theme.ink;
      context.lineWidth = 2 / scale;
      context.beginPath();
      context.arc(seats.x[focus.pattern], seats.y[focus.pattern], Math.max(radius[focus.pattern], 3 / scale) + 3 / scale, 0, 2 * Math.PI);
      context.stroke();
    }
    return [...neighbors];
  }

  function drawLabels(context: CanvasRenderingContext2D, width: number, height: number, neighbors: number[]): void {
    const labels = new Labels(context, width, height, theme);
    Object.assign(canvas, { labels: labels.placed });  // tests read where labels are
    const { seats } = drawing;
    const scale = base.scale * transform.k;
    const labelPattern = (i: number, font = "500 12px", force = false) => {
      const [x, y] = toScreen(seats.x[i], seats.y[i]);
      if (x < -50 || y < -20 || x > width + 50 || y > height + 20) return false;
      const gap = drawing.radius[i] * scale + 10;
      return labels.add(shorten(library.title(i)), x, y - gap, { font, force }) || labels.add(shorten(library.title(i)), x, y + gap, { font });
    };
    /** Label a pattern beside it, or further out with a line to it, where the label covers nothing. */
    const callOut = (i: number) => {
      const [x, y] = toScreen(seats.x[i], seats.y[i]), size = drawing.radius[i] * scale;
      const [middleX, middleY] = toScreen(0, 0), out = Math.atan2(y - middleY, x - middleX);
      const text = shorten(library.title(i), 34);
      if (x < 0 || y < 0 || x > width || y > height) return;
      for (const [anchor, dx, dy] of [[0.5, 0, -size - 10], [0.5, 0, size + 10], [0, size + 8, 0], [1, -size - 8, 0]])
        if (labels.add(text, x + dx, y + dy, { anchor })) return;
      for (let far = size + 20; far < 190; far += 14) {
        for (const turn of [0, 0.5, -0.5, 1, -1, 1.5, -1.5]) {
          const cos = Math.cos(out + turn), sin = Math.sin(out + turn);
          if (!labels.add(text, x + cos * far, y + sin * far, { anchor: 0.5 - 0.5 * cos })) continue;
          context.strokeStyle = theme.ink;
          context.globalAlpha = 0.55;
          context.lineWidth = 1;
          context.beginPath();
          context.moveTo(x + cos * size, y + sin * size);
          context.lineTo(x + cos * (far - 7), y + sin * (far - 7));
          context.stroke();
          context.globalAlpha = 1;
          return;
        }
      }
    };
    const labelGhost = (ghost: Ghost, isFocus = false) => {
      const [x, y] = toScreen(ghost.x, ghost.y);
      const name = library.raw.missing[ghost.missing];
      const text = isFocus ? `${shorten(name)} · named ${counted(library.named[ghost.missing], "time")}, does not exist` : `${shortenName(name)} ×${library.named[ghost.missing]}`;
      const gap = ghost.radius * scale + 12, out = ghost.y < 0 ? -gap : gap;
      const side = ghost.x / Math.hypot(ghost.x, ghost.y);
      const options = { color: theme.error, font: isFocus ? "650 13px" : "500 11.5px", force: isFocus };
      for (const anchor of [0.5 - 0.4 * side, 0.5, 0.5 - 0.5 * side, 0.15, 0.85])  // outwards, where there is room
        for (const shift of [out, -out]) if (labels.add(text, x, y + shift, { ...options, anchor })) return;
    };
    if (focus) {
      if ("ghost" in focus) labelGhost(focus.ghost, true);
      else labelPattern(focus.pattern, "650 13.5px", true);
      neighbors.sort((a, b) => library.linkedBy[b] - library.linkedBy[a]);
      for (const i of neighbors.slice(0, 60)) if (!("pattern" in focus) || i !== focus.pattern) labelPattern(i);
      return;
    }
    for (const ghost of drawing.ghosts) labels.keepFree(...toScreen(ghost.x, ghost.y), ghost.radius * scale);
    const isNarrow = width < 520;
    const named = byLinks.slice(0, isNarrow ? 3 : library.size <= FEW ? library.size : 6).filter((i) => drawing.radius[i] * scale > 2.4);
    for (const i of byLinks.slice(0, FEW)) {
      const size = drawing.radius[i] * scale;
      if (size > 3.5) labels.keepFree(...toScreen(seats.x[i], seats.y[i]), size);
    }
    for (const ring of seats.rings) {
      for (const angle of RING_CAPTIONS) {
        const [x, y] = toScreen(ring.outer * Math.cos(angle), ring.outer * Math.sin(angle));
        if (labels.add(`${ring.name} · ${count(ring.size)}`, x, y, { color: theme.muted, font: "500 11px" })) break;
      }
    }
    for (const i of named) callOut(i);
    const ghosts = [...drawing.ghosts].sort((a, b) => library.named[b.missing] - library.named[a.missing]);
    for (const ghost of ghosts.slice(0, isNarrow ? 4 : ghosts.length)) labelGhost(ghost);
    for (const wedge of [...seats.wedges].sort((a, b) => b.size - a.size)) {
      if (isNarrow || wedge.seated < wedge.size / 2) continue;  // most of its patterns stand in rings that go all around
      const angle = (wedge.from + wedge.to) / 2, side = Math.cos(angle);
      const [x, y] = toScreen(1.06 * RADIUS * side, 1.06 * RADIUS * Math.sin(angle));
      labels.add(wedge.title, x, y, { color: theme.muted, font: "600 12px", anchor: side > 0.25 ? 0 : side < -0.25 ? 1 : 0.5 });
    }
    let room = 14 * transform.k - (isNarrow ? 13 : 8);
    for (const i of byLinks.slice(named.length, 4000)) {
      if (room <= 0) break;
      if ((drawing.radius[i] * scale > 3.2 || transform.k > 6) && labelPattern(i)) room--;
    }
  }

  const byLinks = Array.from({ length: library.size }, (_, i) => i).sort((a, b) => library.linkedBy[b] - library.linkedBy[a] || a - b);
  const redraw = () => (frame ||= requestAnimationFrame(draw));

  function at(event: { clientX: number; clientY: number }): Focus {
    const box = canvas.getBoundingClientRect();
    const x = (transform.invertX(event.clientX - box.left) - base.x) / base.scale;
    const y = (transform.invertY(event.clientY - box.top) - base.y) / base.scale;
    const ghost = drawing.ghosts.find((one) => Math.hypot(one.x - x, one.y - y) <= one.radius + 8);
    if (ghost) return { ghost };
    const scale = base.scale * transform.k;
    const found = tree.find(x, y, Math.max(14 / scale, drawing.seats.spacing));
    return found === undefined ? null : { pattern: found };
  }

  const same = (a: Focus, b: Focus) =>
    a === b || (a !== null && b !== null && ("pattern" in a ? "pattern" in b && a.pattern === b.pattern : "ghost" in b && a.ghost === b.ghost));

  function show(next: Focus, event?: { clientX: number; clientY: number }): void {
    const isNew = !same(next, focus);
    focus = next;
    if (next && event) {
      if (isNew) tip.replaceChildren(...("ghost" in next
        ? [h("strong", {}, library.raw.missing[next.ghost.missing]), h("span", {}, `does not exist · named in ${counted(library.named[next.ghost.missing], "place")}`)]
        : [h("strong", {}, library.title(next.pattern)), h("span", {}, `linked by ${count(library.linkedBy[next.pattern])} · links to ${count(library.linksTo[next.pattern])}${library.nowhere[next.pattern] ? `, ${count(library.nowhere[next.pattern])} of them missing` : ""}`)]));
      const box = stage.getBoundingClientRect();
      tip.hidden = false;
      const x = event.clientX - box.left, y = event.clientY - box.top;
      tip.style.left = `${Math.max(8, Math.min(x + 14, box.width - tip.offsetWidth - 8))}px`;
      tip.style.top = `${Math.max(8, Math.min(y + 16, box.height - tip.offsetHeight - 8))}px`;
    } else tip.hidden = true;
    canvas.classList.toggle("pointing", next !== null);
    if (isNew) redraw();
  }

  const open = (target: Focus) => {
    if (!target) return;
    if ("pattern" in target) openPattern(library, target.pattern);
    else {
      const name = library.raw.missing[target.ghost.missing];
      const cause = library.causes.find((one) => one.subject === name);
      go("findings", cause ? { cause: String(cause.number) } : { q: name });
    }
  };

  const behavior = zoom<HTMLCanvasElement, unknown>()
    .scaleExtent([0.6, 60])
    .on("zoom", (event) => {
      transform = event.transform;
      clearTimeout(rest);
      rest = window.setTimeout(() => {
        rest = 0;
        redraw();
      }, 160);
      redraw();
    });
  select(canvas).call(behavior).on("dblclick.zoom", null);
  canvas.addEventListener("pointermove", (event) => event.buttons === 0 && show(at(event), event));
  canvas.addEventListener("pointerleave", () => show(selected === null ? null : { pattern: selected }));
  canvas.addEventListener("click", (event) => open(at(event)));
  canvas.addEventListener("keydown", onKey);

  /** Walk along links with the arrow keys: left and right between neighbors, up to where it leads, down to who links here. */
  function onKey(event: KeyboardEvent): void {
    const factor = { "+": 1.4, "=": 1.4, "-": 1 / 1.4 }[event.key];
    if (factor) select(canvas).call(behavior.scaleBy, factor);
    else if (event.key === "0") select(canvas).call(behavior.transform, zoomIdentity);
    else if (event.key === "Enter" && selected !== null) open({ pattern: selected });
    else if (event.key === "Escape") choose(null);
    else if (event.key.startsWith("Arrow")) {
      const side = event.key === "ArrowUp" || event.key === "ArrowDown" ? (event.key === "ArrowUp" ? "outgoing" : "incoming") : null;
      if (selected === null) choose(byLinks[0] ?? null);
      else if (side) {
        const ends = [...library.links(selected, side)].map((link) => (side === "outgoing" ? library.target : library.source)[link]).filter((one) => one >= 0 && one !== selected);
        if (ends.length) choose(ends.sort((a, b) => library.linkedBy[b] - library.linkedBy[a])[0]);
      } else {
        const place = byLinks.indexOf(selected) + (event.key === "ArrowRight" ? 1 : -1);
        choose(byLinks[(place + byLinks.length) % byLinks.length]);
      }
    } else return;
    event.preventDefault();
  }

  function choose(i: number | null): void {
    selected = i;
    show(i === null ? null : { pattern: i });
    if (i !== null) live.textContent = `${library.title(i)}: linked by ${library.linkedBy[i]}, links to ${library.linksTo[i]}. Press Enter to open.`;
  }

  const repaint = () => {
    theme = readTheme();
    drawing.paint(color, theme);
    fillLegend();
    redraw();
  };
  document.addEventListener("themechange", () => canvas.isConnected && repaint());
  new ResizeObserver(redraw).observe(stage);

  // The controls.
  const legend = h("ul", { class: "legend" });
  function fillLegend(): void {
    const rows: [string, string, number][] =
      color === "errors" ? [[theme.error, "3 errors or more", library.raw.patterns.errors.filter((one) => one > 2).length], [theme.warning, "1 or 2 errors", library.raw.patterns.errors.filter((one) => one > 0 && one < 3).length], [theme.dark ? "#4c5653" : "#c9ccc6", "no error", library.raw.counts.withoutErrors]]
      : color === "copied" ? copiedLegend()
      : color === "score" || color === "status" ? sampleLegend()
      : [...drawing.seats.wedges].sort((a, b) => Number(a.name === OTHERS) - Number(b.name === OTHERS) || b.size - a.size).map((wedge) => [hueColor(wedge.hue, theme.dark), wedge.title, wedge.size]);
    legend.replaceChildren(...rows.slice(0, 40).map(([fill, name, size]) => {
      const dot = h("span", { class: "swatch" });
      dot.style.background = fill;
      return h("li", {}, dot, h("span", {}, name), h("b", {}, count(size)));
    }));
  }
  function copiedLegend(): [string, string, number][] {
    const { copied } = library.raw.patterns;
    const rows = COPIED_STEPS.map((most, k): [string, string, number] => {
      const least = k ? COPIED_STEPS[k - 1] : -1;
      return [copiedColor(k, theme.dark), k ? `${least + 1} – ${most} % copied` : "nothing copied", copied.filter((one) => one !== null && one > least && one <= most).length];
    });
    return [...rows, [hueColor(null, theme.dark), "no text", copied.filter((one) => one === null).length]];
  }
  function sampleLegend(): [string, string, number][] {
    const groups = new Map<string, [number, string]>();
    for (let i = 0; i < library.size; i++) {
      const score = library.raw.patterns.overall[i];
      const name = color === "status" ? library.text("status", i) || "no status" : score === null ? "no score" : "";
      const key = name || drawing.colors[i];
      const before = groups.get(key) ?? [0, drawing.colors[i]];
      groups.set(key, [before[0] + 1, before[1]]);
    }
    const scores = new Map<string, number[]>();
    library.raw.patterns.overall.forEach((one, i) => one !== null && scores.set(drawing.colors[i], [...(scores.get(drawing.colors[i]) ?? []), one]));
    return [...groups].map(([key, [size, fill]]): [string, string, number] => {
      const values = scores.get(key);
      return [fill, values ? `${Math.min(...values)} – ${Math.max(...values)}` : key, size];
    }).sort((a, b) => (a[1] < b[1] ? -1 : 1));
  }

  const choice = <T extends string>(name: string, options: [T, string][], change: (value: T) => void) =>
    h("label", { class: "field" }, h("span", {}, name),
      h("select", { change: (event: Event) => change((event.target as HTMLSelectElement).value as T) },
        options.map(([value, text]) => h("option", { value }, text))));

  const ringNames: Record<RingMode, string> = { links: "how it is linked", orbit: "orbital layer", status: "status" };
  const colorNames: [ColorMode, string][] = [["wedge", wedgeColumn(library)], ["errors", "errors"]];
  if (library.raw.patterns.overall.some((one) => one !== null)) colorNames.push(["score", "overall score"]);
  if (library.raw.patterns.copied.some((one) => one)) colorNames.push(["copied", "copied text"]);
  if (library.raw.patterns.status.texts.length > 1) colorNames.push(["status", "status"]);

  const names = h("datalist", { id: "map-names" });
  const search = h("input", {
    type: "search", placeholder: `Find a ${library.raw.noun[0]}`, list: "map-names", "aria-label": `Find a ${library.raw.noun[0]}`,
    input: () => {
      const text = search.value.trim().toLowerCase();
      if (text.length < 2) return choose(null);
      const hits: number[] = [];
      for (let i = 0; i < library.size && hits.length < 12; i++) if (library.title(i).toLowerCase().includes(text) || library.slug(i).includes(text)) hits.push(i);
      names.replaceChildren(...hits.map((i) => h("option", { value: library.title(i) })));
      const exact = hits.find((i) => library.title(i).toLowerCase() === text) ?? hits[0];
      choose(exact ?? null);
    },
    keydown: (event: KeyboardEvent) => event.key === "Enter" && selected !== null && open({ pattern: selected }),
  });

  const panel = h("aside", { class: "panel", "aria-label": "Controls of the map" },
    search, names,
    modes.length > 1 ? choice("Rings", modes.map((one): [RingMode, string] => [one, ringNames[one]]), (value) => {
      mode = value;
      drawing = drawingOf(library, mode);
      tree = makeTree();
      repaint();
    }) : null,
    choice("Color", colorNames, (value) => {
      color = value;
      repaint();
    }),
    h("label", { class: "check" }, h("input", { type: "checkbox", checked: true, change: (event: Event) => { links = (event.target as HTMLInputElement).checked; redraw(); } }), "all links, faintly"),
    h("p", { class: "note" }, "Size: how many link to it. ", library.raw.missing.length > 1 ? `Dashed red circles: the most frequent of ${count(library.raw.missing.length)} names that are linked to and do not exist.` : library.raw.missing.length ? "Dashed red circle: a name that is linked to and does not exist." : ""),
    legend,
    h("p", { class: "note keys" }, h("kbd", {}, "←"), h("kbd", {}, "→"), " most linked, ", h("kbd", {}, "↑"), " leads to, ", h("kbd", {}, "↓"), " linked by, ", h("kbd", {}, "Enter"), " open, ", h("kbd", {}, "+"), h("kbd", {}, "-"), h("kbd", {}, "0"), " zoom"),
    h("div", { class: "buttons" },
      h("button", { type: "button", click: () => canvas.toBlob((blob) => blob && download("map.png", blob)) }, "PNG"),
      h("button", { type: "button", click: () => download("map.svg", svgText(drawing, theme), "image/svg+xml") }, "SVG")));
  fillLegend();
  const wanted = library.find(parameters.get("pattern") ?? "");
  if (wanted !== undefined) choose(wanted);
  return h("section", { class: "page map-page" }, h("h1", { class: "visually-hidden" }, "Map"), panel, stage, live);
}

const XML: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const escapeXml = (text: string) => text.replace(/[&<>"]/g, (one) => XML[one]).replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, "");

/** Return the map at rest as SVG. */
function svgText(drawing: Drawing, theme: Theme): string {
  const { library, seats, radius, colors, ghosts } = drawing;
  const curves: string[] = [];
  const every = Math.ceil(library.source.length / MOST_LINES);
  const n = (value: number) => value.toFixed(1);
  for (let link = 0; link < library.source.length; link += every) {
    const from = library.source[link], to = library.target[link];
    if (to >= 0) curves.push(`M${n(seats.x[from])} ${n(seats.y[from])}Q${n((seats.x[from] + seats.x[to]) * 0.28)} ${n((seats.y[from] + seats.y[to]) * 0.28)} ${n(seats.x[to])} ${n(seats.y[to])}`);
  }
  const dots = Array.from({ length: library.size }, (_, i) => `<circle cx="${n(seats.x[i])}" cy="${n(seats.y[i])}" r="${n(radius[i])}" fill="${colors[i]}"><title>${escapeXml(library.title(i))}</title></circle>`);
  const text = (x: number, y: number, content: string, fill: string, size: number) =>
    `<text x="${n(x)}" y="${n(y)}" fill="${fill}" font-size="${size}" text-anchor="middle">${escapeXml(content)}</text>`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${-WORLD} ${-WORLD} ${2 * WORLD} ${2 * WORLD}" font-family="Inter, sans-serif">`,
    `<title>${escapeXml(library.raw.title)}</title><rect x="${-WORLD}" y="${-WORLD}" width="${2 * WORLD}" height="${2 * WORLD}" fill="${theme.background}"/>`,
    ...seats.rings.map((ring) => `<circle r="${n(ring.outer)}" fill="none" stroke="${theme.line}"/>`),
    `<path d="${curves.join("")}" fill="none" stroke="${theme.ink}" stroke-opacity="0.04"/>`,
    ...dots,
    ...ghosts.map((ghost) => `<circle cx="${n(ghost.x)}" cy="${n(ghost.y)}" r="${n(ghost.radius)}" fill="none" stroke="${theme.error}" stroke-width="3" stroke-dasharray="8 6"/>${text(ghost.x, ghost.y - ghost.radius - 10, `${library.raw.missing[ghost.missing]} ×${library.named[ghost.missing]}`, theme.error, 22)}`),
    ...seats.wedges.filter((wedge) => wedge.to - wedge.from > 0.05).map((wedge) => {
      const angle = (wedge.from + wedge.to) / 2;
      return text(1.12 * RADIUS * Math.cos(angle), 1.12 * RADIUS * Math.sin(angle), wedge.title, theme.muted, 24);
    }),
    "</svg>",
  ].join("\n");
}

