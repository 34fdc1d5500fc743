//! Links the C library. With std, that would happen by itself.

fn main() {
    println!("cargo:rustc-link-lib=c");
}
