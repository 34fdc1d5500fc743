//! Holds text of the input, and values made from it with the place of each piece in the input.

use alloc::borrow::Cow;
use alloc::vec::Vec;
use core::ops::Range;

/// A run of the input, and the offset where it begins.
#[derive(Clone, Copy)]
pub(crate) struct Slice<'a> {
    pub(crate) text: &'a [u8],
    pub(crate) at: usize,
}

impl<'a> Slice<'a> {
    pub(crate) fn from(self, start: usize) -> Self {
        let start = start.min(self.text.len());
        Slice { text: &self.text[start..], at: self.at + start }
    }

    pub(crate) fn to(self, end: usize) -> Self {
        Slice { text: &self.text[..end.min(self.text.len())], at: self.at }
    }

    pub(crate) fn is_empty(self) -> bool {
        self.text.is_empty()
    }

    pub(crate) fn first(self) -> Option<u8> {
        self.text.first().copied()
    }

    pub(crate) fn find(self, mut wanted: impl FnMut(u8) -> bool) -> Option<usize> {
        self.text.iter().position(|byte| wanted(*byte))
    }

    pub(crate) fn strip_prefix(self, prefix: &[u8]) -> Option<Self> {
        self.text.starts_with(prefix).then(|| self.from(prefix.len()))
    }

    pub(crate) fn strip_suffix(self, suffix: &[u8]) -> Option<Self> {
        self.text.ends_with(suffix).then(|| self.to(self.text.len() - suffix.len()))
    }

    pub(crate) fn trim_start(self) -> Self {
        self.from(self.text.len() - self.text.trim_ascii_start().len())
    }

    pub(crate) fn trim(self) -> Self {
        let start = self.trim_start();
        start.to(start.text.trim_ascii_end().len())
    }

    /// Returns the lines, each with its line end.
    pub(crate) fn lines(self) -> Lines<'a> {
        Lines { rest: self }
    }

    /// Returns a line without its line end.
    pub(crate) fn content(self) -> Self {
        self.to(without_line_end(self.text).len())
    }

    pub(crate) fn mapped(self) -> Mapped<'a> {
        let mut mapped = Mapped { value: Cow::Borrowed(self.text), pieces: Vec::new() };
        if !self.is_empty() {
            mapped.pieces.push(Piece { at: 0, start: self.at, end: self.at + self.text.len() });
        }
        mapped
    }
}

pub(crate) struct Lines<'a> {
    pub(crate) rest: Slice<'a>,
}

impl<'a> Iterator for Lines<'a> {
    type Item = Slice<'a>;

    fn next(&mut self) -> Option<Slice<'a>> {
        if self.rest.is_empty() {
            return None;
        }
        let end = self.rest.find(|byte| byte == b'\n').map_or(self.rest.text.len(), |at| at + 1);
        let line = self.rest.to(end);
        self.rest = self.rest.from(end);
        Some(line)
    }
}

pub(crate) fn without_line_end(text: &[u8]) -> &[u8] {
    text.strip_suffix(b"\r\n").or_else(|| text.strip_suffix(b"\n")).unwrap_or(text)
}

/// A value made of pieces, each with its place in the input.
#[derive(Clone, Default)]
pub(crate) struct Mapped<'a> {
    value: Cow<'a, [u8]>,
    pieces: Vec<Piece>,
}

/// A piece of the value: the offset where it begins there, and the range of the input that means it. It ends where the
/// next piece begins. If both have the same length, they are the same text; if the range is empty, the piece is nowhere
/// in the input.
#[derive(Clone, Copy)]
struct Piece {
    at: usize,
    start: usize,
    end: usize,
}

impl<'a> Mapped<'a> {
    /// The most pieces that are kept apart, so that their memory is bounded. Everything after them is one piece.
    const PIECES_MAX: usize = 100_000;

    /// Returns a value that is nowhere in the input.
    pub(crate) fn made(text: &'static str) -> Mapped<'static> {
        let mut mapped = Mapped::default();
        mapped.push_made(text.as_bytes());
        mapped
    }

    pub(crate) fn value(&self) -> &[u8] {
        &self.value
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.value.is_empty()
    }

    pub(crate) fn len(&self) -> usize {
        self.value.len()
    }

    /// Appends bytes whose place in the input is `range`.
    pub(crate) fn push(&mut self, bytes: &[u8], range: Range<usize>) {
        if bytes.is_empty() {
            return;
        }
        let at = self.value.len();
        let full = self.pieces.len() >= Self::PIECES_MAX;
        match self.pieces.last_mut() {
            Some(last)
                if last.end == range.start && last.end - last.start == at - last.at && range.len() == bytes.len() =>
            {
                last.end = range.end;
            }
            Some(last) if full => {
                last.start = last.start.min(range.start);
                last.end = last.end.max(range.end);
            }
            _ => self.pieces.push(Piece { at, start: range.start, end: range.end }),
        }
        self.value.to_mut().extend_from_slice(bytes);
    }

    pub(crate) fn push_made(&mut self, bytes: &[u8]) {
        let nowhere = self.pieces.last().map_or(0, |piece| piece.end);
        self.push(bytes, nowhere..nowhere);
    }

    pub(crate) fn push_slice(&mut self, slice: Slice<'a>) {
        if self.is_empty() {
            *self = slice.mapped();
        } else {
            self.push(slice.text, slice.at..slice.at + slice.text.len());
        }
    }

    /// Appends a range of another value.
    pub(crate) fn append(&mut self, other: &Mapped<'_>, range: Range<usize>) {
        other.each_piece(range, |part, place, _| self.push(&other.value[part], place));
    }

    pub(crate) fn slice(&self, range: Range<usize>) -> Mapped<'a> {
        if range == (0..self.len()) {
            return self.clone();
        }
        let mut slice = match &self.value {
            Cow::Borrowed(value) => Mapped { value: Cow::Borrowed(&value[range.clone()]), pieces: Vec::new() },
            Cow::Owned(value) => Mapped { value: Cow::Owned(value[range.clone()].to_vec()), pieces: Vec::new() },
        };
        self.each_piece(range.clone(), |part, place, _| {
            slice.pieces.push(Piece { at: part.start - range.start, start: place.start, end: place.end });
        });
        slice
    }

    /// Returns the value up to `end`.
    pub(crate) fn truncated(mut self, end: usize) -> Mapped<'a> {
        if end < self.len() {
            let kept = self.pieces.partition_point(|piece| piece.at < end);
            let last = kept.checked_sub(1).map(|last| (last, self.pieces[last]));
            if let Some((last, piece)) = last {
                let whole = self.pieces.get(kept).map_or(self.len(), |next| next.at) - piece.at;
                if piece.end - piece.start == whole {
                    self.pieces[last].end = piece.start + (end - piece.at);
                }
            }
            self.pieces.truncate(kept);
            match &mut self.value {
                Cow::Borrowed(value) => *value = &value[..end],
                Cow::Owned(value) => value.truncate(end),
            }
        }
        self
    }

    pub(crate) fn trim(&self) -> Mapped<'a> {
        let start = self.len() - self.value.trim_ascii_start().len();
        self.slice(start..start + self.value.trim_ascii().len())
    }

    /// Returns the same value with places in the input, if it was made from `view`, a text that was made from the
    /// input.
    pub(crate) fn through(&self, view: &Mapped<'_>) -> Mapped<'static> {
        let mut through = Mapped::default();
        self.each_piece(0..self.len(), |part, place, verbatim| {
            if verbatim {
                let start = place.start;
                view.each_piece(place, |view_part, place, _| {
                    let from = part.start + (view_part.start - start);
                    through.push(&self.value[from..from + view_part.len()], place);
                });
            } else {
                let hull =
                    view.locate(place).into_iter().reduce(|all, one| all.start.min(one.start)..all.end.max(one.end));
                match hull {
                    Some(hull) => through.push(&self.value[part], hull),
                    None => through.push_made(&self.value[part]),
                }
            }
        });
        through
    }

    /// Replaces bytes that are not UTF-8 with replacement characters.
    pub(crate) fn lossy(self) -> Mapped<'a> {
        if core::str::from_utf8(&self.value).is_ok() {
            return self;
        }
        let whole =
            self.locate(0..self.len()).into_iter().reduce(|all, one| all.start.min(one.start)..all.end.max(one.end));
        let mut lossy = Mapped::default();
        lossy.push(alloc::string::String::from_utf8_lossy(&self.value).as_bytes(), whole.unwrap_or_default());
        lossy
    }

    /// Returns the same value in capitals.
    pub(crate) fn in_capitals(mut self) -> Mapped<'a> {
        self.value.to_mut().make_ascii_uppercase();
        self
    }

    /// Returns the ranges of the input that mean a range of the value.
    pub(crate) fn locate(&self, range: Range<usize>) -> Vec<Range<usize>> {
        let mut ranges: Vec<Range<usize>> = Vec::new();
        self.each_piece(range, |_, place, _| match ranges.last_mut() {
            _ if place.is_empty() => {}
            Some(last) if last.end == place.start => last.end = place.end,
            _ => ranges.push(place),
        });
        ranges
    }

    /// Calls `take` with each piece of a range: its part of the value, its range of the input, and whether both are the
    /// same text.
    fn each_piece(&self, range: Range<usize>, mut take: impl FnMut(Range<usize>, Range<usize>, bool)) {
        let range = range.start.min(self.len())..range.end.min(self.len());
        let first = self.pieces.partition_point(|piece| piece.at <= range.start).saturating_sub(1);
        for (index, piece) in self.pieces.iter().enumerate().skip(first) {
            let end = self.pieces.get(index + 1).map_or(self.len(), |next| next.at);
            let part = piece.at.max(range.start)..end.min(range.end);
            if part.is_empty() {
                break;
            }
            let verbatim = piece.end - piece.start == end - piece.at;
            let place = if verbatim {
                piece.start + (part.start - piece.at)..piece.start + (part.end - piece.at)
            } else {
                piece.start..piece.end
            };
            take(part, place, verbatim);
        }
    }
}
