//! Times the core, and how its time grows. Prints a line for each thing measured: its name, and the nanoseconds that
//! one takes in each round. A round measures everything in turn, so that a ratio compares times of the same moment.

use std::hint::black_box;
use std::thread;
use std::time::Instant;

use kayako_sign_core::{Error, Request, Signer, UrlEncodedBuffer};
use percent_encoding::percent_decode;

const FORM: &str = "application/x-www-form-urlencoded";
const URL: &str = "https://help.example.com/api/index.php?/Tickets/Ticket";
const MEGABYTE: usize = 1_000_000;

/// A thing to measure, and its calls in each round.
struct Bench<'a> {
    name: String,
    calls: u32,
    run: Box<dyn FnMut(u32) + 'a>,
    times: Vec<f64>,
}

impl<'a> Bench<'a> {
    fn new<T>(name: impl Into<String>, calls: u32, mut one: impl FnMut() -> T + 'a) -> Self {
        Bench::of_all(name, calls, move |calls| {
            for _ in 0..calls {
                black_box(&one());
            }
        })
    }

    fn of_all(name: impl Into<String>, calls: u32, run: impl FnMut(u32) + 'a) -> Self {
        Bench { name: name.into(), calls, run: Box::new(run), times: Vec::new() }
    }

    fn round(&mut self) {
        let start = Instant::now();
        (self.run)(self.calls);
        self.times.push(start.elapsed().as_secs_f64() * 1e9 / f64::from(self.calls));
    }
}

fn measure(mut benches: Vec<Bench<'_>>, rounds: usize) {
    for _ in 0..rounds {
        benches.iter_mut().for_each(Bench::round);
    }
    for bench in benches {
        let times: Vec<String> = bench.times.iter().map(|time| format!("{time:.2}")).collect();
        println!("{}\t{}", bench.name, times.join(" "));
    }
}

/// Returns an encoded form of about this many bytes, with escapes as in a ticket.
fn form(size: usize) -> String {
    // At most as many fields as PHP reads.
    let (step, mut next) = (size / 500, 0);
    let mut form = String::from("subject=It%20broke&contents=");
    while form.len() < size {
        form.push_str("The+printer+is+on+fire%2C+and+so+is+the+spare+one.%0A");
        if form.len() >= next {
            form.push_str("&note[]=");
            next = form.len() + step;
        }
    }
    form
}

fn json(size: usize) -> String {
    let mut json = String::from(r#"{"subject":"It broke""#);
    let mut field = 0;
    while json.len() < size {
        json.push_str(&format!(r#","field{field}":"The printer is on fire, and so is the spare one.""#));
        field += 1;
    }
    json + "}"
}

fn request<'a>(content_type: Option<&'a str>, url: &'a str, body: &'a str) -> Request<'a> {
    match content_type {
        Some(content_type) => Request::new("POST", url).content_type(content_type).body(body.as_bytes()),
        None => Request::new("GET", url),
    }
}

fn decode(bytes: &str) -> usize {
    percent_decode(bytes.as_bytes()).map(|byte| usize::from(black_box(byte))).sum()
}

fn signatures(signer: &Signer) {
    let mut state = [1_u32; 8];
    let block = [7_u8; 64];
    let mut benches = vec![
        Bench::new("L", 10_000, || {
            sha2::block_api::compress256(black_box(&mut state), black_box(&[block]));
            sha2::block_api::compress256(black_box(&mut state), black_box(&[block]));
        }),
        Bench::new("rust_sign_url", 10_000, || {
            let signature = signer.sign(black_box("1234567890"))?;
            black_box(signature.write_url_encoded(&mut UrlEncodedBuffer::new()));
            Ok::<(), Error>(())
        }),
    ];
    for threads in 1..=thread::available_parallelism().map_or(1, usize::from).clamp(2, 8) as u32 {
        benches.push(Bench::of_all(format!("threads {threads}"), 50_000, move |calls| sign_on(signer, threads, calls)));
    }
    measure(benches, 200);
}

/// Makes `calls` signatures on `threads` threads together.
fn sign_on(signer: &Signer, threads: u32, calls: u32) {
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                for _ in 0..calls / threads {
                    let _ = black_box(signer.sign(black_box("1234567890")));
                }
            });
        }
    });
}

fn requests(signer: &Signer) {
    let (form, json) = (form(1000), json(1000));
    let url = format!("{URL}&{form}");
    measure(
        vec![
            Bench::new("request_form", 1000, || signer.sign_request(black_box(&request(Some(FORM), URL, &form)))),
            Bench::new("decode_form", 1000, || decode(black_box(&form))),
            Bench::new("request_url", 1000, || signer.sign_request(black_box(&request(None, &url, "")))),
            Bench::new("decode_url", 1000, || decode(black_box(&url))),
            Bench::new("request_json", 1000, || {
                signer.sign_request(black_box(&request(Some("application/json"), URL, &json)))
            }),
            Bench::new("decode_json", 1000, || decode(black_box(&json))),
        ],
        40,
    );
}

/// Measures how time grows with each size.
fn growth(signer: &Signer) {
    let salt = "s".repeat(65_536);
    let bodies: Vec<_> = [1000, 10_000, 100_000, MEGABYTE, 10 * MEGABYTE, 100 * MEGABYTE]
        .into_iter()
        .map(|size| (size, form(size)))
        .collect();
    let mut benches = Vec::new();
    for length in [1, 16, 64, 256, 1024, 4096, 16_384, 65_536] {
        let salt = &salt[..length];
        benches.push(Bench::new(format!("salt {length}"), 200, move || signer.sign(black_box(salt))));
    }
    for count in [1, 10, 100, 1000, 10_000] {
        let calls = (10_000 / count).clamp(1, 200) as u32;
        benches.push(Bench::new(format!("batch {count}"), calls, move || {
            signer.credentials_batch(count).map(|all| all.iter().map(|one| one.to_query().len()).sum::<usize>())
        }));
    }
    for (size, body) in &bodies {
        let calls = (100_000 / size).clamp(1, 100) as u32;
        benches.push(Bench::new(format!("body {size}"), calls, move || {
            signer.sign_request(black_box(&request(Some(FORM), URL, body)))
        }));
    }
    measure(benches, 40);
}

fn main() {
    let signer = Signer::new("f0e1d2c3-a5b4-4697-8879-6a5b4c3d2e1f", "k".repeat(96)).expect("the keys are good");
    signatures(&signer);
    requests(&signer);
    growth(&signer);
}
