//! Provides what the library needs on WebAssembly: an allocator, randomness, a panic handler, and memory for the host's
//! arguments.

use core::alloc::Layout;
use core::arch::wasm32;
use core::ffi::c_void;
use core::panic::PanicInfo;
use core::ptr;

use alloc::alloc::{alloc, dealloc};
use dlmalloc::GlobalDlmalloc;

#[global_allocator]
static HEAP: GlobalDlmalloc = GlobalDlmalloc;

/// Allocates `len` bytes for the host, which returns them with [`kayako_give_back`]. Returns NULL if there is not
/// enough memory or `len` is 0.
#[unsafe(no_mangle)]
pub extern "C" fn kayako_take(len: usize) -> *mut c_void {
    match Layout::from_size_align(len, 1) {
        // SAFETY: the layout is not of size 0.
        Ok(layout) if len > 0 => unsafe { alloc(layout) }.cast(),
        _ => ptr::null_mut(),
    }
}

/// Frees memory that the host returns. NULL is a no-op.
///
/// # Safety
///
/// `start` came from [`kayako_take`] with the same `len`, and is not used again.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kayako_give_back(start: *mut c_void, len: usize) {
    if let (false, Ok(layout)) = (start.is_null(), Layout::from_size_align(len, 1)) {
        // SAFETY: from `kayako_take`, with this layout, by the host's word.
        unsafe { dealloc(start.cast(), layout) };
    }
}

/// Ends the instance with a trap. A panic is a defect, as on other targets; the host must not call this instance again.
#[panic_handler]
fn on_panic(_: &PanicInfo<'_>) -> ! {
    wasm32::unreachable()
}

#[link(wasm_import_module = "host")]
unsafe extern "C" {
    /// Fills `len` bytes from the host's generator. Returns 1 if it did.
    fn random(start: *mut u8, len: usize) -> i32;
}

/// Fills memory with random bytes from the host, for core's fresh salts.
///
/// # Safety
///
/// `start` is writable for `len` bytes.
#[unsafe(no_mangle)]
unsafe extern "Rust" fn __getrandom_v03_custom(start: *mut u8, len: usize) -> Result<(), getrandom::Error> {
    // SAFETY: writable, by the caller's word.
    if unsafe { random(start, len) } == 1 { Ok(()) } else { Err(getrandom::Error::UNEXPECTED) }
}
