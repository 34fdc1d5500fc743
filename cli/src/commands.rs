//! Runs the small commands. Each result is a line on `out`.

use std::io::Write;

use clap::CommandFactory;
use clap_complete::Shell;
use kayako_sign_core::{Credentials, Error, Salt};

use crate::args::{self, Format};
use crate::files::Inputs;
use crate::{ACCEPTED, Failure, REFUSED, Verdict, fail};

pub(crate) fn sign(args: &args::Sign, out: &mut impl Write) -> Result<(), Failure> {
    // A signature is useless without its salt, so there is no fresh salt in a format that does not print it.
    if args.salt.is_none() && matches!(args.format, Format::Base64 | Format::Urlencoded) {
        return fail(
            "this format prints the signature without its salt, and a fresh salt would be lost. \
             Give one with --salt (kayako-sign salt makes one), or take --format query or json.",
        );
    }
    let signer = args.keys.signer(&mut Inputs::new())?;
    let batch = match &args.salt {
        Some(salt) => vec![signer.credentials_with_salt(Salt::new(salt.as_encoded_bytes())?)],
        None => signer.credentials_batch(args.count)?,
    };
    for credentials in batch {
        writeln!(out, "{}", text_of(&credentials, args.format)?)?;
    }
    Ok(())
}

fn text_of(credentials: &Credentials, format: Format) -> Result<String, Error> {
    match format {
        Format::Query => Ok(credentials.to_query()),
        Format::Urlencoded => Ok(credentials.signature().to_url_encoded()),
        Format::Base64 => Ok(credentials.signature().to_base64()),
        Format::Json => credentials.to_json(),
    }
}

/// Prints whether the signature is accepted, and returns that with the reason.
pub(crate) fn verify(args: &args::Verify, out: &mut impl Write) -> Result<Verdict, Failure> {
    let signer = args.keys.signer(&mut Inputs::new())?;
    let (salt, signature) = (args.salt.as_encoded_bytes(), args.signature.as_encoded_bytes());
    let accepted = signer.verify(salt, signature);
    writeln!(out, "{}", if accepted { "accepted" } else { "refused" })?;
    let diagnosis = signer.diagnose(salt, signature);
    let remark = match Salt::new(salt) {
        _ if accepted => None,
        Err(error @ Error::SaltTooLong) => Some(error.to_string()),
        // Forgiven, but not good.
        _ if diagnosis.is_accepted() => Some(format!("verify is stricter than the server, which says: {diagnosis}")),
        _ => Some(diagnosis.to_string()),
    };
    Ok(Verdict { code: if accepted { ACCEPTED } else { REFUSED }, remarks: remark.into_iter().collect() })
}

pub(crate) fn salt(args: &args::Salt, out: &mut impl Write) -> Result<(), Failure> {
    for _ in 0..args.count {
        let salt = if args.ten_digits { Salt::ten_digits() } else { Salt::random() }?;
        writeln!(out, "{}", salt.to_str()?)?;
    }
    Ok(())
}

pub(crate) fn completions(args: &args::Completions, out: &mut impl Write) -> Result<(), Failure> {
    // For a name with a hyphen, clap's script for bash completes no options of a command (clap-rs/clap#6421). So it is
    // written for another name, and only the line that names the command for bash gets the right one.
    const COMMAND: &str = "kayako-sign";
    const IN_BASH: &str = "kayako_sign";
    let name = if args.shell == Shell::Bash { IN_BASH } else { COMMAND };
    // Written to memory first, because clap panics if it cannot write.
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut args::Cli::command(), name, &mut script);
    let script = String::from_utf8_lossy(&script).replace(&format!(" {IN_BASH}\n"), &format!(" {COMMAND}\n"));
    Ok(out.write_all(script.as_bytes())?)
}
