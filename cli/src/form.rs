//! The fields of `-F`, read as curl reads them: it makes the body itself, and what it would send is what is checked.

use std::borrow::Cow;
use std::ffi::OsStr;
use std::fs::File;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use crate::{Failure, fail, files};

/// A field.
pub(crate) struct Field {
    /// What curl reads it from.
    pub(crate) argument: Vec<u8>,
    name: Vec<u8>,
    /// The name under which a file goes. A field without one is none, wherever its value comes from.
    file_name: Option<Vec<u8>>,
    /// The file that curl will read.
    reads: Option<PathBuf>,
}

type Rule = &'static str;

const SHAPE: Rule = "must be NAME=VALUE, or NAME=@FILE, or NAME=<FILE for a value from a file";
const NESTED: Rule = "begins with (, which starts a form within the form that PHP does not read; put the value into \
                      double quotes: NAME=\"(…\"";
const SEVERAL: Rule = "names several files, which PHP does not read; give one -F for each, and put a file's name with a \
                       comma into double quotes: NAME=@\"FILE\"";
const CUT: Rule = "has a ; at which curl would cut it; put the value into double quotes: NAME=\"…\". Only ;type= and, for \
                   no <FILE, ;filename= may follow";
const BEHIND_QUOTES: Rule = "has text behind its closing quote, which curl would drop; escape a quote within: \\\"";
const CODED: Rule = "must have no ;headers= and no ;encoder=, because PHP does not read such a part as it is meant";
const TYPE: Rule = "must have a ;type= such as text/plain";
const CONTROL: Rule = "must hold no control character behind a ;";
const STDIN: Rule = "cannot come from standard input, where curl reads its configuration; put it into a file";

/// The boundary of the body that stands for curl's.
const BOUNDARY: &str = "------------------------kayako-sign";

/// The type of that body.
pub(crate) fn content_type() -> String {
    format!("multipart/form-data; boundary={BOUNDARY}")
}

/// A body with the same fields as curl's: what they hold changes nothing for the credentials.
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
    pub(crate) fn read(number: usize, argument: &[u8]) -> Result<Self, Failure> {
        let field = Self::parse(argument).or_else(|rule| fail(format!("field {number} of -F: {rule}")))?;
        if let Some(path) = &field.reads {
            if !files::is_regular(path) && path.exists() {
                return fail(format!("field {number} of -F: {} is no file that curl could read", files::shown(path)));
            }
            File::open(path).map_err(|error| files::unreadable(path, &error))?;
        }
        Ok(field)
    }

    fn parse(argument: &[u8]) -> Result<Self, Rule> {
        let (name, content) = split_at(argument, b'=').filter(|(name, _)| !name.is_empty()).ok_or(SHAPE)?;
        let (kind, text) = match content {
            [b'(', ..] => return Err(NESTED),
            [kind @ (b'@' | b'<'), text @ ..] => (Some(*kind), text),
            text => (None, text),
        };
        let stops: &[u8] = if kind == Some(b'@') { b";," } else { b";" };
        let (value, rest) = word(text, stops)?;
        let path = kind.map(|_| Path::new(OsStr::from_bytes(&value)));
        if path.is_some_and(files::is_stdin) {
            return Err(STDIN);
        }
        let own_name =
            path.filter(|_| kind == Some(b'@')).and_then(Path::file_name).map(|name| name.as_bytes().to_vec());
        let file_name = match (modifiers(rest, stops)?, kind) {
            // curl ignores it there.
            (Some(_), Some(b'<')) => return Err(CUT),
            (given, _) => given.or(own_name),
        };
        Ok(Field { argument: argument.to_vec(), name: name.to_vec(), file_name, reads: path.map(Path::to_owned) })
    }
}

/// The file name that stands among what follows a value, if any.
fn modifiers(mut rest: &[u8], stops: &[u8]) -> Result<Option<Vec<u8>>, Rule> {
    let mut file_name = None;
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
        let (text, behind) = if is(b"filename=") {
            let (name, behind) = word(&after[b"filename=".len()..], stops)?;
            file_name = Some(name.into_owned());
            in_type = false;
            (&after[..after.len() - behind.len()], behind)
        } else {
            let (text, behind) = split_before(after, stops);
            // A type may have parameters of its own, as in ;type=text/plain;charset=utf-8.
            if !in_type {
                let media_type = is(b"type=").then(|| &text[b"type=".len()..]).ok_or(CUT)?;
                // curl would look for the slash behind the next ; too.
                let slash = media_type.iter().position(|byte| matches!(byte, b'/' | b' '));
                slash.filter(|at| *at > 0 && media_type[*at] == b'/').ok_or(TYPE)?;
                in_type = true;
            }
            (text, behind)
        };
        if text.iter().any(u8::is_ascii_control) {
            return Err(CONTROL);
        }
        rest = behind;
    }
    Ok(file_name)
}

/// Takes curl's next word: what stands in double quotes, or all before a stop.
fn word<'a>(text: &'a [u8], stops: &[u8]) -> Result<(Cow<'a, [u8]>, &'a [u8]), Rule> {
    let text = trim_start(text);
    if let Some((value, rest)) = text.strip_prefix(b"\"").and_then(quoted) {
        let (between, rest) = split_before(rest, stops);
        return if trim_start(between).is_empty() { Ok((value.into(), rest)) } else { Err(BEHIND_QUOTES) };
    }
    let (value, rest) = split_before(text, stops);
    let end = value.iter().rposition(|byte| !is_space(*byte)).map_or(0, |last| last + 1);
    Ok((value[..end].into(), rest))
}

/// The text up to the closing quote, and what stands behind. A backslash escapes itself and a quote.
fn quoted(text: &[u8]) -> Option<(Vec<u8>, &[u8])> {
    let mut value = Vec::new();
    let mut rest = text;
    loop {
        let (byte, after) = rest.split_first()?;
        match (byte, after) {
            (b'"', _) => return Some((value, after)),
            (b'\\', [escaped @ (b'"' | b'\\'), behind @ ..]) => {
                value.push(*escaped);
                rest = behind;
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

/// What curl takes for white space: the vertical tab too.
fn is_space(byte: u8) -> bool {
    byte.is_ascii_whitespace() || byte == 0x0b
}
