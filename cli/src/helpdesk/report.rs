//! Writes the report of a request: a block of lines for a reader, or a JSON object for a program.

use std::fmt;
use std::time::SystemTime;

use kayako_sign_core::Container;
use serde::Serialize;

use super::outcome::{Content, Outcome};

/// A request and its outcome. It holds names, but no values.
#[derive(Serialize)]
pub(super) struct Report {
    time: String,
    method: Option<String>,
    route: Option<String>,
    container: Option<&'static str>,
    names: Vec<String>,
    fields: Vec<String>,
    status: u16,
    answer: String,
    accepted: bool,
    diagnosis: Option<i32>,
    message: String,
}

impl Report {
    pub(super) fn new(method: String, outcome: &Outcome) -> Self {
        let seen = &outcome.seen;
        Report {
            time: humantime::format_rfc3339_millis(SystemTime::now()).to_string(),
            method: Some(method),
            route: seen.route.clone(),
            container: seen.container.map(container_name),
            names: seen.names.clone(),
            fields: seen.fields.clone(),
            status: outcome.status,
            answer: match &outcome.content {
                Content::Page => "a page of HTML".to_owned(),
                Content::Text(text) => text.clone(),
                Content::Document(_) => "a document".to_owned(),
            },
            accepted: outcome.accepted,
            diagnosis: outcome.diagnosis.map(kayako_sign_core::Diagnosis::code),
            message: outcome.message.clone(),
        }
    }

    /// Returns the report of a request that hyper could not read and answered itself, or `None` for other errors.
    pub(super) fn of_no_request(error: &hyper::Error) -> Option<Self> {
        let status = match () {
            () if error.is_parse_too_large() => 431,
            () if error.is_parse() => 400,
            () => return None,
        };
        let outcome = Outcome::not_taken(status, &format!("request: it is not HTTP/1.1 ({error})"));
        Some(Report { method: None, ..Self::new(String::new(), &outcome) })
    }

    pub(super) fn to_json(&self) -> serde_json::Result<String> {
        serde_json::to_string(self)
    }
}

fn container_name(container: Container) -> &'static str {
    match container {
        Container::Query => "query",
        Container::Form => "form",
        Container::Multipart => "multipart",
        Container::Json => "json",
        _ => "raw",
    }
}

/// Shows the block.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let method = self.method.as_deref().unwrap_or("no request");
        let route = self.route.as_deref().unwrap_or("without a route");
        writeln!(f, "{} {} {}: {} {}", self.time, plain(method), plain(route), self.status, plain(&self.answer))?;
        if let Some(container) = self.container {
            writeln!(f, "  server reads  {}", read_part(container))?;
            writeln!(f, "  names         {}", list(&self.names))?;
            writeln!(f, "  fields        {}", list(&self.fields))?;
        }
        let title = if self.accepted { "remark" } else { "change" };
        if self.diagnosis == Some(0) { Ok(()) } else { writeln!(f, "  {title:12}  {}", self.message) }
    }
}

fn read_part(container: &str) -> &'static str {
    match container {
        "query" => "the query",
        "form" => "the body, as an encoded form",
        "multipart" => "the body, as multipart",
        "json" => "the body, as a JSON object",
        _ => "the raw body, as an encoded form",
    }
}

fn list(names: &[String]) -> String {
    /// The number of names that are listed at most.
    const LISTED: usize = 50;
    let shown: Vec<_> = names.iter().take(LISTED).map(|name| plain(name)).collect();
    match names.len() {
        0 => "none".to_owned(),
        count if count > LISTED => format!("{} and {} more", shown.join(", "), count - LISTED),
        _ => shown.join(", "),
    }
}

/// Returns a text with control characters escaped, because a terminal would obey them.
fn plain(text: &str) -> String {
    text.chars().flat_map(|c| if c.is_control() { c.escape_debug().collect() } else { vec![c] }).collect()
}
