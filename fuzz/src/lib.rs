//! What holds for every request, whatever it is made of.

use std::sync::LazyLock;

use kayako_sign_core::{Contents, Diagnosis, Error, Insertion, Reading, Request, Salt, Signer, Target};

pub const URL: &str = "https://help.example.com/api/index.php?/Base/User";

static SIGNER: LazyLock<Signer> = LazyLock::new(|| Signer::new("apikey", "secretkey").expect("good keys"));

/// Signs a request and diagnoses it, and panics where the two do not agree.
pub fn check(request: &Request<'_>) {
    let (diagnosis, reading) = (SIGNER.diagnose_request(request), Reading::of(request));
    assert_eq!(reading.answer(diagnosis).is_none(), diagnosis.is_accepted(), "{diagnosis:?}");
    let Ok(place) = SIGNER.place_in(request) else { return };
    // The same salt each time, so that a failure comes again.
    let credentials = SIGNER.credentials_with_salt(Salt::new("1234567890").expect("a good salt"));
    let insertion = place.insert(&credentials).expect("the credentials fit");
    assert!(insertion.text.len() <= place.text_max(), "the text is longer than announced");
    assert!(place.text_max() <= SIGNER.insertion_max(), "the place is longer than the signer announces");
    let (url, body) = inserted(request, &insertion);
    let whole = Request { url: &url, body: &body, ..*request };
    assert!(SIGNER.diagnose_request(&whole) == Diagnosis::Good, "what was signed is not good");
    let again = SIGNER.place_in(&whole).map(|_| ());
    assert_eq!(again, Err(Error::ApiKeyParameter), "what was signed is signed again");
    let part = |reading: Reading| names(if insertion.target == Target::Url { reading.query() } else { reading.body() });
    let mut after = part(Reading::of(&whole));
    after.retain(|name| !["apikey", "salt", "signature"].contains(&name.as_str()));
    assert_eq!(part(reading), after, "other names changed");
}

/// The address and the body with the insertion in one of them.
fn inserted(request: &Request<'_>, insertion: &Insertion) -> (String, Vec<u8>) {
    let (mut url, mut body) = (request.url.to_owned(), request.body.to_owned());
    let Insertion { target, offset, text } = insertion;
    match target {
        Target::Url => url.insert_str(*offset, text),
        Target::Body => drop(body.splice(offset..offset, text.bytes())),
    }
    (url, body)
}

fn names(contents: &Contents) -> Vec<String> {
    contents.names().map(str::to_owned).collect()
}
