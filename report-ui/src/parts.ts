// Parts that several pages show.

import { FIXES, LEVELS, type Cause, type Findings, type Library } from "./data";
import { count, counted, h, rich, type Child } from "./dom";
import { address, patternAddress } from "./router";

const SIGNS = ["", "i", "!", "×"];

/** Return the sign of a level: its shape and its letter tell it without color. */
export function sign(level: number): HTMLElement {
  return h("span", { class: `sign ${LEVELS[level]}`, role: "img", "aria-label": LEVELS[level], title: LEVELS[level] }, SIGNS[level]);
}

/** Return a label that tells the safety of a fix. */
export function fixLabel(safety: number): Child {
  return safety ? h("span", { class: `pill ${safety === 1 ? "safe" : "unsafe"}`, title: safety === 1 ? "`patternlint --fix` applies it" : "`patternlint --fix --unsafe-fixes` applies it; it may change meaning" }, FIXES[safety]) : null;
}

/** Return a link to the page of a rule. */
export function ruleLink(rule: { name: string; page: string; summary: string }): HTMLElement {
  return rule.page
    ? h("a", { class: "rule", href: rule.page, title: rule.summary, target: "_blank", rel: "noopener noreferrer" }, rule.name)
    : h("span", { class: "rule", title: rule.summary }, rule.name);
}

/** Return a cause as one row: count, message, help, and a bar of its share. */
export function causeRow(cause: Cause, most: number): HTMLElement {
  const bar = most > 1 ? h("span", { class: `share ${LEVELS[cause.level]}`, "aria-hidden": "true" }) : null;
  bar?.style.setProperty("--share", `${(100 * cause.count) / most}%`);
  return h("li", { class: "cause" },
    h("a", { href: address("findings", { cause: String(cause.number) }) },
      h("span", { class: "number" }, h("b", {}, count(cause.count)), h("small", {}, `in ${counted(cause.files, "file")}`)),
      h("span", { class: "what" },
        h("span", { class: "message" }, sign(cause.level), h("span", {}, rich(cause.message)), fixLabel(cause.safety)),
        h("span", { class: "advice" }, h("span", { class: "help" }, rich(cause.help || cause.fix)), h("span", { class: "rule" }, cause.rule.name)),
        bar)));
}

/** Return a finding with its line. */
export function findingItem(library: Library, findings: Findings, i: number, { withPlace = true } = {}): HTMLElement {
  const cause = library.causes[findings.cause[i]], file = findings.file[i], path = findings.path(file);
  const line = findings.raw.line[i], column = findings.raw.column[i];
  const excerpt = findings.excerpt(i), start = findings.raw.start[i], length = findings.raw.length[i];
  const fix = findings.fix(i), link = path && library.address(path, line);
  const placeText = path ? `${path}${excerpt ? `:${line}:${column}` : ""}` : "the library as a whole";
  return h("li", { class: "finding" },
    h("p", { class: "message" }, sign(findings.level[i]), h("span", {}, rich(findings.message(i))), fixLabel(findings.raw.safety[i]), findings.raw.new[i] ? h("span", { class: "pill new" }, "new") : null),
    excerpt ? h("pre", { class: `excerpt ${LEVELS[findings.level[i]]}`, tabindex: 0, "aria-label": `line ${line}` }, h("span", { class: "line" }, line), marked(excerpt, start, length)) : null,
    findings.help(i) ? h("p", { class: "help" }, rich(findings.help(i))) : null,
    fix && fix !== findings.help(i) ? h("p", { class: "help fix" }, "Fix: ", rich(fix)) : null,
    h("p", { class: "where" }, ruleLink(cause.rule),
      withPlace && file < library.size ? h("a", { href: patternAddress(library, file) }, library.title(file)) : null,
      link ? h("a", { class: "path", href: link }, placeText) : h("span", { class: "path" }, placeText)));
}

function marked(text: string, start: number, length: number): Child[] {
  const characters = [...text];  // offsets count characters, as in Python
  return [characters.slice(0, start).join(""), h("mark", {}, characters.slice(start, start + length).join("") || "\u00a0"), characters.slice(start + length).join("")];
}

/** Fill a list in portions: the first at once, the next when the reader asks for more. */
export function portions<T>(list: HTMLElement, items: ArrayLike<T>, render: (item: T) => Node, size = 50): HTMLElement {
  let shown = 0;
  const more = h("button", { type: "button", class: "more", click: () => add(shown) });
  function add(focusAt: number): void {
    const fragment = document.createDocumentFragment();
    const end = Math.min(shown + size, items.length);
    for (; shown < end; shown++) fragment.append(render(items[shown]));
    list.append(fragment);
    const rest = items.length - shown;
    more.hidden = rest === 0;
    more.textContent = `Show ${count(Math.min(rest, size))} more of ${count(rest)}`;
    if (focusAt) list.children[focusAt]?.querySelector<HTMLElement>("a, button, [tabindex]")?.focus({ preventScroll: true });
  }
  add(0);
  return more;
}
