/* For tests under Wine alone, which lacks the function by which Rust's standard library asks Windows for randomness. */
#include <windows.h>

BOOLEAN NTAPI SystemFunction036(PVOID bytes, ULONG len);

__declspec(dllexport) BOOL WINAPI ProcessPrng(BYTE *bytes, SIZE_T len) {
    return SystemFunction036(bytes, (ULONG)len);
}
