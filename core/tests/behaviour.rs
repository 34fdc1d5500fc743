//! Checks what the shared vectors cannot describe: fresh salts, batches, messages, and secrets in debug output.
#![cfg(test)]

use std::collections::HashSet;
use std::thread;

use kayako_sign_core::{Credentials, Diagnosis, Error, Salt, Signature, Signer};

const SALT: &str = "1234567890";

fn signer() -> Signer {
    Signer::new("apikey", "secretkey").unwrap()
}

#[test]
fn a_fresh_salt_is_32_lower_case_hex_digits_and_never_repeats() {
    let salts: HashSet<_> = (0..10_000).map(|_| Salt::random().unwrap().to_str().unwrap().to_owned()).collect();
    assert_eq!(salts.len(), 10_000);
    assert!(salts.iter().all(|salt| salt.len() == 32 && salt.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))));
}

#[test]
fn a_salt_of_ten_digits_has_every_digit_at_every_place() {
    let mut seen = [[false; 10]; 10];
    let mut texts = HashSet::new();
    for _ in 0..2_000 {
        let salt = Salt::ten_digits().unwrap();
        texts.insert(salt.to_str().unwrap().to_owned());
        assert_eq!(salt.as_bytes().len(), 10);
        for (place, digit) in salt.as_bytes().iter().enumerate() {
            seen[place][usize::from(digit - b'0')] = true;
        }
    }
    assert_eq!(seen, [[true; 10]; 10]);
    // Two of 2,000 salts are the same in one of 5,000 runs.
    assert!(texts.len() > 1_990, "salts of ten digits repeat too often");
}

#[test]
fn given_random_bytes_become_their_hex_digits() {
    let bytes = core::array::from_fn(|i| u8::try_from(i).unwrap() * 0x11);
    assert_eq!(Salt::from_random_bytes(bytes).to_str(), Ok("00112233445566778899aabbccddeeff"));
}

#[test]
fn fresh_credentials_verify_and_differ() {
    let signer = signer();
    let all: Vec<_> = (0..100).map(|_| signer.credentials().unwrap()).collect();
    assert_valid_and_distinct(&signer, &all);
}

#[test]
fn a_batch_has_the_requested_size_and_its_credentials_verify_and_differ() {
    let signer = signer();
    for count in [0, 1, 2, 1_000] {
        let batch = signer.credentials_batch(count).unwrap();
        assert_eq!(batch.len(), count);
        assert_valid_and_distinct(&signer, &batch);
    }
}

#[test]
fn the_largest_batch_is_made_and_a_larger_one_is_refused() {
    let signer = signer();
    assert_eq!(signer.credentials_batch(Signer::BATCH_MAX).unwrap().len(), Signer::BATCH_MAX);
    assert_eq!(signer.credentials_batch(Signer::BATCH_MAX + 1).unwrap_err(), Error::BatchTooLarge);
}

fn assert_valid_and_distinct(signer: &Signer, all: &[Credentials<'_>]) {
    assert!(all.iter().all(|one| signer.verify(one.salt(), one.signature().to_base64())));
    assert!(all.iter().all(|one| one.api_key() == "apikey"));
    assert_eq!(all.iter().map(|one| one.salt().as_bytes()).collect::<HashSet<_>>().len(), all.len());
}

#[test]
fn eight_threads_share_one_signer() {
    let signer = signer();
    let expected = signer.sign(SALT).unwrap();
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| assert!((0..1_000).all(|_| signer.sign(SALT).unwrap() == expected)));
        }
    });
}

#[test]
fn a_signature_with_any_one_bit_changed_is_refused() {
    let signer = signer();
    let right = signer.sign(SALT).unwrap().to_base64().into_bytes();
    assert!(signer.verify(SALT, &right));
    for at in 0..right.len() {
        for bit in 0..8 {
            let mut forged = right.clone();
            forged[at] ^= 1 << bit;
            assert!(!signer.verify(SALT, &forged), "bit {bit} of character {at}");
        }
    }
}

#[test]
fn a_query_with_a_fresh_salt_is_never_longer_than_query_max() {
    for api_key in ["apikey", "é &=", &"+".repeat(Signer::API_KEY_MAX)] {
        let signer = Signer::new(api_key, "secretkey").unwrap();
        let longest = (0..500).map(|_| signer.credentials().unwrap().to_query().len()).max().unwrap();
        assert!(longest <= signer.query_max() && signer.query_max() < signer.insertion_max());
    }
}

#[test]
fn the_longest_url_encoded_signature_has_every_character_escaped() {
    let longest = 3 * "VKjt8M54liY6xq1UuhUYH5BFp1RUqHekqytgLPrVEA0=".len();
    assert_eq!(Signature::URL_ENCODED_MAX, longest);
}

#[test]
fn a_newline_after_a_secret_key_of_any_length_is_diagnosed() {
    for secret in ["s", "secretkey", &"s".repeat(63), &"s".repeat(64), &"s".repeat(65)] {
        let signer = Signer::new("apikey", secret).unwrap();
        for newline in ["\n", "\r\n"] {
            let signature = Signer::new("apikey", format!("{secret}{newline}")).unwrap().sign(SALT).unwrap();
            assert_eq!(signer.diagnose(SALT, signature.to_base64()), Diagnosis::NewlineBehindSecret);
        }
    }
}

#[test]
fn json_refuses_a_salt_that_is_not_utf8() {
    let signer = signer();
    let credentials = signer.credentials_with_salt(Salt::new(b"\xff").unwrap());
    assert_eq!(credentials.to_json(), Err(Error::SaltNotUtf8));
    let quoted = signer.credentials_with_salt(Salt::new("\"\\\n").unwrap()).to_json().unwrap();
    assert!(quoted.starts_with(r#"{"apikey":"apikey","salt":"\"\\\n","signature":""#));
}

#[test]
fn debug_shows_neither_secret_nor_signature() {
    let signer = signer();
    let credentials = signer.credentials_with_salt(Salt::new(SALT).unwrap());
    let signature = credentials.signature();
    assert_eq!(format!("{signer:?} {signature:?}"), "Signer { api_key: \"apikey\", .. } Signature(..)");
    let shown = format!("{signer:?} {credentials:?} {signature:?}");
    for hidden in ["secretkey", "VKjt8M54", "EA0"] {
        assert!(!shown.contains(hidden));
    }
    assert!(shown.contains("apikey") && shown.contains(SALT));
}

#[test]
fn every_error_names_its_argument_and_the_rule() {
    let limits = [
        (Error::ApiKeyTooLong, Signer::API_KEY_MAX),
        (Error::SecretKeyTooLong, Signer::SECRET_KEY_MAX),
        (Error::SaltTooLong, Salt::MAX_LEN),
        (Error::BatchTooLarge, Signer::BATCH_MAX),
    ];
    for (error, limit) in limits {
        assert!(error.to_string().contains(&limit.to_string()), "{error}");
    }
    assert_eq!(Signer::new("", "secretkey").unwrap_err().to_string(), "API key: must not be empty");
    assert_eq!(Signer::new("apikey", "").unwrap_err().to_string(), "secret key: must not be empty");
    for salt in ["", "0"] {
        let error = signer().sign(salt).unwrap_err().to_string();
        assert!(error.starts_with("salt: must not be ") && error.ends_with("takes that for a missing salt"), "{error}");
    }
}
