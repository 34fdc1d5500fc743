//! Asks PHP how it reads names, for many texts at once.

use std::io::Write;
use std::process::{Command, Stdio};
use std::thread;

use super::helpdesk::started;

/// The parameters that a request must not carry twice.
pub const FIELDS: [&str; 4] = ["apikey", "salt", "signature", "e"];

/// Prints a digit for each field: 1 if a text after the fields replaces it.
const REPLACED: &str = r#"
    parse_str("apikey=mine&salt=mine&signature=mine&e=mine&" . $text, $seen);
    foreach (["apikey", "salt", "signature", "e"] as $field) {
        echo ($seen[$field] ?? null) === "mine" ? "0" : "1";
    }
"#;

/// Prints the names in a JSON object, or "none".
const NAMES: &str = r#"
    $object = json_decode($text);
    echo $object instanceof stdClass ? json_encode(array_map(strval(...), array_keys((array) $object))) : "none";
"#;

/// Returns which of the fields each text replaces if it is after them in a query or a form.
pub fn replaced<'t>(texts: impl Iterator<Item = &'t [u8]>) -> Vec<[bool; 4]> {
    let answers = answers(REPLACED, texts);
    answers.iter().map(|line| [0, 1, 2, 3].map(|at| line.as_bytes()[at] == b'1')).collect()
}

/// Returns the different names in each text, or `None` if PHP reads no JSON object in it.
pub fn names_in_json<'t>(texts: impl Iterator<Item = &'t [u8]>) -> Vec<Option<Vec<String>>> {
    let read = |line: &String| (line != "none").then(|| serde_json::from_str(line).expect("a list of names"));
    answers(NAMES, texts).iter().map(read).collect()
}

/// Returns each text base64-decoded by PHP.
pub fn base64_decoded<'t>(texts: impl Iterator<Item = &'t [u8]>) -> Vec<Vec<u8>> {
    let bytes = |line: &String| {
        let pairs = line.as_bytes().chunks_exact(2).map(|pair| std::str::from_utf8(pair).expect("digits"));
        pairs.map(|pair| u8::from_str_radix(pair, 16).expect("hexadecimal digits")).collect()
    };
    answers("echo bin2hex(base64_decode($text));", texts).iter().map(bytes).collect()
}

/// Returns the line that a PHP program prints for each text.
fn answers<'t>(program: &str, texts: impl Iterator<Item = &'t [u8]>) -> Vec<String> {
    // Each text is a line of hexadecimal digits on standard input.
    let program =
        format!(r#"while (($line = fgets(STDIN)) !== false) {{ $text = hex2bin(trim($line)); {program} echo "\n"; }}"#);
    let mut php = Command::new("php");
    let mut php =
        started(php.args(["-r", &program]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()));
    let mut input = php.stdin.take().expect("its standard input");
    let lines: Vec<_> = texts.map(|text| in_digits(text) + "\n").collect();
    let count = lines.len();
    // A thread of its own writes, because PHP answers while it reads.
    let writer = thread::spawn(move || input.write_all(lines.concat().as_bytes()));
    let output = php.wait_with_output().expect("php ends");
    writer.join().expect("the writer ends").expect("php reads all");
    let answers: Vec<_> = String::from_utf8(output.stdout).expect("text").lines().map(str::to_owned).collect();
    assert_eq!(answers.len(), count, "php answers each text");
    answers
}

fn in_digits(text: &[u8]) -> String {
    text.iter().flat_map(|byte| [byte >> 4, byte & 15]).filter_map(|digit| char::from_digit(digit.into(), 16)).collect()
}
