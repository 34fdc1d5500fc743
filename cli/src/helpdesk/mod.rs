//! Runs the stand-in helpdesk: a server that answers as the real one would, and says why.

mod body;
mod connection;
mod documents;
mod outcome;
mod report;
mod server;
mod stop;
mod wire;

use std::io::Write;

use kayako_sign_core::{Reading, Signer};
use kayako_sign_transcript::Secrets;
use tokio::net::TcpListener;
use tokio::runtime::Builder;
use tokio::task::LocalSet;

use crate::args::{self, Web};
use crate::files::Inputs;
use crate::keys::Bytes;
use crate::{Failure, fail, say};

use server::Server;
use stop::Stop;

/// The sample keys of the vendor's manual.
const SAMPLE_KEYS: [&str; 2] = ["apikey", "secretkey"];

/// The settings that decide the answers.
struct Helpdesk {
    signer: Signer,
    web: Web,
    secret_key: Bytes,
}

impl Helpdesk {
    /// Returns the secrets that must not be shown of a request.
    fn secrets(&self, reading: &Reading<'_>) -> Secrets {
        Secrets::of(&self.signer, &self.secret_key, reading)
    }
}

/// Serves until a signal stops it.
pub(crate) fn helpdesk(args: &args::Helpdesk, out: &mut impl Write) -> Result<(), Failure> {
    let (signer, secret_key) = keys(args)?;
    let helpdesk = Helpdesk { signer, web: args.web, secret_key };
    let runtime = Builder::new_current_thread().enable_all().build();
    let runtime = runtime.or_else(|error| fail(format!("cannot start a server: {error}")))?;
    LocalSet::new().block_on(&runtime, async {
        let stop = Stop::new().or_else(|error| fail(format!("cannot wait for signals: {error}")))?;
        let listener =
            listen(args).await.or_else(|error| fail(format!("cannot listen on {}: {error}", args.listen)))?;
        Server::new(helpdesk, args.json, out).serve(listener, stop).await
    })
}

fn keys(args: &args::Helpdesk) -> Result<(Signer, Bytes), Failure> {
    if !args.sample_keys {
        return args.keys.read(&mut Inputs::new());
    }
    let [api_key, secret_key] = SAMPLE_KEYS;
    Ok((Signer::new(api_key, secret_key)?, Bytes::new(secret_key.into())))
}

/// Begins to listen, and prints the URL and the sample keys.
async fn listen(args: &args::Helpdesk) -> Result<TcpListener, std::io::Error> {
    let listener = TcpListener::bind(args.listen).await?;
    let address = listener.local_addr()?;
    say(&format!("the stand-in helpdesk is at http://{address}/api/index.php. Ctrl-C stops it."));
    if args.sample_keys {
        let [api_key, secret_key] = SAMPLE_KEYS;
        say(&format!("its keys are the vendor's sample keys, {api_key} and {secret_key}"));
    }
    if !address.ip().is_loopback() {
        say("other machines can reach it. It speaks plain HTTP, so do not send it credentials of a real helpdesk: \
             anyone on the way could send other requests with them.");
    }
    Ok(listener)
}
