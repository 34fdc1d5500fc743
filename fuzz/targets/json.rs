//! Checks a JSON body.
#![no_main]

use kayako_sign_core::Request;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|body: &[u8]| {
    kayako_sign_fuzz::check(&Request::new("POST", kayako_sign_fuzz::URL).content_type("application/json").body(body));
});
