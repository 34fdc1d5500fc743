//! Answers a command line that asks for help or is not understood.

use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::{FAILED, Failure, fail};

/// Prints the help or the version that was asked for. Every other error of clap is a failure.
pub(crate) fn answer(error: clap::Error) -> Result<ExitCode, Failure> {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            error.print()?;
            Ok(ExitCode::SUCCESS)
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            error.print()?;
            Ok(FAILED.into())
        }
        _ => {
            let text = without_values(error).render().to_string();
            fail(text.trim_start_matches("error: ").trim_end())
        }
    }
}

/// Removes values from clap's message, so that only names of options stay. clap repeats text that it does not
/// understand, which may be a secret in the wrong place.
fn without_values(mut error: clap::Error) -> clap::Error {
    // Some of its tips repeat the value.
    error.remove(ContextKind::Suggested);
    let repeated = match error.kind() {
        ErrorKind::UnknownArgument => ContextKind::InvalidArg,
        ErrorKind::InvalidSubcommand => ContextKind::InvalidSubcommand,
        _ => ContextKind::InvalidValue,
    };
    match error.get(repeated) {
        // For a missing value clap gives an empty text.
        Some(ContextValue::String(text)) if !text.is_empty() => {
            if let Some(name) = option_name(text).map(str::to_owned) {
                error.insert(repeated, ContextValue::String(name));
            } else {
                let tip = "the text at … is not repeated, because it might be a key".into();
                error.insert(repeated, ContextValue::String("…".to_owned()));
                error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip]));
            }
        }
        _ => {}
    }
    error
}

/// Returns the name in `--name=value` or `-n`, or `None` if the text is not an option.
fn option_name(text: &str) -> Option<&str> {
    let name = text.split('=').next()?;
    let long = name.strip_prefix("--").is_some_and(|name| name.chars().all(|c| c.is_ascii_lowercase() || c == '-'));
    let short = name.strip_prefix('-').is_some_and(|name| name.len() == 1);
    (long || short).then_some(name)
}
