//! Checks statements about every request on random requests, with PHP as the referee.
#![cfg(test)]

mod support {
    pub mod helpdesk;
    pub mod php;
    pub mod property;
    pub mod sent;
}

use std::cell::Cell;
use std::str;

use kayako_sign_core::{Container, Diagnosis, Error, Reading, Request, Signer, Target};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::TestCaseResult;
use serde_json::Value;

use support::helpdesk::{Helpdesk, Web};
use support::php::{FIELDS, base64_decoded, names_in_json, replaced};
use support::property::for_all;
use support::sent::Sent;

const SALT: &str = "1234567890";
const API: &str = "https://help.example.com/api/index.php";
const FORM: &str = "application/x-www-form-urlencoded";
const MULTIPART: &str = "multipart/form-data; boundary=X";
const JSON: &str = "application/json";

fn signer() -> Signer {
    signer_of("secretkey")
}

fn signer_of(secret_key: impl AsRef<[u8]>) -> Signer {
    Signer::new("apikey", secret_key).unwrap()
}

// ---- Random requests ----

/// Pieces of names and texts, many of which PHP changes as it reads them.
const TEXT: &str = "apikey|salt|signature|e|salt|e|a|s|x|&|&|&|=|=|=1|[|]|[]|[x]|[[|.|_|+|%|%2|%zz|%00|%20|%5B|%5d|%2B|\
                    %26|%3D|%73|%65|%09|%FF|;|s?|/|e[|é| |\t|\r\n";

/// Pieces that change how a multipart body is read.
const PARTS: &str = "\r\n|\n|\r|\t|\x0b|\x0c|\0| |--X|--X\r\n|\r\n--X\r\n|\n--X|--X--|--|X|;|\"|'|\\|:|=|[|]|name=|\
                     salt|name=\"salt\"|; name=\"e\"|filename=\"f\"|; filename=\"f\"|\r\nX: y|\r\n name=\"apikey\"|\
                     content-disposition:|Content-Disposition: form-data; name=\"salt\"\r\n\r\n";

/// Pieces that change how JSON is read.
const MEMBERS: &str = "{|}|[|]|,|:|\"|\\|\\u0000|\\ud83d|\\ude00|\u{7f}|\0|\n| |é|1|-|0|null|\"salt\":1,|\"e\":[],|\
                       \"s\\u0061lt\":\"\",|\"a\":{\"salt\":0},|salt";

/// JSON values, pieces that break JSON, and JSON names.
const VALUES: &str = "null|true|false|0|-0|10|-1.5e-3|1E+2|0.5e7|1e999|\"\"|\"plain, and of more than a few bytes\"|\
                      \"\\\"\\\\\\/\\b\\f\\n\\r\\t\"|\"\\u00e9\\ud83d\\ude00\\u0000\"|\"é\u{7f}\u{2028}😀\"";
const HARM: &str =
    "{|}|[|]|,|:|\"|\\|\\x|\\u00|\\ud83d|\\ude00|\0|\n|\t|\r|\x0b|\u{a0}| |1|.|-|+|e|E5|t|tru|TRUE|null|//";
const NAMES: &str = "\"\"|\"a\"|\"0\"|\"s\\u0061lt\"|\"\\u00e9\"|\"é\"|\"\\u0000\"|\"a\\u0000\"|\"a\\nb\"";

fn piece(pieces: &'static str) -> impl Strategy<Value = &'static str> {
    select(pieces.split('|').collect::<Vec<_>>())
}

const METHODS: &[&str] = &["GET", "DELETE", "POST", "POST", "POST", "PUT", "PUT", "PATCH"];
const TYPES: &[&str] = &[
    "",
    FORM,
    FORM,
    MULTIPART,
    MULTIPART,
    JSON,
    JSON,
    "text/plain",
    "Application/X-WWW-Form-URLEncoded; charset=UTF-8",
    "multipart/form-data",
    "multipart/form-data; boundary=\"X\"",
    "application/json; charset=utf-8",
    "multipart/form-data; boundary=X; x=application/json",
];

/// Changes a text at up to `most` random places.
fn changed(text: impl Strategy<Value = String>, pieces: &'static str, most: usize) -> impl Strategy<Value = String> {
    (text, vec((any::<Index>(), 0..3_usize, piece(pieces)), 0..=most)).prop_map(|(mut text, changes)| {
        for (place, removed, piece) in changes {
            let places: Vec<_> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
            let start = place.index(places.len());
            let end = (start + removed).min(places.len() - 1);
            text.replace_range(places[start]..places[end], piece);
        }
        text
    })
}

fn text() -> impl Strategy<Value = String> {
    vec(piece(TEXT), 0..8).prop_map(|pieces| pieces.concat())
}

/// Writes a multipart body with these fields.
fn parts(fields: &[(&str, &str)]) -> String {
    let part = |(name, value)| format!("--X\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
    fields.iter().copied().map(part).collect::<String>() + "--X--\r\n"
}

/// Makes random JSON, nested in any way. Some is broken by a few pieces, and some by a random byte.
fn json() -> impl Strategy<Value = Vec<u8>> {
    let values = piece(VALUES).prop_map(str::to_owned).prop_recursive(6, 24, 4, |value| {
        let member = (piece(NAMES), value.clone()).prop_map(|(name, value)| format!("{name} :\t{value}"));
        let list = vec(value, 0..4).prop_map(|values| format!("[ {}]", values.join(" ,")));
        prop_oneof![list, vec(member, 0..4).prop_map(|members| format!("{{{}\r\n}}", members.join(",")))]
    });
    let object = vec((piece(NAMES), values), 0..4).prop_map(|members| {
        let members: Vec<_> = members.iter().map(|(name, value)| format!("{name}:{value}")).collect();
        format!("{{{}}}", members.join(","))
    });
    let byte = prop_oneof![4 => Just(None), 1 => (any::<Index>(), any::<u8>()).prop_map(Some)];
    (changed(object, HARM, 2), byte).prop_map(|(text, byte)| {
        let mut body = text.into_bytes();
        if let Some((place, byte)) = byte.filter(|_| !body.is_empty()) {
            let place = place.index(body.len());
            body[place] = byte;
        }
        body
    })
}

fn body(content_type: &str) -> BoxedStrategy<String> {
    if content_type.contains("json") {
        let members = select(&[r#"{"a":1,"b":{"salt":[1]}}"#, "{}", r#"{"a":"\u00e9\ud83d\ude00"}"#][..]);
        changed(members.prop_map(str::to_owned), MEMBERS, 2).boxed()
    } else if content_type.contains("multipart") {
        let fields =
            [("a", "1"), ("b[]", "two\r\nlines"), ("f\"; filename=\"f", "--\r\n\0"), ("salt\"; filename=\"e", "1")];
        let fields = vec(select(fields.to_vec()), 0..4).prop_map(|fields| parts(&fields));
        changed(fields, PARTS, 3).boxed()
    } else {
        text().boxed()
    }
}

/// The beginnings of URLs: with a route in each place where the server looks for one, and without one that it finds.
const STARTS: &[&str] = &[
    "/api/index.php?/Base/User&",
    "/api/index.php?/Base/User&",
    "/api/index.php?Base/User/1&",
    "/api/?/tickets/Ticket/1/a~b&",
    "?/Base/User&",
    "/api/index.php?e=/Base/User&",
    "/api/index.php?a=1&e=%2FBase%2fUser%2F1&",
    "/api/index.php?e=%252FBase%252FUser&",
    "/api/index.php?e=/Base/User/1%26b=1&",
    "/api/index.php/Base/User?",
    "/api/index.php/Base/User?a=1&",
    "/api/index.php/Base/User/a%20b&b=1?",
    "/api/index.php?//Base///User/&",
    "/api/index.php?%252Base/User&",
    "/api/Base/User/1&",
    "/api/Base/User/1?",
    "/api/index.php&e=/Base/User&",
    "/api/Base%2FUser&",
    "/api/index.php/Base%2fUser?",
    "/api/index.php?",
    "/api/index.php?%2FBase%2FUser&",
    "/api/index.php?%2FBase%2FUser=&",
    "/api/index.php?e=Base/User&",
    "/api/index.php?e[]=/Base/User&",
    "/api/index.php?/Base&",
    "/api/index.php?/Base/User?1&",
    "/api/index.php?/Base/User/1?a=1&",
    "/api/index.php?/Base/User/a@b&",
    "/api/v1/cases?",
    "/staffapi/index.php?/Base/User&",
];

/// Makes a URL of allowed characters.
fn url(query: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    (select(STARTS), query).prop_map(|(start, query)| {
        let sent = query.chars().filter(char::is_ascii_graphic);
        "https://help.example.com".chars().chain(start.chars()).chain(sent).collect()
    })
}

fn request(method: &'static str, content_type: &'static str) -> impl Strategy<Value = Sent> {
    (url(text()), prop_oneof![9 => body(content_type), 1 => text()])
        .prop_map(move |(url, body)| Sent::new(method, &url, content_type, body))
}

fn requests() -> impl Strategy<Value = Sent> {
    (select(METHODS), select(TYPES)).prop_flat_map(|(method, content_type)| request(method, content_type))
}

// ---- Signing ----

/// Returns the field that a parameter of the refused request would replace, or `None` if the error has another reason.
fn field_of(error: Error) -> Option<usize> {
    match error {
        Error::ApiKeyParameter => Some(0),
        Error::SaltParameter => Some(1),
        Error::SignatureParameter => Some(2),
        Error::RouteParameter | Error::RouteSlash => Some(3),
        _ => None,
    }
}

/// Returns whether a request is refused because of its route, which the server looks for first.
fn is_of_route(error: Error) -> bool {
    use Error::*;
    matches!(
        error,
        RouteMissing | RouteEncoded | RouteQuestionMark | RouteCharacter | PathUrl | HostedKayako | StaffApi
    )
}

#[test]
fn a_form_or_query_is_refused_if_and_only_if_php_would_replace_a_field() {
    let signer = signer();
    for_all(12, &vec(text(), 400), |texts| {
        for (text, replaced) in texts.iter().zip(replaced(texts.iter().map(String::as_bytes))) {
            let agrees = |refused: Option<Error>| match refused {
                // A form may carry the route once.
                None => replaced[..3] == [false; 3],
                Some(error) if is_of_route(error) => replaced[3],
                Some(error) => field_of(error).is_some_and(|field| replaced[field]),
            };
            prop_assert!(agrees(signer.insertion_point_in_form(text.as_bytes()).err()), "form {text:?}");
            let url = format!("{API}?/Base/User&{text}");
            let refused = signer.insertion_point(&Request::new("GET", &url)).err();
            prop_assert!(refused == Some(Error::UrlCharacter) || agrees(refused), "query {text:?}");
        }
        Ok(())
    });
}

#[test]
fn php_refuses_the_same_json_and_finds_the_same_names_in_it() {
    let signer = signer();
    for_all(12, &vec(json(), 600), |bodies| {
        for (body, names) in bodies.iter().zip(names_in_json(bodies.iter().map(Vec::as_slice))) {
            let sent = Sent::new("POST", &format!("{API}?/Base/User"), JSON, body);
            let text = String::from_utf8_lossy(body);
            // The server takes no member of JSON as the route.
            let is_field = |name: &String| FIELDS[..3].contains(&name.as_str());
            match (signer.insertion_point(&sent.request()).err(), &names) {
                (None, Some(names)) => prop_assert!(!names.iter().any(is_field), "signed in spite of a field: {text}"),
                (Some(Error::JsonInvalid | Error::JsonNotObject | Error::JsonWithoutBody), None) => {}
                (Some(error), Some(names)) => {
                    let has = field_of(error).is_some_and(|field| names.iter().any(|name| name == FIELDS[field]));
                    prop_assert!(has, "{error:?}, but PHP accepts it: {text}");
                }
                (error, None) => prop_assert!(false, "{error:?}, but PHP refuses it: {text}"),
            }
            let reading = Reading::of(&sent.request());
            let mut found: Vec<_> = reading.body().names().iter().map(ToString::to_string).collect();
            let mut expected = names.unwrap_or_default();
            found.sort_unstable();
            found.dedup();
            expected.sort_unstable();
            prop_assert_eq!(found, expected, "{}", text);
        }
        Ok(())
    });
}

struct Referee {
    signer: Signer,
    helpdesk: Helpdesk,
    /// The number of requests that were signed.
    signed: Cell<u32>,
}

impl Referee {
    fn new() -> Self {
        Referee { signer: signer(), helpdesk: Helpdesk::start(), signed: Cell::new(0) }
    }

    /// Checks that a signed request reaches the controller of its route with its own fields only, and that a request
    /// refused because of a field has that field.
    fn judge(&self, sent: &Sent) -> TestCaseResult {
        match self.signer.sign_request(&sent.request()) {
            Ok(insertion) => {
                self.signed.set(self.signed.get() + 1);
                let whole = sent.with(&insertion);
                let diagnosis = self.signer.diagnose_request(&whole.request());
                prop_assert!(matches!(diagnosis, Diagnosis::Good | Diagnosis::FieldsNotRead), "it is {diagnosis:?}");
                let answer = self.helpdesk.send_through(Web::Plain, &whole);
                prop_assert!(answer.is_accepted(), "refused at {} with {}", answer.stage, answer.status);
                prop_assert!(self.helpdesk.sees_the_same(sent, &answer), "PHP sees more than the insertion");
                let whole = whole.request();
                let (route, seen) = (Reading::of(&whole).route().map(ToString::to_string), answer.document());
                let pieces =
                    [&seen["app"], &seen["controller"]].into_iter().chain(seen["arguments"].as_array().unwrap());
                let expected: Vec<_> = pieces.map(|piece| piece.as_str().unwrap()).collect();
                prop_assert_eq!(route, Some(format!("/{}", expected.join("/"))));
            }
            Err(error) if is_of_route(error) => {
                let answer = self.helpdesk.send_through(Web::Plain, sent);
                let is_refused = ["web", "route"].contains(&answer.stage.as_str());
                prop_assert!(is_refused, "{error:?}, but the server answers {} at {}", answer.status, answer.stage);
            }
            Err(error) => {
                let rightly = field_of(error).is_none_or(|field| self.has(sent, FIELDS[field]));
                prop_assert!(rightly, "{error:?}, but PHP sees no such parameter");
            }
        }
        Ok(())
    }

    /// Returns whether PHP sees this field in a request before it is signed. Signing would lose one of the two values.
    fn has(&self, sent: &Sent, field: &str) -> bool {
        let seen = self.helpdesk.echo(sent);
        let part = match Reading::of(&sent.request()).container() {
            _ if field == "e" => {
                return ["get", "post"].iter().any(|part| seen[part].get("e").is_some());
            }
            Some(Container::Json) => {
                return serde_json::from_slice::<Value>(&sent.body).is_ok_and(|body| body.get(field).is_some());
            }
            Some(Container::Query) => "get",
            _ => "post",
        };
        seen[part].get(field).is_some()
    }
}

#[test]
fn the_stand_in_helpdesk_accepts_every_random_request_that_is_signed() {
    let referee = Referee::new();
    for_all(1_500, &requests(), |sent| referee.judge(&sent));
    assert!(referee.signed.get() > 150, "only {} requests were signed", referee.signed.get());
}

#[test]
fn the_stand_in_helpdesk_accepts_every_random_multipart_body_that_is_signed() {
    let referee = Referee::new();
    for_all(3_000, &request("POST", MULTIPART), |sent| referee.judge(&sent));
    assert!(referee.signed.get() > 300, "only {} requests were signed", referee.signed.get());
}

// ---- Diagnosis ----

/// Placeholders for the signature, URL-encoded and raw, so that no failure prints one.
const ENCODED: &str = "{encoded}";
const RAW: &str = "{raw}";

fn filled(signer: &Signer, sent: &Sent) -> Sent {
    let signature = signer.sign(SALT).unwrap();
    let (encoded, raw) = (signature.to_url_encoded(), signature.to_base64());
    let fill = |text: &str| text.replace(ENCODED, &encoded).replace(RAW, &raw);
    let body = str::from_utf8(&sent.body).unwrap();
    Sent::new(&sent.method, &fill(&sent.url), &sent.content_type, fill(body))
}

/// Makes random requests with credentials in some place, with a few changes.
fn sent_requests() -> impl Strategy<Value = Sent> {
    let form = || {
        let pairs = &[
            "apikey=apikey&salt=1234567890&signature={encoded}",
            "signature={raw}&a=1&apikey=apikey&salt=1234567890",
            "e=/Base/User/1&apikey=apikey&salt=1234567890&signature={encoded}",
            "apikey=apikey&amp;salt=1234567890&amp;signature={encoded}",
            "a=1",
        ];
        changed(select(&pairs[..]).prop_map(str::to_owned), TEXT, 2)
    };
    let json = r#"{"apikey":"apikey","salt":"1234567890","signature":"{raw}"}"#;
    let body = prop_oneof![
        2 => form(),
        1 => changed(Just(json.to_owned()), MEMBERS, 2),
        3 => changed(Just(parts(&[("apikey", "apikey"), ("salt", SALT), ("signature", RAW)])), PARTS, 2),
        1 => Just(String::new()),
    ];
    let query = prop_oneof![form(), Just(String::new())];
    (select(METHODS), select(TYPES), url(query), body)
        .prop_map(|(method, content_type, url, body)| Sent::new(method, &url, content_type, body))
}

#[test]
fn a_diagnosis_agrees_with_the_answer_of_the_stand_in_helpdesk() {
    let (signer, helpdesk) = (signer(), Helpdesk::start());
    for_all(4_000, &sent_requests(), |sent| {
        let filled = filled(&signer, &sent);
        let diagnosis = signer.diagnose_request(&filled.request());
        for web in [Web::Rewrite, Web::Plain] {
            let answer = helpdesk.send_through(web, &filled);
            prop_assert!(
                answer.agrees_with(&filled, web, diagnosis),
                "{diagnosis:?}, but {web:?} answers {} at {}",
                answer.status,
                answer.stage
            );
        }
        Ok(())
    });
}

#[test]
fn a_signature_is_accepted_if_and_only_if_php_finds_it_equal() {
    let signer = signer();
    let right = signer.sign(SALT).unwrap().to_base64();
    let text = changed(Just(RAW.to_owned()), " |\n|\t|\r|\0|\x0b|\x0c|+|=|%3D|A", 2);
    for_all(20_000, &text, |text| {
        let text = text.replace(RAW, &right);
        // PHP's trim() leaves a form feed.
        let trimmed = text.replace(' ', "+");
        let found = trimmed.trim_matches(['\n', '\t', '\r', '\0', '\x0b']) == right;
        let diagnosis = signer.diagnose(SALT, &text);
        prop_assert!(diagnosis.is_accepted() == found, "{diagnosis:?}");
        prop_assert_eq!(diagnosis == Diagnosis::Good, signer.verify(SALT, &text));
        Ok(())
    });
}

#[test]
fn a_signature_made_with_the_base64_decoded_secret_key_is_diagnosed() {
    let characters = "[A-Za-z0-9+/]{1,100}={0,2}";
    for_all(40, &vec(characters, 50), |secrets| {
        for (secret, decoded) in secrets.iter().zip(base64_decoded(secrets.iter().map(String::as_bytes))) {
            // An empty key is refused, and an unchanged one gives the right signature.
            if decoded.is_empty() || decoded == secret.as_bytes() {
                continue;
            }
            let diagnosis = signer_of(secret).diagnose(SALT, signer_of(&decoded).sign(SALT).unwrap().to_base64());
            prop_assert!(
                diagnosis == Diagnosis::SecretDecoded,
                "{diagnosis:?} for a key of {} characters",
                secret.len()
            );
        }
        Ok(())
    });
}

// ---- Arbitrary input ----

#[test]
fn no_input_panics_and_removing_the_insertion_restores_the_request() {
    let signer = signer();
    let any_text = || prop_oneof![any::<String>(), text()];
    let any_body = prop_oneof![vec(any::<u8>(), 0..200), requests().prop_map(|sent| sent.body)];
    let kinds = (prop_oneof![select(METHODS).prop_map(str::to_owned), any_text()], select(TYPES), any_text());
    let urls = prop_oneof![url(text()), any_text()];
    let sent = (kinds, urls, any_body)
        .prop_map(|((method, kind, more), url, body)| Sent::new(&method, &url, &format!("{kind}{more}"), &body));
    for_all(20_000, &sent, |sent| {
        let _ = (signer.diagnose_request(&sent.request()), signer.diagnose(&sent.body, &sent.url));
        if let Ok(point) = signer.insertion_point(&sent.request()) {
            let insertion = point.insert().unwrap();
            prop_assert!(insertion.text.len() <= point.text_max() && point.text_max() <= signer.insertion_max());
            let mut whole = sent.with(&insertion);
            prop_assert!(signer.diagnose_request(&whole.request()).is_accepted());
            let end = insertion.offset + insertion.text.len();
            match insertion.target {
                Target::Url => whole.url.replace_range(insertion.offset..end, ""),
                Target::Body => drop(whole.body.drain(insertion.offset..end)),
            }
            prop_assert!(whole.url == sent.url && whole.body == sent.body);
        }
        Ok(())
    });
}
