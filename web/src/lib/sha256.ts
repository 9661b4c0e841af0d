// SHA-256 (FIPS 180-4) piece by piece: the browser's own takes a whole file at once, and evidence
// may be larger than memory.
const k = new Uint32Array(64)
const start = new Uint32Array(8)

// The constants are the fractional parts of roots of the first primes, as the standard says.
{
  let found = 0
  for (let n = 2; found < 64; n++) {
    let prime = true
    for (let d = 2; d * d <= n; d++) if (n % d === 0) prime = false
    if (!prime) continue
    if (found < 8) start[found] = fraction(n, 2)
    k[found++] = fraction(n, 3)
  }
}

/** The first 32 bits of the fraction of a root, with whole numbers only: floating point is too coarse. */
function fraction(n: number, root: 2 | 3): number {
  const wanted = BigInt(n) << BigInt(32 * root)
  let low = 0n
  let high = BigInt(n) << 32n
  while (low < high) {
    const middle = (low + high + 1n) >> 1n
    if (middle ** BigInt(root) <= wanted) low = middle
    else high = middle - 1n
  }
  return Number(low & 0xffffffffn)
}

export class Sha256 {
  private readonly state = start.slice()
  private readonly words = new Uint32Array(64)
  private readonly block = new Uint8Array(64)
  private filled = 0
  private size = 0

  update(bytes: Uint8Array): this {
    this.size += bytes.length
    let at = 0
    if (this.filled) {
      at = Math.min(64 - this.filled, bytes.length)
      this.block.set(bytes.subarray(0, at), this.filled)
      this.filled += at
      if (this.filled < 64) return this
      this.compress(this.block, 0)
      this.filled = 0
    }
    for (; at + 64 <= bytes.length; at += 64) this.compress(bytes, at)
    this.block.set(bytes.subarray(at))
    this.filled = bytes.length - at
    return this
  }

  finish(): Uint8Array<ArrayBuffer> {
    const size = this.size
    const padding = new Uint8Array(((this.filled < 56 ? 56 : 120) - this.filled) + 8)
    padding[0] = 0x80
    const view = new DataView(padding.buffer)
    view.setUint32(padding.length - 8, Math.floor(size / 0x20000000))
    view.setUint32(padding.length - 4, (size << 3) >>> 0)
    this.update(padding)
    const out = new Uint8Array(32)
    const digest = new DataView(out.buffer)
    this.state.forEach((word, i) => digest.setUint32(4 * i, word))
    return out
  }

  private compress(bytes: Uint8Array, at: number): void {
    const { state, words } = this
    for (let i = 0; i < 16; i++, at += 4) words[i] = (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!
    for (let i = 16; i < 64; i++) {
      const x = words[i - 15]!
      const y = words[i - 2]!
      words[i] = words[i - 16]! + ((x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ (x >>> 3)) + words[i - 7]! + ((y >>> 17 | y << 15) ^ (y >>> 19 | y << 13) ^ (y >>> 10))
    }
    let a = state[0]!, b = state[1]!, c = state[2]!, d = state[3]!, e = state[4]!, f = state[5]!, g = state[6]!, h = state[7]!
    for (let i = 0; i < 64; i++) {
      const first = (h + ((e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7)) + ((e & f) ^ (~e & g)) + k[i]! + words[i]!) | 0
      const second = (((a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10)) + ((a & b) ^ (a & c) ^ (b & c))) | 0
      h = g; g = f; f = e; e = (d + first) | 0; d = c; c = b; b = a; a = (first + second) | 0
    }
    state[0]! += a; state[1]! += b; state[2]! += c; state[3]! += d; state[4]! += e; state[5]! += f; state[6]! += g; state[7]! += h
  }
}

/** The hash of a file, in pieces; between them the page breathes and tells how far it is. */
export async function sha256Of(blob: Blob, report?: (done: number) => void, stopped?: () => boolean): Promise<Uint8Array<ArrayBuffer>> {
  const hash = new Sha256()
  const piece = 4 << 20
  for (let at = 0; at < blob.size; at += piece) {
    if (stopped?.()) throw new DOMException('stopped', 'AbortError')
    hash.update(new Uint8Array(await blob.slice(at, at + piece).arrayBuffer()))
    report?.(Math.min(at + piece, blob.size))
  }
  return hash.finish()
}
