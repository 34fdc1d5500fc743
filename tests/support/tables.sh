# shellcheck shell=bash
# Names the shared tables that each C program reads, for the scripts that run these programs.

# tables_of PROGRAM: prints the paths of its tables. A program that reads no table has none.
tables_of() {
    local folder=tests/tables
    case $1 in
    conformance) echo $folder/vectors.tsv ;;
    requests | uploads) echo $folder/requests.tsv ;;
    diagnoses) echo $folder/diagnoses.tsv $folder/signatures.tsv ;;
    exhaustion | stack) echo $folder/requests.tsv $folder/diagnoses.tsv $folder/signatures.tsv ;;
    esac
}
