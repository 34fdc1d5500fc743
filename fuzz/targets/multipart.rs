//! A multipart body, behind a line that is its content type.
#![no_main]

use std::str;

use kayako_sign_core::Request;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let line = input.iter().position(|byte| *byte == b'\n').unwrap_or(0);
    let Ok(content_type) = str::from_utf8(&input[..line]) else { return };
    let content_type = format!("multipart/form-data; {content_type}");
    kayako_sign_fuzz::check(&Request {
        method: "POST",
        url: kayako_sign_fuzz::URL,
        content_type: Some(&content_type),
        body: input.get(line + 1..).unwrap_or_default(),
    });
});
