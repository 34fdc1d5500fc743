//! Checks the body of a form.
#![no_main]

use kayako_sign_core::Request;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|body: &[u8]| {
    for method in ["POST", "PUT"] {
        kayako_sign_fuzz::check(
            &Request::new(method, kayako_sign_fuzz::URL).content_type("application/x-www-form-urlencoded").body(body),
        );
    }
});
