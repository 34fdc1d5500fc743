/* Succeeds if the processor has AVX, and dies if it has none. It shows that an emulated old processor really is one. */
int main(void) {
    __asm__ volatile("vzeroupper");
    return 0;
}
