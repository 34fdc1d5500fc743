//! Reads an entry of a HAR file, or the first entry of a whole file.

use crate::http::Headers;
use crate::json::Reader;
use crate::mapped::{Mapped, Slice};
use crate::{Error, Form, Found, Missing, Outcome, Remark};

pub(crate) fn read(text: Slice<'_>) -> Outcome<'_> {
    let start = text.trim_start();
    let inside = start.from(1).trim_start().first();
    if !matches!((start.first(), inside), (Some(b'{'), Some(b'"')) | (Some(b'['), Some(b'{'))) {
        return None;
    }
    let mut entry = Entry::default();
    entry.read(&mut Reader::of(start), 0);
    Some(entry.found())
}

#[derive(Default)]
struct Entry<'a> {
    method: Mapped<'a>,
    url: Mapped<'a>,
    headers: Headers<'a>,
    media_type: Option<Mapped<'a>>,
    body: Option<Mapped<'a>>,
    /// Whether there are fields of a form, whose body may be missing.
    has_fields: bool,
    several: bool,
}

impl<'a> Entry<'a> {
    /// Reads a file, a log, an entry or a request, each of which is in the one before.
    fn read(&mut self, reader: &mut Reader<'a>, level: usize) {
        const DEEPEST: usize = 5;
        if level > DEEPEST {
            return;
        }
        let mut first = true;
        reader.items(|reader| {
            if core::mem::take(&mut first) {
                self.read(reader, level + 1);
            } else {
                self.several = true;
            }
        });
        reader.members(|reader, name| match name {
            b"log" | b"entries" | b"request" => self.read(reader, level + 1),
            b"method" => self.method = reader.string().unwrap_or_default(),
            b"url" => self.url = reader.string().unwrap_or_default(),
            b"headers" => read_headers(reader, &mut self.headers),
            b"postData" => self.read_data(reader),
            _ => {}
        });
    }

    fn read_data(&mut self, reader: &mut Reader<'a>) {
        reader.members(|reader, name| match name {
            b"mimeType" => self.media_type = reader.string(),
            b"text" => self.body = reader.string(),
            b"params" => reader.items(|_| self.has_fields = true),
            _ => {}
        });
    }

    fn found(self) -> Result<Found<'a>, Error> {
        if self.url.is_empty() {
            return Err(Error::Json);
        }
        let mut found = Found::of(Form::Har);
        found.method = if self.method.is_empty() { Mapped::made("GET") } else { self.method };
        found.url = self.url;
        if self.several {
            found.remark(Remark::Several);
        }
        if self.headers.content_types > 1 {
            found.remark(Remark::ContentTypes);
        }
        found.missing = match &self.body {
            None if self.has_fields => Some(Missing::Expression),
            None if self.headers.length.is_some_and(|length| length > 0) => Some(Missing::Headers),
            _ => None,
        };
        found.content_type = self.headers.content_type.or(self.media_type.filter(|text| !text.is_empty()));
        found.host = self.headers.host;
        found.body = self.body.unwrap_or_default();
        Ok(found)
    }
}

/// Reads headers: an object of names and values, or an array with an object for each.
pub(crate) fn read_headers<'a>(reader: &mut Reader<'a>, headers: &mut Headers<'a>) {
    reader.items(|reader| {
        let (mut name, mut value) = (Mapped::default(), Mapped::default());
        reader.members(|reader, member| match member {
            b"name" => name = reader.string().unwrap_or_default(),
            b"value" => value = reader.string().unwrap_or_default(),
            _ => {}
        });
        headers.put(name.value(), || value);
    });
    reader.members(|reader, name| {
        if let Some(value) = reader.string() {
            headers.put(name, || value);
        }
    });
}
