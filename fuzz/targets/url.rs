//! Checks a URL, in requests whose query the server reads.
#![no_main]

use kayako_sign_core::Request;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|url: &str| {
    kayako_sign_fuzz::check(&Request::new("GET", url));
    kayako_sign_fuzz::check(&Request::new("PUT", url).content_type("text/plain"));
});
