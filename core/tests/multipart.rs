//! Bodies that are judged piece by piece: any cut gives the verdict of the whole, and no input costs more than its length.
#![cfg(test)]

// Other tests use the rest of it.
#[allow(dead_code)]
mod support {
    pub mod helpdesk;
    pub mod php;
    pub mod sent;
    pub mod table;
}

use std::hint::black_box;
use std::time::Duration;

use kayako_sign_core::{Error, Reading, Request, Signer};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{TestCaseResult, TestRunner};
use rustix::time::{ClockId, clock_gettime};

use support::php::replaced;
use support::sent::Sent;
use support::table::{Row, rows, status};

const API: &str = "https://help.example.com/api/index.php?/Base/User";
const FORM: &str = "application/x-www-form-urlencoded";
const MULTIPART: &str = "multipart/form-data; boundary=X";

fn for_all<S: Strategy>(cases: u32, strategy: &S, statement: impl Fn(S::Value) -> TestCaseResult) {
    let config = ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() };
    if let Err(failure) = TestRunner::new(config).run(strategy, statement) {
        panic!("{failure}");
    }
}

// ---- Cuts ----

/// What a body of a type is judged, in pieces of the lengths that are given, again and again: with a URL that has a route,
/// and with one that has none, so that the body may have it.
type Verdict = [Result<(), Error>; 2];

fn verdict(content_type: &str, body: &[u8], lengths: &[usize]) -> Verdict {
    [API, "https://help.example.com/api/index.php"].map(|url| judged(url, content_type, body, lengths))
}

fn judged(url: &str, content_type: &str, body: &[u8], lengths: &[usize]) -> Result<(), Error> {
    let signer = Signer::new("apikey", "secretkey").unwrap();
    let (_, mut upload) = signer.upload(&Request::new("POST", url).content_type(content_type))?;
    let mut rest = body;
    for len in lengths.iter().cycle() {
        if rest.is_empty() {
            break;
        }
        let (piece, after) = rest.split_at(rest.len().min(*len));
        rest = after;
        if let Err(error) = upload.check(piece) {
            assert_eq!((upload.check(b""), upload.end()), (Err(error), Err(error)), "a refusal lasts");
            return Err(error);
        }
    }
    upload.end()
}

fn whole(content_type: &str, body: &[u8]) -> Verdict {
    verdict(content_type, body, &[usize::MAX])
}

#[test]
fn every_body_of_the_tables_is_judged_the_same_in_any_cut() {
    let mut judged = 0;
    for (name, content_type, body) in bodies() {
        let expected = whole(&content_type, &body);
        for lengths in [&[1][..], &[2], &[1, 7, 3], &[64, 1], &[5, 0, 11]] {
            assert_eq!(verdict(&content_type, &body, lengths), expected, "{name}, in pieces of {lengths:?}");
        }
        judged += 1;
    }
    assert!(judged > 60, "the tables have hardly a form or multipart body");
}

/// Name, type and body of each row of the table with a POST of a form or of multipart.
fn bodies() -> Vec<(String, String, Vec<u8>)> {
    let is_judged = |row: &&Row| {
        let kind = row.text("content_type").to_ascii_lowercase();
        row.text("method") == "POST"
            && !kind.contains("json")
            && (kind == FORM || kind.starts_with("multipart/form-data"))
    };
    let body = |row: &Row| (row.name().to_owned(), row.text("content_type"), row.bytes("body"));
    rows("requests.tsv").iter().filter(is_judged).map(body).collect()
}

#[test]
fn what_is_judged_piece_by_piece_is_what_signing_refuses() {
    for row in rows("requests.tsv") {
        let expected = row.text("status");
        let concerns_the_body =
            ["MULTIPART_NOT_PLAIN", "MULTIPART_BOUNDARY"].iter().any(|kind| expected.ends_with(kind));
        let kind = row.text("content_type").to_ascii_lowercase();
        if row.text("method") == "POST" && concerns_the_body && kind.starts_with("multipart/form-data") {
            let [said, _] = whole(&row.text("content_type"), &row.bytes("body"));
            let said = said.err().map(status);
            assert_eq!(said.as_ref(), Some(&expected), "{}", row.name());
        }
    }
}

const PIECES: &str = "--X|--X\r\n|\r\n--X\r\n|\n--X\n|--X--|\r\n--X--\r\n|-|X|\r|\n|\r\n|\0|a|/|Content-Disposition: form-data; |\
    name=\"a\"|name=\"e\"|name=\"e[]\"|name=\"salt\"|; filename=\"f\"|\r\n\r\n|\"|;|=|:|[|]|\\|/Base/User|\
    --X\r\nContent-Disposition: form-data; name=\"e\"\r\n\r\n/Base/User\r\n|\
    --X\r\nContent-Disposition: form-data; name=\"b\"\r\n\r\n1\r\n";

const FORM_PIECES: &str = "apikey|salt|signature|e|s|a|&|&|=|=|[|]|[x]|+|%|%2|%0|%00|%20|%73|%65|%5B|%5d|%2F|/|.|%zz|\
    e=/Base/User&|e=%2FBase%2FUser|b=1&|=1|%26";

fn joined(pieces: &'static str, most: usize) -> impl Strategy<Value = String> {
    vec(select(pieces.split('|').collect::<Vec<_>>()), 0..most).prop_map(|pieces| pieces.concat())
}

fn lengths() -> impl Strategy<Value = Vec<usize>> {
    vec(prop_oneof![3 => 1..4_usize, 1 => 0..100_usize], 1..8).prop_map(|mut lengths| {
        // At least one piece has a byte.
        lengths.push(1);
        lengths
    })
}

#[test]
fn any_body_is_judged_the_same_in_any_cut() {
    let multipart = joined(PIECES, 14).prop_map(|body| (MULTIPART, body));
    let plain = joined(PIECES, 6).prop_map(|value| (MULTIPART, part("a", &value.replace("--X", "--")) + "--X--"));
    let long = (select(&["a", "e"][..]), 990..1_200_usize, lengths())
        .prop_map(|(name, len, _)| (MULTIPART, part(name, &("/".to_owned() + &"b".repeat(len))) + "--X--\r\n"));
    let long_form = (990..1_200_usize).prop_map(|len| (FORM, format!("a=1&e=/{}&b=2", "b".repeat(len))));
    let form = joined(FORM_PIECES, 10).prop_map(|body| (FORM, body));
    let bodies = prop_oneof![6 => multipart, 4 => plain, 1 => long, 1 => long_form, 6 => form];
    for_all(20_000, &(bodies, lengths()), |((content_type, body), lengths)| {
        let expected = whole(content_type, body.as_bytes());
        prop_assert_eq!(verdict(content_type, body.as_bytes(), &lengths), expected, "{:?} {:?}", body, lengths);
        Ok(())
    });
}

fn part(name: &str, value: &str) -> String {
    format!("--X\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
}

#[test]
fn a_form_is_refused_just_where_php_would_replace_a_field() {
    let fields = [Error::ApiKeyParameter, Error::SaltParameter, Error::SignatureParameter];
    for_all(12, &vec((joined(FORM_PIECES, 8), lengths()), 400), |forms| {
        let texts = forms.iter().map(|(form, _)| form.as_bytes());
        for ((form, lengths), replaced) in forms.iter().zip(replaced(texts)) {
            let [said, _] = verdict(FORM, form.as_bytes(), lengths);
            let agrees = match said {
                Ok(()) => replaced == [false; 4],
                Err(Error::RouteParameter | Error::RouteSlash) => replaced[3],
                Err(error) => fields.iter().zip(replaced).any(|(field, replaced)| *field == error && replaced),
            };
            prop_assert!(agrees, "{form:?} in pieces of {lengths:?}");
        }
        Ok(())
    });
}

// ---- The route, and boundaries of browsers ----

#[test]
fn the_route_may_be_a_field_once_if_the_url_has_none() {
    let multipart = |parts: String| whole(MULTIPART, (parts + "--X--\r\n").as_bytes());
    let form = |text: &str| whole(FORM, text.as_bytes());
    let taken = [Err(Error::RouteParameter), Ok(())];
    assert_eq!(multipart(part("e", "/Base/User")), taken);
    assert_eq!(multipart(part("a", "1") + &part("e", "/Base/User/\r\n--\r\n/b\r")), taken);
    assert_eq!(form("a=1&e=%2FBase/User/%20+1&b"), taken);
    assert_eq!(multipart(part("a", "1")), [Ok(()), Err(Error::RouteMissing)]);
    assert_eq!(form("a=1"), [Ok(()), Err(Error::RouteMissing)]);
    for (value, error) in [
        ("", Error::RouteSlash),
        ("Base/User", Error::RouteSlash),
        ("/Base", Error::RouteMissing),
        ("/Base/Us?er", Error::RouteQuestionMark),
        ("/Base/User/a@b", Error::RouteCharacter),
    ] {
        assert_eq!(multipart(part("e", value))[1], Err(error), "{value}");
        assert_eq!(form(&format!("e={value}"))[1], Err(error), "{value}");
    }
    for twice in [part("e[]", "/Base/User"), part("e", "/Base/User") + &part("e", "/Base/User")] {
        assert_eq!(multipart(twice.clone()), [Err(Error::RouteParameter); 2], "{twice}");
    }
    for twice in ["e[]=/Base/User", "e=/Base/User&e=/Base/User", "%65=/Base/User&+e=/Base/User"] {
        assert_eq!(form(twice), [Err(Error::RouteParameter); 2], "{twice}");
    }
    let of_length = |len: usize| multipart(part("e", &format!("/Base/User/{}", "1".repeat(len - 11))))[1];
    assert_eq!(of_length(1_024), Ok(()));
    assert_eq!(of_length(1_025), Err(Error::RouteParameter));
}

#[test]
fn a_boundary_may_hold_the_word_boundary() {
    let body = |boundary: &str| {
        format!("--{boundary}\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--{boundary}--\r\n")
    };
    for boundary in ["----WebKitFormBoundary7MA4YWxkTrZu0gW", "boundary", "xBOUNDARYboundaryx"] {
        for quote in ["", "\""] {
            let content_type = format!("multipart/form-data; boundary={quote}{boundary}{quote}");
            assert_eq!(whole(&content_type, body(boundary).as_bytes())[0], Ok(()), "{content_type}");
        }
    }
    for refused in [
        "; BOUNDARY=xboundary",
        "; BOUNDARY=aboundary=X",
        "; boundary=X; a=boundary",
        "; boundary=boundary; boundary=X",
    ] {
        let content_type = format!("multipart/form-data{refused}");
        assert_eq!(whole(&content_type, body("X").as_bytes())[0], Err(Error::MultipartBoundary), "{content_type}");
    }
}

#[test]
fn a_body_may_hold_as_many_parameters_as_php_takes_beside_the_credentials() {
    let of = |content_type, body: &str| whole(content_type, body.as_bytes())[0];
    assert_eq!(of(FORM, &"a&".repeat(997)), Ok(()));
    assert_eq!(of(FORM, &"a&".repeat(998)), Err(Error::TooManyParameters));
    assert_eq!(of(FORM, &"&".repeat(998)), Err(Error::TooManyParameters), "PHP counts empty pieces too");
    let fields = |count: usize| part("a", "1").repeat(count) + "--X--\r\n";
    assert_eq!(of(MULTIPART, &fields(997)), Ok(()));
    assert_eq!(of(MULTIPART, &fields(998)), Err(Error::TooManyParameters));
    let files = part("f\"; filename=\"f", "1").repeat(10);
    assert_eq!(of(MULTIPART, &(files + &fields(997))), Ok(()), "files are no fields");
}

// ---- Time ----

/// Bodies that cost most if something is looked at again, each of about so many bytes, and their types.
fn hostile(len: usize) -> Vec<(&'static str, String, Vec<u8>)> {
    let of = |boundary: &str| format!("multipart/form-data; boundary={boundary}");
    let start = |boundary: &str| format!("--{boundary}\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n");
    let filled = |start: &str, text: &str| {
        let mut body = start.as_bytes().to_vec();
        body.extend(text.bytes().cycle().take(len));
        body
    };
    // As long as boundaries are read at all: it grows with the body, so that one times the other shows.
    let dashes = "-".repeat(len / 40);
    let dashes_70 = "-".repeat(70);
    let lines = "\n".to_owned() + &dashes[1..];
    let guess = "text/plain".to_owned();
    let mut bodies = vec![
        ("a boundary of dashes over dashes", of(&dashes), filled(&start(&dashes), "-")),
        ("a boundary of 70 dashes over dashes", of(&dashes_70), filled(&start(&dashes_70), "-")),
        ("a boundary of dashes over lines of dashes", of(&dashes), filled(&start(&dashes), &lines)),
        ("a first line of dashes", guess.clone(), filled("--", "-")),
        ("a first line of dashes over dashes", guess.clone(), filled(&start(&dashes), "-")),
        ("a first line of dashes over lines of dashes", guess, filled(&start(&dashes), &lines)),
    ];
    let storms = [
        ("line breaks", start("X"), "\r\n"),
        ("carriage returns", start("X"), "\r"),
        ("line feeds", start("X"), "\n"),
        ("halves of boundaries", start("X"), "\r\n--"),
        ("boundaries amid lines", start("X"), " --X"),
        ("lines that begin with a boundary", start("X"), "\r\n--XX"),
        ("boundaries", String::new(), "--X\r\n"),
        ("boundaries and headers", String::new(), "--X\r\nContent-Disposition: form-data; name=a\r\n"),
        ("parts", String::new(), "--X\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\r\n"),
        ("files", String::new(), "--X\r\nContent-Disposition: form-data; name=\"a\"; filename=\"\"\r\n\r\n\r\n"),
        ("folded lines", "--X\r\nContent-Disposition: form-data;\r\n".to_owned(), " name=\"a\";\r\n"),
        ("folded lines of a name", "--X\r\nContent-Disposition: form-data; name=\"\r\n".to_owned(), " \\\"\r\n"),
        ("short folded lines", "--X\r\nContent-Disposition: form-data; name=\"a\"\r\n".to_owned(), " \n"),
        ("pairs", "--X\r\nContent-Disposition: form-data; ".to_owned(), "name=a;"),
        ("quotes", "--X\r\nContent-Disposition: form-data; ".to_owned(), "\"'\\\"';="),
        ("brackets", "--X\r\nContent-Disposition: form-data; filename=\"f\"; name=\"a".to_owned(), "[]"),
        ("open brackets", "--X\r\nContent-Disposition: form-data; name=\"salt".to_owned(), "["),
        ("headers", "--X\r\n".to_owned(), "Content-Disposition: form-data; name=a\r\n"),
        ("NULs", "--X\r\nContent-Disposition: form-data;".to_owned(), "\0\n "),
    ];
    bodies.extend(storms.iter().map(|(name, start, text)| (*name, of("X"), filled(start, text))));
    let forms = ["salt", "salt[", "%", "%2", "+", "&", "=", "a&", "e=/", "%73"];
    bodies.extend(forms.map(|text| (text, FORM.to_owned(), filled("", text))));
    bodies
}

/// The processor time that this thread has taken.
fn processor_time() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.try_into().unwrap(), time.tv_nsec.try_into().unwrap())
}

/// The least time that a body takes to be read and judged, in a few turns.
fn time(content_type: &str, body: &[u8], signer: &Signer) -> Duration {
    let sent = Sent::new("POST", API, content_type, body);
    let turn = |_| {
        let start = processor_time();
        black_box(Reading::of(&sent.request()).container());
        black_box(signer.sign_request(&sent.request()).is_ok());
        black_box(verdict(content_type, body, &[4_096])[0].is_ok());
        processor_time().saturating_sub(start)
    };
    (0..3).map(turn).min().unwrap_or_default()
}

#[test]
fn twice_the_body_takes_no_more_than_twice_the_time() {
    const LEN: usize = 100_000;
    let signer = Signer::new("apikey", "secretkey").unwrap();
    for (single, double) in hostile(LEN).into_iter().zip(hostile(2 * LEN)) {
        // Another try tells whether it was chance. Quadratic time is always four times as much.
        let ratio = |_| {
            let (once, twice) = (time(&single.1, &single.2, &signer), time(&double.1, &double.2, &signer));
            println!("{:50} {once:>12?} {twice:>12?}", single.0);
            // What takes next to nothing has no ratio.
            twice.as_secs_f64() / once.as_secs_f64().max(0.000_2)
        };
        let least = (0..6).map(ratio).find(|ratio| *ratio <= 2.6);
        assert!(least.is_some(), "{}: more than 2.6 times as much for twice as long a body", single.0);
    }
}
