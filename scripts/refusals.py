#!/usr/bin/env python3
"""Writes docs/refusals.md from the table in src/base/refusal.cpp, grouped as in refusal.hpp."""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STRING = r'"((?:[^"\\]|\\.)*)"'
ENTRY = re.compile(r"\{Code::(\w+),\s*" + r",\s*".join([STRING] * 5) + r"\}", re.S)


def table(root=ROOT):
    """The rows of the table: (code, name, what, rule, source, remedy)."""
    text = (root / "src/base/refusal.cpp").read_text(encoding="utf-8")
    # Adjacent literals are one string.
    text = re.sub(r'"\s*\n\s*"', "", text)
    return [tuple(part.replace('\\"', '"') for part in row) for row in ENTRY.findall(text)]


def groups(root=ROOT):
    """The comment sections of the enumeration: [(title, [codes])]."""
    text = (root / "src/base/refusal.hpp").read_text(encoding="utf-8")
    body = re.search(r"enum class Code \{(.*?)\};", text, re.S).group(1)
    out = []
    for line in body.splitlines():
        line = line.strip()
        if line.startswith("//"):
            out.append((line.lstrip("/ ").strip(), []))
        elif line:
            out[-1][1].extend(re.findall(r"\w+", line.split("//")[0]))
    return out


def page(root=ROOT):
    rows = {row[0]: row for row in table(root)}
    out = [
        "# Refusals",
        "",
        "<!-- Written by scripts/refusals.py from src/base/refusal.cpp; change it there. -->",
        "",
        "A refusal says that the rules say no. It is a value with a stable code, the rule and its source, the",
        "facts, and what to do; it changes nothing and loses nothing. A code is part of the protocol: it is never",
        "renamed and never given another meaning. The codes stand in the order in which the gate checks, so the",
        "first that applies is the one that is given. Over HTTP a refusal is a problem document of RFC 9457",
        "(`docs/protocol.md`, Interfaces). A rule, source or remedy closer to the case may stand in place of",
        "the one listed here.",
    ]
    for title, codes in groups(root):
        out += ["", f"## {title[0].upper()}{title[1:]}"]
        for code in codes:
            _, name, what, rule, source, remedy = rows[code]
            out += ["", f"### `{name}`", f"{what}. {rule}.", "", f"- Source: {source}", f"- What to do: {remedy}."]
    return "\n".join(out) + "\n"


if __name__ == "__main__":
    target = ROOT / "docs/refusals.md"
    target.write_text(page(), encoding="utf-8")
    print(f"{target.relative_to(ROOT)}: {len(table())} codes", file=sys.stderr)
