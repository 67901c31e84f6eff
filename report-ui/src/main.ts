// The frame: navigation, theme, pages and the card of a pattern above them.

import { causesPage } from "./causes";
import { patternCard } from "./card";
import { loadLibrary, loadOverview } from "./data";
import { count, counted, h, s, words } from "./dom";
import { findingsPage } from "./findings";
import { mapPage } from "./map";
import { overviewPage } from "./overview";
import { patternsPage } from "./patterns";
import { address, patternAt, place } from "./router";
import { shapePage } from "./shape";

type Page = (parameters: URLSearchParams) => Promise<HTMLElement>;

const PAGES: Record<string, Page> = {
  overview: overviewPage, causes: causesPage, findings: findingsPage, map: mapPage, patterns: patternsPage, shape: shapePage,
};

const root = document.documentElement;

function applyTheme(theme: string): void {
  root.dataset.theme = theme;
  document.dispatchEvent(new Event("themechange"));
}

/** Return the theme that a reader chose before; browsers refuse storage to some local files. */
function storedTheme(): string {
  try {
    return localStorage.getItem("patternlint-theme") ?? "";
  } catch {
    return "";
  }
}

function switchTheme(): void {
  const isDark = getComputedStyle(root).getPropertyValue("--theme").trim() === "dark";
  applyTheme(isDark ? "light" : "dark");
  try {
    localStorage.setItem("patternlint-theme", root.dataset.theme!);
  } catch {
    // The choice lasts as long as the page.
  }
}

async function start(): Promise<void> {
  const loading = loadOverview();
  applyTheme(storedTheme());  // waits for another process, which unpacks meanwhile
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => document.dispatchEvent(new Event("themechange")));
  const { raw } = await loading;
  const titles: Record<string, [string, number?]> = {
    overview: ["Overview"], causes: ["Causes", raw.counts.causes], findings: ["Findings", raw.total], map: ["Map"],
    patterns: [words(raw.noun[1]), raw.counts.patterns], shape: ["Shape"],
  };
  const links = Object.entries(titles).map(([page, [title, size]]) => h("a", { href: address(page), "data-page": page }, title, size === undefined ? null : h("small", {}, count(size))));
  const main = h("main", { id: "main", tabindex: -1 });
  const dialog = h("dialog", { class: "card-dialog", "aria-labelledby": "card-title" });
  const specs = Object.entries(raw.specs).map(([spec, size]) => (spec === "unknown" ? `${count(size)} of no known spec` : `${count(size)} of spec ${spec}`));
  document.getElementById("app")!.append(
    h("a", { class: "skip", href: "#main", click: (event: Event) => { event.preventDefault(); main.focus(); } }, "Skip to the content"),
    h("header", { class: "top" }, h("div", { class: "bar" }, h("a", { class: "brand", href: address("overview") }, h("strong", {}, raw.title), h("time", { datetime: raw.date }, raw.date)),
      h("nav", { "aria-label": "Pages" }, links),
      h("button", { type: "button", class: "theme", "aria-label": "Switch between light and dark", title: "Light or dark", click: switchTheme }, s("svg", { viewBox: "0 0 20 20", "aria-hidden": "true" }, s("circle", { cx: 10, cy: 10, r: 7 }), s("path", { d: "M10 3a7 7 0 0 1 0 14z" }))))),
    main,
    h("footer", {}, h("span", {}, `patternlint ${raw.version}, ${raw.date}`), specs.map((one) => h("span", {}, one)), raw.skipped ? h("span", {}, `${counted(raw.skipped, "file")} skipped`) : null,
      raw.silenced ? h("span", {}, `${count(raw.silenced)} suppressed`) : null, h("button", { type: "button", class: "link", click: () => window.print() }, "print")),
    dialog);

  let current = "", pageHash = "#overview";
  const closeCard = () => (location.hash = pageHash);
  dialog.addEventListener("cancel", (event) => { event.preventDefault(); closeCard(); });
  dialog.addEventListener("click", (event) => event.target === dialog && closeCard());

  async function show(): Promise<void> {
    const { page, pattern, parameters } = place();
    const i = page === "pattern" ? patternAt(await loadLibrary(), pattern) : undefined;
    if (page !== "pattern") pageHash = location.hash || "#overview";
    const name = page === "pattern" ? current || "overview" : PAGES[page] ? page : "overview";
    if (name !== current || (page !== "pattern" && pageHash !== shownHash)) {
      const content = await PAGES[name](page === "pattern" ? new URLSearchParams() : parameters);
      main.replaceChildren(content);
      if (current) window.scrollTo(0, 0);
      current = name;
      document.title = `${titles[name][0]} · ${raw.title} · patternlint`;
      for (const link of links) {
        if (link.dataset.page !== name) link.removeAttribute("aria-current");
        else {
          link.setAttribute("aria-current", "page");
          requestAnimationFrame(() => (link.parentElement!.scrollLeft = link.offsetLeft - link.parentElement!.offsetLeft - 40));  // on small windows
        }
      }
      root.dataset.page = name;
    }
    if (page !== "pattern") shownHash = pageHash = location.hash || "#overview";
    if (i !== undefined) {
      dialog.replaceChildren(...(await patternCard(i, closeCard)));
      if (!dialog.open) dialog.showModal();
      dialog.scrollTop = 0;
    } else if (dialog.open) dialog.close();
    root.dataset.ready = String(Math.round(performance.now()));
  }
  let shownHash = "";
  addEventListener("hashchange", () => void show());
  await show();
}

void start();
