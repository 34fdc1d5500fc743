//! Reads the whole body of a request, within one bound for each body and one for all.

use http_body_util::BodyExt;
use hyper::body::{Body as _, Incoming};
use tokio::sync::{Semaphore, SemaphorePermit};

use super::connection::Progress;

/// Length of the longest body that is read, in bytes.
const MAX: usize = 64 * 1024 * 1024;
/// Length of the longest body that takes no permit of [`Room`], in bytes.
const SMALL: usize = 64 * 1024;
/// The number of longer bodies that are read at the same time. The others wait.
const LARGE_AT_A_TIME: usize = 2;
/// The number of bytes after which an upload has made progress.
const STEP: usize = 1024 * 1024;

/// Room for the larger bodies of all connections.
pub(super) struct Room(Semaphore);

impl Room {
    pub(super) const fn new() -> Self {
        Room(Semaphore::const_new(LARGE_AT_A_TIME))
    }
}

/// A body in memory, with its permit.
pub(super) struct Body<'r> {
    pub(super) bytes: Vec<u8>,
    _room: Option<SemaphorePermit<'r>>,
}

/// The reason why a body was not read.
pub(super) enum Fault {
    TooLong,
    /// The client went away, or the lengths of the chunks are wrong.
    Broken,
}

/// Reads a body to its end.
pub(super) async fn read<'r>(mut body: Incoming, room: &'r Room, progress: &Progress) -> Result<Body<'r>, Fault> {
    let announced = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
    if announced > MAX {
        return Err(Fault::TooLong);
    }
    let mut bytes = Vec::new();
    let mut taken = None;
    while let Some(frame) = body.frame().await {
        // A frame without data is a trailer.
        let Ok(data) = frame.map_err(|_| Fault::Broken)?.into_data() else { continue };
        let len = bytes.len() + data.len();
        if len > MAX {
            return Err(Fault::TooLong);
        }
        if len > SMALL && taken.is_none() {
            taken = room.0.acquire().await.ok();
            bytes.reserve_exact(announced.saturating_sub(bytes.len()));
        }
        if len / STEP > bytes.len() / STEP {
            progress.is_made();
        }
        bytes.extend_from_slice(&data);
    }
    Ok(Body { bytes, _room: taken })
}
