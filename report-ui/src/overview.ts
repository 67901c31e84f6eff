// The overview: four shares, where to begin, the map in small, and what the shape says.

import { donut, stack, trend } from "./charts";
import { LEVELS, loadLibrary, type Library } from "./data";
import { count, counted, counting, h, percent, words, type Child } from "./dom";
import { miniature } from "./map";
import { causeRow } from "./parts";
import { address, patternAddress } from "./router";

const SHOWN_CAUSES = 8;
/** Libraries with fewer links say nothing about the alphabet. */
const FEWEST_LINKS = 100;

/** Return the overview. */
export async function overviewPage(): Promise<HTMLElement> {
  const library = await loadLibrary();
  const { raw } = library;
  const [one, many] = raw.noun;
  const [errors, warnings, infos] = raw.levels;
  const top = library.causes.slice(0, SHOWN_CAUSES), most = Math.max(...top.map((cause) => cause.count), 1);
  return h("section", { class: "page" },
    h("h1", {}, raw.title),
    h("p", { class: "lead" }, h("b", {}, count(library.size)), ` ${library.size === 1 ? one : many}, ${counted(library.source.length, "link")} between them. `,
      raw.total ? [h("b", {}, count(raw.total)), ` ${raw.total === 1 ? "finding" : "findings"}: ${counted(errors, "error")}, ${counted(warnings, "warning")}, ${count(infos)} info.`] : "No findings."),
    raw.notes.map((note) => h("p", { class: "notice" }, note)),
    raw.omitted ? h("p", { class: "notice" }, `${counting(raw.omitted, "finding of a frequent cause is", "findings of frequent causes are")} counted, but not listed one by one, to keep this file small.`) : null,
    h("div", { class: "tiles" },
      tile("good", library.withoutErrors, library.size, `${words(many)} without an error`, counting(library.size - library.withoutErrors, "has errors", "have errors"), address("findings", { level: "error" })),
      tile("accent", library.source.length - library.unresolved, library.source.length, "Links that resolve", counting(library.unresolved, "leads nowhere", "lead nowhere"), address("map")),
      tile("info", library.size - raw.shape.untargeted, library.size, `${words(many)} linked to`, counting(raw.shape.untargeted, "is nobody’s target", "are nobody’s target"), address("patterns", { sort: "linkedBy" })),
      tile("warning", library.mutual - library.oneSided, library.mutual, "Mutual links returned", counting(library.oneSided, "is one-sided", "are one-sided"), address("findings", { rule: "missing-reciprocal" }))),
    h("div", { class: "split" },
      h("div", {},
        h("div", { class: "heading" }, h("h2", {}, "Where to begin"), raw.total ? h("p", {}, `${counted(raw.total, "finding")}, ${counted(library.causes.length, "cause")}; ${count(raw.most)} account for 80 %`) : null),
        h("div", { class: "card" },
          top.length ? h("ul", { class: "causes" }, top.map((cause) => causeRow(cause, most))) : h("p", { class: "empty" }, "Nothing to do: no rule has found anything."),
          library.causes.length > top.length ? h("a", { class: "all", href: address("causes") }, `All ${counted(library.causes.length, "cause")}`) : null)),
      h("div", { class: "aside" },
        h("div", { class: "heading" }, h("h2", {}, "The map")),
        h("a", { class: "card picture", href: address("map") }, miniature(library),
          h("span", { class: "caption" }, `Each dot is a ${one}, larger the more link to it.`, raw.missing.length ? " Dashed red: names that are linked to and do not exist." : "")),
        raw.total ? h("div", { class: "card" }, h("h3", {}, "By group of rules"), groups(library)) : null,
        since(library), history(library))),
    h("div", { class: "heading" }, h("h2", {}, "What the shape says"), h("p", {}, "what no single file shows"), h("a", { href: address("shape") }, "All figures")),
    h("ol", { class: "card facts" }, facts(library).map(([number, text, detail, link]) =>
      h("li", {}, h("b", {}, number), h("span", {}, link ? h("a", { href: link }, text) : h("span", {}, text), h("small", {}, detail))))));
}

function tile(role: string, part: number, whole: number, label: string, detail: string, link: string): HTMLElement {
  return h("a", { class: "card tile", href: link }, donut(whole ? part / whole : 1, role),
    h("span", {}, h("b", {}, percent(part, whole)), h("span", {}, label), h("small", {}, whole ? detail : "none to count")));
}

function groups(library: Library): HTMLElement {
  const sizes = new Map<string, [number, number, number, number]>();
  for (const cause of library.causes) {
    const before = sizes.get(cause.rule.group) ?? [0, 0, 0, 0];
    before[cause.level] += cause.count;
    sizes.set(cause.rule.group, before);
  }
  const rows = [...sizes].map(([name, levels]): [string, number[], number] => [name, levels, levels.reduce((a, b) => a + b)]).sort((a, b) => b[2] - a[2]);
  return h("ul", { class: "groups" }, rows.map(([name, levels, total]) =>
    h("li", {}, h("a", { href: address("findings", { group: name }) }, h("span", {}, words(name)),
      stack([3, 2, 1].map((level): [string, number] => [LEVELS[level], levels[level]]), rows[0][2]), h("b", {}, count(total))))));
}

function since(library: Library): Child {
  const rows = library.raw.since;
  if (!rows) return null;
  const sum = (k: 1 | 2 | 3) => rows.reduce((all, row) => all + row[k], 0);
  const changed = rows.filter((row) => row[2] || row[3]).sort((a, b) => b[2] + b[3] - a[2] - a[3]);
  return h("div", { class: "card since" }, h("h3", {}, "Since the baseline"),
    h("p", {}, h("a", { href: address("findings", { new: "new" }) }, counted(sum(2), "new finding")), `, ${count(sum(3))} resolved, ${count(sum(1))} known`),
    changed.length ? h("table", {}, h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "rule"), h("th", { scope: "col" }, "new"), h("th", { scope: "col" }, "resolved"))),
      h("tbody", {}, changed.slice(0, 12).map(([rule, , added, resolved]) => h("tr", {}, h("td", {}, rule), h("td", {}, added ? `+${count(added)}` : ""), h("td", {}, resolved ? `−${count(resolved)}` : ""))))) : null);
}

function history(library: Library): Child {
  const points = library.raw.history;
  if (points.length < 2) return null;
  const roles = ["error", "warning", "info"];
  return h("div", { class: "card" }, h("h3", {}, "Over time"),
    trend(points.map(([date, commit, , levels]) => ({ label: commit ? `${date} ${commit.slice(0, 7)}` : date, values: roles.map((role) => levels[role] ?? 0) })), roles, "Errors, warnings and infos over time"),
    h("p", { class: "note" }, roles.map((role) => h("span", { class: `key ${role}` }, role))));
}

/** Return what the shape says: a number, a sentence, a detail and an address. */
function facts(library: Library): [string, string, string, string][] {
  const { raw } = library, { shape } = raw, [one, many] = raw.noun;
  const found: [string, string, string, string][] = [];
  const links = shape.letters.reduce((sum, row) => sum + row[1], 0), slugs = shape.letters.reduce((sum, row) => sum + row[2], 0);
  const letter = shape.letters.reduce((a, b) => (b[1] > a[1] ? b : a), ["", 0, 0]);
  if (links >= FEWEST_LINKS) found.push([percent(letter[1], links), `of links by slug lead to names that begin with “${letter[0]}”`, `${percent(letter[2], slugs)} of ${many} do${letter[1] / links > 3 * (letter[2] / slugs) ? ": whoever made the links saw the beginning of the alphabet" : ""}`, address("shape")]);
  const total = shape.concentration.reduce((sum, n) => sum + n, 0), top = shape.concentration.slice(0, 50).reduce((sum, n) => sum + n, 0);
  if (total && shape.concentration.length > 50) found.push([percent(top, total), "of all links go to 50 names", `${count(shape.concentration.length)} names are linked to; ${count(shape.untargeted)} ${many} (${percent(shape.untargeted, library.size)}) are nobody’s target`, address("patterns", { sort: "linkedBy" })]);
  if (library.unresolved) found.push([count(library.unresolved), library.unresolved === 1 ? "link leads nowhere" : "links lead nowhere", `to ${counted(raw.missing.length, "name")} that ${raw.missing.length === 1 ? "does" : "do"} not exist`, address("findings", { rule: "dangling-target" })]);
  if (library.mutual) found.push([percent(library.oneSided, library.mutual), "of the links that should be returned are not", `${counting(library.oneSided, "is one-sided", "are one-sided")}, ${counting(library.mutual - library.oneSided, "is returned", "are returned")}`, address("findings", { rule: "missing-reciprocal" })]);
  if (shape.scored && shape.sets[0][1] > 1) found.push([percent(shape.sets[0][1], shape.scored), `of scored ${many} have one and the same set of scores`, `${shape.sets[0][0].join(" · ")}; ${counted(shape.setCount, "set")} for ${count(shape.scored)} ${many}`, address("shape")]);
  if (shape.copied.length) found.push([count(shape.copied[0][1]), `${many} share one sentence word for word`, `“${shape.copied[0][0]}”`, address("shape")]);
  const states = shape.statuses.reduce((sum, row) => sum + row[1], 0);
  if (states) found.push([percent(shape.statuses[0][1], states), `of ${many} with a status are “${shape.statuses[0][0]}”`, shape.statuses.slice(1, 5).map(([name, n]) => `${count(n)} ${name}`).join(", ") || `every ${one}`, address("patterns")]);
  const hub = library.linkedBy.reduce((best, n, i) => (n > library.linkedBy[best] ? i : best), 0);
  if (library.size && library.linkedBy[hub] > 1 && found.length < 7) found.push([count(library.linkedBy[hub]), `links lead to ${library.title(hub)}`, `more than to any other ${one}`, patternAddress(library, hub)]);
  return found;
}
