// A quarter's report as charts: made here from the document whose digest was checked, so that what
// is drawn is what the public record holds, and nothing that a server says beside it.
import type { Report, Series } from './api.ts'
import { fromBase64url, sha256, toBase64url } from './bytes.ts'
import { equal, included, leafHash } from './merkle.ts'
import { openCheckpoint, type OpenedCheckpoint } from './note.ts'

// As in src/record/tally.hpp: below it a cell is not told, and a rounded one is at most so far off.
const cellLeast = 5
const roundReach = 4

interface StatisticsCell { category: string; count?: number; about?: number }
interface Statistics { class: string; cases: number; attributes: { attribute: string; cells?: StatisticsCell[] }[] }
interface Document { participant: string; period: string; reports: Statistics[] }

const utf8 = new TextDecoder('utf-8', { fatal: true })

export function documentOf(report: Report): Document {
  return JSON.parse(utf8.decode(fromBase64url(report.canonical))) as Document
}

/** What is withheld, because it would give a single case away, has no series. */
export function seriesOf(document: Document): Series[] {
  return document.reports.flatMap((report): Series[] => [
    { id: `${report.class}.cases`, title: { en: `${report.class}: cases` }, unit: 'count', cells: [{ dimension: 'all', value: report.cases }] },
    ...report.attributes.filter((row) => row.cells).map((row): Series => ({
      id: `${report.class}.${row.attribute}`, title: { en: `${report.class}: ${row.attribute}` }, unit: 'count',
      cells: row.cells!.map((cell) => cell.count !== undefined ? { dimension: cell.category, value: cell.count }
        : cell.about !== undefined ? { dimension: cell.category, value: Math.max(cellLeast, cell.about - roundReach), to: cell.about + roundReach }
          : { dimension: cell.category, value: 0, to: cellLeast - 1 }),
    })),
  ])
}

/** `unsigned`: all agrees, and this browser has no Ed25519 to check the record's signature with. */
export type State = 'good' | 'bad' | 'unknown' | 'unsigned'
export interface Checked {
  state: State
  checkpoint?: OpenedCheckpoint
}

/**
 * The document has the digest, the leaf holds that digest, the leaf is in the record, and the
 * record's key has signed the root that the proof leads to. The sums in it are not added up here:
 * that takes every tally of the record and ristretto255, which no browser has (comity stats --verify).
 */
export async function verify(report: Report): Promise<Checked> {
  const state = await inRecord(report)
  if (state !== 'good') return { state }
  if (!report.checkpoint || !report.record_key) return { state: 'unknown' }
  const checkpoint = await openCheckpoint(report.checkpoint, report.record_key, report.witness_keys ?? [])
  if (!checkpoint || checkpoint.size !== report.checkpoint_size || toBase64url(checkpoint.root) !== report.checkpoint_root) return { state: 'bad' }
  return { state: checkpoint.signed ? 'good' : 'unsigned', checkpoint }
}

async function inRecord(report: Report): Promise<'good' | 'bad' | 'unknown'> {
  const digest = await sha256(fromBase64url(report.canonical))
  if (!equal(digest, fromBase64url(report.digest))) return 'bad'
  const document = documentOf(report)
  if (document.period !== report.period || document.participant !== report.participant) return 'bad'
  if (!report.entry || !report.proof || report.leaf === undefined || !report.checkpoint_root || !report.checkpoint_size) return 'unknown'
  const entry = fromBase64url(report.entry)
  const leaf = JSON.parse(utf8.decode(entry)) as { leaf?: string; hash?: string }
  if (leaf.leaf !== 'report' || leaf.hash !== toBase64url(digest)) return 'bad'
  const proof = report.proof.map(fromBase64url)
  return (await included(await leafHash(entry), report.leaf, report.checkpoint_size, proof, fromBase64url(report.checkpoint_root))) ? 'good' : 'bad'
}
