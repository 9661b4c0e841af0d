// The contract, answered from the development server's world. Each operation of api/types.ts has an
// answer here; the type of the table sees to that.
import { createHash, randomBytes } from 'node:crypto'
import { operations, type Operations } from '../api/types.ts'
import type * as Api from '../api/types.ts'
import { check, type Fields } from '../src/lib/schema.ts'
import { documentOf, seriesOf } from '../src/lib/transparency.ts'
import { plus } from './dcr.ts'
import { Hands } from './hands.ts'
import * as law from './law.ts'
import { Signer } from './signer.ts'
import { countryOf, digest, enabled, grid, marks, names, now, offices, owed, people, sideOf, World, type CaseFile, type Who } from './world.ts'

export class Refused extends Error {
  constructor(readonly status: number, readonly code: string, readonly more: Partial<Api.Problem> = {}) {
    super(code)
  }
}
const missing = (): never => {
  throw new Refused(404, 'not_found', { title: 'not found' })
}

export interface Asked<K extends keyof Operations = any> {
  path: Operations[K]['path']
  query: Record<string, string | undefined>
  body: any
  who?: Who
  match?: string
  language?: string
  host?: string
  /** Set by an answer. */
  tag?: string
  session?: string | null
}
type Answers = { [K in keyof Operations]: (asked: Asked<K>) => Operations[K]['answer'] | Blob | Buffer }

const participantOf = (who: Who): string => offices[who.office]!.participant
const passkey = (challenge: string): Api.PasskeyRequest => ({ challenge, rp_id: 'localhost', allow: [], timeout_ms: 120_000 })
const proof = (of: CaseFile, i: number): Api.Proof => ({ seal: 'checked', approval: of.acts[i]!.role === 'clock' ? 'none' : 'checked', record: i === of.acts.length - 1 && of.acts[i]!.at > '2026-11-24T09' ? 'pending' : 'included', witnesses: 2, checkpoint_size: 18500 })
const code = 'XA-K7QX-2MZA-PL4C-VT3H-ABCD-EFGH-IJKL'

export function answers(world: World): Answers {
  const pack = world.pack
  const hands = new Hands()
  // Some of Arcadia's cases are in people's hands.
  for (const [reference, person] of [['PA-CY-2026-00417', 'ada'], ['PA-CY-2026-00380', 'ada'], ['PA-CY-2026-00431', 'carmen']] as const)
    for (const of of world.cases.values()) if (of.reference === reference) hands.give(of.id, person, 'henrik')
  const me = (a: Asked): Who => a.who ?? missing()
  const keeper = (of: CaseFile): string => (of.acts.some((x) => x.act === 'transmit') ? 'borealis' : 'arcadia')
  const caseOf = (a: Asked): CaseFile => {
    const who = me(a)
    const of = world.cases.get(a.path.case) ?? missing()
    const mine = participantOf(who)
    if (mine === 'nimbus' && !of.acts.some((x) => ['order', 'freeze'].includes(x.act) || (of.procedure === 'extraordinary' && x.act === 'transmit'))) missing()
    if (mine === 'borealis' && !of.acts.some((x) => x.act === 'transmit')) missing()
    return of
  }
  const visible = (who: Who): CaseFile[] => [...world.cases.values()].filter((of) => {
    try {
      caseOf({ path: { case: of.id }, query: {}, body: undefined, who })
      return true
    } catch {
      return false
    }
  })
  const sealEnd = (of: CaseFile) => of.acts.findLast((x) => x.act === 'defer-notice')?.fields.until as string | undefined
  const stateOf = (of: CaseFile): Api.Case['state'] => (of.state.pending.has('resume') ? 'suspended' : owed(of.state).length ? 'open' : 'at-rest')
  const item = (of: CaseFile, who: Who): Api.WorklistItem => {
    const first = owed(of.state)[0]
    const mine = participantOf(who)
    const line = first && of.state.graph.acts[first.act]!
    const side = sideOf(mine, of.third)
    const partner = mine === 'arcadia' ? 'borealis' : mine === 'nimbus' ? 'borealis' : 'arcadia'
    const holder = line ? ({ requesting: 'arcadia', requested: 'borealis', provider: 'nimbus', third: 'cordia', oversight: 'watch', subject: 'arcadia', clock: keeper(of) } as Record<string, string>)[line.side]! : keeper(of)
    return {
      case: of.id, reference: of.reference, direction: mine === 'watch' ? 'observed' : mine === 'arcadia' ? 'outgoing' : 'incoming', partner, partner_name: names[partner]!, procedure: of.procedure, category: of.category, state: stateOf(of), holder, holder_name: names[holder]!,
      ...(first && line ? { next: { act: first.act, side: line.side, role: line.role ?? 'clock', due: first.due, mine: line.side === side && who.roles.includes(line.role as Api.Role) } } : {}),
      ...(sealEnd(of) ? { seal_end: sealEnd(of)! } : {}), acts: of.acts.length, ...(of.stuck ? { stuck: of.stuck } : {}), ...(hands.of(of.id, who) ? { hands: hands.of(of.id, who)! } : {}), updated: of.acts.at(-1)!.at,
    }
  }
  const possible = (of: CaseFile, who: Who): Api.Possible[] => {
    const side = sideOf(participantOf(who), of.third)
    return Object.entries(of.state.graph.acts).filter(([act, line]) => line.side !== 'clock' && enabled(of.state, act) && (line.side === side || line.side !== 'oversight')).map(([act, line]): Api.Possible => {
      const role = line.role as Api.Role
      const why = line.side !== side ? 'not-your-side' : !who.roles.includes(role) ? 'not-your-role' : of.acts.some((x) => x.person === who.person && ['request', 'certify', 'authorise', 'transmit'].includes(x.act)) && ['certify', 'authorise', 'transmit'].includes(act) ? 'four-eyes' : undefined
      return { act, side: line.side, role: line.role!, ...(line.form ? { form: line.form } : {}), may: !why, ...(why ? { why_not: why } : {}) }
    })
  }
  const request = (of: CaseFile) => of.acts[0]!
  const formOf = (of: CaseFile) => (of.procedure === 'extraordinary' ? 'extraordinary-request' : 'request')
  const act = (of: CaseFile, hash: string) => of.acts.find((x) => x.hash === hash) ?? missing()
  const page = <T>(all: T[], a: Asked, most = 50): { items: T[]; next?: string } => {
    const from = Number(a.query.after ?? 0)
    const size = Math.min(Number(a.query.limit ?? most), 200)
    return { items: all.slice(from, from + size), ...(from + size < all.length ? { next: String(from + size) } : {}) }
  }
  // What was produced, in an invented world two small files; what was released, the same under other keys.
  const contents = ['account,name\n1,Emil\n', 'time,address\n'.repeat(70_000)].map((text) => Buffer.from(text))
  const sha = (bytes: Buffer) => createHash('sha256').update(bytes).digest('base64url')
  const manifest = (of: CaseFile, name: string): Api.Item[] => {
    const act = of.acts.findLast((x) => x.act === name) ?? missing()
    if (name === 'release') {
      const passed = (act.fields.passed as Api.Item[] | undefined) ?? []
      return passed.length || of.reference !== 'PA-CY-2026-00380' ? passed : manifest(of, 'produce').map(resealed)
    }
    if (name !== 'produce') missing()
    const given = act.fields.manifest as Api.Item[]
    return given.length ? given : ['registration.csv', 'log-ins.csv'].map((name, i): Api.Item => ({ name, size: contents[i]!.length, media_type: 'text/csv', plain_sha256: sha(contents[i]!), cipher_sha256: digest(`c${i}`), envelope_sha256: digest(`e${i}`), cell: i }))
  }
  const resealed = (item: Api.Item): Api.Item => ({ ...item, cipher_sha256: digest(`again ${item.cipher_sha256}`), envelope_sha256: digest(`again ${item.envelope_sha256}`) })
  const openings = new Map<string, { bytes: Buffer; at: number }>()
  const pdf = () => Buffer.from('%PDF-1.4\n% a letter, in the development server an empty one\n%%EOF\n')
  const draftOf = (a: Asked) => {
    const found = world.drafts.get(a.path.id)
    return found && found.office === me(a).office ? found : missing()
  }
  const stagedOf = (a: Asked) => world.staged.get(a.path.token) ?? missing()
  const session = (who: Who): Api.Session => {
    const p = participantOf(who)
    return { person: who.person, name: who.name, office: who.office, office_name: offices[who.office]!.name, participant: p, participant_name: names[p]!, country: countryOf[p]!, kind: who.kind, roles: who.roles, trained_until: '2027-03-31T00:00:00Z', ends: '2026-11-24T18:00:00Z', idle_minutes: 30, unread: 0, practice: true }
  }
  const person = (who: Who): Api.Person => ({ entry: digest(`roll ${who.person}`), person: who.person, name: who.name, office: who.office, office_name: offices[who.office]!.name, roles: who.roles, valid_until: '2028-01-01T00:00:00Z', trained_until: who.person === 'bram' ? '2026-12-02T00:00:00Z' : '2027-03-31T00:00:00Z', passkeys: (['sign-in', 'sign'] as const).map((purpose): Api.Passkey => ({ credential: digest(purpose === 'sign' ? who.person : `sign-in ${who.person}`), entry: digest(`roll ${purpose} ${who.person}`), label: 'Security key', created: '2026-01-10T09:00:00Z', purpose })), ended: world.ended.has(digest(`roll ${who.person}`)) })
  const called = (who: Who): Api.PersonName => ({ person: who.person, name: who.name })
  const invitation = (id: string): Api.Invitation => world.invitations.find((x) => x.id === id) ?? missing()
  const invited = (token: string): Api.Invitation => { const i = invitation(token); return i.state === 'invited' ? i : missing() }
  const participants = (): Api.Participant[] => Object.keys(names).map((id) => ({
    id, name: names[id]!, kind: id === 'nimbus' || id === 'petrel' ? 'provider' : id === 'watch' ? 'oversight' : 'authority', country: countryOf[id]!, url: `https://${id}.example`,
    offices: Object.entries(offices).filter(([, o]) => o.participant === id).map(([oid, o]): Api.Office => ({ id: oid, name: o.name, roles: [...new Set(people.filter((p) => p.office === oid).flatMap((p) => p.roles))], categories: ['subscriber', 'access', 'traffic', 'content'], sealing_key_until: '2027-05-01T00:00:00Z' })), languages: ['en', 'fr'], valid_from: '2025-01-01T00:00:00Z',
  }))
  // As a node publishes it (src/node/statistics.cpp), without the proofs of the cells.
  const signer = new Signer('arcadia.example/record')
  const report = (period: string, factor: number, number: number): Api.Report => {
    const cells = (of: Record<string, number>) => Object.entries(of).map(([category, v]) => {
      const count = Math.round(v * factor)
      return { category, ...(v < 5 ? {} : { count }) }
    })
    const statistics = (group: string, cases: number) => ({ comity: 'statistics/1', record: 'arcadia.example/record', class: group, period, schema: 2, cases, attributes: [
      { attribute: 'procedure', cells: cells({ mla: 353, emergency: 41, extraordinary: 24, other: 0 }) },
      { attribute: 'category', cells: cells({ subscriber: 212, access: 148, traffic: 37, content: 21, other: 0 }) },
      { attribute: 'outcome', cells: cells({ delivered: 334, contested: 0, declined: 38, refused: 33, unable: 6, withdrawn: 7, lapsed: 0, quashed: 0 }) },
      { attribute: 'notice', cells: cells({ none: 84, given: 257, 'given-after-deferral': 77, owed: 0 }) },
      { attribute: 'days', cells: cells({ none: 84, 1: 36, 10: 102, 30: 131, 90: 52, 180: 13, more: 0 }) },
      { attribute: 'emergency' },
      { attribute: 'partner', cells: cells({ africa: 22, americas: 61, asia: 35, europe: 300, oceania: 0, other: 0 }) },
      { attribute: 'offence', cells: cells({ death: 12, harm: 31, sexual: 54, robbery: 0, property: 18, drugs: 47, fraud: 141, 'public-order': 0, security: 26, computer: 89, environment: 0, other: 0, 'not-read': 0 }) },
      { attribute: 'ground' },
    ] })
    const canonical = Buffer.from(JSON.stringify({ comity: 'transparency/1', participant: 'arcadia', record: 'arcadia.example/record', number, period, issued: '2026-10-05T00:00:00.000Z', reports: [statistics('requesting', Math.round(418 * factor))] }))
    const hash = createHash('sha256').update(canonical).digest()
    const entry = Buffer.from(`{"leaf":"report","v":1,"version":${number},"hash":"${hash.toString('base64url')}"}`)
    const leafHash = createHash('sha256').update(Buffer.concat([Buffer.from([0]), entry])).digest()
    const sibling = createHash('sha256').update(`sibling ${period}`).digest()
    const leaf = number % 2
    const root = createHash('sha256').update(Buffer.concat(leaf === 0 ? [Buffer.from([1]), leafHash, sibling] : [Buffer.from([1]), sibling, leafHash])).digest()
    const whole = { period, participant: 'arcadia', issued: '2026-10-05T00:00:00Z', digest: hash.toString('base64url'), leaf, entry: entry.toString('base64url'), proof: [sibling.toString('base64url')], checkpoint_root: root.toString('base64url'), checkpoint_size: 2, ...signer.checkpoint(2, root, Date.parse(now) / 1000), canonical: canonical.toString('base64url') }
    return { ...whole, series: seriesOf(documentOf({ ...whole, series: [] })) }
  }
  const questions: Api.Question[] = [
    { id: 'xr-no-judge', title: { en: 'Extraordinary cases without a judge within 48 hours', fr: 'Dossiers extraordinaires sans juge sous 48 heures', ar: 'قضايا استثنائية بلا قاضٍ خلال 48 ساعة' }, query: { procedure: 'extraordinary' }, own: true, digest: true },
    { id: 'late-notices', title: { en: 'Notices given late', fr: 'Notifications tardives', ar: 'إشعارات متأخرة' }, query: {}, own: true, digest: false },
    { id: 'content', title: { en: 'Stored content, last 90 days', fr: 'Contenu stocké, 90 derniers jours', ar: 'المحتوى المخزن، آخر 90 يومًا' }, query: { category: 'content' }, own: false, digest: false },
  ]
  const notice = (): Api.Notice => {
    const f = world.example('notify') as any
    return { what: f.what, why: f.why, obtained_at: f.obtained_at, authorities: f.authorities, legal_basis: f.legal_basis, deferrals: [{ court: 'District Court of Port Alder', until: '2026-10-30T00:00:00Z' }], remedy: { ...f.remedy, last_day: '2026-12-19' }, language: f.language, given: '2026-11-19T09:00:00Z', challenge: world.challenged.has(code) ? 'pending' : 'possible', destroyed: [], proof: { seal: 'checked', approval: 'checked', record: 'included', witnesses: 2 } }
  }

  const sightings = (named: boolean): Api.Sighting[] => people.filter((p) => p.kind === 'provider' && participantOf(p) === 'nimbus').map((p, i): Api.Sighting => ({ at: `2026-11-24T0${8 - i}:42:00Z`, participant: 'nimbus', participant_name: names.nimbus!, office: p.office, office_name: offices[p.office]!.name, role: p.roles[0]!, ...(named ? { person: { person: p.person, name: p.name }, last: `2026-11-24T0${8 - i}:58:00Z` } : {}) }))
  let mailWish: Api.MailWish | null = null
  return {
    beginSignIn: () => passkey(randomBytes(32).toString('base64url')),
    signIn: (a) => {
      const found = people.find((p) => digest(p.person) === (a.body as Api.Assertion).credential)
      if (!found) throw new Refused(401, 'sign_in_refused', { title: 'This passkey is not on the roll of this node' })
      a.session = found.person
      return session(found)
    },
    getSession: (a) => session(a.who ?? (() => { throw new Refused(401, 'not_signed_in', { title: 'Not signed in' }) })()),
    signOut: (a) => { a.session = null; return undefined },
    listOwnPasskeys: (a) => ({ items: [...person(me(a)).passkeys, { credential: 'AA', entry: digest('roll laptop'), label: 'Laptop', created: '2026-04-02T08:00:00Z', last_used: '2026-11-24T08:00:00Z', purpose: 'sign' as const }] }),
    endOwnPasskey: () => undefined,
    getMail: () => ({ offered: true, domains: ['ministry.example'], pause_minutes: 15, ...mailWish }),
    saveMail: (a) => { mailWish = a.body; return undefined },
    endMail: () => { mailWish = null; return undefined },
    getStatus: () => ({ participant: 'arcadia', participant_name: names.arcadia!, time: now, version: '0.1.0', law_pack: pack.digest, record_size: 18500, checkpoint: '', directory: 7, people_origin: '', practice: true }),
    listPractice: () => ({ items: people.map((p) => ({ person: p.person, name: p.name, office_name: offices[p.office]!.name, roles: p.roles })) }),
    practiceAssertion: (a) => ({ credential: digest(a.body.person), authenticator_data: 'AA', client_data: Buffer.from(JSON.stringify({ type: 'webauthn.get', challenge: a.body.challenge, origin: 'http://localhost' })).toString('base64url'), signature: 'AA' }),

    listWork: (a) => {
      const who = me(a)
      const q = a.query
      const all = visible(who).map((of) => item(of, who))
      const late = (i: Api.WorklistItem) => !!i.next?.due && i.next.due < now
      const within = (i: Api.WorklistItem, d: string) => !!i.next?.due && i.next.due <= plus(now, d)
      const dueIs: Record<string, (i: Api.WorklistItem) => boolean> = { late, today: (i) => !late(i) && within(i, 'PT15H'), week: (i) => !late(i) && within(i, 'P7D'), stuck: (i) => !!i.stuck, all: () => true }
      const match = all.filter((i) => (!q.direction || i.direction === q.direction) && (!q.procedure || i.procedure === q.procedure) && (!q.category || i.category === q.category) && (!q.state || i.state === q.state) && (q.mine !== 'true' || i.next?.mine) && hands.matches(i.case, who, q.hands) && (!q.q || i.reference.toLowerCase() === q.q.toLowerCase() || i.case.startsWith(q.q)))
      const found = match.filter(dueIs[q.due ?? 'all'] ?? (() => true))
      const by = { due: (i: Api.WorklistItem) => i.next?.due ?? '9', updated: (i: Api.WorklistItem) => i.updated }[q.sort ?? 'due']!
      found.sort((x, y) => by(x).localeCompare(by(y)) * (q.sort === 'updated' ? -1 : 1))
      return { ...page(found, a, 30), total: found.length, counts: Object.fromEntries(Object.entries(dueIs).map(([k, f]) => [k, match.filter(f).length])) }
    },
    getHands: (a) => hands.all(me(a)),
    listCaseworkers: (a) => ({ items: hands.caseworkers(me(a)) }),
    prepareHands: (a) => hands.prepare(a.body, me(a), passkey),
    signHands: (a) => hands.sign(a.body, me(a)),
    listHandStatements: (a) => page(hands.statements(me(a)), a),
    // Who of the provider's people was shown a case; only an administrator of theirs has the names.
    listSightings: (a) => {
      const of = caseOf(a)
      const who = me(a)
      if (!of.acts.some((x) => x.act === 'order' || x.act === 'produce')) return { items: [] }
      return page(sightings(who.kind === 'provider' && who.roles.includes('administrator')), a)
    },
    listOwnSightings: (a) => page(me(a).kind === 'provider' ? sightings(true).map((one) => ({ ...one, case: [...world.cases.keys()][0]!, reference: [...world.cases.values()][0]!.reference })) : [], a),
    listKeyActs: (a) => {
      const who = me(a)
      const items = visible(who).slice(0, 3).map((of, i): Api.KeyAct => { const act = of.acts.at(-1)!; return { case: of.id, reference: of.reference, sequence: of.acts.length, act: act.act, hash: digest(`key act ${of.id}`), admitted: plus(now, `-PT${2 + 5 * i}H`), performer_name: names[participantOf(who)]!, sentence: act.act, received_by: ['borealis', 'nimbus'].map((id) => names[id]!) } })
      return { since: '2026-11-23T00:00:00Z', ...page(items, a) }
    },
    getCaseHands: (a) => hands.ofCase(caseOf(a).id, me(a)),

    listViews: () => ({ items: world.views }),
    saveView: (a) => { world.views = [...world.views.filter((v) => v.name !== a.path.name), a.body]; return undefined },
    deleteView: (a) => { world.views = world.views.filter((v) => v.name !== a.path.name); return undefined },

    listDrafts: (a) => ({ items: [...world.drafts.values()].filter((d) => d.office === me(a).office).map(({ draft }): Api.DraftSummary => ({ id: draft.id, form: draft.form, procedure: draft.procedure, requested: draft.opening.requested, requested_name: names[draft.opening.requested]!, title: String(draft.fields.file_number ?? ''), updated: draft.updated, by: draft.by, by_name: people.find((p) => p.person === draft.by)?.name ?? draft.by, open_findings: check(pack.forms[draft.form]!, draft.fields).length })) }),
    createDraft: (a) => {
      const id = `d-${world.next()}`
      const { form, procedure, opening } = a.body
      const country = countryOf[opening.requested]!
      const draft: Api.Draft = { id, form, procedure, opening, updated: now, by: me(a).name, fields: { requested_country: country, status: 'new', recipient: { office: opening.recipient }, issuing_authority: { name: offices[me(a).office]!.name, country: countryOf[opening.requesting], languages: ['en', 'fr'], timezone: 'Etc/UTC' } } }
      world.drafts.set(id, { draft, office: me(a).office, tag: 1 })
      a.tag = '"1"'
      return draft
    },
    getDraft: (a) => { const d = draftOf(a); a.tag = `"${d.tag}"`; return d.draft },
    saveDraft: (a) => {
      const d = draftOf(a)
      if (a.match !== `"${d.tag}"`) throw new Refused(412, 'changed_meanwhile', { title: 'The draft was saved meanwhile' })
      d.tag += 1
      d.draft = { ...d.draft, ...a.body, updated: now, by: me(a).name }
      a.tag = `"${d.tag}"`
      return d.draft
    },
    deleteDraft: (a) => { draftOf(a); world.drafts.delete(a.path.id); return undefined },
    draftLetter: pdf,
    assess: (a) => { const { form, fields, opening } = a.body; return law.assess(pack, form, fields, countryOf[opening.requesting]!, countryOf[opening.requested]!) },
    checkSelectors: (a) => ({ lines: law.selectors(a.body.text) }),

    prepareAct: (a) => {
      const who = me(a)
      const intent: Api.Intent = a.body
      const of = intent.case ? caseOf({ ...a, path: { case: intent.case } }) : null
      const line = of ? of.state.graph.acts[intent.act] : world.procedures[intent.procedure!]!.acts[intent.act]
      if (!line) missing()
      if (of && !possible(of, who).find((p) => p.act === intent.act)?.may) throw new Refused(409, 'act_not_possible', { title: 'The act is not possible now', facts: intent.act, rule: 'docs/procedures.md' })
      const faults = check(pack.forms[line!.form!]!, intent.fields)
      if (faults.length) throw new Refused(422, 'form_invalid', { title: 'The form is not whole', facts: `${faults[0]!.pointer}: ${faults[0]!.code}`, field: faults[0]!.pointer })
      const hash = digest(JSON.stringify(intent))
      world.prepared.set(hash, { intent, person: who.person })
      const rows = intent.fields.grid as unknown[] | undefined
      return {
        act: hash, case: intent.case ?? '', header: Buffer.from(JSON.stringify({ act: intent.act, case: intent.case })).toString('base64url'), challenge: digest(`challenge ${hash}`), passkey: passkey(digest(`challenge ${hash}`)), expires: plus(now, 'PT1H'),
        reads_back: [
          { label: { en: 'Act', fr: 'Acte', ar: 'الإجراء' }, value: intent.act }, { label: { en: 'Case', fr: 'Dossier', ar: 'القضية' }, value: of?.reference ?? String(intent.fields.file_number ?? '') }, { label: { en: 'For the office', fr: 'Pour le bureau', ar: 'عن المكتب' }, value: offices[who.office]!.name },
          ...(rows ? [{ label: { en: 'Rows of data', fr: 'Lignes de données', ar: 'أسطر البيانات' }, value: String(rows.length) }] : []),
        ],
      }
    },
    performAct: (a) => {
      const prepared = world.prepared.get(a.body.act) ?? missing()
      if (prepared.person !== me(a).person) missing()
      const { intent } = prepared
      let of = intent.case ? world.cases.get(intent.case)! : null
      if (!of) {
        const id = digest(`case ${world.next()}`).slice(0, 22)
        of = { id, reference: String(intent.fields.file_number), procedure: intent.procedure!, category: intent.opening!.category, third: intent.opening!.third, acts: [], state: world.add(intent.procedure!, intent.opening!.category, `tmp-${id}`, []).state }
        for (const [key, value] of world.cases) if (value.reference === `tmp-${id}`) world.cases.delete(key)
        world.cases.set(id, of)
      }
      world.perform(of, intent.act, now, intent.fields, me(a).person)
      if (intent.draft) world.drafts.delete(intent.draft)
      world.prepared.delete(a.body.act)
      return { admitted: true, case: of.id, sequence: of.acts.length, receipt: digest('receipt') }
    },

    getCase: (a) => {
      const who = me(a)
      const of = caseOf(a)
      const notify = owed(of.state).find((o) => o.act === 'notify')?.due
      const remove = owed(of.state).find((o) => o.act === 'delete')?.due
      a.tag = `"${of.acts.length}"`
      return {
        case: of.id, reference: of.reference, procedure: of.procedure, law_pack: pack.digest, requesting: 'arcadia', requesting_name: names.arcadia!, requested: 'borealis', requested_name: names.borealis!, provider: 'nimbus', provider_name: names.nimbus!, third: of.third, category: of.category, keeper: keeper(of), keeper_name: names[keeper(of)]!,
        state: stateOf(of), side: sideOf(participantOf(who), of.third), acts: of.acts.length, owed: owed(of.state).map((o) => ({ act: o.act, side: of.state.graph.acts[o.act]!.side, role: of.state.graph.acts[o.act]!.role ?? 'clock', due: o.due })), possible: possible(of, who), submissions: [],
        evidence: ['produce', 'release'].filter((name) => of.acts.some((x) => x.act === name)).flatMap((name) => manifest(of, name).map((i, place): Api.EvidenceState => ({
          hash: i.cipher_sha256, state: name === 'produce' && of.acts.some((x) => x.act === 'purge') ? 'destroyed' : 'complete', ...(name === 'produce' ? { from: 'nimbus', to: 'borealis' } : { from: 'borealis', to: 'arcadia' }),
          // The provider's first item has not been taken yet.
          ...(name === 'produce' && place === 0 && participantOf(who) === 'nimbus' && of.acts.at(-1)!.act === 'produce' ? { refused: { problem: 'the other node refused it: An item arrived with another hash than its manifest states.', since: of.acts.at(-1)!.at, next_try: plus(now, 'PT1M') } } : {}),
        }))), grid: grid(of), ...(sealEnd(of) ? { seal_end: sealEnd(of)! } : {}), ...(notify ? { notice_due: notify } : {}), ...(remove ? { retention_end: remove } : {}), names,
      }
    },
    getTimeline: (a) => {
      const of = caseOf(a)
      const who = me(a)
      return page(of.acts.map((x, i): Api.TimelineEntry => ({ sequence: i + 1, act: x.act, hash: x.hash, performer: x.performer, performer_name: names[x.performer]!, office: 'office', role: x.role, ...(x.person && x.performer === participantOf(who) ? { person: x.person, person_name: people.find((p) => p.person === x.person)!.name } : {}), admitted: x.at, leaf: 18000 + i, sentence: `${names[x.performer]}: ${x.act}`, ...(x.form ? { form: x.form } : {}), readable: !!x.form && !(who.kind === 'provider' && x.act === 'request'), proof: proof(of, i) })), a)
    },
    getMarking: (a) => { const of = caseOf(a); return { procedure: of.procedure, category: of.category, third: of.third.length > 0, acts: marks(of.state) } },
    getCaseAssessment: (a) => { const of = caseOf(a); return law.assess(pack, formOf(of), request(of).fields, 'XA', 'XB') },
    getActFields: (a) => {
      const x = act(caseOf(a), a.path.hash)
      const schema = pack.forms[x.form!]
      const side = sideOf(participantOf(me(a)), caseOf(a).third)
      const open = (name: string) => side === 'requesting' || side === 'oversight' || (schema?.properties?.[name]?.['x-audience'] ?? []).includes(side)
      return { act: x.act, hash: x.hash, form: x.form!, fields: Object.fromEntries(Object.entries(x.fields).filter(([n]) => open(n))), hidden: Object.keys(schema?.properties ?? {}).filter((n) => !open(n)) }
    },
    compareRecords: (a) => {
      const [first, second] = [a.body.first, a.body.second].map((id) => ({ participant: id, name: names[id] ?? id, checkpoint_size: 18420, read: now }))
      const [x, y] = [...world.cases.values()]
      return {
        equal: false, from: `${a.body.from}T00:00:00Z`, until: `${a.body.until}T00:00:00Z`, asked: now, cases: 12, first: first!, second: second!,
        counts: [{ act: 'request', both: 11, first_only: 1, second_only: 0, not_yet: 0, neither: 0, unknown: 0 }, { act: 'order', both: 9, first_only: 0, second_only: 0, not_yet: 1, neither: 0, unknown: 0 }],
        differences: [{ case: x!.id, sequence: 1, hash: x!.acts[0]!.hash, act: 'request', performer: 'arcadia', performer_name: names.arcadia!, admitted: x!.acts[0]!.at, first: 'stands', second: 'missing' }],
        more: 0, unknown_here: [{ case: y!.id, sequence: 9, hash: digest('stranger'), first: 'stands', second: 'missing' }],
        cancelled: [{ case: y!.id, by: 'arcadia', by_name: names.arcadia!, at: now }],
      }
    },
    getTranslator: () => ({ tool: 'Practice translator', pairs: [['en', 'ar'], ['en', 'fr'], ['fr', 'en']].map(([from, to]) => ({ from: from!, to: to! })) }),
    translateText: (a) => {
      const text = a.body.pointer.slice(1).split('/').reduce((at: any, part: string) => at?.[part], act(caseOf(a), a.path.hash).fields)
      if (typeof text !== 'string') return missing()
      return { from: a.body.from ?? 'en', to: a.body.to, tool: 'Practice translator', kind: 'machine' as const, text: `‹${a.body.to}› ${text}` }
    },
    getDifference: (a) => {
      const of = caseOf(a)
      const [x, y] = [act(of, a.query.with!), act(of, a.path.hash)]
      const flat = (v: unknown, p = ''): [string, unknown][] => (v && typeof v === 'object' ? Object.entries(v).flatMap(([k, w]) => flat(w, `${p}/${k}`)) : [[p, v]])
      const [m, n] = [new Map(flat(x.fields)), new Map(flat(y.fields))]
      const shared = Object.keys(x.fields).filter((k) => k in y.fields)
      const pointers = [...new Set([...m.keys(), ...n.keys()])].filter((p) => shared.includes(p.split('/')[1]!))
      return { before: x.hash, after: y.hash, form: y.form ?? '', changes: pointers.filter((p) => m.get(p) !== n.get(p)).map((p): Api.Change => ({ pointer: p, kind: !m.has(p) ? 'added' : !n.has(p) ? 'removed' : 'changed', ...(m.has(p) ? { before: m.get(p) } : {}), ...(n.has(p) ? { after: n.get(p) } : {}) })) }
    },
    getLetter: pdf,
    getReceipt: pdf,
    getCustodyLetter: pdf,
    lookUpAct: (a) => {
      for (const of of world.cases.values()) {
        const i = of.acts.findIndex((x) => x.hash === a.body.hash)
        const found = of.acts[i]
        if (found) return { case: of.id, sequence: i + 1, act: found.act, hash: found.hash, performer: found.performer, performer_name: names[found.performer]!, admitted: found.at, proof: proof(of, i) }
      }
      return missing()
    },
    getJudgeView: (a) => {
      const of = caseOf(a)
      if (!me(a).roles.includes('judge')) missing()
      return { case: of.id, request: request(of).hash, procedure: of.procedure, reference: of.reference, ...(owed(of.state)[0] ? { due: owed(of.state)[0]!.due } : {}), requesting_name: names.arcadia!, office_name: offices['arcadia-cyber-unit']!.name, fields: request(of).fields, grid: request(of).fields.grid as Api.GridRow[], assessment: law.assess(pack, formOf(of), request(of).fields, 'XA', 'XB'), duplicates: [], earlier: [] }
    },
    getVerdict: (a) => { const of = caseOf(a); return { may: 'yes', office_name: offices['borealis-court']!.name, country: 'XB', under: 'Code of Criminal Procedure of Borealis, section 212', because: 'The office is in the directory for this category on the day of the order, its seal is good, and the order’s grid lies within what the judge of Arcadia authorised.', rule: 'findings F7, F8', source: 'law/procedures/mla.json; directory', directory: 7, ...(of.procedure === 'emergency' ? { callback: '+999 555 10100' } : {}) } },
    getManifest: (a) => {
      const items = manifest(caseOf(a), a.path.act)
      return { items, manifest_hash: digest(JSON.stringify(items)) }
    },
    getCustody: (a) => {
      const of = caseOf(a)
      const at = (name: string) => of.acts.find((x) => x.act === name)
      const gone = at('purge')
      return { case: of.id, holdings: (at('produce') ? manifest(of, 'produce') : []).flatMap(({ name, plain_sha256, cipher_sha256 }): Api.Holding[] => [
        { holder: 'borealis', name, plain_sha256, cipher_sha256, from: at('produce')!.at, under: at('produce')!.hash, ...(gone ? { destroyed: gone.at, destroyed_by: gone.hash } : {}) },
        ...(at('release') ? [{ holder: 'arcadia', name, plain_sha256, cipher_sha256: digest(`again ${cipher_sha256}`), from: at('release')!.at, under: at('release')!.hash }] : []),
      ]) }
    },
    getBundle: () => Buffer.from('a bundle'),

    listStaged: (a) => { caseOf(a); return { items: [...world.staged.values()].map((s) => s.of).filter((s) => s.case === a.path.case), chunk_bytes: 262_144 } },
    beginItem: (a) => { const token = randomBytes(12).toString('base64url'); const of: Api.StagedItem = { token, case: caseOf(a).id, ...a.body, received: 0 }; world.staged.set(token, { of, bytes: [] }); return of },
    getStaged: (a) => stagedOf(a).of,
    appendItem: (a) => {
      const s = stagedOf(a)
      if (Number(a.query.offset) !== s.of.received) throw new Refused(409, 'evidence_incomplete', { title: 'The offset is another', facts: String(s.of.received) })
      s.bytes.push(a.body as Buffer)
      s.of.received += (a.body as Buffer).length
      return { received: s.of.received }
    },
    dropItem: (a) => { stagedOf(a); world.staged.delete(a.path.token); return undefined },
    finishItem: (a) => {
      const s = stagedOf(a)
      const plain = createHash('sha256').update(Buffer.concat(s.bytes)).digest('base64url')
      s.of.item = { name: s.of.name, size: s.of.received, media_type: s.of.media_type, plain_sha256: plain, cipher_sha256: digest(`c${plain}`), envelope_sha256: digest(`e${plain}`), cell: s.of.cell }
      return { item: s.of.item }
    },
    resealItem: (a) => ({ item: resealed(manifest(caseOf(a), 'produce').find((i) => i.cipher_sha256 === a.body.item) ?? missing()) }),
    openItem: (a) => {
      const of = caseOf(a)
      const item = manifest(of, 'release').find((i) => i.cipher_sha256 === a.body.item) ?? missing()
      if (!of.acts.some((x) => x.act === 'open' && (x.fields.items as string[]).includes(item.cipher_sha256))) throw new Refused(409, 'evidence_locked', { title: 'No act of opening names the item' })
      const token = randomBytes(12).toString('base64url')
      openings.set(token, { bytes: contents.find((c) => sha(c) === item.plain_sha256) ?? Buffer.alloc(item.size), at: 0 })
      return { token, item }
    },
    readItem: (a) => {
      const of = openings.get(a.path.token) ?? missing()
      const piece = of.bytes.subarray(of.at, of.at + 262_144)
      of.at += piece.length
      return piece
    },

    listDeferrals: (a) => { me(a); return { items: [...world.cases.values()].slice(0, 6).map((of, i): Api.Deferral => ({ case: of.id, reference: of.reference, account: `account-${i + 1}@nimbus-mail.example`, ends: plus(now, `P${2 + i * 3}D`), by: 'District Court of Port Alder', text_ready: i % 3 !== 2 })) } },
    getOverview: (a) => {
      const who = me(a)
      const mine = visible(who).map((of) => item(of, who))
      return {
        figures: [{ id: 'open', value: mine.filter((i) => i.state === 'open').length, unit: 'count', query: 'state=open' }, { id: 'today', value: mine.filter((i) => i.next?.due && i.next.due > now && i.next.due < plus(now, 'PT15H')).length, unit: 'count', query: 'due=today' }, { id: 'late', value: mine.filter((i) => i.next?.due && i.next.due < now).length, unit: 'count', query: 'due=late' }, { id: 'on-time', value: 93, unit: 'percent' }, { id: 'median', value: 23, unit: 'days' }, { id: 'keys', value: 2, unit: 'count' }],
        by_age: { week: 21, month: 44, quarter: 9, longer: 3 }, returned: { missing: 11, unclear: 6, insufficient: 4, translation: 3 }, extraordinary: { used: 4, ceiling: 20 },
        drill: { due: false, drilled: '2026-11-23T16:04:00Z', backup: '2026-11-22T22:00:00Z', took: 48000, leaves: 81234, cases: 4120 },
        refused: {
          this_week: { from: '2026-11-23T00:00:00Z', times: 3, lines: [{ participant: 'cordia', participant_name: names.cordia!, code: 'office_not_competent', rule: 'The office must have been competent for that role on that day', times: 2 }, { participant: 'borealis', participant_name: names.borealis!, code: 'law_pack_other', rule: 'Both sides apply the same law pack', times: 1 }] },
          last_week: { from: '2026-11-16T00:00:00Z', times: 0, lines: [] },
        },
        stuck: mine.filter((i) => i.stuck),
      }
    },
    takeDownDrill: (a) => { me(a); return { due: false, drilled: now, backup: '2026-11-23T22:00:00Z', took: 51000, leaves: 81300, cases: 4121 } },
    listPartners: (a) => { me(a); return { items: participants().filter((p) => p.id !== 'arcadia').map((p): Api.Partner => ({ id: p.id, name: p.name, country: p.country!, kind: p.kind, ...(p.id === 'cordia' ? { state: 'unreachable' as const, cause: 'The name cordia.example does not resolve.', since: '2026-11-24T06:02:00Z' } : { state: 'reachable' as const, last_contact: '2026-11-24T09:29:00Z' }), waiting: p.id === 'cordia' ? 14 : 0 })) } },
    testPartner: (a) => {
      me(a)
      const down = a.path.participant === 'cordia'
      const steps = ['name', 'connect', 'certificate', 'directory', 'law-pack', 'clock', 'receipt'] as const
      return { partner: a.path.participant, at: now, passed: !down, steps: steps.map((step, i) => ({ step, outcome: down ? (i ? ('skipped' as const) : ('failed' as const)) : ('passed' as const), detail: down && !i ? 'cordia.example does not resolve' : '' })) }
    },
    listOutbox: (a) => { me(a); return page(world.outbox, a) },
    resend: (a) => { me(a); world.outbox = world.outbox.map((r) => (String(r.id) === a.path.id ? { ...r, next_try: now } : r)); return undefined },
    getDirectory: (a) => { me(a); return { version: 7, valid_until: '2027-01-01T00:00:00Z', signed_by: ['arcadia', 'borealis', 'cordia'], threshold: 2, participants: participants() } },
    listKeys: (a) => {
      me(a)
      const line = (id: string, what: Api.Key['what'], owner: string, not_after: string, state: Api.Key['state']): Api.Key => ({ id, what, owner, owner_name: names[owner]!, not_after, state, fingerprint: digest(id) })
      return { items: [line('1', 'tls', 'arcadia', '2026-12-03T00:00:00Z', 'soon'), line('2', 'seal', 'arcadia', '2027-06-30T00:00:00Z', 'good'), line('3', 'sealing', 'arcadia', '2027-05-01T00:00:00Z', 'good'), line('4', 'record', 'arcadia', '2028-01-01T00:00:00Z', 'good'), line('5', 'tls', 'cordia', '2026-11-20T00:00:00Z', 'ended'), line('6', 'seal', 'petrel', '2026-12-20T00:00:00Z', 'revoked')] }
    },
    getStatistics: (a) => { me(a); return { rows: ['2026-10', '2026-09', '2026-08'].flatMap((month, m) => (['subscriber', 'access', 'content'] as const).map((category, i): Api.StatisticRow => ({ month, partner: 'borealis', partner_name: names.borealis!, procedure: 'mla', category, received: 3 + i, sent: 24 - 6 * i - m, refused: i, median_days: 19 + 4 * i, on_time: 96 - 3 * i }))) } },
    listPeople: (a) => { const mine = participantOf(me(a)); return { items: people.filter((p) => participantOf(p) === mine).map(person) } },
    endPerson: (a) => { me(a); world.ended.add(a.path.entry); return undefined },
    endPasskey: (a) => { me(a); return undefined },
    listInvitations: (a) => { me(a); return { items: world.invitations } },
    invite: (a) => {
      const made: Api.Invitation = { id: `i-${world.next()}`, ...a.body, office_name: offices[a.body.office]?.name ?? '', state: 'invited', invited_by: called(me(a)), expires: plus(now, 'P3D') }
      world.invitations.push(made)
      return { ...made, link: `http://localhost/enrol#${made.id}` }
    },
    withdrawInvitation: (a) => { invitation(a.path.id); world.invitations = world.invitations.filter((x) => x.id !== a.path.id); return undefined },
    prepareApproval: (a) => {
      const i = invitation(a.path.id)
      const who = me(a)
      const others = people.filter((p) => participantOf(p) === participantOf(who) && p.person !== who.person && p.person !== i.person && p.roles.includes('administrator')).map(called)
      const second = i.waits_for?.person === who.person
      const entry = (purpose: string) => Buffer.from(JSON.stringify({ comity: 'roll/1', person: i.person, office: i.office, roles: i.roles, purpose, valid_until: i.valid_until, trained_until: i.trained_until })).toString('base64url')
      return {
        invitation: i, label: 'Security key', key_code: 'QK7M-2ZPA-XL4C', second, with: second ? i.approved_by! : others.find((o) => o.person === a.query.with) ?? others[0] ?? missing(), others: second ? [] : others,
        entries: (['sign-in', 'sign'] as const).map((purpose) => ({ purpose, entry: entry(purpose), passkey: passkey(digest(`${i.id} ${purpose}`)) })),
      }
    },
    approve: (a) => {
      const i = invitation(a.path.id)
      const who = me(a)
      if (i.approved_by?.person === who.person) throw new Refused(422, 'roll_two_people', { title: 'The enrolment was not accepted' })
      if (i.state === 'approved-once') { i.state = 'enrolled'; delete i.waits_for } else { i.state = 'approved-once'; i.approved_by = called(who); i.waits_for = called(people.find((p) => p.person === a.body.with) ?? missing()) }
      return i
    },
    enrolmentOptions: (a) => {
      const i = invited(a.body.token)
      // Reached as sign.HOST, both relying parties can be used; as localhost, only one.
      const host = (a.host ?? '').replace(/:\d+$/, '')
      const rp = host.startsWith('sign.') ? [host.slice(5), host] : ['localhost', 'localhost']
      const keys = (['sign-in', 'sign'] as const).map((purpose, n): Api.KeyToMake => ({ purpose, rp_id: rp[n]!, challenge: randomBytes(32).toString('base64url'), exclude: [] }))
      world.visits.set(i.id, keys)
      return { person: i.person, name: i.name, office_name: i.office_name, roles: i.roles, expires: i.expires, rp_name: 'Comity', user: digest(i.person), keys, timeout_ms: 600_000 }
    },
    registerPasskey: (a) => {
      const i = invited(a.body.token)
      const keys = world.visits.get(i.id) ?? missing()
      world.visits.delete(i.id)
      keys.forEach((key, n) => {
        const made = (a.body.attestations as Api.Attestation[])[n]!
        const client = JSON.parse(Buffer.from(made.client_data, 'base64url').toString())
        const hash = createHash('sha256').update(key.rp_id).digest()
        if (client.challenge !== key.challenge) throw new Refused(422, 'approval_challenge', { title: 'The approval was not accepted' })
        if (!Buffer.from(made.attestation_object, 'base64url').includes(hash)) throw new Refused(422, 'approval_origin', { title: 'The approval was not accepted' })
      })
      i.state = 'key-registered'
      return { key_code: 'QK7M-2ZPA-XL4C', founding: false }
    },

    listQuestions: (a) => { me(a); return { items: questions } },
    saveQuestion: (a) => { me(a); questions.push(a.body); return a.body },
    askQuestion: (a) => {
      const q = questions.find((x) => x.id === a.path.id) ?? missing()
      const found = visible(me(a)).filter((of) => (!q.query.procedure || of.procedure === q.query.procedure) && (!q.query.category || of.category === q.query.category)).slice(0, 12)
      return { question: q.id, checkpoint_size: 18500, asked: now, items: found.map((of) => ({ case: of.id, reference: of.reference, why: 'The judge’s decision came after the deadline.', at: of.acts.at(-1)!.at, holder_name: names[keeper(of)]! })) }
    },
    listSamples: (a) => { const who = me(a); return { items: world.samples.map((s) => ({ ...s, cases: s.drawn ? visible(who).slice(2, 2 + Math.min(s.size, 5)).map((of) => item(of, who)) : [] })) } },
    drawSample: (a) => { me(a); const s: Api.Sample = { id: `s-${world.next()}`, ...a.body, asked: now, cases: [] }; world.samples.unshift(s); return s },
    listAlarms: (a) => {
      me(a)
      const all: Api.Alarm[] = [
        { id: 'a1', at: '2026-11-24T07:10:00Z', kind: 'dwell', grade: 'watch', title: 'District Court of Port Alder: median of approvals is six seconds', facts: '41 approvals since 17 November; half of them within six seconds of opening the page.', seen: false },
        { id: 'a2', at: '2026-11-23T22:00:00Z', kind: 'notice-overdue', grade: 'act', title: 'A notice is overdue by 5 days', facts: 'Owed by the requesting country; no deferral is in force.', case: [...world.cases.keys()][3]!, seen: false },
        { id: 'a3', at: '2026-11-21T12:00:00Z', kind: 'ceiling', grade: 'watch', title: 'Extraordinary mechanism at 80 % of its ceiling', facts: '16 of 20 this quarter.', seen: true },
      ]
      return page(all.map((x) => ({ ...x, seen: x.seen || world.alarmsSeen.has(x.id) })), a)
    },
    seeAlarm: (a) => { me(a); world.alarmsSeen.add(a.path.id); return undefined },
    listLooks: (a) => { me(a); return { items: [{ at: '2026-11-24T08:40:00Z', person: 'goran', person_name: 'Goran Petrov', office: 'Inspectorate', what: 'question', purpose: 'Extraordinary cases without a judge within 48 hours' }, { at: '2026-11-20T09:01:00Z', person: 'goran', person_name: 'Goran Petrov', office: 'Inspectorate', what: 'case', case: [...world.cases.keys()][3]!, purpose: 'Sample s-1' }] } },

    listCountries: (a) => { a.tag = `"${pack.digest}"`; return law.countries(pack) },
    getVocabulary: () => {
      const items: string[] = (pack.forms.request!.properties!.data_items!.items as any).enum ?? (world.example('request', 'request').data_items as string[])
      const titled = (list: any[]) => list.map((one) => ({ id: one.id, title: law.names(one, 'title') }))
      const treaties = pack.bilateral.map((one) => ({ id: `bilateral-${[one.a, one.b].sort().join('-')}`.toLowerCase(), title: law.names(one, 'title'), between: [one.a, one.b].sort() }))
      return { offences: titled(pack.offences), categories: titled(pack.categories), instruments: [...titled(pack.instruments), ...treaties], procedures: Object.values(world.procedures).map((p) => ({ id: p.id, title: p.title })), data_items: [...new Set([...items, 'content_messages', 'recovery_addresses'])].map((id) => ({ id, title: { en: id.replace(/_/g, ' ') } })) }
    },
    getForm: (a) => (pack.forms[a.path.form] as unknown as Api.Form | undefined) ?? missing(),
    getProcedure: (a) => (world.procedures[a.path.procedure] as unknown as Api.Procedure | undefined) ?? missing(),
    getTreatment: (a) => law.treatment(pack, a.query.requesting!, a.query.requested!, (a.query.category as Api.Category) ?? 'subscriber'),
    listGaps: (a) => { const all = law.gaps(pack, a.query.country ?? null); return { law_pack: pack.digest, total: all.length, ...page(all, a) } },
    getLinks: (a) => law.links(pack, a.path.country),
    listDoors: (a) => ({ items: law.doors(pack, a.language ?? 'en') }),

    listOverdue: () => ({ checkpoint_size: 18500, at: now, items: [{ country: 'XA', country_name: 'Arcadia', duty: 'notice', count: 2, oldest: '2026-11-19', commitment: digest('overdue XA') }, { country: 'XC', country_name: 'Cordia', duty: 'deletion', count: 1, oldest: '2026-11-22', commitment: digest('overdue XC') }] }),
    getBuild: () => ({ version: '0.1.0', platform: 'linux-x86_64', program: 'c0'.repeat(32), law: digest('law'), pages: '7e'.repeat(32), state: 'released', release: { version: '0.1.0', source: '5d41402abc4b2a76b9719d911017c592ae2b3c4d', signers: ['releases.example/lena', 'releases.example/viktor'], log: 'releases.example', index: 41, size: 42, witnesses: 2, proof: 'c2sp.org/tlog-proof@v1\n' } }),
    listReports: (a) => page([report('2026-Q3', 1, 5), report('2026-Q2', 0.9, 4), report('2026-Q1', 0.82, 3), report('2025-Q4', 0.7, 2)], a),
    lookUpNotice: (a) => (a.body.code === code ? notice() : missing()),
    downloadNotice: (a) => (a.body.code === code ? Buffer.from('a bundle') : missing()),
    challenge: (a) => {
      if (a.body.code !== code || world.challenged.has(code)) missing()
      world.challenged.add(code)
      return { received: now, court: 'District Court of Port Alder', number: 'CH-2026-0071', ruling_due: '2026-12-24T00:00:00Z', receipt: digest('challenge'), filing: '{}', carried: true }
    },
    getOpenapi: () => ({}) as Record<string, unknown>,
  }
}

export { operations }
export type { Fields }
