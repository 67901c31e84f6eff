from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import Annotated, Diagnostic, Example, Meta, Pattern, Rule, Severity, identifiers

_LARGEST_FIRST = "7"
_SHOWN = 4


class IdFormat(Rule):
    """The id is a TypeID: a known prefix, `_`, and 26 characters of lower-case Crockford base32."""

    name = "id-format"
    severity = Severity.ERROR
    why = "The id is what stays when a pattern is renamed; programs refuse one that they cannot read, or lose the link."
    notes = (
        "The 26 characters are digits and lower-case letters without `i`, `l`, `o` and `u`; the first of them is 0 to "
        "7, because they stand for 128 bits ([TypeID](https://github.com/jetify-com/typeid/tree/main/spec)). The known "
        "prefixes are those of the spec that the file follows. An id that somebody still has to fill in "
        "(`pat_placeholder`, `pat_XXXX`, `pat_{TYPEID}`) is called a placeholder and not taken apart. An id that is no "
        "text at all is the matter of `wrong-type`. An id that begins with `lh_` or `ent_` makes a file a lighthouse or "
        "an entity, which is not checked as a pattern; it is reported in a file with the keys of a pattern, such as "
        "`ontology`. An entity has such keys as well, and `entity_type`."
    )
    bad = (
        Example("title: Brücken bauen\nid: «pat_d508c16cc7364a36a0fe4316»\n", note="24 characters"),
        Example("id: «pat_01kq3v9hilfe5xw2m8b4n7c6ad»\n", note="`i` and `l`"),
        Example("id: «pat_81kq3v9hexfe5xw2m8b4n7c6ad»\n", note="129 bits"),
        Example('id: «"pat_01KQ3V9HEXFE5XW2M8B4N7C6AD"»\n'),
        Example("id: «pattern_01kq3v9hexfe5xw2m8b4n7c6ad»\n"),
        Example("id: «brücken-bauen»\n"),
        Example("id: «pat_placeholder»\n"),
        Example("id: «lh_01kq3v9hexfe5xw2m8b4n7c6ad»\norbital_layer: 5\nontology: {}\n", spec="lighthouse"),
        Example("id: «ent_01kq3v9hexfe5xw2m8b4n7c6ad»\ncontext_labels: {}\n", spec="entity"),
        Example("id: «ort_01kq3v9hexfe5xw2m8b4n7c6ad»\n", options={"prefixes": ["pat", "ort_de"]}),
    )
    good = (
        Example("id: pat_01kq3v9hexfe5xw2m8b4n7c6ad\n"),
        Example("id: pat_7zzzzzzzzzzzzzzzzzzzzzzzzz\n", note="the largest that there is"),
        Example("id: ort_de_01kq3v9hexfe5xw2m8b4n7c6ad\n", options={"prefixes": ["pat", "ort_de"]}),
        Example("id: lh_01kq3v9hexfe5xw2m8b4n7c6ad\ntags:\n  scale: small\n", spec="lighthouse"),
        Example("id: ent_01kq3v9hexfe5xw2m8b4n7c6ad\nentity_type: event\nontology: {}\n", spec="entity"),
        Example("id: 42\n", note="no text: `wrong-type` says so"),
    )

    prefixes: Annotated[tuple[str, ...], Meta(description="The known prefixes; empty for those of the spec.")] = ()

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        """Take the id apart into prefix and characters, and say what is wrong with either."""
        node = pattern.get("id")
        if node is None or not isinstance(node.value, str):
            return
        known = self.prefixes or pattern.spec.id_prefixes
        text = node.value
        prefix, _, suffix = text.rpartition("_")
        foreign = pattern.spec.foreign_key(pattern.data)
        if foreign:
            yield self.at(
                pattern,
                node.label_span,
                f"the id `{text}` selects the spec `{pattern.spec.version}`, but `{foreign}` is a key of patterns",
                route=("id",),
                help="write the id of the pattern, which begins with `pat_`; otherwise the file is not checked as one",
            )
            return
        if prefix in known and identifiers.decode_suffix(suffix) is not None:
            return
        prefix = _prefix(text, known)
        suffix = text[len(prefix) + 1 :]
        one = known[0]
        is_id = prefix in known and len(suffix) == identifiers.SUFFIX_LENGTH and not _is_placeholder(suffix)
        origin = "ids are generated and never typed" if is_id else "run `patternlint id` to print a new one"
        shape = (
            f"an id is `{one}_` and {identifiers.SUFFIX_LENGTH} digits or lower-case letters, without i, l, o and u, the first of "
            f"them 0 to 7; {origin}"
        )
        if _is_placeholder(suffix):
            message = f"the id `{text}` is a placeholder"
        elif not text.strip():
            message = "the id is empty"
        elif not prefix:
            message = f"the id has no prefix such as `{one}_`"
        elif prefix not in known:
            message = f"the id has the unknown prefix `{prefix}` (known: {', '.join(f'`{name}`' for name in known)})"
        else:
            message = f"the id has {' and '.join(_faults(prefix, suffix))}"
        yield self.at(pattern, node.label_span, message, route=("id",), help=shape)


def _prefix(text: str, known: tuple[str, ...]) -> str:
    """Return the known prefix of an id; else what stands before its first `_`, empty when it has none."""
    for prefix in sorted(known, key=len, reverse=True):
        if text.startswith(f"{prefix}_"):
            return prefix
    before, underscore, _ = text.partition("_")
    return before if underscore else ""


def _is_placeholder(suffix: str) -> bool:
    lower = suffix.lower()
    return lower[:1] in ("{", "[", "<") or "placeholder" in lower or "typeid" in lower or "xxx" in lower


def _faults(prefix: str, suffix: str) -> Iterator[str]:
    if len(suffix) != identifiers.SUFFIX_LENGTH:
        yield f"{len(suffix)} characters after `{prefix}_` instead of {identifiers.SUFFIX_LENGTH}"
    wrong = [(place, character) for place, character in enumerate(suffix, 1) if character not in identifiers.ALPHABET]
    if wrong:
        if all(character.isupper() for _, character in wrong):
            kind = f"upper-case letters after `{prefix}_`"
        elif all(character.isalpha() for _, character in wrong):
            kind = f"letters after `{prefix}_` that no id has"
        else:
            kind = f"characters after `{prefix}_` that no id has"
        shown = ", ".join(f"`{character}` at place {place}" for place, character in wrong[:_SHOWN])
        more = f" and {len(wrong) - _SHOWN} more" if len(wrong) > _SHOWN else ""
        yield f"{kind}: {shown}{more}"
    elif len(suffix) == identifiers.SUFFIX_LENGTH and suffix[0] > _LARGEST_FIRST:
        yield f"`{suffix[0]}` as its first character after `{prefix}_`, which is above {_LARGEST_FIRST}"
