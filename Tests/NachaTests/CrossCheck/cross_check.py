"""Compare the slices and verdicts of achkit, achlens, and carta-ach with those of NachaFigures.

usage: cross_check.py NACHA_FIGURES FILE...
The exit status is 1 if a slice differs, or a reader complains about something that KNOWN does not list.
"""

import json
import subprocess
import sys
from collections import Counter

import ach.parser
import achkit
import achlens.core

# What the readers say about valid files, with the reason why it is no fault of the file. NOTES.md explains each.
KNOWN_ACHKIT = {
    "BAD_BATCH_DEBIT": "returns", "BAD_BATCH_CREDIT": "returns", "BAD_FILE_DEBIT": "returns",
    "BAD_FILE_CREDIT": "returns", "BAD_BLOCKING": "unpadded", "BAD_RECORD_LEN": "unbroken",
}
KNOWN_ACHLENS = {
    "AD001": "returns", "ED001": "returns", "BC004": "returns", "BC005": "returns", "FC005": "returns",
    "FC006": "returns", "AD005": "returns", "AD007": "returns", "BH004": "corporate", "BH008": "settlement date",
    "ED015": "payment type", "S011": "unpadded", "S012": "unpadded", "BH006": "blank effective date",
    "BH007": "calendar", "BH012": "calendar", "BC009": "message authentication code", "ED005": "account",
}


def our_rows(figures, path):
    output = subprocess.run([figures, "values", path], check=True, capture_output=True, text=True).stdout
    rows = [json.loads(line) for line in output.splitlines()]
    assert all("fields" in row for row in rows), f"{path}: our reader reports a breach"
    return rows


def by_position(row):
    return {(column, length): value for _, column, length, value in row["fields"]}


def carta_rows(text):
    """The records of carta-ach in the order of the file, each with its table of positions."""
    parser = ach.parser.Parser(text)
    data = parser.as_dict()
    yield data["file_header"], parser.FILE_HEADER_DEF
    for batch in data["batches"]:
        yield batch["batch_header"], parser.BATCH_HEADER_DEF
        for entry in batch["entries"]:
            yield entry["entry_detail"], parser.ENTRY_DETAIL_DEF
            for addenda in entry["addenda"]:
                yield addenda, parser.ADDENDA_RECORD_DEF
        yield batch["batch_control"], parser.BATCH_CONTROL_DEF
    yield data["file_control"], parser.FILE_CONTROL_DEF


def compare_carta(text, rows, seen):
    theirs = list(carta_rows(text))
    assert len(theirs) == len(rows), "carta-ach: another number of records"
    for (record, table), row in zip(theirs, rows):
        line = "".join(value for _, _, _, value in row["fields"])
        for rule in table:
            expected = line[rule["pos"]:rule["pos"] + rule["len"]]
            if record[rule["field"]] == expected:
                seen["carta-ach: equal slices"] += 1
            elif rule["field"] == "orig_dfi_id" and table is ach.parser.Parser.BATCH_CONTROL_DEF:
                seen["carta-ach: the batch control's ODFI is the batch number"] += 1
            else:
                raise AssertionError(f"carta-ach: line {row['line']}, {rule['field']}")


def compare_achlens(text, rows, seen):
    parsed = achlens.core.parse(text)
    records = {}
    for record in [parsed.header, parsed.control] + [b.header for b in parsed.batches] + [
            b.control for b in parsed.batches]:
        records[record.line_number] = record
    for batch in parsed.batches:
        for entry in batch.entries:
            for record in [entry.detail] + entry.addenda:
                records[record.line_number] = record
    for row in rows:
        ours = by_position(row)
        for field in records[row["line"]].fields.values():
            key = (field.start, field.end - field.start + 1)
            if key not in ours:
                seen[f"achlens: no field of {row['layout']} at {field.start}-{field.end} ({field.name})"] += 1
            else:
                assert ours[key] == field.raw, f"achlens: line {row['line']}, {field.name}"
                seen["achlens: equal slices"] += 1


def verdicts(text, seen):
    for error in achkit.validate(text)["errors"]:
        assert error["code"] in KNOWN_ACHKIT, f"achkit: {error}"
        seen[f"achkit: {error['code']} ({KNOWN_ACHKIT[error['code']]})"] += 1
    for finding in achlens.core.validate(text, max_findings=100_000).findings:
        assert finding.rule_id in KNOWN_ACHLENS, f"achlens: {finding}"
        seen[f"achlens: {finding.rule_id} {finding.severity} ({KNOWN_ACHLENS[finding.rule_id]})"] += 1


def check(figures, path):
    seen = Counter()
    with open(path, newline="") as file:
        text = file.read()
    rows = our_rows(figures, path)
    if "\n" in text:
        compare_carta(text, rows, seen)
        compare_achlens(text, rows, seen)
        verdicts(text, seen)
    else:
        seen["a file without line breaks: none of the three reads it"] += 1
    return seen


def main():
    total = Counter()
    failures = 0
    for path in sys.argv[2:]:
        try:
            seen = check(sys.argv[1], path)
        except AssertionError as error:
            print(f"FAIL {path}: {error}")
            failures += 1
            continue
        verdict = [text for text in seen if "equal slices" not in text]
        if len(sys.argv) < 12:
            print(path, *verdict, sep="\n  ")
        total.update(seen)
    print("all files:")
    for text, count in sorted(total.items()):
        print(f"  {count:7} {text}")
    sys.exit(1 if failures else 0)


main()
