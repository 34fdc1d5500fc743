//! The shared tables of requests and diagnoses, with PHP as their referee, and what tables cannot say.
#![cfg(test)]

mod support {
    pub mod helpdesk;
    pub mod sent;
    pub mod table;
}

use std::collections::HashSet;
use std::fmt;

use kayako_sign_core::{Container, Diagnosis, Error, Insertion, Place, Reading, Request, Salt, Signer, Target};

use support::helpdesk::Helpdesk;
use support::sent::Sent;
use support::table::{diagnosis, rows, status, text, unescaped};

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
    let rows = rows::<8>("requests.tsv");
    let broken: Vec<_> = rows
        .iter()
        .filter_map(|row| {
            let [name, .., expected, target, offset] = row;
            let said = match signer.sign_request(&sent(row).request()) {
                Ok(Insertion { target, offset, .. }) => format!("KAYAKO_OK {target:?} {offset}").to_lowercase(),
                Err(error) => status(error).to_lowercase(),
            };
            let expected = [expected.as_str(), target, offset].join(" ").trim_end().to_lowercase();
            (said != expected).then(|| format!("{name}: {said}"))
        })
        .collect();
    assert!(broken.is_empty(), "of {} requests these do not hold: {broken:#?}", rows.len());
}

#[test]
fn what_is_signed_is_good_and_the_stand_in_helpdesk_takes_it() {
    let (signer, helpdesk) = (signer(), Helpdesk::start());
    for row in rows::<8>("requests.tsv") {
        let sent = sent(&row);
        if let Ok(insertion) = signer.sign_request(&sent.request()) {
            let whole = sent.with(&insertion);
            let diagnosis = signer.diagnose_request(&whole.request());
            assert!(diagnosis == Diagnosis::Good, "{}: {diagnosis:?}", row[0]);
            assert!(helpdesk.send(&whole).is_accepted(), "{}: refused", row[0]);
            assert!(helpdesk.sees_the_same(&sent, &whole, insertion.target), "{}: something else changed", row[0]);
        }
    }
}

#[test]
fn every_shared_diagnosis_holds_and_the_stand_in_helpdesk_agrees() {
    let (signer, helpdesk) = (signer(), Helpdesk::start());
    let rows = rows::<6>("diagnoses.tsv");
    let mut broken = Vec::new();
    for row in &rows {
        let sent = sent(row);
        let said = signer.diagnose_request(&sent.request());
        if diagnosis(said) != row[5] {
            broken.push(format!("{}: {said:?}", row[0]));
        }
        let answer = helpdesk.send(&sent);
        if !answer.agrees_with(&sent, said) {
            broken.push(format!("{}: {said:?}, but PHP answers {} {:.30}", row[0], answer.status, answer.body));
        }
    }
    assert!(broken.is_empty(), "of {} requests these do not hold: {broken:#?}", rows.len());
}

#[test]
fn every_shared_signature_has_the_diagnosis_that_the_table_says() {
    let signer = signer();
    let rows = rows::<4>("signatures.tsv");
    let broken: Vec<_> = rows
        .iter()
        .filter_map(|[name, salt, signature, expected]| {
            let (salt, signature) = (unescaped(salt), unescaped(signature));
            let said = signer.diagnose(&salt, &signature);
            let verified = signer.verify(&salt, &signature);
            let holds = diagnosis(said) == *expected && verified == (said == Diagnosis::Good);
            (!holds).then(|| format!("{name}: {said:?}"))
        })
        .collect();
    assert!(broken.is_empty(), "of {} signatures these do not hold: {broken:#?}", rows.len());
}

#[test]
fn the_tables_name_every_diagnosis() {
    let requests = rows::<6>("diagnoses.tsv").into_iter().map(|row| row[5].clone());
    let signatures = rows::<4>("signatures.tsv").into_iter().map(|row| row[3].clone());
    let (requests, signatures): (HashSet<_>, HashSet<_>) = (requests.collect(), signatures.collect());
    for known in Diagnosis::all() {
        assert!(requests.contains(&diagnosis(known)), "{known:?} is missing in diagnoses.tsv");
        let of_signature = known.code() < Diagnosis::CredentialsMissing.code();
        assert!(!of_signature || signatures.contains(&diagnosis(known)), "{known:?} is missing in signatures.tsv");
    }
}

fn sent(row: &[String]) -> Sent {
    Sent::new(&text(&row[1]), &text(&row[2]), &text(&row[3]), unescaped(&row[4]))
}

// ---- What is inserted ----

/// The known pair, as it stands in each place. A valid signature is never printed.
fn inserted(request: &Request<'_>) -> (Target, usize, String) {
    let signer = signer();
    let credentials = signer.credentials_with_salt(Salt::new(SALT).unwrap());
    let Insertion { target, offset, text } = signer.place_in(request).unwrap().insert(&credentials).unwrap();
    let signature = credentials.signature();
    (target, offset, text.replace(&signature.to_url_encoded(), "URLENCODED").replace(&signature.to_base64(), "BASE64"))
}

#[test]
fn a_query_gets_credentials_behind_its_first_piece() {
    let credentials = "apikey=apikey&salt=1234567890&signature=URLENCODED";
    for (before, separator, behind) in [
        ("https://h/index.php", "?", ""),
        ("https://h/index.php", "?", "#top?a"),
        ("https://h/index.php?", "", ""),
        ("https://h/index.php?", "", "&a=1"),
        ("https://h/index.php?/Base/User", "&", ""),
        ("https://h/index.php?/Base/User", "&", "&a=1#top"),
        ("https://h/index.php?e=", "&", ""),
    ] {
        let url = format!("{before}{behind}");
        assert_eq!(
            inserted(&Request::get(&url)),
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
fn sign_url_and_sign_form_give_the_whole_with_the_insertion_in_it() {
    let signer = signer();
    let whole = signer.sign_url("https://h/index.php?/Base/User&a=1#top").unwrap();
    let (route, rest) = whole.split_once("&apikey=apikey&salt=").unwrap();
    assert!(route == "https://h/index.php?/Base/User" && rest.ends_with("%3D&a=1#top"));
    assert_eq!(signer.diagnose_request(&Request::get(&whole)), Diagnosis::Good);
    for form in ["", "a=1&b=%20"] {
        let whole = signer.sign_form(form).unwrap();
        assert!(whole.starts_with("apikey=apikey&salt=") && whole.ends_with(form));
        assert_eq!(signer.diagnose_request(&Sent::new("PUT", API, FORM, whole).request()), Diagnosis::Good);
    }
    assert_eq!(signer.sign_url("index.php"), Err(Error::UrlNotAbsolute));
    assert_eq!(signer.sign_form("salt=1"), Err(Error::SaltParameter));
}

#[test]
fn an_address_takes_a_salt_of_the_callers_as_the_request_it_is() {
    let signer = signer();
    let salt = || Salt::new("1234567890").unwrap();
    for url in ["https://h/", "https://h/?", "https://h/?&a=1", "https://h/?/Base/User&a=1#top", "https://h/?e=/A"] {
        let place = signer.place_in(&Request::get(url)).unwrap();
        let insertion = place.insert(&signer.credentials_with_salt(salt())).unwrap();
        let (before, behind) = url.split_at(insertion.offset);
        assert!(signer.sign_url_with_salt(url, salt()) == Ok(format!("{before}{}{behind}", insertion.text)), "{url}");
    }
    for url in ["index.php", "https://h/?salt=1", "https://h/?/A&e=/B"] {
        let refused = signer.place_in(&Request::get(url)).map(|_| String::new());
        assert!(refused.is_err() && signer.sign_url_with_salt(url, salt()) == refused, "{url}");
    }
}

#[test]
fn each_request_gets_a_salt_of_its_own() {
    let signer = signer();
    let texts: HashSet<_> = (0..1_000).map(|_| signer.sign_url("https://h/?/Base/User").unwrap()).collect();
    assert_eq!(texts.len(), 1_000);
}

#[test]
fn no_text_is_longer_than_its_place_announces_nor_that_than_the_signer() {
    let controls = "\0\u{1}\u{1f}".repeat(Signer::API_KEY_MAX / 3);
    let (quotes, umlauts) = ("\"\\".repeat(Signer::API_KEY_MAX / 2), "é".repeat(Signer::API_KEY_MAX / 2));
    for api_key in ["apikey", "é &=\"\n", &controls, &quotes, &umlauts] {
        let signer = Signer::new(api_key, "secretkey").unwrap();
        for place in places(&signer) {
            let lengths = (0..200).map(|_| place.insert(&signer.credentials().unwrap()).unwrap().text.len());
            assert!(lengths.max().unwrap() <= place.text_max());
            assert!(place.text_max() <= signer.insertion_max());
        }
    }
}

/// A place of each kind, with the separators and the boundary that make its text longest.
fn places(signer: &Signer) -> [Place<'static>; 4] {
    const LONGEST: &str = concat!(
        "multipart/form-data; boundary=",
        "----------------------------------------------------------------------"
    );
    let closing = "-".repeat(74).leak();
    let post = |content_type, body| Request { method: "POST", url: API, content_type: Some(content_type), body };
    [
        signer.place_in(&Request::get(API)).unwrap(),
        signer.place_in(&post(FORM, b"a=1")).unwrap(),
        signer.place_in(&post(LONGEST, closing.as_bytes())).unwrap(),
        signer.place_in(&post(JSON, b"{\"a\":1}")).unwrap(),
    ]
}

#[test]
fn the_announced_length_is_the_longest_and_no_longer_but_for_escapes() {
    let signer = signer();
    let [query, form, multipart, json] = places(&signer).map(|place| {
        // All characters of a signature escaped is what a query has to be ready for.
        let text = place.insert(&signer.credentials().unwrap()).unwrap().text;
        let signature = text.split("signature=").nth(1).map_or(0, |rest| rest.trim_end_matches('&').len());
        let slack = if signature == 0 { 0 } else { 132 - signature };
        place.text_max() - text.len() - slack
    });
    assert_eq!([query, form, multipart], [0, 0, 0]);
    assert_eq!(json, 5 * "apikey".len(), "JSON is ready for an API key of escapes");
}

#[test]
fn where_a_text_does_not_fit_its_writer_says_so_and_has_its_beginning() {
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
    let credentials = signer.credentials_with_salt(Salt::new(" /\n").unwrap());
    for place in places(&signer) {
        let whole = place.insert(&credentials).unwrap().text;
        for room in 0..=whole.len() {
            let mut out = Short(String::new(), room);
            assert_eq!(place.write(&credentials, &mut out).is_ok(), room == whole.len());
            assert!(whole.starts_with(&out.0));
        }
    }
}

#[test]
fn json_holds_any_text_as_php_reads_it() {
    let text: String = ('\0'..'\u{81}').chain(['\u{2028}', '\u{ffff}', '\u{1f600}']).collect();
    let signer = Signer::new(&text, "secretkey").unwrap();
    let json = signer.credentials_with_salt(Salt::new(&text).unwrap()).to_json().unwrap();
    let read: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert!(read["apikey"] == text && read["salt"] == text);
    assert_eq!(json.matches("\\u00").count(), 2 * 27, "only what has no short escape takes a long one");
    assert_eq!(signer.diagnose_request(&Sent::new("POST", API, JSON, json).request()), Diagnosis::Good);
}

// ---- What cannot be signed ----

#[test]
fn json_that_is_cut_off_anywhere_is_refused() {
    let whole = r#"{"a":[true,{"b":-1.5e+3},"\"\u00e9\ud83d\ude00",null],"c":{}}"#;
    for end in 1..whole.len() {
        let sent = Sent::new("POST", API, JSON, &whole[..end]);
        assert_eq!(signer().place_in(&sent.request()).err(), Some(Error::JsonInvalid), "{}", &whole[..end]);
    }
    assert!(signer().place_in(&Sent::new("POST", API, JSON, whole).request()).is_ok());
}

#[test]
fn an_address_is_signed_up_to_its_longest() {
    let signer = signer();
    let url = format!("{API}&a={}", "a".repeat(Request::URL_MAX - API.len() - 3));
    assert!(signer.sign_url(&url).is_ok());
    assert_eq!(signer.sign_url(&(url + "a")), Err(Error::UrlTooLong));
}

#[test]
fn a_multipart_header_is_plain_up_to_what_php_reads_at_once() {
    let signer = signer();
    let body = |len: usize| {
        let header = format!("X: {}", "a".repeat(len - 3));
        format!("--X\r\n{header}\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--X--\r\n")
    };
    let refused = |len| signer.place_in(&Sent::new("POST", API, MULTIPART, body(len)).request()).err();
    assert_eq!((refused(4_096), refused(4_097)), (None, Some(Error::MultipartNotPlain)));
}

#[test]
fn a_salt_of_the_callers_is_refused_where_it_cannot_stand() {
    let signer = signer();
    let [query, form, multipart, json] = places(&signer);
    let with = |place: &Place<'_>, salt: &[u8]| {
        let credentials = signer.credentials_with_salt(Salt::new(salt).unwrap());
        let written = place.write(&credentials, &mut String::new()).is_ok();
        let inserted = place.insert(&credentials).map(|_| ());
        assert_eq!(written, inserted.is_ok());
        inserted
    };
    assert_eq!([&query, &form].map(|place| with(place, b"\xff")), [Ok(()); 2]);
    assert_eq!([&multipart, &json].map(|place| with(place, b"\xff")), [Err(Error::SaltNotUtf8); 2]);
    let boundary = format!("\r\n{}\r\nContent-Disposition", "-".repeat(72));
    assert_eq!(with(&multipart, boundary.as_bytes()), Err(Error::MultipartNotPlain));
    assert_eq!([&query, &form, &json].map(|place| with(place, boundary.as_bytes())), [Ok(()); 3]);
}

#[test]
fn an_api_key_that_holds_the_boundary_is_refused() {
    let body = "--X--";
    for (api_key, fits) in [("\r\n--X\r\nContent-Disposition", false), ("a--X", false), ("\r\n-X", true), ("X", true)] {
        let signer = Signer::new(api_key, "secretkey").unwrap();
        let sent = Sent::new("POST", API, MULTIPART, body);
        assert_eq!(signer.place_in(&sent.request()).err(), (!fits).then_some(Error::MultipartNotPlain), "{api_key:?}");
    }
}

// ---- What a reading and a diagnosis say ----

#[test]
fn a_reading_tells_what_stands_in_each_part_and_which_is_read() {
    let read = |sent: Sent| {
        let reading = Reading::of(&sent.request());
        let names = |part: &kayako_sign_core::Contents| part.names().collect::<Vec<_>>().join(",");
        (reading.container(), names(reading.query()), names(reading.body()), names(reading.read()))
    };
    let url = &format!("{API}&q=1");
    let query = "/Base/User,q".to_owned();
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
        ("PATCH", FORM, "salt=1", Container::Raw, "salt"),
        ("PUT", FORM, "", Container::Query, ""),
    ] {
        let in_read = if container == Container::Query { query.as_str() } else { in_body };
        assert_eq!(
            read(Sent::new(method, url, content_type, body)),
            (container, query.clone(), in_body.to_owned(), in_read.to_owned()),
            "{method} {content_type}"
        );
    }
}

#[test]
fn names_in_multipart_lose_the_quotes_and_escapes_that_php_knows() {
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
        assert_eq!(Reading::of(&sent.request()).body().names().collect::<Vec<_>>(), [name], "{written}");
    }
}

#[test]
fn a_reading_keeps_no_more_names_than_anybody_reads() {
    let sent = Sent::new("POST", API, FORM, "name=1&".repeat(2_000) + "salt=");
    assert_eq!(Reading::of(&sent.request()).body().names().count(), 1_000);
    assert_eq!(signer().diagnose_request(&sent.request()), Diagnosis::SaltEmpty);
    let sent = Sent::new("POST", API, FORM, format!("{}=1&{}=1", "a".repeat(32), "b".repeat(33)));
    let names: Vec<_> = Reading::of(&sent.request()).body().names().map(str::to_owned).collect();
    assert_eq!(names, ["a".repeat(32), "b".repeat(32) + "..."]);
}

#[test]
fn a_reading_shows_no_values_even_where_a_body_is_read_as_a_name() {
    let signer = signer();
    let json = signer.credentials_with_salt(Salt::new(SALT).unwrap()).to_json().unwrap();
    let signature = signer.sign(SALT).unwrap().to_base64();
    for (method, content_type, body) in [
        ("POST", FORM, json.as_str()),
        ("PATCH", "", &signature),
        ("POST", FORM, &format!("a={signature}&secret=secretkey")),
    ] {
        let sent = Sent::new(method, API, content_type, body);
        let reading = Reading::of(&sent.request());
        let shown = format!("{reading:?} {:?}", reading.body().names().collect::<Vec<_>>());
        assert!(shown.contains("/Base/User"), "the names are not shown");
        assert!(!shown.contains(&signature[..40]) && !shown.contains("secretkey"), "{method} {content_type}");
    }
}

#[test]
fn debug_of_an_insertion_leaves_the_text_out() {
    let shown = format!("{:?}", signer().sign_request(&Request::get(API)).unwrap());
    assert!(shown.contains("Url") && !shown.contains("signature"), "the text is shown");
}

#[test]
fn every_cause_has_a_code_and_the_code_comes_from_its_number() {
    use Diagnosis::*;
    for (cause, code) in [
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
        ("made with a newline behind the secret", NewlineBehindSecret),
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
        ("no ? in the address", CredentialsInPath),
        ("credentials behind #", CredentialsInFragment),
    ] {
        assert_eq!(Diagnosis::from_code(code.code()), Some(code), "{cause}");
    }
    assert_eq!([-1, 3, 9, 23, 1_000].map(Diagnosis::from_code), [None; 5]);
}

#[test]
fn every_diagnosis_has_one_code_and_one_sentence_that_names_the_cause() {
    let all: Vec<_> = Diagnosis::all().collect();
    let codes: HashSet<_> = all.iter().map(|diagnosis| diagnosis.code()).collect();
    let sentences: HashSet<_> = all.iter().map(|diagnosis| diagnosis.message()).collect();
    assert_eq!((codes.len(), sentences.len()), (all.len(), all.len()));
    for diagnosis in all {
        let sentence = diagnosis.message().to_str().unwrap();
        let (argument, advice) = sentence.split_once(": ").unwrap_or_default();
        let named =
            ["good", "signature", "salt", "apikey", "API key and secret key", "credentials", "URL", "content type"];
        assert!(
            named.contains(&argument) && (advice.contains("; ") || diagnosis == Diagnosis::Good),
            "{diagnosis:?}: {sentence}"
        );
        assert!(
            sentence.is_ascii() && !sentence.contains("  ") && !sentence.ends_with('.'),
            "{diagnosis:?}: {sentence}"
        );
        assert_eq!(
            diagnosis.is_accepted() && diagnosis != Diagnosis::Good,
            sentence.contains("accepted"),
            "{diagnosis:?}"
        );
        assert!(!sentence.contains("secretkey") && !sentence.contains("VKjt8M54"), "{diagnosis:?}");
    }
}

#[test]
fn every_refusal_is_one_ascii_sentence_that_names_the_argument_and_the_rule() {
    let mut sentences = HashSet::new();
    for row in rows::<8>("requests.tsv") {
        if let Err(error) = signer().sign_request(&sent(&row).request()) {
            let sentence = error.to_string();
            let (argument, rule) = sentence.split_once(": must ").unwrap_or_default();
            let named = ["URL", "method", "content type", "body"];
            assert!(named.contains(&argument) || argument.starts_with("parameter "), "{error:?}: {sentence}");
            assert!(!rule.is_empty() && sentence.is_ascii() && !sentence.contains("  "), "{error:?}: {sentence}");
            sentences.insert(sentence);
        }
    }
    assert_eq!(sentences.len(), 13);
}
