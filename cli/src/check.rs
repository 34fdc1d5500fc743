//! Explains a request: what the server sees in it, what it answers and what to change.

use std::fmt::Write as _;
use std::io::Write;

use kayako_sign_core::{Container, Contents, Diagnosis, Reading, Request};
use percent_encoding::{percent_decode, percent_decode_str};

use crate::keys::Bytes;
use crate::raw_http::{self, Message};
use crate::{Failure, Verdict, args, fail, files, sentence};

/// The longest input that is read, in bytes. The credentials stand in front of a larger body.
const INPUT_MAX: u64 = 16 * 1024 * 1024;

/// Whether the request is accepted, and what is to be said about it.
pub(crate) fn check(args: &args::Check, out: &mut impl Write) -> Result<Verdict, Failure> {
    if files::is_stdin(&args.file) && args.keys.reads_stdin() {
        return fail("standard input cannot give both a key and the request. Name a file for one of them.");
    }
    let (signer, secret_key) = args.keys.load()?;
    let input = files::read_at_most(&args.file, INPUT_MAX + 1)?;
    if input.len() as u64 > INPUT_MAX {
        return fail("the request is longer than 16 MiB. Cut files out of its body: the credentials are not in them.");
    }
    let message = raw_http::read(&input).or_else(fail)?;
    let request = request_of(&message)?;
    let diagnosis = signer.diagnose_request(&request);
    let reading = Reading::of(&request);
    let container = reading.container();
    Report { message: &message, reading, diagnosis, names: Names { secret_key } }.write(out)?;
    let mut remarks = message.remarks.clone();
    if diagnosis.is_accepted() && diagnosis != Diagnosis::Good {
        remarks.push(sentence(diagnosis));
    }
    if diagnosis.is_accepted() && container == Some(Container::Raw) {
        remarks.push("the server looks there only where it finds nothing else, so do not rely on it".to_owned());
    }
    Ok(Verdict { accepted: diagnosis.is_accepted(), remarks })
}

/// Refuses a request whose body would decide, and is not there.
fn request_of(message: &Message) -> Result<Request<'_>, Failure> {
    let Message { method, target, content_type, body, .. } = message;
    let mut request = Request::new(method, target).body(body);
    request.content_type = content_type.as_deref();
    if message.body_missing && Reading::of(&request.body(b" ")).container() != Some(Container::Query) {
        return fail(
            "the headers tell of a body that is not there, and in which the server looks for the credentials. \
             curl -v does not print it: add it behind the lines with >, and before those with <.",
        );
    }
    Ok(request)
}

struct Report<'a> {
    message: &'a Message,
    reading: Reading<'a>,
    diagnosis: Diagnosis,
    names: Names,
}

impl Report<'_> {
    fn write(&self, out: &mut impl Write) -> Result<(), Failure> {
        let Report { message, reading, names, .. } = self;
        let content_type = message.content_type.as_deref().map_or("none".to_owned(), |text| names.shown(text));
        let answer = reading.answer(self.diagnosis);
        writeln!(out, "{}", if self.diagnosis.is_accepted() { "accepted" } else { "refused" })?;
        writeln!(out, "  request       {} {}", names.shown(&message.method), names.shown(&address(message)))?;
        writeln!(out, "  content type  {content_type}")?;
        writeln!(out, "  query         {}", names.of(reading.query()))?;
        writeln!(out, "  body          {}", self.body())?;
        writeln!(out, "  server reads  {}", self.reads())?;
        writeln!(out, "  answer        {answer}")?;
        if !self.diagnosis.is_accepted() {
            writeln!(out, "  change        {}", sentence(self.diagnosis))?;
        }
        Ok(())
    }

    fn body(&self) -> String {
        match self.message.body.len() {
            0 if self.message.body_missing => "not shown".to_owned(),
            0 => "empty".to_owned(),
            1 => format!("{} (1 byte)", self.names.of(self.reading.body())),
            len => format!("{} ({len} bytes)", self.names.of(self.reading.body())),
        }
    }

    /// The part that the server reads, and why.
    fn reads(&self) -> &'static str {
        match (self.reading.container(), self.message.method.as_str()) {
            (Some(Container::Query), "GET") => "the query, because this is a GET without JSON",
            (Some(Container::Query), "DELETE") => "the query, because this is a DELETE without JSON",
            (Some(Container::Query), _) => "the query, because this is a PUT without a form or JSON in its body",
            (Some(Container::Form), "PUT") => {
                "the body, as an encoded form, because the content type of this PUT says so"
            }
            (Some(Container::Form), _) => "the body, as an encoded form, because the content type of this POST says so",
            (Some(Container::Multipart), _) => "the body, as multipart, because the content type of this POST says so",
            (Some(Container::Json), _) => "the body, as a JSON object, because the content type says so",
            (Some(Container::Raw), "POST") => {
                "the raw body, as an encoded form, because it knows no such type of a POST"
            }
            (Some(Container::Raw), "GET" | "DELETE" | "PUT") => {
                "the raw body, as an encoded form, because the query is empty"
            }
            _ => "nothing, because it knows no such method",
        }
    }
}

/// Where the request goes: the host and the path. What stands behind is told by its names.
fn address(message: &Message) -> String {
    let target = message.target.split(['?', '#', '&', ';']).next().unwrap_or_default();
    match target.split_once("://") {
        // A user's password may stand before the host.
        Some((_, rest)) => rest.rsplit('@').next().unwrap_or_default().to_owned(),
        None => format!("{}{target}", message.host),
    }
}

/// Shows what a request is made of, but nothing that might be a key or a signature.
pub(crate) struct Names {
    pub(crate) secret_key: Bytes,
}

impl Names {
    /// The most names that are listed.
    const LISTED: usize = 50;

    fn of(&self, contents: &Contents<'_>) -> String {
        let mut list = String::new();
        for name in contents.names().iter().take(Self::LISTED) {
            let comma = if list.is_empty() { "" } else { ", " };
            let _ = write!(list, "{comma}{}", self.shown(&name.to_string()));
        }
        match contents.names().len() {
            0 => "no parameters".to_owned(),
            count if count > Self::LISTED => format!("{list} and {} more", count - Self::LISTED),
            _ => list,
        }
    }

    /// A text as it is where it is plain, and quoted where it holds anything else. What might be a key or a signature
    /// is left out of it.
    pub(crate) fn shown(&self, text: &str) -> String {
        let short = self.without_secrets(text);
        let plain = |c: char| c.is_alphanumeric() || "…-._~/:;=[]".contains(c);
        if !short.is_empty() && short.chars().all(plain) { short } else { format!("{short:?}") }
    }

    /// A text without what might be a key or a signature, and cut if it is long.
    pub(crate) fn without_secrets(&self, text: &str) -> String {
        /// The longest text that is shown whole, in characters.
        const WHOLE: usize = 200;
        if self.holds_secret_key(text) {
            return "…".to_owned();
        }
        let mut short: String = without_secrets(text).chars().take(WHOLE).collect();
        if text.chars().nth(WHOLE).is_some() && !short.ends_with('…') {
            short.push('…');
        }
        short
    }

    /// Whether the secret key stands in a text, as it is or still URL-encoded.
    fn holds_secret_key(&self, text: &str) -> bool {
        let once: Vec<u8> = percent_decode_str(text).collect();
        let twice: Vec<u8> = percent_decode(&once).collect();
        let holds = |text: &[u8]| text.windows(self.secret_key.len()).any(|part| part == self.secret_key.as_slice());
        holds(text.as_bytes()) || holds(&once) || holds(&twice)
    }
}

/// Replaces each run of characters that is long enough for a signature: in base64, in either alphabet, or URL-encoded.
fn without_secrets(text: &str) -> String {
    /// A little less than 43, the length of a signature without padding.
    const SUSPECT: usize = 40;
    let of_base64 = |c: char| c.is_ascii_alphanumeric() || "+/=-_% ".contains(c);
    let mut shown = String::new();
    let mut rest = text;
    while !rest.is_empty() {
        let run = rest.find(|c| !of_base64(c)).unwrap_or(rest.len());
        shown.push_str(if run < SUSPECT { &rest[..run] } else { "…" });
        let other = rest[run..].find(of_base64).unwrap_or(rest.len() - run);
        shown.push_str(&rest[run..run + other]);
        rest = &rest[run + other..];
    }
    shown
}
