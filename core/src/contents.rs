//! The parameters in one part of a request, as PHP keeps them.

use alloc::vec::Vec;
use core::fmt;

use crate::Salt;
use crate::encoded::Encoded;
use crate::json;
use crate::multipart::{self, Parts};
use crate::php::{self, Effect, Field, FieldMatch, Parameter};
use crate::value::{Name, NameBytes, Value};

/// The parameters in one part of a request.
///
/// It borrows the request. Only [`names`](Self::names) and [`salt`](Self::salt) allocate.
#[derive(Clone, Default)]
pub struct Contents<'a> {
    source: Source<'a>,
    /// Whether the first piece of a query is the route and not a parameter.
    opens_with_route: bool,
    /// The number of parameters that PHP keeps, besides those called `e`.
    count: usize,
    credentials: [KeptField<'a>; 3],
    pub(crate) route: KeptField<'a>,
    /// Whether each credential occurs after the last parameter that PHP takes.
    pub(crate) beyond_limit: [bool; 3],
    /// Whether each credential occurs with `amp;` before its name, as `&amp;` for `&` leaves it.
    pub(crate) after_amp: [bool; 3],
}

/// The text that the names are read from.
#[derive(Clone, Copy, Default)]
enum Source<'a> {
    #[default]
    Nothing,
    /// A query or a form, and more parameters that are added to it.
    Form(Encoded<'a>, Encoded<'a>),
    Multipart(&'a str, &'a [u8]),
    Json(&'a [u8]),
}

/// One field as PHP keeps it.
#[derive(Clone, Copy, Default)]
pub(crate) struct KeptField<'a> {
    /// The number of times that it occurs. The last one counts.
    pub(crate) times: usize,
    pub(crate) value: KeptValue<'a>,
}

/// The value of a field after all parameters were read.
#[derive(Clone, Copy, Default)]
pub(crate) enum KeptValue<'a> {
    #[default]
    Nothing,
    Text(Value<'a>),
    Array,
}

impl KeptField<'_> {
    pub(crate) fn is_missing(&self) -> bool {
        matches!(self.value, KeptValue::Nothing)
    }
}

/// The way in which PHP counts the parameters of a form.
#[derive(Clone, Copy)]
pub(crate) struct Limit {
    /// The number that it takes.
    max: usize,
    /// Whether an empty piece between two `&` counts.
    counts_empty: bool,
}

impl Limit {
    /// For `$_GET`, and for `parse_str`, which the server calls itself.
    pub(crate) const QUERY: Self = Limit { max: php::PARAMETERS_MAX, counts_empty: false };
    /// For `$_POST` of an encoded form: PHP notices an excess only after it has taken one parameter more.
    pub(crate) const POST: Self = Limit { max: php::PARAMETERS_MAX + 1, counts_empty: true };
}

impl<'a> Contents<'a> {
    /// Returns the first 1,000 names, decoded, in their order in the request. The route is left out. A name that occurs
    /// twice is returned twice.
    #[must_use]
    pub fn names(&self) -> Vec<Name<'a>> {
        /// The number that PHP takes.
        const NAMES_MAX: usize = php::PARAMETERS_MAX;
        match self.source {
            Source::Nothing => Vec::new(),
            Source::Form(first, more) => {
                let shown = |parameter: &Parameter<'a>| {
                    let is_route = parameter.field_match().is_some_and(|found| found.field == Field::Route);
                    !parameter.is_dropped() && !is_route
                };
                let first = php::parameters(first).skip(usize::from(self.opens_with_route));
                let parameters = first.chain(php::parameters(more)).filter(shown).take(NAMES_MAX);
                parameters.map(|parameter| Name(NameBytes::Sent(parameter.name.bytes()))).collect()
            }
            Source::Multipart(boundary, body) => {
                let names = Parts::new(body, boundary).filter(|part| !part.file).filter_map(|part| part.name);
                let shown = names.filter(|name| field_of(*name) != Some(Field::Route)).take(NAMES_MAX);
                shown.map(|name| Name(NameBytes::Part(name))).collect()
            }
            Source::Json(body) => {
                let mut names = Vec::new();
                let read = json::members(body, |name, _| {
                    if names.len() < NAMES_MAX {
                        names.push(Name(NameBytes::Member(name.characters())));
                    }
                });
                read.map(|_| names).unwrap_or_default()
            }
        }
    }

    /// Returns how many parameters there are, besides the route.
    #[must_use]
    pub fn len(&self) -> usize {
        self.count
    }

    /// Returns whether there is no parameter besides the route.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Returns whether there is a parameter besides the route and the credentials.
    #[must_use]
    pub fn has_fields(&self) -> bool {
        self.count > self.credentials.iter().map(|kept| kept.times).sum::<usize>()
    }

    /// Returns the salt, decoded, or `None` if there is none that can be signed: it is missing, an array, empty, `0`,
    /// or longer than [`Salt::MAX_LEN`] bytes.
    #[must_use]
    pub fn salt(&self) -> Option<Vec<u8>> {
        let [_, salt, _] = self.credentials();
        let KeptValue::Text(text) = salt.value else { return None };
        let bytes: Vec<u8> = text.bytes().take(Salt::MAX_LEN + 1).collect();
        Salt::new(&bytes).is_ok().then_some(bytes)
    }

    pub(crate) fn credentials(&self) -> [&KeptField<'a>; 3] {
        self.credentials.each_ref()
    }

    /// Returns which credentials are missing.
    pub(crate) fn missing(&self) -> [bool; 3] {
        self.credentials().map(KeptField::is_missing)
    }

    /// Returns whether there is any of the `wanted` credentials.
    pub(crate) fn holds(&self, wanted: [bool; 3]) -> bool {
        self.credentials().iter().zip(wanted).any(|(kept, wanted)| wanted && !kept.is_missing())
    }

    /// Reads a body that the server hands to PHP's `parse_str`, which stops at a NUL.
    pub(crate) fn of_body(body: &'a [u8]) -> Self {
        let end = memchr::memchr(0, body).unwrap_or(body.len());
        Self::of_form(Encoded::plain(&body[..end]), Limit::QUERY)
    }

    pub(crate) fn of_form(text: Encoded<'a>, limit: Limit) -> Self {
        let mut contents = Contents { source: Source::Form(text, Encoded::plain(b"")), ..Self::default() };
        contents.add_form(text, limit, false);
        contents
    }

    /// Adds the credentials that are still missing from `more`, the parameters after a route. `is_new` says that `more`
    /// is not part of the text that was read already.
    pub(crate) fn add_missing(&mut self, more: Encoded<'a>, is_new: bool) {
        let count = self.count;
        self.add_form(more, Limit::QUERY, true);
        if !is_new {
            self.count = count;
        } else if let Source::Form(text, _) = self.source {
            self.source = Source::Form(text, more);
        }
    }

    /// Marks the first piece as the route. PHP took it for a parameter, so it is no longer counted.
    pub(crate) fn set_opens_with_route(&mut self) {
        self.opens_with_route = true;
        self.count = self.count.saturating_sub(1);
    }

    fn add_form(&mut self, text: Encoded<'a>, limit: Limit, only_missing: bool) {
        let before = only_missing.then(|| self.missing());
        let mut taken = 0;
        for piece in php::pieces(text).filter(|piece| limit.counts_empty || !piece.is_empty()) {
            let parameter = Parameter::new(piece);
            let found = parameter.field_match();
            taken += 1;
            if taken > limit.max {
                mark(&mut self.beyond_limit, found);
            } else if !parameter.is_dropped() {
                if found.is_none() {
                    mark(&mut self.after_amp, after_amp(parameter));
                }
                self.add(found, before, || Value::Sent(parameter.value));
            }
        }
    }

    pub(crate) fn of_multipart(boundary: &'a str, body: &'a [u8]) -> Self {
        let mut contents = Contents { source: Source::Multipart(boundary, body), ..Self::default() };
        // A file is not a field, so it cannot replace one.
        let fields = Parts::new(body, boundary).filter(|part| !part.file);
        for (index, part) in fields.enumerate() {
            let found = part.name.and_then(|name| php::field_match(name.bytes()));
            if index >= php::PARAMETERS_MAX {
                mark(&mut contents.beyond_limit, found);
            } else if part.name.is_some() {
                contents.add(found, None, || Value::Sent(Encoded::plain(part.value)));
            }
        }
        contents
    }

    /// Reads a JSON object. Returns `None` if PHP reads none.
    pub(crate) fn of_json(body: &'a [u8]) -> Option<Self> {
        let mut contents = Contents { source: Source::Json(body), ..Self::default() };
        json::members(body, |name, value| {
            // The server finds no route in JSON, so `e` is a member like any other.
            let field = name.field().filter(|field| *field != Field::Route);
            let (effect, value) = match value {
                json::Value::Scalar(scalar) => (Effect::Text, Value::Json(scalar)),
                json::Value::Compound => (Effect::Array, Value::Sent(Encoded::plain(b""))),
            };
            contents.add(field.map(|field| FieldMatch { field, effect }), None, || value);
        })?;
        Some(contents)
    }

    /// Adds a parameter. If `only` is given, it skips each credential that is not marked there.
    fn add(&mut self, found: Option<FieldMatch>, only: Option<[bool; 3]>, value: impl FnOnce() -> Value<'a>) {
        let Some(FieldMatch { field, effect }) = found else {
            self.count += 1;
            return;
        };
        let kept = match index(field) {
            Some(index) if only.is_none_or(|wanted| wanted[index]) => &mut self.credentials[index],
            Some(_) => return,
            None => &mut self.route,
        };
        kept.times += 1;
        kept.value = match effect {
            Effect::Text => KeptValue::Text(value()),
            Effect::Array => KeptValue::Array,
            Effect::Deletion => KeptValue::Nothing,
        };
        self.count += usize::from(field != Field::Route);
    }
}

/// Returns the index of a credential among the three, or `None` for the route.
fn index(field: Field) -> Option<usize> {
    match field {
        Field::ApiKey => Some(0),
        Field::Salt => Some(1),
        Field::Signature => Some(2),
        Field::Route => None,
    }
}

fn mark(marks: &mut [bool; 3], found: Option<FieldMatch>) {
    if let Some(index) = found.and_then(|found| index(found.field)) {
        marks[index] = true;
    }
}

fn field_of(name: multipart::ParameterText<'_>) -> Option<Field> {
    php::field_match(name.bytes()).map(|found| found.field)
}

/// Returns the field that a name would land on without the `amp;` before it.
fn after_amp(parameter: Parameter<'_>) -> Option<FieldMatch> {
    let mut name = parameter.name.bytes();
    b"amp;".iter().all(|expected| name.next() == Some(*expected)).then(|| php::field_match(name)).flatten()
}

/// Shows the number of parameters, and none of their text.
impl fmt::Debug for Contents<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Contents").field("len", &self.count).finish_non_exhaustive()
    }
}
