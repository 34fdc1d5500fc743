/** Computes the state of SHA-256 after one block, which no library returns, as a little-endian processor keeps it. */

const primes = [];
for (let number = 2; primes.length < 64; number += 1) {
  if (primes.every((prime) => number % prime !== 0)) {
    primes.push(number);
  }
}
const fraction = (root) => Math.floor((root - Math.floor(root)) * 2 ** 32) >>> 0;
const START = primes.slice(0, 8).map((prime) => fraction(Math.sqrt(prime)));
const ROUNDS = primes.map((prime) => fraction(Math.cbrt(prime)));

const turn = (word, by) => (word >>> by) | (word << (32 - by));
const mix = (word, ...by) => by.map((one) => turn(word, one)).reduce((sum, turned) => sum ^ turned);

/** Returns the state after `block`, a Buffer of 64 bytes. */
export function stateAfter(block) {
  const words = Array.from({ length: 16 }, (_, index) => block.readInt32BE(4 * index));
  for (let index = 16; index < 64; index += 1) {
    const [early, late] = [words[index - 15], words[index - 2]];
    const sums = [mix(early, 7, 18) ^ (early >>> 3), mix(late, 17, 19) ^ (late >>> 10)];
    words.push((words[index - 16] + sums[0] + words[index - 7] + sums[1]) | 0);
  }
  let state = START;
  for (let index = 0; index < 64; index += 1) {
    const [a, b, c, d, e, f, g, h] = state;
    const first = (h + mix(e, 6, 11, 25) + ((e & f) ^ (~e & g)) + ROUNDS[index] + words[index]) | 0;
    const second = (mix(a, 2, 13, 22) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    state = [(first + second) | 0, a, b, c, (d + first) | 0, e, f, g];
  }
  const after = Buffer.alloc(32);
  state.forEach((word, index) => after.writeInt32LE((word + START[index]) | 0, 4 * index));
  return after;
}
