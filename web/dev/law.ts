// Law without a case for the development server, from the law pack's own files.
import type { Assessment, Category, Connection, Countries, Door, Finding, Gap, GridRow, SelectorLine, Treatment } from '../api/types.ts'
import { check, type Fields, type Schema } from '../src/lib/schema.ts'

export interface Pack {
  countries: any[]
  instruments: any[]
  bilateral: any[]
  authorities: any[]
  offences: any[]
  categories: any[]
  volumes: any
  profiles: Record<string, any>
  forms: Record<string, Schema>
  digest: string
}

const invented = ['XA', 'XB', 'XC']

/** What a record of the law pack is called. */
export const names = (record: any, name: string) => ({ en: record[`${name}_en`] ?? record[name], fr: record[`${name}_fr`], ar: record[`${name}_ar`] })

export function binding(pack: Pack, a: string, b: string): { id: string; title: any; articles: string[]; since?: string; source: string; confidence: string; scope: string; reservations: { text: string; english?: string[] }[] }[] {
  if (invented.includes(a) && invented.includes(b) && (a + b).match(/XAXB|XBXA/))
    return [{ id: 'xa-xb-mlat-2011', title: names(pack.instruments.find((i) => i.id === 'xa-xb-mlat-2011'), 'title'), articles: ['3', '7', '12'], since: '2012-05-01', source: 'invented, for practice', confidence: 'found', scope: 'general', reservations: [] }]
  const out: ReturnType<typeof binding> = []
  for (const i of pack.instruments) {
    if (!i.legal_basis_for_requests || !i.in_force) continue
    const of = (c: string) => i.parties?.find((p: any) => p.country === c && p.in_force_for_it)
    if (!of(a) || !of(b) || (i.hub_country && i.hub_country !== a && i.hub_country !== b)) continue
    out.push({ id: i.id, title: names(i, 'title'), articles: [], since: [of(a).in_force_for_it, of(b).in_force_for_it].sort()[1], source: String(i.source), confidence: 'found', scope: i.scope, reservations: (i.reservations ?? []).filter((r: any) => r.country === a || r.country === b).map((r: any) => ({ text: `${r.country}: ${r.effect}`, english: [String(r.effect)] })).slice(0, 3) })
  }
  for (const t of pack.bilateral)
    if (t.status === 'in_force' && ((t.a === a && t.b === b) || (t.a === b && t.b === a)) && !t.territory)
      out.push({ id: `bilateral-${[a, b].sort().join('-')}`.toLowerCase(), title: names(t, 'title'), articles: [], since: t.in_force ?? undefined, source: String(t.source), confidence: t.confidence, scope: 'general', reservations: [] })
  return out
}

const general = (pack: Pack, a: string, b: string): boolean => binding(pack, a, b).some((i) => i.scope !== 'offence_limited' && i.scope !== 'human_rights')

const cache = new Map<string, string[]>()
function partners(pack: Pack, a: string): string[] {
  let found = cache.get(a)
  if (!found) cache.set(a, (found = codes(pack).filter((b) => b !== a && general(pack, a, b))))
  return found
}
const codes = (pack: Pack): string[] => [...new Set([...pack.countries.map((c) => c.alpha2), ...invented])]

export function countries(pack: Pack): Countries {
  const all = codes(pack)
  return {
    law_pack: pack.digest,
    items: all.map((code) => {
      const c = pack.countries.find((x) => x.alpha2 === code)
      const n = partners(pack, code).length
      return { code, name: names(c, 'name'), instruments: n, gaps: all.length - 1 - n, participates: invented.includes(code), profile: !!pack.profiles[code.toLowerCase()] }
    }),
  }
}

export const links = (pack: Pack, code: string) => ({ country: code, with: partners(pack, code).map((c) => ({ country: c, instruments: binding(pack, code, c).map((i) => i.id) })) })

export function gaps(pack: Pack, country: string | null): Gap[] {
  const demand = (code: string) => ['US', 'IE', 'GB', 'IN', 'BR', 'DE', 'FR', 'KE', 'ID', 'NG', 'PK'].indexOf(code)
  const seats = country ? [country] : ['US', 'IE']
  return seats.flatMap((a) => codes(pack).filter((b) => b !== a && !invented.includes(b) && !partners(pack, a).includes(b)).map((b): Gap => ({ a, b, ...(demand(b) >= 0 ? { demand: 900 - 70 * demand(b), period: 'H1 2022' } : {}), nearest: 'comity or reciprocity' })))
    .sort((x, y) => (y.demand ?? -1) - (x.demand ?? -1) || x.b.localeCompare(y.b))
}

export const doors = (pack: Pack, language: string): Door[] => pack.authorities.map((a): Door => {
  const said = (name: string): string | undefined => a[language === 'en' ? name : `${name}_${language}`] ?? undefined
  const [unit, channel, always] = [said('unit'), said('channel'), said('contact_24_7')]
  const node = { XA: 'arcadia', XB: 'borealis', XC: 'cordia' }[a.country as string]
  return { country: a.country, authority: said('authority')!, ...(unit ? { unit } : {}), languages: a.languages, ...(channel ? { channel } : {}), ...(always ? { contact_24_7: always } : {}), ...(node ? { participant: node } : {}), source: String(a.source), confidence: a.confidence }
})

export function treatment(pack: Pack, requesting: string, requested: string, category: Category): Treatment {
  const found = binding(pack, requesting, requested).filter((i) => i.scope !== 'human_rights')
  const profile = pack.profiles[requested.toLowerCase()]
  const of = profile?.categories?.[category]
  const text = (t: string | undefined, source: string, confidence = 'found') => (t ? [{ text: t, source, confidence: confidence as 'found' }] : [])
  const article = (list: string[] | undefined) => (list ?? []).join('; ') || 'profile'
  return {
    requesting, requested, category, date: '2026-11-24', law_pack: pack.digest,
    instruments: found.map(({ id, title, articles, since, source, confidence, scope, reservations }) => ({ id, title, articles, ...(since ? { since } : {}), covers: scope !== 'offence_limited', reservations, source, confidence })),
    ...(found.length ? {} : { without: 'Only comity or reciprocity can serve; nobody is obliged to answer.' }),
    who_asks: text('The central authority of the country that asks, to the central authority of the other.', 'docs/procedures.md, mla'),
    who_approves: [...text('An independent court in the country that asks, for this one request.', 'floor, F7'), ...text(of?.standard?.plain, article(of?.articles), of?.confidence)],
    seriousness: text(of && (of.minimum_penalty_months ? `An offence punishable by at least ${of.minimum_penalty_months} months.` : 'No minimum penalty.'), article(of?.articles), of?.confidence),
    dual_criminality: text(found.length ? 'May be required; see the instrument.' : undefined, 'instrument'),
    refusal: text('Political offence, essential interests, earlier final decision, death penalty without an assurance, privilege and press.', 'instruments; docs/law.md'),
    languages: text(profile?.languages_accepted?.languages?.join(', '), article(profile?.languages_accepted?.articles), profile?.languages_accepted?.confidence),
    clocks: text('Acknowledged within 2 days, accepted or refused within 30, ordered within 10, produced within 10.', 'law/procedures/mla.json'),
    notice: text('The person is told within 30 days of production; only a judge defers it, to a date, at most 180 days each time.', 'law/procedures/mla.json'),
    kept: text('Until the date in the request, at most five years; then deleted, with a signed statement.', 'law/procedures/mla.json'),
    remedy: text('A challenge with the code of the notice; while it is pending nobody may open the data.', 'law/procedures/mla.json'),
  }
}

const personal = ['data_subject', 'victim_or_harm', 'conduct']

export function connection(fields: Fields, requesting: string, requested: string): Connection {
  const facts = (fields.connection as any[] | undefined)?.filter((f) => f?.country && f?.factor) ?? []
  const all = [...new Set([requesting, requested, ...facts.map((f) => f.country)])]
  const rows = all.map((code) => {
    const cells: Record<string, any[]> = {}
    facts.forEach((f, i) => f.country === code && (cells[f.factor] ??= []).push({ standing: f.standing ?? 'unknown', text: f.evidence ?? '', where: `/connection/${i}` }))
    const has = (factor: string, ...standings: string[]) => cells[factor]?.some((f) => standings.includes(f.standing)) ?? false
    const documented = personal.filter((f) => has(f, 'documented'))
    const any = Object.keys(cells).filter((f) => has(f, 'documented', 'stated'))
    const demonstrated = documented.some((f) => any.some((g) => g !== f))
    const partial = personal.some((f) => has(f, 'documented', 'stated'))
    const conclusion = demonstrated ? ('demonstrated' as const) : partial ? ('partial' as const) : ('not_shown' as const)
    return { country: code, cells, conclusion, reason: demonstrated ? 'A documented personal factor, and another beside it.' : partial ? 'One personal factor, or only stated ones.' : 'Location of data and of the holder are never enough.' }
  })
  const first = rows[0]!
  return { rows, concerned: rows.slice(2).filter((r) => r.conclusion !== 'not_shown').map((r) => ({ country: r.country, why: 'the person may reside there', person: true })), conclusion: first.conclusion, sentence: `${first.country}: ${first.reason}` }
}

export function assess(pack: Pack, form: string, fields: Fields, requesting: string, requested: string): Assessment {
  const schema = pack.forms[form]!
  const faults = check(schema, fields)
  const about = (...names: string[]) => faults.filter((f) => names.includes(f.pointer.split('/')[1]!))
  const tie = connection(fields, requesting, requested)
  const make = (test: string, bad: unknown, because: string, source: string, mend: string, fieldsOf: string[], person = false): Finding =>
    ({ test, outcome: bad ? 'not_met' : person ? 'needs_a_person' : 'met', because, source, mend, fields: fieldsOf })
  const grid = (fields.grid as GridRow[] | undefined) ?? []
  const findings: Finding[] = [
    make('F1', faults.length, faults.length ? `${faults.length} fields of the form are open or mistyped.` : 'The form is whole.', `law/forms/${form}.json`, 'Fill in what is open.', [faults[0]?.pointer ?? '/facts']),
    make('F2', !(fields.instrument as any)?.basis, (fields.instrument as any)?.id ? `Relied on: ${(fields.instrument as any).id}, in force for both.` : 'No instrument is named.', 'docs/law.md, Instruments', 'Name the instrument and its articles.', ['/instrument']),
    make('F3', about('offences').length, 'The conduct, in neutral terms, is an offence in both countries’ lists.', 'instrument, art. 7', 'Describe the conduct without legal terms.', ['/offences', '/conduct'], true),
    make('F4', about('special_circumstances').length, 'No ground is declared; whether one exists is for a person.', 'Budapest Convention, art. 27(4)', 'Answer each ground.', ['/special_circumstances'], true),
    make('F5', !(fields.offences as any[])?.[0]?.max_penalty_months, `Maximum penalty ${(fields.offences as any[])?.[0]?.max_penalty_months ?? 'unknown'} months; threshold 36.`, 'law/floor.json', 'State the maximum penalty.', ['/offences']),
    { test: 'F6', outcome: tie.conclusion === 'demonstrated' ? 'met' : tie.conclusion === 'partial' ? 'needs_a_person' : 'not_met', because: tie.sentence, source: 'docs/law.md, Connection', mend: 'Document where the victim, the harm or the conduct is.', fields: ['/connection'] },
    make('F7', about('competence', 'issuing_authority').length, 'The authority and the court share no person.', 'floor', 'Name the power.', ['/competence']),
    make('F8', !grid.length, grid.length ? `${grid.length} rows; each names one account or address and a bounded period.` : 'Nothing is asked for.', 'floor, F8', 'Add the selectors.', ['/grid']),
    make('F9', about('principles', 'less_intrusive').length, 'The thirteen principles are answered; necessity is for the judge.', 'Necessary and Proportionate, 1–13', 'Answer each principle for this request.', ['/principles']),
    make('F10', about('notice_plan', 'remedy').length, 'A notice plan with an end date, a court and a time limit.', 'floor, F10', 'Give court, address and time limit.', ['/notice_plan', '/remedy']),
    make('F11', !fields.retention_end, 'An end date within five years.', 'floor, F11', 'Set the end date.', ['/retention_end']),
    make('F12', about('language').length, 'The receiving country accepts English and French.', 'profile', 'Add a translation.', ['/language']),
    make('F13', false, 'The office’s sealing key is in the directory and valid.', 'directory', '', ['/recipient']),
  ]
  return { law_pack: pack.digest, date: '2026-11-24', errors: faults.map((f) => ({ pointer: f.pointer, code: f.code, message: f.code })), findings, connection: tie, instruments: binding(pack, requesting, requested).map((i) => i.id), duplicates: [] }
}

export function selectors(text: string): SelectorLine[] {
  const problem = (title: string, remedy: string) => ({ type: 'about:blank', title, status: 422, code: 'selector_malformed', detail: title, remedy })
  return text.split('\n').map((line, i) => ({ text: line.trim(), line: i + 1 })).filter((l) => l.text).map(({ text, line }): SelectorLine => {
    const [value = '', ...rest] = text.split(/\s+/)
    if (/[*?%]/.test(text)) return { line, text, problem: problem('A selector names one account; there are no wildcards.', 'Name each account on a line of its own.') }
    if (/^\d{1,3}(\.\d{1,3}){3}$/.test(value)) {
      if (value.split('.').some((p) => Number(p) > 255)) return { line, text, problem: problem('This is no IPv4 address.', 'Each part lies between 0 and 255.') }
      const port = rest.find((r) => /^\d{1,5}$/.test(r))
      const time = rest.filter((r) => r !== port).join('T')
      if (!time) return { line, text, problem: problem('An address needs the time it was seen.', 'Add it: 2026-02-11T16:06:31+02:00') }
      if (!/(Z|[+-]\d{2}:\d{2})$/.test(time)) return { line, text, problem: problem('The time has no zone.', 'Add Z, or an offset such as +02:00.') }
      if (Number.isNaN(Date.parse(time))) return { line, text, problem: problem('This is no time.', 'Write 2026-02-11T16:06:31+02:00') }
      return { line, text, selector: { type: 'ipv4', value, ...(port ? { port: Number(port) } : {}), seen_at: new Date(time).toISOString().replace('.000', '') } }
    }
    if (/^\+\d+$/.test(value)) return /^\+[1-9]\d{6,14}$/.test(value) ? { line, text, selector: { type: 'phone', value } } : { line, text, problem: problem('This is no E.164 number.', 'A plus, the country code, the number.') }
    if (value.includes('@')) return /^[^\s@<>]+@[^\s@<>.]+(\.[^\s@<>.]+)+$/.test(value) ? { line, text, selector: { type: 'email', value } } : { line, text, problem: problem('This is no e-mail address.', 'Write name@host.') }
    if (/^https?:\/\//.test(value)) return { line, text, selector: { type: 'url', value } }
    if (/^([a-z0-9-]+\.)+[a-z]{2,}$/i.test(value)) return { line, text, selector: { type: 'domain', value } }
    return { line, text, problem: problem('It is not clear what this names.', 'Give an e-mail address, a number with +, an IP address with its time, a domain or a web address.') }
  })
}
