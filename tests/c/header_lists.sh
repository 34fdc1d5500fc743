#!/bin/sh
# header_lists.sh HEADER FOLDER: writes lists of what the header declares into the folder, for the programs that check
# it: its constants, its functions, and the names of its statuses and diagnoses.
set -eu
header=$1
out=$2

sed -n '/_VERSION_/d; s/^#define \(KAYAKO_[A-Z0-9_]*\) [0-9].*/CONSTANT(\1, \L\1)/p' "$header" >"$out/constants.inc"
sed -n 's/^[a-z].*[ *]\(kayako_[a-z0-9_]*\)(.*/FUNCTION(\1)/p' "$header" >"$out/functions.inc"
sed -n '/^typedef int32_t kayako_diagnosis/q; s/^  \(KAYAKO_[A-Z0-9_]*\) = .*/NAME(\1)/p' "$header" >"$out/statuses.inc"
sed -n 's/^  \(KAYAKO_DIAGNOSIS_[A-Z0-9_]*\) = .*/NAME(\1)/p' "$header" >"$out/diagnoses.inc"
