#!/usr/bin/env bash
# achkit 0.2.0, achkit.validate: it refuses a valid file of returns. Transaction codes 21, 26, 31, and 36 (returns)
# count neither as a debit nor as a credit, so every total of a returned amount is reported as wrong. The package has a
# table of return codes (R01 and others) and reads addenda records, so returns seem to be in its scope.
#
# The input is a valid file: one returned debit of 1,250.00 (code 26, addenda type 99, R01). Nacha Operating Rules,
# Appendix Four: a return keeps the amount of its entry, and the control records add it up by the direction of its code.
# Output seen: BAD_BATCH_DEBIT and BAD_FILE_DEBIT, 125000 != 0.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check achkit==0.2.0
nines=$(printf '9%.0s' {1..94})
{
    printf '%-94s\n' "101 121042882 0210000212612010930A094101SAMPLE ORIGINATOR      FIRST SAMPLE BANK"
    printf '%s\n' "5225SAMPLE COMPANY                      1123456789PPDINVOICE         2612023381021000020000001"
    printf '%s%s\n' "626121042882123456           0000125000ID-1           SAMPLE RECEIVER         1" 021000020000001
    printf '%-79s%s\n' "799R01121042880000001      02100002" "021000020000001"
    printf '%-79s%s\n' "822500000200121042880000001250000000000000001123456789" "021000020000001"
    printf '%-94s\n' "9000001000001000000020012104288000000125000000000000000"
    for _ in {1..4}; do echo "$nines"; done
} >returns.ach
[ "$(awk 'length($0) == 94' returns.ach | wc -l)" = 10 ]
venv/bin/python >seen <<'PYTHON'
import achkit

for error in achkit.validate(open("returns.ach").read())["errors"]:
    print(error["code"], error["message"])
PYTHON
cat seen
diff seen - <<'SEEN'
BAD_BATCH_DEBIT total debit 125000 != 0
BAD_FILE_DEBIT total debit 125000 != 0
SEEN
