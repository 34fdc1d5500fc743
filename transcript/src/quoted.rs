//! Removes what people put around a request: quote marks of a mail, an indentation, code fences.

use crate::mapped::{Mapped, Slice};
use crate::{Outcome, read_anywhere, read_by_first_line};

pub(crate) fn read(text: Slice<'_>) -> Outcome<'_> {
    /// The number of such layers that are removed.
    const DEEPEST: usize = 3;
    read_within(text, DEEPEST)
}

fn read_within(text: Slice<'_>, levels: usize) -> Outcome<'_> {
    if let Some(deeper) = levels.checked_sub(1) {
        if let Some(view) = without_prefix(text) {
            let found = read_within(Slice { text: view.value(), at: 0 }, deeper)?;
            return Some(found.map(|found| found.through(&view)));
        }
    }
    let in_fences = || {
        let deeper = levels.checked_sub(1)?;
        blocks(text).filter_map(|block| read_within(block, deeper)).find(Result::is_ok)
    };
    read_by_first_line(text).or_else(in_fences).or_else(|| read_anywhere(text))
}

/// Returns the lines without their common prefix, the quote mark of a mail or white space, or `None` if they have none.
fn without_prefix(text: Slice<'_>) -> Option<Mapped<'_>> {
    let mut lines = text.lines().filter(|line| !line.content().trim().is_empty());
    let mark = |line: Slice<'_>| line.first().filter(|byte| b"> \t".contains(byte));
    let first = mark(lines.next()?)?;
    if !lines.all(|line| mark(line) == Some(first)) {
        return None;
    }
    let mut view = Mapped::default();
    for line in text.lines() {
        if first == b'>' {
            let bare = line.strip_prefix(b">").unwrap_or(line);
            view.push_slice(bare.strip_prefix(b" ").unwrap_or(bare));
        } else {
            view.push_slice(unindented(line));
        }
    }
    Some(view)
}

/// Returns a line without the white space before it. A line of white space keeps its line end.
fn unindented(line: Slice<'_>) -> Slice<'_> {
    let content = line.content();
    line.from(content.text.len() - content.trim_start().text.len())
}

/// Returns the blocks between code fences.
fn blocks(text: Slice<'_>) -> impl Iterator<Item = Slice<'_>> {
    let mut lines = text.lines();
    core::iter::from_fn(move || {
        let fence = |line: &Slice<'_>| [&b"```"[..], b"~~~"].iter().any(|fence| line.trim().text.starts_with(fence));
        lines.find(fence)?;
        let block = lines.rest;
        let end = lines.find(fence).map_or(block.text.len(), |line| line.at - block.at);
        Some(block.to(end))
    })
}
