//! Text of a request that is decoded as it is read, and never copied.
//!
//! The server decodes a text up to four times: the web server once where it takes a path apart, then PHP once as it
//! fills `$_GET`, once more for a route, and once more for the parameters after the route. Each of these is a layer.
//! A piece of the decoded text always comes from one piece of the text as it was sent, so a text can be split at a
//! decoded byte and still be only a slice with a note on how to decode it. The `percent-encoding` crate decodes slices,
//! so it would have to copy the text for each layer but the first. PHP is the referee of the tests.

use memchr::memchr;

/// A slice of a request, and how it is decoded.
#[derive(Clone, Copy)]
pub(crate) struct Encoded<'a> {
    raw: &'a [u8],
    layers: [Layer; MOST_LAYERS],
}

/// One decoding.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Layer {
    /// Leaves the text as it is.
    None,
    /// Decodes escapes, as a web server does in a path.
    Path,
    /// Decodes escapes, and takes `+` for a space, as PHP does in a query or a form.
    Form,
}

/// The path of a rewritten URL, its parameter `e`, the route in it, and the parameters after that route.
const MOST_LAYERS: usize = 4;

impl<'a> Encoded<'a> {
    /// Takes a text that is not encoded.
    pub(crate) const fn plain(raw: &'a [u8]) -> Self {
        Encoded { raw, layers: [Layer::None; MOST_LAYERS] }
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
        // A fifth layer does not exist; `layers` has room for the four that do.
        if let Some(free) = self.layers.iter_mut().find(|layer| **layer == Layer::None) {
            *free = layer;
        }
        self
    }

    /// Whether nothing is there.
    pub(crate) fn is_empty(self) -> bool {
        self.raw.is_empty()
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
            let mut units = self.bytes().0;
            let mut start = 0;
            loop {
                let unit = units.next()?;
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
        self.0.next().map(|unit| unit.byte)
    }
}

/// A decoded byte, and where in the text as it was sent its source ends.
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

/// Decodes what another iterator gives.
#[derive(Clone)]
struct Decoded<I> {
    inner: I,
    layer: Layer,
}

impl<I: Iterator<Item = Unit> + Clone> Decoded<I> {
    /// The byte that two hexadecimal digits after a `%` stand for. Without two the `%` stands for itself.
    fn escaped(&mut self) -> Option<Unit> {
        let digit = |unit: Unit| char::from(unit.byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        let mut ahead = self.inner.clone();
        let high = digit(ahead.next()?)?;
        let last = ahead.next()?;
        let byte = high << 4 | digit(last)?;
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
