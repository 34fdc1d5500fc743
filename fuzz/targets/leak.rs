//! Leaks memory on purpose: AddressSanitizer must report it, or the other targets prove nothing.
#![no_main]

use std::mem;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| mem::forget(input.to_vec()));
