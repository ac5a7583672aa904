#!/bin/sh
# The compiler; with it the fuzzer watches which places of oraux's own code an input reaches.
rustc=$1
shift
case " $* " in
*" --crate-name oraux "*)
    exec "$rustc" "$@" -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
        -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
        -Cllvm-args=-sanitizer-coverage-trace-compares
    ;;
esac
exec "$rustc" "$@"
