//! The tables that every language's runner reads.

use std::fs;

use kayako_sign_core::{Diagnosis, Error};

/// The rows of a table, each of so many columns, the first of them its name.
pub fn rows<const COLUMNS: usize>(file: &str) -> Vec<[String; COLUMNS]> {
    let path = format!("{}/../tests/{file}", env!("CARGO_MANIFEST_DIR"));
    let table = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let lines = table.lines().filter(|line| !line.starts_with('#'));
    let rows: Vec<_> = lines.map(|line| row(file, line)).collect();
    assert!(!rows.is_empty(), "{file} has no rows");
    rows
}

fn row<const COLUMNS: usize>(file: &str, line: &str) -> [String; COLUMNS] {
    let columns: Vec<_> = line.split('\t').map(str::to_owned).collect();
    columns.try_into().unwrap_or_else(|columns: Vec<_>| {
        panic!("{file}: a row has {} columns instead of {COLUMNS}: {line:.60}", columns.len())
    })
}

/// What a column stands for.
pub fn unescaped(column: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = column;
    while let Some((before, escape)) = rest.split_once('\\') {
        bytes.extend_from_slice(before.as_bytes());
        let (kind, behind) = escape.split_at(1);
        rest = behind;
        match kind {
            "\\" => bytes.push(b'\\'),
            "r" => bytes.push(b'\r'),
            "n" => bytes.push(b'\n'),
            "t" => bytes.push(b'\t'),
            "x" => {
                let (digits, behind) = rest.split_at(2);
                bytes.push(u8::from_str_radix(digits, 16).expect("two hexadecimal digits"));
                rest = behind;
            }
            other => panic!("\\{other} is no escape: {column:.60}"),
        }
    }
    bytes.extend_from_slice(rest.as_bytes());
    bytes
}

pub fn text(column: &str) -> String {
    String::from_utf8(unescaped(column)).expect("text")
}

/// The C ABI's name for an error.
pub fn status(error: Error) -> String {
    format!("KAYAKO_{}", in_capitals(&format!("{error:?}")))
}

/// The C ABI's name for a diagnosis.
pub fn diagnosis(diagnosis: Diagnosis) -> String {
    format!("KAYAKO_DIAGNOSIS_{}", in_capitals(&format!("{diagnosis:?}")))
}

/// `SaltNotUtf8` as `SALT_NOT_UTF8`.
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
