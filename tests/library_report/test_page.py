"""The page of `patternlint report` in a real Chromium: numbers, keyboard, access, safety, print.

Needs the extra `browser` and Chromium; `npm ci` in `report-ui` brings axe.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import pytest

from benchmarks.page import enlarged_page, measure
from tests.support.command import OK, ROOT, patternlint

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

sync_api = pytest.importorskip("playwright.sync_api")
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = [pytest.mark.slow, pytest.mark.skipif(CHROMIUM is None, reason="requires Chromium")]

AXE = ROOT / "report-ui" / "node_modules" / "axe-core" / "axe.min.js"
EXAMPLES = ROOT / "examples" / "library"
PAGES = ("overview", "causes", "findings", "map", "patterns", "shape")
READY = "html[data-ready]"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "report.html"
    assert patternlint("report", "-o", path, cwd=EXAMPLES).code == OK
    return path


def opened(browser: Browser, path: Path, page: str = "overview", **context: Any) -> Page:
    """Open a page of a report; problems fail the test: errors, messages of the policy, requests."""
    found = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **context}).new_page()
    problems: list[str] = []
    found.on("console", lambda message: problems.append(message.text) if message.type in ("error", "warning") else None)
    found.on("pageerror", lambda error: problems.append(str(error)))
    found.on(
        "request",
        lambda request: (
            problems.append(request.url) if not request.url.startswith(("file:", "blob:", "data:")) else None
        ),
    )
    found.goto(f"{path.as_uri()}#{page}")
    found.wait_for_selector(READY, state="attached")
    assert not problems, problems
    return found


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", [*PAGES, "pattern/repair-cafe"])
def test_axe_finds_no_violation(browser: Browser, report: Path, name: str, theme: str) -> None:
    if not AXE.exists():
        pytest.skip("run `npm ci` in report-ui")
    page = opened(browser, report, name, color_scheme=theme, reduced_motion="reduce", bypass_csp=True)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})"
    )
    violations = [(one["id"], [node["html"][:160] for node in one["nodes"]][:3]) for one in found["violations"]]
    page.context.close()
    assert violations == []


def number(text: str | None) -> int:
    return int(re.sub(r"[^\d]", "", text or ""))


def test_the_numbers_are_those_of_the_json_format(browser: Browser, report: Path) -> None:
    found = json.loads(patternlint("--output-format", "json", cwd=EXAMPLES).out)["findings"]
    page = opened(browser, report)
    assert number(page.text_content("nav [data-page=findings] small")) == len(found)
    page.click("nav [data-page=findings]")
    page.wait_for_selector(".findings .finding")
    assert page.locator(".findings .finding").count() == len(found)
    errors = sum(one["level"] == "error" for one in found)
    page.check("#level-error")
    assert page.locator(".findings .finding").count() == errors
    assert (page.text_content(".status") or "").startswith(f"{errors} of {len(found)}")
    page.fill(".toolbar input", "no finding has this text")
    assert page.locator(".findings .finding").count() == 0
    page.context.close()


def test_a_card_opens_from_the_table_and_by_keyboard(browser: Browser, report: Path) -> None:
    page = opened(browser, report, "patterns")
    page.click("tbody a >> nth=0")
    page.wait_for_selector("dialog[open] h2")
    title = page.text_content("dialog h2")
    text = next(one for one in map(Path.read_text, sorted(EXAMPLES.rglob("*.md"))) if f'title: "{title}"' in one)
    labels = re.findall(r'^  \w+: "(.*)"$', text.partition("context_labels:")[2].partition("\n#")[0], re.MULTILINE)
    assert page.locator("dialog .readers dd").all_text_contents() == labels
    assert labels
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog[open]", state="hidden")
    assert title == page.text_content("tbody a >> nth=0")
    page.click("nav [data-page=map]")
    page.focus("canvas.map")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.wait_for_selector("dialog[open] h2")
    assert page.url.split("#")[1].startswith("pattern/")
    page.context.close()


def test_sorting_a_column(browser: Browser, report: Path) -> None:
    page = opened(browser, report, "patterns")
    heads = page.locator("thead th").all_text_contents()
    page.click("thead button:has-text('Linked by')")
    place = next(at for at, head in enumerate(heads, 1) if head.startswith("Linked by"))
    values = [number(text) for text in page.locator(f"tbody td:nth-child({place})").all_text_contents()]
    assert values == sorted(values, reverse=True)
    assert page.locator("th[aria-sort]").get_attribute("aria-sort") == "descending"
    page.context.close()


TEXT_PROBLEMS = """
() => {
  const hidden = "script, style, noscript, option, datalist, dialog:not([open]), .visually-hidden, .skip, details:not([open]) > :not(summary)";
  const scrolls = ".table, .scroll, .excerpt, .top nav, .legend, .panel, .chart";
  const dialog = document.querySelector("dialog[open]");
  const problems = [], boxes = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), range = document.createRange();
  while (walker.nextNode()) {
    const node = walker.currentNode, parent = node.parentElement;
    if (!node.data.trim() || parent.closest(hidden) || (dialog && !dialog.contains(node))) continue;
    const end = parent.closest(".help")?.getBoundingClientRect().bottom ?? Infinity;  // the rest of a long help is hidden
    range.selectNodeContents(node);
    for (const {left, right, top, bottom} of range.getClientRects()) {
      if (right - left < 1 || bottom > end + 1) continue;
      const text = node.data.trim().slice(0, 40), middle = (bottom - top) / 4;
      if (!parent.closest(scrolls) && (left < 0 || right > innerWidth + 1)) problems.push(`outside: ${text}`);
      boxes.push({node, left: left + 1, right: right - 1, top: top + middle, bottom: bottom - middle, text, inScroll: parent.closest(scrolls)});
    }
  }
  for (const label of (!dialog && document.querySelector("canvas.map")?.labels) || []) {
    if (!label.text) continue;
    const {left, top, width, height} = document.querySelector("canvas.map").getBoundingClientRect();
    if (label.left < 0 || label.right > width || label.top < 0 || label.bottom > height) problems.push(`outside: ${label.text}`);
    boxes.push({node: label, text: label.text, left: label.left + left, right: label.right + left, top: label.top + top, bottom: label.bottom + top, inScroll: null});
  }
  boxes.forEach((one, i) => boxes.slice(i + 1).forEach((other) => {
    if (one.node !== other.node && one.inScroll === other.inScroll && one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom)
      problems.push(`overlap: ${one.text} / ${other.text}`);
  }));
  if (document.documentElement.scrollWidth > innerWidth) problems.push(`${document.documentElement.scrollWidth} wide`);
  return problems;
}
"""


@pytest.mark.parametrize("width", [360, 768, 1280, 1920])
def test_no_text_overlaps_or_leaves_the_window(browser: Browser, report: Path, width: int) -> None:
    page = opened(browser, report, viewport={"width": width, "height": 860}, reduced_motion="reduce")
    for name in (*PAGES, "pattern/repair-cafe"):
        if name != PAGES[0]:
            page.evaluate("name => { delete document.documentElement.dataset.ready; location.hash = name; }", name)
            page.wait_for_selector(READY, state="attached")
        if name == "map":
            page.wait_for_function("() => document.querySelector('canvas.map').labels?.length > 10")
        assert page.evaluate(TEXT_PROBLEMS) == [], name
    page.context.close()


def test_labels_of_the_map_do_not_overlap(browser: Browser, report: Path, tmp_path: Path) -> None:
    large = tmp_path / "large.html"
    large.write_text(enlarged_page(report.read_text(encoding="utf-8"), 40), encoding="utf-8")
    for width in (360, 1280, 1920):
        page = opened(browser, large, "map", viewport={"width": width, "height": 860})
        for _ in range(3):
            page.wait_for_function("() => document.querySelector('canvas.map').labels?.length > 10")
            assert page.evaluate(TEXT_PROBLEMS) == [], width
            page.focus("canvas.map")
            page.keyboard.press("+")
            page.wait_for_timeout(300)
        page.context.close()


def test_a_large_page_stays_quick(browser: Browser, report: Path, tmp_path: Path) -> None:
    page = enlarged_page(report.read_text(encoding="utf-8"), 4174, 9)  # 54,262 patterns and 338,094 findings
    figures = measure(browser, page, tmp_path)
    assert figures.ready <= 2 * figures.unpacked_all
    assert median(figures.frame.all) <= 60
    assert median(figures.hover.all) <= 100
    assert median(figures.search.all) <= 300
    assert figures.heap <= 200_000_000


HOSTILE = (
    "</script><script>window.hit=1</script>",
    "<img src=x onerror=window.hit=1>",
    "{{script}}",
    "\u202eevil",
    "`x` <b>y</b>",
)


def test_a_hostile_library_runs_nothing(browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "patternlint.toml").touch()
    for index in range(50):
        title = json.dumps(f"{HOSTILE[index % len(HOSTILE)]} {index}")
        text = f"---\nid: pat_{index}\nslug: p{index}\ntitle: {title}\nsummary: {title}\nontology:\n  domain: {title}\n"
        text += f"relationships:\n  enables:\n    - slug: {title}\n    - slug: p{(index + 1) % 50}\n---\n{HOSTILE[index % 5]}\n"
        (tmp_path / f"p{index}.md").write_text(text, encoding="utf-8")
    path = tmp_path / "report.html"
    assert patternlint("report", "-o", path, "--title", HOSTILE[0], cwd=tmp_path).code == OK
    for name in (*PAGES, "pattern/p0", "pattern/p1"):
        page = opened(browser, path, name, bypass_csp=False)
        assert page.locator("body").evaluate("() => window.hit === undefined")
        assert page.locator("img").count() == 0
        page.context.close()
    page = opened(browser, path, "patterns")
    assert f"{HOSTILE[0]} 0" in page.locator("tbody a").all_text_contents()
    page.context.close()


def test_print_and_no_scripts(browser: Browser, report: Path, tmp_path: Path) -> None:
    page = opened(browser, report)
    page.pdf(path=tmp_path / "report.pdf")
    assert (tmp_path / "report.pdf").stat().st_size > 10_000
    page.context.close()
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(report.as_uri())
    assert "dangling-target" in (page.text_content("noscript") or page.content())
    context.close()
