//! Reads JSON piece by piece, and JavaScript's literals, which have other quotes too.
//!
//! It is written by hand, because this crate needs the place of each value in the input. No `no_std` library gives
//! that, and a library would add more to the page than all of this crate.

use crate::mapped::{Mapped, Slice};

pub(crate) struct Reader<'a> {
    rest: Slice<'a>,
}

impl<'a> Reader<'a> {
    pub(crate) fn of(text: Slice<'a>) -> Self {
        Reader { rest: text }
    }

    /// Skips white space and returns the next byte, or `None` at the end.
    pub(crate) fn peek(&mut self) -> Option<u8> {
        self.rest = self.rest.trim_start();
        self.rest.first()
    }

    /// Consumes a byte if it is next. Returns whether it was.
    pub(crate) fn take(&mut self, wanted: u8) -> bool {
        let is_next = self.peek() == Some(wanted);
        if is_next {
            self.rest = self.rest.from(1);
        }
        is_next
    }

    /// Reads a string, or returns `None` if none is next.
    pub(crate) fn string(&mut self) -> Option<Mapped<'a>> {
        let quote = self.peek().filter(|byte| b"\"'`".contains(byte))?;
        let mut inner = self.rest.from(1);
        let mut value = Mapped::default();
        loop {
            let run = inner.find(|byte| byte == quote || byte == b'\\')?;
            value.push_slice(inner.to(run));
            inner = inner.from(run);
            if inner.first() == Some(quote) {
                self.rest = inner.from(1);
                return Some(value);
            }
            let mut meant = [0; 4];
            let (bytes, len) = meaning(inner.text, &mut meant);
            value.push(bytes, inner.at..inner.at + len);
            inner = inner.from(len);
        }
    }

    /// Moves to the comma or the bracket after the current value. Returns whether anything of the value was left.
    pub(crate) fn skip(&mut self) -> bool {
        let mut skipped = false;
        let mut depth = 0_usize;
        while let Some(byte) = self.peek() {
            match byte {
                b',' | b'}' | b']' | b')' if depth == 0 => break,
                b'}' | b']' | b')' => depth -= 1,
                b'{' | b'[' | b'(' => depth += 1,
                b'"' | b'\'' | b'`' => {
                    let inner = self.rest.from(1);
                    let mut escaped = false;
                    let end = inner.find(|text| {
                        let ends = text == byte && !escaped;
                        escaped = text == b'\\' && !escaped;
                        ends
                    });
                    self.rest = inner.from(end.unwrap_or(inner.text.len()));
                }
                _ => {}
            }
            self.rest = self.rest.from(1);
            skipped = true;
        }
        skipped
    }

    /// Reads an object if one is next, and calls `each` with every name. `each` may read the value or leave it.
    pub(crate) fn members(&mut self, mut each: impl FnMut(&mut Self, &[u8])) {
        if !self.take(b'{') {
            return;
        }
        while !self.take(b'}') {
            let name = match self.string() {
                Some(name) => name,
                None => self.name().mapped(),
            };
            if !self.take(b':') {
                return;
            }
            each(self, name.value());
            self.skip();
            if !self.take(b',') && self.peek() != Some(b'}') {
                return;
            }
        }
    }

    /// Reads an array if one is next, and calls `each` at every value. `each` may read the value or leave it.
    pub(crate) fn items(&mut self, mut each: impl FnMut(&mut Self)) {
        if !self.take(b'[') {
            return;
        }
        while !self.take(b']') {
            each(self);
            self.skip();
            if !self.take(b',') && self.peek() != Some(b']') {
                return;
            }
        }
    }

    /// Reads a name without quotes, as JavaScript allows it, or a word (`null`).
    pub(crate) fn name(&mut self) -> Slice<'a> {
        self.peek();
        let end = self.rest.find(|byte| !byte.is_ascii_alphanumeric() && byte != b'_' && byte != b'$');
        let name = self.rest.to(end.unwrap_or(self.rest.text.len()));
        self.rest = self.rest.from(name.text.len());
        name
    }
}

/// Returns the bytes that an escape means, and its length.
fn meaning<'b>(text: &[u8], bytes: &'b mut [u8; 4]) -> (&'b [u8], usize) {
    let number = |start: usize, len: usize| {
        let digits = text.get(start..start + len)?;
        let digits =
            core::str::from_utf8(digits).ok().filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
        u32::from_str_radix(digits, 16).ok()
    };
    let character = |value, bytes: &'b mut [u8; 4]| -> &'b [u8] {
        char::from_u32(value).unwrap_or(char::REPLACEMENT_CHARACTER).encode_utf8(bytes).as_bytes()
    };
    let Some(letter) = text.get(1) else { return (b"", 1) };
    let byte = match letter {
        b'n' => b'\n',
        b't' => b'\t',
        b'r' => b'\r',
        b'b' => 8,
        b'f' => 12,
        b'v' => 11,
        b'0' => 0,
        b'\n' => return (b"", 2),
        b'x' => match number(2, 2) {
            Some(value) => return (character(value, bytes), 4),
            None => b'x',
        },
        b'u' => match (number(2, 4), text.get(6..8).filter(|low| low == b"\\u").and_then(|_| number(8, 4))) {
            (Some(high @ 0xd800..=0xdbff), Some(low @ 0xdc00..=0xdfff)) => {
                return (character(0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00), bytes), 12);
            }
            (Some(value), _) => return (character(value, bytes), 6),
            (None, _) => b'u',
        },
        letter => *letter,
    };
    bytes[0] = byte;
    (&bytes[..1], 2)
}
