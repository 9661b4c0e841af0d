"""example_acts.py ROOT FOLDER NAME…: writes the fields of the law pack's example acts as
FOLDER/NAME.json, with every date moved so that the case begins today."""

import datetime
import json
import pathlib
import re
import sys

distance = datetime.date.today() - datetime.date(2026, 3, 2)


def move(value):
    if isinstance(value, dict):
        return {k: move(v) for k, v in value.items()}
    if isinstance(value, list):
        return [move(v) for v in value]
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d(T.*)?", value):
        return str(datetime.date.fromisoformat(value[:10]) + distance) + value[10:]
    return value


root, folder = map(pathlib.Path, sys.argv[1:3])
folder.mkdir(exist_ok=True)
for name in sys.argv[3:]:
    example = json.loads((root / "law/examples" / f"{name}.json").read_text())
    (folder / f"{name}.json").write_text(json.dumps(move(example["fields"])))
