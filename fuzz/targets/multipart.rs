//! A multipart body, after a line that is its content type. Any cut of the body gives the same verdict.
#![no_main]

use std::str;

use kayako_sign_core::{Error, Request, Upload};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let line = input.iter().position(|byte| *byte == b'\n').unwrap_or(0);
    let Ok(content_type) = str::from_utf8(&input[..line]) else { return };
    let content_type = format!("multipart/form-data; {content_type}");
    let body = input.get(line + 1..).unwrap_or_default();
    let whole = verdict(&content_type, [body].into_iter());
    assert_eq!(verdict(&content_type, body.chunks(1)), whole, "in single bytes");
    // Where it is cut is the input's to say.
    let cuts = body.split_inclusive(|byte| byte % 7 == 3);
    assert_eq!(verdict(&content_type, cuts), whole, "in pieces");
    kayako_sign_fuzz::check(&Request {
        method: "POST",
        url: kayako_sign_fuzz::URL,
        content_type: Some(&content_type),
        body,
    });
});

/// The route and the count of fields, or why the body is refused.
fn verdict<'p>(
    content_type: &str,
    mut pieces: impl Iterator<Item = &'p [u8]>,
) -> Result<(Option<Vec<u8>>, usize), Error> {
    let mut upload = Upload::multipart(content_type)?;
    pieces.try_for_each(|piece| upload.check(piece))?;
    upload.end()?;
    Ok((upload.route().map(<[u8]>::to_vec), upload.count()))
}
