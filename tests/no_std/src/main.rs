//! Signs the sample salt without std, and exits with 0 if the signature is right.
#![no_std]
#![no_main]

use core::alloc::{GlobalAlloc, Layout};
use core::ffi::{c_int, c_void};
use core::panic::PanicInfo;

use kayako_sign_core::{Salt, Signer};

#[unsafe(no_mangle)]
extern "C" fn main() -> c_int {
    c_int::from(!signs())
}

fn signs() -> bool {
    let Ok(signer) = Signer::new("apikey", "secretkey") else { return false };
    let Ok(signature) = signer.sign("1234567890") else { return false };
    let query = signer.credentials_with_salt(Salt::from_random_bytes([7; 16])).to_query();
    signature.to_url_encoded() == "VKjt8M54liY6xq1UuhUYH5BFp1RUqHekqytgLPrVEA0%3D"
        && query.contains("&salt=07070707070707070707070707070707&")
}

unsafe extern "C" {
    fn malloc(size: usize) -> *mut c_void;
    fn free(place: *mut c_void);
    fn abort() -> !;
}

struct Malloc;

#[global_allocator]
static MALLOC: Malloc = Malloc;

// SAFETY: malloc and free keep GlobalAlloc's contract for alignments up to 16, and nothing here asks for more.
unsafe impl GlobalAlloc for Malloc {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: malloc takes any size.
        unsafe { malloc(layout.size()) }.cast()
    }

    unsafe fn dealloc(&self, place: *mut u8, _: Layout) {
        // SAFETY: `place` came from malloc.
        unsafe { free(place.cast()) }
    }
}

#[panic_handler]
fn on_panic(_: &PanicInfo<'_>) -> ! {
    // SAFETY: abort has no precondition.
    unsafe { abort() }
}
