//! Checks a multipart body, after a line with its content type. The verdict does not depend on where the body is cut.
#![no_main]

use std::str;

use kayako_sign_core::{Error, Request};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let line = input.iter().position(|byte| *byte == b'\n').unwrap_or(0);
    let Ok(content_type) = str::from_utf8(&input[..line]) else { return };
    let content_type = format!("multipart/form-data; {content_type}");
    let body = input.get(line + 1..).unwrap_or_default();
    let whole = verdict(&content_type, [body].into_iter());
    assert_eq!(verdict(&content_type, body.chunks(1)), whole, "in single bytes");
    // The input decides where it is cut.
    let cuts = body.split_inclusive(|byte| byte % 7 == 3);
    assert_eq!(verdict(&content_type, cuts), whole, "in pieces");
    kayako_sign_fuzz::check(&Request::new("POST", kayako_sign_fuzz::URL).content_type(&content_type).body(body));
});

/// Returns the error if the body is refused. The URL has no route, so the body may have one.
fn verdict<'p>(content_type: &str, mut pieces: impl Iterator<Item = &'p [u8]>) -> Result<(), Error> {
    let request = Request::new("POST", "https://help.example.com/api/index.php").content_type(content_type);
    let (_, mut upload) = kayako_sign_fuzz::signer().upload(&request)?;
    pieces.try_for_each(|piece| upload.check(piece))?;
    upload.end()
}
