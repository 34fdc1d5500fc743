//! Defines the command line: every command and option, with the texts of its help.

use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum, ValueHint};
use clap_complete::Shell;
use kayako_sign_core::Signer;

use crate::data::Data;

const ABOUT: &str = "\
Exit codes:
  0  done; verify and check: it is accepted
  1  verify and check: it is refused
  2  wrong usage, bad input, or a failure to read or write

Example:
  $ kayako-sign request --api-key-file api.key --secret-key-file secret.key \\
      'https://help.example.com/api/index.php?/Base/User/1' | curl -K -";

const KEYS: &str = "\
Environment:
  KAYAKO_API_KEY     the API key, if no --api-key-file is given
  KAYAKO_SECRET_KEY  the secret key, if no --secret-key-file is given

Keys:
  The helpdesk shows both in its admin panel, under REST API, API Information.
  One newline at the end is dropped, and a byte order mark is refused. The file of
  the secret key must be private: mode 600, or 640 if root owns it. On Windows its
  access list is not checked. The file of a key is used for nothing else. A key is
  never an argument.";

const SIGN: &str = "\
Exit codes:
  0  done
  2  wrong usage, bad input, or a failure to read or write

Example:
  $ kayako-sign sign --api-key-file api.key --secret-key-file secret.key |
    curl --data @- --data-urlencode 'fullname=Ada Lovelace' \\
      'https://help.example.com/api/index.php?/Base/User'";

const REQUEST: &str = "\
Options of curl:
  They mean the same as in curl. Give others, such as -v and -o, to curl itself:
  kayako-sign request URL | curl -v -K -
  curl reads a file itself if it can find it under the same name. Standard input,
  a pipe and /dev/fd/5 are read here and put into the configuration, in which
  curl takes no line above 100 KB.

Fields:
  The server reads fields from -d and --data-urlencode of a POST or PUT, and from
  -F of a POST. It accepts a request with --json, and a PUT with -F, but reads no
  field. A file is sent as two fields, its name and its content as base64: see
  the example.

Redirects:
  The configuration makes curl follow none, not even with --location: that would
  carry the credentials to another host. Sign the new URL instead.

Exit codes:
  0  done
  2  wrong usage, a request that the server would refuse, or a failure to read
     or write

Example:
  $ kayako-sign request --api-key-file api.key --secret-key-file secret.key \\
      -X PUT --data-urlencode 'fullname=Ada Lovelace' \\
      'https://help.example.com/api/index.php?/Base/User/1' | curl -K -

  With the keys in the environment:
  $ kayako-sign request 'https://help.example.com/api/index.php?/Base/User/1' | curl -K -
  $ base64 <report.pdf | tr -d '\\n' >report.base64
  $ kayako-sign request -d ticketid=1 -d ticketpostid=1 -d filename=report.pdf \\
      --data-urlencode contents@report.base64 \\
      'https://help.example.com/api/index.php?/Tickets/TicketAttachment' | curl -K -";

const VERIFY: &str = "\
Exit codes:
  0  accepted
  1  refused
  2  wrong usage, bad input, or a failure to read or write

Example:
  $ kayako-sign verify --api-key-file api.key --secret-key-file secret.key \\
      --salt 1234567890 VKjt8M54liY6xq1UuhUYH5BFp1RUqHekqytgLPrVEA0=
  accepted";

const CHECK: &str = "\
Input:
  A request as people show it, at most 16 MiB:
  - as it was sent: the request line, the headers, an empty line and the body
  - what curl -v or --trace prints; -v leaves the body out: add it after the lines
    with >, and before those with <
  - a curl command, or what a browser's network panel copies: as curl, as fetch,
    as PowerShell, as HAR, or its list of headers
  - a line of an access log, which has no body
  - a URL
  The form is recognised. If there are several requests, the first is read.

Exit codes:
  0  accepted
  1  refused
  2  wrong usage, input that is no request or lacks the body that decides, or a
     failure to read or write

Example:
  $ curl -sv 'https://help.example.com/api/index.php?/Base/User/1&apikey=…' 2>&1 |
    kayako-sign check --api-key-file api.key --secret-key-file secret.key";

const HELPDESK: &str = "\
Answers:
  It answers as the server would, stage by stage: 404 without a route, 401
  without the right credentials, and an XML document if a controller is reached.
  The document names the fields that the controller read. There are a
  department, a user, a ticket and so on, which never change. The headers
  Kayako-Sign-Diagnosis and Kayako-Sign-Message say why.

Output:
  Each request gives a block of lines on standard error. With --json it is one
  object on a line of standard output, with time, method, route, container,
  names, fields, status, answer, accepted, diagnosis and message. Names are
  shown, and never a value.

Limits:
  Bodies up to 64 MiB, 1,000 connections, and 20 seconds without progress on
  each. Ctrl-C and SIGTERM stop it.

TLS:
  It speaks plain HTTP. For clients that need https, put a proxy before it, such
  as stunnel, Caddy (caddy reverse-proxy --to 127.0.0.1:8765) or nginx.

Exit codes:
  0  stopped by a signal
  2  wrong usage, bad input, a port that is in use, or a failure to write

Example:
  $ kayako-sign helpdesk --sample-keys

  In another terminal:
  $ export KAYAKO_API_KEY=apikey KAYAKO_SECRET_KEY=secretkey
  $ kayako-sign request 'http://127.0.0.1:8765/api/index.php?/Base/User/1' | curl -K -";

const SALT: &str = "\
Exit codes:
  0  done
  2  wrong usage, or a failure to write

Example:
  $ kayako-sign salt
  9f86d081884c7d659a2feaa0c55ad015";

const COMPLETIONS: &str = "\
Exit codes:
  0  done
  2  wrong usage, or a failure to write

Example:
  $ folder=~/.local/share/bash-completion/completions
  $ mkdir -p $folder && kayako-sign completions bash > $folder/kayako-sign";

/// Sign requests for the REST API of Kayako Classic.
#[derive(Debug, Parser)]
#[command(name = "kayako-sign", bin_name = "kayako-sign", version, after_help = ABOUT)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Sign(Sign),
    Request(Request),
    Verify(Verify),
    Check(Check),
    Helpdesk(Helpdesk),
    Salt(Salt),
    Completions(Completions),
}

/// Make the three parameters of a request: apikey, salt and signature.
#[derive(Debug, Args)]
#[command(after_help = format!("{KEYS}\n\n{SIGN}"))]
pub(crate) struct Sign {
    /// Sign this salt instead of a fresh one.
    #[arg(long, value_name = "SALT", allow_hyphen_values = true, value_hint = ValueHint::Other)]
    pub(crate) salt: Option<OsString>,

    /// Print the result in this format.
    #[arg(long, value_enum, default_value_t = Format::Query)]
    pub(crate) format: Format,

    /// Make this many, one on each line, each with a fresh salt.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = count, conflicts_with = "salt")]
    pub(crate) count: usize,

    #[command(flatten)]
    pub(crate) keys: Keys,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Format {
    /// All three as a query string or an encoded form.
    Query,
    /// The signature alone, URL-encoded: for a URL or a form that is sent as it is.
    Urlencoded,
    /// The signature alone, raw: for a library that encodes parameters itself.
    Base64,
    /// All three as a JSON object.
    Json,
}

/// Sign a whole request, as a configuration with which curl sends it.
#[derive(Debug, Args)]
#[command(after_help = format!("{KEYS}\n\n{REQUEST}"))]
pub(crate) struct Request {
    /// The method: GET, POST, PUT or DELETE. If not given, GET without a body and POST with one.
    #[arg(short = 'X', long = "request", value_name = "METHOD", value_hint = ValueHint::Other)]
    pub(crate) method: Option<OsString>,

    /// Send this header: 'Name: value'.
    #[arg(
        short = 'H',
        long = "header",
        value_name = "HEADER",
        allow_hyphen_values = true,
        value_hint = ValueHint::Other
    )]
    pub(crate) headers: Vec<OsString>,

    #[command(flatten)]
    pub(crate) data: Data,

    /// Send a field of a multipart form, which is read in a POST only: NAME=VALUE, or NAME=@FILE.
    #[arg(
        short = 'F',
        long = "form",
        value_name = "FIELD",
        allow_hyphen_values = true,
        value_hint = ValueHint::Other,
        conflicts_with_all = ["data", "data_urlencode", "json"]
    )]
    pub(crate) form: Vec<OsString>,

    /// Send this JSON, or that of @FILE. The server reads no fields from it.
    #[arg(
        long,
        value_name = "DATA",
        allow_hyphen_values = true,
        value_hint = ValueHint::Other,
        conflicts_with_all = ["data", "data_urlencode"]
    )]
    pub(crate) json: Vec<OsString>,

    /// Print the result in this format.
    #[arg(long, value_enum, default_value_t = Output::Curl)]
    pub(crate) format: Output,

    /// The URL.
    #[arg(value_hint = ValueHint::Url)]
    pub(crate) url: OsString,

    #[command(flatten)]
    pub(crate) keys: Keys,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Output {
    /// The request as a configuration for curl -K -.
    Curl,
    /// The signed URL alone, if the credentials go into it.
    Url,
    /// The signed body alone, if the credentials go into it, with no newline at the end.
    Body,
}

/// Check whether a signature belongs to a salt: accepted or refused, and why.
#[derive(Debug, Args)]
#[command(after_help = format!("{KEYS}\n\n{VERIFY}"))]
pub(crate) struct Verify {
    /// The salt that was signed.
    #[arg(long, value_name = "SALT", allow_hyphen_values = true, value_hint = ValueHint::Other)]
    pub(crate) salt: OsString,

    /// The signature as base64, not URL-encoded; after -- if it begins with a dash.
    #[arg(value_hint = ValueHint::Other)]
    pub(crate) signature: OsString,

    #[command(flatten)]
    pub(crate) keys: Keys,
}

/// Explain a request that was sent: what the server sees in it, and why the server refuses it.
#[derive(Debug, Args)]
#[command(after_help = format!("{KEYS}\n\n{CHECK}"))]
pub(crate) struct Check {
    /// The request; - is standard input.
    #[arg(default_value = "-", hide_default_value = true, value_hint = ValueHint::FilePath)]
    pub(crate) file: PathBuf,

    #[command(flatten)]
    pub(crate) keys: Keys,
}

/// Run a stand-in helpdesk for any client, which says why the server would refuse a request.
#[derive(Debug, Args)]
#[command(after_help = format!("{KEYS}\n\n{HELPDESK}"))]
pub(crate) struct Helpdesk {
    /// Listen on this IP address and port. Port 0 is a free one.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8765", value_hint = ValueHint::Other)]
    pub(crate) listen: SocketAddr,

    /// The web server to imitate.
    #[arg(long, value_enum, default_value_t = Web::Plain)]
    pub(crate) web: Web,

    /// Print one JSON object for each request.
    #[arg(long)]
    pub(crate) json: bool,

    /// Use the vendor's sample keys, apikey and secretkey.
    #[arg(long, conflicts_with_all = ["api_key_file", "secret_key_file"])]
    pub(crate) sample_keys: bool,

    #[command(flatten)]
    pub(crate) keys: Keys,
}

#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
pub(crate) enum Web {
    /// One without rewrite rules, which finds only the path of index.php.
    Plain,
    /// One with the vendor's rewrite rule, which drops the query of a path URL.
    Rewrite,
}

/// Make a fresh salt, with randomness from the operating system.
#[derive(Debug, Args)]
#[command(after_help = SALT)]
pub(crate) struct Salt {
    /// Ten decimal digits, as in the vendor's sample, instead of 32 hexadecimal ones.
    #[arg(long)]
    pub(crate) ten_digits: bool,

    /// Make this many, one on each line.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = count)]
    pub(crate) count: usize,
}

/// Print the completions for a shell.
#[derive(Debug, Args)]
#[command(after_help = COMPLETIONS)]
pub(crate) struct Completions {
    pub(crate) shell: Shell,
}

// The files of the keys, if they are not in the environment. A key itself is never an argument, because every user can
// read arguments. (A documentation comment here would replace that of the command.)
#[derive(Debug, Args)]
pub(crate) struct Keys {
    /// Read the API key from this file; - is standard input.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) api_key_file: Option<PathBuf>,

    /// Read the secret key from this file; - is standard input.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) secret_key_file: Option<PathBuf>,
}

fn count(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(count @ 1..=Signer::BATCH_MAX) => Ok(count),
        _ => Err(format!("must be a whole number from 1 to {}", Signer::BATCH_MAX)),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_definitions_agree_with_each_other() {
        super::Cli::command().debug_assert();
    }
}
