/* Succeeds where the processor has AVX, and dies where it has not: so that a test on an old processor is one. */
int main(void) {
    __asm__ volatile("vzeroupper");
    return 0;
}
