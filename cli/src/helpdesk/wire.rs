//! What comes from a client, with a request line that hyper can read.
//!
//! hyper refuses a URL that holds a quote or an angle bracket, which web servers take and curl sends as they are. So
//! they reach it as characters of Unicode's private use, and become themselves again in the URL that it hands on. To
//! leave bodies alone, a head is given to hyper alone: it tells then how long the body is. After a body in chunks,
//! whose end is not known here, all is given as it comes.

use std::cell::Cell;
use std::io;
use std::mem;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// What hyper refuses, of the characters that a URL is sent with.
const REFUSED: &[u8] = b"\"<>^`";
/// The first character of private use.
const PRIVATE: u32 = 0xe000;

/// What the next bytes of a client are.
#[derive(Clone, Copy)]
pub(super) enum Place {
    /// The request line.
    Line,
    /// The headers, up to an empty line.
    Headers,
    /// A body of so many more bytes.
    Body(u64),
    /// Anything.
    Unknown,
}

impl Place {
    /// Returns what follows a head, if the body has this length.
    pub(super) fn after_head(length: Option<u64>) -> Self {
        length.map_or(Place::Unknown, |length| if length == 0 { Place::Line } else { Place::Body(length) })
    }
}

/// Returns a URL as it was sent.
pub(super) fn original(url: &str) -> String {
    let sent = |c: char| u8::try_from(u32::from(c).wrapping_sub(PRIVATE)).ok().filter(|byte| REFUSED.contains(byte));
    url.chars().map(|c| sent(c).map_or(c, char::from)).collect()
}

/// A client's stream.
pub(super) struct Wire {
    stream: TcpStream,
    place: Rc<Cell<Place>>,
    /// What was read of the stream, and not yet looked at.
    raw: Vec<u8>,
    /// What of it can be handed on.
    ready: Vec<u8>,
    /// Whether the line so far is empty.
    is_at_start: bool,
}

impl Wire {
    pub(super) fn new(stream: TcpStream, place: Rc<Cell<Place>>) -> Self {
        Wire { stream, place, raw: Vec::new(), ready: Vec::new(), is_at_start: true }
    }

    /// Hands on as much of what was read as belongs to this place.
    fn take_in(&mut self) {
        match self.place.get() {
            Place::Line | Place::Headers => {
                let mut raw = mem::take(&mut self.raw);
                let end = raw.iter().position(|byte| self.ends_head(*byte));
                raw.drain(..end.map_or(raw.len(), |end| end + 1));
                self.raw = raw;
            }
            Place::Body(left) => {
                let len = self.raw.len().min(usize::try_from(left).unwrap_or(usize::MAX));
                self.ready.extend(self.raw.drain(..len));
                self.place.set(Place::after_head(Some(left - len as u64)));
            }
            Place::Unknown => self.ready.append(&mut self.raw),
        }
    }

    /// Hands on a byte of a head. Returns whether it is the last one.
    fn ends_head(&mut self, byte: u8) -> bool {
        let place = self.place.get();
        match (place, char::from_u32(PRIVATE + u32::from(byte))) {
            (Place::Line, Some(private)) if REFUSED.contains(&byte) => {
                self.ready.extend_from_slice(private.encode_utf8(&mut [0; 4]).as_bytes());
            }
            _ => self.ready.push(byte),
        }
        let was_at_start = self.is_at_start;
        self.is_at_start = byte == b'\n' || byte == b'\r' && was_at_start;
        match place {
            Place::Line if byte == b'\n' && !was_at_start => self.place.set(Place::Headers),
            // hyper tells what follows.
            Place::Headers if byte == b'\n' && was_at_start => {
                self.place.set(Place::Unknown);
                return true;
            }
            _ => {}
        }
        false
    }
}

impl AsyncRead for Wire {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        /// How much is read at a time.
        const PIECE: usize = 16 * 1024;
        let wire = self.get_mut();
        if wire.ready.is_empty() && wire.raw.is_empty() {
            let mut piece = [0; PIECE];
            let mut read = ReadBuf::new(&mut piece);
            ready!(Pin::new(&mut wire.stream).poll_read(cx, &mut read))?;
            wire.raw.extend_from_slice(read.filled());
        }
        if wire.ready.is_empty() {
            wire.take_in();
        }
        let len = wire.ready.len().min(buf.remaining());
        buf.put_slice(&wire.ready[..len]);
        wire.ready.drain(..len);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Wire {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().stream).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().stream).poll_write_vectored(cx, pieces)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(cx)
    }
}
