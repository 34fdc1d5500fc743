/* Only for tests under Wine, which lacks the function that gives Rust's standard library random bytes on Windows. */
#include <windows.h>

BOOLEAN NTAPI SystemFunction036(PVOID bytes, ULONG len);

__declspec(dllexport) BOOL WINAPI ProcessPrng(BYTE *bytes, SIZE_T len) {
    return SystemFunction036(bytes, (ULONG)len);
}
