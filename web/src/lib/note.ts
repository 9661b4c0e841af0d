// Checkpoints of the public record, opened in the visitor's browser: C2SP signed-note, tlog-checkpoint
// and tlog-cosignature (cosignature/v1), with the browser's own Ed25519.
type Bytes = Uint8Array<ArrayBuffer>

interface VerifierKey { name: string; id: Bytes; type: number; key: Bytes }
interface Line { name: string; id: Bytes; signature: Bytes }

export interface OpenedCheckpoint {
  origin: string
  size: number
  root: Bytes
  /** False where the browser has no Ed25519: a signature that is wrong opens nothing at all. */
  signed: boolean
  cosigned: { name: string; at: string }[]
}

const utf8 = new TextEncoder()
const types = { log: 0x01, cosignature: 0x04 }

function fromBase64(text: string): Bytes | null {
  try {
    return Uint8Array.from(atob(text), (c) => c.charCodeAt(0))
  } catch {
    return null
  }
}

function joined(...parts: Uint8Array[]): Bytes {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}

const same = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((byte, i) => byte === b[i])

/** "name+0123abcd+base64(type || key)", whose number is that of its name and key. */
export async function readKey(text: string): Promise<VerifierKey | null> {
  const [, name, number, encoded] = /^([^+\s]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text) ?? []
  const bytes = encoded ? fromBase64(encoded) : null
  if (!name || !bytes || bytes.length !== 33) return null
  const id = new Uint8Array(await crypto.subtle.digest('SHA-256', joined(utf8.encode(`${name}\n`), bytes))).slice(0, 4)
  if ([...id].map((byte) => byte.toString(16).padStart(2, '0')).join('') !== number) return null
  return { name, id, type: bytes[0]!, key: bytes.slice(1) }
}

/** The text with its last newline, and the lines below the empty one. */
function readNote(note: string): { text: string; lines: Line[] } | null {
  const cut = note.lastIndexOf('\n\n')
  if (cut < 0 || !note.endsWith('\n')) return null
  const lines: Line[] = []
  for (const line of note.slice(cut + 2, -1).split('\n')) {
    const [, name, encoded] = /^\u2014 (\S+) ([A-Za-z0-9+/=]+)$/.exec(line) ?? []
    const bytes = encoded ? fromBase64(encoded) : null
    if (!name || !bytes || bytes.length < 5) return null
    lines.push({ name, id: bytes.slice(0, 4), signature: bytes.slice(4) })
  }
  return { text: note.slice(0, cut + 1), lines }
}

/** null: the browser cannot tell. */
async function holds(key: Bytes, signature: Bytes, message: Bytes): Promise<boolean | null> {
  try {
    return await crypto.subtle.verify('Ed25519', await crypto.subtle.importKey('raw', key, 'Ed25519', false, ['verify']), signature, message)
  } catch (error) {
    if ((error as Error).name === 'NotSupportedError') return null
    return false
  }
}

const lineOf = (lines: Line[], key: VerifierKey): Line | undefined => lines.find((line) => line.name === key.name && same(line.id, key.id))

/**
 * A checkpoint that the record's key has signed; null if it has not, or if what is there is no
 * checkpoint, or if a known witness's line is wrong. Witnesses that cosigned are named with their time.
 */
export async function openCheckpoint(note: string, logKey: string, witnessKeys: string[]): Promise<OpenedCheckpoint | null> {
  const read = readNote(note)
  const key = await readKey(logKey)
  const [, origin, size, root] = /^([^\n]+)\n(0|[1-9]\d{0,15})\n([A-Za-z0-9+/]{43}=)\n/.exec(read?.text ?? '') ?? []
  if (!read || !key || key.type !== types.log || !origin || key.name !== origin) return null
  const line = lineOf(read.lines, key)
  const signed = line ? await holds(key.key, line.signature, utf8.encode(read.text)) : false
  if (signed === false) return null
  const cosigned: OpenedCheckpoint['cosigned'] = []
  for (const text of witnessKeys) {
    const witness = await readKey(text)
    const own = witness && witness.type === types.cosignature ? lineOf(read.lines, witness) : undefined
    if (!witness || !own || own.signature.length !== 72) continue
    const seconds = Number(new DataView(own.signature.buffer).getBigUint64(0))
    const good = await holds(witness.key, own.signature.slice(8), utf8.encode(`cosignature/v1\ntime ${seconds}\n${read.text}`))
    if (good === false) return null
    if (good) cosigned.push({ name: witness.name, at: new Date(seconds * 1000).toISOString() })
  }
  return { origin, size: Number(size), root: fromBase64(root!)!, signed: signed === true, cosigned }
}
