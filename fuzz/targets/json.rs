//! A JSON body.
#![no_main]

use kayako_sign_core::Request;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|body: &[u8]| {
    let content_type = Some("application/json");
    kayako_sign_fuzz::check(&Request { method: "POST", url: kayako_sign_fuzz::URL, content_type, body });
});
