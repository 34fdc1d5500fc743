//! Decodes a value or a name in a request byte by byte, from any container, without copying it.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::encoded::{self, Encoded};
use crate::{json, multipart};

/// A value that PHP holds as one text.
#[derive(Clone, Copy)]
pub(crate) enum Value<'a> {
    /// A value of a query, a form or multipart.
    Sent(Encoded<'a>),
    /// A value of JSON.
    Json(json::Scalar<'a>),
}

impl<'a> Value<'a> {
    pub(crate) fn bytes(self) -> Bytes<'a> {
        match self {
            Value::Sent(text) => Bytes::Sent(text.bytes()),
            Value::Json(scalar) => Bytes::Json(scalar.bytes()),
        }
    }

    /// Returns whether PHP's `empty` is true for it.
    pub(crate) fn is_empty(self) -> bool {
        let mut bytes = self.bytes();
        match bytes.next() {
            None => true,
            Some(first) => first == b'0' && bytes.next().is_none(),
        }
    }
}

/// The bytes of a value.
#[derive(Clone)]
pub(crate) enum Bytes<'a> {
    Sent(encoded::Bytes<'a>),
    Json(json::Bytes<'a>),
}

impl Iterator for Bytes<'_> {
    type Item = u8;

    fn next(&mut self) -> Option<u8> {
        match self {
            Bytes::Sent(bytes) => bytes.next(),
            Bytes::Json(bytes) => bytes.next(),
        }
    }
}

/// The name of a parameter, a part or a member, as PHP decodes it.
#[derive(Clone)]
pub struct Name<'a>(pub(crate) NameBytes<'a>);

#[derive(Clone)]
pub(crate) enum NameBytes<'a> {
    Sent(encoded::Bytes<'a>),
    Part(multipart::ParameterText<'a>),
    Member(json::Characters<'a>),
}

impl Name<'_> {
    /// Returns the decoded bytes of the name.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        match &self.0 {
            NameBytes::Sent(bytes) => bytes.clone().collect(),
            NameBytes::Part(name) => name.bytes().collect(),
            NameBytes::Member(characters) => characters.clone().collect::<String>().into_bytes(),
        }
    }
}

/// Shows the name, with replacement characters for bytes that are not UTF-8.
impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(&self.to_bytes()))
    }
}

/// Leaves the text out: if a body is read as the wrong type, a name may be all of it, including a secret.
impl fmt::Debug for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Name(..)")
    }
}
