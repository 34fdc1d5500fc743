//! Checks the promises that hold for every request.

use std::sync::LazyLock;

use kayako_sign_core::{Contents, Diagnosis, Error, Reading, Request, Salt, Signer, Target};

pub const URL: &str = "https://help.example.com/api/index.php?/Base/User";

static SIGNER: LazyLock<Signer> = LazyLock::new(|| Signer::new("apikey", "secretkey").expect("good keys"));

/// Returns the signer that all targets use.
pub fn signer() -> &'static Signer {
    &SIGNER
}

/// Signs a request and diagnoses it, and panics if the two do not agree.
pub fn check(request: &Request<'_>) {
    let (diagnosis, reading) = (SIGNER.diagnose_request(request), Reading::of(request));
    assert_eq!(reading.answer(diagnosis).status, diagnosis.answer().status, "{diagnosis:?}");
    let Ok(point) = SIGNER.insertion_point(request) else { return };
    // The same salt each time, so that a failure can be repeated.
    let insertion = point.insert_with_salt(Salt::new("1234567890").expect("a good salt")).expect("a salt that fits");
    assert!(insertion.text.len() <= point.text_max(), "the text is longer than text_max");
    assert!(point.text_max() <= SIGNER.insertion_max(), "text_max is larger than insertion_max");
    let (url, body) = (insertion.apply_to_url(request.url), insertion.apply_to_body(request.body));
    let mut whole = *request;
    (whole.url, whole.body) = (&url, &body);
    let diagnosis = SIGNER.diagnose_request(&whole);
    let is_good = matches!(diagnosis, Diagnosis::Good | Diagnosis::FieldsNotRead);
    assert!(is_good, "the signed request is {diagnosis:?}");
    let again = SIGNER.insertion_point(&whole).map(|_| ());
    assert_eq!(again.err(), Some(Error::ApiKeyParameter), "a signed request is signed again");
    let part =
        |reading: &Reading<'_>| names(if insertion.target == Target::Url { reading.query() } else { reading.body() });
    let mut after = part(&Reading::of(&whole));
    after.retain(|name| !["apikey", "salt", "signature"].contains(&name.as_str()));
    assert_eq!(part(&reading), after, "other names changed");
}

fn names(contents: &Contents<'_>) -> Vec<String> {
    contents.names().iter().map(ToString::to_string).collect()
}
