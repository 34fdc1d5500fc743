//! The command `kayako-sign`: makes and checks signatures for the REST API of Kayako Classic in a shell.
// Denied and not forbidden, because the macro of the crate ctor, in platform.rs, allows it for itself.
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
use kayako_sign_core::Error;

use args::{Cli, Command};

const ACCEPTED: u8 = 0;
const REFUSED: u8 = 1;
const FAILED: u8 = 2;

/// The reason why a command could not do its work.
enum Failure {
    /// A message for the user.
    Message(String),
    /// Standard output could not be written.
    Output(io::Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Failure::Message(error.to_string())
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Failure::Output(error)
    }
}

/// Returns a failure with a message for the user.
fn fail<T>(message: impl Into<String>) -> Result<T, Failure> {
    Err(Failure::Message(message.into()))
}

/// The verdict on a signature or a request.
struct Verdict {
    /// The exit code.
    code: u8,
    /// Messages for the user.
    remarks: Vec<String>,
}

/// Prints a message for the user. If even this fails, the exit code remains.
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
            Failure::Message(text) => text,
            // The reader, for example `head`, has seen enough, so there is nothing to say.
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
