//! Hides everything that may be a key or a signature in the texts that are shown.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use kayako_sign_core::{Reading, Signer};
use percent_encoding::percent_decode;
use zeroize::Zeroizing;

/// Shown instead of a text that is left out.
const ELLIPSIS: char = '…';

/// The secrets that must not be shown: the secret key, and the signatures of the salts in a request.
///
/// Never are eight bytes in a row of one of them shown, even if a URL, a header or a length cuts it into pieces.
#[derive(Default)]
pub struct Secrets {
    /// The pieces of each secret, sorted.
    pieces: Vec<Zeroizing<Vec<Piece>>>,
    /// The secrets that are shorter than a piece.
    short: Vec<Zeroizing<Vec<u8>>>,
}

const SIZE: usize = 8;
type Piece = [u8; SIZE];

impl Secrets {
    /// Collects the secrets of a signer and of a request.
    #[must_use]
    pub fn of(signer: &Signer, secret_key: &[u8], reading: &Reading<'_>) -> Self {
        let mut secrets = Secrets::default();
        secrets.add(secret_key);
        // Names are shown decoded, so a secret with a % in it could be shown decoded too.
        decoded(secret_key).map(Zeroizing::new).for_each(|secret| secrets.add(&secret));
        let salts = [reading.query().salt(), reading.body().salt()];
        let signatures = salts.into_iter().flatten().filter_map(|salt| signer.sign(salt).ok());
        signatures.for_each(|signature| secrets.add(Zeroizing::new(signature.to_base64()).as_bytes()));
        secrets
    }

    fn add(&mut self, secret: &[u8]) {
        if secret.len() < SIZE && !secret.is_empty() {
            self.short.push(Zeroizing::new(secret.to_vec()));
            return;
        }
        let mut pieces = Zeroizing::new(pieces_of(secret).collect::<Vec<_>>());
        pieces.sort_unstable();
        self.pieces.push(pieces);
    }

    /// Returns a text without anything that may be a secret, and cut if it is long.
    #[must_use]
    pub fn masked(&self, text: &str) -> String {
        let short = cut(text);
        if self.are_in(&short) || self.are_short_in(&short) { ELLIPSIS.into() } else { short }
    }

    /// Returns a text as it is if it has only plain characters, and quoted otherwise.
    pub(crate) fn shown(&self, text: &str) -> String {
        let short = cut(text);
        let plain = |c: char| c.is_alphanumeric() || "…-._~/:;=[]?".contains(c);
        let printed = if !short.is_empty() && short.chars().all(plain) { short.clone() } else { quoted(&short) };
        if self.are_in(&short) || self.are_short_in(&short) || self.are_in(&printed) {
            ELLIPSIS.into()
        } else {
            printed
        }
    }

    /// Returns texts that may be shown, joined, or an ellipsis if a secret appears in the result.
    pub(crate) fn joined(&self, texts: &[String], separator: &str) -> String {
        let joined = texts.join(separator);
        if self.are_in(&joined) { ELLIPSIS.into() } else { joined }
    }

    /// Returns whether a piece of a secret is in a text, as it is or still URL-encoded.
    fn are_in(&self, text: &str) -> bool {
        let is_there = |piece: Piece| self.pieces.iter().any(|pieces| pieces.binary_search(&piece).is_ok());
        any_reading(text, |text| pieces_of(text).any(is_there))
    }

    /// Returns whether a secret that is shorter than a piece is in a text.
    fn are_short_in(&self, text: &str) -> bool {
        let holds = |text: &[u8], secret: &[u8]| text.windows(secret.len()).any(|window| window == secret);
        any_reading(text, |text| self.short.iter().any(|secret| holds(text, secret)))
    }
}

/// Leaves out everything that may be a signature, and the end of a long text.
fn cut(text: &str) -> String {
    /// Length of the longest text that is shown whole, in characters.
    const WHOLE: usize = 200;
    let masked = without_runs(text);
    let mut short: String = masked.chars().take(WHOLE).collect();
    if masked.chars().nth(WHOLE).is_some() && !short.ends_with(ELLIPSIS) {
        short.push(ELLIPSIS);
    }
    short
}

/// Leaves the secrets out.
impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secrets(..)")
    }
}

/// Returns whether `is_true` holds for a text as it is, or decoded once or twice.
fn any_reading(text: &str, mut is_true: impl FnMut(&[u8]) -> bool) -> bool {
    is_true(text.as_bytes()) || decoded(text.as_bytes()).any(|text| is_true(&text))
}

/// Returns a text in quotes, with invisible characters escaped.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '\'' => quoted.push(c),
            _ => quoted.extend(c.escape_debug()),
        }
    }
    quoted.push('"');
    quoted
}

/// Returns a text decoded once and twice, each only if that changes it.
fn decoded(text: &[u8]) -> impl Iterator<Item = Vec<u8>> + use<> {
    let decode = |text: &[u8]| text.contains(&b'%').then(|| percent_decode(text).collect::<Vec<u8>>());
    let once = decode(text);
    let twice = once.as_deref().and_then(decode);
    [once, twice].into_iter().flatten()
}

/// Returns every run of [`SIZE`] bytes, with the two alphabets of base64 made equal.
fn pieces_of(text: &[u8]) -> impl Iterator<Item = Piece> {
    text.windows(SIZE).map(|window| core::array::from_fn(|index| alike(window[index])))
}

/// Returns the same byte for both alphabets of base64, and for a space, which a `+` becomes in a form.
fn alike(byte: u8) -> u8 {
    match byte {
        b' ' | b'-' => b'+',
        b'_' => b'/',
        other => other,
    }
}

/// Replaces each run of characters that is long enough for a signature in base64, in either alphabet, or URL-encoded.
fn without_runs(text: &str) -> String {
    let of_base64 = |c: char| c.is_ascii_alphanumeric() || "+/=-_% ".contains(c);
    let mut shown = String::new();
    let mut rest = text;
    while !rest.is_empty() {
        let run = rest.find(|c| !of_base64(c)).unwrap_or(rest.len());
        if is_suspect(&rest[..run]) {
            shown.push(ELLIPSIS);
        } else {
            shown.push_str(&rest[..run]);
        }
        let other = rest[run..].find(of_base64).unwrap_or(rest.len() - run);
        shown.push_str(&rest[run..run + other]);
        rest = &rest[run + other..];
    }
    shown
}

/// Returns whether a run may be a signature. A path or a route may be as long, but it is made of short words and
/// numbers.
fn is_suspect(run: &str) -> bool {
    /// A little less than 43, the length of a signature without padding.
    const LONG: usize = 40;
    /// The vendor's longest controller has 17 letters.
    const WORD: usize = 20;
    let is_word = |piece: &str| piece.len() < WORD && piece.bytes().all(|byte| byte.is_ascii_alphabetic());
    let is_number = |piece: &str| piece.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    run.len() >= LONG && run.split('/').any(|piece| !is_word(piece) && !is_number(piece))
}

#[cfg(test)]
mod tests {
    use super::{Secrets, without_runs};

    #[test]
    fn a_long_run_of_base64_is_left_out_and_a_long_route_is_not() {
        let route = "/Tickets/Ticket/ListAll/-1/-1/-1/-1/100/0/ticketid/ASC";
        assert_eq!(without_runs(route), route);
        assert_eq!(without_runs("a.VKjt8M54liY6xq1UuhUYH5BFp1RUqHekqytgLPrVEA0=.b"), "a.….b");
        assert_eq!(without_runs("1VHaG/RR/wBcaJmWaec0cknULV1/7Ac4cPhTGhIxCSc"), "…");
        assert_eq!(without_runs("1VH%2BG%2FRR%2FwBc%2BJmWaec0cknULV1k7Ac4cPhTGhIxCSc%3D"), "…");
    }

    #[test]
    fn eight_bytes_of_a_secret_are_found_and_seven_are_not() {
        for (secret, text, found) in [
            ("abcdefghijkl", "--defghijk--", true),
            ("abcdefghijkl", "--defghij--", false),
            ("abcdefghijkl", "%61bcd%2565fgh", true),
            ("abc+ef/hijkl", "abc ef_h", true),
            ("abc", "xabcx", true),
            ("abc", "ab", false),
        ] {
            let mut secrets = Secrets::default();
            secrets.add(secret.as_bytes());
            assert_eq!(secrets.are_in(text) || secrets.are_short_in(text), found, "{text}");
        }
    }
}
