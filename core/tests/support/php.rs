//! PHP's own reading of names, for many texts at once.

use std::io::Write;
use std::process::{Command, Stdio};
use std::thread;

use super::helpdesk::started;

/// The parameters that a request must not carry twice.
pub const FIELDS: [&str; 4] = ["apikey", "salt", "signature", "e"];

/// Reads texts from standard input, a line of hexadecimal digits each, and writes for each a line that tells which of
/// the fields, given before it, it replaced.
const PROGRAM: &str = r#"
    while (($line = fgets(STDIN)) !== false) {
        parse_str("apikey=mine&salt=mine&signature=mine&e=mine&" . hex2bin(trim($line)), $seen);
        foreach (["apikey", "salt", "signature", "e"] as $field) {
            echo ($seen[$field] ?? null) === "mine" ? "0" : "1";
        }
        echo "\n";
    }
"#;

/// Which of the fields each text replaces where it stands behind them in a query or a form.
pub fn replaced<'t>(texts: impl Iterator<Item = &'t [u8]>) -> Vec<[bool; 4]> {
    let mut php = Command::new("php");
    let mut php = started(php.args(["-r", PROGRAM]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()));
    let mut input = php.stdin.take().expect("its standard input");
    let lines: Vec<_> = texts.map(|text| in_digits(text) + "\n").collect();
    let count = lines.len();
    // From a thread of its own: PHP answers while it reads.
    let writer = thread::spawn(move || input.write_all(lines.concat().as_bytes()));
    let output = php.wait_with_output().expect("php ends");
    writer.join().expect("the writer ends").expect("php reads all");
    let answers = String::from_utf8(output.stdout).expect("digits");
    let answers: Vec<_> = answers.lines().map(|line| [0, 1, 2, 3].map(|at| line.as_bytes()[at] == b'1')).collect();
    assert_eq!(answers.len(), count, "php answers each text");
    answers
}

fn in_digits(text: &[u8]) -> String {
    text.iter().flat_map(|byte| [byte >> 4, byte & 15]).filter_map(|digit| char::from_digit(digit.into(), 16)).collect()
}
