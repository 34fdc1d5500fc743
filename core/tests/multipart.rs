//! Checks bodies piece by piece: the verdict does not depend on the pieces, and time grows in proportion to the body.
#![cfg(test)]

// Other tests use the rest of these modules.
#[allow(dead_code)]
mod support {
    pub mod helpdesk;
    pub mod php;
    pub mod property;
    pub mod sent;
    pub mod table;
}

use std::hint::black_box;
use std::time::Duration;

use kayako_sign_core::{Error, Reading, Request, Signer};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use rustix::time::{ClockId, clock_gettime};

use support::php::replaced;
use support::property::for_all;
use support::sent::Sent;
use support::table::{Row, rows, status};

const API: &str = "https://help.example.com/api/index.php?/Base/User";
const FORM: &str = "application/x-www-form-urlencoded";
const MULTIPART: &str = "multipart/form-data; boundary=X";

// ---- Cuts ----

/// The results of checking a body twice: with a URL that has a route, and with one that has none, so that the body may
/// have it.
type Verdict = [Result<(), Error>; 2];

/// Checks a body in pieces of these lengths, which are repeated up to its end.
fn verdict(content_type: &str, body: &[u8], lengths: &[usize]) -> Verdict {
    [API, "https://help.example.com/api/index.php"].map(|url| checked(url, content_type, body, lengths))
}

fn checked(url: &str, content_type: &str, body: &[u8], lengths: &[usize]) -> Result<(), Error> {
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
            assert_eq!((upload.check(b""), upload.end()), (Err(error), Err(error)), "a refused upload stays refused");
            return Err(error);
        }
    }
    upload.end()
}

fn whole(content_type: &str, body: &[u8]) -> Verdict {
    verdict(content_type, body, &[usize::MAX])
}

#[test]
fn every_body_in_the_tables_gets_the_same_verdict_in_pieces_of_any_length() {
    let mut count = 0;
    for (name, content_type, body) in bodies() {
        let expected = whole(&content_type, &body);
        for lengths in [&[1][..], &[2], &[1, 7, 3], &[64, 1], &[5, 0, 11]] {
            assert_eq!(verdict(&content_type, &body, lengths), expected, "{name}, in pieces of {lengths:?}");
        }
        count += 1;
    }
    assert!(count > 60, "the table has only {count} form and multipart bodies");
}

/// Returns the name, content type and body of each row in the table that is a POST of a form or of multipart.
fn bodies() -> Vec<(String, String, Vec<u8>)> {
    let is_checked = |row: &&Row| {
        let kind = row.text("content_type").to_ascii_lowercase();
        row.text("method") == "POST"
            && !kind.contains("json")
            && (kind == FORM || kind.starts_with("multipart/form-data"))
    };
    let body = |row: &Row| (row.name().to_owned(), row.text("content_type"), row.bytes("body"));
    rows("requests.tsv").iter().filter(is_checked).map(body).collect()
}

#[test]
fn a_multipart_body_that_signing_refuses_is_refused_in_pieces_too() {
    for row in rows("requests.tsv") {
        let expected = row.text("status");
        let concerns_the_body =
            ["MULTIPART_NOT_PLAIN", "MULTIPART_BOUNDARY"].iter().any(|kind| expected.ends_with(kind));
        let kind = row.text("content_type").to_ascii_lowercase();
        if row.text("method") == "POST" && concerns_the_body && kind.starts_with("multipart/form-data") {
            let [result, _] = whole(&row.text("content_type"), &row.bytes("body"));
            assert_eq!(result.err().map(status), Some(expected), "{}", row.name());
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
        // At least one piece is not empty, so that the body comes to its end.
        lengths.push(1);
        lengths
    })
}

#[test]
fn any_body_gets_the_same_verdict_in_pieces_of_any_length() {
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
fn a_form_is_refused_if_and_only_if_php_would_replace_a_field() {
    let fields = [Error::ApiKeyParameter, Error::SaltParameter, Error::SignatureParameter];
    for_all(12, &vec((joined(FORM_PIECES, 8), lengths()), 400), |forms| {
        let texts = forms.iter().map(|(form, _)| form.as_bytes());
        for ((form, lengths), replaced) in forms.iter().zip(replaced(texts)) {
            let [result, _] = verdict(FORM, form.as_bytes(), lengths);
            let agrees = match result {
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
fn the_body_may_have_the_route_once_if_the_url_has_none() {
    let multipart = |parts: String| whole(MULTIPART, (parts + "--X--\r\n").as_bytes());
    let form = |text: &str| whole(FORM, text.as_bytes());
    let is_the_route = [Err(Error::RouteParameter), Ok(())];
    assert_eq!(multipart(part("e", "/Base/User")), is_the_route);
    assert_eq!(multipart(part("a", "1") + &part("e", "/Base/User/\r\n--\r\n/b\r")), is_the_route);
    assert_eq!(form("a=1&e=%2FBase/User/%20+1&b"), is_the_route);
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
fn a_body_with_more_parameters_than_php_reads_beside_the_credentials_is_refused() {
    let of = |content_type, body: &str| whole(content_type, body.as_bytes())[0];
    assert_eq!(of(FORM, &"a&".repeat(997)), Ok(()));
    assert_eq!(of(FORM, &"a&".repeat(998)), Err(Error::TooManyParameters));
    assert_eq!(of(FORM, &"&".repeat(998)), Err(Error::TooManyParameters), "PHP counts empty pieces too");
    let fields = |count: usize| part("a", "1").repeat(count) + "--X--\r\n";
    assert_eq!(of(MULTIPART, &fields(997)), Ok(()));
    assert_eq!(of(MULTIPART, &fields(998)), Err(Error::TooManyParameters));
    let files = part("f\"; filename=\"f", "1").repeat(10);
    assert_eq!(of(MULTIPART, &(files + &fields(997))), Ok(()), "files do not count as fields");
}

// ---- Time ----

/// Returns bodies of about `len` bytes that take longest if some bytes are read again, with names and content types.
fn hostile(len: usize) -> Vec<(&'static str, String, Vec<u8>)> {
    let of = |boundary: &str| format!("multipart/form-data; boundary={boundary}");
    let start = |boundary: &str| format!("--{boundary}\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n");
    let filled = |start: &str, text: &str| {
        let mut body = start.as_bytes().to_vec();
        body.extend(text.bytes().cycle().take(len));
        body
    };
    // This boundary grows with the body, so that time in proportion to the product of both shows.
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
        ("boundaries within lines", start("X"), " --X"),
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

/// Returns the processor time that this thread has taken.
fn processor_time() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.try_into().unwrap(), time.tv_nsec.try_into().unwrap())
}

/// Returns the shortest time of three in which a body is read, signed and checked.
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
fn time_grows_in_proportion_to_the_body() {
    const LEN: usize = 100_000;
    let signer = Signer::new("apikey", "secretkey").unwrap();
    for (single, double) in hostile(LEN).into_iter().zip(hostile(2 * LEN)) {
        // If a ratio is large by chance, another try shows it. With quadratic time it is always about four.
        let ratio = |_| {
            let (once, twice) = (time(&single.1, &single.2, &signer), time(&double.1, &double.2, &signer));
            println!("{:50} {once:>12?} {twice:>12?}", single.0);
            // A time below 0.2 ms is too short for a ratio.
            twice.as_secs_f64() / once.as_secs_f64().max(0.000_2)
        };
        let least = (0..6).map(ratio).find(|ratio| *ratio <= 2.6);
        assert!(least.is_some(), "{}: a body of twice the length takes more than 2.6 times as long", single.0);
    }
}
