//! Reads the fields of `-F` as curl reads them. curl makes the body itself; this checks a body with the same fields.

use std::borrow::Cow;
use std::ffi::OsStr;
use std::path::Path;

use kayako_sign_transcript::file_type;

use crate::files::Inputs;
use crate::{Failure, fail, platform};

/// A field.
pub(crate) struct Field {
    /// The value of curl's option `form` for it.
    pub(crate) line: Vec<u8>,
    name: Vec<u8>,
    /// The file name that is sent. A field without one is not a file, wherever its value comes from.
    file_name: Option<Vec<u8>>,
}

/// The parts of an argument of `-F`.
struct Parts<'a> {
    name: &'a [u8],
    kind: Kind,
    /// The value, or the name of its file.
    value: Cow<'a, [u8]>,
    /// The text after it: `;type=…` and `;filename=…`.
    modifiers: &'a [u8],
    given: Modifiers,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Text,
    /// `@FILE`: sent as a file.
    File,
    /// `<FILE`: sent as a value.
    ValueInFile,
}

#[derive(Default)]
struct Modifiers {
    file_name: Option<Vec<u8>>,
    has_type: bool,
}

type Rule = &'static str;

const SHAPE: Rule = "must be NAME=VALUE, or NAME=@FILE, or NAME=<FILE for a value from a file";
const NESTED: Rule = "begins with (, which starts a form within the form that PHP does not read; put the value into \
                      double quotes: NAME=\"(…\"";
const SEVERAL: Rule = "names several files, which PHP does not read; give one -F for each, and put a file's name with a \
                       comma into double quotes: NAME=@\"FILE\"";
const CUT: Rule = "has a ; at which curl would cut it; put the value into double quotes: NAME=\"…\". Only ;type= and, for \
                   no <FILE, ;filename= may follow";
const AFTER_QUOTES: Rule = "has text after its closing quote, which curl would drop; escape a quote within: \\\"";
const CODED: Rule = "must have no ;headers= and no ;encoder=, because PHP does not read such a part as it is meant";
const TYPE: Rule = "must have a ;type= such as text/plain";
const CONTROL: Rule = "must hold no control character after a ;";
const NUL: &str = "holds a NUL byte, which a line of curl's configuration cannot hold; put it into a file";

/// The type that curl sends for any other file.
const OTHER_TYPE: &str = "application/octet-stream";

/// The boundary of the body that is checked instead of curl's.
const BOUNDARY: &str = "------------------------kayako-sign";

/// Returns the content type of that body.
pub(crate) fn content_type() -> String {
    format!("multipart/form-data; boundary={BOUNDARY}")
}

/// Returns a body with the same fields as curl's, but empty, because their values do not matter to the credentials.
pub(crate) fn outline(fields: &[Field]) -> Vec<u8> {
    let mut body = Vec::new();
    for Field { name, file_name, .. } in fields {
        let file_name = file_name.as_ref().map(|name| [b"; filename=\"", name.as_slice(), b"\""].concat());
        body.extend_from_slice(format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"").as_bytes());
        body.extend_from_slice(name);
        body.push(b'"');
        body.extend(file_name.unwrap_or_default());
        body.extend_from_slice(b"\r\n\r\n\r\n");
    }
    body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
    body
}

impl Field {
    /// Reads the value of the `number`th `-F`.
    pub(crate) fn read(number: usize, argument: &[u8], inputs: &mut Inputs) -> Result<Self, Failure> {
        let parts = Parts::of(argument).or_else(|rule| fail(format!("field {number} of -F: {rule}")))?;
        let line = match parts.kind {
            Kind::Text => argument.to_vec(),
            Kind::File | Kind::ValueInFile => {
                let source = inputs.source(&parts.value)?;
                if source.curl_can_read {
                    argument.to_vec()
                } else {
                    let place = source.shown();
                    let content = source.read()?;
                    if content.contains(&0) {
                        return fail(format!("field {number} of -F: {place} {NUL}"));
                    }
                    parts.with(&content)
                }
            }
        };
        Ok(Field { line, name: parts.name.to_vec(), file_name: parts.file_name().map(<[u8]>::to_vec) })
    }
}

impl<'a> Parts<'a> {
    fn of(argument: &'a [u8]) -> Result<Self, Rule> {
        let (name, content) = split_at(argument, b'=').filter(|(name, _)| !name.is_empty()).ok_or(SHAPE)?;
        let (kind, text) = match content {
            [b'(', ..] => return Err(NESTED),
            [b'@', text @ ..] => (Kind::File, text),
            [b'<', text @ ..] => (Kind::ValueInFile, text),
            text => (Kind::Text, text),
        };
        let stops: &[u8] = if kind == Kind::File { b";," } else { b";" };
        let (value, modifiers) = word(text, stops)?;
        let given = Modifiers::of(modifiers, stops)?;
        // curl ignores a file name there.
        if kind == Kind::ValueInFile && given.file_name.is_some() {
            return Err(CUT);
        }
        Ok(Parts { name, kind, value, modifiers, given })
    }

    /// Returns the file name that is sent with the value: the given one, or else that of the file. Returns `None` if it
    /// is not sent as a file.
    fn file_name(&self) -> Option<&[u8]> {
        let own = || platform::path(&self.value).and_then(Path::file_name).map(OsStr::as_encoded_bytes);
        let given = self.given.file_name.as_deref();
        if self.kind == Kind::File { given.or_else(own) } else { given }
    }

    /// Returns the argument that sends this content as curl would send it from its file.
    fn with(&self, content: &[u8]) -> Vec<u8> {
        let mut line = [self.name, b"=", &in_quotes(content), self.modifiers].concat();
        if self.given.file_name.is_none() {
            if let Some(name) = self.file_name() {
                line.extend_from_slice(&[b";filename=".as_slice(), &in_quotes(name)].concat());
            }
        }
        if let Some(media_type) = self.own_type() {
            line.extend_from_slice(&[b";type=", media_type.as_bytes()].concat());
        }
        line
    }

    /// Returns the type that curl sends for a file, if it would send another one or none for the same text. It sends
    /// none for standard input.
    fn own_type(&self) -> Option<&'static str> {
        let by_file = file_type(&self.value);
        match (self.kind, self.file_name()) {
            _ if self.given.has_type || &*self.value == b"-" => None,
            (Kind::File, Some(name)) if file_type(name).is_none() => Some(by_file.unwrap_or(OTHER_TYPE)),
            // Without text/plain, which curl leaves out for a value.
            (Kind::ValueInFile, _) => by_file.filter(|media_type| *media_type != "text/plain"),
            _ => None,
        }
    }
}

fn in_quotes(text: &[u8]) -> Vec<u8> {
    let escaped = text.iter().flat_map(|byte| {
        let escape: &[u8] = if matches!(byte, b'"' | b'\\') { b"\\" } else { b"" };
        escape.iter().chain([byte])
    });
    [b'"'].iter().chain(escaped).chain(b"\"").copied().collect()
}

impl Modifiers {
    /// Reads the text after a value.
    fn of(mut rest: &[u8], stops: &[u8]) -> Result<Self, Rule> {
        let mut found = Modifiers::default();
        let mut in_type = false;
        while let Some((stop, after)) = rest.split_first() {
            if *stop == b',' {
                return Err(SEVERAL);
            }
            let after = trim_start(after);
            let is = |prefix: &[u8]| after.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix));
            if is(b"headers=") || is(b"encoder=") {
                return Err(CODED);
            }
            let (text, next) = if is(b"filename=") {
                let (name, next) = word(&after[b"filename=".len()..], stops)?;
                found.file_name = Some(name.into_owned());
                in_type = false;
                (&after[..after.len() - next.len()], next)
            } else {
                let (text, next) = split_before(after, stops);
                // A type may have parameters, as in ;type=text/plain;charset=utf-8.
                if !in_type {
                    let media_type = is(b"type=").then(|| &text[b"type=".len()..]).ok_or(CUT)?;
                    // curl would also look for the slash after the next ;.
                    let slash = media_type.iter().position(|byte| matches!(byte, b'/' | b' '));
                    slash.filter(|at| *at > 0 && media_type[*at] == b'/').ok_or(TYPE)?;
                    in_type = true;
                    found.has_type = true;
                }
                (text, next)
            };
            if text.iter().any(u8::is_ascii_control) {
                return Err(CONTROL);
            }
            rest = next;
        }
        Ok(found)
    }
}

/// Reads curl's next word: the text in double quotes, or everything before a stop. Returns it with the rest.
fn word<'a>(text: &'a [u8], stops: &[u8]) -> Result<(Cow<'a, [u8]>, &'a [u8]), Rule> {
    let text = trim_start(text);
    if let Some((value, rest)) = text.strip_prefix(b"\"").and_then(quoted) {
        let (between, rest) = split_before(rest, stops);
        return if trim_start(between).is_empty() { Ok((value.into(), rest)) } else { Err(AFTER_QUOTES) };
    }
    let (value, rest) = split_before(text, stops);
    let end = value.iter().rposition(|byte| !is_space(*byte)).map_or(0, |last| last + 1);
    Ok((value[..end].into(), rest))
}

/// Returns the text up to the closing quote and the rest, or `None` if no quote closes it. A backslash escapes itself
/// and a quote.
fn quoted(text: &[u8]) -> Option<(Vec<u8>, &[u8])> {
    let mut value = Vec::new();
    let mut rest = text;
    loop {
        let (byte, after) = rest.split_first()?;
        match (byte, after) {
            (b'"', _) => return Some((value, after)),
            (b'\\', [escaped @ (b'"' | b'\\'), next @ ..]) => {
                value.push(*escaped);
                rest = next;
            }
            _ => {
                value.push(*byte);
                rest = after;
            }
        }
    }
}

fn split_at(text: &[u8], byte: u8) -> Option<(&[u8], &[u8])> {
    let at = text.iter().position(|other| *other == byte)?;
    Some((&text[..at], &text[at + 1..]))
}

fn split_before<'a>(text: &'a [u8], stops: &[u8]) -> (&'a [u8], &'a [u8]) {
    text.split_at(text.iter().position(|byte| stops.contains(byte)).unwrap_or(text.len()))
}

fn trim_start(text: &[u8]) -> &[u8] {
    &text[text.iter().position(|byte| !is_space(*byte)).unwrap_or(text.len())..]
}

/// Returns whether a byte is white space to curl, which includes the vertical tab.
fn is_space(byte: u8) -> bool {
    byte.is_ascii_whitespace() || byte == 0x0b
}
