#!/usr/bin/env bash
# carta-ach 0.4.5, ach.parser.Parser: the parsed batch control record gives the batch number as the originating DFI, and
# it has no batch number. The layout table names its last two fields (columns 80-87 and 88-94) both orig_dfi_id, so the
# second value replaces the first.
#
# The input is a valid file of one PPD credit. Nacha Operating Rules, Appendix Three, batch control record: columns
# 80-87 are the originating DFI identification, columns 88-94 are the batch number.
# Output seen: 0000001
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check carta-ach==0.4.5
nines=$(printf '9%.0s' {1..94})
{
    printf '%-94s\n' "101 021000021 1210428822612010930A094101FIRST SAMPLE BANK      SAMPLE ORIGINATOR"
    printf '%s\n' "5220SAMPLE COMPANY                      1123456789PPDPAYROLL         261202   1121042880000001"
    printf '%s%s\n' "622021000021123456           0000125000ID-1           SAMPLE RECEIVER         0" 121042880000001
    printf '%-79s%s\n' "822000000100021000020000000000000000001250001123456789" "121042880000001"
    printf '%-94s\n' "9000001000001000000010002100002000000000000000000125000"
    for _ in {1..5}; do echo "$nines"; done
} >file.ach
[ "$(awk 'length($0) == 94' file.ach | wc -l)" = 10 ]
venv/bin/python >seen <<'PYTHON'
from ach.parser import Parser

batch = Parser(open("file.ach").read()).as_dict()["batches"][0]
print("header ODFI", batch["batch_header"]["orig_dfi_id"])
print("control ODFI", batch["batch_control"]["orig_dfi_id"])
print("control batch number", batch["batch_control"].get("batch_id"))
PYTHON
cat seen
diff seen - <<'SEEN'
header ODFI 12104288
control ODFI 0000001
control batch number None
SEEN
