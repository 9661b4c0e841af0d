// Inclusion in the public record, checked in the visitor's browser (RFC 6962, section 2.1.1; the
// algorithm is RFC 9162, section 2.1.3.2).
import { sha256 } from './bytes.ts'

type Hash = Uint8Array<ArrayBuffer>

function join(prefix: number, ...parts: Hash[]): Hash {
  const out = new Uint8Array(1 + parts.reduce((sum, p) => sum + p.length, 0))
  out[0] = prefix
  let offset = 1
  for (const part of parts) {
    out.set(part, offset)
    offset += part.length
  }
  return out
}

export const leafHash = (data: Hash): Promise<Hash> => sha256(join(0, data))
export const nodeHash = (left: Hash, right: Hash): Promise<Hash> => sha256(join(1, left, right))

export const equal = (a: Hash, b: Hash): boolean => a.length === b.length && a.every((byte, i) => byte === b[i])

export async function included(leaf: Hash, index: number, size: number, proof: Hash[], root: Hash): Promise<boolean> {
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size) return false
  // Division, not shifts: a record grows past 2^31.
  let node = index
  let last = size - 1
  let hash = leaf
  for (const sibling of proof) {
    if (last === 0 || sibling.length !== 32) return false
    if (node % 2 === 1 || node === last) {
      hash = await nodeHash(sibling, hash)
      while (node % 2 === 0 && node !== 0) {
        node = Math.floor(node / 2)
        last = Math.floor(last / 2)
      }
    } else hash = await nodeHash(hash, sibling)
    node = Math.floor(node / 2)
    last = Math.floor(last / 2)
  }
  return last === 0 && equal(hash, root)
}
