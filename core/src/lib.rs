//! Signatures for the REST API of Kayako Classic, the self-hosted helpdesk.
//!
//! Every request to that API carries an API key, a salt and a signature: the base64 of HMAC-SHA256 over the salt,
//! keyed with the secret key. A [`Signer`] holds the two keys and makes [`Credentials`], the three parameters.
//!
//! ```
//! use kayako_sign_core::Signer;
//!
//! let signer = Signer::new("apikey", "secretkey")?;
//! let signature = signer.sign("1234567890")?;
//! assert_eq!(signature.to_base64(), "VKjt8M54liY6xq1UuhUYH5BFp1RUqHekqytgLPrVEA0=");
//! assert_eq!(signature.to_url_encoded(), "VKjt8M54liY6xq1UuhUYH5BFp1RUqHekqytgLPrVEA0%3D");
//! # Ok::<(), kayako_sign_core::Error>(())
//! ```
//!
//! The signature covers the salt alone, so anyone who sees a request can repeat it. HTTPS is what protects it.
//!
//! The crate does no I/O, keeps no global state and has no unsafe code. It is `no_std` with `alloc`; the default
//! feature `os-rng` takes fresh salts from the operating system.
//!
//! # The modules, in reading order
//!
//! Signing: `signer` holds the keys, `salt` and `signature` are what goes in and comes out, `hmac` is between them, and
//! `credentials` writes the three parameters. `error`, and `message` for the texts of errors and diagnoses.
//!
//! A request, by the server's stages: `request` and `url` are its parts; `route` says where the server finds the route
//! (stages 1 and 2), with the vendor's `controllers`; `container` says which part the server reads (stages 3 and 4).
//! `php`, `encoded`, `multipart` and `json` are the ways in which PHP reads a part, and `contents` and `value` are what
//! it keeps.
//!
//! Two directions from there: `insertion` puts credentials into a request, with `form` and `plain` to judge its body,
//! `body_fields` for what both find, and `upload` for a body in pieces. `reading` reads a request back, and
//! `request_diagnosis`, `signature_diagnosis` and `diagnosis` say what is wrong with it.
#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;
#[cfg(test)]
extern crate std;

mod body_fields;
mod container;
mod contents;
mod controllers;
mod credentials;
mod diagnosis;
mod encoded;
mod error;
mod form;
mod hmac;
mod insertion;
mod json;
mod message;
mod multipart;
mod php;
mod plain;
mod reading;
mod request;
mod request_diagnosis;
mod route;
mod salt;
mod signature;
mod signature_diagnosis;
mod signer;
mod upload;
mod url;
mod value;

pub use container::Container;
pub use contents::Contents;
pub use credentials::Credentials;
pub use diagnosis::{Answer, Diagnosis};
pub use error::Error;
pub use insertion::{Insertion, InsertionPoint, Target};
pub use reading::Reading;
pub use request::Request;
pub use route::{Route, RouteSource};
pub use salt::Salt;
pub use signature::{Signature, UrlEncodedBuffer};
pub use signer::Signer;
pub use upload::Upload;
pub use value::Name;

/// The examples of the README, run as tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
