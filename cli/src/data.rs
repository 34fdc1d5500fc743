//! The form that `-d` and `--data-urlencode` give together, in the order in which they stand there.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use clap::{ArgMatches, Args, Command, FromArgMatches, ValueHint};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};

use crate::{Failure, files};

#[derive(Debug, Args)]
struct Options {
    /// Send this piece of an encoded form, or that of @FILE. Pieces are joined by &.
    #[arg(short, long, value_name = "DATA", allow_hyphen_values = true, value_hint = ValueHint::Other)]
    data: Vec<OsString>,

    /// Send this piece and encode the value: NAME=VALUE, or NAME@FILE.
    #[arg(long, value_name = "DATA", allow_hyphen_values = true, value_hint = ValueHint::Other)]
    data_urlencode: Vec<OsString>,
}

/// The values of both options. A derived type would lose which stands first.
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
    /// What curl sends.
    pub(crate) bytes: Vec<u8>,
    /// The option and value that make curl read it from a file, where it is in one.
    pub(crate) in_file: Option<(&'static str, Vec<u8>)>,
}

impl Data {
    pub(crate) fn is_given(&self) -> bool {
        !self.0.is_empty()
    }

    pub(crate) fn reads_stdin(&self) -> bool {
        self.0.iter().any(|(kind, value)| kind.split(value.as_bytes()).1.is_ok_and(files::is_stdin))
    }

    pub(crate) fn pieces(&self) -> Result<Vec<Piece>, Failure> {
        self.0.iter().map(|(kind, value)| kind.piece(value.as_bytes())).collect()
    }
}

impl Kind {
    fn piece(self, value: &[u8]) -> Result<Piece, Failure> {
        let (name, source) = self.split(value);
        let content = match source {
            Ok(path) => files::read(path)?,
            Err(text) => text.to_vec(),
        };
        // Older versions of curl lose what stands behind a NUL.
        let by_curl = source.is_ok_and(files::is_regular) && (matches!(self, Kind::ToEncode) || !content.contains(&0));
        let in_file = by_curl.then(|| (self.option(), value.to_vec()));
        Ok(Piece { bytes: self.encode(name, &content, source.is_ok()), in_file })
    }

    fn option(self) -> &'static str {
        match self {
            Kind::Encoded => "data",
            Kind::ToEncode => "data-urlencode",
        }
    }

    /// Splits a value into the name that stands as it is, with its =, and the file or text behind.
    fn split(self, value: &[u8]) -> (&[u8], Result<&Path, &[u8]>) {
        fn file(at_and_name: &[u8]) -> &Path {
            Path::new(OsStr::from_bytes(&at_and_name[1..]))
        }
        match self {
            Kind::Encoded if value.starts_with(b"@") => (b"", Ok(file(value))),
            Kind::Encoded => (b"", Err(value)),
            Kind::ToEncode => {
                // curl looks for a = first, so that a value may hold an @.
                let at = value.iter().position(|byte| *byte == b'=');
                let at = at.or_else(|| value.iter().position(|byte| *byte == b'@')).unwrap_or(0);
                let (name, rest) = value.split_at(at);
                match rest.first() {
                    Some(b'@') => (name, Ok(file(rest))),
                    Some(b'=') => (name, Err(&rest[1..])),
                    _ => (name, Err(rest)),
                }
            }
        }
    }

    fn encode(self, name: &[u8], content: &[u8], from_file: bool) -> Vec<u8> {
        /// All that curl escapes.
        const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
        match self {
            // A text editor ends each line, and the form means none of that.
            Kind::Encoded if from_file => {
                content.iter().copied().filter(|byte| !matches!(byte, b'\r' | b'\n' | 0)).collect()
            }
            Kind::Encoded => content.to_vec(),
            Kind::ToEncode => {
                let equals: &[u8] = if name.is_empty() { b"" } else { b"=" };
                [name, equals, percent_encode(content, ESCAPED).to_string().as_bytes()].concat()
            }
        }
    }
}
