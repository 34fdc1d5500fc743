//! What to mark in the pasted text: what the server reads, the route, and what is wrong.

use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use core::fmt::Write as _;
use core::ops::Range;

use kayako_sign_core::{Container, Diagnosis, Reading, RouteSource};
use kayako_sign_transcript::{Part, Transcript};

use Diagnosis as D;

/// The meaning of a mark. A later mark covers an earlier one.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Nothing,
    Read,
    Found,
    Route,
    Wrong,
}

/// The most places that are marked in one part.
const MOST: usize = 500;

/// Returns the length of each run of characters, in UTF-16, and the number of its kind, by turns.
pub(crate) fn marks(pasted: &str, transcript: &Transcript<'_>, diagnosis: Option<Diagnosis>) -> String {
    let request = transcript.request();
    let reading = Reading::of(&request);
    let mut marks = Marks { transcript, kinds: vec![Kind::Nothing; pasted.len()] };
    let places = Places::of(transcript, &reading);
    if reading.stopped().is_none() {
        marks.paint_read(&places, diagnosis);
    }
    if let Some(route) = places.route.clone().filter(|_| reading.stopped().is_none_or(has_route)) {
        marks.paint(route, Kind::Route);
    }
    if let Some(diagnosis) = diagnosis.filter(|diagnosis| !diagnosis.is_accepted()) {
        marks.paint_wrong(&places, &reading, diagnosis);
    }
    marks.runs(pasted)
}

/// Whether the server finds a route in a request that it stops at.
fn has_route(stopped: Diagnosis) -> bool {
    matches!(stopped, D::RouteQuestionMark | D::RouteCharacter | D::MethodUnknown)
}

/// A range of a part.
type Place = (Part, Range<usize>);

/// The places in a request where the server looks.
struct Places {
    path: Place,
    query: Place,
    fragment: Place,
    body: Place,
    /// The text that decides the route.
    route: Option<Place>,
    /// The text that the server reads for credentials.
    read: Option<Place>,
}

impl Places {
    fn of(transcript: &Transcript<'_>, reading: &Reading<'_>) -> Self {
        let url = transcript.url();
        let sent = url.find('#').unwrap_or(url.len());
        let path_end = url[..sent].find('?').unwrap_or(sent);
        let host = url[..path_end].find("://").map_or(0, |at| at + 3);
        let path_start = url[host..path_end].find('/').map_or(path_end, |at| host + at);
        let path = if host == 0 { 0..path_end } else { path_start..path_end };
        let query = sent.min(path_end + 1)..sent;
        let body = (Part::Body, 0..transcript.body().len());
        let source = reading.route().map(kayako_sign_core::Route::source);
        let route = match source {
            Some(RouteSource::RawQuery) => Some((Part::Url, first_piece(url, query.clone()))),
            Some(RouteSource::PathInfo) => {
                let start = url[path.clone()].find("index.php").map_or(path.start, |at| path.start + at + 9);
                Some((Part::Url, first_piece(url, start..path.end)))
            }
            Some(RouteSource::RewrittenPath) => {
                let start = url[path.clone()].rfind("/api/").map_or(path.start, |at| path.start + at + 4);
                Some((Part::Url, first_piece(url, start..path.end)))
            }
            Some(RouteSource::Body) => last_named(transcript.body(), b"e=").map(|range| (Part::Body, range)),
            _ => {
                let found = last_named(&url.as_bytes()[query.clone()], b"e=");
                found.map(|range| (Part::Url, query.start + range.start..query.start + range.end))
            }
        };
        let read = match reading.container() {
            Some(Container::Query) if source == Some(RouteSource::RewrittenPath) => Some((Part::Url, path.clone())),
            Some(Container::Query) => Some((Part::Url, query.clone())),
            Some(_) => Some(body.clone()),
            None => None,
        };
        let of_url = |range| (Part::Url, range);
        Places { path: of_url(path), query: of_url(query), fragment: of_url(sent..url.len()), body, route, read }
    }
}

fn first_piece(text: &str, range: Range<usize>) -> Range<usize> {
    let end = text[range.clone()].find('&').map_or(range.end, |at| range.start + at);
    range.start..end
}

/// Returns the last piece of a form that begins with a name and an equals sign.
fn last_named(form: &[u8], start: &[u8]) -> Option<Range<usize>> {
    let mut at = 0;
    let mut found = None;
    for piece in form.split(|byte| *byte == b'&') {
        if piece.starts_with(start) {
            found = Some(at..at + piece.len());
        }
        at += piece.len() + 1;
    }
    found
}

struct Marks<'a> {
    transcript: &'a Transcript<'a>,
    /// The kind of each byte of the pasted text.
    kinds: Vec<Kind>,
}

impl Marks<'_> {
    fn paint(&mut self, (part, range): Place, kind: Kind) {
        for range in self.transcript.locate(part, range) {
            if let Some(kinds) = self.kinds.get_mut(range) {
                kinds.fill(kind);
            }
        }
    }

    fn paint_read(&mut self, places: &Places, diagnosis: Option<Diagnosis>) {
        let Some(read) = &places.read else { return };
        self.paint(read.clone(), Kind::Read);
        let subject = diagnosis.filter(|diagnosis| diagnosis.code() != 0).map_or("", Diagnosis::subject);
        let credentials = self.credentials(read);
        for (_, place) in &credentials {
            self.paint(place.clone(), Kind::Found);
        }
        for name in NAMES {
            let is_blamed = subject == name || (subject.starts_with("API key") && name != "salt");
            // The last one of a repeated name is the one that counts.
            let last = credentials.iter().rev().find(|(found, _)| is_blamed && *found == name);
            if let Some((_, place)) = last {
                self.paint(place.clone(), Kind::Wrong);
            }
        }
    }

    fn paint_wrong(&mut self, places: &Places, reading: &Reading<'_>, diagnosis: Diagnosis) {
        let whole = |part| (part, 0..usize::MAX);
        match diagnosis {
            D::MethodUnknown => self.paint(whole(Part::Method), Kind::Wrong),
            D::JsonWithoutBody => self.paint(whole(Part::ContentType), Kind::Wrong),
            D::StaffApi | D::HostedKayako | D::PathEscape | D::PathControl | D::PathUrlQuery => {
                self.paint(places.path.clone(), Kind::Wrong);
            }
            D::RouteEncoded | D::RouteQuestionMark | D::RouteCharacter => {
                places.route.iter().for_each(|route| self.paint(route.clone(), Kind::Wrong));
            }
            D::RouteSlash => self.paint_parameter_e(places),
            _ => {}
        }
        if reading.stopped().is_none_or(|stopped| stopped == D::CredentialsInPath) {
            let parts = [&places.path, &places.query, &places.fragment, &places.body];
            for part in parts.into_iter().filter(|part| Some(*part) != places.read.as_ref()) {
                for (_, place) in self.credentials(part) {
                    self.paint(place, Kind::Wrong);
                }
            }
        }
    }

    fn paint_parameter_e(&mut self, places: &Places) {
        for place @ (part, range) in [&places.query, &places.body] {
            if let Some(found) = last_named(self.text(place), b"e=") {
                self.paint((*part, range.start + found.start..range.start + found.end), Kind::Wrong);
            }
        }
    }

    fn text(&self, (part, range): &Place) -> &[u8] {
        let text = if *part == Part::Url { self.transcript.url().as_bytes() } else { self.transcript.body() };
        text.get(range.clone()).unwrap_or_default()
    }

    /// Returns the last places that look like credentials.
    fn credentials(&self, place: &Place) -> Vec<(&'static str, Place)> {
        let text = self.text(place);
        let (part, start) = (place.0, place.1.start);
        let mut found = Vec::new();
        let mut at = 0;
        while at < text.len() {
            match credential_at(text, at) {
                Some((name, end)) => {
                    found.push((name, (part, start + at..start + end)));
                    at = end;
                }
                None => at += 1,
            }
        }
        found.split_off(found.len().saturating_sub(MOST))
    }

    fn runs(&self, pasted: &str) -> String {
        let mut runs = String::new();
        let (mut length, mut kind) = (0, Kind::Nothing);
        for (at, character) in pasted.char_indices() {
            let next = self.kinds[at];
            if next != kind {
                let _ = write!(runs, "{length} {} ", kind as u8);
                (length, kind) = (0, next);
            }
            length += character.len_utf16();
        }
        let _ = write!(runs, "{length} {}", kind as u8);
        runs
    }
}

const NAMES: [&str; 3] = ["apikey", "salt", "signature"];

/// Returns the credential whose name begins at `at`, and where it ends. A value ends its piece of a form at a `&`, its
/// member of JSON at a comma, and is under its name in multipart.
fn credential_at(text: &[u8], at: usize) -> Option<(&'static str, usize)> {
    let is_within_word = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-".contains(byte);
    if text[..at].last().is_some_and(is_within_word) {
        return None;
    }
    let name = NAMES.into_iter().find(|name| text[at..].starts_with(name.as_bytes()))?;
    let rest = without_index(&text[at + name.len()..]);
    if let Some(rest) = rest.strip_prefix(b"\"").and_then(without_empty_line) {
        let end = rest.iter().position(|byte| b"\r\n".contains(byte)).unwrap_or(rest.len());
        return Some((name, text.len() - rest.len() + end));
    }
    let rest = rest.strip_prefix(b"\"").unwrap_or(rest).trim_ascii_start();
    let rest = rest.strip_prefix(b"=").or_else(|| rest.strip_prefix(b":"))?.trim_ascii_start();
    let rest = rest.strip_prefix(b"\"").unwrap_or(rest);
    let end = rest.iter().position(|byte| b"&#,\"}\r\n".contains(byte)).unwrap_or(rest.len());
    Some((name, text.len() - rest.len() + end))
}

/// Returns what follows an index such as `[a]`, which may be encoded.
fn without_index(rest: &[u8]) -> &[u8] {
    const LONGEST: usize = 40;
    if !(rest.starts_with(b"[") || rest.starts_with(b"%5B") || rest.starts_with(b"%5b")) {
        return rest;
    }
    let end = rest.iter().take(LONGEST).position(|byte| b"&=".contains(byte));
    &rest[end.unwrap_or(LONGEST.min(rest.len()))..]
}

/// Returns what follows two line breaks.
fn without_empty_line(text: &[u8]) -> Option<&[u8]> {
    let line_break = |text: &'_ [u8]| match text {
        [b'\r', b'\n', ..] => Some(2),
        [b'\n', ..] => Some(1),
        _ => None,
    };
    let first = line_break(text)?;
    let second = line_break(&text[first..])?;
    Some(&text[first + second..])
}
