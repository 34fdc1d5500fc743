//! Gives the shared library its SONAME, and keeps it loaded after a `dlclose`.

/// The version in the SONAME. Raise it if a program that was built with an older library would break with a newer one.
const ABI_VERSION: u32 = 0;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let system = std::env::var("CARGO_CFG_TARGET_OS").unwrap_or_default();
    if system == "linux" {
        println!("cargo:rustc-cdylib-link-arg=-Wl,-soname,libkayako_sign.so.{ABI_VERSION}");
        // PHP closes the library with each request's FFI object, and loading it again costs more than signing. A thread
        // that still runs in a closed library would crash.
        println!("cargo:rustc-cdylib-link-arg=-Wl,-z,nodelete");
    }
    if system == "macos" {
        // Without it a linked program looks for the library in the folder where it was built.
        println!("cargo:rustc-cdylib-link-arg=-Wl,-install_name,@rpath/libkayako_sign.{ABI_VERSION}.dylib");
    }
}
