//! What each command does. Results go to `out`, each on a line of its own.

use std::io::Write;

use clap::CommandFactory;
use clap_complete::Shell;
use kayako_sign_core::{Credentials, Error, Salt};

use crate::args::{self, Format};
use crate::files::Inputs;
use crate::{Failure, Verdict, fail, sentence};

pub(crate) fn sign(args: &args::Sign, out: &mut impl Write) -> Result<(), Failure> {
    // A signature is of no use without its salt, so no fresh salt is drawn where it would not be printed.
    if args.salt.is_none() && matches!(args.format, Format::Base64 | Format::Urlencoded) {
        return fail(
            "this format prints the signature without its salt, and a fresh salt would be lost. \
             Give one with --salt (kayako-sign salt draws it), or take --format query or json.",
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

/// Whether the signature is accepted, and why not.
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
        _ if diagnosis.is_accepted() => {
            Some(format!("verify is stricter than the server, which says: {}", sentence(diagnosis)))
        }
        _ => Some(sentence(diagnosis)),
    };
    Ok(Verdict { accepted, remarks: remark.into_iter().collect() })
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
    // written for another name, and only where bash is told what to complete stands the right one.
    const COMMAND: &str = "kayako-sign";
    const IN_BASH: &str = "kayako_sign";
    let name = if args.shell == Shell::Bash { IN_BASH } else { COMMAND };
    // Written to memory first, because clap panics where it cannot write.
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut args::Cli::command(), name, &mut script);
    let script = String::from_utf8_lossy(&script).replace(&format!(" {IN_BASH}\n"), &format!(" {COMMAND}\n"));
    Ok(out.write_all(script.as_bytes())?)
}
