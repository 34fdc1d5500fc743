//! Explains a request that was sent: what the server sees in it, what it answers, and what to change.

use std::io::Write;

use kayako_sign_transcript::{Error, Explanation, INPUT_MAX, Verdict};

use crate::files::{Inputs, Role};
use crate::{ACCEPTED, FAILED, Failure, REFUSED, args, fail};

/// Prints the explanation, and returns whether the request is accepted, with the remarks.
pub(crate) fn check(args: &args::Check, out: &mut impl Write) -> Result<crate::Verdict, Failure> {
    let mut inputs = Inputs::new();
    let (signer, secret_key) = args.keys.read(&mut inputs)?;
    let input = inputs.read(&args.file, Role::Request, INPUT_MAX as u64 + 1)?;
    let transcript = kayako_sign_transcript::read(&input).or_else(|error: Error| fail(error.to_string()))?;
    let explanation = Explanation::of(&transcript, &signer, &secret_key);
    let (verdict, code) = match explanation.verdict {
        Verdict::Accepted => ("accepted", ACCEPTED),
        Verdict::Refused => ("refused", REFUSED),
        // The input lacks the decisive part.
        Verdict::Undecided => ("undecided", FAILED),
    };
    writeln!(out, "{verdict}")?;
    for (label, text) in &explanation.lines {
        writeln!(out, "  {label:<14}{text}")?;
    }
    Ok(crate::Verdict { code, remarks: explanation.remarks })
}
