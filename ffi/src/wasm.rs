//! What the library needs on WebAssembly: memory, randomness, an end for a panic, and room for what the host passes in.

use core::alloc::Layout;
use core::arch::wasm32;
use core::ffi::c_void;
use core::panic::PanicInfo;
use core::ptr;

use alloc::alloc::{alloc, dealloc};
use dlmalloc::GlobalDlmalloc;

#[global_allocator]
static HEAP: GlobalDlmalloc = GlobalDlmalloc;

/// Gives `len` bytes of memory to the host, which gives them back with [`kayako_give_back`]. NULL where there are none.
#[unsafe(no_mangle)]
pub extern "C" fn kayako_take(len: usize) -> *mut c_void {
    match Layout::from_size_align(len, 1) {
        // SAFETY: the layout is not of size 0.
        Ok(layout) if len > 0 => unsafe { alloc(layout) }.cast(),
        _ => ptr::null_mut(),
    }
}

/// Takes memory back from the host. NULL is a no-op.
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

/// A panic is a defect, as on other targets. The host sees a trap, and calls this instance never again.
#[panic_handler]
fn on_panic(_: &PanicInfo<'_>) -> ! {
    wasm32::unreachable()
}

#[link(wasm_import_module = "host")]
unsafe extern "C" {
    /// Fills `len` bytes from the host's generator, and returns 1 where it did.
    fn random(start: *mut u8, len: usize) -> i32;
}

/// Where core's randomness comes from.
///
/// # Safety
///
/// `start` is writable for `len` bytes.
#[unsafe(no_mangle)]
unsafe extern "Rust" fn __getrandom_v03_custom(start: *mut u8, len: usize) -> Result<(), getrandom::Error> {
    // SAFETY: writable, by the caller's word.
    if unsafe { random(start, len) } == 1 { Ok(()) } else { Err(getrandom::Error::UNEXPECTED) }
}
