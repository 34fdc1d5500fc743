//! Links the C library, which std would have brought along.

fn main() {
    println!("cargo:rustc-link-lib=c");
}
