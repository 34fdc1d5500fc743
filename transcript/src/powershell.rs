//! Splits a PowerShell command into words, and reads the calls of `Invoke-WebRequest` that a browser copies.

use crate::http::Headers;
use crate::mapped::{Mapped, Slice};
use crate::posix::line_end_after;
use crate::{Error, Form, Found, Missing, Outcome, Remark};

/// The words of a command. Each brace and each semicolon outside of quotes is a word.
pub(crate) struct Words<'a> {
    rest: Slice<'a>,
    ended: bool,
    pub(crate) variable: bool,
    /// The number of open braces. The command continues until all are closed.
    depth: usize,
    /// Whether the words are for a program, which receives a quote only after a backslash.
    for_program: bool,
}

impl<'a> Words<'a> {
    pub(crate) fn of(command: Slice<'a>, for_program: bool) -> Self {
        Words { rest: command, ended: false, variable: false, depth: 0, for_program }
    }

    fn reach_word(&mut self) -> bool {
        while !self.ended {
            match self.rest.text {
                [] => self.ended = true,
                [b'`', ..] if line_end_after(self.rest).is_some() => {
                    self.rest = self.rest.from(line_end_after(self.rest).unwrap_or(1));
                }
                [b'\n' | b'|', ..] if self.depth == 0 => self.ended = true,
                [byte, ..] if byte.is_ascii_whitespace() => self.rest = self.rest.from(1),
                _ => return true,
            }
        }
        false
    }

    fn word(&mut self) -> Result<Mapped<'a>, Error> {
        let mut word = Mapped::default();
        let start = self.rest.at;
        while let Some(byte) = self.rest.first() {
            match byte {
                _ if byte.is_ascii_whitespace() => break,
                b'`' if line_end_after(self.rest).is_some() => break,
                b'`' => self.escaped(&mut word),
                b'\'' => self.verbatim(&mut word)?,
                b'"' => self.in_double_quotes(&mut word)?,
                b'{' | b'}' | b';' => {
                    if word.is_empty() || word.value() == b"@" {
                        self.depth = if byte == b'{' {
                            self.depth + 1
                        } else {
                            self.depth.saturating_sub(usize::from(byte == b'}'))
                        };
                        word.push_slice(self.rest.to(1));
                        self.rest = self.rest.from(1);
                    }
                    break;
                }
                _ => {
                    let end = self.rest.from(1).find(|byte| byte.is_ascii_whitespace() || b"`'\"{};".contains(&byte));
                    let end = end.map_or(self.rest.text.len(), |end| end + 1);
                    self.variable |= byte == b'$';
                    word.push_slice(self.rest.to(end));
                    self.rest = self.rest.from(end);
                }
            }
        }
        debug_assert!(self.rest.at > start, "a word has no end");
        Ok(word)
    }

    fn escaped(&mut self, word: &mut Mapped<'a>) {
        let place = self.rest.at..self.rest.at + self.rest.text.len().min(2);
        let byte = match self.rest.text.get(1) {
            Some(b'n') => b'\n',
            Some(b'r') => b'\r',
            Some(b't') => b'\t',
            Some(b'0') => 0,
            Some(byte) => *byte,
            None => b'`',
        };
        self.rest = self.rest.from(place.len());
        word.push(&[byte], place);
    }

    fn verbatim(&mut self, word: &mut Mapped<'a>) -> Result<(), Error> {
        self.rest = self.rest.from(1);
        loop {
            let run = self.rest.find(|byte| byte == b'\'' || byte == b'\\').ok_or(Error::Quote)?;
            word.push_slice(self.rest.to(run));
            self.rest = self.rest.from(run);
            match self.rest.text {
                [b'\'', b'\'', ..] => self.pair(b'\'', word),
                [b'\\', b'"', ..] if self.for_program => self.pair(b'"', word),
                [b'\\', ..] => {
                    word.push_slice(self.rest.to(1));
                    self.rest = self.rest.from(1);
                }
                _ => break,
            }
        }
        self.rest = self.rest.from(1);
        Ok(())
    }

    fn in_double_quotes(&mut self, word: &mut Mapped<'a>) -> Result<(), Error> {
        self.rest = self.rest.from(1);
        loop {
            let run = self.rest.find(|byte| b"\"`$\\".contains(&byte)).ok_or(Error::Quote)?;
            word.push_slice(self.rest.to(run));
            self.rest = self.rest.from(run);
            match self.rest.text {
                [b'"', b'"', ..] => self.pair(b'"', word),
                [b'"', ..] => break,
                [b'`', ..] => self.escaped(word),
                [b'\\', b'`', b'"', ..] if self.for_program => {
                    word.push(b"\"", self.rest.at..self.rest.at + 3);
                    self.rest = self.rest.from(3);
                }
                [b'$', b'(', ..] if unit(self.rest).is_some() => self.character(word),
                text => {
                    self.variable |= text[0] == b'$';
                    word.push_slice(self.rest.to(1));
                    self.rest = self.rest.from(1);
                }
            }
        }
        self.rest = self.rest.from(1);
        Ok(())
    }

    /// Consumes two characters that mean one.
    fn pair(&mut self, meant: u8, word: &mut Mapped<'a>) {
        word.push(&[meant], self.rest.at..self.rest.at + 2);
        self.rest = self.rest.from(2);
    }

    /// Consumes `$([char]233)`, a unit of UTF-16, and a second one if the character has two.
    fn character(&mut self, word: &mut Mapped<'a>) {
        let Some((first, len)) = unit(self.rest) else { return };
        let second = unit(self.rest.from(len));
        let pair =
            second.and_then(|(second, more)| Some((char::decode_utf16([first, second]).next()?.ok()?, len + more)));
        let single = char::from_u32(first.into());
        let (character, len) = match (single, pair) {
            (None, Some(pair)) => pair,
            _ => (single.unwrap_or(char::REPLACEMENT_CHARACTER), len),
        };
        word.push(character.encode_utf8(&mut [0; 4]).as_bytes(), self.rest.at..self.rest.at + len);
        self.rest = self.rest.from(len);
    }
}

fn unit(text: Slice<'_>) -> Option<(u16, usize)> {
    let number = text.strip_prefix(b"$([char]")?;
    let len = number.find(|byte| !byte.is_ascii_digit()).filter(|len| (1..6).contains(len))?;
    let unit = crate::http::number(number.to(len).text)?;
    number.from(len).strip_prefix(b")")?;
    Some((u16::try_from(unit).ok()?, number.at + len + 1 - text.at))
}

impl<'a> Iterator for Words<'a> {
    type Item = Result<Mapped<'a>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        self.reach_word().then(|| self.word().inspect_err(|_| self.ended = true))
    }
}

pub(crate) fn read(text: Slice<'_>) -> Outcome<'_> {
    Some(read_call(arguments(text)?))
}

/// Returns the text after the name of the command, or `None`.
fn arguments(text: Slice<'_>) -> Option<Slice<'_>> {
    let names = [&b"invoke-webrequest"[..], b"invoke-restmethod"];
    let mut rest = text;
    loop {
        let at = rest.find(|byte| byte | 0x20 == b'i')?;
        rest = rest.from(at);
        let name =
            names.iter().find(|name| rest.text.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name)));
        match name {
            Some(name) => return Some(rest.from(name.len())),
            None => rest = rest.from(1),
        }
    }
}

fn read_call(arguments: Slice<'_>) -> Result<Found<'_>, Error> {
    let mut found = Found::of(Form::PowerShell);
    let mut headers = Headers::default();
    let mut content_type = None;
    let mut words = Words::of(arguments, false);
    let mut body = Mapped::default();
    while let Some(word) = words.next() {
        let word = word?;
        let name = word.value().to_ascii_lowercase();
        let mut value = || words.next().unwrap_or_else(|| Ok(Mapped::default()));
        match name.as_slice() {
            b"-uri" => found.url = value()?,
            b"-method" => found.method = value()?.in_capitals(),
            b"-contenttype" => content_type = Some(value()?),
            b"-headers" => read_headers(&mut words, &mut headers)?,
            b"-body" => {
                body = value()?;
                let bytes = &b"([System.Text.Encoding]::UTF8.GetBytes("[..];
                if body.value().starts_with(bytes) && body.value().ends_with(b"))") {
                    body = body.slice(bytes.len()..body.len() - 2);
                } else if matches!(body.value().first(), Some(b'$' | b'@' | b'(')) {
                    body = Mapped::default();
                    found.missing = Some(Missing::Expression);
                }
            }
            b"-infile" => {
                value()?;
                found.missing = Some(Missing::File("-InFile"));
            }
            _ if found.url.is_empty() && crate::http::is_http(word.value()) => found.url = word,
            _ => {}
        }
    }
    if found.url.is_empty() {
        return Err(Error::NoUrl);
    }
    if found.url.value().starts_with(b"$") {
        return Err(Error::Expression);
    }
    if found.method.is_empty() {
        found.method = Mapped::made("GET");
    }
    if words.variable {
        found.remark(Remark::Variable);
    }
    let sends_form =
        (!body.is_empty() || found.missing == Some(Missing::Expression)) && found.method.value() == b"POST";
    let default = sends_form.then(|| Mapped::made("application/x-www-form-urlencoded"));
    found.content_type = content_type.or(headers.content_type).or(default);
    found.body = body;
    Ok(found)
}

/// Reads `@{ "name"="value" }`.
fn read_headers<'a>(words: &mut Words<'a>, headers: &mut Headers<'a>) -> Result<(), Error> {
    let mut name = Mapped::default();
    for word in words {
        let word = word?;
        match word.value() {
            b"}" => break,
            b"@{" | b"{" | b";" | b"=" => {}
            text => match text.iter().position(|byte| *byte == b'=') {
                Some(at) if name.is_empty() => headers.put(&text[..at], || word.slice(at + 1..word.len())),
                _ if name.is_empty() => name = word,
                _ => headers.put(core::mem::take(&mut name).value(), || word),
            },
        }
    }
    Ok(())
}
