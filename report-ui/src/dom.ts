// Elements. Text from patterns only enters the page as text nodes.

export type Child = Node | string | number | null | undefined | false | Child[];
type Handler = (event: any) => void;
export type Attributes = Record<string, string | number | boolean | Handler | undefined>;

const SVG = "http://www.w3.org/2000/svg";

function fill<E extends Element>(element: E, attributes: Attributes, children: Child[]): E {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(name, value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  append(element, children);
  return element;
}

export function append(parent: Element, children: Child[]): void {
  for (const child of children) {
    if (Array.isArray(child)) append(parent, child);
    else if (child instanceof Node) parent.append(child);
    else if (child !== null && child !== undefined && child !== false) parent.append(String(child));
  }
}

/** Return an HTML element. Functions among the attributes are event handlers. */
export function h<K extends keyof HTMLElementTagNameMap>(tag: K, attributes: Attributes = {}, ...children: Child[]): HTMLElementTagNameMap[K] {
  return fill(document.createElement(tag), attributes, children);
}

/** Return an SVG element. */
export function s<K extends keyof SVGElementTagNameMap>(tag: K, attributes: Attributes = {}, ...children: Child[]): SVGElementTagNameMap[K] {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

/** Return a text with what is in backticks as code. */
export function rich(text: string): Child[] {
  return text.split(/(`[^`]+`)/).map((part) => (/^`[^`]+`$/.test(part) ? h("code", {}, part.slice(1, -1)) : part));
}

/** Return a whole number with separators: "3,616". */
export const count = (value: number): string => String(value).replace(/\B(?=(\d{3})+$)/g, ",");

/** Return a count with its noun: "1 file", "3,616 files". */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** Return a count with its verb: "1 leads", "3,616 lead". */
export const counting = (value: number, one: string, many: string): string => `${count(value)} ${value === 1 ? one : many}`;

/** Return a share as a percentage without decimals, except for small ones: "91 %", "0.4 %". */
export function percent(part: number, whole: number): string {
  if (whole === 0) return "–";
  const share = (100 * part) / whole;
  if (share > 99 && share < 100) return `${(Math.floor(share * 10) / 10).toFixed(1)} %`;
  return share > 0 && share < 1 ? `${share.toFixed(1)} %` : `${Math.round(share)} %`;
}

/** Return a name such as "change-adaptation" as words: "Change adaptation". */
export function words(name: string): string {
  const text = name.replace(/[-_]+/g, " ").trim();
  return text ? text[0].toUpperCase() + text.slice(1) : text;
}

/** Let a reader save a text or a blob as a file. */
export function download(name: string, content: string | Blob, type = "text/plain;charset=utf-8"): void {
  const address = URL.createObjectURL(typeof content === "string" ? new Blob([content], { type }) : content);
  h("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
