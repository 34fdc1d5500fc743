//! Checks the shared tables of requests and diagnoses, with PHP as the referee, and what no table can describe.
#![cfg(test)]

mod support {
    pub mod helpdesk;
    pub mod sent;
    pub mod table;
}

use std::collections::HashSet;
use std::fmt;

use kayako_sign_core::{
    Container, Contents, Diagnosis, Error, Insertion, InsertionPoint, Reading, Request, RouteSource, Salt, Signer,
    Target,
};

use support::helpdesk::{Answer, Helpdesk, Web};
use support::sent::Sent;
use support::table::{Row, diagnosis, rows, status};

const SALT: &str = "1234567890";
const API: &str = "https://help.example.com/api/index.php?/Base/User";
const FORM: &str = "application/x-www-form-urlencoded";
const MULTIPART: &str = "multipart/form-data; boundary=X";
const JSON: &str = "application/json";

fn signer() -> Signer {
    Signer::new("apikey", "secretkey").unwrap()
}

// ---- The tables ----

#[test]
fn every_shared_request_is_signed_or_refused_as_the_table_says() {
    let signer = signer();
    let rows = rows("requests.tsv");
    let broken: Vec<_> = rows
        .iter()
        .filter_map(|row| {
            let outcome = match signer.sign_request(&sent(row).request()) {
                Ok(Insertion { target, offset, .. }) => format!("KAYAKO_OK {target:?} {offset}").to_lowercase(),
                Err(error) => status(error).to_lowercase(),
            };
            let expected = ["status", "target", "offset"].map(|column| row.text(column)).join(" ");
            (outcome != expected.trim_end().to_lowercase()).then(|| format!("{}: {outcome}", row.name()))
        })
        .collect();
    assert!(broken.is_empty(), "of {} requests these do not hold: {broken:#?}", rows.len());
}

#[test]
fn every_signed_request_is_good_and_the_stand_in_helpdesk_accepts_it() {
    let (signer, helpdesk) = (signer(), Helpdesk::start());
    for row in rows("requests.tsv") {
        let sent = sent(&row);
        if let Ok(insertion) = signer.sign_request(&sent.request()) {
            let whole = sent.with(&insertion);
            let diagnosis = signer.diagnose_request(&whole.request());
            assert!(matches!(diagnosis, Diagnosis::Good | Diagnosis::FieldsNotRead), "{}: {diagnosis:?}", row.name());
            let answer = helpdesk.send_through(Web::Plain, &whole);
            assert!(answer.is_accepted(), "{}: refused at {}", row.name(), answer.stage);
            assert!(helpdesk.sees_the_same(&sent, &answer), "{}: PHP sees more than the insertion", row.name());
        }
    }
}

#[test]
fn every_shared_diagnosis_holds_and_the_stand_in_helpdesk_agrees() {
    let (signer, helpdesk) = (signer(), Helpdesk::start());
    let rows = rows("diagnoses.tsv");
    let mut broken = Vec::new();
    for row in &rows {
        let sent = sent(row);
        let found = signer.diagnose_request(&sent.request());
        if diagnosis(found) != row.text("diagnosis") {
            broken.push(format!("{}: {found:?}", row.name()));
        }
        for web in [Web::Rewrite, Web::Plain] {
            let answer = helpdesk.send_through(web, &sent);
            if !answer.agrees_with(&sent, web, found) {
                let Answer { status, stage, .. } = answer;
                broken.push(format!("{}: {found:?}, but {web:?} answers {status} at {stage}", row.name()));
            }
        }
    }
    assert!(broken.is_empty(), "of {} requests these do not hold: {broken:#?}", rows.len());
}

#[test]
fn every_shared_signature_has_the_diagnosis_that_the_table_says() {
    let signer = signer();
    let rows = rows("signatures.tsv");
    let broken: Vec<_> = rows
        .iter()
        .filter_map(|row| {
            let (salt, signature) = (row.bytes("salt"), row.bytes("signature"));
            let found = signer.diagnose(&salt, &signature);
            let verified = signer.verify(&salt, &signature);
            let holds = diagnosis(found) == row.text("diagnosis") && verified == (found == Diagnosis::Good);
            (!holds).then(|| format!("{}: {found:?}", row.name()))
        })
        .collect();
    assert!(broken.is_empty(), "of {} signatures these do not hold: {broken:#?}", rows.len());
}

#[test]
fn the_tables_name_every_diagnosis() {
    let requests = rows("diagnoses.tsv").into_iter().map(|row| row.text("diagnosis"));
    let signatures = rows("signatures.tsv").into_iter().map(|row| row.text("diagnosis"));
    let (requests, signatures): (HashSet<_>, HashSet<_>) = (requests.collect(), signatures.collect());
    for known in Diagnosis::all() {
        assert!(requests.contains(&diagnosis(known)), "{known:?} is missing in diagnoses.tsv");
        let of_request = [Diagnosis::PathUrl, Diagnosis::FieldsNotRead].contains(&known);
        let of_signature = known.code() < Diagnosis::CredentialsMissing.code() && !of_request;
        assert!(!of_signature || signatures.contains(&diagnosis(known)), "{known:?} is missing in signatures.tsv");
    }
}

fn sent(row: &Row) -> Sent {
    Sent::new(&row.text("method"), &row.text("url"), &row.text("content_type"), row.bytes("body"))
}

// ---- The insertion ----

/// Signs with a known salt, and replaces the signature, so that no failure prints one.
fn inserted(request: &Request<'_>) -> (Target, usize, String) {
    let signer = signer();
    let Insertion { target, offset, text, .. } =
        signer.sign_request_with_salt(request, Salt::new(SALT).unwrap()).unwrap();
    let signature = signer.sign(SALT).unwrap();
    (target, offset, text.replace(&signature.to_url_encoded(), "URLENCODED").replace(&signature.to_base64(), "BASE64"))
}

#[test]
fn a_query_gets_credentials_after_its_first_piece() {
    let credentials = "apikey=apikey&salt=1234567890&signature=URLENCODED";
    for (before, separator, after) in [
        ("https://h/index.php/Base/User", "?", ""),
        ("https://h/index.php/Base/User", "?", "#top?a"),
        ("https://h/index.php/Base/User?", "", ""),
        ("https://h/index.php/Base/User?", "", "&a=1"),
        ("https://h/index.php?/Base/User", "&", ""),
        ("https://h/index.php?/Base/User", "&", "&a=1#top"),
        ("https://h/index.php?e=/Base/User", "&", ""),
    ] {
        let url = format!("{before}{after}");
        assert_eq!(
            inserted(&Request::new("GET", &url)),
            (Target::Url, before.len(), format!("{separator}{credentials}")),
            "{url}"
        );
    }
}

#[test]
fn a_form_gets_credentials_at_its_start() {
    let credentials = "apikey=apikey&salt=1234567890&signature=URLENCODED";
    for (body, text) in [("", credentials.to_owned()), ("a=1", format!("{credentials}&"))] {
        assert_eq!(inserted(&Sent::new("POST", API, FORM, body).request()), (Target::Body, 0, text));
    }
}

#[test]
fn multipart_gets_three_parts_before_its_first() {
    let text = "--X\r\nContent-Disposition: form-data; name=\"apikey\"\r\n\r\napikey\r\n\
                --X\r\nContent-Disposition: form-data; name=\"salt\"\r\n\r\n1234567890\r\n\
                --X\r\nContent-Disposition: form-data; name=\"signature\"\r\n\r\nBASE64\r\n";
    assert_eq!(inserted(&Sent::new("POST", API, MULTIPART, "--X--").request()), (Target::Body, 0, text.to_owned()));
}

#[test]
fn json_gets_three_members_before_its_first() {
    let members = r#""apikey":"apikey","salt":"1234567890","signature":"BASE64""#;
    for (body, offset, comma) in [("{}", 1, ""), (" { }", 2, ""), (r#"{"a":1}"#, 1, ",")] {
        let sent = Sent::new("POST", API, JSON, body);
        assert_eq!(inserted(&sent.request()), (Target::Body, offset, format!("{members}{comma}")), "{body}");
    }
}

#[test]
fn sign_url_and_sign_form_return_the_whole_url_and_form() {
    let signer = signer();
    let whole = signer.sign_url("https://h/index.php?/Base/User&a=1#top").unwrap();
    let (route, rest) = whole.split_once("&apikey=apikey&salt=").unwrap();
    assert!(route == "https://h/index.php?/Base/User" && rest.ends_with("%3D&a=1#top"));
    assert_eq!(signer.diagnose_request(&Request::new("GET", &whole)), Diagnosis::Good);
    for form in ["", "a=1&b=%20"] {
        let whole = signer.sign_form(form).unwrap();
        assert!(whole.starts_with("apikey=apikey&salt=") && whole.ends_with(form));
        assert_eq!(signer.diagnose_request(&Sent::new("PUT", API, FORM, whole).request()), Diagnosis::Good);
    }
    assert_eq!(signer.sign_url("index.php"), Err(Error::UrlNotAbsolute));
    assert_eq!(signer.sign_form("salt=1"), Err(Error::SaltParameter));
}

#[test]
fn every_call_with_a_given_salt_inserts_the_same_text() {
    let signer = signer();
    let salt = || Salt::new(SALT).unwrap();
    for url in ["https://h/?/Base/User&a=1#top", "https://h/?e=/Base/User", "https://h/index.php/Base/User?", API] {
        let insertion = signer.sign_request_with_salt(&Request::new("GET", url), salt()).unwrap();
        assert!(signer.sign_url_with_salt(url, salt()) == Ok(insertion.apply_to_url(url).into_owned()), "{url}");
        assert!(insertion.apply_to_body(b"body") == b"body".as_slice());
    }
    for url in ["index.php", "https://h/?salt=1", "https://h/?/A/B&e=/C/D", "https://h/"] {
        let refused = signer.insertion_point(&Request::new("GET", url)).map(|_| String::new());
        assert!(refused.is_err() && signer.sign_url_with_salt(url, salt()) == refused, "{url}");
    }
    for form in ["", "a=1", "e=/Base/User&a=1"] {
        let sent = Sent::new("POST", "https://h/?", FORM, form);
        let whole = signer.sign_form_with_salt(form, salt()).unwrap();
        assert!(whole.starts_with("apikey=apikey&salt=1234567890&signature=") && whole.ends_with(form));
        if form.starts_with('e') {
            let insertion = signer.sign_request_with_salt(&sent.request(), salt()).unwrap();
            assert!(insertion.apply_to_body(form.as_bytes()) == whole.as_bytes());
            assert!(insertion.apply_to_url(&sent.url) == sent.url);
        }
    }
}

#[test]
fn each_request_gets_another_fresh_salt() {
    let signer = signer();
    let texts: HashSet<_> = (0..1_000).map(|_| signer.sign_url("https://h/?/Base/User").unwrap()).collect();
    assert_eq!(texts.len(), 1_000);
}

#[test]
fn no_text_is_longer_than_text_max_and_text_max_is_at_most_insertion_max() {
    let controls = "\0\u{1}\u{1f}".repeat(Signer::API_KEY_MAX / 3);
    let (quotes, umlauts) = ("\"\\".repeat(Signer::API_KEY_MAX / 2), "é".repeat(Signer::API_KEY_MAX / 2));
    for api_key in ["apikey", "é &=\"\n", &controls, &quotes, &umlauts] {
        let signer = Signer::new(api_key, "secretkey").unwrap();
        for point in insertion_points(&signer) {
            let lengths = (0..200).map(|_| point.insert().unwrap().text.len());
            assert!(lengths.max().unwrap() <= point.text_max());
            assert!(point.text_max() <= signer.insertion_max());
        }
    }
}

/// Returns an insertion point of each kind, with the separators and the boundary that make its text longest.
fn insertion_points(signer: &Signer) -> [InsertionPoint<'_>; 4] {
    const LONGEST: &str = concat!(
        "multipart/form-data; boundary=",
        "----------------------------------------------------------------------"
    );
    const CLOSING: &[u8] = &[b'-'; 74];
    let post = |content_type, body| Request::new("POST", API).content_type(content_type).body(body);
    [
        signer.insertion_point(&Request::new("GET", API)).unwrap(),
        signer.insertion_point(&post(FORM, b"a=1".as_slice())).unwrap(),
        signer.insertion_point(&post(LONGEST, CLOSING)).unwrap(),
        signer.insertion_point(&post(JSON, b"{\"a\":1}")).unwrap(),
    ]
}

#[test]
fn text_max_is_the_length_of_the_longest_possible_text() {
    let signer = signer();
    let [query, form, multipart, json] = insertion_points(&signer).map(|point| {
        // The longest URL-encoded signature has all of its characters escaped: 132.
        let text = point.insert().unwrap().text;
        let signature = text.split("signature=").nth(1).map_or(0, |rest| rest.trim_end_matches('&').len());
        let slack = if signature == 0 { 0 } else { 132 - signature };
        point.text_max() - text.len() - slack
    });
    assert_eq!([query, form, multipart], [0, 0, 0]);
    assert_eq!(json, 5 * "apikey".len(), "JSON has room for an API key that is all escapes");
}

#[test]
fn writing_into_a_full_writer_fails_after_the_start_of_the_text() {
    struct Short(String, usize);
    impl fmt::Write for Short {
        fn write_str(&mut self, text: &str) -> fmt::Result {
            if self.0.len() + text.len() > self.1 {
                return Err(fmt::Error);
            }
            self.0.push_str(text);
            Ok(())
        }
    }
    let signer = Signer::new("\"\\\u{1}\u{8}\t\n\u{c}\rk\u{e9}y", "secretkey").unwrap();
    let salt = || Salt::new(" /\n").unwrap();
    for point in insertion_points(&signer) {
        let whole = point.insert_with_salt(salt()).unwrap().text;
        for room in 0..=whole.len() {
            let mut out = Short(String::new(), room);
            assert_eq!(point.write_with_salt(salt(), &mut out).is_ok(), room == whole.len());
            assert!(whole.starts_with(&out.0));
        }
    }
}

#[test]
fn json_escapes_any_text_so_that_it_is_read_unchanged() {
    let text: String = ('\0'..'\u{81}').chain(['\u{2028}', '\u{ffff}', '\u{1f600}']).collect();
    let signer = Signer::new(&text, "secretkey").unwrap();
    let json = signer.credentials_with_salt(Salt::new(&text).unwrap()).to_json().unwrap();
    let read: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert!(read["apikey"] == text && read["salt"] == text);
    assert_eq!(json.matches("\\u00").count(), 2 * 27, "only a character without a short escape gets a long one");
    assert_eq!(signer.diagnose_request(&Sent::new("POST", API, JSON, json).request()), Diagnosis::Good);
}

// ---- Refused requests ----

#[test]
fn json_that_is_cut_off_anywhere_is_refused() {
    let whole = r#"{"a":[true,{"b":-1.5e+3},"\"\u00e9\ud83d\ude00",null],"c":{}}"#;
    for end in 1..whole.len() {
        let sent = Sent::new("POST", API, JSON, &whole[..end]);
        assert_eq!(signer().insertion_point(&sent.request()).err(), Some(Error::JsonInvalid), "{}", &whole[..end]);
    }
    assert!(signer().insertion_point(&Sent::new("POST", API, JSON, whole).request()).is_ok());
}

#[test]
fn a_url_of_the_greatest_length_is_signed_and_a_longer_one_is_refused() {
    let signer = signer();
    let url = format!("{API}&a={}", "a".repeat(Request::URL_MAX - API.len() - 3));
    assert!(signer.sign_url(&url).is_ok());
    assert_eq!(signer.sign_url(&(url + "a")), Err(Error::UrlTooLong));
}

#[test]
fn a_multipart_header_line_of_more_than_1024_bytes_is_refused() {
    let signer = signer();
    let body = |len: usize| {
        let header = format!("X: {}", "a".repeat(len - 3));
        format!("--X\r\n{header}\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--X--\r\n")
    };
    let refused = |len| signer.insertion_point(&Sent::new("POST", API, MULTIPART, body(len)).request()).err();
    assert_eq!((refused(1_024), refused(1_025)), (None, Some(Error::MultipartNotPlain)));
}

#[test]
fn a_given_salt_is_refused_if_the_body_cannot_hold_it() {
    let signer = signer();
    let [query, form, multipart, json] = insertion_points(&signer);
    let with = |point: &InsertionPoint<'_>, salt: &[u8]| {
        let salt = Salt::new(salt).unwrap();
        let written = point.write_with_salt(salt.clone(), &mut String::new());
        assert_eq!(written, point.check_salt(&salt));
        assert_eq!(written, point.insert_with_salt(salt).map(|_| ()));
        written
    };
    assert_eq!([&query, &form].map(|point| with(point, b"\xff")), [Ok(()); 2]);
    assert_eq!([&multipart, &json].map(|point| with(point, b"\xff")), [Err(Error::SaltNotUtf8); 2]);
    let boundary = format!("\r\n{}\r\nContent-Disposition", "-".repeat(72));
    assert_eq!(with(&multipart, boundary.as_bytes()), Err(Error::MultipartNotPlain));
    assert_eq!([&query, &form, &json].map(|point| with(point, boundary.as_bytes())), [Ok(()); 3]);
}

#[test]
fn an_api_key_that_holds_the_boundary_is_refused() {
    let body = "--X--";
    for (api_key, fits) in [("\r\n--X\r\nContent-Disposition", false), ("a--X", false), ("\r\n-X", true), ("X", true)] {
        let signer = Signer::new(api_key, "secretkey").unwrap();
        let sent = Sent::new("POST", API, MULTIPART, body);
        assert_eq!(
            signer.insertion_point(&sent.request()).err(),
            (!fits).then_some(Error::MultipartNotPlain),
            "{api_key:?}"
        );
    }
}

// ---- Readings and diagnoses ----

#[test]
fn a_reading_has_the_names_in_query_and_body_and_the_container_that_is_read() {
    let names = |part: &Contents<'_>| part.names().iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
    let url = &format!("{API}&q=1");
    for (method, content_type, body, container, in_body) in [
        ("GET", "", "", Container::Query, ""),
        ("POST", FORM, "a=1&a=2&b%5B%5D=", Container::Form, "a,a,b[]"),
        (
            "POST",
            MULTIPART,
            "--X\r\nContent-Disposition: form-data; name=\"m\"\r\n\r\n1\r\n--X--",
            Container::Multipart,
            "m",
        ),
        ("POST", JSON, r#"{"j":{"k":1}}"#, Container::Json, "j"),
        ("POST", "text/plain", "salt=1", Container::Raw, "salt"),
        ("PUT", FORM, "", Container::Query, ""),
    ] {
        let sent = Sent::new(method, url, content_type, body);
        let request = sent.request();
        let reading = Reading::of(&request);
        assert_eq!(reading.container(), Some(container), "{method} {content_type}");
        assert_eq!([names(reading.query()), names(reading.body())], ["q", in_body], "{method} {content_type}");
        let read = if container == Container::Query { "q" } else { in_body };
        assert_eq!(names(reading.read()), read, "{method} {content_type}");
    }
    assert_eq!(Reading::of(&Request::new("PATCH", url)).container(), None);
}

#[test]
fn a_reading_has_the_fields_that_a_controller_finds() {
    let multipart = "--X\r\nContent-Disposition: form-data; name=\"m\"\r\n\r\n1\r\n--X--";
    for (method, url, content_type, body, fields) in [
        ("POST", API, FORM, "apikey=1&a=1&salt=1&b[]=2&%20signature=1&e=/Base/User", &["a", "b[]"][..]),
        ("POST", API, MULTIPART, multipart, &["m"]),
        ("POST", API, JSON, r#"{"j":1}"#, &[]),
        ("POST", API, "text/plain", "a=1", &[]),
        ("PUT", API, FORM, "a=1", &["a"]),
        ("PUT", &format!("{API}&q=1"), FORM, "", &[]),
        ("PUT", API, MULTIPART, multipart, &[]),
        ("PUT", "https://h/api/index.php/Base/User/1", "text/plain", "salt=1&a=1", &["a"]),
        ("GET", &format!("{API}&q=1"), "", "", &[]),
        ("DELETE", API, FORM, "a=1", &[]),
    ] {
        let sent = Sent::new(method, url, content_type, body);
        let found = Reading::of(&sent.request()).fields();
        assert_eq!(found.iter().map(ToString::to_string).collect::<Vec<_>>(), fields, "{method} {content_type}");
    }
}

#[test]
fn a_reading_has_the_route_and_its_source() {
    use RouteSource::*;
    let api = "https://help.example.com/api";
    for (method, url, body, source, route, query) in [
        ("GET", "/index.php?/Tickets/Ticket/1&a=1", "", RawQuery, "/Tickets/Ticket/1", "a"),
        ("GET", "/?Tickets/Ticket", "", RawQuery, "/Tickets/Ticket", ""),
        ("GET", "/index.php?a=1&e=%2FTickets%2FTicket%26b=1&c=1", "", Query, "/Tickets/Ticket", "a,c,b"),
        ("GET", "/index.php/Tickets/Ticket/1&b=1?a=1", "", PathInfo, "/Tickets/Ticket/1", "a,b"),
        ("GET", "/Tickets/Ticket/1&b=1?a=1", "", RewrittenPath, "/Tickets/Ticket/1", "b"),
        ("POST", "/index.php?e=/Tickets/Ticket/1", "e=/Base/User", Body, "/Base/User", ""),
        ("POST", "/index.php?/Tickets/Ticket/1", "e=Base/User", RawQuery, "/Tickets/Ticket/1", ""),
    ] {
        let sent = Sent::new(method, &format!("{api}{url}"), FORM, body);
        let request = sent.request();
        let reading = Reading::of(&request);
        let found = reading.route().unwrap();
        let names = reading.query().names().iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
        assert_eq!((found.source(), found.to_string(), names), (source, route.to_owned(), query.to_owned()), "{url}");
        assert!(reading.body().names().is_empty(), "the body still has e");
    }
    assert!(Reading::of(&Request::new("GET", api)).route().is_some_and(|route| route.controller().is_empty()));
    assert!(Reading::of(&Request::new("GET", "https://help.example.com/api/")).route().is_none());
}

#[test]
fn a_route_to_an_unknown_controller_is_signed_and_the_nearest_known_one_is_found() {
    let url = "https://help.example.com/api/index.php?/Base/Users/1";
    let whole = signer().sign_url(url).unwrap();
    let request = Request::new("GET", &whole);
    assert_eq!(signer().diagnose_request(&request), Diagnosis::Good);
    let reading = Reading::of(&request);
    let route = reading.route().unwrap();
    assert_eq!((route.is_known(), route.nearest()), (false, ("Base", "User")));
    assert_eq!((route.app(), route.controller(), route.arguments()), ("Base".into(), "Users".into(), vec!["1".into()]));
}

#[test]
fn the_target_is_known_before_the_body_is_read() {
    for (method, url, content_type, has_body, target) in [
        ("GET", API, "", false, Ok(Target::Url)),
        ("POST", API, FORM, true, Ok(Target::Body)),
        ("POST", API, FORM, false, Ok(Target::Body)),
        ("POST", API, MULTIPART, true, Ok(Target::Body)),
        ("POST", API, JSON, true, Ok(Target::Body)),
        ("POST", API, JSON, false, Err(Error::JsonWithoutBody)),
        ("PUT", API, FORM, true, Ok(Target::Body)),
        ("PUT", API, FORM, false, Ok(Target::Url)),
        ("PUT", API, MULTIPART, true, Ok(Target::Url)),
        ("PUT", API, "application/octet-stream", true, Ok(Target::Url)),
        ("POST", API, "application/octet-stream", true, Err(Error::ContentTypeUnsupported)),
        ("POST", API, "multipart/form-data", true, Err(Error::MultipartBoundary)),
        ("PATCH", API, "", false, Err(Error::MethodUnsupported)),
        ("POST", "https://h/api/index.php", FORM, true, Ok(Target::Body)),
        ("POST", "https://h/api/index.php", FORM, false, Err(Error::RouteMissing)),
        ("PUT", "https://h/api/index.php", "text/plain", true, Err(Error::RouteMissing)),
        ("GET", "https://h/api/Base/User", "", false, Err(Error::PathUrl)),
    ] {
        let request = Request::new(method, url).content_type(content_type);
        assert_eq!(request.target(has_body), target, "{method} {url} {content_type} {has_body}");
    }
}

#[test]
fn an_upload_with_credentials_before_its_body_is_accepted() {
    let (signer, helpdesk) = (signer(), Helpdesk::start());
    let multipart = "--X\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--X--\r\n";
    for (content_type, body) in [(FORM, "a=1&b=2"), (FORM, ""), (MULTIPART, multipart)] {
        let request = Request::new("POST", API).content_type(content_type);
        let (point, mut upload) = signer.upload(&request).unwrap();
        let before = point.insert().unwrap().text;
        for piece in body.as_bytes().chunks(3) {
            upload.check(piece).unwrap();
        }
        upload.end().unwrap();
        let answer = helpdesk.send(&Sent::new("POST", API, content_type, before + body));
        assert!(answer.is_accepted(), "{content_type} {body:?}");
    }
    for (content_type, body, error) in [
        (FORM, "a=1&salt=2", Error::SaltParameter),
        (FORM, "e=/Base/User", Error::RouteParameter),
        (FORM, &"a&".repeat(998), Error::TooManyParameters),
        (MULTIPART, "--X\r\n", Error::MultipartNotPlain),
    ] {
        let request = Request::new("POST", API).content_type(content_type);
        let (_, mut upload) = signer.upload(&request).unwrap();
        assert_eq!(upload.check(body.as_bytes()).and_then(|()| upload.end()), Err(error), "{content_type}");
        assert_eq!(upload.check(b""), Err(error), "a refused upload stays refused");
    }
    for (method, url, content_type, error) in [
        ("POST", API, JSON, Error::UploadUnsupported),
        ("PUT", API, "text/plain", Error::UploadUnsupported),
        ("PUT", "https://h/api/index.php", "text/plain", Error::RouteMissing),
    ] {
        let refused = signer.upload(&Request::new(method, url).content_type(content_type)).map(|_| ());
        assert_eq!(refused, Err(error), "{method} {url} {content_type}");
    }
}

#[test]
fn names_in_multipart_lose_the_quotes_and_escapes_that_php_removes() {
    let helpdesk = Helpdesk::start();
    for (written, name) in [
        (r#""a""#, "a"),
        ("'a'", "a"),
        ("a b", "a"),
        (r#""a\"b""#, "a\"b"),
        (r"'a\'b'", "a'b"),
        (r#""a\'b""#, r"a\'b"),
        (r#""a\\b""#, r"a\b"),
        (r#""a\b""#, r"a\b"),
        (r#""a\\\"b""#, "a\\\"b"),
        (r#""a'b""#, "a'b"),
    ] {
        let body = format!("--X\r\nContent-Disposition: form-data; name={written}\r\n\r\n1\r\n--X--\r\n");
        let sent = Sent::new("POST", API, MULTIPART, body);
        let seen = helpdesk.echo(&sent)["post"].as_object().map(|post| post.keys().cloned().collect::<Vec<_>>());
        assert_eq!(seen, Some(vec![name.to_owned()]), "PHP reads {written} in another way");
        let names = Reading::of(&sent.request()).body().names();
        assert_eq!(names.iter().map(ToString::to_string).collect::<Vec<_>>(), [name], "{written}");
    }
}

#[test]
fn a_reading_shows_no_more_names_than_php_reads() {
    let sent = Sent::new("POST", API, FORM, "name=1&".repeat(2_000));
    assert_eq!(Reading::of(&sent.request()).body().names().len(), 1_000);
}

#[test]
fn debug_of_a_reading_shows_no_text_of_the_request() {
    let signer = signer();
    let json = signer.credentials_with_salt(Salt::new(SALT).unwrap()).to_json().unwrap();
    let signature = signer.sign(SALT).unwrap().to_base64();
    for (method, content_type, body) in [
        ("POST", FORM, json.as_str()),
        ("PATCH", "", &signature),
        ("POST", FORM, &format!("a={signature}&secret=secretkey")),
    ] {
        let sent = Sent::new(method, &format!("{API}&a={signature}"), content_type, body);
        let reading = Reading::of(&sent.request());
        let shown = format!("{reading:?} {:?} {:?}", reading.body().names(), sent.request());
        assert!(!shown.contains(&signature[..20]) && !shown.contains("secretkey"), "{method} {content_type}");
    }
}

#[test]
fn debug_of_an_insertion_does_not_show_its_text() {
    let shown = format!("{:?}", signer().sign_request(&Request::new("GET", API)).unwrap());
    assert!(shown.contains("Url") && !shown.contains("signature"), "the text is shown");
}

#[test]
fn every_cause_has_a_diagnosis_that_its_code_gives_back() {
    use Diagnosis::*;
    for (cause, diagnosis) in [
        ("good", Good),
        ("+ lost to a space", PlusLost),
        ("a newline or tab around it", WhitespaceAround),
        ("URL-encoded once or twice too often", UrlEncoded),
        ("URL-safe alphabet", UrlSafeAlphabet),
        ("padding missing", PaddingMissing),
        ("a space around it", SpaceAround),
        ("base64 of the hex digest", Base64OfHex),
        ("hex digest", HexDigest),
        ("plain SHA-256 of salt and secret, either order", PlainHash),
        ("made with the secret base64-decoded", SecretDecoded),
        ("made with a newline after the secret", NewlineBehindSecret),
        ("made with API key and secret swapped", KeysSwapped),
        ("not a signature at all", NotASignature),
        ("a well-formed signature of something else", AnotherSignature),
        ("credentials in the query instead of the body", CredentialsInQuery),
        ("credentials in the body instead of the query", CredentialsInBody),
        ("credentials in a body of another type", CredentialsInOtherType),
        ("one of the three missing", ApiKeyMissing),
        ("one of the three missing", SaltMissing),
        ("one of the three missing", SignatureMissing),
        ("one of the three empty", ApiKeyEmpty),
        ("one of the three empty", SaltEmpty),
        ("one of the three empty", SignatureEmpty),
        ("one of the three replaced by an array", ApiKeyArray),
        ("one of the three replaced by an array", SaltArray),
        ("one of the three replaced by an array", SignatureArray),
        ("repeated, and the one PHP keeps is wrong", ApiKeyRepeated),
        ("repeated, and the one PHP keeps is wrong", SaltRepeated),
        ("repeated, and the one PHP keeps is wrong", SignatureRepeated),
        ("salt 0", SaltZero),
        ("another API key", AnotherApiKey),
        ("no ? in the URL", CredentialsInPath),
        ("credentials after #", CredentialsInFragment),
    ] {
        assert_eq!(Diagnosis::from_code(diagnosis.code()), Some(diagnosis), "{cause}");
    }
    assert_eq!([-1, 5, 9, 25, 1_000].map(Diagnosis::from_code), [None; 5]);
}

#[test]
fn every_diagnosis_has_one_code_and_one_message_that_names_the_cause() {
    let all: Vec<_> = Diagnosis::all().collect();
    let codes: HashSet<_> = all.iter().map(|diagnosis| diagnosis.code()).collect();
    let messages: HashSet<_> = all.iter().map(|diagnosis| diagnosis.message()).collect();
    assert_eq!((codes.len(), messages.len()), (all.len(), all.len()));
    for diagnosis in all {
        let message = diagnosis.message();
        let (argument, advice) = message.split_once(": ").unwrap_or_default();
        let named = [
            "good",
            "signature",
            "salt",
            "apikey",
            "API key and secret key",
            "credentials",
            "URL",
            "content type",
            "body",
        ]
        .into_iter()
        .chain(["fields", "method", "parameter e"]);
        assert!(
            named.clone().any(|name| name == argument)
                && argument == diagnosis.subject()
                && (advice.contains("; ") || diagnosis == Diagnosis::Good),
            "{diagnosis:?}: {message}"
        );
        assert!(message.is_ascii() && !message.contains("  ") && !message.ends_with('.'), "{diagnosis:?}: {message}");
        assert_eq!(
            diagnosis.is_accepted() && diagnosis != Diagnosis::Good,
            message.contains("accepted"),
            "{diagnosis:?}"
        );
        assert!(!message.contains("secretkey") && !message.contains("VKjt8M54"), "{diagnosis:?}");
    }
}

#[test]
fn every_refusal_has_an_ascii_message_that_names_the_argument_and_the_rule() {
    let mut messages = HashSet::new();
    for row in rows("requests.tsv") {
        if let Err(error) = signer().sign_request(&sent(&row).request()) {
            let message = error.to_string();
            let (argument, rule) = message.split_once(": must ").unwrap_or_default();
            let named = ["URL", "method", "content type", "body", "parameters"];
            assert!(named.contains(&argument) || argument.starts_with("parameter "), "{error:?}: {message}");
            assert!(!rule.is_empty() && message.is_ascii() && !message.contains("  "), "{error:?}: {message}");
            messages.insert(message);
        }
    }
    assert_eq!(messages.len(), 22);
}
