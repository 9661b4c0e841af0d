#!/usr/bin/env python3
"""The test `tidy`: the rules of the house that a compiler does not check. Prints file:line: problem
and ends with status 1 when there is one. CONTRIBUTING.md lists the rules."""

import json
import re
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.dont_write_bytecode = True
import refusals  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent
LINES_MAX = 750
CODE = {".cpp", ".hpp", ".py", ".sh", ".sql", ".cmake"}
# Put together, so that this file does not hold what it looks for.
UNFINISHED = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")
MACHINE = re.compile(r"(?<![\w./-])/(?:wo" + r"rk|ho" + r"me|ro" + r"ot|Us" + r"ers)/\w")
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')

problems = []


def complain(path, line, text):
    problems.append(f"{path}:{line}: {text}")


def tracked_files():
    """Files under version control or about to be; in an exported tree, all but build products."""
    command = ["git", "-C", str(ROOT), "ls-files", "-co", "--exclude-standard", "-z"]
    try:
        done = subprocess.run(command, capture_output=True, check=False)
        if done.returncode == 0 and done.stdout:
            names = done.stdout.decode().split("\0")
            return sorted(name for name in names if name and (ROOT / name).is_file())
    except OSError:
        pass
    found = (path for path in ROOT.rglob("*") if path.is_file())
    relative = (path.relative_to(ROOT) for path in found)
    return sorted(str(path) for path in relative if path.parts[0] not in {".git", "build", ".cache"})


def text_of(name):
    """The file's text, or nothing when it is binary or not UTF-8."""
    data = (ROOT / name).read_bytes()
    if b"\0" in data:
        return None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return None


def check_table(table):
    """Every room of src is listed, every listed room exists, and the table has no cycle."""
    rooms = table["rooms"]
    there = {path.name for path in (ROOT / "src").iterdir() if path.is_dir()}
    for room in sorted(there - rooms.keys()):
        complain("scripts/rooms.json", 1, f"src/{room} is not listed")
    for room in sorted(rooms.keys() - there):
        complain("scripts/rooms.json", 1, f"{room} is listed, and src/{room} is not there")
    done = set()

    def visit(room, road):
        if room in road:
            complain("scripts/rooms.json", 1, "a cycle: " + " -> ".join([*road, room]))
            return
        if room in done:
            return
        for other in rooms.get(room, []):
            if other not in rooms:
                complain("scripts/rooms.json", 1, f"{room} may include {other}, which is not listed")
            visit(other, [*road, room])
        done.add(room)

    for room in rooms:
        visit(room, [])


def check_include(table, name, number, include):
    """One include of a file in src, against the table, the confined headers and restricted files."""
    room = name.split("/")[1]
    inside = name[len("src/"):]
    for prefix, allowed in table.get("confined", {}).items():
        if include.startswith(prefix) and room not in allowed:
            complain(name, number, f"<{include}> is confined to {', '.join(allowed)}")
    other = include.split("/")[0]
    if "/" not in include or other not in table["rooms"]:
        return
    if other != room and other not in table["rooms"].get(room, []):
        complain(name, number, f"{room} may not include {include}")
    for prefix, allowed in table.get("restricted_files", {}).items():
        # An entry is a room, or one file of a room.
        if inside.startswith(prefix) and not include.startswith(prefix):
            if other not in allowed and include not in allowed:
                complain(name, number, f"files of {prefix} may not include {include}")


def check_source(table, name, lines):
    first = lines[0] if lines else ""
    if not first.startswith(("//", "/*", "--", "#")):
        complain(name, 1, "does not begin with a comment that says what it is")
    if name.endswith(".hpp") and "#pragma once" not in lines:
        complain(name, 1, "has no #pragma once")
    for number, line in enumerate(lines, 1):
        found = INCLUDE.match(line)
        if found:
            check_include(table, name, number, found.group(2))


def check_text(name, lines):
    if name == "LICENSE":
        return
    suffix = Path(name).suffix
    if suffix in CODE and len(lines) > LINES_MAX:
        complain(name, LINES_MAX + 1, f"has {len(lines)} lines; at most {LINES_MAX} are accepted")
    for number, line in enumerate(lines, 1):
        found = UNFINISHED.search(line) if suffix in CODE or suffix == ".md" else None
        if found:
            complain(name, number, f"{found.group(1)}: finish it, or write it down as an issue")
        if MACHINE.search(line):
            complain(name, number, "names a path of one machine")


def check_refusals():
    """The table and the page are in the order of the enumeration; cited sections are there."""
    page = ROOT / "docs/refusals.md"
    codes = [code for _, group in refusals.groups(ROOT) for code in group]
    rows = refusals.table(ROOT)
    if [row[0] for row in rows] != codes:
        complain("src/base/refusal.cpp", 1, "the table is not in the order of the enumeration")
        return
    for row in rows:
        if row[0] != row[1]:
            complain("src/base/refusal.cpp", 1, f"{row[0]} is named {row[1]}")
    if not page.is_file() or page.read_text(encoding="utf-8") != refusals.page(ROOT):
        complain("docs/refusals.md", 1, "is not what scripts/refusals.py writes; run it")
    for row in rows:
        for document, sections in re.findall(r"(docs/[\w-]+\.md)((?:, [^;]+)?)", row[4]):
            check_citation(row[0], document, sections)


def check_citation(code, document, section):
    path = ROOT / document
    if not path.is_file():
        complain("src/base/refusal.cpp", 1, f"{code} cites {document}, which is not there")
        return
    wanted = re.sub(r"\s*\(.*?\)", "", section).strip(", ")
    if not wanted:
        return
    text = path.read_text(encoding="utf-8")
    heading = re.compile(r"^(#+ (?:\d+\. )?|\| )" + re.escape(wanted) + r"\b", re.M)
    if not heading.search(text):
        complain("src/base/refusal.cpp", 1, f"{code} cites {document}, {wanted}, which is not there")


def check_threats(names):
    """A threat that docs/threats.md calls shown or partly shown has a test that carries its id."""
    path = ROOT / "docs/threats.md"
    if not path.is_file():
        complain("docs/threats.md", 1, "is not there")
        return
    tests = [name for name in names if name.startswith("tests/") and Path(name).suffix in {".cpp", ".sh"}
             or name.startswith("web/test/") and name.endswith(".test.ts")]
    texts = {name: text_of(name) or "" for name in tests}
    seen = set()
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        row = re.match(r"\| (T\d\d) \|.*\| (shown|partly|open)\b([^|]*)\|", line)
        if not row:
            if re.match(r"\| T\d\d ", line):
                complain("docs/threats.md", number, "the state is none of shown, partly, open")
            continue
        threat, state, where = row.groups()
        seen.add(threat)
        holding = [name for name, text in texts.items() if re.search(rf"\b{threat}(?![0-9A-Za-z])", text)]
        if state == "open" and len(where.strip(" :")) < 10:
            complain("docs/threats.md", number, f"{threat} is open and does not say why")
        if state != "open" and not holding:
            complain("docs/threats.md", number, f"{threat} is called {state}, and no test carries its id")
        for name in re.findall(r"`((?:tests|web/test)/[^`]+)`", where):
            if threat not in texts.get(name, ""):
                complain("docs/threats.md", number, f"{name} does not carry {threat}")
    for number in range(1, 57):
        if f"T{number:02}" not in seen:
            complain("docs/threats.md", 1, f"T{number:02} has no row")


# Lines of the mission that no test shows yet. It is to be empty in the end; nothing is added to it.
NOT_YET = set()
MISSION = [*(f"M{n}" for n in range(1, 5)), *(f"R{n}" for n in range(1, 11)),
           *(f"X{n}" for n in range(1, 7)), *(f"N{n}" for n in range(1, 4))]
TEST_NAME = re.compile(r'(?:TEST_CASE|test|describe|it)\(\s*["\'`]([^"\'`]*)')


def test_names(names):
    """The names of all tests that a program gives a name; of scripts, every line."""
    for name in names:
        if not name.startswith(("tests/", "web/")):
            continue
        text = text_of(name) or ""
        if name.endswith((".cpp", ".ts", ".mjs")):
            # A long name is written as several literals.
            joined = re.sub(r'"\s*\n\s*"', "", text)
            yield from TEST_NAME.findall(joined)
        elif name.endswith((".sh", ".py")) and name.startswith("tests/e2e/"):
            yield from text.splitlines()


def check_mission(names):
    """Every line of docs/mission.md has a test with its id (`R7_ …` or `R7 …` in the test's name), or
    stands in NOT_YET; the files it names are there."""
    path = ROOT / "docs/mission.md"
    shown = set()
    for test in test_names(names):
        shown.update(re.findall(r"\b([MRXN]\d{1,2})(?=_|[ :,.)]|$)", test))
    rows = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        row = re.match(r"\| ([MRXN]\d+) \|.*\|\s*(.*?)\s*\|$", line)
        if row:
            rows[row.group(1)] = (number, row.group(2))
    for line_id in MISSION:
        if line_id not in rows:
            complain("docs/mission.md", 1, f"{line_id} has no line")
            continue
        number, where = rows[line_id]
        if line_id not in shown and line_id not in NOT_YET:
            complain("docs/mission.md", number, f"no test carries {line_id}_ in its name")
        for named in re.findall(r"`(tests/[^`]+)`", where):
            if not (ROOT / named).exists():
                complain("docs/mission.md", number, f"{named} is not there")


# The twenty tests that had to exist first (docs/peers-tests.md).
FIRST_TESTS = [*(f"T{n:02}" for n in (1, 3, 4, 7, 8, 10, 12, 19, 20, 21, 22, 27, 36, 42, 43, 46, 47, 50, 53)), "S31"]


def rows_of(document, ids, wanted):
    """The rows of a table: where, by id. Each that is wanted has one row."""
    seen = set()
    for number, line in enumerate((ROOT / document).read_text(encoding="utf-8").splitlines(), 1):
        row = re.match(rf"\| ({ids}) \|[^|]*\|(.*)\|$", line)
        if not row:
            continue
        if row.group(1) in seen:
            complain(document, number, f"{row.group(1)} has two rows")
        seen.add(row.group(1))
        yield number, *row.groups()
    for missing in wanted:
        if missing not in seen:
            complain(document, 1, f"{missing} has no row")


def check_first_tests():
    """Each of the twenty has one row, which names tests that are there and carry its id."""
    document = "docs/peers-tests.md"
    for number, test, where in rows_of(document, r"[TS]\d\d", FIRST_TESTS):
        named = re.findall(r"`((?:tests|web/test)/[^`]+)`", where)
        if not named:
            complain(document, number, f"{test} names no test")
        for name in named:
            place = ROOT / name
            if not place.exists():
                complain(document, number, f"{name} is not there")
            elif place.is_file() and not re.search(rf"\b{test}(?![0-9A-Za-z])", text_of(name) or ""):
                complain(document, number, f"{name} does not carry {test}")


# The lines of a day in docs/stories.md: officer, judge, authority, provider, person concerned, oversight.
STORY_LINES = [f"{who}{n}" for who, last in zip("OJKPDV", (12, 10, 12, 11, 11, 11)) for n in range(1, last + 1)]


def check_stories():
    """Each line has one row; what it names is there: by id in flows of the browser, by name elsewhere."""
    document = "docs/stories.md"
    for number, story, where in rows_of(document, r"[A-Z]\d+", STORY_LINES):
        named = re.findall(r"`((?:tests|web/test)/[^`]+)`((?:,? ?“[^”]+”)*)", where)
        if not named and not where.strip().startswith("not built"):
            complain(document, number, f"{story} names no test and does not say that it is not built")
        for name, said in named:
            text = text_of(name) if (ROOT / name).is_file() else None
            if text is None:
                complain(document, number, f"{name} is not there")
                continue
            titles = re.findall(r"\btest\((['`])(.*?)\1", text)
            if name.startswith("web/test/nodes/") and not any(
                re.search(rf"\b{story}(?![0-9A-Za-z])", title.split(": ")[0]) for _, title in titles
            ):
                complain(document, number, f"no test of {name} carries {story}")
            for words in re.findall(r"“([^”]+)”", said):
                if words not in text:
                    complain(document, number, f"{name} has no test “{words}”")


def main():
    table = json.loads((ROOT / "scripts/rooms.json").read_text(encoding="utf-8"))
    names = tracked_files()
    check_table(table)
    for name in names:
        text = text_of(name)
        if text is None:
            continue
        lines = text.splitlines()
        check_text(name, lines)
        if name.startswith("src/"):
            check_source(table, name, lines)
    check_refusals()
    check_threats(names)
    check_mission(names)
    check_first_tests()
    check_stories()
    for problem in sorted(set(problems)):
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
