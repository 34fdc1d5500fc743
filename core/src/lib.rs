//! Signatures for the REST API of Kayako Classic, the self-hosted helpdesk.
//!
//! Every request to that API carries an API key, a salt and a signature, which is the base64 of HMAC-SHA256 over the
//! salt, keyed with the secret key. A [`Signer`] holds the two keys and makes [`Credentials`], the three parameters.
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
//! The signature covers only the salt, so anyone who sees a request can repeat it. HTTPS protects it.
//!
//! The crate does no I/O, keeps no global state and has no unsafe code. It is `no_std` with `alloc`; the default
//! feature `os-rng` takes fresh salts from the operating system.
//!
//! # The modules, in reading order
//!
//! Signing: `signer` holds the keys, `salt` is the input, `hmac` computes, `signature` is the output, and `credentials`
//! writes the three parameters. `error` lists the errors; `message` makes the texts of errors and diagnoses.
//!
//! A request, in the order of the server's stages: `request` holds its parts, and `url` those of its URL. `route` finds
//! the route (stages 1 and 2), and `controllers` lists the vendor's. `container` says which part the server reads
//! (stages 3 and 4). `php`, `encoded`, `multipart` and `json` read a part as PHP does; `contents` and `value` hold the
//! result.
//!
//! Two directions from there. `insertion` puts credentials into a request; `form_check` and `multipart_check` check its
//! body first, with the help of `body_fields`; `upload` does the same for a body in pieces. `reading` shows a request
//! as the server sees it. `request_diagnosis` and `signature_diagnosis` find out why the server refuses it, and
//! `diagnosis` lists the causes.
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
mod form_check;
mod hmac;
mod insertion;
mod json;
mod message;
mod multipart;
mod multipart_check;
mod php;
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
