//! The command `kayako-sign`: signatures for the REST API of Kayako Classic, from a shell.
// Not forbidden: the macro of the crate ctor, in platform.rs, allows it for its own.
#![deny(unsafe_code)]

mod args;
mod check;
mod commands;
mod curl;
mod data;
mod files;
mod form;
mod headers;
mod helpdesk;
mod keys;
#[cfg(test)]
mod man;
mod platform;
mod request;
mod usage;

use std::io::{self, BufWriter, ErrorKind, Write};
use std::process::ExitCode;

use clap::Parser;
use kayako_sign_core::{Diagnosis, Error};

use args::{Cli, Command};

const ACCEPTED: u8 = 0;
const REFUSED: u8 = 1;
const FAILED: u8 = 2;

/// Why a command could not do its work.
enum Failure {
    /// A message for the user.
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

/// Ends a command with a message for the user.
fn fail<T>(message: impl Into<String>) -> Result<T, Failure> {
    Err(Failure::Said(message.into()))
}

/// What the server thinks of a signature or a request.
struct Verdict {
    /// The exit code.
    code: u8,
    /// Messages for the user.
    remarks: Vec<String>,
}

/// The message of a diagnosis: the cause, and what to change.
fn sentence(diagnosis: Diagnosis) -> String {
    diagnosis.message().to_owned()
}

/// Tells the user something. If even this cannot be written, the exit code tells.
fn say(message: &str) {
    let _ = writeln!(io::stderr(), "kayako-sign: {message}");
}

fn main() -> ExitCode {
    platform::forbid_core_dumps();
    let done = match (platform::stdout_fault(), Cli::try_parse()) {
        (Some(fault), _) => fail(format!("cannot write to standard output: {fault}")),
        (None, Ok(cli)) => run(&cli.command),
        (None, Err(error)) => usage::answer(error),
    };
    done.unwrap_or_else(|failure| {
        let text = match failure {
            Failure::Said(text) => text,
            // The reader has seen enough, as `head` does: there is nothing to say.
            Failure::Output(error) if error.kind() == ErrorKind::BrokenPipe => return FAILED.into(),
            Failure::Output(error) => format!("cannot write to standard output: {error}"),
        };
        say(&text);
        FAILED.into()
    })
}

fn run(command: &Command) -> Result<ExitCode, Failure> {
    let mut out = BufWriter::new(io::stdout().lock());
    let mut verdict = None;
    match command {
        Command::Sign(args) => commands::sign(args, &mut out)?,
        Command::Request(args) => request::request(args, &mut out)?,
        Command::Verify(args) => verdict = Some(commands::verify(args, &mut out)?),
        Command::Check(args) => verdict = Some(check::check(args, &mut out)?),
        Command::Helpdesk(args) => helpdesk::helpdesk(args, &mut out)?,
        Command::Salt(args) => commands::salt(args, &mut out)?,
        Command::Completions(args) => commands::completions(args, &mut out)?,
    }
    out.flush()?;
    let Some(Verdict { code, remarks }) = verdict else { return Ok(ExitCode::SUCCESS) };
    for remark in remarks {
        say(&remark);
    }
    Ok(code.into())
}
