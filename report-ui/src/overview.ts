// The overview: four shares, where to begin, the map in small, and what the shape says.

import { donut, stack, trend } from "./charts";
import { LEVELS, loadOverview, type OverviewBlock } from "./data";
import { count, counted, counting, h, percent, words, type Child } from "./dom";
import { miniature } from "./map";
import { causeRow } from "./parts";
import { address } from "./router";

/** Libraries with fewer links say nothing about the alphabet. */
const FEWEST_LINKS = 100;

/** Return the overview. */
export async function overviewPage(): Promise<HTMLElement> {
  const { raw, first } = await loadOverview();
  const { counts } = raw, [one, many] = raw.noun;
  const [errors, warnings, infos] = raw.levels;
  const most = Math.max(...first.map((cause) => cause.count), 1);
  return h("section", { class: "page" },
    h("h1", {}, raw.title),
    h("p", { class: "lead" }, h("b", {}, count(counts.patterns)), ` ${counts.patterns === 1 ? one : many}, ${counted(counts.links, "link")} between them. `,
      raw.total ? [h("b", {}, count(raw.total)), ` ${raw.total === 1 ? "finding" : "findings"}: ${counted(errors, "error")}, ${counted(warnings, "warning")}, ${count(infos)} info.`] : "No findings."),
    raw.notes.map((note) => h("p", { class: "notice" }, note)),
    raw.omitted ? h("p", { class: "notice" }, `${counting(raw.omitted, "finding of a frequent cause is", "findings of frequent causes are")} counted, but not listed one by one, to keep this file small.`) : null,
    h("div", { class: "tiles" },
      tile("good", counts.withoutErrors, counts.patterns, `${words(many)} without an error`, counting(counts.patterns - counts.withoutErrors, "has errors", "have errors"), address("findings", { level: "error" })),
      tile("accent", counts.links - counts.unresolved, counts.links, "Links that resolve", counting(counts.unresolved, "leads nowhere", "lead nowhere"), address("map")),
      tile("info", counts.patterns - raw.shape.untargeted, counts.patterns, `${words(many)} linked to`, counting(raw.shape.untargeted, "is nobody’s target", "are nobody’s target"), address("patterns", { sort: "linkedBy" })),
      tile("warning", counts.mutual - counts.oneSided, counts.mutual, "Mutual links returned", counting(counts.oneSided, "is one-sided", "are one-sided"), address("findings", { rule: "missing-reciprocal" }))),
    h("div", { class: "split" },
      h("div", {},
        h("div", { class: "heading" }, h("h2", {}, "Where to begin"), raw.total ? h("p", {}, `${counted(raw.total, "finding")}, ${counted(counts.causes, "cause")}; ${count(raw.most)} account for 80 %`) : null),
        h("div", { class: "card" },
          first.length ? h("ul", { class: "causes" }, first.map((cause) => causeRow(cause, most))) : h("p", { class: "empty" }, "Nothing to do: no rule has found anything."),
          counts.causes > first.length ? h("a", { class: "all", href: address("causes") }, `All ${counted(counts.causes, "cause")}`) : null)),
      h("div", { class: "aside" },
        h("div", { class: "heading" }, h("h2", {}, "The map")),
        h("a", { class: "card picture", href: address("map") }, miniature(),
          h("span", { class: "caption" }, `Each dot is a ${one}, larger the more link to it.`, counts.missing ? " Dashed red: names that are linked to and do not exist." : "")),
        raw.total ? h("div", { class: "card" }, h("h3", {}, "By group of rules"), groups(raw)) : null,
        since(raw), history(raw))),
    h("div", { class: "heading" }, h("h2", {}, "What the shape says"), h("p", {}, "what no single file shows"), h("a", { href: address("shape") }, "All figures")),
    h("ol", { class: "card facts" }, facts(raw).map(([number, text, detail, link]) =>
      h("li", {}, h("b", {}, number), h("span", {}, link ? h("a", { href: link }, text) : h("span", {}, text), h("small", {}, detail))))));
}

function tile(role: string, part: number, whole: number, label: string, detail: string, link: string): HTMLElement {
  return h("a", { class: "card tile", href: link }, donut(whole ? part / whole : 1, role),
    h("span", {}, h("b", {}, percent(part, whole)), h("span", {}, label), h("small", {}, whole ? detail : "none to count")));
}

function groups({ groups: rows }: OverviewBlock): HTMLElement {
  const total = ([, ...levels]: OverviewBlock["groups"][0]) => levels.reduce((a, b) => a + b);
  return h("ul", { class: "groups" }, rows.map((row) =>
    h("li", {}, h("a", { href: address("findings", { group: row[0] }) }, h("span", {}, words(row[0])),
      stack([[LEVELS[3], row[1]], [LEVELS[2], row[2]], [LEVELS[1], row[3]]], total(rows[0])), h("b", {}, count(total(row)))))));
}

function since({ since: rows, sinceCauses: causes }: OverviewBlock): Child {
  if (!rows) return null;
  const sum = (k: 1 | 2 | 3) => rows.reduce((all, row) => all + row[k], 0);
  const changed = rows.filter((row) => row[2] || row[3]).sort((a, b) => b[2] + b[3] - a[2] - a[3]);
  return h("div", { class: "card since" }, h("h3", {}, "Since the baseline"),
    h("p", {}, h("a", { href: address("findings", { new: "new" }) }, counted(sum(2), "new finding")), `, ${count(sum(3))} resolved, ${count(sum(1))} known`),
    changed.length ? h("table", {}, h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "rule"), h("th", { scope: "col", class: "number" }, "new"), h("th", { scope: "col", class: "number" }, "resolved"))),
      h("tbody", {}, changed.slice(0, 12).map(([rule, , added, resolved]) => h("tr", {}, h("td", {}, added ? h("a", { href: address("findings", { new: "new", rule }) }, rule) : rule), ...changeCells(added, resolved))))) : null,
    causes.length ? h("details", {}, h("summary", {}, "By cause"), h("table", {},
      h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "about"), h("th", { scope: "col", class: "number" }, "new"), h("th", { scope: "col", class: "number" }, "resolved"))),
      h("tbody", {}, causes.map(([rule, about, added, resolved]) => h("tr", {}, h("td", {}, about ? [h("code", {}, about), " "] : null, h("small", {}, rule)), ...changeCells(added, resolved)))))) : null);
}

function changeCells(added: number, resolved: number): HTMLElement[] {
  return [h("td", { class: "number" }, added ? `+${count(added)}` : ""), h("td", { class: "number" }, resolved ? `−${count(resolved)}` : "")];
}

function history({ history: points }: OverviewBlock): Child {
  if (points.length < 2) return null;
  const roles = ["error", "warning", "info"];
  return h("div", { class: "card" }, h("h3", {}, "Over time"),
    trend(points.map(([date, commit, , levels]) => ({ label: commit ? `${date} ${commit.slice(0, 7)}` : date, values: roles.map((role) => levels[role] ?? 0) })), roles, "Errors, warnings and infos over time"),
    h("p", { class: "note" }, roles.map((role) => h("span", { class: `key ${role}` }, role))));
}

/** Return what the shape says: a number, a sentence, a detail and an address. */
function facts(raw: OverviewBlock): [string, string, string, string][] {
  const { shape, counts } = raw, [one, many] = raw.noun;
  const found: [string, string, string, string][] = [];
  const links = shape.letters.reduce((sum, row) => sum + row[1], 0), slugs = shape.letters.reduce((sum, row) => sum + row[2], 0);
  const letter = shape.letters.reduce((a, b) => (b[1] > a[1] ? b : a), ["", 0, 0]);
  if (links >= FEWEST_LINKS) found.push([percent(letter[1], links), `of links by slug lead to names that begin with “${letter[0]}”`, `${percent(letter[2], slugs)} of ${many} do${letter[1] / links > 3 * (letter[2] / slugs) ? ": whoever made the links saw the beginning of the alphabet" : ""}`, address("shape")]);
  const total = shape.concentration.reduce((sum, n) => sum + n, 0), top = shape.concentration.slice(0, 50).reduce((sum, n) => sum + n, 0);
  if (total && shape.concentration.length > 50) found.push([percent(top, total), "of all links go to 50 names", `${count(shape.concentration.length)} names are linked to; ${count(shape.untargeted)} ${many} (${percent(shape.untargeted, counts.patterns)}) are nobody’s target`, address("patterns", { sort: "linkedBy" })]);
  if (counts.unresolved) found.push([count(counts.unresolved), counts.unresolved === 1 ? "link leads nowhere" : "links lead nowhere", `to ${counted(counts.missing, "name")} that ${counts.missing === 1 ? "does" : "do"} not exist`, address("findings", { rule: "dangling-target" })]);
  if (counts.mutual) found.push([percent(counts.oneSided, counts.mutual), "of the links that should be returned are not", `${counting(counts.oneSided, "is one-sided", "are one-sided")}, ${counting(counts.mutual - counts.oneSided, "is returned", "are returned")}`, address("findings", { rule: "missing-reciprocal" })]);
  if (shape.scored && shape.sets[0][1] > 1) found.push([percent(shape.sets[0][1], shape.scored), `of scored ${many} have one and the same set of scores`, `${shape.sets[0][0].join(" · ")}; ${counted(shape.setCount, "set")} for ${count(shape.scored)} ${many}`, address("shape")]);
  if (shape.copied.length) found.push([count(shape.copied[0][1]), `${many} share one sentence word for word`, shape.copied.slice(0, 2).map(([text, n], k) => (k ? `${count(n)}: “${text}”` : `“${text}”`)).join(" · "), address("shape")]);
  const states = shape.statuses.reduce((sum, row) => sum + row[1], 0);
  if (states) found.push([percent(shape.statuses[0][1], states), `of ${many} with a status are “${shape.statuses[0][0]}”`, shape.statuses.slice(1, 5).map(([name, n]) => `${count(n)} ${name}`).join(", ") || `every ${one}`, address("patterns")]);
  if (raw.hub && raw.hub[2] > 1 && found.length < 7) found.push([count(raw.hub[2]), `links lead to ${raw.hub[1]}`, `more than to any other ${one}`, `#pattern/@${raw.hub[0]}`]);
  return found;
}
