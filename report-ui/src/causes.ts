// All causes, to filter by group and level.

import { LEVELS, loadLibrary } from "./data";
import { count, counted, h, words } from "./dom";
import { csv, save } from "./export";
import { causeRow, portions } from "./parts";

/** Return the page of all causes. */
export async function causesPage(): Promise<HTMLElement> {
  const library = await loadLibrary();
  const groups = [...new Set(library.rules.map((rule) => rule.group))].sort();
  const list = h("ul", { class: "causes" }), foot = h("div", { class: "foot" }), status = h("p", { class: "status", role: "status" });
  const search = h("input", { type: "search", placeholder: "Search message, rule or name", "aria-label": "Search causes", input: update });
  const group = h("select", { "aria-label": "Group", change: update }, h("option", { value: "" }, "all groups"), groups.map((one) => h("option", { value: one }, words(one))));
  const level = h("select", { "aria-label": "Level", change: update }, h("option", { value: "" }, "all levels"), [3, 2, 1].map((one) => h("option", { value: one }, LEVELS[one])));
  const order = h("select", { "aria-label": "Order", change: update }, h("option", { value: "weight" }, "most important first"), h("option", { value: "count" }, "most findings first"), h("option", { value: "files" }, "most files first"));
  let shown = library.causes;
  function update(): void {
    const text = search.value.trim().toLowerCase();
    shown = library.causes.filter((cause) =>
      (!group.value || cause.rule.group === group.value) && (!level.value || cause.level === Number(level.value)) &&
      (!text || `${cause.message}\n${cause.rule.name}\n${cause.subject}`.toLowerCase().includes(text)));
    if (order.value !== "weight") shown = [...shown].sort((a, b) => b[order.value as "count" | "files"] - a[order.value as "count" | "files"]);
    const findings = shown.reduce((sum, cause) => sum + cause.count, 0);
    status.textContent = `${counted(shown.length, "cause")} with ${counted(findings, "finding")}`;
    list.replaceChildren();
    const most = shown.reduce((sum, cause) => Math.max(sum, cause.count), 1);
    foot.replaceChildren(portions(list, shown, (cause) => causeRow(cause, most), 60));
  }
  update();
  return h("section", { class: "page" }, h("h1", {}, "Causes"),
    h("p", { class: "lead" }, `A cause is what one decision can resolve. ${count(library.raw.most)} of ${counted(library.causes.length, "cause")} account for 80 % of the findings.`),
    h("div", { class: "toolbar" }, search, group, level, order,
      h("button", { type: "button", click: () => save("causes.csv", csv(["rule", "level", "findings", "files", "message", "help", "fix"], shown.map((one) => [one.rule.name, LEVELS[one.level], one.count, one.files, one.message, one.help, one.fix]))) }, "CSV")),
    status, h("div", { class: "card" }, list, foot));
}
