//! Checks the shared vectors, and compares 10,000 random signatures with those of the `hmac` crate.
#![cfg(test)]

// Other tests use the rest of this module.
#[allow(dead_code)]
mod support {
    pub mod table;
}

use std::str;

use base64::{Engine, prelude::BASE64_STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use kayako_sign_core::{Error, Salt, Signer};
use rand::{TryRng, rngs::SysRng};

use support::table::{Row, rows, status};

#[test]
fn every_shared_vector_holds() {
    let rows = rows("vectors.tsv");
    let broken: Vec<_> = rows.iter().filter(|row| outcome(row) != expected(row)).map(title).collect();
    assert!(
        broken.is_empty(),
        "of {} vectors these do not hold, so correct the code, or the rows in tests/tables/vectors.tsv: {broken:#?}",
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

/// Returns 2 to `max` + 1 bytes, so that no salt is empty or 0.
fn random_bytes(max: u32) -> Vec<u8> {
    let len = SysRng.try_next_u32().unwrap() % max + 2;
    let mut bytes = vec![0; len as usize];
    SysRng.try_fill_bytes(&mut bytes).unwrap();
    bytes
}

fn title(row: &Row) -> String {
    format!("{}: {}", row.text("operation"), row.name())
}

fn expected(row: &Row) -> Result<String, String> {
    let status = row.text("status");
    if status == "KAYAKO_OK" { Ok(row.text("output")) } else { Err(status) }
}

fn outcome(row: &Row) -> Result<String, String> {
    let (api_key, salt) = (row.bytes("api_key"), row.bytes("salt"));
    let api_key = str::from_utf8(&api_key).map_err(|_| status(Error::ApiKeyNotUtf8))?;
    let signer = Signer::new(api_key, row.bytes("secret_key")).map_err(status)?;
    let given = || Salt::new(&salt);
    match row.text("operation").as_str() {
        "signer" => Ok(String::new()),
        "sign" => signer.sign(&salt).map(|signature| signature.to_base64()).map_err(status),
        "sign_urlencoded" => signer.sign(&salt).map(|signature| signature.to_url_encoded()).map_err(status),
        "query" => given().map(|salt| signer.credentials_with_salt(salt).to_query()).map_err(status),
        "credentials" => given().and_then(|salt| signer.credentials_with_salt(salt).to_json()).map_err(status),
        "verify" if signer.verify(&salt, row.bytes("signature")) => Ok(String::new()),
        "verify" => Err("KAYAKO_REFUSED".to_owned()),
        other => panic!("vectors.tsv: {other} is no operation"),
    }
}
