//! A JSON body, read with `serde_json` and not rewritten.

use alloc::string::{String, ToString};
use core::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use crate::php::{Field, exact_field};

/// Reads the members of the object that `body` is, gives each to `each`, and returns how many there are. `None` where
/// `body` is not an object, or not JSON as PHP takes it.
pub(crate) fn members<const KEEP: bool>(
    body: &[u8],
    mut each: impl FnMut(&str, Option<Field>, Value<KEEP>),
) -> Option<usize> {
    let mut json = serde_json::Deserializer::from_slice(body);
    let count = json.deserialize_map(Members::<KEEP, _> { each: &mut each }).ok()?;
    json.end().ok()?;
    Some(count)
}

struct Members<'f, const KEEP: bool, F> {
    each: &'f mut F,
}

impl<'de, const KEEP: bool, F: FnMut(&str, Option<Field>, Value<KEEP>)> Visitor<'de> for Members<'_, KEEP, F> {
    type Value = usize;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<usize, A::Error> {
        let mut count = 0;
        while let Some(Name { text, field }) = map.next_key::<Name<KEEP>>()? {
            (self.each)(&text, field, map.next_value()?);
            count += 1;
        }
        Ok(count)
    }
}

/// The name of a member, and the field it lands on. The text is kept with `KEEP` alone.
struct Name<const KEEP: bool> {
    text: String,
    field: Option<Field>,
}

impl<'de, const KEEP: bool> Deserialize<'de> for Name<KEEP> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Names::<KEEP>)
    }
}

struct Names<const KEEP: bool>;

impl<const KEEP: bool> Visitor<'_> for Names<KEEP> {
    type Value = Name<KEEP>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Self::Value, E> {
        // PHP has no property with such a name, and so refuses the whole body.
        if name.starts_with('\0') {
            return Err(E::custom("a name begins with NUL"));
        }
        let text = if KEEP { name.to_string() } else { String::new() };
        Ok(Name { text, field: exact_field(name) })
    }
}

/// A value of any kind. With `KEEP` it holds what the server makes of it where a text is wanted; without, it was looked
/// through and forgotten.
///
/// `serde_json`'s own `IgnoredAny` would pass over strings that PHP refuses: with half a surrogate pair, or not UTF-8.
/// Asking for each string as one has it checked.
pub(crate) enum Value<const KEEP: bool> {
    Text(String),
    /// An array or an object, which is no text.
    Compound,
}

pub(crate) type Checked = Value<false>;

impl<const KEEP: bool> Value<KEEP> {
    fn of(text: &(impl ToString + ?Sized)) -> Self {
        Value::Text(if KEEP { text.to_string() } else { String::new() })
    }
}

impl<'de, const KEEP: bool> Deserialize<'de> for Value<KEEP> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Values::<KEEP>)
    }
}

struct Values<const KEEP: bool>;

impl<'de, const KEEP: bool> Visitor<'de> for Values<KEEP> {
    type Value = Value<KEEP>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Value::of(text))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Value::of(&number))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
        Ok(Value::of(&number))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Self::Value, E> {
        // PHP writes -0.0 as -0, but takes it for empty like every zero.
        Ok(Value::of(&(number + 0.0)))
    }

    fn visit_bool<E>(self, truth: bool) -> Result<Self::Value, E> {
        Ok(Value::of(if truth { "1" } else { "" }))
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Value::of(""))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut count = 0_usize;
        while seq.next_element::<Checked>()?.is_some() {
            count += 1;
        }
        // An empty list is as empty to the server as an empty text.
        Ok(if count == 0 { Value::of("") } else { Value::Compound })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        while map.next_entry::<Name<false>, Checked>()?.is_some() {}
        Ok(Value::Compound)
    }
}
