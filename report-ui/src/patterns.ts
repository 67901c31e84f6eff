// All patterns as a table: the map in words.

import { loadLibrary, type Library } from "./data";
import { count, counted, h, words } from "./dom";
import { csv, save, type Cell } from "./export";
import { portions } from "./parts";
import { keep, patternAddress } from "./router";

interface TableColumn {
  key: string;
  title: string;
  of: (i: number) => Cell;
  isNumber: boolean;
}

function columnsOf(library: Library): TableColumn[] {
  const { patterns } = library.raw;
  const number = (key: string, title: string, of: (i: number) => Cell): TableColumn => ({ key, title, of, isNumber: true });
  const text = (key: string, title: string, of: (i: number) => Cell): TableColumn => ({ key, title, of, isNumber: false });
  const used = (column: "domain" | "sector" | "status") => patterns[column].texts.some((one) => one !== "");
  return [
    text("title", "Title", (i) => library.title(i)),
    ...(used("sector") ? [text("sector", "Sector", (i) => library.text("sector", i))] : []),
    ...(used("domain") ? [text("domain", "Domain", (i) => library.text("domain", i))] : []),
    ...(patterns.overall.some((one) => one !== null) ? [number("score", "Score", (i) => patterns.overall[i])] : []),
    number("linkedBy", "Linked by", (i) => library.linkedBy[i]),
    number("linksTo", "Links to", (i) => library.linksTo[i]),
    number("nowhere", "Nowhere", (i) => library.nowhere[i]),
    ...(patterns.copied.some((one) => one) ? [number("copied", "Copied text", (i) => patterns.copied[i])] : []),
    number("errors", "Errors", (i) => patterns.errors[i]),
    number("findings", "Findings", (i) => patterns.errors[i] + patterns.warnings[i] + patterns.infos[i]),
  ];
}

/** Return the table of patterns. */
export async function patternsPage(parameters: URLSearchParams): Promise<HTMLElement> {
  const library = await loadLibrary();
  const [, many] = library.raw.noun;
  const columns = columnsOf(library);
  let sort = columns.find((one) => one.key === parameters.get("sort")) ?? columns[0];
  let falling = parameters.has("order") ? parameters.get("order") === "falling" : sort.isNumber;
  const body = h("tbody"), foot = h("div", { class: "foot" }), status = h("p", { class: "status", role: "status" });
  const search = h("input", { type: "search", placeholder: "Search title, slug, domain or path", "aria-label": `Search ${many}`, value: parameters.get("q") ?? "", input: update });
  const head = h("tr");
  const texts = Array.from({ length: library.size }, (_, i) => `${library.title(i)}\n${library.path(i)}\n${library.slug(i)}\n${library.text("domain", i)}\n${library.text("sector", i)}`.toLowerCase());
  let shown: number[] = [];

  function update(): void {
    const text = search.value.trim().toLowerCase();
    shown = [];
    for (let i = 0; i < library.size; i++) if (!text || texts[i].includes(text)) shown.push(i);
    const values = Array.from({ length: library.size }, (_, i) => sort.of(i));
    const compare = sort.isNumber
      ? (a: number, b: number) => ((values[a] as number | null) ?? -1) - ((values[b] as number | null) ?? -1)
      : (() => { const collator = new Intl.Collator("en"); return (a: number, b: number) => collator.compare(String(values[a]), String(values[b])); })();
    shown.sort((a, b) => (falling ? -1 : 1) * compare(a, b) || a - b);
    status.textContent = `${count(shown.length)} of ${counted(library.size, library.raw.noun[0], many)}`;
    head.replaceChildren(...columns.map((column) => {
      const isSorted = column === sort;
      return h("th", { scope: "col", class: column.isNumber ? "number" : "text", "aria-sort": isSorted ? (falling ? "descending" : "ascending") : undefined },
        h("button", { type: "button", click: () => { falling = isSorted ? !falling : column.isNumber; sort = column; update(); } }, column.title, h("span", { "aria-hidden": "true" }, isSorted ? (falling ? " ↓" : " ↑") : "")));
    }));
    body.replaceChildren();
    foot.replaceChildren(portions(body, shown, row, 100));
    keep("patterns", { ...(sort.key === "title" ? {} : { sort: sort.key }), ...(falling === sort.isNumber ? {} : { order: falling ? "falling" : "rising" }), ...(text ? { q: search.value.trim() } : {}) });
  }

  const row = (i: number) => h("tr", {}, columns.map((column, k) => {
    const value = column.of(i);
    if (k === 0) return h("th", { scope: "row" }, h("a", { href: patternAddress(library, i) }, value));
    if (!column.isNumber) return h("td", {}, value ? words(String(value)) : "");
    const isBad = value && (column.key === "errors" || column.key === "nowhere");
    return h("td", { class: `number${isBad ? " bad" : value ? "" : " zero"}` }, value === null ? "–" : column.key === "score" ? String(value) : column.key === "copied" ? `${value} %` : count(value as number));
  }));

  update();
  const table = (): Cell[][] => shown.map((i) => [library.path(i), library.slug(i), ...columns.map((column) => column.of(i))]);
  const names = ["path", "slug", ...columns.map((column) => column.key)];
  return h("section", { class: "page" }, h("h1", {}, words(many)),
    h("div", { class: "toolbar" }, search,
      h("button", { type: "button", click: () => save("patterns.csv", csv(names, table())) }, "CSV"),
      h("button", { type: "button", click: () => save("patterns.json", JSON.stringify(table().map((values) => Object.fromEntries(names.map((name, k) => [name, values[k]]))), null, 1)) }, "JSON")),
    status, h("div", { class: "card table", tabindex: 0, role: "region", "aria-label": `Table of ${many}` }, h("table", {}, h("thead", {}, head), body)), foot);
}
