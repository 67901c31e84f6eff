// Addresses of pages and patterns: `#findings?level=error`, `#pattern/slug`.

import type { Library } from "./data";

export interface Place {
  page: string;
  pattern: string;
  parameters: URLSearchParams;
}

/** Return the place that the address names. */
export function place(): Place {
  const [path, query = ""] = location.hash.slice(1).split("?");
  const [page, pattern = ""] = path.split("/");
  return { page: page || "overview", pattern: decode(pattern), parameters: new URLSearchParams(query) };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Return the address of a page. */
export function address(page: string, parameters: Record<string, string> = {}): string {
  const query = new URLSearchParams(parameters).toString();
  return `#${page}${query ? `?${query}` : ""}`;
}

export function go(page: string, parameters: Record<string, string> = {}): void {
  location.hash = address(page, parameters);
}

/** Replace the parameters of the address without leaving the page. */
export function keep(page: string, parameters: Record<string, string>): void {
  history.replaceState(null, "", address(page, parameters));
}

/** Return the address of a pattern; by number where several have its slug. */
export function patternAddress(library: Library, i: number): string {
  const slug = library.slug(i);
  return `#pattern/${library.find(slug) === i ? encodeURIComponent(slug) : `@${i}`}`;
}

export function openPattern(library: Library, i: number): void {
  location.hash = patternAddress(library, i);
}

/** Return the pattern that an address names. */
export function patternAt(library: Library, name: string): number | undefined {
  const number = /^@(\d+)$/.exec(name);
  return number && Number(number[1]) < library.size ? Number(number[1]) : library.find(name);
}
