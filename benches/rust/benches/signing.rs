//! Measures absolute times of the core with criterion: run `cargo bench` here. The ratios come from `src/main.rs`.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use kayako_sign_core::Signer;

fn signing(criterion: &mut Criterion) {
    let keys = ("f0e1d2c3-a5b4-4697-8879-6a5b4c3d2e1f", "k".repeat(96));
    let signer = Signer::new(keys.0, &keys.1).expect("the keys are good");
    criterion.bench_function("new", |bench| bench.iter(|| Signer::new(black_box(keys.0), black_box(&keys.1))));
    criterion.bench_function("sign", |bench| bench.iter(|| signer.sign(black_box("1234567890"))));
    criterion.bench_function("credentials", |bench| bench.iter(|| signer.credentials()));
    criterion.bench_function("credentials_batch(1000)", |bench| bench.iter(|| signer.credentials_batch(1000)));
    criterion.bench_function("sign_url", |bench| {
        bench.iter(|| signer.sign_url(black_box("https://help.example.com/api/index.php?/Base/User/1")))
    });
}

criterion_group!(benches, signing);
criterion_main!(benches);
