// Keys that sign checkpoints in tests and in the development world, as src/record/note.cpp does.
import { createHash, generateKeyPairSync, sign, type KeyObject } from 'node:crypto'

class NoteKey {
  private readonly secret: KeyObject
  private readonly id: Buffer
  readonly vkey: string

  constructor(readonly name: string, type: number) {
    const pair = generateKeyPairSync('ed25519')
    this.secret = pair.privateKey
    const key = Buffer.concat([Buffer.from([type]), Buffer.from(pair.publicKey.export({ format: 'jwk' }).x!, 'base64url')])
    this.id = createHash('sha256').update(`${name}\n`).update(key).digest().subarray(0, 4)
    this.vkey = `${name}+${this.id.toString('hex')}+${key.toString('base64')}`
  }

  line(message: string, before: Buffer = Buffer.alloc(0)): string {
    return `\u2014 ${this.name} ${Buffer.concat([this.id, before, sign(null, Buffer.from(message), this.secret)]).toString('base64')}\n`
  }
}

/** A record's key and one witness. */
export class Signer {
  private readonly log: NoteKey
  private readonly witness = new NoteKey('witness.example', 0x04)

  constructor(readonly origin: string) {
    this.log = new NoteKey(origin, 0x01)
  }

  get vkey(): string {
    return this.log.vkey
  }

  checkpoint(size: number, root: Uint8Array, seconds: number): { checkpoint: string; record_key: string; witness_keys: string[] } {
    const text = `${this.origin}\n${size}\n${Buffer.from(root).toString('base64')}\n`
    const time = Buffer.alloc(8)
    time.writeBigUInt64BE(BigInt(seconds))
    return {
      checkpoint: `${text}\n${this.log.line(text)}${this.witness.line(`cosignature/v1\ntime ${seconds}\n${text}`, time)}`,
      record_key: this.vkey, witness_keys: [this.witness.vkey],
    }
  }
}
