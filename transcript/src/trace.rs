//! Reads the output of `curl --trace-ascii` and `curl --trace`: rows of text or of bytes, each after its offset.
//!
//! In rows of text a dot may hide another byte; it is read as a dot.

use crate::mapped::{Mapped, Slice};
use crate::{Form, Outcome, http};

#[derive(PartialEq)]
enum Section {
    Nothing,
    Head,
    Body,
}

pub(crate) fn read(text: Slice<'_>) -> Outcome<'_> {
    let mut view = Mapped::default();
    let mut section = Section::Nothing;
    let mut rows = Rows { next: 0, size: 0 };
    for line in text.lines() {
        let line = line.content();
        let sent = sent(line);
        if sent.is_some() || line.text.starts_with(b"<= ") || line.text.starts_with(b"== ") {
            rows.end(&mut view);
        }
        match sent {
            Some(what) if what.starts_with(b"header") => {
                if view.value().starts_with(b"CONNECT ") {
                    // This asks a proxy for a tunnel; the request comes after it.
                    view = Mapped::default();
                } else if section != Section::Nothing {
                    // The head of another request.
                    break;
                }
                section = Section::Head;
                rows = Rows { next: 0, size: size(what) };
            }
            Some(what) if what.starts_with(b"data") && section != Section::Nothing => {
                section = Section::Body;
                rows = Rows { next: 0, size: size(what) };
            }
            None if matches!(section, Section::Head | Section::Body) && rows.size > 0 => rows.take(line, &mut view),
            _ => {}
        }
    }
    rows.end(&mut view);
    if view.is_empty() {
        return None;
    }
    let found = http::read(Slice { text: view.value(), at: 0 })?;
    Some(found.map(|found| {
        let mut found = found.through(&view);
        found.form = Some(Form::CurlTrace);
        found
    }))
}

/// Returns the size in `data, 9 bytes (0x9)`.
fn size(what: &[u8]) -> usize {
    let digits = what.split(|byte| *byte == b' ').find_map(http::number);
    digits.unwrap_or_default()
}

/// Returns the kind of data that curl sends, if this line announces it. A time may be before it.
fn sent(line: Slice<'_>) -> Option<&[u8]> {
    const ARROW: &[u8] = b"=> Send ";
    let line = line.text;
    let is_time =
        |before: &[u8]| before.len() < 24 && before.iter().all(|byte| byte.is_ascii_digit() || b" :.".contains(byte));
    let at = line.get(..40.min(line.len()))?.windows(ARROW.len()).position(|window| window == ARROW)?;
    is_time(&line[..at]).then(|| &line[at + ARROW.len()..])
}

struct Rows {
    /// The offset after the last row.
    next: usize,
    /// The size of all rows together, or 0 outside of them.
    size: usize,
}

impl Rows {
    /// Ends the data of one announcement. Only the size shows whether it ends in a line end.
    fn end(&mut self, view: &mut Mapped<'_>) {
        if self.size > 0 && self.size == self.next.saturating_add(2) {
            view.push_made(b"\r\n");
        }
        self.size = 0;
    }

    /// Reads a row. Rows of text leave out a line end of two bytes.
    fn take<'a>(&mut self, line: Slice<'a>, view: &mut Mapped<'a>) {
        let Some(colon) = line.find(|byte| byte == b':').filter(|colon| (4..=8).contains(colon)) else { return };
        let Some(offset) = hexadecimal(&line.text[..colon]) else { return };
        let row = line.from(colon + 2);
        if offset == self.next.saturating_add(2) {
            view.push_made(b"\r\n");
        }
        let bytes = bytes_of(row.text);
        if let Some((bytes, len)) = bytes {
            for (column, byte) in bytes[..len].iter().enumerate() {
                let at = row.at + column * 3;
                view.push(&[*byte], at..at + 2);
            }
            self.next = offset.saturating_add(len);
        } else {
            // The row of an empty line is empty.
            view.push(row.text, row.at..row.at + row.text.len());
            self.next = offset.saturating_add(row.text.len());
        }
    }
}

/// Returns the bytes of a row like `47 45 54 20 … GET `, or `None` if it is a row of text.
fn bytes_of(row: &[u8]) -> Option<([u8; 16], usize)> {
    const ROW: usize = 16;
    let mut bytes = [0; ROW];
    let mut len = 0;
    for cell in row.chunks(3).take(ROW) {
        match cell {
            [high, low, b' '] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                bytes[len] = u8::try_from(hexadecimal(&cell[..2])?).ok()?;
                len += 1;
            }
            b"   " if len > 0 => break,
            _ => return None,
        }
    }
    // The text of the bytes is after all columns.
    (len > 0 && row.len() >= ROW * 3 + len).then_some((bytes, len))
}

fn hexadecimal(digits: &[u8]) -> Option<usize> {
    let digits =
        core::str::from_utf8(digits).ok().filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
    usize::from_str_radix(digits, 16).ok()
}
