//! Wipes the processor's registers, through which a prepared key passes.

#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
use core::arch::asm;

/// Wipes the registers that a call may change and does not give back: the prepared key passes through them.
#[cfg(target_arch = "x86_64")]
pub(crate) fn wipe_registers() {
    if is_x86_feature_detected!("avx512vl") {
        // SAFETY: the processor has the instruction, and each register is given up.
        unsafe {
            asm!(
                "vpxord xmm16, xmm16, xmm16", "vpxord xmm17, xmm17, xmm17", "vpxord xmm18, xmm18, xmm18",
                "vpxord xmm19, xmm19, xmm19", "vpxord xmm20, xmm20, xmm20", "vpxord xmm21, xmm21, xmm21",
                "vpxord xmm22, xmm22, xmm22", "vpxord xmm23, xmm23, xmm23", "vpxord xmm24, xmm24, xmm24",
                "vpxord xmm25, xmm25, xmm25", "vpxord xmm26, xmm26, xmm26", "vpxord xmm27, xmm27, xmm27",
                "vpxord xmm28, xmm28, xmm28", "vpxord xmm29, xmm29, xmm29", "vpxord xmm30, xmm30, xmm30",
                "vpxord xmm31, xmm31, xmm31",
                out("xmm16") _, out("xmm17") _, out("xmm18") _, out("xmm19") _, out("xmm20") _, out("xmm21") _,
                out("xmm22") _, out("xmm23") _, out("xmm24") _, out("xmm25") _, out("xmm26") _, out("xmm27") _,
                out("xmm28") _, out("xmm29") _, out("xmm30") _, out("xmm31") _,
                options(nomem, nostack, preserves_flags),
            );
        }
    }
    if is_x86_feature_detected!("avx") {
        // SAFETY: the processor has the instruction, and each register is given up.
        unsafe { asm!("vzeroall", clobber_abi("sysv64"), options(nomem, nostack)) };
    } else {
        // SAFETY: every x86-64 has the instruction, and each register is given up.
        unsafe {
            asm!(
                "pxor xmm0, xmm0",
                "pxor xmm1, xmm1",
                "pxor xmm2, xmm2",
                "pxor xmm3, xmm3",
                "pxor xmm4, xmm4",
                "pxor xmm5, xmm5",
                "pxor xmm6, xmm6",
                "pxor xmm7, xmm7",
                "pxor xmm8, xmm8",
                "pxor xmm9, xmm9",
                "pxor xmm10, xmm10",
                "pxor xmm11, xmm11",
                "pxor xmm12, xmm12",
                "pxor xmm13, xmm13",
                "pxor xmm14, xmm14",
                "pxor xmm15, xmm15",
                clobber_abi("sysv64"),
                options(nomem, nostack)
            );
        }
    }
    // SAFETY: each register is given up.
    unsafe {
        asm!(
            "xor ecx, ecx", "xor edx, edx", "xor esi, esi", "xor edi, edi", "xor r8d, r8d", "xor r9d, r9d",
            "xor r10d, r10d", "xor r11d, r11d",
            out("rcx") _, out("rdx") _, out("rsi") _, out("rdi") _, out("r8") _, out("r9") _, out("r10") _,
            out("r11") _, options(nomem, nostack)
        );
    }
}

/// Wipes the registers that a call may change and does not give back: the prepared key passes through them. The lower
/// halves of v8 to v15 are the caller's, and given back.
#[cfg(target_arch = "aarch64")]
pub(crate) fn wipe_registers() {
    // SAFETY: every aarch64 that std supports has the instructions, and each register is given up.
    unsafe {
        asm!(
            ".irp reg, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31",
            "movi v\\reg\\().2d, #0",
            ".endr",
            ".irp reg, 8, 9, 10, 11, 12, 13, 14, 15",
            "mov v\\reg\\().d[1], xzr",
            ".endr",
            ".irp reg, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17",
            "mov x\\reg, xzr",
            ".endr",
            clobber_abi("C"),
            options(nomem, nostack, preserves_flags)
        );
    }
    // On other systems x18 belongs to the system.
    #[cfg(target_os = "linux")]
    // SAFETY: the register is given up.
    unsafe {
        asm!("mov x18, xzr", out("x18") _, options(nomem, nostack, preserves_flags));
    }
}

/// Does nothing: on other processors later calls overwrite the registers.
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
pub(crate) fn wipe_registers() {}
