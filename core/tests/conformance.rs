//! The shared vectors, and 10,000 random ones against the `hmac` crate.
#![cfg(test)]

use std::{fs, str};

use base64::{Engine, prelude::BASE64_STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use kayako_sign_core::{Error, Salt, Signer};
use rand::{TryRng, rngs::SysRng};

#[test]
fn every_shared_vector_holds() {
    let table = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/vectors.tsv")).unwrap();
    let rows: Vec<_> = table.lines().filter(|line| !line.starts_with('#')).map(Row::read).collect();
    let broken: Vec<_> = rows.iter().filter(|row| row.outcome() != row.expected()).map(Row::title).collect();
    assert!(
        broken.is_empty(),
        "of {} vectors these do not hold, so mend the code, or the rows in tests/vectors.tsv: {broken:#?}",
        rows.len()
    );
    println!("{} vectors", rows.len());
}

#[test]
fn ten_thousand_random_pairs_are_signed_as_the_hmac_crate_signs_them() {
    for _ in 0..10_000 {
        let secret_key = random_bytes(200);
        let salt = random_bytes(200);
        let mut mac = Hmac::<sha2::Sha256>::new_from_slice(&secret_key).unwrap();
        mac.update(&salt);
        let expected = BASE64_STANDARD.encode(mac.finalize().into_bytes());
        let signer = Signer::new("apikey", &secret_key).unwrap();
        let outcome = signer.sign(&salt).map(|signature| signature.to_base64());
        assert!(outcome == Ok(expected), "secret key {secret_key:?}, salt {salt:?}");
    }
}

/// 2 to `max` + 1 bytes: never an empty salt, nor the salt 0.
fn random_bytes(max: u32) -> Vec<u8> {
    let len = SysRng.try_next_u32().unwrap() % max + 2;
    let mut bytes = vec![0; len as usize];
    SysRng.try_fill_bytes(&mut bytes).unwrap();
    bytes
}

/// A line of `vectors.tsv`, whose head says what the columns mean.
struct Row<'a> {
    name: &'a str,
    operation: &'a str,
    api_key: Vec<u8>,
    secret_key: Vec<u8>,
    salt: Vec<u8>,
    signature: Vec<u8>,
    status: &'a str,
    output: &'a str,
}

impl<'a> Row<'a> {
    fn read(line: &'a str) -> Self {
        let columns: Vec<_> = line.split('\t').collect();
        let [name, operation, api_key, secret_key, salt, signature, status, output] = columns[..] else {
            panic!("vectors.tsv: a row has {} columns instead of 8: {line:.60}", columns.len());
        };
        let [api_key, secret_key, salt, signature] = [api_key, secret_key, salt, signature].map(value);
        Row { name, operation, api_key, secret_key, salt, signature, status, output }
    }

    fn title(&self) -> String {
        format!("{}: {}", self.operation, self.name)
    }

    fn expected(&self) -> Result<String, &'a str> {
        if self.status == "KAYAKO_OK" { Ok(self.output.to_owned()) } else { Err(self.status) }
    }

    fn outcome(&self) -> Result<String, &'static str> {
        let api_key = str::from_utf8(&self.api_key).map_err(|_| status(Error::ApiKeyNotUtf8))?;
        let signer = Signer::new(api_key, &self.secret_key).map_err(status)?;
        let salt = || Salt::new(&self.salt);
        match self.operation {
            "signer" => Ok(String::new()),
            "sign" => signer.sign(&self.salt).map(|signature| signature.to_base64()).map_err(status),
            "sign_urlencoded" => signer.sign(&self.salt).map(|signature| signature.to_url_encoded()).map_err(status),
            "query" => salt().map(|salt| signer.credentials_with_salt(salt).to_query()).map_err(status),
            "credentials" => salt().and_then(|salt| signer.credentials_with_salt(salt).to_json()).map_err(status),
            "verify" if signer.verify(&self.salt, &self.signature) => Ok(String::new()),
            "verify" => Err("KAYAKO_REFUSED"),
            other => panic!("vectors.tsv: {other} is no operation"),
        }
    }
}

fn value(column: &str) -> Vec<u8> {
    if let Some(digits) = column.strip_prefix("hex:") {
        let pairs = digits.as_bytes().chunks(2).map(|pair| str::from_utf8(pair).unwrap());
        return pairs.map(|pair| u8::from_str_radix(pair, 16).unwrap()).collect();
    }
    match column.split_once('*') {
        Some((text, times)) => text.repeat(times.parse().unwrap()).into_bytes(),
        None => column.as_bytes().to_vec(),
    }
}

/// The C ABI's name for an error, which is what the table holds.
fn status(error: Error) -> &'static str {
    match error {
        Error::EmptyApiKey => "KAYAKO_EMPTY_API_KEY",
        Error::ApiKeyTooLong => "KAYAKO_API_KEY_TOO_LONG",
        Error::ApiKeyNotUtf8 => "KAYAKO_API_KEY_NOT_UTF8",
        Error::EmptySecretKey => "KAYAKO_EMPTY_SECRET_KEY",
        Error::SecretKeyTooLong => "KAYAKO_SECRET_KEY_TOO_LONG",
        Error::EmptySalt => "KAYAKO_EMPTY_SALT",
        Error::ZeroSalt => "KAYAKO_ZERO_SALT",
        Error::SaltTooLong => "KAYAKO_SALT_TOO_LONG",
        other => panic!("no vector expects this: {other}"),
    }
}
