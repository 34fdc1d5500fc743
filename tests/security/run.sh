#!/usr/bin/env bash
# Tests what SECURITY.md promises about secrets, randomness, memory and the released files. Each test has a control,
# which shows that it can fail.
#
#     run.sh short    for `make test`: fewer repetitions
#     run.sh long     for `make test-trust`: with AddressSanitizer, fuzzing, cargo-deny, reproducible builds and mutants
#
# KAYAKO_SIGN_LIBRARY and KAYAKO_SIGN_COMMAND name the library and the command. Needs gcc, valgrind, qemu-user, PHP, and
# a Python with pytest in PYTHON.
set -u
length=$1
root=$(cd "$(dirname "$0")/../.." && pwd)
cd "$root" || exit
shared=$(realpath "${KAYAKO_SIGN_LIBRARY:-target/release/libkayako_sign.so}")
static=${shared%.so}.a
command=$(realpath "${KAYAKO_SIGN_COMMAND:-target/release/kayako-sign}")
python=${PYTHON:-target/venv/bin/python}
tests=tests/security
out=$root/target/security
output=$out/output
export KAYAKO_SIGN_LIBRARY=$shared KAYAKO_SIGN_COMMAND=$command

case $length in
short) measurements=200000 salts=1000000 calls=200000 signers=20000 ;;
long)
    measurements=2000000 salts=1000000 calls=10000000 signers=1000000
    for tool in cargo-deny cargo-fuzz cargo-mutants; do
        command -v $tool >/dev/null || cargo install --locked $tool || exit
    done
    ;;
*) sed -n '2,/^$/s/^# \?//p' "$0" >&2; exit 2 ;;
esac

# With lazy binding, the loader's part in a first call is tested, too. LD_BIND_NOW tests the other case.
c=(gcc -std=c11 -D_GNU_SOURCE -Wall -Wextra -Wpedantic -Werror -Wno-deprecated-declarations -fno-builtin -O2 -g -pthread
    -Iinclude -Itests/support -Itests/c "-I$tests" "-I$out")
lazy=(-z lazy)
with_shared=("-L$out" -lkayako_sign -Xlinker -rpath -Xlinker "$out")
with_static=(-lgcc_s -lutil -lrt -lpthread -lm -ldl -lc)

# shellcheck source-path=SCRIPTDIR source=../support/jobs.sh
. tests/support/jobs.sh
# shellcheck source-path=SCRIPTDIR source=../support/tables.sh
. tests/support/tables.sh

# compile PROGRAM SOURCE OPTION...
compile() {
    run "$1" "${c[@]}" -o "$out/$1" "${@:2}"
}

build() {
    rm -rf "$out"
    mkdir -p "$out"
    cp "$shared" "$out/copy.so"
    ln -s "$shared" "$out/libkayako_sign.so"
    ln -s "$shared" "$out/libkayako_sign.so.0"
    tests/c/header_lists.sh include/kayako_sign.h "$out" || exit
    compile residue $tests/residue.c -lcrypto
    compile observed "${lazy[@]}" $tests/observed.c "${with_shared[@]}"
    compile observed-static "${lazy[@]}" $tests/observed.c "$static" "${with_static[@]}"
    for program in constant_time stress concurrency stack; do
        compile $program $tests/$program.c "${with_shared[@]}"
    done
    for program in timing uniformity; do
        compile $program $tests/$program.c "${with_shared[@]}" -lm
    done
    # -rdynamic makes the library call functions of these programs instead of libc's.
    for program in $tests/randomness $tests/allocations tests/c/exhaustion; do
        compile "${program##*/}" -rdynamic "$program.c" "${with_shared[@]}"
    done
    compile loading $tests/loading.c
    compile avx $tests/avx.c
    for program in conformance misuse constants requests uploads diagnoses; do
        compile $program tests/c/$program.c "${with_shared[@]}"
    done
    finish_builds
}

# A function with several checks runs in a subshell, which has its own counts.
# shellcheck source-path=SCRIPTDIR source=../support/check.sh
. tests/support/check.sh

# Runs every export in four threads under three tools of Valgrind, and a fault that each tool must find.
under_valgrind() (
    local output=$out/valgrind
    memcheck=(valgrind --quiet --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=all)
    helgrind=(valgrind --quiet --error-exitcode=99 --tool=helgrind)
    drd=(valgrind --quiet --error-exitcode=99 --tool=drd)
    check "memcheck finds nothing" quiet "${memcheck[@]}" "$out/concurrency"
    check "control: memcheck finds a signer that is not freed" fails_as 99 "${memcheck[@]}" "$out/concurrency" leak
    check "control: memcheck finds a read beyond the end" fails_as 99 "${memcheck[@]}" "$out/concurrency" overrun
    check "helgrind finds nothing" quiet "${helgrind[@]}" "$out/concurrency"
    check "control: helgrind finds a race" fails_as 99 "${helgrind[@]}" "$out/concurrency" race
    check "drd finds nothing" quiet "${drd[@]}" "$out/concurrency"
    check "control: drd finds a race" fails_as 99 "${drd[@]}" "$out/concurrency" race
    report
)

address_sanitizer() (
    target=$(rustc -vV | sed -n 's/^host: //p')
    RUSTC_BOOTSTRAP=1 RUSTFLAGS=-Zsanitizer=address CARGO_TARGET_DIR=target/asan \
        cargo build --quiet --locked --target "$target" -p kayako-sign-ffi
    folder=target/asan/$target/debug
    for program in concurrency stress; do
        "${c[@]}" -fsanitize=address -o "$out/$program-asan" "$tests/$program.c" \
            "$folder/libkayako_sign.a" "${with_static[@]}"
    done
    "${c[@]}" -fsanitize=address -o "$out/conformance-asan" tests/c/conformance.c \
        "$folder/libkayako_sign.a" "${with_static[@]}"
    check "AddressSanitizer finds nothing in every export" quiet "$out/concurrency-asan"
    check "AddressSanitizer finds nothing in the vectors" quiet "$out/conformance-asan" tests/tables/vectors.tsv
    check "control: it finds a signer that is not freed" fails_as 1 "$out/concurrency-asan" leak
    check "control: it finds a read beyond the end" fails_as 1 "$out/concurrency-asan" overrun
    report
)

fuzz_targets() (
    local output=$out/fuzz
    export RUSTC_BOOTSTRAP=1
    cargo fuzz build --sanitizer address >"$output" 2>&1 || { cat "$output"; exit 1; }
    for part in url form multipart json raw; do
        check "AddressSanitizer finds nothing in the fuzz target $part" quiet fuzz/run.sh 10 $part
        sed -n "s/^Done \([0-9]*\) runs.*/$part: \1 runs under AddressSanitizer/p" "$output"
    done
    check "control: it finds the fault of the fuzz target leak" \
        fails_as 1 cargo fuzz run --sanitizer address leak -- -runs=100
    check "control: the fault that it finds is a leak" grep -q "LeakSanitizer: detected memory leaks" "$output"
    report
)

# These processors have no SHA extensions, and the older two have no AVX.
on_old_processors() (
    local output=$out/processors
    for processor in core2duo Nehalem Haswell; do
        check "the vectors hold on a $processor" \
            quiet qemu-x86_64 -cpu $processor "$out/conformance" tests/tables/vectors.tsv
        check "every export succeeds on a $processor" quiet qemu-x86_64 -cpu $processor "$out/concurrency"
    done
    # shellcheck disable=SC2046 # Words.
    check "a call on a Nehalem leaves nothing of a secret on its stack" \
        quiet qemu-x86_64 -cpu Nehalem "$out/stack" $(tables_of stack)
    # 132 is 128 plus the number of SIGILL.
    check "control: a core2duo has no AVX" fails_as 132 qemu-x86_64 -cpu core2duo "$out/avx"
    check "control: a Nehalem has no AVX" fails_as 132 qemu-x86_64 -cpu Nehalem "$out/avx"
    check "control: a Haswell has AVX" quiet qemu-x86_64 -cpu Haswell "$out/avx"
    report
)

cargo_deny() (
    check "licences, sources and duplicates keep the rules of deny.toml" \
        quiet cargo deny --locked check licenses bans sources
    sed 's/"MIT", //' deny.toml >"$out/deny.toml"
    check "control: a licence that is not allowed is found" \
        fails_as 4 cargo deny --locked --config "$out/deny.toml" check licenses
    report
)

build
run "Valgrind" under_valgrind
run "old processors" on_old_processors
run "constant time, by Valgrind" valgrind --quiet "--suppressions=$tests/constant_time.supp" "$out/constant_time"
run "residue, shared library" "$out/residue" "$out/observed"
run "residue, static library" "$out/residue" "$out/observed-static"
run "allocations" "$out/allocations" "$calls"
run "Python" env PYTHONPATH=bindings/python/src "$python" $tests/leak.py "$signers"
run "PHP" php -d ffi.enable=1 $tests/leak.php "$signers"
run "randomness" "$out/randomness"
run "uniformity of salts" sh -c "'$command' salt --ten-digits --count $salts | '$out/uniformity' $salts"
run "stress" "$out/stress"
# shellcheck disable=SC2046 # Each is an argument.
run "stack" "$out/stack" $(tables_of stack)
run "loading" "$out/loading" "$shared" "$out/copy.so"
run "loading, bound at once" env LD_BIND_NOW=1 "$out/loading" "$shared" "$out/copy.so"
run "hardening" $tests/hardening.sh "$shared" "$command" "$out/lax"
run "command and dependencies" "$python" -m pytest -q $tests
finish
# It measures time, so nothing else runs beside it.
alone "constant time, by statistics" "$out/timing" "$measurements"
if [ "$length" = long ]; then
    alone "AddressSanitizer" address_sanitizer
    alone "fuzz targets" fuzz_targets
    alone "supply, by cargo deny" cargo_deny
    alone "reproducible builds" $tests/reproducible.sh
    alone "mutants of the C ABI" "$python" $tests/mutants.py
fi
end
