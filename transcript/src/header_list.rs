//! Reads a list of headers: those of HTTP/2, also as curl prints them, and those of a browser's network panel. A value
//! is after its name or on the next line.

use crate::http::Headers;
use crate::mapped::{Mapped, Slice};
use crate::verbose::is_line_of_curl;
use crate::{Form, Found, Outcome, Remark};

pub(crate) fn read(text: Slice<'_>) -> Outcome<'_> {
    let mut found = Found::of(Form::NetworkPanel);
    let mut headers = Headers::default();
    let mut lines = text.lines();
    let mut of_response = false;
    while let Some(line) = lines.next() {
        let line = line.content().trim();
        if line.is_empty() && !found.url.is_empty() {
            break;
        }
        if let Some(section) = section(line.text) {
            of_response = section == b"response headers";
            continue;
        }
        let Some((name, value)) = header(line) else { continue };
        let Some(kind) = kind(name.text) else { continue };
        if of_response && !matches!(kind, Kind::PanelUrl | Kind::PanelMethod) {
            continue;
        }
        let value = if value.is_empty() { lines.next().unwrap_or(value).content().trim() } else { value };
        match kind {
            Kind::PseudoMethod
                if !found.method.is_empty() && !found.url.is_empty() && found.form == Some(Form::PseudoHeaders) =>
            {
                found.remark(Remark::Several);
                break;
            }
            Kind::PanelMethod | Kind::PseudoMethod if found.method.is_empty() => found.method = value.mapped(),
            Kind::PanelUrl => {
                found.url = value.mapped();
                found.form = Some(Form::NetworkPanel);
            }
            Kind::PseudoPath if found.url.is_empty() => {
                found.url = value.mapped();
                found.form = Some(Form::PseudoHeaders);
            }
            Kind::PseudoScheme => found.scheme = value.mapped(),
            Kind::PseudoAuthority => headers.put(b"host", || value.mapped()),
            Kind::Header => headers.put(name.text, || value.mapped()),
            _ => {}
        }
    }
    if found.url.is_empty() {
        return None;
    }
    if found.method.is_empty() {
        found.method = Mapped::made("GET");
    }
    let mut body = Mapped::default();
    lines.filter(|line| !is_line_of_curl(line.content().text)).for_each(|line| body.push_slice(line));
    Some(headers.complete(&mut found, body, &Mapped::default()).map(|()| found))
}

#[derive(Clone, Copy)]
enum Kind {
    PanelUrl,
    PanelMethod,
    PseudoMethod,
    PseudoPath,
    PseudoScheme,
    PseudoAuthority,
    Header,
}

fn kind(name: &[u8]) -> Option<Kind> {
    let kinds: [(&[u8], Kind); 10] = [
        (b"request url", Kind::PanelUrl),
        (b"url", Kind::PanelUrl),
        (b"request method", Kind::PanelMethod),
        (b":method", Kind::PseudoMethod),
        (b":path", Kind::PseudoPath),
        (b":scheme", Kind::PseudoScheme),
        (b":authority", Kind::PseudoAuthority),
        (b"host", Kind::Header),
        (b"content-type", Kind::Header),
        (b"content-length", Kind::Header),
    ];
    kinds.iter().find(|(known, _)| name.eq_ignore_ascii_case(known)).map(|(_, kind)| *kind)
}

/// Returns the title of a section of a network panel, or `None` if the line is none.
fn section(line: &[u8]) -> Option<&'static [u8]> {
    let titles: [&[u8]; 2] = [b"response headers", b"request headers"];
    let begins = |title: &&[u8]| line.get(..title.len()).is_some_and(|start| start.eq_ignore_ascii_case(title));
    titles.into_iter().find(|title| begins(title) && line.len() < 60)
}

/// Returns a name and its value, without the brackets that curl puts around them. The value may be empty.
fn header(line: Slice<'_>) -> Option<(Slice<'_>, Slice<'_>)> {
    let line = line.strip_prefix(b"* ").unwrap_or(line);
    let labels = [&b"h2h3 "[..], b"h2 ", b"[HTTP/2] ", b"[HTTP/3] "];
    let line = labels.iter().find_map(|label| line.strip_prefix(label)).unwrap_or(line);
    // Skip the number of the stream.
    let end = line.find(|byte| byte == b' ').unwrap_or(0);
    let is_number = matches!(&line.text[..end], [b'[', digits @ .., b']'] if digits.iter().all(u8::is_ascii_digit));
    let line = if is_number { line.from(end + 1) } else { line };
    let line = line.strip_prefix(b"[").and_then(|line| line.strip_suffix(b"]")).unwrap_or(line);
    // The name may begin with a colon.
    let colon = line.from(1).find(|byte| byte == b':').map_or(line.text.len(), |colon| colon + 1);
    (!line.is_empty()).then(|| (line.to(colon).trim(), line.from(colon + 1).trim()))
}
