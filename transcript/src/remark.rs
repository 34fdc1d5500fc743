//! Lists the remarks on an input in which a request was read, and the reasons why a body is missing.

use core::fmt;

/// Something that a user should know about the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Remark {
    /// There are several requests.
    Several,
    /// There are several Content-Type headers.
    ContentTypes,
    /// The body is longer than its Content-Length.
    Longer {
        /// The Content-Length.
        length: usize,
        /// The length of the body in the input.
        shown: usize,
    },
    /// The body is shorter than its Content-Length.
    Shorter {
        /// The Content-Length.
        length: usize,
        /// The length of the body in the input.
        shown: usize,
    },
    /// A shell cuts the command off at a character that is not quoted.
    Unquoted,
    /// A shell puts the value of a variable into the command.
    Variable,
    /// There are typographic quotes or no-break spaces outside of quotes.
    Typography,
    /// An option of curl is written with an equals sign.
    Equals,
    /// A part of a form is a file, which is read as empty. The option is given.
    File(&'static str),
    /// A log does not show the content type and the body.
    Log,
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lengths = |f: &mut fmt::Formatter<'_>, length, shown| {
            write!(f, "Content-Length is {length}, and the body here has a length of {shown}: ")
        };
        match *self {
            Remark::Several => f.write_str("there is more than one request here: the first is read"),
            Remark::ContentTypes => f.write_str("there is more than one Content-Type header: the first is read"),
            Remark::Longer { length, shown } => {
                lengths(f, length, shown)?;
                f.write_str("a server reads no more than that")
            }
            Remark::Shorter { length, shown } => {
                lengths(f, length, shown)?;
                f.write_str("the rest is missing")
            }
            Remark::Unquoted => f.write_str(
                "a shell ends the command at & or ; outside of quotes, and the server never sees the rest: put the word \
                 into quotes. It is read here as if they were there.",
            ),
            Remark::Variable => {
                f.write_str("the shell replaces a $ or backquotes here with a value: the text is read as it is written")
            }
            Remark::Typography => f.write_str(
                "there are typographic quotes or no-break spaces here, which a shell takes for letters: type plain ones",
            ),
            Remark::Equals => f.write_str("curl knows no --option=value, so that is left out: write a space for the ="),
            Remark::File(option) => write!(f, "the file that {option} sends is not here: it is read as empty"),
            Remark::Log => f.write_str("a log does not show the content type and the body"),
        }
    }
}

/// The reason why a body that was sent with the request is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Missing {
    /// Only the headers show that there was one.
    Headers,
    /// It is in a file that an option of curl names. The option is given.
    File(&'static str),
    /// A log does not show it.
    Log,
    /// It is a variable or another expression.
    Expression,
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Missing::Headers => f.write_str(
                "the headers announce a body that is not here. curl -v does not print it: add it after the lines with >, \
                 and before those with <.",
            ),
            Missing::File(option) => {
                write!(f, "the file that {option} sends is not here: put its text into the command instead.")
            }
            Missing::Log => f.write_str("a log does not show the body of a request: paste the request as it was sent."),
            Missing::Expression => f.write_str("the body is not written out here: paste the request as it was sent."),
        }
    }
}
