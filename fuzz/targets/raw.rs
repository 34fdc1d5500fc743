//! Checks a whole request: a line each for the method, the URL and the content type, and the body.
#![no_main]

use std::str;

use kayako_sign_core::Request;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let mut lines = input.splitn(4, |byte| *byte == b'\n');
    let mut text = || str::from_utf8(lines.next().unwrap_or_default()).ok();
    let (Some(method), Some(url), Some(content_type)) = (text(), text(), text()) else { return };
    let request = Request::new(method, url).body(lines.next().unwrap_or_default());
    kayako_sign_fuzz::check(&if content_type.is_empty() { request } else { request.content_type(content_type) });
});
