// The shape: where links go, how scores are spread, what texts have in common.

import { columns, curve } from "./charts";
import { loadLibrary } from "./data";
import { count, counted, h, percent, words } from "./dom";
import { patternAddress } from "./router";

const TOP = 11;
const MOST_PERIODS = 36;

/** Return the page of the shape. */
export async function shapePage(): Promise<HTMLElement> {
  const library = await loadLibrary();
  const { shape, noun: [one, many], patterns } = library.raw;
  const links = shape.letters.reduce((sum, row) => sum + row[1], 0), slugs = shape.letters.reduce((sum, row) => sum + row[2], 0);
  const total = shape.concentration.reduce((sum, n) => sum + n, 0), top = shape.concentration.slice(0, 50).reduce((sum, n) => sum + n, 0);
  const hubs = Array.from({ length: library.size }, (_, i) => i).filter((i) => library.linkedBy[i]).sort((a, b) => library.linkedBy[b] - library.linkedBy[a] || a - b).slice(0, TOP);
  const figure = (title: string, content: Element, note: string) => h("figure", { class: "card" }, h("figcaption", {}, h("h3", {}, title)), content, note ? h("p", { class: "note" }, note) : null);
  return h("section", { class: "page" }, h("h1", {}, "Shape"),
    h("p", { class: "lead" }, "What the library looks like as a whole: where its links go, how its scores are spread, and what its texts have in common."),
    total ? [h("div", { class: "heading" }, h("h2", {}, "Where links go"), h("p", {}, `${counted(total, "link")} to ${counted(shape.concentration.length, "name")}`)),
      h("div", { class: "figures two" },
        figure("First letter of what is linked to", columns(shape.letters.map(([letter, n, behind]) => ({ label: letter, value: n / (links || 1), behind: behind / (slugs || 1), title: `${letter}: ${percent(n, links)} of links, ${percent(behind, slugs)} of ${many}` })), "Share of links and of patterns by first letter"), `Color: share of links by slug. Gray behind: share of ${many}. Without a bias both are alike.`),
        figure("Along the alphabet", columns(shape.parts.map((n, k) => ({ label: `${Math.round((100 * k) / shape.parts.length)} %`, value: n })), "Links to each part of the alphabet", { step: 5 }), `All slugs in alphabetical order, divided into ${shape.parts.length} equal parts, and how many links lead to each. A level picture is a fair view of the library.`),
        figure("Most linked", h("ol", { class: "hubs" }, hubs.map((i) => {
          const bar = h("span", { class: "share accent", "aria-hidden": "true" });
          bar.style.setProperty("--share", `${(100 * library.linkedBy[i]) / library.linkedBy[hubs[0]]}%`);
          return h("li", {}, h("a", { href: patternAddress(library, i) }, library.title(i)), h("b", {}, count(library.linkedBy[i])), bar);
        })), ""),
        figure("Concentration", curve(shape.concentration, "Share of links that the most linked names take"), `${Math.min(50, shape.concentration.length)} names take ${percent(top, total)} of ${counted(total, "link")}. Dashed: every name is linked to equally often. ${count(shape.untargeted)} ${many} (${percent(shape.untargeted, library.size)}) are nobody’s target.`))] : null,
    shape.scored ? [h("div", { class: "heading" }, h("h2", {}, "Scores"), h("p", {}, `${count(shape.scored)} ${shape.scored === 1 ? one : many} with all of them`)),
      h("div", { class: "figures four" }, patterns.dimensions.map((name, k) => figure(words(name), columns(histogram(shape.values[k]), `${words(name)}: number of ${many} by score`, { height: 150, step: 2, bottom: 30 }), ""))),
      h("div", { class: "figures two" },
        shape.overall.length ? figure("Overall score", columns(shape.overall.map(([value, n]) => ({ label: String(value), value: n })), "Overall score", { height: 250, step: Math.ceil(shape.overall.length / 14) }), "") : null,
        h("figure", { class: "card" }, h("figcaption", {}, h("h3", {}, "The same set of scores")), h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "Sets of scores" }, h("table", { class: "sets" }, h("tbody", {}, shape.sets.slice(0, 8).map(([values, n]) =>
          h("tr", {}, h("td", {}, h("code", {}, values.join(" · "))), h("td", { class: "number" }, count(n)), h("td", { class: "number muted" }, percent(n, shape.scored))))))), h("p", { class: "note" }, `${counted(shape.setCount, "different set")} for ${count(shape.scored)} ${many}.`)))] : null,
    shape.statuses.length || shape.copied.length ? [h("div", { class: "heading" }, h("h2", {}, "Status and texts")),
      shape.statuses.length ? h("figure", { class: "card" }, h("figcaption", {}, h("h3", {}, "Status")), h("ol", { class: "hubs" }, shape.statuses.slice(0, 10).map(([name, n]) => {
        const bar = h("span", { class: "share accent", "aria-hidden": "true" });
        bar.style.setProperty("--share", `${(100 * n) / shape.statuses[0][1]}%`);
        return h("li", {}, h("span", {}, name), h("b", {}, count(n)), bar);
      }))) : null,
      shape.copied.length ? h("figure", { class: "card" }, h("figcaption", {}, h("h3", {}, `Sentences in several ${many}`)), h("ol", { class: "sentences" }, shape.copied.map(([text, n]) => h("li", {}, h("b", {}, count(n)), h("q", {}, text)))), h("p", { class: "note" }, "Sentences of 45 letters or more, without tables and headings.")) : null] : null,
    shape.growth.length > 1 ? [h("div", { class: "heading" }, h("h2", {}, "Growth"), h("p", {}, `${count(shape.growth.reduce((sum, row) => sum + row[1], 0))} ids tell when they were made`)),
      h("figure", { class: "card wide" }, growthChart(shape.growth, many))] : null);
}

/** Return the number of patterns by the day, month or year of their ids. */
function growthChart(growth: [string, number][], many: string): SVGElement {
  const sums = [10, 7, 4].map((length) => {
    const found = new Map<string, number>();
    for (const [day, n] of growth) found.set(day.slice(0, length), (found.get(day.slice(0, length)) ?? 0) + n);
    return found;
  });
  const chosen = sums.find((found) => found.size <= MOST_PERIODS) ?? sums[2];
  return columns([...chosen].map(([label, value]) => ({ label, value })), `Number of ${many} by the date of their ids`, { width: 990, height: 200, step: Math.ceil(chosen.size / 6) });
}

/** Return scores in steps of a half, from 1 to 5 where they are in that range. */
function histogram(values: [number, number][]): { label: string; value: number }[] {
  const low = Math.min(1, ...values.map(([value]) => value)), high = Math.max(5, ...values.map(([value]) => value));
  const steps = Math.min(40, Math.round((high - low) * 2));
  const found = Array.from({ length: steps + 1 }, (_, k) => ({ label: String(low + k / 2), value: 0 }));
  for (const [value, n] of values) found[Math.min(steps, Math.round((value - low) * 2))].value += n;
  return found;
}
