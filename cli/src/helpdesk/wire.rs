//! Reads a client's stream, and rewrites the request line so that hyper can read it.
//!
//! hyper refuses a URL with a quote or an angle bracket, which web servers accept and curl sends unchanged. So this
//! replaces them with characters of Unicode's private use, and [`original`] restores them in hyper's URL. Bodies must
//! not change, so hyper first receives only the head, and then says how long the body is. After a body in chunks, whose
//! end is not known here, everything is passed on unchanged.

use std::cell::Cell;
use std::io;
use std::mem;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// The characters of a URL that hyper refuses.
const REFUSED: &[u8] = b"\"<>^`";
/// The first character of private use.
const PRIVATE: u32 = 0xe000;

/// The place in a request of the client's next bytes.
#[derive(Clone, Copy)]
pub(super) enum Place {
    /// The request line.
    Line,
    /// The headers, up to an empty line.
    Headers,
    /// A body of this many more bytes.
    Body(u64),
    /// Anything.
    Unknown,
}

impl Place {
    /// Returns the place after a head, if the body has this length.
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
    /// The bytes that were read from the stream, but not processed.
    raw: Vec<u8>,
    /// The processed bytes, which can be passed on.
    ready: Vec<u8>,
    /// Whether the line so far is empty.
    is_at_start: bool,
}

impl Wire {
    pub(super) fn new(stream: TcpStream, place: Rc<Cell<Place>>) -> Self {
        Wire { stream, place, raw: Vec::new(), ready: Vec::new(), is_at_start: true }
    }

    /// Processes the bytes that belong to the current place.
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

    /// Processes a byte of a head. Returns whether it is the last one.
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
            // hyper says what follows.
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
        /// The number of bytes that are read at once.
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
