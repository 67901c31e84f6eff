// The data of the page: four packed blocks, unpacked when first needed. `payload.py` writes them.

interface TextColumn {
  texts: string[];
  values: number[];
}

export interface OverviewBlock {
  title: string;
  date: string;
  version: string;
  home: string;
  link: string;
  noun: [string, string];
  notes: string[];
  files: number;
  skipped: number;
  silenced: number;
  known: number;
  omitted: number;
  specs: Record<string, number>;
  total: number;
  levels: [number, number, number];
  fixable: [number, number];
  rules: [string, string, number, string, string][];
  counts: {
    patterns: number;
    withoutErrors: number;
    causes: number;
    links: number;
    unresolved: number;
    missing: number;
    oneSided: number;
    mutual: number;
  };
  /** The pattern that most links lead to: its number, its title and the number of links. */
  hub: [number, string, number] | null;
  /** The numbers of errors, warnings and infos of each group of rules. */
  groups: [string, number, number, number][];
  /** The most important causes. */
  first: CauseRow[];
  most: number;
  shape: Shape;
  since: [string, number, number, number][] | null;
  /** For each cause that changed since the baseline: the rule, what it is about, and the numbers of new and resolved findings. */
  sinceCauses: [string, string, number, number][];
  history: [string, string, number, Record<string, number>, Record<string, number>][];
}

type CauseRow = [number, number, string, string, string, number, number, string, number];

interface LibraryBlock {
  causes: CauseRow[];
  patterns: {
    folder: TextColumn;
    file: string[];
    slug: string[];
    title: string[];
    spec: TextColumn;
    domain: TextColumn;
    sector: TextColumn;
    status: TextColumn;
    orbit: (number | null)[];
    stars: (number | null)[];
    overall: (number | null)[];
    dimensions: string[];
    scores: (number | null)[][];
    /** The percentage of sentences that stand in several patterns. */
    copied: (number | null)[];
    errors: number[];
    warnings: number[];
    infos: number[];
  };
  links: { source: number[]; target: (number | null)[]; type: TextColumn; weight: (number | null)[]; flags: number[] };
  missing: string[];
}

export interface Shape {
  letters: [string, number, number][];
  parts: number[];
  concentration: number[];
  untargeted: number;
  sets: [number[], number][];
  setCount: number;
  scored: number;
  values: [number, number][][];
  overall: [number, number][];
  statuses: [string, number][];
  copied: [string, number][];
  /** The number of patterns by the day of their ids. */
  growth: [string, number][];
}

interface FindingsBlock {
  file: number[];
  cause: number[];
  line: number[];
  column: number[];
  message: number[];
  help: number[];
  fix: number[];
  safety: number[];
  excerpt: number[];
  start: number[];
  length: number[];
  new: number[];
  messages: string[];
  helps: string[];
  fixes: string[];
  excerpts: string[];
  others: string[];
}

export interface Rule {
  name: string;
  group: string;
  level: number;
  summary: string;
  page: string;
}

export interface Cause {
  number: number;
  rule: Rule;
  level: number;
  subject: string;
  message: string;
  help: string;
  count: number;
  files: number;
  fix: string;
  safety: number;
}

export interface Texts {
  summary: string[];
  keywords: string[];
  readers: string[];
  /** The labels for the readers of each pattern, as lines, with a tab in place of the title. */
  labels: string[];
}

/** The names of levels by number. */
export const LEVELS = ["off", "info", "warning", "error"] as const;
/** What fixes do, by the code of their safety. */
export const FIXES = ["no fix", "safe fix", "unsafe fix"] as const;

export const ONE_SIDED = 1;
/** The target of a link to a pattern outside of the report. */
export const OUTSIDE = -0x80000000;

/** Settles when the browser has read the blocks below the script. */
const isParsed = new Promise<void>((resolve) =>
  document.readyState === "loading" ? document.addEventListener("DOMContentLoaded", () => resolve()) : resolve());

async function unpack<T>(id: string): Promise<T> {
  if (!document.getElementById(id)) await isParsed;
  const element = document.getElementById(id)!;
  const bytes = Uint8Array.from(atob(element.textContent!), (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return (await new Response(stream).json()) as T;
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}

function undelta(values: number[]): Int32Array {
  const found = new Int32Array(values.length);
  let last = 0;
  for (let i = 0; i < values.length; i++) found[i] = last += values[i];
  return found;
}

/** For each pattern, the links of one direction: those at `order[start[i]]` to `order[start[i + 1] - 1]`. */
interface Adjacency {
  start: Uint32Array;
  order: Uint32Array;
}

function adjacency(ends: Int32Array, size: number): Adjacency {
  const start = new Uint32Array(size + 1);
  for (const end of ends) if (end >= 0) start[end + 1]++;
  for (let i = 0; i < size; i++) start[i + 1] += start[i];
  const order = new Uint32Array(start[size]);
  const next = start.slice();
  for (let i = 0; i < ends.length; i++) if (ends[i] >= 0) order[next[ends[i]]++] = i;
  return { start, order };
}

/** The numbers of the library, and its most important causes. */
export class Overview {
  readonly rules: Rule[];
  readonly first: Cause[];

  constructor(readonly raw: OverviewBlock) {
    this.rules = raw.rules.map(([name, group, level, summary, page]) => ({ name, group, level, summary, page }));
    this.first = this.causes(raw.first);
  }

  causes(rows: CauseRow[]): Cause[] {
    return rows.map(([rule, level, subject, message, help, count, files, fix, safety], number) => ({
      number, rule: this.rules[rule], level, subject, message, help, count, files, fix, safety,
    }));
  }
}

/** The patterns, their links and the causes of findings. */
export class Library {
  readonly size: number;
  readonly rules: Rule[];
  readonly causes: Cause[];
  readonly raw: OverviewBlock & LibraryBlock;
  readonly source: Int32Array;
  readonly target: Int32Array;
  /** The numbers of links to each pattern from others, of links from it, and of those among them that lead nowhere. */
  readonly linkedBy: Uint32Array;
  readonly linksTo: Uint32Array;
  readonly nowhere: Uint32Array;
  /** The number of links to each missing name. */
  readonly named: Uint32Array;
  private bySlug: Map<string, number> | undefined;
  private adjacencies: { outgoing: Adjacency; incoming: Adjacency } | undefined;

  constructor(overview: Overview, block: LibraryBlock) {
    const { patterns, links } = block;
    this.raw = { ...overview.raw, ...block };
    this.size = patterns.file.length;
    this.rules = overview.rules;
    this.causes = overview.causes(block.causes);
    this.source = undelta(links.source);
    this.target = Int32Array.from(links.target, (one) => one ?? OUTSIDE);
    this.linkedBy = new Uint32Array(this.size);
    this.linksTo = new Uint32Array(this.size);
    this.nowhere = new Uint32Array(this.size);
    this.named = new Uint32Array(block.missing.length);
    for (let i = 0; i < this.source.length; i++) {
      const from = this.source[i], to = this.target[i];
      this.linksTo[from]++;
      if (to >= 0) {
        if (to !== from) this.linkedBy[to]++;
      } else if (to !== OUTSIDE) {
        this.nowhere[from]++;
        this.named[-1 - to]++;
      }
    }
  }

  title(i: number): string {
    return this.raw.patterns.title[i];
  }

  slug(i: number): string {
    return this.raw.patterns.slug[i] || this.raw.patterns.file[i].replace(/\.[^.]*$/, "");
  }

  folder(i: number): string {
    const { texts, values } = this.raw.patterns.folder;
    return texts[values[i]];
  }

  path(i: number): string {
    const folder = this.folder(i);
    return folder === "." ? this.raw.patterns.file[i] : `${folder}/${this.raw.patterns.file[i]}`;
  }

  text(column: "spec" | "domain" | "sector" | "status", i: number): string {
    const { texts, values } = this.raw.patterns[column];
    return texts[values[i]];
  }

  type(link: number): string {
    const { texts, values } = this.raw.links.type;
    return texts[values[link]];
  }

  /** The pattern with a slug. */
  find(slug: string): number | undefined {
    if (!this.bySlug) {
      this.bySlug = new Map();
      for (let i = this.size - 1; i >= 0; i--) this.bySlug.set(this.slug(i), i);
    }
    return this.bySlug.get(slug);
  }

  /** The links from a pattern, or to it, by their numbers. */
  *links(i: number, side: "outgoing" | "incoming"): Generator<number> {
    this.adjacencies ??= { outgoing: adjacency(this.source, this.size), incoming: adjacency(this.target, this.size) };
    const { start, order } = this.adjacencies[side];
    for (let at = start[i]; at < start[i + 1]; at++) yield order[at];
  }

  /** The address of a line of a file, or an empty string. */
  address(path: string, line = 1): string {
    const encoded = path.split("/").map(encodeURIComponent).join("/");
    const address = this.raw.link.replace("{path}", encoded).replace("{line}", String(line));
    return /^(https?|vscode|vscodium|cursor|file|idea|zed):/i.test(address) ? address : "";
  }
}

/** The findings as typed columns. */
export class Findings {
  readonly size: number;
  readonly file: Int32Array;
  readonly cause: Int32Array;
  readonly level: Uint8Array;
  readonly rule: Uint16Array;

  constructor(readonly raw: FindingsBlock, private readonly library: Library) {
    this.size = raw.file.length;
    this.file = undelta(raw.file);
    this.cause = Int32Array.from(raw.cause);
    const rules = new Map(library.rules.map((rule, number) => [rule, number]));
    this.level = Uint8Array.from(raw.cause, (one) => library.causes[one].level);
    const ruleOf = library.causes.map((cause) => rules.get(cause.rule)!);
    this.rule = Uint16Array.from(raw.cause, (one) => ruleOf[one]);
  }

  message(i: number): string {
    return this.raw.messages[this.raw.message[i]];
  }

  help(i: number): string {
    return this.raw.helps[this.raw.help[i]];
  }

  fix(i: number): string {
    return this.raw.fixes[this.raw.fix[i]];
  }

  excerpt(i: number): string {
    return this.raw.excerpts[this.raw.excerpt[i]];
  }

  /** The number of files that have a number: patterns, then other files. */
  get files(): number {
    return this.library.size + this.raw.others.length;
  }

  path(file: number): string {
    return file < this.library.size ? this.library.path(file) : this.raw.others[file - this.library.size];
  }

  /** The findings of a pattern: they follow one another. */
  of(file: number): number[] {
    const found: number[] = [];
    for (let i = 0; i < this.size; i++) if (this.file[i] === file) found.push(i);
    return found;
  }
}

export const loadOverview = once(async () => new Overview(await unpack<OverviewBlock>("overview")));
export const loadLibrary = once(async () => new Library(await loadOverview(), await unpack<LibraryBlock>("library")));
export const loadFindings = once(async () => new Findings(await unpack<FindingsBlock>("findings"), await loadLibrary()));
export const loadTexts = once(() => unpack<Texts>("texts"));
