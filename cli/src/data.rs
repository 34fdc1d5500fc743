//! Reads the form of `-d` and `--data-urlencode`, in the order of the arguments.

use std::ffi::OsString;

use clap::{ArgMatches, Args, Command, FromArgMatches, ValueHint};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};

use crate::Failure;
use crate::files::Inputs;

#[derive(Debug, Args)]
struct Options {
    /// Send this piece of an encoded form, or that of @FILE. Pieces are joined by &.
    #[arg(short, long, value_name = "DATA", allow_hyphen_values = true, value_hint = ValueHint::Other)]
    data: Vec<OsString>,

    /// Send this piece and encode the value: NAME=VALUE, or NAME@FILE.
    #[arg(long, value_name = "DATA", allow_hyphen_values = true, value_hint = ValueHint::Other)]
    data_urlencode: Vec<OsString>,
}

/// The values of both options, in their order, which a derived type would lose.
#[derive(Debug)]
pub(crate) struct Data(Vec<(Kind, OsString)>);

#[derive(Clone, Copy, Debug)]
enum Kind {
    Encoded,
    ToEncode,
}

impl Args for Data {
    fn augment_args(command: Command) -> Command {
        Options::augment_args(command)
    }

    fn augment_args_for_update(command: Command) -> Command {
        Options::augment_args_for_update(command)
    }
}

impl FromArgMatches for Data {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let values = |id, kind| {
            let places = matches.indices_of(id).into_iter().flatten();
            let values = matches.get_many::<OsString>(id).into_iter().flatten();
            places.zip(values).map(move |(place, value)| (place, kind, value.clone()))
        };
        let mut placed: Vec<_> =
            values("data", Kind::Encoded).chain(values("data_urlencode", Kind::ToEncode)).collect();
        placed.sort_by_key(|(place, ..)| *place);
        Ok(Data(placed.into_iter().map(|(_, kind, value)| (kind, value)).collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

/// A piece of a form.
pub(crate) struct Piece {
    /// The bytes that curl sends.
    pub(crate) bytes: Vec<u8>,
    /// The option that makes curl send them, and its value.
    pub(crate) line: (&'static str, Vec<u8>),
}

impl Data {
    pub(crate) fn is_given(&self) -> bool {
        !self.0.is_empty()
    }

    pub(crate) fn pieces(&self, inputs: &mut Inputs) -> Result<Vec<Piece>, Failure> {
        self.0.iter().map(|(kind, value)| kind.piece(value.as_encoded_bytes(), inputs)).collect()
    }
}

impl Kind {
    fn piece(self, value: &[u8], inputs: &mut Inputs) -> Result<Piece, Failure> {
        match self {
            Kind::Encoded => match value {
                [b'@', file @ ..] => form_in(file, value, inputs),
                // Not `data`, which would read a text that begins with @ as the name of a file.
                text => Ok(Piece { bytes: text.to_vec(), line: ("data-raw", text.to_vec()) }),
            },
            Kind::ToEncode => {
                let (name, rest) = value.split_at(name_len(value));
                match rest {
                    [b'@', file @ ..] => value_in(file, name, value, inputs),
                    [b'=', text @ ..] | text => Ok(to_encode(name, text, value.to_vec())),
                }
            }
        }
    }
}

/// Returns the piece for `-d @FILE`.
fn form_in(file: &[u8], argument: &[u8], inputs: &mut Inputs) -> Result<Piece, Failure> {
    let source = inputs.source(file)?;
    let curl_can_read = source.curl_can_read;
    let content = source.read()?;
    // A text editor adds line ends, which are not part of the form.
    let is_sent = |byte: &u8| !matches!(byte, b'\r' | b'\n' | 0);
    let bytes: Vec<u8> = content.iter().copied().filter(is_sent).collect();
    // Older versions of curl lose everything after a NUL.
    let line =
        if curl_can_read && !content.contains(&0) { ("data", argument.to_vec()) } else { ("data-raw", bytes.clone()) };
    Ok(Piece { bytes, line })
}

/// Returns the piece for `--data-urlencode NAME@FILE`.
fn value_in(file: &[u8], name: &[u8], argument: &[u8], inputs: &mut Inputs) -> Result<Piece, Failure> {
    let source = inputs.source(file)?;
    let curl_can_read = source.curl_can_read;
    let content = source.read()?;
    if content.is_empty() {
        // curl drops the name too.
        return Ok(Piece { bytes: Vec::new(), line: ("data-raw", Vec::new()) });
    }
    let argument = if curl_can_read { argument.to_vec() } else { [name, b"=", &content].concat() };
    Ok(to_encode(name, &content, argument))
}

/// Returns a piece that curl encodes itself, because its versions encode a space differently. A line of its
/// configuration cannot hold a NUL.
fn to_encode(name: &[u8], content: &[u8], argument: Vec<u8>) -> Piece {
    /// The bytes that curl escapes.
    const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b' ');
    let equals: &[u8] = if name.is_empty() { b"" } else { b"=" };
    let encoded = percent_encode(content, ESCAPED).to_string().replace(' ', "+");
    let bytes = [name, equals, encoded.as_bytes()].concat();
    let line = if argument.contains(&0) { ("data-raw", bytes.clone()) } else { ("data-urlencode", argument) };
    Piece { bytes, line }
}

/// Returns the length of the name before = or @. curl looks for a = first, so a value may hold an @.
fn name_len(value: &[u8]) -> usize {
    let find = |wanted| value.iter().position(|byte| *byte == wanted);
    find(b'=').or_else(|| find(b'@')).unwrap_or(0)
}
