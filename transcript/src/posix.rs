//! Splits a command into words, as a POSIX shell does.

use crate::mapped::{Mapped, Slice};
use crate::{Error, holds_typography};

/// Effects of a shell that are not visible in the text, or that are surprising.
#[derive(Clone, Copy, Default)]
pub(crate) struct Notes {
    pub(crate) unquoted: bool,
    pub(crate) variable: bool,
    pub(crate) typography: bool,
}

pub(crate) struct Words<'a> {
    rest: Slice<'a>,
    pub(crate) notes: Notes,
    ended: bool,
    /// Whether the next word is the target of a redirection.
    redirected: bool,
}

impl<'a> Words<'a> {
    pub(crate) fn of(command: Slice<'a>) -> Self {
        Words { rest: command, notes: Notes::default(), ended: false, redirected: false }
    }

    /// Moves to the next word. Returns whether the command has one.
    fn reach_word(&mut self) -> bool {
        while !self.ended {
            match self.rest.text {
                [] => self.ended = true,
                [b' ' | b'\t' | b'\r', ..] => self.rest = self.rest.from(1),
                [b'\\', ..] if line_end_after(self.rest).is_some() => {
                    self.rest = self.rest.from(line_end_after(self.rest).unwrap_or(1));
                }
                [b'\n', ..] => {
                    self.rest = self.rest.from(1);
                    self.ended = !goes_on(self.rest);
                }
                [b'#', ..] => self.rest = self.rest.from(self.rest.find(|byte| byte == b'\n').unwrap_or(usize::MAX)),
                _ => return true,
            }
        }
        false
    }

    /// Reads the next word. Returns `None` for an operator.
    fn word(&mut self) -> Result<Option<Mapped<'a>>, Error> {
        let mut word = Mapped::default();
        let mut is_word = false;
        while let Some(byte) = self.rest.first() {
            match byte {
                b'\\' if self.rest.text.starts_with(b"\\\n") || self.rest.text.starts_with(b"\\\r\n") => {
                    self.rest = self.rest.from(line_end_after(self.rest).unwrap_or(1));
                    continue;
                }
                b'\\' if line_end_after(self.rest).is_some() => break,
                b'\\' => self.escaped(&mut word),
                b'\'' => self.verbatim(&mut word)?,
                b'"' => self.in_double_quotes(&mut word)?,
                b'$' if self.rest.text.starts_with(b"$'") => self.in_ansi_quotes(&mut word)?,
                b'$' if self.rest.text.starts_with(b"$\"") => self.rest = self.rest.from(1),
                b'<' | b'>' if word.value().iter().all(u8::is_ascii_digit) => {
                    self.rest = self.rest.from(self.rest.find(|byte| !b"<>&".contains(&byte)).unwrap_or(usize::MAX));
                    self.redirected = true;
                    return Ok(None);
                }
                b' ' | b'\t' | b'\r' | b'\n' | b'<' | b'>' => break,
                b'|' | b'`' => {
                    self.ended = true;
                    break;
                }
                b'&' | b';' | b')' if ends_command(self.rest.text) => {
                    self.ended = true;
                    break;
                }
                _ => self.plain(&mut word),
            }
            is_word = true;
        }
        Ok(is_word.then_some(word))
    }

    /// Reads a run of characters that mean themselves, or a character that a shell would read as an operator.
    fn plain(&mut self, word: &mut Mapped<'a>) {
        let first = self.rest.first().unwrap_or_default();
        self.notes.unquoted |= matches!(first, b'&' | b';');
        self.notes.variable |= is_variable(self.rest.text);
        let end = self.rest.from(1).find(|byte| b" \t\r\n\\'\"$<>|`&;)".contains(&byte));
        let end = end.map_or(self.rest.text.len(), |end| end + 1);
        self.notes.typography |= holds_typography(self.rest.to(end).text);
        word.push_slice(self.rest.to(end));
        self.rest = self.rest.from(end);
    }

    fn escaped(&mut self, word: &mut Mapped<'a>) {
        let len = self.rest.text.len().min(2);
        word.push(&self.rest.text[len - 1..len], self.rest.at..self.rest.at + len);
        self.rest = self.rest.from(len);
    }

    fn verbatim(&mut self, word: &mut Mapped<'a>) -> Result<(), Error> {
        let inner = self.rest.from(1);
        let end = inner.find(|byte| byte == b'\'').ok_or(Error::Quote)?;
        word.push_slice(inner.to(end));
        self.rest = inner.from(end + 1);
        Ok(())
    }

    fn in_double_quotes(&mut self, word: &mut Mapped<'a>) -> Result<(), Error> {
        let mut inner = self.rest.from(1);
        loop {
            let run = inner.find(|byte| b"\"\\$`".contains(&byte)).ok_or(Error::Quote)?;
            word.push_slice(inner.to(run));
            inner = inner.from(run);
            match inner.text {
                [b'"', ..] => break,
                [b'\\', b'\n', ..] => inner = inner.from(2),
                [b'\\', b'\r', b'\n', ..] => inner = inner.from(3),
                [b'\\', byte @ (b'"' | b'\\' | b'$' | b'`'), ..] => {
                    word.push(&[*byte], inner.at..inner.at + 2);
                    inner = inner.from(2);
                }
                text => {
                    self.notes.variable |= text[0] == b'`' || is_variable(text);
                    word.push_slice(inner.to(1));
                    inner = inner.from(1);
                }
            }
        }
        self.rest = inner.from(1);
        Ok(())
    }

    fn in_ansi_quotes(&mut self, word: &mut Mapped<'a>) -> Result<(), Error> {
        let mut inner = self.rest.from(2);
        loop {
            let run = inner.find(|byte| byte == b'\'' || byte == b'\\').ok_or(Error::Quote)?;
            word.push_slice(inner.to(run));
            inner = inner.from(run);
            if inner.first() == Some(b'\'') {
                break;
            }
            let mut meant = [0; 4];
            let (bytes, len) = meaning(inner.text, &mut meant);
            word.push(bytes, inner.at..inner.at + len);
            inner = inner.from(len);
        }
        self.rest = inner.from(1);
        Ok(())
    }
}

impl<'a> Iterator for Words<'a> {
    type Item = Result<Mapped<'a>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        while self.reach_word() {
            match self.word() {
                Ok(Some(_)) if self.redirected => self.redirected = false,
                Ok(Some(word)) => return Some(Ok(word)),
                Ok(None) => {}
                Err(error) => {
                    self.ended = true;
                    return Some(Err(error));
                }
            }
        }
        None
    }
}

/// Returns the length of an escaped line end with its escape character, or `None`. A copy may have blanks between the
/// two.
pub(crate) fn line_end_after(text: Slice<'_>) -> Option<usize> {
    let blanks = text.from(1).find(|byte| !b" \t\r".contains(&byte))?;
    (text.text[blanks + 1] == b'\n').then_some(blanks + 2)
}

/// Returns whether a line continues the command without a backslash before it, which a copy may lose.
fn goes_on(line: Slice<'_>) -> bool {
    let blanks = line.find(|byte| !b" \t\r".contains(&byte)).unwrap_or_default();
    let text = line.from(blanks).text;
    matches!(text, [b'-', b'-' | b'a'..=b'z' | b'A'..=b'Z', ..] | [b'\'' | b'"', ..])
        || text.starts_with(b"$'")
        || crate::http::is_http(text)
}

/// Returns whether an operator ends the command. It does not within a word that somebody forgot to quote.
fn ends_command(text: &[u8]) -> bool {
    match text {
        [b'&', b'&', ..] => true,
        [_, next, ..] => next.is_ascii_whitespace() || matches!(next, b'"' | b'\'' | b'|' | b')'),
        _ => true,
    }
}

fn is_variable(text: &[u8]) -> bool {
    matches!(text, [b'$', b'a'..=b'z' | b'A'..=b'Z' | b'_' | b'{' | b'(', ..])
}

/// Returns the bytes that an escape within `$'…'` means, and its length.
fn meaning<'b>(text: &[u8], bytes: &'b mut [u8; 4]) -> (&'b [u8], usize) {
    let Some(letter) = text.get(1) else { return (b"\\", 1) };
    let byte = match letter {
        b'n' => b'\n',
        b't' => b'\t',
        b'r' => b'\r',
        b'a' => 7,
        b'b' => 8,
        b'v' => 11,
        b'f' => 12,
        b'e' | b'E' => 27,
        b'\\' | b'\'' | b'"' | b'?' => *letter,
        b'0'..=b'7' => return of_byte(text, 1, 3, 8, bytes),
        b'x' if text.get(2).is_some_and(u8::is_ascii_hexdigit) => return of_byte(text, 2, 2, 16, bytes),
        b'u' if text.get(2).is_some_and(u8::is_ascii_hexdigit) => return of_character(text, 4, bytes),
        b'U' if text.get(2).is_some_and(u8::is_ascii_hexdigit) => return of_character(text, 8, bytes),
        // Every other backslash means itself.
        _ => {
            bytes[0] = b'\\';
            return (&bytes[..1], 1);
        }
    };
    bytes[0] = byte;
    (&bytes[..1], 2)
}

fn of_byte<'b>(text: &[u8], start: usize, most: usize, radix: u32, bytes: &'b mut [u8; 4]) -> (&'b [u8], usize) {
    let (value, len) = digits(&text[start..], most, radix);
    bytes[0] = value.to_le_bytes()[0];
    (&bytes[..1], start + len)
}

/// Returns a character by its number. Browsers write one beyond 16 bits as two surrogates.
fn of_character<'b>(text: &[u8], most: usize, bytes: &'b mut [u8; 4]) -> (&'b [u8], usize) {
    let (value, len) = digits(&text[2..], most, 16);
    let after = &text[2 + len..];
    let (low, low_len) = after.strip_prefix(b"\\u").map_or((0, 0), |low| digits(low, 4, 16));
    let (value, len) = match (value, low) {
        (0xd800..=0xdbff, 0xdc00..=0xdfff) => {
            (0x1_0000 + ((value - 0xd800) << 10) + (low - 0xdc00), 2 + len + 2 + low_len)
        }
        _ => (value, 2 + len),
    };
    (char::from_u32(value).unwrap_or(char::REPLACEMENT_CHARACTER).encode_utf8(bytes).as_bytes(), len)
}

fn digits(text: &[u8], most: usize, radix: u32) -> (u32, usize) {
    let digits = text.iter().take(most).map_while(|byte| char::from(*byte).to_digit(radix));
    digits.fold((0, 0), |(value, len), digit| (value * radix + digit, len + 1))
}
