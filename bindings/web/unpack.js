// Unpacks the module: digits around raw LZMA, as Python's lzma writes it with lc=3, lp=0 and pb=0. The deflate that
// browsers bring along would make the page 9 KB larger.

/** The bytes that digits stand for: nine of them for eleven of the 94 characters that ASCII prints without <. */
function bytesOf(text) {
  const bytes = new Uint8Array((text.length / 11) * 9);
  for (let group = 0; 11 * group < text.length; group += 1) {
    let number = 0n;
    for (const digit of text.slice(11 * group, 11 * group + 11)) {
      number = number * 94n + BigInt(digit.charCodeAt(0) - (digit < "<" ? 32 : 33));
    }
    for (let at = 9 * group + 8; at >= 9 * group; at -= 1) {
      bytes[at] = Number(number & 255n);
      number >>= 8n;
    }
  }
  return bytes;
}

/** Where the odds of each kind of bit start. */
const [MATCH, REPEAT, OLDER, LONG, MATCH_LENGTH, REPEAT_LENGTH] = [0, 12, 24, 60, 72, 346];
const [SLOT, DISTANCE, ALIGN, LITERAL, ALL] = [620, 876, 1004, 1020, 7164];

/** The range decoder: bits, each by the odds that the bits before it left. */
class Bits {
  constructor(packed) {
    this.packed = packed;
    this.at = 5;
    this.code = new DataView(packed.buffer).getUint32(1);
    this.range = 2 ** 32 - 1;
    this.odds = new Uint16Array(ALL).fill(1024);
  }

  one(index) {
    const bound = Math.floor(this.range / 2048) * this.odds[index];
    if (this.code < bound) {
      this.odds[index] += (2048 - this.odds[index]) >> 5;
      return this.took(bound, 0, 0);
    }
    this.odds[index] -= this.odds[index] >> 5;
    return this.took(this.range - bound, bound, 1);
  }

  even() {
    const half = Math.floor(this.range / 2);
    return this.code < half ? this.took(half, 0, 0) : this.took(half, half, 1);
  }

  took(range, bound, bit) {
    this.range = range;
    this.code -= bound;
    if (range < 2 ** 24) {
      this.range *= 256;
      this.code = this.code * 256 + this.packed[this.at++];
    }
    return bit;
  }

  tree(base, count) {
    let node = 1;
    while (node < 2 ** count) {
      node = node * 2 + this.one(base + node);
    }
    return node - 2 ** count;
  }

  reversed(base, count) {
    let number = 0;
    for (let node = 1, place = 1; place < 2 ** count; place *= 2) {
      const bit = this.one(base + node);
      node = node * 2 + bit;
      number += place * bit;
    }
    return number;
  }

  length(base) {
    if (!this.one(base)) {
      return 2 + this.tree(base + 2, 3);
    }
    return this.one(base + 1) ? 18 + this.tree(base + 18, 8) : 10 + this.tree(base + 10, 3);
  }

  distance(length) {
    const slot = this.tree(SLOT + 64 * Math.min(length - 2, 3), 6);
    if (slot < 4) {
      return slot;
    }
    const count = (slot >> 1) - 1;
    let high = 2 + (slot & 1);
    if (slot < 14) {
      high *= 2 ** count;
      return high + this.reversed(DISTANCE + high - slot, count);
    }
    for (let left = count - 4; left > 0; left -= 1) {
      high = high * 2 + this.even();
    }
    return high * 16 + this.reversed(ALIGN, 4);
  }

  literal(before, matched) {
    const base = LITERAL + 768 * (before >> 5);
    let node = 1;
    for (let place = 7; matched !== undefined && place >= 0; place -= 1) {
      const expected = (matched >> place) & 1;
      const bit = this.one(base + 256 * (1 + expected) + node);
      node = node * 2 + bit;
      if (bit !== expected) {
        break;
      }
    }
    while (node < 256) {
      node = node * 2 + this.one(base + node);
    }
    return node - 256;
  }
}

function unpack(packed) {
  const bits = new Bits(packed);
  const out = [];
  const recent = [0, 0, 0, 0];
  const earlier = () => out[out.length - 1 - recent[0]];
  for (let state = 0; ;) {
    if (!bits.one(MATCH + state)) {
      out.push(bits.literal(out.at(-1) ?? 0, state < 7 ? undefined : earlier()));
      state = state < 4 ? 0 : state - (state < 10 ? 3 : 6);
      continue;
    }
    let length;
    if (bits.one(REPEAT + state)) {
      let older = 0;
      while (older < 3 && bits.one(OLDER + 12 * older + state)) {
        older += 1;
      }
      const long = older > 0 || bits.one(LONG + state);
      recent.unshift(...recent.splice(older, 1));
      length = long ? bits.length(REPEAT_LENGTH) : 1;
      state = state < 7 ? (long ? 8 : 9) : 11;
    } else {
      length = bits.length(MATCH_LENGTH);
      recent.pop();
      recent.unshift(bits.distance(length));
      state = state < 7 ? 7 : 10;
    }
    if (recent[0] === 2 ** 32 - 1) {
      return new Uint8Array(out);
    }
    for (; length > 0; length -= 1) {
      out.push(earlier());
    }
  }
}
