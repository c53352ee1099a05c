#!/usr/bin/env bash
# achlens 0.1.7, achlens.core.validate: no file of returns is valid. It has a layout and rules for addenda records of
# type 99 (AD005, AD006), but allows them only in a batch with the SEC code RET (AD001), and RET is an unknown SEC code
# (BH004). With the original SEC code, as the rules require it, AD001 refuses the addenda record, ED001 refuses the
# transaction code 26, and the totals do not count the returned amount (BC004, FC005).
#
# The input is a valid file: one returned debit of 1,250.00 (code 26, addenda type 99, R01) in a PPD batch. Nacha
# Operating Rules, Appendix Four: the batch of a return keeps the SEC code of its entry, and the entry's code is 21, 26,
# 31, or 36.
# Output seen: PPD: AD001 BC004 ED001 FC005; RET: BC004 BH004 ED001 FC005.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check achlens==0.1.7
nines=$(printf '9%.0s' {1..94})
{
    printf '%-94s\n' "101 121042882 0210000212612010930A094101SAMPLE ORIGINATOR      FIRST SAMPLE BANK"
    printf '%s\n' "5225SAMPLE COMPANY                      1123456789PPDINVOICE         261202   1021000020000001"
    printf '%s%s\n' "626121042882123456           0000125000ID-1           SAMPLE RECEIVER         1" 021000020000001
    printf '%-79s%s\n' "799R01121042880000001      02100002" "021000020000001"
    printf '%-79s%s\n' "822500000200121042880000001250000000000000001123456789" "021000020000001"
    printf '%-94s\n' "9000001000001000000020012104288000000125000000000000000"
    for _ in {1..4}; do echo "$nines"; done
} >returns.ach
[ "$(awk 'length($0) == 94' returns.ach | wc -l)" = 10 ]
venv/bin/python >seen <<'PYTHON'
from achlens.core import validate

text = open("returns.ach").read()
for sec in ["PPD", "RET"]:
    report = validate(text.replace("PPDINVOICE", sec + "INVOICE"))
    rules = sorted({finding.rule_id for finding in report.findings if finding.severity == "error"})
    print(sec, "valid" if report.valid else "refused", *rules)
PYTHON
cat seen
grep -qx 'PPD refused AD001 BC004 ED001 FC005' seen
grep -q '^RET refused .*BH004' seen
