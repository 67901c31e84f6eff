from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import Annotated, Diagnostic, Example, Meta, Pattern, Rule, Severity, identifiers, phrases

_LARGEST_FIRST = "7"
_SHOWN = 4


class IdFormat(Rule):
    """The id is a TypeID: a known prefix, `_`, and 26 characters of lower-case Crockford base32."""

    name = "id-format"
    severity = Severity.ERROR
    why = "The id stays the same when a pattern is renamed. Programs reject an invalid id, or lose the links to it."
    notes = (
        "The 26 characters are digits and lower-case letters without `i`, `l`, `o` and `u`. The first one is 0 to "
        "7, because they encode 128 bits ([TypeID](https://github.com/jetify-com/typeid/tree/main/spec)). The known "
        "prefixes are those of the specification that the file follows. `pat_placeholder`, `pat_XXXX` and `pat_{TYPEID}` "
        "are reported as placeholders. An id that is not a string is reported by `wrong-type`.\n\n"
        "A file whose id starts with `lh_` or `ent_` is a lighthouse or an entity and is not checked as a pattern. The "
        "rule reports such an id in a file with keys of a pattern, such as `ontology`, unless it is an entity with "
        "`entity_type`."
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
        Example("id: pat_7zzzzzzzzzzzzzzzzzzzzzzzzz\n", note="the largest id"),
        Example("id: ort_de_01kq3v9hexfe5xw2m8b4n7c6ad\n", options={"prefixes": ["pat", "ort_de"]}),
        Example("id: lh_01kq3v9hexfe5xw2m8b4n7c6ad\ntags:\n  scale: small\n", spec="lighthouse"),
        Example("id: ent_01kq3v9hexfe5xw2m8b4n7c6ad\nentity_type: event\nontology: {}\n", spec="entity"),
        Example("id: 42\n", note="not a string: reported by `wrong-type`"),
    )

    prefixes: Annotated[
        tuple[str, ...], Meta(description="Allowed prefixes. If empty, those of the specification.")
    ] = ()

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        key = pattern.spec.identity.id
        known = self.prefixes or pattern.spec.identity.id_prefixes
        node = pattern.get(key)
        if not known or node is None or not isinstance(node.value, str):
            return
        text = node.value
        foreign_key = pattern.spec.foreign_key(pattern.data)
        if foreign_key:
            message = (
                f"id `{text}` selects the spec `{pattern.spec.version}`, but `{foreign_key}` is not one of its keys"
            )
            advice = "write the id that belongs to these keys; now they are not checked"
            yield self.at(pattern, node.label_span, message, route=(key,), help=advice)
            return
        prefix, _, suffix = text.rpartition("_")
        if prefix in known and identifiers.decode_suffix(suffix) is not None:
            return
        prefix = _prefix(text, known)
        suffix = text[len(prefix) + 1 :]
        is_placeholder = _is_placeholder(suffix)
        if is_placeholder:
            message = f"id `{text}` is a placeholder"
        elif not text.strip():
            message = "the id is empty"
        elif not prefix:
            message = f"id `{text}` has no prefix such as `{known[0]}_`"
        elif prefix not in known:
            message = f"unknown prefix `{prefix}` in id, expected {phrases.join_or(phrases.backticked(known))}"
        else:
            message = f"invalid id: {_fault(prefix, suffix)}"
        is_mistyped = prefix in known and len(suffix) == identifiers.SUFFIX_LENGTH and not is_placeholder
        origin = "copy the id, do not type it" if is_mistyped else "run `patternlint id` to generate one"
        shape = f"`{known[0]}_` and {identifiers.SUFFIX_LENGTH} digits or lower-case letters except i, l, o and u, the first 0 to 7"
        yield self.at(pattern, node.label_span, message, route=(key,), help=f"{origin}: {shape}")


def _prefix(text: str, known: tuple[str, ...]) -> str:
    """Return the known prefix of an id, else the part before its first `_`, or an empty string without `_`."""
    for prefix in sorted(known, key=len, reverse=True):
        if text.startswith(f"{prefix}_"):
            return prefix
    before, underscore, _ = text.partition("_")
    return before if underscore else ""


def _is_placeholder(suffix: str) -> bool:
    lower = suffix.lower()
    return lower[:1] in ("{", "[", "<") or "placeholder" in lower or "typeid" in lower or "xxx" in lower


def _fault(prefix: str, suffix: str) -> str:
    """Return what is wrong with the characters of an id, which do not encode 128 bits."""
    faults: list[str] = []
    if len(suffix) != identifiers.SUFFIX_LENGTH:
        faults.append(f"{len(suffix)} characters after `{prefix}_`, expected {identifiers.SUFFIX_LENGTH}")
    wrong = [(column, char) for column, char in enumerate(suffix, 1) if char not in identifiers.ALPHABET]
    if wrong:
        is_upper = all(char.isupper() for _, char in wrong)
        is_letter = all(char.isalpha() for _, char in wrong)
        kind = "upper-case letters" if is_upper else "invalid letters" if is_letter else "invalid characters"
        listed = ", ".join(f"`{char}` at position {column}" for column, char in wrong[:_SHOWN])
        more = f" and {len(wrong) - _SHOWN} more" if len(wrong) > _SHOWN else ""
        faults.append(f"{kind} after `{prefix}_`: {listed}{more}")
    elif len(suffix) == identifiers.SUFFIX_LENGTH and suffix[0] > _LARGEST_FIRST:
        faults.append(f"`{suffix[0]}` as first character after `{prefix}_`, expected 0 to {_LARGEST_FIRST}")
    return phrases.join_and(faults)
