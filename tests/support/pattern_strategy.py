"""A hypothesis strategy for pattern files with all styles of quotes and folds, odd comments and odd characters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import yaml
from hypothesis import strategies as st

RULE = "# " + "═" * 67
_BANNERS = (
    ("GROUP 1: CORE IDENTITY", ("id", "slug", "title", "aliases", "summary")),
    ("GROUP 2: CONTEXTUAL TRANSLATION", ("context_labels",)),
    ("GROUP 3: ONTOLOGY & SEARCH", ("ontology",)),
    ("GROUP 4: LIFECYCLE", ("lifecycle",)),
    ("GROUP 5: HARD RELATIONSHIPS (Human-Curated Graph)", ("relationships",)),
    ("GROUP 6: GRAPH GARDEN (Machine-Written Graph)", ("graph_garden",)),
    ("GROUP 7: PROVENANCE", ("contributors", "sources", "license", "attribution", "mood")),
)
_WORDS = st.sampled_from(
    [
        "garden", "Gärten", "🌱", "👩‍🌾", "a", "of", "#1", "#", "and", "C#", "key:", "a:b", "-", "'quoted'", '"so"', "back\\slash",
        "it's", "x" * 60, "x" * 95, "yes", "12", "1:30", "2026-01-01", "null", "{a}", "[b]", "&c", "*d", "!e", "%f", "@g", "`h`",
        "═══", "ends:", "tab\there", "𝒳", "e\u0301", "\u00a0", "日本語", ">-", "|", "---", "...", "?", "~",
    ]
)  # fmt: skip
_TEXTS = st.lists(_WORDS, min_size=1, max_size=14).map(" ".join)
_LONG_TEXTS = st.lists(_WORDS, min_size=8, max_size=40).map(" ".join)
_SLUGS = st.sampled_from(["garden", "wild-garden", "404", "no", "1e3", "forest", "meadow-1", "3d-printing"])
_COMMENTS = st.sampled_from(["# note", '# it\'s "so": a', "#", "#tight", "# 🌱 ═══", "# - slug: old", "# key: value  "])


def _is(value: Any, text: str) -> bool:
    """Return whether YAML reads `text` as `value` in block style."""
    try:
        return bool(yaml.load(f"k: {text}\n", Loader=Loader) == {"k": value})  # noqa: S506 - a safe loader
    except yaml.YAMLError:
        return False


class Loader(yaml.CSafeLoader):
    """The loader of PyYAML, with dates as text."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, regex) for tag, regex in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


class Writer:
    """Writes front matter line by line, in styles that hypothesis draws."""

    def __init__(self, draw: Callable[..., Any]) -> None:
        self.draw = draw
        self.lines: list[str] = []
        self.step = draw(st.sampled_from([1, 2, 2, 2, 4]))
        self.hang = draw(st.sampled_from([0, 0, 2, 2, 2, 3]))

    def chance(self, of: int = 4) -> bool:
        return bool(self.draw(st.integers(0, of - 1)) == 0)

    def tail(self) -> str:
        return str(self.draw(st.sampled_from(["", "", "", "", " ", "  ", "\t", "  # note", " # it's"])))

    def odd_lines(self, indent: int) -> None:
        if self.chance(6):
            self.lines.append(" " * indent + self.draw(_COMMENTS))
        if self.chance(8):
            self.lines.append(self.draw(st.sampled_from(["", "", "   "])))

    def inline(self, value: str, *, flow: bool = False) -> str:
        single = "'" + value.replace("'", "''") + "'"
        double = '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
        forms = [single, double]
        if _is(value, value) and not (flow and set(",[]{}") & set(value)) and not value.startswith(("?", "-")):
            forms += [value, value]
        return str(self.draw(st.sampled_from(forms)))

    def scalar(self, key: str, indent: int, value: str) -> None:
        kind = self.draw(st.sampled_from(["inline"] * 6 + ["folded", "literal", "lines"]))
        lead = " " * indent + key
        if kind == "inline":
            self.lines.append(f"{lead} {self.inline(value)}{self.tail()}")
        elif kind == "lines":
            head, _, rest = self.inline(value).partition(" ")
            at = rest.find(" ") if rest else -1
            if at > 0 and not rest[at + 1 :].startswith(("#", " ")) and head[:1] in "\"'":
                self.lines.append(f"{lead} {head} {rest[:at]}{self.draw(st.sampled_from(['', ' ']))}")
                self.lines.append(" " * (indent + 1 + self.draw(st.integers(0, 4))) + rest[at + 1 :])
            else:
                self.lines.append(f"{lead} {self.inline(value)}")
        else:
            mark = ">" if kind == "folded" else "|"
            chomp = self.draw(st.sampled_from(["-", "-", "", "+"]))
            deeper = self.draw(st.sampled_from([1, 2, 2, 4]))
            indicator = str(deeper) if self.chance(6) else ""
            self.lines.append(f"{lead} {mark}{indicator}{chomp}{self.draw(st.sampled_from(['', '', '  # folded']))}")
            for number, line in enumerate(self.block(value)):
                more = "  " if number and line and self.chance(8) else ""
                self.lines.append(f"{' ' * (indent + deeper)}{more}{line}" if line.strip() else line)
            if self.chance(6):
                self.lines.append(self.draw(st.sampled_from(["", " " * (indent + deeper + 1)])))

    def block(self, value: str) -> list[str]:
        words = value.split(" ")
        lines = [""]
        for word in words:
            if lines[-1] and self.chance(7):
                if self.chance(5):
                    lines.append("")
                lines.append("")
            lines[-1] = f"{lines[-1]} {word}" if lines[-1] else word
        return [line for line in lines if line.strip() or line == ""] if lines[0].strip() else ["text"]

    def words(self, key: str, indent: int, values: list[str]) -> None:
        lead = " " * indent + key
        if not values:
            self.lines.append(f"{lead} {self.draw(st.sampled_from(['[]', '[ ]', '[]', '[]  # none']))}")
        elif self.chance(2):
            between = self.draw(st.sampled_from([", ", ",", ",  "]))
            if self.chance(6):
                between = f",\n{' ' * (indent + 3)}"
            self.lines.extend(
                f"{lead} [{between.join(self.inline(one, flow=True) for one in values)}]{self.tail()}".split("\n")
            )
        else:
            self.lines.append(f"{lead}{self.tail()}")
            for value in values:
                self.odd_lines(indent + self.hang)
                self.lines.append(
                    f"{' ' * (indent + self.hang)}-{' ' * self.draw(st.sampled_from([1, 1, 3]))}{self.inline(value)}{self.tail()}"
                )

    def links(self, key: str, indent: int) -> None:
        slugs = self.draw(st.lists(_SLUGS, max_size=4, unique=True))
        lead = " " * indent + key
        if not slugs:
            self.lines.append(f"{lead}{self.draw(st.sampled_from([' []', ' []', '', ' null', ' [ ]']))}")
            return
        self.lines.append(f"{lead}{self.tail()}")
        self.odd_lines(indent + self.hang)
        for slug in slugs:
            weight = self.draw(st.sampled_from(["0.9", "0.75", "1.0", "0.5"]))
            dash = " " * (indent + self.hang)
            if self.chance(5):
                self.lines.append(f"{dash}- {{slug: {self.inline(slug)}, weight: {weight}}}{self.tail()}")
            else:
                gap = " " * self.draw(st.sampled_from([1, 1, 2]))
                self.lines.append(f"{dash}-{gap}slug: {self.inline(slug)}{self.tail()}")
                self.odd_lines(indent + self.hang + 1 + len(gap))
                self.lines.append(f"{dash} {gap}weight: {weight}{self.tail()}")
            self.odd_lines(indent + self.hang)


@st.composite
def patterns(draw: Callable[..., Any]) -> bytes:
    """Draw a pattern file. Most of them are valid YAML; callers skip the others."""
    writer = Writer(draw)
    groups = list(_BANNERS)
    if writer.chance(4):
        groups = draw(st.permutations(groups))
    style = draw(st.sampled_from(["full", "full", "name", "equals", "none", "half"]))
    for name, keys in groups:
        for _ in range(draw(st.sampled_from([0, 0, 1, 1, 1, 2]))):
            writer.lines.append("")
        if style != "none" and not writer.chance(10):
            rule = RULE if style in ("full", "half") else "# " + "=" * 50
            writer.lines += {"full": [rule, f"# {name}", rule], "name": [f"# {name}"], "equals": [rule, f"# {name}", rule], "half": [f"# {name}", rule]}[style]  # fmt: skip
        chosen = [key for key in keys if not writer.chance(5)]
        if writer.chance(5):
            chosen = draw(st.permutations(chosen))
        for key in chosen:
            writer.odd_lines(0)
            _write_key(writer, key)
    writer.odd_lines(0)
    eol = draw(st.sampled_from(["\n", "\n", "\r\n"]))
    body = draw(
        st.sampled_from(["\nText.\n", "Text.", "\n\n\nText  \nmore \n\n", "", "\n# 🌱\n\n```\ncode \n```\nend\t\n"])
    )
    text = "\n".join(["---", *writer.lines, "---", body])
    bom = "\ufeff" if writer.chance(8) else ""
    return (bom + text.replace("\n", eol)).encode()


def _write_key(writer: Writer, key: str) -> None:  # noqa: C901 - one case per key
    draw = writer.draw
    step = writer.step
    lines = writer.lines
    if key in ("id", "slug", "license"):
        writer.scalar(f"{key}:", 0, draw(_SLUGS))
    elif key in ("title", "attribution", "mood"):
        writer.scalar(f"{key}:", 0, draw(_TEXTS))
    elif key == "summary":
        writer.scalar("summary:", 0, draw(_LONG_TEXTS))
    elif key in ("aliases", "contributors", "sources"):
        writer.words(f"{key}:", 0, draw(st.lists(_TEXTS, max_size=4)))
    elif key == "context_labels":
        lines.append("context_labels:" + writer.tail())
        for label in ("corporate", "tech"):
            writer.odd_lines(step)
            writer.scalar(f"{label}:", step, draw(_TEXTS))
    elif key == "ontology":
        lines.append("ontology:")
        writer.scalar("domain:", step, draw(_SLUGS))
        writer.words("cross_domains:", step, draw(st.lists(_SLUGS, max_size=3)))
        lines.append(" " * step + "search_hints:")
        writer.words("vector_keywords:", 2 * step, draw(st.lists(_TEXTS, max_size=3)))
    elif key == "lifecycle":
        lines.append("lifecycle:")
        writer.scalar("status:", step, draw(_SLUGS))
    elif key == "relationships":
        lines.append("relationships:" + writer.tail())
        for kind in ("generalizes_from", "enables", "requires", "complementary"):
            if not writer.chance(5):
                writer.odd_lines(step)
                writer.links(f"{kind}:", step)
    elif key == "graph_garden":
        lines.append("graph_garden:")
        writer.words("communities:", step, draw(st.lists(_TEXTS, max_size=3)))


def front_matter(text: str) -> str:
    """Return the YAML between the delimiters."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    return text[4 : text.index("\n---", 3) + 1]


def load(data: bytes) -> Any:
    """Return the data of the front matter, as PyYAML reads it."""
    return yaml.load(front_matter(data.decode()), Loader=Loader)  # noqa: S506 - a safe loader


def is_readable(data: bytes) -> bool:
    """Return whether both parsers of PyYAML accept the front matter: the one in Python rejects some tabs."""
    try:
        load(data)
        comments_of(data)
    except yaml.YAMLError:
        return False
    return True


def comments_of(data: bytes) -> Counter[str]:
    """Count the comments of front matter that are not banners: the text between the tokens of the scanner of PyYAML."""
    text = front_matter(data.decode())
    found: list[str] = []
    at = 0
    for token in yaml.scan(text, Loader=yaml.CSafeLoader):
        start, end = token.start_mark.index, token.end_mark.index
        if start > at:
            found += _in_gap(text, at, start)
        if isinstance(token, yaml.ScalarToken) and token.style in ("|", ">"):
            stop = text.find("\n", start)
            found += _in_gap(text, start + 1, stop)
            end = _end_of_block(text, start, end)
        at = max(at, end)
    found += _in_gap(text, at, len(text))
    return Counter(one for one in found if not _is_banner(one))


def _end_of_block(text: str, start: int, end: int) -> int:
    """Return the end of a block scalar, whose token includes the comments below."""
    indent = start - text.rfind("\n", 0, start) - 1
    line = text[text.rfind("\n", 0, start) + 1 : start]
    indent = len(line) - len(line.lstrip(" -"))
    at = text.find("\n", start) + 1
    while at < end:
        stop = text.find("\n", at) + 1 or len(text)
        row = text[at:stop]
        if row.strip() and len(row) - len(row.lstrip(" ")) <= indent:
            return at
        at = stop
    return end


def _in_gap(text: str, start: int, end: int) -> list[str]:
    found: list[str] = []
    for line in text[start:end].split("\n"):
        at = line.find("#")
        if at >= 0:
            found.append(line[at:].rstrip())
    return found


def _is_banner(comment: str) -> bool:
    bare = comment.lstrip("# ")
    return comment.startswith("# GROUP") or (len(bare) > 9 and not bare.strip("═="))
