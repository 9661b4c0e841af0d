// The world of the development server: Arcadia asks, Borealis is asked, Cordia is concerned, Nimbus
// holds the data; cases played by law/procedures with the forms of law/examples. Not shipped.
import { createHash } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'
import type * as Api from '../api/types.ts'
import type { ProcedureFile } from '../src/lib/procedure.ts'
import type { Fields, Schema } from '../src/lib/schema.ts'
import { begin, enabled, execute, marks, owed, plus, type State } from './dcr.ts'
import type { Pack } from './law.ts'

export const now = '2026-11-24T09:30:00Z'
export const digest = (text: string): string => createHash('sha256').update(text).digest('base64url')

export function readPack(law: string): Pack {
  const json = (name: string) => JSON.parse(readFileSync(`${law}/${name}`, 'utf8'))
  const folder = (name: string) => Object.fromEntries(readdirSync(`${law}/${name}`).filter((f) => f.endsWith('.json')).map((f) => [f.slice(0, -5), json(`${name}/${f}`)]))
  return {
    countries: json('countries.json').records, instruments: json('instruments.json').records, bilateral: json('bilateral_mlats.json').records, authorities: json('central_authorities.json').records,
    offences: json('offences.json').records, categories: json('data_categories.json').records, volumes: json('volumes.json'), profiles: folder('profiles'), forms: folder('forms') as Record<string, Schema>, digest: digest('law pack'),
  }
}

export interface Act {
  act: string
  at: string
  hash: string
  performer: string
  role: string
  person?: string
  form?: string
  fields: Fields
}
export interface CaseFile {
  id: string
  reference: string
  procedure: string
  category: Api.Category
  third: string[]
  state: State
  acts: Act[]
  stuck?: string
}

export const names: Record<string, string> = { arcadia: 'Arcadia', borealis: 'Borealis', cordia: 'Cordia', nimbus: 'Nimbus Mail', petrel: 'Petrel ISP', watch: 'Arcadian Oversight Council' }
export const countryOf: Record<string, string> = { arcadia: 'XA', borealis: 'XB', cordia: 'XC', nimbus: 'XB', petrel: 'XB', watch: 'XA' }
export const sideOf = (participant: string, third: string[]): Api.Side =>
  participant === 'arcadia' ? 'requesting' : participant === 'borealis' ? 'requested' : participant === 'watch' ? 'oversight' : third.includes(participant) ? 'third' : 'provider'
const performerOf: Record<string, string> = { requesting: 'arcadia', requested: 'borealis', provider: 'nimbus', third: 'cordia', oversight: 'watch', subject: 'arcadia', clock: 'borealis' }

export const offices: Record<string, { name: string; participant: string }> = {
  'arcadia-cyber-unit': { name: 'Cybercrime Unit, Port Alder', participant: 'arcadia' }, 'arcadia-court': { name: 'District Court of Port Alder', participant: 'arcadia' }, 'arcadia-central': { name: 'Central Authority desk', participant: 'arcadia' },
  'borealis-central': { name: 'Central Authority desk', participant: 'borealis' }, 'borealis-court': { name: 'Central Court of Northport', participant: 'borealis' }, 'nimbus-desk': { name: 'Legal response desk', participant: 'nimbus' }, 'watch-council': { name: 'Inspectorate', participant: 'watch' },
}

export interface Who { person: string; name: string; office: string; roles: Api.Role[]; kind: Api.Session['kind'] }
export const people: Who[] = [
  { person: 'ada', name: 'Ada Lindqvist', office: 'arcadia-cyber-unit', roles: ['issuing-officer'], kind: 'authority' },
  { person: 'bram', name: 'Bram Okafor', office: 'arcadia-cyber-unit', roles: ['issuing-officer', 'supervising-officer'], kind: 'authority' },
  { person: 'carmen', name: 'Carmen Duarte', office: 'arcadia-court', roles: ['judge'], kind: 'authority' },
  { person: 'henrik', name: 'Henrik Salo', office: 'arcadia-central', roles: ['central-authority-officer', 'administrator'], kind: 'authority' },
  { person: 'katja', name: 'Katja Meri', office: 'arcadia-central', roles: ['administrator'], kind: 'authority' },
  { person: 'ivo', name: 'Ivo Marchetti', office: 'borealis-central', roles: ['central-authority-officer', 'administrator'], kind: 'authority' },
  { person: 'jana', name: 'Jana Novak', office: 'borealis-court', roles: ['judge'], kind: 'authority' },
  { person: 'dina', name: 'Dina Haddad', office: 'nimbus-desk', roles: ['response-officer'], kind: 'provider' },
  { person: 'goran', name: 'Goran Petrov', office: 'watch-council', roles: ['inspector'], kind: 'oversight' },
]

export class World {
  cases = new Map<string, CaseFile>()
  drafts = new Map<string, { draft: Api.Draft; office: string; tag: number }>()
  staged = new Map<string, { of: Api.StagedItem; bytes: Buffer[] }>()
  views: Api.SavedView[] = [{ name: 'Due this week', query: 'due=week', shared: true }]
  invitations: Api.Invitation[] = []
  visits = new Map<string, Api.KeyToMake[]>()
  ended = new Set<string>()
  prepared = new Map<string, { intent: Api.Intent; person: string }>()
  alarmsSeen = new Set<string>()
  samples: Api.Sample[] = []
  challenged = new Set<string>()
  outbox: Api.OutboxRow[] = []
  readonly procedures: Record<string, ProcedureFile> = {}
  private examples: Record<string, { form: string; fields: Fields }> = {}
  private counter = 0

  constructor(readonly pack: Pack, law: string) {
    for (const p of ['mla', 'emergency', 'extraordinary']) this.procedures[p] = JSON.parse(readFileSync(`${law}/procedures/${p}.json`, 'utf8'))
    for (const f of readdirSync(`${law}/examples`)) this.examples[f.slice(0, -5)] = JSON.parse(readFileSync(`${law}/examples/${f}`, 'utf8'))
    this.play()
  }

  example(act: string, form?: string): Fields {
    return structuredClone((this.examples[act] ?? Object.values(this.examples).find((e) => e.form === form))?.fields ?? {})
  }

  add(procedure: string, category: Api.Category, reference: string, acts: [string, string][], third: string[] = [], stuck?: string): CaseFile {
    const id = digest(reference).slice(0, 22)
    const of: CaseFile = { id, reference, procedure, category, third, state: begin(this.procedures[procedure]!, { category, third: third.length > 0 }), acts: [], ...(stuck ? { stuck } : {}) }
    this.cases.set(id, of)
    for (const [act, at] of acts) this.perform(of, act, at, this.example(act === 'request' && procedure === 'extraordinary' ? 'extraordinary-request' : act === 'authorise' && procedure === 'extraordinary' ? 'extraordinary-authorise' : act, of.state.graph.acts[act]?.form))
    return of
  }

  perform(of: CaseFile, act: string, at: string, fields: Fields, person?: string): Act {
    if (!enabled(of.state, act)) throw new Error(`${act} is not possible in ${of.reference}`)
    const line = of.state.graph.acts[act]!
    execute(of.state, act, at, fields)
    const done: Act = { act, at, hash: digest(`${of.id} ${of.acts.length} ${act}`), performer: performerOf[line.side]!, role: line.role ?? 'clock', ...(person ? { person } : {}), ...(line.form ? { form: line.form } : {}), fields }
    of.acts.push(done)
    return done
  }

  next(): string {
    return (++this.counter).toString().padStart(4, '0')
  }

  private play(): void {
    const day = (d: number, h = 9): string => plus(plus('2026-11-24T00:00:00Z', 'PT0H'), 'PT0H').replace('2026-11-24T00', new Date(Date.parse('2026-11-24T00:00:00Z') + d * 86400000).toISOString().slice(0, 11) + String(h).padStart(2, '0'))
    this.add('mla', 'access', 'PA-CY-2026-00417', [['request', day(-30)], ['authorise', day(-28)], ['transmit', day(-27)], ['acknowledge', day(-26)], ['ask', day(-24)], ['answer', day(-20)], ['accept', day(-15)], ['order', day(-9)]])
    this.add('mla', 'access', 'PA-CY-2026-00431', [['request', day(-2, 14)]])
    this.add('emergency', 'subscriber', 'PA-EM-2026-00012', [['request', day(-1, 6)], ['certify', day(-1, 7)]])
    this.add('mla', 'subscriber', 'PA-CY-2026-00380', [['request', day(-60)], ['authorise', day(-58)], ['transmit', day(-56)], ['acknowledge', day(-55)], ['accept', day(-40)], ['order', day(-35)], ['produce', day(-28)], ['release', day(-25)], ['receive', day(-24)], ['open', day(-23)], ['purge', day(-23)], ['notify', day(-5)]])
    this.add('mla', 'access', 'PA-CY-2026-00392', [['request', day(-40)], ['authorise', day(-38)], ['transmit', day(-36)], ['acknowledge', day(-35)], ['accept', day(-20)], ['order', day(-12)], ['produce', day(-4)]])
    this.add('extraordinary', 'access', 'PA-XR-2026-00003', [['request', day(-3)], ['authorise', day(-2)], ['transmit', day(-2, 12)]], ['cordia'])
    this.add('mla', 'content', 'PA-CY-2026-00402', [['request', day(-20)], ['authorise', day(-14)], ['transmit', day(-13)]], [], 'no-act')
    this.add('mla', 'traffic', 'PA-CY-2026-00371', [['request', day(-70)], ['authorise', day(-68)], ['transmit', day(-66)], ['acknowledge', day(-65)], ['refuse', day(-50)]])
    this.add('mla', 'subscriber', 'PA-CY-2026-00415', [['request', day(-18)], ['authorise', day(-16)], ['transmit', day(-15)], ['acknowledge', day(-14)], ['ask', day(-12)]], [], 'question')
    for (let i = 0; i < 70; i++)
      this.add('mla', (['subscriber', 'access', 'traffic', 'content'] as const)[i % 4]!, `NP-${String(2026 - (i % 2))}-${String(1000 + i * 7)}`, [['request', day(-40 + (i % 30))], ['authorise', day(-38 + (i % 30))], ['transmit', day(-37 + (i % 30))], ['acknowledge', day(-36 + (i % 30))]])
    const fields = this.example('request', 'request')
    delete fields.facts
    fields.retention_end = undefined
    this.drafts.set('d-0001', { office: 'arcadia-cyber-unit', tag: 1, draft: { id: 'd-0001', form: 'request', procedure: 'mla', opening: { requesting: 'arcadia', requested: 'borealis', provider: 'nimbus', third: [], category: 'access', recipient: 'arcadia-cyber-unit' }, fields: JSON.parse(JSON.stringify(fields)), updated: '2026-11-24T08:12:00Z', by: 'Ada Lindqvist' } })
    this.invitations.push({ id: 'i-1', person: 'kari', name: 'Kari Brandt', office: 'arcadia-cyber-unit', office_name: offices['arcadia-cyber-unit']!.name, roles: ['issuing-officer'], valid_until: '2028-01-01T00:00:00Z', trained_until: '2027-06-01T00:00:00Z', state: 'key-registered', invited_by: { person: 'henrik', name: 'Henrik Salo' }, expires: '2026-12-06T00:00:00Z' }, { id: 'i-2', person: 'liv', name: 'Liv Aasen', office: 'arcadia-court', office_name: offices['arcadia-court']!.name, roles: ['judge'], valid_until: '2028-01-01T00:00:00Z', trained_until: '2027-06-01T00:00:00Z', state: 'invited', invited_by: { person: 'henrik', name: 'Henrik Salo' }, expires: '2026-11-27T00:00:00Z' })
    this.outbox.push({ id: 41, to: 'cordia', to_name: names.cordia!, case: [...this.cases.keys()][4]!, act: digest('x'), attempts: 7, next_try: '2026-11-24T09:41:00Z', problem: 'name cordia.example does not resolve', failed: false })
    this.samples.push({ id: 's-1', size: 3, purpose: 'Quarterly look at emergency cases', asked: '2026-11-20T09:00:00Z', drawn: '2026-11-20T09:01:00Z', checkpoint_size: 18233, checkpoint_root: digest('root'), cases: [] })
  }
}

export const grid = (of: CaseFile): Api.GridRow[] => {
  for (const act of ['order', 'authorise', 'request']) {
    const found = of.acts.findLast((a) => a.act === act)?.fields.grid
    if (Array.isArray(found)) return found as Api.GridRow[]
  }
  return []
}
export { enabled, marks, owed }
