//! Decodes text of a request while it is read, without copying it.
//!
//! The server decodes a text up to four times: the web server decodes a path; PHP decodes it again to fill `$_GET`,
//! again for a route, and again for the parameters after the route. Each of these is a layer. A piece of the decoded
//! text always comes from one piece of the sent text. So a text can be split at a decoded byte and remain a slice with
//! its layers. The `percent-encoding` crate decodes slices, so it would have to copy the text for each layer after the
//! first. The tests compare this module with PHP.

use memchr::memchr;

/// A slice of a request, and the layers that decode it.
#[derive(Clone, Copy)]
pub(crate) struct Encoded<'a> {
    raw: &'a [u8],
    layers: [Layer; LAYERS_MAX],
}

/// One decoding.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Layer {
    /// Leaves the text as it is.
    None,
    /// Decodes escapes, as a web server does in a path.
    Path,
    /// Decodes escapes, and `+` as a space, as PHP does in a query or a form.
    Form,
}

/// The most layers: for the path of a rewritten URL, its parameter `e`, the route in it, and the parameters after that.
const LAYERS_MAX: usize = 4;

impl<'a> Encoded<'a> {
    /// Returns a text that is not encoded.
    pub(crate) const fn plain(raw: &'a [u8]) -> Self {
        Encoded { raw, layers: [Layer::None; LAYERS_MAX] }
    }

    /// Returns the text decoded once more, as a web server decodes a path.
    pub(crate) fn path_decoded(self) -> Self {
        self.with(Layer::Path)
    }

    /// Returns the text decoded once more, as PHP decodes a query or a form.
    pub(crate) fn form_decoded(self) -> Self {
        self.with(Layer::Form)
    }

    fn with(mut self, layer: Layer) -> Self {
        // `layers` has room for all four; there is no fifth.
        if let Some(free) = self.layers.iter_mut().find(|layer| **layer == Layer::None) {
            *free = layer;
        }
        self
    }

    /// Returns whether the text is empty.
    pub(crate) fn is_empty(self) -> bool {
        self.raw.is_empty()
    }

    /// Returns the first byte as it was sent, or `None` if there is none. Unless it is `%` or `+`, it is the first
    /// decoded byte too.
    pub(crate) fn first_raw(self) -> Option<u8> {
        self.raw.first().copied()
    }

    /// Returns the decoded bytes.
    pub(crate) fn bytes(self) -> Bytes<'a> {
        let [first, second, third, fourth] = self.layers;
        let raw = Raw { rest: self.raw, end: 0 };
        let layered = |inner, layer| Decoded { inner, layer };
        let second = Decoded { inner: layered(raw, first), layer: second };
        Bytes(Decoded { inner: Decoded { inner: second, layer: third }, layer: fourth })
    }

    /// Splits the text at the first `separator` in its decoded form. Returns `None` if there is none.
    pub(crate) fn split_once(self, separator: u8) -> Option<(Self, Self)> {
        let (start, end) = if self.layers[0] == Layer::None {
            let at = memchr(separator, self.raw)?;
            (at, at + 1)
        } else {
            let mut bytes = self.bytes();
            let mut start = 0;
            loop {
                let unit = bytes.unit()?;
                if unit.byte == separator {
                    break (start, unit.end);
                }
                start = unit.end;
            }
        };
        Some((self.part(&self.raw[..start]), self.part(&self.raw[end..])))
    }

    fn part(self, raw: &'a [u8]) -> Self {
        Encoded { raw, layers: self.layers }
    }

    /// Splits the text at its first `separator`. Returns all of it and nothing if there is none.
    pub(crate) fn split_before(self, separator: u8) -> (Self, Self) {
        self.split_once(separator).unwrap_or((self, self.part(b"")))
    }
}

/// The decoded bytes of a text.
#[derive(Clone)]
pub(crate) struct Bytes<'a>(Decoded<Decoded<Decoded<Decoded<Raw<'a>>>>>);

impl Iterator for Bytes<'_> {
    type Item = u8;

    fn next(&mut self) -> Option<u8> {
        self.unit().map(|unit| unit.byte)
    }
}

impl Bytes<'_> {
    #[inline]
    fn unit(&mut self) -> Option<Unit> {
        let raw = &mut self.0.inner.inner.inner.inner;
        // Most bytes begin no escape, and are the same in every layer.
        if raw.rest.first().is_some_and(|byte| !matches!(byte, b'%' | b'+')) { raw.next() } else { self.decoded() }
    }

    #[inline(never)]
    fn decoded(&mut self) -> Option<Unit> {
        self.0.next()
    }
}

/// A decoded byte, and the place in the sent text where its source ends.
#[derive(Clone, Copy)]
struct Unit {
    byte: u8,
    end: usize,
}

#[derive(Clone)]
struct Raw<'a> {
    rest: &'a [u8],
    end: usize,
}

impl Iterator for Raw<'_> {
    type Item = Unit;

    fn next(&mut self) -> Option<Unit> {
        let (byte, rest) = self.rest.split_first()?;
        (self.rest, self.end) = (rest, self.end + 1);
        Some(Unit { byte: *byte, end: self.end })
    }
}

/// Returns the value of a hexadecimal digit in either case, or `None` for any other byte.
pub(crate) fn hex_value(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

/// Decodes the bytes of another iterator.
#[derive(Clone)]
struct Decoded<I> {
    inner: I,
    layer: Layer,
}

impl<I: Iterator<Item = Unit> + Clone> Decoded<I> {
    /// Consumes the two hexadecimal digits after a `%` and returns their byte. Returns `None` if they are not there:
    /// then the `%` means itself.
    fn escaped(&mut self) -> Option<Unit> {
        let mut ahead = self.inner.clone();
        let high = hex_value(ahead.next()?.byte)?;
        let last = ahead.next()?;
        let byte = high << 4 | hex_value(last.byte)?;
        self.inner = ahead;
        Some(Unit { byte, end: last.end })
    }
}

impl<I: Iterator<Item = Unit> + Clone> Iterator for Decoded<I> {
    type Item = Unit;

    fn next(&mut self) -> Option<Unit> {
        let unit = self.inner.next()?;
        Some(match (unit.byte, self.layer) {
            (b'%', Layer::Path | Layer::Form) => self.escaped().unwrap_or(unit),
            (b'+', Layer::Form) => Unit { byte: b' ', ..unit },
            _ => unit,
        })
    }
}
