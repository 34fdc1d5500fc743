//! Reads a curl command: splits its words as a shell does, and makes the request of its options.

use crate::curl_form::{self, Source};
use crate::curl_options::{self, Kind};
use crate::http::{Headers, is_http};
use crate::mapped::{Mapped, Slice};
use crate::{Error, Form, Found, Missing, Outcome, Remark, cmd, posix, powershell};

pub(crate) fn read(text: Slice<'_>) -> Outcome<'_> {
    let arguments = text.lines().find_map(|line| command_in(line.content()))?;
    let arguments = text.from(arguments.at - text.at);
    Some(match dialect_of(arguments) {
        Dialect::Posix => {
            let mut words = posix::Words::of(arguments);
            let found = read_options(&mut words);
            let notes = words.notes;
            found.map(|mut found| {
                let remarks = [
                    (notes.unquoted, Remark::Unquoted),
                    (notes.variable, Remark::Variable),
                    (notes.typography, Remark::Typography),
                ];
                remarks.iter().filter(|(holds, _)| *holds).for_each(|(_, remark)| found.remark(*remark));
                found
            })
        }
        Dialect::Cmd => {
            let view = cmd::without_carets(arguments);
            read_options(&mut cmd::Words::of(&view)).map(|found| found.through(&view))
        }
        Dialect::PowerShell => {
            let mut words = powershell::Words::of(arguments, true);
            let found = read_options(&mut words);
            let variable = words.variable;
            found.map(|mut found| {
                if variable {
                    found.remark(Remark::Variable);
                }
                found
            })
        }
    })
}

/// Returns the text after the word curl in a line, or `None` if it is not a command.
fn command_in(line: Slice<'_>) -> Option<Slice<'_>> {
    const NAME: &[u8] = b"curl";
    let mut rest = line;
    loop {
        rest = rest.from(rest.find(|byte| byte == b'c')?);
        let Some(after) = rest.strip_prefix(NAME) else {
            rest = rest.from(1);
            continue;
        };
        let before = &line.text[..rest.at - line.at];
        let after = after.strip_prefix(b".exe").unwrap_or(after);
        rest = after;
        let arguments = after.trim_start();
        if !after.first().is_some_and(|byte| byte == b' ' || byte == b'\t') {
            continue;
        }
        let starts = before.trim_ascii().is_empty()
            || ends_with_any(before, &["/", "\\", "$(", "`", "$ ", "# ", "> ", "% ", "| "]);
        let is_word = before.last().is_some_and(u8::is_ascii_whitespace);
        if starts || is_word && looks_like_argument(arguments.text) {
            return Some(after);
        }
    }
}

fn ends_with_any(text: &[u8], ends: &[&str]) -> bool {
    ends.iter().any(|end| text.ends_with(end.as_bytes()))
}

fn looks_like_argument(text: &[u8]) -> bool {
    matches!(text, [b'-', b'-' | b'a'..=b'z' | b'A'..=b'Z', ..] | [b'\'' | b'"' | b'\\' | b'^', ..])
        || text.starts_with(b"$'")
        || is_http(text)
}

enum Dialect {
    Posix,
    Cmd,
    PowerShell,
}

/// Returns the shell that a command is for, by its first quote or the end of its first line.
fn dialect_of(arguments: Slice<'_>) -> Dialect {
    let quote = arguments.find(|byte| byte == b'"' || byte == b'\'').filter(|at| *at > 0);
    if quote.is_some_and(|at| arguments.text[at - 1..].starts_with(b"^\"")) {
        return Dialect::Cmd;
    }
    let first = arguments.lines().next().unwrap_or(arguments).trim();
    let (single, double) = first.text.iter().fold((0_usize, 0_usize), |(single, double), byte| {
        (single + usize::from(*byte == b'\''), double + usize::from(*byte == b'"'))
    });
    let goes_on = first.text.len() < arguments.trim().text.len() && single % 2 == 0 && double % 2 == 0;
    match first.text {
        [.., b' ' | b'\t', b'^'] | b"^" if goes_on && single == 0 => Dialect::Cmd,
        [.., b' ' | b'\t', b'`'] | b"`" if goes_on => Dialect::PowerShell,
        _ => Dialect::Posix,
    }
}

type Words<'w, 'a> = &'w mut dyn Iterator<Item = Result<Mapped<'a>, Error>>;

/// The request of the options that were read so far.
#[derive(Default)]
struct Command<'a> {
    found: Found<'a>,
    method: Option<Mapped<'a>>,
    url: Option<Mapped<'a>>,
    headers: Headers<'a>,
    without_type: bool,
    data: Option<Mapped<'a>>,
    fields: Option<Mapped<'a>>,
    query: Mapped<'a>,
    json: bool,
    in_query: bool,
    /// The method of -I or -T.
    by_option: Option<&'static str>,
}

fn read_options<'a>(words: Words<'_, 'a>) -> Result<Found<'a>, Error> {
    let mut command = Command::default();
    // Whether curl 8 does not have the last option, so that the next word may belong to it.
    let mut unknown = false;
    while let Some(word) = words.next() {
        let word = word?;
        let text = word.value();
        if text.starts_with(b"--") && text.len() > 2 {
            match curl_options::long(text) {
                Some((_, Kind::Next)) => {
                    command.found.remark(Remark::Several);
                    break;
                }
                Some((name, kind)) => command.option(name, kind, || following(words))?,
                None if text.contains(&b'=') => command.found.remark(Remark::Equals),
                None => unknown = true,
            }
        } else if text.starts_with(b"-") && text.len() > 1 {
            if text == b"-:" {
                command.found.remark(Remark::Several);
                break;
            }
            command.letters(&word, words)?;
        } else if !core::mem::take(&mut unknown) || text.iter().any(|byte| b"/.".contains(byte)) {
            command.url(word);
        }
    }
    command.found()
}

fn following<'a>(words: Words<'_, 'a>) -> Result<Mapped<'a>, Error> {
    words.next().unwrap_or_else(|| Ok(Mapped::default()))
}

impl<'a> Command<'a> {
    /// Reads short options, which may be written together and directly before the word of the last one: -sSXPOST.
    fn letters(&mut self, word: &Mapped<'a>, words: Words<'_, 'a>) -> Result<(), Error> {
        for (at, letter) in word.value().iter().enumerate().skip(1) {
            let Some((name, kind)) = curl_options::short(*letter) else { continue };
            let rest = at + 1..word.len();
            if !kind.takes_word() {
                self.option(name, kind, || Ok(Mapped::default()))?;
            } else if rest.is_empty() {
                return self.option(name, kind, || following(words));
            } else {
                return self.option(name, kind, || Ok(word.slice(rest)));
            }
        }
        Ok(())
    }

    fn option(
        &mut self,
        name: &'static str,
        kind: Kind,
        word: impl FnOnce() -> Result<Mapped<'a>, Error>,
    ) -> Result<(), Error> {
        let word = if kind.takes_word() { word()? } else { Mapped::default() };
        match kind {
            Kind::Method => self.method = Some(word),
            Kind::Header => self.header(name, &word),
            Kind::Data | Kind::Json | Kind::RawData | Kind::EncodedData => self.data(name, kind, &word),
            Kind::Field | Kind::RawField => {
                let fields = self.fields.get_or_insert_default();
                match curl_form::add(fields, name, &word, kind == Kind::RawField)? {
                    Source::Command => {}
                    Source::File => self.found.remark(Remark::File(name)),
                    Source::TextOfFile => self.found.missing = Some(Missing::File(name)),
                }
            }
            Kind::InQuery => self.in_query = true,
            Kind::Head => self.by_option = Some("HEAD"),
            Kind::Url => self.url(word),
            Kind::Query => match word.value().first() {
                Some(b'+') => self.query_part(&word.slice(1..word.len())),
                _ => self.query_part(&encoded(&word).ok_or(Error::File(name))?),
            },
            Kind::Upload => {
                self.by_option.get_or_insert("PUT");
                self.found.missing = Some(Missing::File(name));
            }
            Kind::Unreadable => return Err(Error::Option(name)),
            Kind::Next | Kind::Other => {}
        }
        Ok(())
    }

    fn url(&mut self, word: Mapped<'a>) {
        if self.url.is_some() {
            self.found.remark(Remark::Several);
        } else {
            self.url = Some(word);
        }
    }

    /// Reads `Name: value`. Without a value the header is left out; `Name;` sends an empty one.
    fn header(&mut self, name: &'static str, word: &Mapped<'a>) {
        let text = word.value();
        if text.starts_with(b"@") {
            self.found.remark(Remark::File(name));
            return;
        }
        let Some(end) = text.iter().position(|byte| *byte == b':') else {
            if let Some(name) = text.strip_suffix(b";") {
                self.headers.put(name.trim_ascii(), Mapped::default);
            }
            return;
        };
        let value = word.slice(end + 1..word.len()).trim();
        let name = text[..end].trim_ascii();
        if !value.is_empty() {
            self.headers.put(name, || value);
        } else if name.eq_ignore_ascii_case(b"content-type") {
            self.without_type = true;
        }
    }

    fn data(&mut self, name: &'static str, kind: Kind, word: &Mapped<'a>) {
        self.json |= kind == Kind::Json;
        let data = match &mut self.data {
            Some(data) => {
                if kind != Kind::Json {
                    data.push_made(b"&");
                }
                data
            }
            None => self.data.insert(Mapped::default()),
        };
        let text = match kind {
            Kind::EncodedData => encoded(word),
            Kind::Data | Kind::Json if word.value().starts_with(b"@") => None,
            _ => Some(word.clone()),
        };
        match text {
            Some(text) => data.append(&text, 0..text.len()),
            None => self.found.missing = Some(Missing::File(name)),
        }
    }

    fn query_part(&mut self, part: &Mapped<'_>) {
        if !self.query.is_empty() {
            self.query.push_made(b"&");
        }
        self.query.append(part, 0..part.len());
    }

    fn found(mut self) -> Result<Found<'a>, Error> {
        let mut url = absolute(self.url.take().filter(|url| !url.is_empty()).ok_or(Error::NoUrl)?);
        if self.in_query {
            if let Some(Missing::File(name)) = self.found.missing {
                return Err(Error::File(name));
            }
            if let Some(data) = self.data.take() {
                url = with_query(&url, &data);
            }
        }
        if !self.query.is_empty() {
            url = with_query(&url, &self.query);
        }
        let mut found = self.found;
        found.form = Some(Form::Curl);
        found.url = url;
        let sends = self.data.is_some() || self.fields.is_some();
        let by_options = self.by_option.unwrap_or(if sends { "POST" } else { "GET" });
        found.method = self.method.unwrap_or_else(|| Mapped::made(by_options));
        if self.headers.content_types > 1 {
            found.remark(Remark::ContentTypes);
        }
        let default = match (&self.fields, self.json, self.data.is_some()) {
            (Some(_), ..) => Some(curl_form::CONTENT_TYPE),
            (_, true, _) => Some("application/json"),
            (.., true) => Some("application/x-www-form-urlencoded"),
            _ => None,
        };
        found.content_type = match self.headers.content_type {
            Some(mut given) if self.fields.is_some() => {
                // curl appends its boundary to any type that it is given.
                given.push_made(curl_form::CONTENT_TYPE.trim_start_matches("multipart/form-data").as_bytes());
                Some(given)
            }
            None if !self.without_type => default.map(Mapped::made),
            given => given,
        };
        found.host = self.headers.host;
        found.body = match self.fields {
            Some(mut fields) => {
                curl_form::end(&mut fields);
                fields
            }
            None => self.data.unwrap_or_default(),
        };
        Ok(found)
    }
}

/// Returns the URL with the scheme that curl adds if there is none.
fn absolute(url: Mapped<'_>) -> Mapped<'_> {
    if url.value().windows(3).any(|window| window == b"://") {
        return url;
    }
    let mut whole = Mapped::default();
    whole.push_made(b"http://");
    whole.append(&url, 0..url.len());
    whole
}

/// Returns a URL with more text in its query, before its fragment.
fn with_query(url: &Mapped<'_>, more: &Mapped<'_>) -> Mapped<'static> {
    let text = url.value();
    let end = text.iter().position(|byte| *byte == b'#').unwrap_or(text.len());
    let mut whole = Mapped::default();
    whole.append(url, 0..end);
    match text[..end].iter().position(|byte| *byte == b'?') {
        None => whole.push_made(b"?"),
        Some(mark) if mark + 1 < end && text[end - 1] != b'&' => whole.push_made(b"&"),
        Some(_) => {}
    }
    whole.append(more, 0..more.len());
    whole.append(url, end..text.len());
    whole
}

/// Encodes the value of `name=value`, `=value` or `value` as curl does. Returns `None` if the value comes from a file.
fn encoded(word: &Mapped<'_>) -> Option<Mapped<'static>> {
    let text = word.value();
    let mark = text.iter().position(|byte| *byte == b'=').or_else(|| text.iter().position(|byte| *byte == b'@'));
    let start = match mark.map(|mark| (mark, text[mark])) {
        Some((_, b'@')) => return None,
        Some((mark, _)) => mark + 1,
        None => 0,
    };
    let mut whole = Mapped::default();
    if start > 1 {
        whole.append(word, 0..start);
    }
    let mut run = start;
    for (at, byte) in text.iter().enumerate().skip(start) {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(byte) {
            continue;
        }
        whole.append(word, run..at);
        let place = word.locate(at..at + 1).first().cloned().unwrap_or_default();
        let digit = |nibble: u8| b"0123456789ABCDEF"[usize::from(nibble)];
        let escape = [b'%', digit(byte >> 4), digit(byte & 15)];
        whole.push(if *byte == b' ' { b"+" } else { &escape }, place);
        run = at + 1;
    }
    whole.append(word, run..text.len());
    Some(whole)
}
