"""`patternlint new` and `patternlint rename`, through the command line."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections import Counter
from pathlib import Path

import pytest

from patternlint.cli import main
from tests.support.command import ROOT

CORPUS = ROOT.parent / "shared" / "corpus" / "commons-os" / "_patterns"
EXAMPLES = ROOT / "examples" / "library"


def findings(folder: Path, capsys: pytest.CaptureFixture[str], *flags: str) -> list[dict[str, object]]:
    capsys.readouterr()
    main([str(folder), "--output-format", "json", "--no-cache", *flags])
    found: list[dict[str, object]] = json.loads(capsys.readouterr().out)["findings"]
    return found


@pytest.mark.parametrize("spec", ["7.1", "8.2"])
@pytest.mark.parametrize("title", ["Open Table", "Größe: ein 'Test' — \"so\" #1", "The A/B \\ Garden"])
def test_a_new_pattern_has_no_finding_but_its_prompts(
    spec: str, title: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["new", title, "--spec", spec, "--into", str(tmp_path)]) == 0
    path = Path(capsys.readouterr().out.strip())
    assert path.parent == tmp_path
    found = findings(tmp_path, capsys)
    assert {finding["rule"] for finding in found} == {"placeholder"}
    text = path.read_text(encoding="utf-8")
    assert f"slug: {path.stem}\n" in text
    assert re.search(r"^id: pat_0[0-7][0-9a-hjkmnp-tv-z]{24}$", text, re.MULTILINE)


def test_a_title_needs_no_quotes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new", "Evening", "Market", "--into", str(tmp_path)]) == 0
    assert capsys.readouterr().out == f"{tmp_path / 'evening-market.md'}\n"
    assert 'title: "Evening Market"\n' in (tmp_path / "evening-market.md").read_text(encoding="utf-8")


def test_every_prompt_is_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["new", "Open Table", "--into", str(tmp_path)])
    text = (tmp_path / "open-table.md").read_text(encoding="utf-8")
    prompts = re.findall(r"\[(?!!NOTE|\])(?:[^\]\[\"]|\n)+\]", text)
    assert len(prompts) > 20
    [found] = findings(tmp_path, capsys)
    assert isinstance(found["labels"], list)
    assert 1 + len(found["labels"]) == len(prompts)


def test_two_new_patterns_have_two_ids(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for title in ("One Bench", "Two Benches"):
        main(["new", title, "--into", str(tmp_path)])
    assert {finding["rule"] for finding in findings(tmp_path, capsys)} == {"placeholder"}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["new", "…"], "cannot derive a slug from the title"),
        (["new", "Table", "--slug", "Big Table"], "`Big Table` is not a valid slug"),
        (["new", "Table", "--spec", "7.2"], "did you mean `7.1`"),
        (["new", "Table", "--spec", "8.2", "--sector", "Busines"], "did you mean `Business`"),
        (["new", "Table", "--into", "nowhere"], "folder not found: "),
        (["new", "Repair Cafe"], "repair-cafe.md already exists"),
        (["rename", "repair-caffe", "x"], "did you mean `repair-cafe`"),
        (["rename", "repair-cafe", "small-circles"], "the slug `small-circles` is already used by small-circles.md"),
        (["rename", "repair-cafe", "Repair"], "`Repair` is not a valid slug"),
        (["rename", "repair-cafe", "2024"], "YAML does not read `2024` as text"),
    ],
)
def test_what_makes_no_sense_is_one_sentence(
    arguments: list[str],
    words: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    library = shutil.copytree(EXAMPLES, tmp_path / "library")
    monkeypatch.chdir(library)
    before = snapshot(library)
    assert main(arguments) == 2
    error = capsys.readouterr().err
    assert words in error
    assert error.count("\n") == 1
    assert snapshot(library) == before


def snapshot(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("*.md")}


def test_a_renamed_pattern_is_called_so_everywhere(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    library = shutil.copytree(EXAMPLES, tmp_path / "library")
    monkeypatch.chdir(library)
    before = snapshot(library)
    old = Counter(str(finding["rule"]) for finding in findings(library, capsys))
    assert main(["rename", "neighbourhood-assembly", "street-assembly", "--diff"]) == 1
    shown = capsys.readouterr().out
    assert "+++ b/street-assembly.md" in shown
    assert snapshot(library) == before
    assert main(["rename", "neighbourhood-assembly", "street-assembly"]) == 0
    after = snapshot(library)
    assert "street-assembly.md" in after
    assert "neighbourhood-assembly.md" not in after
    assert not any(b"slug: neighbourhood-assembly\n" in data for data in after.values())
    assert Counter(str(finding["rule"]) for finding in findings(library, capsys)) == old
    assert main(["rename", "street-assembly", "neighbourhood-assembly"]) == 0
    assert snapshot(library) == before


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("slug: repair-cafe\n", "slug: >-\n  repair-cafe\n", "repair-cafe.md:15"),
        (
            "    - slug: repair-cafe\n      weight: 0.6\n",
            "    - slug: &here repair-cafe\n      weight: 0.6\n      note: *here\n",
            "neighbourhood-assembly.md:84",
        ),
        (
            "    - slug: repair-cafe\n      weight: 0.6\n",
            "    - note: &here repair-cafe\n      slug: *here\n      weight: 0.6\n",
            "neighbourhood-assembly.md:85",
        ),
    ],
)
def test_a_slug_that_is_not_written_plainly_is_not_renamed_by_halves(
    old: str, new: str, place: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    library = shutil.copytree(EXAMPLES, tmp_path / "library")
    path = library / place.partition(":")[0]
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")
    before = snapshot(library)
    assert main(["rename", "repair-cafe", "mending-cafe", "--in", str(library)]) == 2
    assert f"{place}: write `repair-cafe` on one line" in capsys.readouterr().err
    assert snapshot(library) == before


@pytest.mark.parametrize(
    ("aliases", "kept"),
    [
        ("aliases: []\n", 'aliases: ["old-name"]\n'),
        ('aliases: ["Bench"]\n', 'aliases: ["Bench", "old-name"]\n'),
        ('aliases:\n  - "Bench"\n', 'aliases:\n  - "Bench"\n  - "old-name"\n'),
        ("aliases:\n", 'aliases: ["old-name"]\n'),
        ("", 'aliases: ["old-name"]\n'),
        ("aliases: [old-name]\n", "aliases: [old-name]\n"),
    ],
)
def test_the_old_slug_can_stay_as_an_alias(
    aliases: str, kept: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "---\r\nslug: old-name # ours\r\ntitle: Größe\r\n{}ontology:\r\n  domain: x\r\n---\r\n"
    crlf = text.format(aliases.replace("\n", "\r\n"))
    (tmp_path / "old-name.md").write_bytes(crlf.encode())
    assert main(["rename", "old-name", "new-name", "--in", str(tmp_path), "--keep-alias"]) == 0
    capsys.readouterr()
    expected = text.replace("slug: old-name", "slug: new-name").format(kept.replace("\n", "\r\n"))
    assert (tmp_path / "new-name.md").read_bytes().decode() == expected


@pytest.mark.slow
def test_the_most_linked_pattern_of_a_real_library(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    if not CORPUS.is_dir():
        pytest.skip("the corpus of real libraries is not here")
    links = Counter(
        match
        for path in CORPUS.glob("*.md")
        for match in re.findall(r"- (?:slug|target): ([a-z0-9-]+)\n", path.read_text(encoding="utf-8"))
    )
    most = next(slug for slug, _ in links.most_common() if (CORPUS / f"{slug}.md").is_file())
    library = shutil.copytree(CORPUS, tmp_path / "library")
    for path in library.glob("*.md"):
        path.chmod(0o644)
    before = snapshot(library)
    monkeypatch.chdir(library)
    old = len(findings(library, capsys, "--select", "dangling-target"))
    assert main(["rename", most, "a-name-of-its-own", "--in", str(library)]) == 0
    assert len(findings(library, capsys, "--select", "dangling-target")) == old
    assert main(["rename", "a-name-of-its-own", most, "--in", str(library)]) == 0
    assert snapshot(library) == before


# --- Links in the text ------------------------------------------------------------------------------------------------

_FRONT = "---\nslug: {}\ntitle: Größe\nontology:\n  domain: x\n---\n"

_TEXT = """\
Größe [x](old-thing.md), [x](./old-thing.md#a "t"), [x](<old-thing.md>), [x](old-thing), [x](../lib/old-thing/#b).
[[old-thing]] [[old-thing|Old]] [[old-thing#part|Old]] ![[old-thing]] [a ![i](old-thing.png) `](` b](old-thing.md?x)
[x](/lib/old-thing.md) [x](/old-thing) [x][ref] [y][] [x](
  old-thing.md)

| a | b |
|---|---|
| [[old-thing\\|Old]] | [x](old-thing) |

[ref]: old-thing.md "t"
[Y]: <./old-thing.md#p>

> - [in quote]: old-thing
"""

_LEFT = """\
`[x](old-thing.md)` `[[old-thing]]` [x](other/old-thing.md) [x](blog/old-thing) [x](very-old-thing.md) [x](#old-thing)
[x](old-thing-too.md) [x](old-thing.html) [x](https://example.org/old-thing) [[old-thing-too]] [^1] \\[x](old-thing)
[x](old\\-thing)

[^1]: old-thing.md

```
[x](old-thing.md)
[ref]: old-thing.md
```

    [[old-thing]]

<div>
[x](old-thing.md)
</div>
"""


@pytest.fixture
def linked(tmp_path: Path) -> Path:
    """A library whose patterns link to `old-thing` in their text."""
    library = tmp_path / "lib"
    library.mkdir()
    (tmp_path / "patternlint.toml").write_text("", encoding="utf-8")
    (library / "old-thing.md").write_text(_FRONT.format("old-thing") + "See [me](old-thing.md).\n", encoding="utf-8")
    return library


def test_links_in_the_text_follow_a_renamed_pattern(linked: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, front in (("one.md", _FRONT.format("one")), ("README.md", "")):
        (linked / name).write_text(front + _TEXT + _LEFT, encoding="utf-8", newline="\r\n")
    assert main(["rename", "old-thing", "new-name", "--in", str(linked)]) == 0
    expected = _TEXT.replace("old-thing", "new-name").replace("new-name.png", "old-thing.png")
    for name, front in (("one.md", _FRONT.format("one")), ("README.md", "")):
        assert (linked / name).read_bytes().decode() == (front + expected + _LEFT).replace("\n", "\r\n")
    assert (linked / "new-name.md").read_text(encoding="utf-8").endswith("See [me](new-name.md).\n")
    printed = capsys.readouterr()
    places = 2 * (_TEXT.count("old-thing") - 1) + 1
    assert (
        printed.out
        == f"renamed `old-thing` to `new-name` in {linked}/new-name.md; {places} references updated, 3 files changed\n"
    )


def test_a_rename_names_the_lines_that_still_hold_the_word(linked: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = _FRONT.format("one") + "An old-thing.\n\n`old-thing`\n\n[x](old-thing.md) and very-old-thing\n"
    (linked / "one.md").write_text(text, encoding="utf-8")
    assert main(["rename", "old-thing", "new-name", "--in", str(linked)]) == 0
    lines = capsys.readouterr().err.splitlines()
    assert lines == [
        "patternlint: 2 other lines contain the word `old-thing`; check them by hand:",
        f"  {os.path.relpath(linked)}/one.md:7",
        f"  {os.path.relpath(linked)}/one.md:9",
    ]


def test_a_pattern_whose_file_has_another_name_keeps_it(linked: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (linked / "old-thing.md").rename(linked / "file.md")
    text = _FRONT.format("one") + "[x](file.md) [x](old-thing.md) [x](old-thing) [[old-thing]]\n"
    (linked / "one.md").write_text(text, encoding="utf-8")
    assert main(["rename", "old-thing", "new-name", "--in", str(linked)]) == 0
    capsys.readouterr()
    after = (linked / "one.md").read_text(encoding="utf-8")
    assert after.endswith("[x](file.md) [x](old-thing.md) [x](new-name) [[new-name]]\n")
    assert "slug: new-name\n" in (linked / "file.md").read_text(encoding="utf-8")


def test_a_link_to_another_file_of_the_same_name_stays(linked: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = linked / "other"
    other.mkdir()
    (linked / "old-thing").mkdir()
    (other / "old-thing.md").write_text("Another one.\n", encoding="utf-8")
    text = _FRONT.format("one") + "[x](old-thing.md) [x](../old-thing.md) [x](../old-thing)\n"
    (other / "one.md").write_text(text, encoding="utf-8")
    assert main(["rename", "old-thing", "new-name", "--in", str(linked)]) == 0
    capsys.readouterr()
    after = (other / "one.md").read_text(encoding="utf-8")
    assert after.endswith("[x](old-thing.md) [x](../new-name.md) [x](../old-thing)\n")


@pytest.mark.parametrize("file", ["old-thing.md", "file.md"])
def test_the_addresses_of_a_pattern_follow_it(linked: Path, file: str, capsys: pytest.CaptureFixture[str]) -> None:
    page, source = "https://example.org/patterns/{}/", "https://example.com/x/blob/main/{}.md"
    front = (
        "---\nid: pat_01kg1tp8mce2zbdw95pa7835sy\npage_url: {}\ngithub_url: '{}'\nslug: {}\ntitle: T\n"
        "classification:\n  tags: []\n---\n"
    )
    (linked / "old-thing.md").unlink()
    (linked / file).write_text(
        front.format(page.format("old-thing"), source.format("old-thing"), "old-thing"), encoding="utf-8"
    )
    text = f"[x]({page.format('old-thing')}#a) [x](https://example.net/old-thing)\n"
    (linked / "one.md").write_text(_FRONT.format("one") + text, encoding="utf-8")
    assert main(["rename", "old-thing", "new-name", "--in", str(linked)]) == 0
    capsys.readouterr()
    moved = file == "old-thing.md"
    after = (linked / ("new-name.md" if moved else file)).read_text(encoding="utf-8")
    assert after == front.format(
        page.format("new-name"), source.format("new-name" if moved else "old-thing"), "new-name"
    )
    linking = (linked / "one.md").read_text(encoding="utf-8")
    assert linking.endswith(f"[x]({page.format('new-name')}#a) [x](https://example.net/old-thing)\n")
