# shellcheck shell=bash
# Says which of the shared tables each C program reads, for the scripts that run these programs.

# tables_of PROGRAM: prints its arguments, none for a program that reads no table.
tables_of() {
    local folder=tests/tables
    case $1 in
    conformance) echo $folder/vectors.tsv ;;
    requests | uploads) echo $folder/requests.tsv ;;
    diagnoses) echo $folder/diagnoses.tsv $folder/signatures.tsv ;;
    exhaustion | stack) echo $folder/requests.tsv $folder/diagnoses.tsv $folder/signatures.tsv ;;
    esac
}
