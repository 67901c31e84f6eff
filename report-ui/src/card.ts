// A pattern's card: what it is, its scores, its neighborhood and its findings.

import { FIXES, ONE_SIDED, OUTSIDE, loadFindings, loadLibrary, loadTexts, type Library } from "./data";
import { count, counted, h, s, words, type Child } from "./dom";
import { mermaid, save } from "./export";
import { findingItem, portions } from "./parts";
import { address, patternAddress } from "./router";

const PER_TYPE = 5;

interface Neighbor {
  title: string;
  link: string;
  oneSided: boolean;
  missing: boolean;
}

interface NeighborGroup {
  type: string;
  shown: Neighbor[];
  rest: number;
}

/** Return the neighbors on one side by type, the most weighty first. */
function neighbors(library: Library, i: number, side: "incoming" | "outgoing"): NeighborGroup[] {
  const { weight, flags } = library.raw.links;
  const groups = new Map<string, number[]>(), missing: number[] = [];
  for (const link of library.links(i, side)) {
    const end = side === "outgoing" ? library.target[link] : library.source[link];
    if (end === OUTSIDE || (side === "incoming" && end === i)) continue;
    if (end < 0) missing.push(link);
    else groups.set(library.type(link), [...(groups.get(library.type(link)) ?? []), link]);
  }
  const make = (type: string, links: number[]): NeighborGroup => {
    links.sort((a, b) => (weight[b] ?? -1) - (weight[a] ?? -1) || a - b);
    const few = links.length <= PER_TYPE + 1 ? links : links.slice(0, PER_TYPE);
    return {
      type, rest: links.length - few.length,
      shown: few.map((link) => {
        const end = side === "outgoing" ? library.target[link] : library.source[link];
        const isMissing = end < 0;
        return { title: isMissing ? library.raw.missing[-1 - end] : library.title(end), link: isMissing ? address("findings", { q: library.raw.missing[-1 - end] }) : patternAddress(library, end), oneSided: (flags[link] & ONE_SIDED) !== 0, missing: isMissing };
      }),
    };
  };
  const found = [...groups].sort((a, b) => b[1].length - a[1].length || (a[0] < b[0] ? -1 : 1)).map(([type, links]) => make(words(type), links));
  return missing.length ? [...found, make("Leads nowhere", missing)] : found;
}

const ROW = 21, WIDTH = 560, MIDDLE = WIDTH / 2, REACH = 74, ROOM = 25;

const cutTitle = (text: string) => (text.length > ROOM ? `${text.slice(0, ROOM - 1).trimEnd()}…` : text);

/** Return the neighborhood as a picture: who links here at the left, where it leads at the right. */
function neighborhood(library: Library, i: number): Child {
  const sides = [neighbors(library, i, "incoming"), neighbors(library, i, "outgoing")];
  const heights = sides.map((groups) => groups.reduce((sum, group) => sum + 1 + group.shown.length + (group.rest ? 1 : 0), 0) * ROW);
  if (!heights[0] && !heights[1]) return h("p", { class: "note" }, "Nothing links here, and it leads nowhere.");
  const height = Math.max(...heights, 80) + 20, center = height / 2;
  const picture = s("svg", { class: "neighborhood", viewBox: `0 0 ${WIDTH} ${height}`, role: "group", "aria-label": "Neighborhood" });
  sides.forEach((groups, side) => {
    const edge = side === 0 ? MIDDLE - REACH : MIDDLE + REACH, anchor = side === 0 ? "end" : "start";
    const inner = side === 0 ? MIDDLE - 26 : MIDDLE + 26, toEdge = side === 0 ? edge + 6 : edge - 6;
    let y = center - heights[side] / 2 + ROW / 2;
    const label = (text: string) => picture.append(s("text", { class: "type", x: edge, y: y + 4, "text-anchor": anchor }, text));
    for (const group of groups) {
      label(group.type);
      y += ROW;
      for (const one of group.shown) {
        picture.append(
          s("path", { class: one.missing ? "missing" : one.oneSided ? "one-sided" : "returned", d: `M${toEdge},${y}C${(toEdge + inner) / 2},${y} ${(toEdge + inner) / 2},${center} ${inner},${center}` }),
          s("a", { href: one.link, class: one.missing ? "missing" : "" }, s("title", {}, one.title), s("text", { x: edge, y: y + 4, "text-anchor": anchor }, cutTitle(one.title))));
        y += ROW;
      }
      if (group.rest) {
        label(`and ${count(group.rest)} more`);
        y += ROW;
      }
    }
  });
  picture.append(s("circle", { class: "center", cx: MIDDLE, cy: center, r: 27 }),
    s("text", { class: "center", x: MIDDLE, y: center + 4, "text-anchor": "middle" }, `${count(library.linkedBy[i])} ⇄ ${count(library.linksTo[i])}`));
  return picture;
}

function medians(columns: (number | null)[][]): (number | null)[] {
  return columns.map((column) => {
    const values = column.filter((one) => one !== null).sort((a, b) => a! - b!);
    return values.length ? values[Math.floor(values.length / 2)] : null;
  });
}

function scores(library: Library, i: number): Child {
  const { dimensions, scores: columns } = library.raw.patterns;
  const rows = dimensions.map((name, k) => ({ name, value: columns[k][i] })).filter((one) => one.value !== null);
  if (!rows.length) return null;
  const middle = medians(columns), top = Math.max(5, ...rows.map((one) => one.value!));
  return [h("h3", {}, "Scores"), h("dl", { class: "scores" }, rows.map(({ name, value }) => {
    const bar = h("span", { class: "bar", "aria-hidden": "true" }), median = middle[dimensions.indexOf(name)];
    bar.style.setProperty("--value", `${(100 * value!) / top}%`);
    bar.style.setProperty("--median", `${(100 * (median ?? 0)) / top}%`);
    return h("div", { title: `median of the library: ${median}` }, h("dt", {}, words(name)), bar, h("dd", {}, String(value)));
  })), h("p", { class: "note" }, "The mark is the median of the library.")];
}

/** Return the content of the card of a pattern. */
export async function patternCard(i: number, close: () => void): Promise<HTMLElement[]> {
  const [library, findings, texts] = await Promise.all([loadLibrary(), loadFindings(), loadTexts()]);
  const { patterns } = library.raw, stars = patterns.stars[i];
  const labels = [
    library.text("spec", i) && `spec ${library.text("spec", i)}`, words(library.text("sector", i)), words(library.text("domain", i)),
    library.text("status", i), patterns.orbit[i] !== null ? `layer ${patterns.orbit[i]}` : "", stars !== null && Number.isInteger(stars) && stars > 0 && stars <= 5 ? "★".repeat(stars) : "",
  ].filter(Boolean) as string[];
  const lines = texts.labels[i].split("\n").map((label) => label.replaceAll("\t", () => library.title(i)));
  const readers = texts.readers.map((reader, k) => [reader, lines[k]]).filter(([, label]) => label);
  const path = library.path(i), link = library.address(path), mine = findings.of(i);
  const list = h("ol", { class: "findings" });
  const total = patterns.errors[i] + patterns.warnings[i] + patterns.infos[i];
  return [
    h("header", {}, link ? h("a", { class: "path", href: link }, path) : h("span", { class: "path" }, path),
      h("button", { type: "button", class: "close", "aria-label": "Close", click: close }, "×"),
      h("h2", { id: "card-title" }, library.title(i)),
      h("p", { class: "labels" }, labels.map((one) => h("span", { class: "label" }, one)))),
    texts.summary[i] ? h("p", { class: "summary" }, texts.summary[i]) : null,
    texts.keywords[i] ? h("p", { class: "note" }, texts.keywords[i]) : null,
    readers.length ? h("dl", { class: "readers" }, readers.map(([reader, label]) => h("div", {}, h("dt", {}, words(reader)), h("dd", {}, label)))) : null,
    scores(library, i),
    h("div", { class: "heading" }, h("h3", {}, "Neighborhood"), h("p", {}, `${count(library.linkedBy[i])} in, ${count(library.linksTo[i])} out${library.nowhere[i] ? `, ${count(library.nowhere[i])} nowhere` : ""}`)),
    h("div", { class: "scroll" }, neighborhood(library, i)),
    h("p", { class: "note" }, h("span", { class: "key returned" }, "link"), h("span", { class: "key one-sided" }, "not returned"), h("span", { class: "key missing" }, "leads nowhere")),
    h("div", { class: "buttons" }, h("a", { class: "button", href: address("map", { pattern: library.slug(i) }) }, "Show on the map"),
      h("button", { type: "button", click: () => save(`${library.slug(i)}.mmd`, mermaid(library, i)) }, "Mermaid")),
    h("div", { class: "heading" }, h("h3", {}, "Findings"), h("p", {}, total ? counted(total, "finding") : `none; ${FIXES[0]} needed`)),
    list, portions(list, mine, (one) => findingItem(library, findings, one, { withPlace: false }), 20),
  ].flat(2).filter((one): one is HTMLElement => one instanceof Element);
}
