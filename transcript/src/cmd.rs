//! Splits a command into words, as Windows' cmd and then the program do.

use alloc::vec::Vec;

use crate::Error;
use crate::mapped::{Mapped, Slice};

/// Returns a command without its carets, up to its end. A caret removes the special meaning of the next character; a
/// caret before a line end is removed together with it.
pub(crate) fn without_carets(command: Slice<'_>) -> Mapped<'_> {
    let mut view = Mapped::default();
    let mut rest = command;
    let mut quoted = false;
    while let Some(byte) = rest.first() {
        match rest.text {
            [b'^', next, ..] if !quoted => {
                let line_end = if rest.from(1).text.starts_with(b"\r\n") { 2 } else { usize::from(*next == b'\n') };
                let meant = rest.from(1 + line_end);
                // The character after the line end loses its meaning too, and may be another line end.
                let len = if line_end > 0 && meant.text.starts_with(b"\r\n") { 2 } else { 1.min(meant.text.len()) };
                let meant = meant.to(len);
                view.push(
                    meant.content().text.is_empty().then_some(&b"\n"[..]).filter(|_| len > 0).unwrap_or(meant.text),
                    rest.at..meant.at + len,
                );
                rest = rest.from(1 + line_end + len);
                continue;
            }
            [b'\n' | b'|' | b'<' | b'>', ..] if !quoted => break,
            [b'&', next, ..] if !quoted && (next.is_ascii_whitespace() || *next == b'&') => break,
            [b'"', ..] => quoted = !quoted,
            _ => {}
        }
        let run = rest.from(1).find(|byte| b"^\n|<>&\"".contains(&byte)).map_or(rest.text.len(), |end| end + 1);
        view.push_slice(rest.to(if byte == b'"' { 1 } else { run }));
        rest = rest.from(if byte == b'"' { 1 } else { run });
    }
    view
}

/// The words of a command line that cmd passes to a program.
pub(crate) struct Words<'a> {
    rest: Slice<'a>,
}

impl<'a> Words<'a> {
    pub(crate) fn of(command: &'a Mapped<'_>) -> Self {
        Words { rest: Slice { text: command.value(), at: 0 } }
    }

    /// Consumes backslashes. Before a quote each pair means one backslash, and a remaining one makes the quote a
    /// character.
    fn backslashes(&mut self, word: &mut Mapped<'a>) {
        let count = self.rest.find(|byte| byte != b'\\').unwrap_or(self.rest.text.len());
        if self.rest.text.get(count) != Some(&b'"') {
            word.push_slice(self.rest.to(count));
            self.rest = self.rest.from(count);
            return;
        }
        let start = self.rest.at;
        let halved: Vec<u8> = core::iter::repeat_n(b'\\', count / 2).collect();
        word.push(&halved, start..start + count / 2 * 2);
        if count % 2 == 1 {
            word.push(b"\"", start + count - 1..start + count + 1);
        }
        self.rest = self.rest.from(count + count % 2);
    }
}

impl<'a> Iterator for Words<'a> {
    type Item = Result<Mapped<'a>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        self.rest = self.rest.trim_start();
        self.rest.first()?;
        let mut word = Mapped::default();
        let mut quoted = false;
        while let Some(byte) = self.rest.first() {
            match self.rest.text {
                [b'"', b'"', ..] if quoted => {
                    word.push(b"\"", self.rest.at..self.rest.at + 2);
                    self.rest = self.rest.from(2);
                }
                [b'"', ..] => {
                    quoted = !quoted;
                    self.rest = self.rest.from(1);
                }
                [b'\\', ..] => self.backslashes(&mut word),
                _ if !quoted && byte.is_ascii_whitespace() => break,
                _ => {
                    let end =
                        self.rest.find(|byte| byte == b'"' || byte == b'\\' || !quoted && byte.is_ascii_whitespace());
                    let end = end.unwrap_or(self.rest.text.len());
                    word.push_slice(self.rest.to(end));
                    self.rest = self.rest.from(end);
                }
            }
        }
        Some(if quoted { Err(Error::Quote) } else { Ok(word) })
    }
}
