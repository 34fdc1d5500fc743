//! Makes the multipart body of curl's options -F and --form-string.

use crate::Error;
use crate::mapped::Mapped;

/// A boundary as long as curl's, which is random each time.
pub(crate) const CONTENT_TYPE: &str = "multipart/form-data; boundary=------------------------kayakosigntrans";
const DELIMITER: &str = "--------------------------kayakosigntrans";

/// The source of a field's value.
pub(crate) enum Source {
    Command,
    /// A file that is sent as a file. Its content decides nothing.
    File,
    /// A file whose text is the value.
    TextOfFile,
}

/// Adds a field to a body, and returns the source of its value.
pub(crate) fn add(
    body: &mut Mapped<'_>,
    option: &'static str,
    word: &Mapped<'_>,
    is_raw: bool,
) -> Result<Source, Error> {
    let equals = word.value().iter().position(|byte| *byte == b'=').ok_or(Error::Option(option))?;
    let value = word.slice(equals + 1..word.len());
    let source = match value.value().first() {
        Some(b'@') if !is_raw => Source::File,
        Some(b'<') if !is_raw => Source::TextOfFile,
        // A part with parts inside.
        Some(b'(') if !is_raw => return Err(Error::Option(option)),
        _ => Source::Command,
    };
    let content = Content::of(&value, usize::from(!matches!(source, Source::Command)), is_raw);
    body.push_made(DELIMITER.as_bytes());
    body.push_made(b"\r\nContent-Disposition: form-data; name=\"");
    push_escaped(body, &word.slice(0..equals));
    let file_name = content.file_name.or_else(|| matches!(source, Source::File).then(|| without_folder(&content.data)));
    if let Some(file_name) = &file_name {
        body.push_made(b"\"; filename=\"");
        push_escaped(body, file_name);
    }
    body.push_made(b"\"\r\n");
    let by_name = file_name.as_ref().and_then(|name| file_type(name.value()));
    let by_path = || match source {
        Source::File => file_type(content.data.value()).or(Some("application/octet-stream")),
        _ => None,
    };
    if let Some(media_type) = &content.media_type {
        body.push_made(b"Content-Type: ");
        body.append(media_type, 0..media_type.len());
        body.push_made(b"\r\n");
    } else if let Some(media_type) = by_name.or_else(by_path) {
        body.push_made(b"Content-Type: ");
        body.push_made(media_type.as_bytes());
        body.push_made(b"\r\n");
    }
    body.push_made(b"\r\n");
    if matches!(source, Source::Command) {
        body.append(&content.data, 0..content.data.len());
    }
    body.push_made(b"\r\n");
    Ok(source)
}

/// Ends a body that has all of its fields.
pub(crate) fn end(body: &mut Mapped<'_>) {
    body.push_made(DELIMITER.as_bytes());
    body.push_made(b"--\r\n");
}

/// The contents of an option's value.
struct Content<'a> {
    data: Mapped<'a>,
    media_type: Option<Mapped<'a>>,
    file_name: Option<Mapped<'a>>,
}

impl<'a> Content<'a> {
    /// Reads `DATA;type=TYPE;filename=NAME`, from `start` on.
    fn of(value: &Mapped<'a>, start: usize, is_raw: bool) -> Self {
        let mut content = Content { data: value.clone(), media_type: None, file_name: None };
        if is_raw {
            return content;
        }
        let mut at;
        (content.data, at) = word(value, start);
        while at < value.len() {
            // After a semicolon.
            let blanks = value.value()[at + 1..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
            let name = at + 1 + blanks;
            let rest = &value.value()[name..];
            let known = [&b"type="[..], b"filename="].iter().position(|name| rest.starts_with(name));
            match known {
                Some(0) => {
                    let (mut media_type, mut end) = word(value, name + 5);
                    let first = end;
                    // Parameters of the type come after semicolons too.
                    while let Some(parameter) = parameter(&value.value()[end..]) {
                        end += parameter;
                    }
                    if end > first {
                        media_type = value.slice(name + 5..end).trim();
                    }
                    (content.media_type, at) = (Some(media_type), end);
                }
                Some(_) => {
                    let (file_name, end) = word(value, name + 9);
                    (content.file_name, at) = (Some(file_name), end);
                }
                None => (_, at) = word(value, name),
            }
        }
        content
    }
}

/// Returns the length of a parameter of a type, or `None` if this is one of curl's own options.
fn parameter(text: &[u8]) -> Option<usize> {
    let rest = text.strip_prefix(b";")?;
    let name = rest.trim_ascii_start();
    let options = [&b"type="[..], b"filename=", b"headers=", b"encoder="];
    if options.iter().any(|option| name.starts_with(option)) {
        return None;
    }
    let end = rest.iter().position(|byte| *byte == b';').unwrap_or(rest.len());
    rest[..end].contains(&b'=').then_some(end + 1)
}

/// Returns a word up to a semicolon, without its quotes, and the place where it ends.
fn word<'a>(text: &Mapped<'a>, start: usize) -> (Mapped<'a>, usize) {
    let value = text.value();
    let blanks = value[start..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    let start = start + blanks;
    let until_semicolon =
        |from: usize| value[from..].iter().position(|byte| *byte == b';').map_or(value.len(), |at| from + at);
    if value.get(start) == Some(&b'"') {
        let mut word = Mapped::default();
        let mut at = start + 1;
        while let Some(byte) = value.get(at) {
            match (byte, value.get(at + 1)) {
                (b'\\', Some(b'\\' | b'"')) => {
                    word.append(text, at + 1..at + 2);
                    at += 2;
                }
                (b'"', _) => return (word, until_semicolon(at)),
                _ => {
                    let run =
                        value[at + 1..].iter().position(|byte| b"\\\"".contains(byte)).unwrap_or(value.len() - at - 1);
                    word.append(text, at..at + 1 + run);
                    at += 1 + run;
                }
            }
        }
    }
    let end = until_semicolon(start);
    let kept = value[start..end].trim_ascii_end().len();
    (text.slice(start..start + kept), end)
}

/// Appends a name, escaped for quotes in a header.
fn push_escaped(body: &mut Mapped<'_>, name: &Mapped<'_>) {
    let mut start = 0;
    for (at, byte) in name.value().iter().enumerate() {
        let escaped: &[u8] = match byte {
            b'"' => b"%22",
            b'\r' => b"%0D",
            b'\n' => b"%0A",
            _ => continue,
        };
        body.append(name, start..at);
        body.push_made(escaped);
        start = at + 1;
    }
    body.append(name, start..name.len());
}

/// Returns the content type that curl sends for a file of this name, or `None` if it knows none. It goes by the end of
/// the name, in any case.
#[must_use]
pub fn file_type(name: &[u8]) -> Option<&'static str> {
    let types = [
        (".gif", "image/gif"),
        (".jpg", "image/jpeg"),
        (".jpeg", "image/jpeg"),
        (".png", "image/png"),
        (".svg", "image/svg+xml"),
        (".txt", "text/plain"),
        (".htm", "text/html"),
        (".html", "text/html"),
        (".pdf", "application/pdf"),
        (".xml", "application/xml"),
    ];
    let ends =
        |end: &str| name.len() >= end.len() && name[name.len() - end.len()..].eq_ignore_ascii_case(end.as_bytes());
    types.iter().find(|(end, _)| ends(end)).map(|(_, media_type)| *media_type)
}

/// Returns the name of a file without its folders.
fn without_folder<'a>(path: &Mapped<'a>) -> Mapped<'a> {
    let start = path.value().iter().rposition(|byte| *byte == b'/').map_or(0, |at| at + 1);
    path.slice(start..path.len())
}
