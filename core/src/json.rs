//! Reads a JSON body as PHP reads it, without rewriting it.
//!
//! No crate does that: PHP limits the depth, refuses certain names and writes numbers in its own way. A crate also
//! copies strings, and one may be a secret key in the wrong place. This reader copies nothing and does not recurse, so
//! a deep body takes no stack. The tests compare it with PHP.

use core::fmt::{self, Write as _};
use core::{iter, str};

use crate::encoded::hex_value;
use crate::php::{FIELDS, Field};

/// The number of levels of objects and arrays that PHP reads, including the body. The innermost value is one more
/// level, up to PHP's depth of 512.
const LEVELS_MAX: usize = 511;

/// Length of the longest escape of one byte, in bytes: `\u0000`.
pub(crate) const ESCAPE_MAX: usize = 6;

/// Reads the object in `body`, calls `each` with every member, and returns their number. Returns `None` if `body` is
/// not an object, or not JSON as PHP takes it; then the members given to `each` do not count.
pub(crate) fn members<'a>(body: &'a [u8], mut each: impl FnMut(JsonText<'a>, Value<'a>)) -> Option<usize> {
    let mut reader = Reader { text: str::from_utf8(body).ok()?, at: 0 };
    let mut count = 0;
    reader.take(b'{')?;
    while !(count == 0 && reader.peek()? == b'}') {
        let name = reader.name()?;
        each(name, reader.value()?);
        count += 1;
        if reader.peek()? == b'}' {
            break;
        }
        reader.take(b',')?;
    }
    reader.take(b'}')?;
    reader.peek().is_none().then_some(count)
}

/// Writes a text as a JSON string.
pub(crate) fn write_text(text: &str, out: &mut dyn fmt::Write) -> fmt::Result {
    out.write_char('"')?;
    let mut rest = text;
    loop {
        let (plain, special) = rest.split_at(plain_len(rest.as_bytes()));
        out.write_str(plain)?;
        let mut characters = special.chars();
        match characters.next() {
            None => return out.write_char('"'),
            Some('\u{8}') => out.write_str("\\b")?,
            Some('\t') => out.write_str("\\t")?,
            Some('\n') => out.write_str("\\n")?,
            Some('\u{c}') => out.write_str("\\f")?,
            Some('\r') => out.write_str("\\r")?,
            Some(control @ ..' ') => write!(out, "\\u{:04x}", u32::from(control))?,
            Some(character) => write!(out, "\\{character}")?,
        }
        rest = characters.as_str();
    }
}

/// A string, known to be well-formed.
#[derive(Clone, Copy)]
pub(crate) struct JsonText<'a> {
    /// The text between the quotes.
    raw: &'a str,
    has_escapes: bool,
}

impl<'a> JsonText<'a> {
    /// Returns the field of this name, or `None`. PHP takes names in JSON as they are.
    pub(crate) fn field(self) -> Option<Field> {
        let is = |name: &str| if self.has_escapes { self.characters().eq(name.chars()) } else { self.raw == name };
        FIELDS.into_iter().find_map(|(name, field)| is(name).then_some(field))
    }

    /// Returns the decoded characters.
    pub(crate) fn characters(self) -> Characters<'a> {
        Characters { rest: self.raw }
    }
}

/// The characters of a string.
#[derive(Clone)]
pub(crate) struct Characters<'a> {
    rest: &'a str,
}

impl Iterator for Characters<'_> {
    type Item = char;

    fn next(&mut self) -> Option<char> {
        let first = self.rest.chars().next()?;
        let (character, len) = if first == '\\' { escape(self.rest.as_bytes())? } else { (first, first.len_utf8()) };
        self.rest = self.rest.get(len..)?;
        Some(character)
    }
}

/// The value of a member.
#[derive(Clone, Copy)]
pub(crate) enum Value<'a> {
    Scalar(Scalar<'a>),
    /// An array or an object, but not an empty array, which is [`Scalar::Empty`].
    Compound,
}

/// A value that PHP turns into a text.
#[derive(Clone, Copy)]
pub(crate) enum Scalar<'a> {
    Text(JsonText<'a>),
    Number(&'a str),
    True,
    /// `false`, `null` and an empty array, which the server treats as an empty text.
    Empty,
}

impl<'a> Scalar<'a> {
    /// Returns the bytes of the text that PHP turns it into.
    pub(crate) fn bytes(self) -> Bytes<'a> {
        let (text, number) = match self {
            Scalar::Text(text) => (text, Decimal::default()),
            Scalar::Number(number) => (JsonText::EMPTY, Decimal::of(number)),
            Scalar::True => (JsonText::EMPTY, Decimal::of("1")),
            Scalar::Empty => (JsonText::EMPTY, Decimal::default()),
        };
        Bytes { characters: text.characters(), held: number.text, at: 0, len: number.len }
    }
}

impl JsonText<'_> {
    const EMPTY: Self = JsonText { raw: "", has_escapes: false };
}

/// The bytes of a scalar: those of a number, or those of a text, of which one character is held at a time.
#[derive(Clone)]
pub(crate) struct Bytes<'a> {
    characters: Characters<'a>,
    held: [u8; Decimal::MAX],
    at: u8,
    len: u8,
}

impl Iterator for Bytes<'_> {
    type Item = u8;

    fn next(&mut self) -> Option<u8> {
        if self.at == self.len {
            let character = self.characters.next()?;
            (self.at, self.len) = (0, character.encode_utf8(&mut self.held).len().to_le_bytes()[0]);
        }
        let byte = self.held[usize::from(self.at)];
        self.at += 1;
        Some(byte)
    }
}

/// A number as PHP writes it: a whole number of up to 64 bits in full, any other with 14 digits (PHP's setting
/// `precision`).
#[derive(Default)]
struct Decimal {
    text: [u8; Decimal::MAX],
    len: u8,
}

impl Decimal {
    /// Length of the longest number, `-9223372036854775808` or `-1.2345678901234E-100`, with room to spare.
    const MAX: usize = 32;
    /// The number of digits that PHP writes.
    const DIGITS: usize = 14;

    fn of(number: &str) -> Self {
        let mut decimal = Decimal::default();
        let written = match (number.parse::<i64>(), number.parse::<f64>()) {
            (Ok(whole), _) => write!(decimal, "{whole}"),
            (_, Ok(fraction)) if fraction.is_infinite() => {
                decimal.write_str(if fraction > 0.0 { "INF" } else { "-INF" })
            }
            // PHP writes -0.0 as -0, but takes it for empty like every zero.
            (_, Ok(0.0)) => decimal.write_str("0"),
            (_, Ok(fraction)) => decimal.write_fraction(fraction),
            (_, Err(_)) => Ok(()),
        };
        debug_assert_eq!(written, Ok(()), "there is room for every number");
        decimal
    }

    /// Writes the text of C's `%.14G`, with at least one digit after the point before an exponent, and no leading zeros
    /// in the exponent.
    fn write_fraction(&mut self, fraction: f64) -> fmt::Result {
        let mut rounded = Decimal::default();
        write!(rounded, "{fraction:.*e}", Self::DIGITS - 1)?;
        let rounded = str::from_utf8(&rounded.text[..usize::from(rounded.len)]).map_err(|_| fmt::Error)?;
        let (mantissa, exponent) = rounded.split_once('e').ok_or(fmt::Error)?;
        let exponent: i32 = exponent.parse().map_err(|_| fmt::Error)?;
        let (sign, mantissa) = mantissa.strip_prefix('-').map_or(("", mantissa), |mantissa| ("-", mantissa));
        let (first, others) = mantissa.split_once('.').ok_or(fmt::Error)?;
        let others = others.trim_end_matches('0');
        self.write_str(sign)?;
        if (-4..0).contains(&exponent) {
            let point = &"0.000"[..=exponent.unsigned_abs() as usize];
            return write!(self, "{point}{first}{others}");
        }
        let Some(places) = usize::try_from(exponent).ok().filter(|places| *places < Self::DIGITS) else {
            let others = if others.is_empty() { "0" } else { others };
            return write!(self, "{first}.{others}E{exponent:+}");
        };
        // `places` of the other digits are before the point.
        let (whole, rest) = others.split_at_checked(places).unwrap_or((others, ""));
        write!(self, "{first}{whole:0<places$}")?;
        if rest.is_empty() { Ok(()) } else { write!(self, ".{rest}") }
    }
}

impl fmt::Write for Decimal {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let start = usize::from(self.len);
        let room = self.text.get_mut(start..start + text.len()).ok_or(fmt::Error)?;
        room.copy_from_slice(text.as_bytes());
        self.len += text.len().to_le_bytes()[0];
        Ok(())
    }
}

/// A place in a body.
struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    /// Skips white space and returns the next byte, or `None` at the end.
    fn peek(&mut self) -> Option<u8> {
        loop {
            match self.text.as_bytes().get(self.at)? {
                b' ' | b'\t' | b'\n' | b'\r' => self.at += 1,
                byte => return Some(*byte),
            }
        }
    }

    /// Consumes the expected byte, or returns `None` if another one follows.
    fn take(&mut self, expected: u8) -> Option<()> {
        (self.peek()? == expected).then(|| self.at += 1)
    }

    /// Consumes the name of a member and the colon. Returns `None` if they are not there.
    fn name(&mut self) -> Option<JsonText<'a>> {
        let name = self.string()?;
        self.take(b':')?;
        // PHP allows no property whose name begins with NUL, and refuses the whole body.
        (!name.raw.starts_with("\\u0000")).then_some(name)
    }

    /// Consumes a value with everything in it. Returns `None` if it is not valid.
    fn value(&mut self) -> Option<Value<'a>> {
        let value = match self.peek()? {
            b'[' if self.text.get(self.at + 1..)?.trim_ascii_start().starts_with(']') => Value::Scalar(Scalar::Empty),
            b'[' | b'{' => Value::Compound,
            _ => return self.scalar().map(Value::Scalar),
        };
        self.skip_compound()?;
        Some(value)
    }

    /// Consumes an array or an object. Returns `None` if it is not valid or too deep.
    fn skip_compound(&mut self) -> Option<()> {
        let mut levels = Levels::default();
        loop {
            // Down to a value in which no other begins.
            match self.peek()? {
                first @ (b'{' | b'[') => {
                    self.at += 1;
                    levels.open(first == b'{')?;
                    if self.peek()? != levels.end()? {
                        self.skip_to_value(&levels)?;
                        continue;
                    }
                }
                _ => drop(self.scalar()?),
            }
            // Up through every level that ends here.
            loop {
                let Some(end) = levels.end() else { return Some(()) };
                if self.peek()? != end {
                    break;
                }
                self.at += 1;
                levels.close();
            }
            self.take(b',')?;
            self.skip_to_value(&levels)?;
        }
    }

    /// Moves to the beginning of a value: in an object, after its name.
    fn skip_to_value(&mut self, levels: &Levels) -> Option<()> {
        if levels.end()? == b'}' { self.name().map(|_| ()) } else { Some(()) }
    }

    /// Consumes a value that holds no other. Returns `None` if it is not valid.
    fn scalar(&mut self) -> Option<Scalar<'a>> {
        let (word, value) = match self.peek()? {
            b'"' => return self.string().map(Scalar::Text),
            b't' => ("true", Scalar::True),
            b'f' => ("false", Scalar::Empty),
            b'n' => ("null", Scalar::Empty),
            _ => return self.number().map(Scalar::Number),
        };
        self.text.get(self.at..)?.starts_with(word).then(|| self.at += word.len())?;
        Some(value)
    }

    fn string(&mut self) -> Option<JsonText<'a>> {
        self.take(b'"')?;
        let start = self.at;
        let mut has_escapes = false;
        loop {
            let rest = self.text.as_bytes().get(self.at..)?;
            let plain = plain_len(rest);
            self.at += plain;
            match rest.get(plain)? {
                b'"' => break,
                b'\\' => {
                    has_escapes = true;
                    self.at += escape(&rest[plain..])?.1;
                }
                // A control character, which must be escaped.
                _ => return None,
            }
        }
        let raw = self.text.get(start..self.at)?;
        self.at += 1;
        Some(JsonText { raw, has_escapes })
    }

    fn number(&mut self) -> Option<&'a str> {
        let start = self.at;
        self.take_if(|byte| byte == b'-');
        // No digit follows a zero at the start.
        if !self.take_if(|byte| byte == b'0') {
            self.digits()?;
        }
        if self.take_if(|byte| byte == b'.') {
            self.digits()?;
        }
        if self.take_if(|byte| matches!(byte, b'e' | b'E')) {
            self.take_if(|byte| matches!(byte, b'+' | b'-'));
            self.digits()?;
        }
        self.text.get(start..self.at)
    }

    /// Consumes one digit or more. Returns `None` if there is none.
    fn digits(&mut self) -> Option<()> {
        let start = self.at;
        while self.take_if(|byte| byte.is_ascii_digit()) {}
        (self.at > start).then_some(())
    }

    /// Consumes the next byte if `wanted` accepts it. Returns whether it did.
    fn take_if(&mut self, wanted: impl Fn(u8) -> bool) -> bool {
        let passes = self.text.as_bytes().get(self.at).is_some_and(|byte| wanted(*byte));
        self.at += usize::from(passes);
        passes
    }
}

/// The open objects and arrays in a member of the body: a bit for each level, set for an object.
#[derive(Default)]
struct Levels {
    objects: [u64; LEVELS_MAX.div_ceil(64)],
    count: usize,
}

impl Levels {
    fn open(&mut self, is_object: bool) -> Option<()> {
        // The body is a level too.
        if self.count == LEVELS_MAX - 1 {
            return None;
        }
        let (word, bit) = (&mut self.objects[self.count / 64], 1 << (self.count % 64));
        *word = if is_object { *word | bit } else { *word & !bit };
        self.count += 1;
        Some(())
    }

    /// Returns the byte that ends the innermost level, or `None` if none is open.
    fn end(&self) -> Option<u8> {
        let innermost = self.count.checked_sub(1)?;
        let is_object = self.objects[innermost / 64] >> (innermost % 64) & 1 == 1;
        Some(if is_object { b'}' } else { b']' })
    }

    fn close(&mut self) {
        self.count -= 1;
    }
}

/// Returns the number of bytes before the first quote, backslash or control character.
fn plain_len(bytes: &[u8]) -> usize {
    const STRIDE: usize = 16;
    // In numbers and without an early return, so that a few vector instructions compare many bytes at once.
    let special = |byte: &u8| u8::from(*byte < b' ') | u8::from(*byte == b'"') | u8::from(*byte == b'\\');
    let is_plain = |stride: &&[u8]| stride.iter().map(special).fold(0, |all, one| all | one) == 0;
    let passed = STRIDE * bytes.chunks_exact(STRIDE).take_while(is_plain).count();
    bytes[passed..].iter().position(|byte| special(byte) == 1).map_or(bytes.len(), |at| passed + at)
}

/// Returns the character of the escape at the start of `text`, and the length of the escape. Returns `None` if it is
/// not valid.
fn escape(text: &[u8]) -> Option<(char, usize)> {
    let character = match text.get(1)? {
        b'"' => '"',
        b'\\' => '\\',
        b'/' => '/',
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        _ => {
            // A surrogate pair is one character; half a pair is not valid.
            let units = iter::once(unit(text)?).chain(text.get(6..).and_then(unit));
            let character = char::decode_utf16(units).next()?.ok()?;
            return Some((character, 6 * character.len_utf16()));
        }
    };
    Some((character, 2))
}

/// Returns the UTF-16 unit of the escape at the start of `text`, or `None` if it is not valid.
fn unit(text: &[u8]) -> Option<u16> {
    let digits = text.strip_prefix(b"\\u")?.get(..4)?;
    digits.iter().try_fold(0, |unit, digit| Some(unit << 4 | u16::from(hex_value(*digit)?)))
}
