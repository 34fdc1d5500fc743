//! Serves one connection: answers its requests one after the other, and ends it if the client makes no progress.

use std::cell::Cell;
use std::convert::Infallible;
use std::pin::pin;
use std::rc::Rc;
use std::time::Duration;

use http_body_util::Full;
use hyper::body::{Body as _, Bytes, Incoming};
use hyper::header::{CONTENT_TYPE, HeaderMap};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Response};
use hyper_util::rt::TokioIo;
use kayako_sign_core::{Reading, Request};
use tokio::net::TcpStream;
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep_until};

use super::Helpdesk;
use super::body::{self, Fault, Room};
use super::outcome::Outcome;
use super::report::Report;
use super::wire::{self, Place, Wire};

/// The longest time without progress: a request that is answered, or another megabyte of one that is read.
const PATIENCE: Duration = Duration::from_secs(20);
/// Length of the longest request line with headers, in bytes.
const HEAD_MAX: usize = 80 * 1024;

/// The state that all connections share.
pub(super) struct Shared {
    pub(super) helpdesk: Helpdesk,
    pub(super) room: Room,
    pub(super) reports: mpsc::Sender<Report>,
}

/// The time at which a client last made progress.
pub(super) struct Progress(Cell<Instant>);

impl Progress {
    pub(super) fn is_made(&self) {
        self.0.set(Instant::now());
    }

    /// Waits until there was no progress for too long.
    async fn ends(&self) {
        while self.0.get().elapsed() < PATIENCE {
            sleep_until(self.0.get() + PATIENCE).await;
        }
    }
}

/// Answers the requests of one client.
pub(super) async fn serve(shared: Rc<Shared>, stream: TcpStream, mut stopping: watch::Receiver<bool>) {
    let progress = Rc::new(Progress(Cell::new(Instant::now())));
    let place = Rc::new(Cell::new(Place::Line));
    let wire = Wire::new(stream, Rc::clone(&place));
    let answer = {
        let (shared, progress) = (Rc::clone(&shared), Rc::clone(&progress));
        service_fn(move |request: hyper::Request<Incoming>| {
            place.set(Place::after_head(request.body().size_hint().exact()));
            let (shared, progress) = (Rc::clone(&shared), Rc::clone(&progress));
            async move { Ok::<_, Infallible>(answer(&shared, &progress, request).await) }
        })
    };
    // A client may close its sending side before it reads the answer.
    let mut server = http1::Builder::new();
    server.half_close(true).max_buf_size(HEAD_MAX);
    let mut connection = pin!(server.serve_connection(TokioIo::new(wire), answer));
    loop {
        tokio::select! {
            ended = connection.as_mut() => {
                if let Some(report) = ended.err().and_then(|error| Report::of_no_request(&error)) {
                    let _ = shared.reports.send(report).await;
                }
                break;
            }
            () = progress.ends() => break,
            Ok(()) = stopping.changed() => connection.as_mut().graceful_shutdown(),
        }
    }
}

/// Answers one request, and reports it.
async fn answer(shared: &Shared, progress: &Progress, request: hyper::Request<Incoming>) -> Response<Full<Bytes>> {
    let (head, body) = request.into_parts();
    let content_type = content_type(&head.headers);
    let (method, url) = (head.method.as_str(), wire::original(&head.uri.to_string()));
    let read = match head.method {
        // A client would take an answer of 200 for a tunnel.
        Method::CONNECT => Err(None),
        _ => body::read(body, &shared.room, progress).await.map_err(Some),
    };
    let outcome = match &read {
        Ok(body) => {
            let mut request = Request::new(method, &url).body(&body.bytes);
            request.content_type = content_type.as_deref();
            Outcome::of(&shared.helpdesk, &request)
        }
        Err(None) => Outcome::not_taken(405, "method: this is no proxy; ask for the URL itself"),
        Err(Some(Fault::TooLong)) => {
            Outcome::not_taken(413, "body: it is longer than 64 MiB, the most that is read here")
        }
        Err(Some(Fault::Broken)) => {
            Outcome::not_taken(400, "body: it ends before its length, or the lengths of its chunks are wrong")
        }
    };
    // If nobody receives the report any more, the server is ending.
    let head = Request::new(method, &url);
    let shown = shared.helpdesk.secrets(&Reading::of(&head)).masked(method);
    let _ = shared.reports.send(Report::new(shown, &outcome)).await;
    progress.is_made();
    outcome.into_response()
}

/// Returns the content type as a web server passes it on, with several headers joined, or `None` if there is none.
fn content_type(headers: &HeaderMap) -> Option<String> {
    let values = headers.get_all(CONTENT_TYPE).iter().map(|value| String::from_utf8_lossy(value.as_bytes()));
    let values: Vec<_> = values.collect();
    (!values.is_empty()).then(|| values.join(", "))
}
