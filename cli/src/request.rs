//! Signs a request that is given in curl's options, and prints it for curl to send.

use std::borrow::Cow;
use std::ffi::OsStr;
use std::io::Write;

use kayako_sign_core::{Credentials, Error, Insertion, Request, Target};

use crate::args::{self, Output};
use crate::curl::{Config, LineTooLong};
use crate::data::Piece;
use crate::files::Inputs;
use crate::form::{self, Field};
use crate::headers::Headers;
use crate::{Failure, fail};

pub(crate) fn request(args: &args::Request, out: &mut impl Write) -> Result<(), Failure> {
    let mut inputs = Inputs::new();
    // The keys first, so that a file of a key that is also named as data is never read as data.
    let signer = args.keys.signer(&mut inputs)?;
    let draft = Draft::of(args, &mut inputs)?;
    let body = draft.body.bytes();
    let request = draft.request(&body);
    let point = signer.insertion_point(&request).or_else(|error| match (error, &draft.body) {
        (Error::ContentTypeUnsupported, Body::None) => fail(format!("{error}. An empty form is -d ''.")),
        _ => Err(error.into()),
    })?;
    check_format(args.format, &draft.body, point.target())?;
    let insertion = point.insert()?;
    // curl writes a multipart body itself, so the credentials are fields in its configuration.
    let credentials = signer.credentials()?;
    let whole = Signed { draft: &draft, body: &body, credentials, insertion };
    match args.format {
        Output::Url => writeln!(out, "{}", whole.url())?,
        Output::Body => out.write_all(&whole.body())?,
        Output::Curl => out.write_all(whole.config()?.text())?,
    }
    Ok(())
}

/// Refuses to print a URL or a body that would have no credentials.
fn check_format(format: Output, body: &Body, target: Target) -> Result<(), Failure> {
    match (format, target) {
        (Output::Body, _) if matches!(body, Body::Form(_)) => {
            fail("curl makes the body of -F when it sends it, so there is none to print. Take --format curl.")
        }
        (Output::Url, Target::Body) => {
            fail("the credentials of this request go into its body, not into its URL. Take --format curl or body.")
        }
        (Output::Body, Target::Url) => {
            fail("the credentials of this request go into its URL, not into its body. Take --format curl or url.")
        }
        _ => Ok(()),
    }
}

/// A request before it is signed.
struct Draft {
    method: String,
    /// Whether curl chooses this method itself, for such a body.
    own_method: bool,
    url: String,
    headers: Headers,
    content_type: Option<String>,
    body: Body,
}

enum Body {
    None,
    Pieces(Vec<Piece>),
    Json(Vec<u8>),
    Form(Vec<Field>),
}

impl Draft {
    fn of(args: &args::Request, inputs: &mut Inputs) -> Result<Self, Failure> {
        let body = Body::of(args, inputs)?;
        let mut headers = Headers::read(&args.headers)?;
        if matches!(body, Body::Json(_)) {
            headers.add("Content-Type", "application/json");
            headers.add("Accept", "application/json");
        }
        if matches!(body, Body::Form(_)) && headers.has("Content-Type") {
            return fail("-F: takes no header Content-Type, because curl writes it, with the boundary that it chooses");
        }
        let content_type = headers.content_type(body.content_type().as_deref())?;
        let own_method = if matches!(body, Body::None) { "GET" } else { "POST" };
        let method = match &args.method {
            Some(method) => method.to_str().ok_or(Error::MethodUnsupported)?,
            None => own_method,
        };
        Ok(Draft {
            method: method.to_owned(),
            own_method: method == own_method,
            url: args.url.to_str().ok_or(Error::UrlCharacter)?.to_owned(),
            headers,
            content_type,
            body,
        })
    }

    fn request<'a>(&'a self, body: &'a [u8]) -> Request<'a> {
        let request = Request::new(&self.method, &self.url).body(body);
        match &self.content_type {
            Some(content_type) => request.content_type(content_type),
            None => request,
        }
    }
}

impl Body {
    fn of(args: &args::Request, inputs: &mut Inputs) -> Result<Self, Failure> {
        if args.data.is_given() {
            return Ok(Body::Pieces(args.data.pieces(inputs)?));
        }
        if !args.json.is_empty() {
            let texts = args.json.iter().map(|json| json_of(json, inputs)).collect::<Result<Vec<_>, _>>()?;
            let json = texts.concat();
            // Its line for curl would end at the NUL.
            return if json.contains(&0) { Err(Error::JsonInvalid.into()) } else { Ok(Body::Json(json)) };
        }
        if !args.form.is_empty() {
            let fields = args.form.iter().enumerate();
            let read = fields.map(|(index, field)| Field::read(index + 1, field.as_encoded_bytes(), inputs));
            return Ok(Body::Form(read.collect::<Result<_, _>>()?));
        }
        Ok(Body::None)
    }

    /// Returns the content type that curl sends for such a body, or `None` if it sends none.
    fn content_type(&self) -> Option<String> {
        match self {
            Body::None | Body::Json(_) => None,
            Body::Pieces(_) => Some("application/x-www-form-urlencoded".to_owned()),
            Body::Form(_) => Some(form::content_type()),
        }
    }

    fn bytes(&self) -> Cow<'_, [u8]> {
        match self {
            Body::None => Cow::Borrowed(b""),
            Body::Pieces(pieces) => {
                let pieces: Vec<_> = pieces.iter().map(|piece| piece.bytes.as_slice()).collect();
                pieces.join(&b'&').into()
            }
            Body::Json(json) => json.into(),
            Body::Form(fields) => form::outline(fields).into(),
        }
    }
}

fn json_of(argument: &OsStr, inputs: &mut Inputs) -> Result<Vec<u8>, Failure> {
    match argument.as_encoded_bytes() {
        [b'@', file @ ..] => inputs.source(file)?.read(),
        json => Ok(json.to_vec()),
    }
}

/// A request with its credentials.
struct Signed<'a> {
    draft: &'a Draft,
    body: &'a [u8],
    credentials: Credentials<'a>,
    insertion: Insertion,
}

impl Signed<'_> {
    fn url(&self) -> Cow<'_, str> {
        self.insertion.apply_to_url(&self.draft.url)
    }

    fn body(&self) -> Cow<'_, [u8]> {
        self.insertion.apply_to_body(self.body)
    }

    /// Returns the configuration with which `curl -K -` sends the request.
    fn config(&self) -> Result<Config, Failure> {
        self.lines().or_else(|LineTooLong(option)| {
            let advice = match (option, &self.draft.body) {
                ("url" | "header", _) | (_, Body::None) => "",
                (_, Body::Json(_)) => "Take --format body, and pipe that into curl --json @-.",
                (_, Body::Form(_)) => {
                    "Put the value into a file, and name that: NAME=<FILE, or NAME=@FILE to send it as a file."
                }
                (_, Body::Pieces(_)) => {
                    "Put a form into a file, and name that: -d @FILE, or --data-urlencode NAME@FILE for a value. For \
                     another body take --format body, and pipe that into curl --data-binary @-, with the same headers."
                }
            };
            fail(format!("curl takes no line above 100 KB, and that of {option} would be longer. {advice}").trim_end())
        })
    }

    fn lines(&self) -> Result<Config, LineTooLong> {
        let mut config = Config::default();
        config.set("url", self.url().as_bytes())?;
        // So that brackets and braces in the URL mean themselves.
        config.flag("globoff");
        // A redirect would carry the credentials to another URL.
        config.flag("max-redirs = 0");
        if !self.draft.own_method {
            config.flag(&format!("request = {}", self.draft.method));
        }
        for header in self.draft.headers.lines() {
            config.set("header", header)?;
        }
        match &self.draft.body {
            Body::None => {}
            Body::Pieces(pieces) => self.set_pieces(&mut config, pieces)?,
            Body::Json(_) => config.set("data-raw", &self.body())?,
            Body::Form(fields) => self.set_fields(&mut config, fields)?,
        }
        Ok(config)
    }

    fn set_pieces(&self, config: &mut Config, pieces: &[Piece]) -> Result<(), LineTooLong> {
        match (self.insertion.target, self.insertion.text.strip_suffix('&')) {
            (Target::Url, _) => {}
            // curl puts the & between two pieces itself.
            (Target::Body, Some(credentials)) => config.set("data", credentials.as_bytes())?,
            // No form, or an empty one.
            (Target::Body, None) => return config.set("data-raw", &self.body()),
        }
        pieces.iter().try_for_each(|Piece { line: (option, value), .. }| config.set(option, value))
    }

    fn set_fields(&self, config: &mut Config, fields: &[Field]) -> Result<(), LineTooLong> {
        if self.insertion.target == Target::Body {
            let credentials = &self.credentials;
            let signature = credentials.signature().to_base64();
            config.set("form-string", &[b"apikey=", credentials.api_key().as_bytes()].concat())?;
            config.set("form-string", &[b"salt=", credentials.salt().as_bytes()].concat())?;
            config.set("form-string", &[b"signature=", signature.as_bytes()].concat())?;
        }
        fields.iter().try_for_each(|field| config.set("form", &field.line))
    }
}
