//! Gives the shared library its SONAME and keeps it loaded.

/// Raised when a program built against an older library would break with a newer one.
const ABI_VERSION: u32 = 0;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    if std::env::var("CARGO_CFG_TARGET_OS").is_ok_and(|os| os == "linux") {
        println!("cargo:rustc-cdylib-link-arg=-Wl,-soname,libkayako_sign.so.{ABI_VERSION}");
        // PHP closes the library with each request's FFI object, and loading it again costs more than signing.
        // Closing it while a thread still runs in it would crash.
        println!("cargo:rustc-cdylib-link-arg=-Wl,-z,nodelete");
    }
}
