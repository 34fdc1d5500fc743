//! What a module without an operating system brings along: memory, randomness, and an end for a panic.

use core::alloc::{GlobalAlloc, Layout};
use core::arch::wasm32;
use core::panic::PanicInfo;
use core::ptr;
use core::sync::atomic::{AtomicUsize, Ordering::Relaxed};

const PAGE: usize = 65_536;

/// Hands out memory and takes none back: it is all dropped after one operation.
struct Heap {
    /// Where the free memory starts and ends.
    start: AtomicUsize,
    end: AtomicUsize,
}

#[global_allocator]
static HEAP: Heap = Heap { start: AtomicUsize::new(0), end: AtomicUsize::new(0) };

impl Heap {
    /// Gets pages for `size` more bytes. `None` where the browser gives none.
    fn grow(&self, size: usize) -> Option<()> {
        let pages = size.div_ceil(PAGE);
        let before = wasm32::memory_grow::<0>(pages);
        if before == usize::MAX {
            return None;
        }
        let new = before * PAGE;
        // Nobody else grows the memory, so new pages follow the old ones. The first do not: there, static data ends.
        if self.end.load(Relaxed) != new {
            self.start.store(new, Relaxed);
        }
        self.end.store(new + pages * PAGE, Relaxed);
        Some(())
    }

    fn take(&self, layout: Layout) -> Option<usize> {
        let align = layout.align();
        let size = layout.size().checked_add(align)?;
        let free = self.end.load(Relaxed) - self.start.load(Relaxed);
        if size > free {
            self.grow(size - free)?;
        }
        let start = self.start.load(Relaxed).next_multiple_of(align);
        self.start.store(start + layout.size(), Relaxed);
        Some(start)
    }
}

// SAFETY: each piece starts at a multiple of its alignment, lies within the memory, and is handed out once.
unsafe impl GlobalAlloc for Heap {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        self.take(layout).map_or(ptr::null_mut(), |start| start as *mut u8)
    }

    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}
}

/// A panic is a defect. The page tells it from the trap.
#[panic_handler]
fn on_panic(_: &PanicInfo<'_>) -> ! {
    wasm32::unreachable()
}

#[link(wasm_import_module = "page")]
unsafe extern "C" {
    /// Fills `len` bytes from the browser's generator, and tells whether it did.
    fn random(start: *mut u8, len: usize) -> bool;
}

/// Where core's randomness comes from.
///
/// # Safety
///
/// `start` is writable for `len` bytes.
#[unsafe(no_mangle)]
unsafe extern "Rust" fn __getrandom_v03_custom(start: *mut u8, len: usize) -> Result<(), getrandom::Error> {
    // SAFETY: writable, by the caller's word.
    if unsafe { random(start, len) } { Ok(()) } else { Err(getrandom::Error::UNEXPECTED) }
}
