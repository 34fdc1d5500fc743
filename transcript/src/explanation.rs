//! Explains a request: what the server sees in it, what it answers, and what to change.

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use kayako_sign_core::{Container, Contents, Diagnosis, Reading, RouteSource, Signer};

use crate::secrets::Secrets;
use crate::{Form, Missing, Remark, Transcript};

use Diagnosis as D;

/// The explanation of a request, in the words that the command and the page show.
///
/// No text shows the secret key or a right signature.
#[derive(Debug)]
#[non_exhaustive]
pub struct Explanation {
    /// Whether the server accepts the request.
    pub verdict: Verdict,
    /// The diagnosis. It is [`Diagnosis::Good`] if the decisive part is missing.
    pub diagnosis: Diagnosis,
    /// The lines to show, in order: a label and a text each.
    pub lines: Vec<(&'static str, String)>,
    /// Further remarks for the user.
    pub remarks: Vec<String>,
}

/// Whether the server accepts a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// The server accepts it.
    Accepted,
    /// The server refuses it.
    Refused,
    /// The decisive part is not in the transcript.
    Undecided,
}

impl Explanation {
    /// Explains a request. `signer` must be made with `secret_key`, which is given so that no text shows it.
    #[must_use]
    pub fn of(transcript: &Transcript<'_>, signer: &Signer, secret_key: &[u8]) -> Self {
        let request = transcript.request();
        let reading = Reading::of(&request);
        let diagnosis = signer.diagnose_reading(&reading);
        let secrets = Secrets::of(signer, secret_key, &reading);
        let stop = Stop::of(&reading);
        let undecided = transcript.body_missing().filter(|missing| decides(*missing, transcript, &reading, stop));
        let explained = Explained { transcript, reading: &reading, diagnosis, stop, secrets };
        match undecided {
            Some(missing) => {
                // `missing` says the same as the remark on a log, and what to do.
                let mut remarks = explained.remarks(|remark| *remark != Remark::Log);
                remarks.push(missing.to_string());
                let lines = explained.lines();
                Explanation { verdict: Verdict::Undecided, diagnosis: D::Good, lines, remarks }
            }
            None => explained.decided(),
        }
    }

    /// Explains what the server sees in a request, but not what it answers.
    #[must_use]
    pub fn without_keys(transcript: &Transcript<'_>) -> Self {
        let request = transcript.request();
        let reading = Reading::of(&request);
        let (stop, secrets) = (Stop::of(&reading), Secrets::default());
        let explained = Explained { transcript, reading: &reading, diagnosis: D::Good, stop, secrets };
        let (lines, remarks) = (explained.lines(), explained.remarks(|_| true));
        Explanation { verdict: Verdict::Undecided, diagnosis: D::Good, lines, remarks }
    }
}

/// The stage at which the server stops before it looks for credentials.
#[derive(Clone, Copy, PartialEq)]
enum Stop {
    WebServer,
    NoRoute,
    Route,
    Method,
    Nowhere,
}

impl Stop {
    fn of(reading: &Reading<'_>) -> Self {
        match reading.stopped() {
            Some(D::StaffApi | D::HostedKayako | D::PathEscape | D::PathControl) => Stop::WebServer,
            Some(D::RouteQuestionMark | D::RouteCharacter) => Stop::Route,
            Some(D::MethodUnknown) => Stop::Method,
            Some(_) => Stop::NoRoute,
            None => Stop::Nowhere,
        }
    }
}

/// Returns whether the server's answer depends on a body that is missing.
fn decides(missing: Missing, transcript: &Transcript<'_>, reading: &Reading<'_>, stop: Stop) -> bool {
    match stop {
        // The missing body may hold the route.
        Stop::NoRoute => reading.route().is_none(),
        Stop::WebServer | Stop::Route | Stop::Method => false,
        // A log does not show the content type either.
        Stop::Nowhere if missing == Missing::Log => true,
        Stop::Nowhere => Reading::of(&transcript.request().body(b" ")).container() != Some(Container::Query),
    }
}

struct Explained<'a> {
    transcript: &'a Transcript<'a>,
    reading: &'a Reading<'a>,
    diagnosis: Diagnosis,
    stop: Stop,
    secrets: Secrets,
}

impl Explained<'_> {
    fn decided(&self) -> Explanation {
        let diagnosis = self.diagnosis;
        let mut lines = self.lines();
        if diagnosis == D::FieldsNotRead {
            lines.push(("fields", format!("not read: {}", self.fields())));
        }
        lines.push(("answer", self.answer()));
        let mut remarks = self.remarks(|_| true);
        if !diagnosis.is_accepted() {
            lines.push(("change", diagnosis.to_string()));
        } else if diagnosis != D::Good {
            remarks.push(diagnosis.to_string());
        }
        if diagnosis.is_accepted() && self.reading.container() == Some(Container::Raw) {
            remarks.push("the server looks there only if it finds nothing else, so do not rely on it".to_owned());
        }
        let verdict = if diagnosis.is_accepted() { Verdict::Accepted } else { Verdict::Refused };
        Explanation { verdict, diagnosis, lines, remarks }
    }

    /// Returns the lines that say what the server sees.
    fn lines(&self) -> Vec<(&'static str, String)> {
        let Self { transcript, reading, secrets, .. } = self;
        let request = secrets.joined(&[secrets.shown(transcript.method()), secrets.shown(&location(transcript))], " ");
        let form = (transcript.form() != Form::Raw).then(|| transcript.form().to_string());
        [
            Some(("request", request)),
            form.map(|form| ("read as", form)),
            Some(("route", self.route())),
            Some(("content type", self.content_type())),
            Some(("query", self.names(reading.query()))),
            Some(("body", self.body())),
            Some(("server reads", self.reads().to_owned())),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    fn route(&self) -> String {
        let Some(route) = self.reading.route().filter(|_| !matches!(self.stop, Stop::WebServer | Stop::NoRoute)) else {
            return "none".to_owned();
        };
        let source = match route.source() {
            RouteSource::Query => "the parameter e of the query",
            RouteSource::Body => "the parameter e of the body",
            RouteSource::PathInfo => "the path after index.php",
            RouteSource::RewrittenPath => "the path, as a rewrite rule hands it on",
            _ => "the query as it was sent",
        };
        format!("{}, {source}", self.secrets.shown(&route.to_string()))
    }

    fn content_type(&self) -> String {
        match self.transcript.content_type() {
            Some(text) => self.secrets.shown(text),
            None if self.transcript.body_missing() == Some(Missing::Log) => "not shown".to_owned(),
            None => "none".to_owned(),
        }
    }

    fn body(&self) -> String {
        let names = || self.names(self.reading.body());
        match self.transcript.body().len() {
            0 if self.transcript.body_missing().is_some() => "not shown".to_owned(),
            0 => "empty".to_owned(),
            1 => format!("{} (1 byte)", names()),
            len => format!("{} ({len} bytes)", names()),
        }
    }

    fn names(&self, contents: &Contents<'_>) -> String {
        let names = contents.names();
        let shown = names.iter().take(LISTED).map(|name| self.secrets.shown(&name.to_string()));
        self.listed(&shown.collect::<Vec<_>>(), contents.len())
    }

    fn listed(&self, shown: &[String], count: usize) -> String {
        match count {
            0 => "no parameters".to_owned(),
            count if count > LISTED => format!("{} and {} more", self.secrets.joined(shown, ", "), count - LISTED),
            _ => self.secrets.joined(shown, ", "),
        }
    }

    /// Returns the part that the server reads, and why.
    fn reads(&self) -> &'static str {
        match self.stop {
            Stop::WebServer => return "nothing, because the request does not reach the API",
            Stop::NoRoute => return "nothing, because it finds no route",
            Stop::Route => return "nothing, because it does not take the route",
            Stop::Method | Stop::Nowhere => {}
        }
        if self.transcript.body_missing() == Some(Missing::Log) && self.stop == Stop::Nowhere {
            return match self.transcript.method() {
                "POST" => "the body, as the content type says",
                _ => "the body or the query, which depends on the content type",
            };
        }
        match (self.reading.container(), self.transcript.method()) {
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
            (Some(Container::Raw), _) => "the raw body, as an encoded form, because the query is empty",
            _ => "nothing, because it knows no such method",
        }
    }

    /// Returns the fields that no controller finds.
    fn fields(&self) -> String {
        let in_query = self.reading.container() == Some(Container::Query);
        let parts = [Some(self.reading.body()), in_query.then(|| self.reading.query())];
        let names = parts.into_iter().flatten().flat_map(Contents::names);
        let is_field = |name: &String| !["apikey", "salt", "signature"].contains(&name.as_str());
        let fields: Vec<_> = names.map(|name| name.to_string()).filter(is_field).collect();
        let shown = fields.iter().take(LISTED).map(|name| self.secrets.shown(name));
        let shown: Vec<_> = shown.collect();
        if fields.is_empty() { "the body".to_owned() } else { self.listed(&shown, fields.len()) }
    }

    fn answer(&self) -> String {
        let answer = self.reading.answer(self.diagnosis);
        match self.reading.answer_without_rewriting() {
            Some(other) if other != answer => {
                format!("{answer}; {other} if the web server does not rewrite the path")
            }
            _ => answer.to_string(),
        }
    }

    /// Returns the remarks of the transcript, and one on a route that the vendor's API does not have.
    fn remarks(&self, wanted: impl Fn(&Remark) -> bool) -> Vec<String> {
        let of_transcript = self.transcript.remarks().iter().copied().filter(wanted);
        let mut remarks: Vec<_> = of_transcript.map(|remark| remark.to_string()).collect();
        let is_found = matches!(self.stop, Stop::Method | Stop::Nowhere);
        if let Some(route) = self.reading.route().filter(|route| is_found && !route.is_known()) {
            let (app, controller) = route.nearest();
            remarks.push(format!(
                "the vendor's API has no such app and controller, so the answer is 404 unless the helpdesk has more; the \
                 nearest is /{app}/{controller}"
            ));
        }
        remarks
    }
}

/// The number of names that are listed at most.
const LISTED: usize = 50;

/// Returns the host and the path of the request. The query is shown by its names.
fn location(transcript: &Transcript<'_>) -> String {
    let url = transcript.url().split(['?', '#', '&', ';']).next().unwrap_or_default();
    match url.split_once("://") {
        // A user's password may be before the host.
        Some((_, rest)) => rest.rsplit('@').next().unwrap_or_default().to_owned(),
        None => format!("{}{url}", transcript.host()),
    }
}
