//! An HTTP request as people show it: as it was on the wire, or as `curl -v` prints it.
//!
//! Nothing here reads or writes anything, and what is refused is refused with a sentence.

use std::borrow::Cow;

/// A request as it was sent.
#[derive(Debug)]
pub(crate) struct Message {
    pub(crate) method: String,
    /// The address in its request line: mostly without scheme and host.
    pub(crate) target: String,
    pub(crate) host: String,
    pub(crate) content_type: Option<String>,
    pub(crate) body: Vec<u8>,
    /// The headers tell of a body that is not there.
    pub(crate) body_missing: bool,
    /// What a reader should know about the input.
    pub(crate) remarks: Vec<String>,
}

/// Reads the request in `input`.
pub(crate) fn read(input: &[u8]) -> Result<Message, String> {
    let shown = on_the_wire(input).or_else(|| by_curl(input)).or_else(|| as_pseudo_headers(input));
    let shown = shown.ok_or("there is no request here: it begins with a line such as GET /api/index.php HTTP/1.1")?;
    let head = head(&shown.head)?;
    let mut headers = vec![httparse::EMPTY_HEADER; shown.head.len()];
    let mut request = httparse::Request::new(&mut headers);
    request.parse(&head).map_err(|error| format!("the head of the request is not HTTP: {error}"))?;

    let value = |name: &str| {
        let mut named = request.headers.iter().filter(|header| header.name.eq_ignore_ascii_case(name));
        named.next().map(|header| String::from_utf8_lossy(header.value).trim().to_owned())
    };
    let chunked = value("Transfer-Encoding").is_some_and(|coding| coding.to_ascii_lowercase().contains("chunked"));
    let length = value("Content-Length").and_then(|length| length.parse().ok());
    let mut remarks = shown.remarks;
    let body = if chunked {
        joined(&shown.body)?
    } else {
        measured(&shown.body, &shown.behind_response, length, &mut remarks).into()
    };
    Ok(Message {
        method: request.method.unwrap_or_default().to_owned(),
        target: request.path.unwrap_or_default().to_owned(),
        host: value("Host").unwrap_or_default(),
        content_type: value("Content-Type"),
        body_missing: body.is_empty() && (chunked && shown.body.is_empty() || length.is_some_and(|length| length > 0)),
        body: body.into_owned(),
        remarks,
    })
}

/// A request taken apart, without whatever was printed around it.
#[derive(Default)]
struct Shown<'a> {
    /// The request line and the headers.
    head: Vec<Cow<'a, [u8]>>,
    body: Vec<u8>,
    /// What stands behind the response that curl shows: another one's body, or the request's, added by hand.
    behind_response: Vec<u8>,
    remarks: Vec<String>,
}

/// The request as it is.
fn on_the_wire(input: &[u8]) -> Option<Shown<'_>> {
    let mut lines = lines(input).skip_while(|line| text(line).is_empty());
    let first = text(lines.next().filter(|line| is_request_line(text(line)))?);
    let headers = lines.by_ref().map(text).take_while(|line| !line.is_empty());
    let head = std::iter::once(first).chain(headers).map(Cow::Borrowed).collect();
    Some(Shown { head, body: lines.collect::<Vec<_>>().concat(), ..Shown::default() })
}

/// What `curl -v` prints: `> ` before what it sends, `< ` before what it receives, and `* ` before what it says itself.
fn by_curl(input: &[u8]) -> Option<Shown<'_>> {
    #[derive(PartialEq)]
    enum At {
        Nothing,
        Head,
        Body,
        Response,
    }
    let mut shown = Shown::default();
    let mut at = At::Nothing;
    for line in lines(input) {
        let text = without_meter(text(line));
        let sent = if text == b">" { Some(&b""[..]) } else { text.strip_prefix(b"> ") };
        match sent {
            // A proxy is asked for a tunnel first.
            Some(sent) if is_request_line(sent) && !sent.starts_with(b"CONNECT ") => {
                if at != At::Nothing {
                    shown.remarks.push("there is more than one request here: the first is read".to_owned());
                    break;
                }
                at = At::Head;
                shown.head.push(sent.into());
            }
            _ if at == At::Nothing => {}
            Some(b"") if at == At::Head => at = At::Body,
            Some(sent) if at == At::Head => shown.head.push(sent.into()),
            None if text == b"<" || text.starts_with(b"< ") => at = At::Response,
            None if is_said_by_curl(text) => {}
            _ if at == At::Response => shown.behind_response.extend_from_slice(line),
            // Empty lines before a body are there for the eye.
            _ if shown.body.is_empty() && text.is_empty() => at = At::Body,
            _ => {
                at = At::Body;
                shown.body.extend_from_slice(line);
            }
        }
    }
    (at != At::Nothing).then_some(shown)
}

/// Headers of HTTP/2, one a line: `:method: GET`, or `* [HTTP/2] [1] [:method: GET]` as curl prints them.
fn as_pseudo_headers(input: &[u8]) -> Option<Shown<'_>> {
    let mut shown = Shown::default();
    let (mut method, mut path) = (None, None);
    let mut lines = lines(input);
    for line in lines.by_ref() {
        let text = text(line);
        match pseudo_header(text) {
            Some((b":method", value)) => method = Some(value),
            Some((b":path", value)) => path = Some(value),
            Some((b":authority", value)) => shown.head.push([b"Host: ", value].concat().into()),
            // curl says other things too, and some have a colon.
            Some((name, value)) if method.is_some() && !name.starts_with(b":") && !name.contains(&b' ') => {
                shown.head.push([name, b": ", value].concat().into());
            }
            None if text.is_empty() && method.is_some() => break,
            _ => {}
        }
    }
    shown.head.insert(0, [method?, b" ", path?, b" HTTP/2"].concat().into());
    shown.body = lines.filter(|line| !is_said_by_curl(text(line))).collect::<Vec<_>>().concat();
    Some(shown)
}

fn pseudo_header(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let line = line.strip_prefix(b"* ").unwrap_or(line);
    let line = [&b"h2h3 "[..], b"h2 ", b"[HTTP/2] "].iter().find_map(|label| line.strip_prefix(*label)).unwrap_or(line);
    // The number of the stream.
    let end = line.iter().position(|byte| *byte == b' ').unwrap_or(0);
    let is_number = matches!(&line[..end], [b'[', digits @ .., b']'] if digits.iter().all(u8::is_ascii_digit));
    let line = if is_number { &line[end + 1..] } else { line };
    let line = line.strip_prefix(b"[").and_then(|line| line.strip_suffix(b"]")).unwrap_or(line);
    // The first colon may be a part of the name.
    let colon = line.iter().skip(1).position(|byte| *byte == b':')? + 1;
    Some((&line[..colon], line[colon + 1..].trim_ascii()))
}

/// The head as HTTP/1.1 has it.
fn head(lines: &[Cow<'_, [u8]>]) -> Result<Vec<u8>, String> {
    let (first, headers) = lines.split_first().ok_or("there is no request line")?;
    let words: Vec<_> = first.split(|byte| *byte == b' ').filter(|word| !word.is_empty()).collect();
    let (method, target) = match words[..] {
        [method, target] => (method, target),
        [method, target, version] if version.starts_with(b"HTTP/") => (method, target),
        _ => {
            return Err("the request line must be METHOD ADDRESS HTTP/1.1, and a server refuses another one; a space \
                        within the address must be written as %20"
                .to_owned());
        }
    };
    let mut head = [method, b" ", target, b" HTTP/1.1\r\n"].concat();
    for (index, line) in headers.iter().enumerate() {
        if !line.contains(&b':') {
            return Err(format!(
                "line {} of the request is no header: it has no colon. An empty line must stand before the body.",
                index + 2
            ));
        }
        head.extend_from_slice(line);
        head.extend_from_slice(b"\r\n");
    }
    head.extend_from_slice(b"\r\n");
    Ok(head)
}

/// The body of a given length. A text that was copied has other line ends at times, and so another length.
fn measured<'a>(
    body: &'a [u8],
    behind_response: &'a [u8],
    length: Option<usize>,
    remarks: &mut Vec<String>,
) -> &'a [u8] {
    let Some(length) = length else { return without_line_end(before_response(body)) };
    if body.is_empty() {
        return added(behind_response, length);
    }
    let trimmed = without_line_end(body);
    let pairs = trimmed.windows(2).filter(|pair| pair == b"\r\n").count();
    let line_feeds = lines(body).filter(|line| line.ends_with(b"\n")).count();
    match body.get(..length) {
        Some(exact) if before_response(&body[length..]).iter().copied().all(is_line_end) => exact,
        // Lines have won a carriage return, or lost one.
        Some(_) if trimmed.len() - pairs <= length => trimmed,
        None if body.len() + line_feeds - pairs >= length => trimmed,
        Some(exact) => {
            remarks.push(format!("{}: a server reads no more than that", lengths(length, body)));
            exact
        }
        None => {
            remarks.push(format!("{}: the rest is missing", lengths(length, body)));
            body
        }
    }
}

/// What stands before a response, which Wireshark shows right behind the request.
fn before_response(text: &[u8]) -> &[u8] {
    let before: usize = lines(text).take_while(|line| !line.starts_with(b"HTTP/1.")).map(<[u8]>::len).sum();
    &text[..before]
}

/// A body of this length that was added by hand behind what the server answered, after an empty line.
fn added(behind_response: &[u8], length: usize) -> &[u8] {
    let text = behind_response.iter().rposition(|byte| !is_line_end(*byte)).map_or(0, |last| last + 1);
    // A body may end in line ends of its own.
    let mut bodies = (text..=behind_response.len()).filter_map(|end| {
        let start = end.checked_sub(length)?;
        let (before, body) = (&behind_response[..start], &behind_response[start..end]);
        let empty_line = [&b"\n\n"[..], b"\n\r\n"].iter().any(|line_ends| before.ends_with(line_ends));
        (empty_line || matches!(before, b"\n" | b"\r\n")).then_some(body)
    });
    bodies.next().unwrap_or_default()
}

fn lengths(length: usize, body: &[u8]) -> String {
    format!("Content-Length is {length}, and the body here has a length of {}", body.len())
}

/// The body whose chunks these are. Where they are none, whoever showed it has put it together.
fn joined(chunks: &[u8]) -> Result<Cow<'_, [u8]>, String> {
    let mut body = Vec::new();
    let mut rest = chunks;
    loop {
        let Some((size, after)) = chunk_size(rest) else {
            return if body.is_empty() { Ok(without_line_end(chunks).into()) } else { Err(broken_chunks()) };
        };
        if size == 0 {
            return Ok(body.into());
        }
        body.extend_from_slice(after.get(..size).ok_or_else(broken_chunks)?);
        let behind = &after[size..];
        rest = behind.strip_prefix(b"\r\n").or_else(|| behind.strip_prefix(b"\n")).ok_or_else(broken_chunks)?;
    }
}

fn broken_chunks() -> String {
    "the chunks of the body are not as long as they say; show the body without them, or with its own line ends"
        .to_owned()
}

/// The size at the start of a chunk, and what stands behind its line.
fn chunk_size(chunk: &[u8]) -> Option<(usize, &[u8])> {
    let line = lines(chunk).next()?;
    let digits = text(line).split(|byte| *byte == b';').next()?.trim_ascii();
    let size = usize::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
    Some((size, &chunk[line.len()..]))
}

/// `METHOD ADDRESS` or `METHOD ADDRESS HTTP/1.1`.
fn is_request_line(line: &[u8]) -> bool {
    let mut words = line.split(|byte| *byte == b' ').filter(|word| !word.is_empty());
    let is_method = words.next().is_some_and(|word| word.iter().all(u8::is_ascii_alphabetic));
    let target = words.next().unwrap_or_default();
    let last = words.next_back().unwrap_or_default();
    is_method && (target.starts_with(b"/") || target.starts_with(b"http") || last.starts_with(b"HTTP/"))
}

fn is_said_by_curl(line: &[u8]) -> bool {
    let data = line.strip_prefix(b"{ [").or_else(|| line.strip_prefix(b"} ["));
    line == b"*"
        || line.starts_with(b"* ")
        || data.is_some_and(|rest| rest.ends_with(b" bytes data]"))
        || line.starts_with(b"  % Total ")
        || line.trim_ascii_start().starts_with(b"Dload ")
}

/// A line without curl's progress meter, which stands before what else it prints and ends with a time and a speed.
fn without_meter(line: &[u8]) -> &[u8] {
    const NO_TIME: &[u8] = b"--:--:--";
    if !line.starts_with(b"\r") {
        return line;
    }
    let Some(at) = line.windows(NO_TIME.len()).rposition(|window| window == NO_TIME) else { return line };
    let rest = line[at + NO_TIME.len()..].trim_ascii_start();
    let speed = rest.iter().position(|byte| !byte.is_ascii_alphanumeric() && *byte != b'.').unwrap_or(rest.len());
    &rest[speed..]
}

/// The lines, each with its end.
fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split_inclusive(|byte| *byte == b'\n')
}

/// A line without its end.
fn text(line: &[u8]) -> &[u8] {
    without_line_end(line)
}

fn without_line_end(text: &[u8]) -> &[u8] {
    text.strip_suffix(b"\r\n").or_else(|| text.strip_suffix(b"\n")).unwrap_or(text)
}

fn is_line_end(byte: u8) -> bool {
    matches!(byte, b'\r' | b'\n')
}
