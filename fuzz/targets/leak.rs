//! A control: AddressSanitizer must find what this forgets.
#![no_main]

use std::mem;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| mem::forget(input.to_vec()));
