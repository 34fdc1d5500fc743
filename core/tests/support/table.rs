//! Reads the tables that the tests of every language share. The head of each explains it.

use std::fs;

use kayako_sign_core::{Diagnosis, Error};

/// A row of a table.
pub struct Row {
    columns: Vec<String>,
    values: Vec<String>,
}

/// Returns the rows of a table.
pub fn rows(file: &str) -> Vec<Row> {
    let path = format!("{}/../tests/tables/{file}", env!("CARGO_MANIFEST_DIR"));
    let table = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let mut lines = table.lines().filter(|line| !line.starts_with('#'));
    let columns = split(lines.next().unwrap_or_default());
    let rows: Vec<_> = lines.map(|line| Row { columns: columns.clone(), values: split(line) }).collect();
    assert!(!rows.is_empty(), "{file} has no rows");
    for row in &rows {
        assert_eq!(row.values.len(), columns.len(), "{file}: the number of columns of {}", row.name());
    }
    rows
}

fn split(line: &str) -> Vec<String> {
    line.split('\t').map(str::to_owned).collect()
}

impl Row {
    pub fn name(&self) -> &str {
        &self.values[0]
    }

    /// Returns the value of a column. Panics if the table has no such column.
    pub fn bytes(&self, column: &str) -> Vec<u8> {
        let index = self.columns.iter().position(|name| name == column);
        decoded(&self.values[index.unwrap_or_else(|| panic!("{column} is no column of the table"))])
    }

    /// Returns the value of a column as text.
    pub fn text(&self, column: &str) -> String {
        String::from_utf8(self.bytes(column)).expect("text")
    }
}

/// Returns the bytes of a value.
fn decoded(value: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = value;
    while let Some((before, escape)) = rest.split_once('\\') {
        bytes.extend_from_slice(before.as_bytes());
        let (kind, after) = escape.split_at(1);
        rest = after;
        match kind {
            "\\" => bytes.push(b'\\'),
            "r" => bytes.push(b'\r'),
            "n" => bytes.push(b'\n'),
            "t" => bytes.push(b'\t'),
            "x" => {
                let (digits, after) = rest.split_at(2);
                bytes.push(u8::from_str_radix(digits, 16).expect("two hexadecimal digits"));
                rest = after;
            }
            "{" => {
                let (times, after) = rest.split_once('}').expect("a number in braces");
                let repeated = *bytes.last().expect("a byte to repeat");
                bytes.resize(bytes.len() - 1 + times.parse::<usize>().expect("a number"), repeated);
                rest = after;
            }
            other => panic!("\\{other} is no escape: {value:.60}"),
        }
    }
    bytes.extend_from_slice(rest.as_bytes());
    bytes
}

/// Returns the C ABI's name for an error.
pub fn status(error: Error) -> String {
    format!("KAYAKO_{}", in_capitals(&format!("{error:?}")))
}

/// Returns the C ABI's name for a diagnosis.
pub fn diagnosis(diagnosis: Diagnosis) -> String {
    format!("KAYAKO_DIAGNOSIS_{}", in_capitals(&format!("{diagnosis:?}")))
}

/// Turns `SaltNotUtf8` into `SALT_NOT_UTF8`.
fn in_capitals(name: &str) -> String {
    let mut capitals = String::new();
    for character in name.chars() {
        if character.is_ascii_uppercase() && !capitals.is_empty() {
            capitals.push('_');
        }
        capitals.push(character.to_ascii_uppercase());
    }
    capitals
}
