//! Finds the body of a request, by the length that the headers give.

use alloc::vec::Vec;

use crate::mapped::{Mapped, Slice, without_line_end};
use crate::{Error, Remark};

/// Returns the body, of the given length if there is one. A copy may have other line ends, and so another length.
pub(crate) fn of_length<'a>(
    shown: Mapped<'a>,
    after_response: &Mapped<'a>,
    length: Option<usize>,
    remarks: &mut Vec<Remark>,
) -> Mapped<'a> {
    let Some(length) = length else {
        let end = without_line_end(before_response(shown.value())).len();
        return shown.truncated(end);
    };
    if shown.is_empty() {
        return added_by_hand(after_response, length);
    }
    let text = shown.value();
    let trimmed = without_line_end(text);
    let pairs = trimmed.windows(2).filter(|pair| pair == b"\r\n").count();
    let line_feeds = lines_in(text);
    let end = match text.get(length..) {
        Some(rest) if before_response(rest).iter().copied().all(is_line_end) => length,
        // Lines gained a carriage return, or lost one.
        Some(_) if trimmed.len() - pairs <= length => trimmed.len(),
        None if text.len() + line_feeds - pairs >= length => trimmed.len(),
        Some(_) => {
            remarks.push(Remark::Longer { length, shown: text.len() });
            length
        }
        None => {
            remarks.push(Remark::Shorter { length, shown: text.len() });
            text.len()
        }
    };
    shown.truncated(end)
}

/// Returns whether a body is of this length, if its line ends may have changed.
pub(crate) fn fits(text: &[u8], length: usize) -> bool {
    let trimmed = without_line_end(text);
    [text.len(), trimmed.len(), trimmed.len() + lines_in(trimmed), text.len() + lines_in(text)].contains(&length)
}

/// Returns the number of line feeds.
fn lines_in(text: &[u8]) -> usize {
    Slice { text, at: 0 }.lines().filter(|line| line.text.ends_with(b"\n")).count()
}

/// Returns the text before a response, which Wireshark shows directly after the request.
fn before_response(text: &[u8]) -> &[u8] {
    let lines = Slice { text, at: 0 }.lines();
    let before: usize = lines.take_while(|line| !line.text.starts_with(b"HTTP/1.")).map(|line| line.text.len()).sum();
    &text[..before]
}

/// Returns a body of this length that was added by hand after the server's answer and an empty line, or an empty one.
fn added_by_hand<'a>(after_response: &Mapped<'a>, length: usize) -> Mapped<'a> {
    let text = after_response.value();
    let last = text.iter().rposition(|byte| !is_line_end(*byte)).map_or(0, |last| last + 1);
    // The body itself may end in line ends.
    for end in last..=text.len() {
        let Some(start) = end.checked_sub(length) else { continue };
        let before = &text[..start];
        let empty_line = before.ends_with(b"\n\n") || before.ends_with(b"\n\r\n");
        if empty_line || matches!(before, b"\n" | b"\r\n") {
            return after_response.slice(start..end);
        }
    }
    Mapped::default()
}

/// Returns the body in these chunks. If there are no chunks, they were joined before they were shown.
pub(crate) fn without_chunks(chunks: Mapped<'_>) -> Result<Mapped<'_>, Error> {
    let text = chunks.value();
    let mut body = Mapped::default();
    let mut at = 0;
    loop {
        let Some((size, line)) = chunk_size(&text[at..]) else {
            if !body.is_empty() {
                return Err(Error::Chunks);
            }
            let end = without_line_end(before_response(text)).len();
            return Ok(chunks.truncated(end));
        };
        if size == 0 {
            return Ok(body);
        }
        let start = at + line;
        let end = start.checked_add(size).filter(|end| *end <= text.len()).ok_or(Error::Chunks)?;
        body.append(&chunks, start..end);
        let rest = &text[end..];
        let rest = rest.strip_prefix(b"\r\n").or_else(|| rest.strip_prefix(b"\n")).ok_or(Error::Chunks)?;
        at = text.len() - rest.len();
    }
}

/// Returns the size at the start of a chunk and the length of its line, or `None` if there is no size.
fn chunk_size(chunk: &[u8]) -> Option<(usize, usize)> {
    let line = Slice { text: chunk, at: 0 }.lines().next()?;
    let digits = line.content().text.split(|byte| *byte == b';').next()?.trim_ascii();
    if !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    let size = usize::from_str_radix(core::str::from_utf8(digits).ok()?, 16).ok()?;
    Some((size, line.text.len()))
}

fn is_line_end(byte: u8) -> bool {
    matches!(byte, b'\r' | b'\n')
}
