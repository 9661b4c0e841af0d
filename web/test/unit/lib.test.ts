// What the pages compute: grids and cuts, procedures and their pictures, proofs, addresses, codes.
import { test } from 'node:test'
import assert from 'node:assert/strict'
import { createHash, webcrypto } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { Signer } from '../../dev/signer.ts'
import { begin, enabled, execute, marks, owed } from '../../dev/dcr.ts'
import { sha256, fromBase64url, toBase64url } from '../../src/lib/bytes.ts'
import { Sha256, sha256Of } from '../../src/lib/sha256.ts'
import { granted, inPart, matrix, mostIntrusive, days } from '../../src/lib/grid.ts'
import { included, leafHash, nodeHash } from '../../src/lib/merkle.ts'
import { openCheckpoint, readKey } from '../../src/lib/note.ts'
import { concrete, edges, inWords, type ProcedureFile } from '../../src/lib/procedure.ts'
import { match, withQuery } from '../../src/lib/route.ts'
import { documentOf, seriesOf, verify } from '../../src/lib/transparency.ts'
import { readCode } from '../../src/pages/notice.tsx'
import { layout } from '../../src/ui/procedure.tsx'
import type { GridRow } from '../../api/types.ts'
import { web } from '../support/places.ts'

// Node.js 18 has WebCrypto, and not yet as a global.
globalThis.crypto ??= webcrypto as Crypto

const rows: GridRow[] = [
  { selector: { type: 'email', value: 'a@x.example' }, category: 'subscriber' },
  { selector: { type: 'email', value: 'a@x.example' }, category: 'access', from: '2026-01-05T00:00:00Z', to: '2026-02-20T00:00:00Z' },
  { selector: { type: 'ipv4', value: '203.0.113.7', port: 1 }, category: 'content', from: '2026-02-11T00:00:00Z', to: '2026-02-12T00:00:00Z' },
]
const keep = rows.map(() => ({ struck: false }))

test('A judge’s cut only takes away: a struck row is gone, a period shrinks and never grows', () => {
  assert.deepEqual(granted(rows, keep), rows)
  assert.equal(inPart(rows, granted(rows, keep)), false)
  assert.deepEqual(granted(rows, [{ struck: false }, { struck: false }, { struck: true }]), rows.slice(0, 2))
  const narrow = granted(rows, [{ struck: false }, { struck: false, from: '2026-01-10T00:00:00Z', to: '2026-02-01T00:00:00Z' }, { struck: false }])
  assert.equal(narrow[1]!.from, '2026-01-10T00:00:00Z')
  assert.equal(narrow[1]!.to, '2026-02-01T00:00:00Z')
  const wider = granted(rows, [{ struck: false }, { struck: false, from: '2020-01-01T00:00:00Z', to: '2030-01-01T00:00:00Z' }, { struck: false }])
  assert.deepEqual(wider, rows)
  assert.equal(inPart(rows, narrow), true)
  assert.deepEqual(granted(rows, rows.map(() => ({ struck: true }))), [])
})

test('The grid is one line for each selector, and its most intrusive category is known', () => {
  const { selectors, cells, used } = matrix(rows)
  assert.equal(selectors.length, 2)
  assert.deepEqual(cells, [[[0], [1], [], []], [[], [], [], [2]]])
  assert.deepEqual(used, ['subscriber', 'access', 'content'])
  assert.equal(mostIntrusive(rows), 'content')
  assert.equal(mostIntrusive(rows.slice(0, 2)), 'access')
  assert.equal(mostIntrusive([]), undefined)
  assert.equal(days(rows[1]!), 46)
})

const file = (name: string): ProcedureFile => JSON.parse(readFileSync(web(`../law/procedures/${name}.json`), 'utf8'))

test('The picture of every procedure is drawn from its file, fits a page, and says every deadline', () => {
  for (const name of ['mla', 'emergency', 'extraordinary'])
    for (const third of [false, true]) {
      const graph = concrete(file(name), { category: 'access', third })
      const drawn = layout(graph, (within) => within ?? '')
      assert.ok(drawn.width <= 1340, `${name} is ${drawn.width} wide`)
      assert.ok(drawn.nodes.length > 15)
      const oversight = Object.keys(graph.acts).filter((a) => graph.acts[a]!.side === 'oversight')
      assert.ok(drawn.nodes.every((n) => !oversight.includes(n.act)))
      const deadlines = graph.arrows.filter((a) => a.is === 'response' && a.within && a.from !== a.to && !oversight.includes(a.from) && !oversight.includes(a.to))
      for (const a of deadlines) assert.ok(drawn.lines.some((l) => l.from === a.from && l.to === a.to && l.owed && l.label === a.within), `${name}: ${a.from} ${a.to}`)
      for (const [i, n] of drawn.nodes.entries()) for (const m of drawn.nodes.slice(i + 1)) assert.ok(Math.abs(n.x - m.x) >= 117 || Math.abs(n.y - m.y) >= 46, `${name}: ${n.act} lies on ${m.act}`)
    }
})

test('An act in words names what it needs, what it starts and what it closes', () => {
  const graph = concrete(file('mla'), { category: 'access', third: false })
  const produce = inWords(graph, 'produce')
  assert.deepEqual(produce.needs, ['order'])
  assert.deepEqual(produce.starts.map((s) => [s.act, s.within]), [['release', 'P5D'], ['notify', 'P30D']])
  assert.ok(produce.waits.includes('resume'))
  assert.ok(produce.closes.includes('refuse'))
  assert.deepEqual(inWords(graph, 'receive').starts.find((s) => s.act === 'delete'), { act: 'delete', within: undefined, until: true })
  assert.ok(!edges(graph).some((e) => e.from === e.to))
})

test('Acts and arrows that a case’s parameters leave out are left out of its picture', () => {
  const xr = file('extraordinary')
  const all = concrete(xr, { category: 'access', third: true })
  const few = concrete(xr, { category: 'content', third: false })
  assert.ok(Object.keys(few.acts).length < Object.keys(all.acts).length)
  assert.ok(!('clear-third' in few.acts))
  for (const a of few.arrows) assert.ok(a.from in few.acts && a.to in few.acts)
})

test('The development world plays a case as the procedure says', () => {
  const s = begin(file('mla'), { category: 'access', third: false })
  assert.equal(enabled(s, 'transmit'), false)
  for (const act of ['request', 'authorise', 'transmit', 'acknowledge', 'accept', 'order']) {
    assert.ok(enabled(s, act), act)
    execute(s, act, '2026-01-01T00:00:00Z')
  }
  assert.deepEqual(owed(s), [{ act: 'produce', due: '2026-01-11T00:00:00Z' }])
  assert.equal(marks(s).find((m) => m.act === 'request')!.state, 'done')
  assert.equal(marks(s).find((m) => m.act === 'produce')!.state, 'owed')
  assert.equal(marks(s).find((m) => m.act === 'release')!.state, 'waiting')
})

// A tree by the definition of RFC 6962, section 2.1, with proofs by section 2.1.1.
type Hash = Uint8Array<ArrayBuffer>
const split = (n: number) => 2 ** Math.ceil(Math.log2(n) - 1)
async function root(leaves: Hash[]): Promise<Hash> {
  if (leaves.length === 1) return leaves[0]!
  const k = split(leaves.length)
  return nodeHash(await root(leaves.slice(0, k)), await root(leaves.slice(k)))
}
async function path(m: number, leaves: Hash[]): Promise<Hash[]> {
  if (leaves.length === 1) return []
  const k = split(leaves.length)
  return m < k ? [...(await path(m, leaves.slice(0, k))), await root(leaves.slice(k))] : [...(await path(m - k, leaves.slice(k))), await root(leaves.slice(0, k))]
}

test('R1 Inclusion in the record is checked in the browser: every leaf of every small tree, and no other', async () => {
  const leaves = await Promise.all(Array.from({ length: 17 }, (_, i) => leafHash(new Uint8Array([i]))))
  assert.equal(toBase64url(leaves[0]!), createHash('sha256').update(Buffer.from([0, 0])).digest('base64url'))
  for (let size = 1; size <= 17; size++) {
    const tree = leaves.slice(0, size)
    const top = await root(tree)
    for (let i = 0; i < size; i++) {
      const proof = await path(i, tree)
      assert.equal(await included(leaves[i]!, i, size, proof, top), true)
      assert.equal(await included(leaves[(i + 1) % 17]!, i, size, proof, top), false)
      if (size > 1) assert.equal(await included(leaves[i]!, (i + 1) % size, size, proof, top), false)
      assert.equal(await included(leaves[i]!, i, size, [...proof, top], top), false)
      if (proof.length) assert.equal(await included(leaves[i]!, i, size, proof.slice(1), top), false)
    }
    assert.equal(await included(leaves[0]!, size, size, [], top), false)
  }
})

test('Bytes go to base64url and back', async () => {
  for (const text of ['', 'AA', '-_-_', 'K7QX']) assert.equal(toBase64url(fromBase64url(text)), text)
  assert.equal(toBase64url(await sha256(new Uint8Array())), '47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU')
})

test('Addresses are matched whole, and filters stand in them', () => {
  assert.deepEqual(match('/cases/:case/act/:act', '/cases/a%2Fb/act/open'), { case: 'a/b', act: 'open' })
  assert.equal(match('/cases/:case', '/cases/a/act'), null)
  assert.equal(match('/cases/:case', '/cases/%zz'), null)
  assert.deepEqual(match('/work', '/work/'), {})
  const place = { path: '/work', query: new URLSearchParams('due=late&q=PA') }
  assert.equal(withQuery(place, { due: undefined, state: 'open' }), '/work?q=PA&state=open')
})

test('D2 The code of a notice is read as people type it, and only a whole one', () => {
  const whole = 'XA-K7QX-2MZA-PL4C-VT3H-ABCD-EFGH-IJKL'
  assert.equal(readCode('xa k7qx 2mza pl4c vt3h abcd efgh ijkl'), whole)
  assert.equal(readCode(whole.replaceAll('-', '')), whole)
  assert.equal(readCode('XA-K7QX-2MZA-PL4C-VT3H-A8CD-EFGH-1JKL'), whole, 'digits that are none of the code')
  assert.equal(readCode(whole.slice(0, -1)), null)
  assert.equal(readCode(`${whole}A`), null)
  assert.equal(readCode(`2${whole.slice(1)}`), null, 'a country has no digits')
  assert.equal(readCode('<script>'), null)
})

test('SHA-256 in pieces is SHA-256: every length about a block, every way of cutting, and a file', async () => {
  const bytes = Uint8Array.from({ length: 1000 }, (_, i) => (i * 7919) & 255)
  const whole = (part: Uint8Array) => createHash('sha256').update(part).digest('base64url')
  for (let n = 0; n <= 200; n++) assert.equal(toBase64url(new Sha256().update(bytes.subarray(0, n)).finish()), whole(bytes.subarray(0, n)), `${n} bytes`)
  for (let cut = 1; cut < 300; cut += 7) {
    const hash = new Sha256()
    for (let at = 0; at < bytes.length; at += cut) hash.update(bytes.subarray(at, at + cut))
    assert.equal(toBase64url(hash.finish()), whole(bytes), `pieces of ${cut}`)
  }
  const file = new Blob([new Uint8Array(9 << 20).fill(5)])
  const told: number[] = []
  assert.equal(toBase64url(await sha256Of(file, (done) => told.push(done))), whole(new Uint8Array(9 << 20).fill(5)))
  assert.deepEqual(told, [4 << 20, 8 << 20, 9 << 20])
  await assert.rejects(sha256Of(file, undefined, () => true), /stopped/)
})

test('R1 A report is good only if document, leaf and path belong together, and the checkpoint is signed; it is drawn from the document', async () => {
  const [signer, other] = [new Signer('record.example'), new Signer('record.example')]
  const make = async (change: (document: any, entry: any) => void = () => undefined) => {
    const document = { comity: 'transparency/1', participant: 'arcadia', period: '2026-Q1', reports: [{ class: 'requesting', cases: 23, attributes: [
      { attribute: 'procedure', cells: [{ category: 'mla', count: 12 }, { category: 'emergency', about: 10 }, { category: 'extraordinary' }] }, { attribute: 'outcome' }] }] }
    const line: any = { leaf: 'report', v: 1, version: 1, hash: '' }
    const canonical = new TextEncoder().encode(JSON.stringify(document))
    const digest = await sha256(canonical)
    line.hash = toBase64url(digest)
    change(document, line)
    const entry = new TextEncoder().encode(JSON.stringify(line))
    const sibling = await sha256(new Uint8Array([7]))
    const root = await nodeHash(sibling, await leafHash(entry))
    return { period: '2026-Q1', participant: 'arcadia', issued: '', series: [], digest: toBase64url(digest), canonical: toBase64url(canonical), leaf: 1, entry: toBase64url(entry), proof: [toBase64url(sibling)], checkpoint_root: toBase64url(root), checkpoint_size: 2, ...signer.checkpoint(2, root, Date.UTC(2026, 3, 5) / 1000) }
  }
  const report = await make()
  assert.equal((await verify(report)).state, 'good')
  assert.deepEqual(seriesOf(documentOf(report)).map((s) => [s.id, s.cells]), [
    ['requesting.cases', [{ dimension: 'all', value: 23 }]],
    ['requesting.procedure', [{ dimension: 'mla', value: 12 }, { dimension: 'emergency', value: 6, to: 14 }, { dimension: 'extraordinary', value: 0, to: 4 }]],
  ])
  assert.equal((await verify({ ...report, canonical: toBase64url(new TextEncoder().encode('{}')) })).state, 'bad')
  assert.equal((await verify({ ...report, period: '2026-Q2' })).state, 'bad', 'another quarter than the document says')
  assert.equal((await verify({ ...report, leaf: 0 })).state, 'bad')
  assert.equal((await verify({ ...report, checkpoint_root: report.digest })).state, 'bad')
  assert.equal((await verify(await make((_, line) => { line.hash = toBase64url(new Uint8Array(32)) }))).state, 'bad', 'the leaf of another report')
  assert.equal((await verify(await make((_, line) => { line.leaf = 'roll' }))).state, 'bad', 'a leaf of another kind')
  const { checkpoint: note, ...bare } = report
  assert.equal((await verify(bare)).state, 'unknown', 'no checkpoint')
  assert.equal((await verify({ ...report, checkpoint: note!.replace('\n2\n', '\n3\n') })).state, 'bad', 'a size that nobody signed')
  assert.equal((await verify({ ...report, record_key: other.vkey })).state, 'bad', 'another key')
  assert.deepEqual((await verify(report)).checkpoint?.cosigned, [{ name: 'witness.example', at: '2026-04-05T00:00:00.000Z' }])
  const { proof, ...without } = report
  assert.equal((await verify(without)).state, 'unknown', 'its leaf is not published yet')
  await assert.rejects(verify({ ...report, canonical: toBase64url(new Uint8Array([0xff])), digest: toBase64url(await sha256(new Uint8Array([0xff]))) }))
})

test('R1 Checkpoints open as on the node: signed, cosigned, and none of the forged ones', async () => {
  const vectors = JSON.parse(readFileSync(web('../tests/vectors/notes.json'), 'utf8'))
  const own = vectors.notes.at(-1)
  const [log, ...witnesses] = own.vkeys as [string, string, string]
  const opened = await openCheckpoint(own.note, log, witnesses)
  assert.deepEqual([opened?.origin, opened?.size, opened?.signed], ['log.example/authority-a', 300, true])
  assert.deepEqual(opened?.cosigned.map((c) => c.name), ['witness.example/w1', 'witness.example/w2'])
  for (const { name, note, expect } of vectors.variants_of_own_checkpoint) assert.equal((await openCheckpoint(note, log, witnesses)) !== null, expect.startsWith('accept'), name)
  const forged = own.note.replace(/(w2 .{24})(.)/, (_: string, before: string, c: string) => before + (c === 'A' ? 'B' : 'A'))
  assert.equal(await openCheckpoint(forged, log, witnesses), null, 'a known witness whose line is wrong')
  assert.equal((await openCheckpoint(forged, log, witnesses.slice(0, 1)))?.cosigned.length, 1, 'a line by nobody we know')
  assert.equal(await openCheckpoint(own.note, witnesses[0]!, []), null, 'a witness is no log')
  assert.equal(await readKey(log.replace('ee362078', 'ee362079')), null, 'a key under another number')
})
