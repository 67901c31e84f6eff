// The findings with facets and search, in one pass over all of them.

import { FIXES, LEVELS, loadFindings, loadLibrary, type Findings, type Library } from "./data";
import { count, counted, h, rich, words } from "./dom";
import { csv, save } from "./export";
import { findingItem, portions } from "./parts";
import { address, keep } from "./router";

interface Facet {
  key: string;
  title: string;
  names: string[];
  labels?: string[];
  /** The number of the value of each finding. */
  values: Uint16Array;
  chosen: Set<number>;
  counts: Uint32Array;
}

const MAX_ROWS = 12;

function facetsOf(library: Library, findings: Findings): Facet[] {
  const groups = [...new Set(library.rules.map((rule) => rule.group))].sort();
  const groupOf = library.rules.map((rule) => groups.indexOf(rule.group));
  const folderColumn = library.raw.patterns.folder;
  const folders = [...folderColumn.texts, "other files"];
  const facet = (key: string, title: string, names: string[], of: (i: number) => number, labels?: string[]): Facet =>
    ({ key, title, names, values: Uint16Array.from({ length: findings.size }, (_, i) => of(i)), chosen: new Set(), counts: new Uint32Array(names.length), ...(labels ? { labels } : {}) });
  const facets = [
    facet("level", "Level", [...LEVELS], (i) => findings.level[i]),
    facet("fix", "Fix", ["none", "safe", "unsafe"], (i) => findings.raw.safety[i], [...FIXES]),
  ];
  if (library.raw.since) facets.push(facet("new", "Since the baseline", ["known", "new"], (i) => findings.raw.new[i]));
  facets.push(
    facet("group", "Group", groups, (i) => groupOf[findings.rule[i]], groups.map(words)),
    facet("rule", "Rule", library.rules.map((rule) => rule.name), (i) => findings.rule[i]),
  );
  if (folderColumn.texts.length > 1 || findings.raw.others.length)
    facets.push(facet("folder", "Folder", folders, (i) => (findings.file[i] < library.size ? folderColumn.values[findings.file[i]] : folders.length - 1)));
  return facets;
}

/** Return the page of findings. */
export async function findingsPage(parameters: URLSearchParams): Promise<HTMLElement> {
  const library = await loadLibrary(), findings = await loadFindings();
  const facets = facetsOf(library, findings);
  for (const facet of facets)
    for (const name of parameters.getAll(facet.key).flatMap((one) => one.split(",")))
      if (facet.names.includes(name)) facet.chosen.add(facet.names.indexOf(name));
  let cause = parameters.has("cause") ? Number(parameters.get("cause")) : -1;
  if (!library.causes[cause]) cause = -1;
  const matches = new Uint8Array(findings.raw.messages.length), fileMatches = new Uint8Array(findings.files);
  let lower: { messages: string[]; files: string[] } | undefined;

  const search = h("input", { type: "search", placeholder: "Search message, title or path", "aria-label": "Search findings", value: parameters.get("q") ?? "", input: () => update() });
  const list = h("ol", { class: "findings" }), foot = h("div", { class: "foot" });
  const status = h("p", { class: "status", role: "status" });
  const chip = h("div", { class: "chips" });
  const sidebar = h("div", { class: "facets" });
  let result = new Uint32Array(0);

  const lowered = () => (lower ??= {
    messages: findings.raw.messages.map((one) => one.toLowerCase()),
    files: Array.from({ length: findings.files }, (_, file) => `${file < library.size ? library.title(file) : ""}\n${findings.path(file)}`.toLowerCase()),
  });

  function searchTexts(text: string): boolean {
    if (!text) return false;
    const { messages, files } = lowered();
    for (let k = 0; k < messages.length; k++) matches[k] = Number(messages[k].includes(text));
    for (let k = 0; k < files.length; k++) fileMatches[k] = Number(files[k].includes(text));
    return true;
  }

  /** Find what matches, and count the values of each facet among what matches all others, in one pass. */
  function filter(): void {
    const hasText = searchTexts(search.value.trim().toLowerCase());
    for (const facet of facets) facet.counts.fill(0);
    const found = new Uint32Array(findings.size), active = facets.filter((facet) => facet.chosen.size);
    const { message } = findings.raw, { file, cause: causes } = findings;
    let size = 0;
    for (let i = 0; i < findings.size; i++) {
      if (cause >= 0 && causes[i] !== cause) continue;
      if (hasText && !matches[message[i]] && !fileMatches[file[i]]) continue;
      let failed: Facet | undefined, failures = 0;
      for (const facet of active) {
        if (facet.chosen.has(facet.values[i])) continue;
        failed = facet;
        failures++;
      }
      if (!failed) found[size++] = i;
      else if (failures === 1) failed.counts[failed.values[i]]++;
    }
    for (const { counts, values } of facets) for (let k = 0; k < size; k++) counts[values[found[k]]]++;
    result = found.subarray(0, size);
  }

  function update(): void {
    filter();
    const seen = new Uint8Array(findings.files);
    let files = 0;
    for (const i of result) if (!seen[findings.file[i]]++) files++;
    status.textContent = `${count(result.length)} of ${counted(findings.size, "finding")}, in ${counted(files, "file")}`;
    list.replaceChildren();
    foot.replaceChildren(portions(list, result, (i) => findingItem(library, findings, i)));
    if (!result.length) list.append(h("li", { class: "empty" }, "Nothing matches these filters."));
    showFacets();
    showChip();
    const kept: Record<string, string> = {};
    for (const facet of facets) if (facet.chosen.size) kept[facet.key] = [...facet.chosen].map((k) => facet.names[k]).join(",");
    if (search.value.trim()) kept.q = search.value.trim();
    if (cause >= 0) kept.cause = String(cause);
    keep("findings", kept);
  }

  function showFacets(): void {
    const open = new Set([...sidebar.querySelectorAll<HTMLElement>("fieldset[data-open]")].map((one) => one.dataset.key));
    const active = document.activeElement?.id;
    sidebar.replaceChildren(...facets.map((facet) => {
      const shown = [...facet.names.keys()].filter((k) => facet.counts[k] || facet.chosen.has(k));
      shown.sort((a, b) => (facet.key === "level" ? b - a : facet.counts[b] - facet.counts[a]));
      const isOpen = open.has(facet.key), rows = isOpen ? shown : shown.slice(0, MAX_ROWS);
      const field = h("fieldset", { "data-key": facet.key, "data-open": isOpen }, h("legend", {}, facet.title),
        rows.map((k) => h("label", {}, h("input", {
          type: "checkbox", id: `${facet.key}-${facet.names[k]}`, checked: facet.chosen.has(k),
          change: (event: Event) => {
            if ((event.target as HTMLInputElement).checked) facet.chosen.add(k);
            else facet.chosen.delete(k);
            update();
          },
        }), h("span", {}, facet.labels?.[k] ?? facet.names[k]), h("b", {}, count(facet.counts[k])))),
        shown.length > rows.length ? h("button", { type: "button", class: "link", click: () => { field.toggleAttribute("data-open", true); showFacets(); } }, `${shown.length - rows.length} more`) : null);
      return field;
    }));
    if (active) document.getElementById(active)?.focus({ preventScroll: true });
  }

  function showChip(): void {
    const one = library.causes[cause];
    chip.replaceChildren(...(one ? [h("div", { class: "chip" }, h("span", {}, h("b", {}, "Cause: "), rich(one.message)),
      h("button", { type: "button", "aria-label": "Remove the filter by cause", click: () => { cause = -1; update(); } }, "×"))] : []));
  }

  const rows = () => Array.from(result, (i) => [findings.path(findings.file[i]), findings.raw.line[i], findings.raw.column[i], LEVELS[findings.level[i]], library.rules[findings.rule[i]].name, findings.message(i), findings.help(i), findings.fix(i)]);
  const head = ["path", "line", "column", "level", "rule", "message", "help", "fix"];
  update();
  setTimeout(lowered, 200);  // the first key does not wait for it
  return h("section", { class: "page" }, h("h1", {}, "Findings"),
    library.raw.omitted ? h("p", { class: "notice" }, `${counted(library.raw.omitted, "finding")} of frequent causes are counted under `, h("a", { href: address("causes") }, "Causes"), ", but not listed here.") : null,
    h("div", { class: "with-facets" }, h("details", { class: "filters", open: window.innerWidth > 760 }, h("summary", {}, "Filters"), sidebar),
      h("div", {}, h("div", { class: "toolbar" }, search,
        h("button", { type: "button", click: () => save("findings.csv", csv(head, rows())) }, "CSV"),
        h("button", { type: "button", click: () => save("findings.json", JSON.stringify(rows().map((row) => Object.fromEntries(head.map((name, k) => [name, row[k]]))), null, 1)) }, "JSON")),
        chip, status, list, foot)));
}
