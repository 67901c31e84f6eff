// What readers save: tables as CSV and JSON, one pattern as Mermaid.

import { OUTSIDE, type Library } from "./data";
import { download } from "./dom";

export type Cell = string | number | null;

/** Return rows as CSV (RFC 4180). A cell that a spreadsheet would take for a formula gets an apostrophe. */
export function csv(head: string[], rows: Cell[][]): string {
  const cell = (value: Cell): string => {
    let text = value === null ? "" : String(value);
    if (typeof value === "string" && /^[=+\-@\t\r]/.test(text)) text = `'${text}`;
    return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
  };
  return [head, ...rows].map((row) => row.map(cell).join(",")).join("\r\n") + "\r\n";
}

export function save(name: string, text: string): void {
  download(name, text, name.endsWith(".json") ? "application/json" : name.endsWith(".csv") ? "text/csv;charset=utf-8" : "text/plain;charset=utf-8");
}

/** Return a pattern and its neighbors as a Mermaid flowchart. */
export function mermaid(library: Library, i: number): string {
  const lines = ["flowchart LR"];
  const quote = (text: string) => `"${text.replace(/[^\p{L}\p{N} .,:;!?()'’–-]/gu, (one) => `#${one.codePointAt(0)};`)}"`;
  const nodes = new Map<string, string>();
  const node = (id: string, text: string) => {
    if (!nodes.has(id)) nodes.set(id, `  ${id}[${quote(text)}]`);
    return id;
  };
  const edges: string[] = [];
  node(`p${i}`, library.title(i));
  for (const link of library.links(i, "outgoing")) {
    const to = library.target[link];
    if (to === OUTSIDE) continue;
    const end = to >= 0 ? node(`p${to}`, library.title(to)) : node(`m${-1 - to}`, `${library.raw.missing[-1 - to]} (missing)`);
    edges.push(`  p${i} -- ${quote(library.type(link))} --> ${end}`);
  }
  for (const link of library.links(i, "incoming")) {
    const from = library.source[link];
    if (from !== i) edges.push(`  ${node(`p${from}`, library.title(from))} -- ${quote(library.type(link))} --> p${i}`);
  }
  return `${[...lines, ...nodes.values(), ...edges].join("\n")}\n`;
}
