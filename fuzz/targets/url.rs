//! An address, which stands in requests whose query the server reads.
#![no_main]

use kayako_sign_core::Request;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|url: &str| {
    kayako_sign_fuzz::check(&Request::get(url));
    kayako_sign_fuzz::check(&Request { method: "PUT", content_type: Some("text/plain"), ..Request::get(url) });
});
