//! The command `kayako-sign`: signatures for the REST API of Kayako Classic, from a shell.
#![forbid(unsafe_code)]

mod args;
mod commands;
mod keys;
#[cfg(test)]
mod man;
mod usage;

use std::io::{self, BufWriter, ErrorKind, Write};
use std::process::ExitCode;

use clap::Parser;
use kayako_sign_core::Error;

use args::{Cli, Command};

const REFUSED: u8 = 1;
const FAILED: u8 = 2;

/// Why a command could not do its work.
enum Failure {
    /// A sentence for the user.
    Said(String),
    /// Standard output took no more.
    Output(io::Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Failure::Said(error.to_string())
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Failure::Output(error)
    }
}

/// Ends a command with a sentence for the user.
fn fail<T>(sentence: impl Into<String>) -> Result<T, Failure> {
    Err(Failure::Said(sentence.into()))
}

fn main() -> ExitCode {
    let done = match Cli::try_parse() {
        Ok(cli) => run(&cli.command),
        Err(error) => usage::answer(error),
    };
    done.unwrap_or_else(|failure| {
        let text = match failure {
            Failure::Said(text) => text,
            // Whoever read this has seen enough, as `head` does: there is nothing to say.
            Failure::Output(error) if error.kind() == ErrorKind::BrokenPipe => return FAILED.into(),
            Failure::Output(error) => format!("cannot write to standard output: {error}"),
        };
        // Where even this cannot be written, the exit code tells.
        let _ = writeln!(io::stderr(), "kayako-sign: {text}");
        FAILED.into()
    })
}

fn run(command: &Command) -> Result<ExitCode, Failure> {
    let mut out = BufWriter::new(io::stdout().lock());
    let mut accepted = true;
    match command {
        Command::Sign(args) => commands::sign(args, &mut out)?,
        Command::Verify(args) => accepted = commands::verify(args, &mut out)?,
        Command::Salt(args) => commands::salt(args, &mut out)?,
        Command::Completions(args) => commands::completions(args, &mut out)?,
    }
    out.flush()?;
    Ok(if accepted { ExitCode::SUCCESS } else { REFUSED.into() })
}
