// English, French and Arabic are complete: each key in each language, each plural form that the
// language has, the same values; and every text that the pages ask for is there.
import { test } from 'node:test'
import assert from 'node:assert/strict'
import { readFileSync, readdirSync, statSync } from 'node:fs'
import { fill } from '../../src/lib/i18n.ts'
import { web } from '../support/places.ts'

interface Line { key: string; where: string; en: string; fr: string; ar: string }
const { lines, longer, formTexts, countries, catalogues } = (await import(web('texts/read.mjs'))) as { lines: () => Line[]; longer: (text: string) => string; formTexts: () => Record<string, string>; countries: () => Line[]; catalogues: () => Record<string, Record<string, string>> }
const all = lines()
const keys = new Set(all.map((line) => line.key))
const languages = ['en', 'fr', 'ar'] as const

const values = (text: string): string => [...text.matchAll(/\{(\w+)/g)].map((m) => m[1]).sort().filter((v, i, list) => list.indexOf(v) === i).join()
const forms = (text: string): { name: string; given: string[] }[] =>
  [...text.matchAll(/\{(\w+): ([^}]*)\}/g)].map((m) => ({ name: m[1]!, given: m[2]!.split(';').map((f) => f.trim().split(' ')[0]!) }))

function sources(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = `${folder}/${name}`
    return statSync(path).isDirectory() ? sources(path) : /\.tsx?$/.test(name) ? [readFileSync(path, 'utf8')] : []
  })
}
const code = sources(web('src'))

export function wrong(line: Line): string[] {
  const out: string[] = []
  for (const language of languages) {
    const text = line[language]
    if (!text) out.push(`${line.where}: no text in ${language}`)
    if (values(text) !== values(line.en)) out.push(`${line.where}: ${language} has other values than en`)
    const categories = new Intl.PluralRules(language).resolvedOptions().pluralCategories
    for (const { name, given } of forms(text)) {
      for (const category of categories) if (!given.includes(category)) out.push(`${line.where}: ${language} lacks the form ${category} of ${name}`)
      for (const form of given) if (!(categories as string[]).includes(form)) out.push(`${line.where}: ${language} has no form ${form}`)
    }
  }
  if (line.ar && !/[\u0600-\u06ff{]/.test(line.ar) && line.ar !== line.en) out.push(`${line.where}: the Arabic is not Arabic`)
  return out
}

test('Every text stands in English, French and Arabic, with every plural form and the same values', () => {
  assert.ok(all.length > 500)
  assert.deepEqual(all.flatMap(wrong), [])
})

test('The check sees a missing form, a missing value and an untranslated text', () => {
  const good: Line = { key: 'k', where: 'w', en: '{n: one # day; other # days}', fr: '{n: one # jour; other # jours; many # jours}', ar: '{n: zero # يوم; one يوم; two يومان; few # أيام; many # يومًا; other # يوم}' }
  assert.deepEqual(wrong(good), [])
  assert.ok(wrong({ ...good, ar: '{n: one يوم; other # يوم}' }).some((w) => w.includes('lacks the form few')))
  assert.ok(wrong({ ...good, fr: 'jours' }).some((w) => w.includes('other values')))
  assert.ok(wrong({ ...good, en: 'Save', fr: 'Enregistrer', ar: 'Save it' }).some((w) => w.includes('not Arabic')))
})

test('No key stands twice', () => {
  assert.equal(keys.size, all.length, all.map((l) => l.key).filter((k, i, list) => list.indexOf(k) !== i).join(', '))
})

test('Every text that the pages ask for by name is there', () => {
  const asked = code.flatMap((text) => [...text.matchAll(/\bt\(\s*'([^']+)'/g)].map((m) => m[1]!))
  assert.ok(asked.length > 300)
  assert.deepEqual([...new Set(asked)].filter((key) => !keys.has(key)), [])
})

test('Every text that the pages put together has at least one member, and no text is left over', () => {
  const families = code.flatMap((text) => [...text.matchAll(/\bt\([^`'\n]*`([^`$]*)\$\{/g), ...text.matchAll(/`([\w.-]+\.)\$\{/g)].map((m) => m[1]!)).filter(Boolean)
  const plain = new Set(code.flatMap((text) => [...text.matchAll(/'([^'\n]*)'/g)].map((m) => m[1]!)))
  for (const family of new Set(families.filter((f) => /^[a-z-]+\./.test(f)))) assert.ok([...keys, ...countries().map((c) => c.key)].some((key) => key.startsWith(family)), family)
  const left = [...keys].filter((key) => !plain.has(key) && !families.some((family) => key.startsWith(family)))
  assert.deepEqual(left, [])
})

test('Acts, roles, sides and findings of the law pack have names and sentences', () => {
  for (const name of ['mla', 'emergency', 'extraordinary']) {
    const file = JSON.parse(readFileSync(web(`../law/procedures/${name}.json`), 'utf8'))
    assert.ok(keys.has(`procedure.${name}`))
    for (const [act, line] of Object.entries<any>(file.acts)) {
      assert.ok(keys.has(`act.${act}`), act)
      assert.ok(keys.has(`say.${act}`), act)
      assert.ok(keys.has(`side.${line.side}`), line.side)
      if (line.role) assert.ok(keys.has(`role.${line.role}`), line.role)
    }
  }
  for (let i = 1; i <= 13; i++) assert.ok(keys.has(`test.F${i}`))
  for (let i = 1; i <= 5; i++) assert.ok(keys.has(`test.E${i}`))
})

test('The forms of the law pack can be read in Arabic, each text of them', () => {
  const wanted = new Set<string>()
  const walk = (value: any): void => {
    if (!value || typeof value !== 'object') return
    for (const name of ['x-title', 'x-help']) if (value[name]?.en) wanted.add(value[name].en)
    for (const label of Object.values<any>(value['x-labels'] ?? {})) wanted.add(label.en)
    Object.values(value).forEach(walk)
  }
  for (const name of readdirSync(web('../law/forms'))) walk(JSON.parse(readFileSync(web(`../law/forms/${name}`), 'utf8')))
  const known = formTexts()
  const missing = [...wanted].filter((text) => !(text in known) && !/^[FE]\d+$/.test(text))
  assert.ok(wanted.size > 600)
  assert.deepEqual(missing, [], 'texts of the forms without Arabic; add them to texts/forms.ar')
  for (const arabic of Object.values(known)) assert.ok(/[\u0600-\u06ff]/.test(arabic) || arabic === 'SHA-256', arabic)
})

test('Every name of the law data stands in English, French and Arabic, and the pages call a country as their node does', () => {
  const records = (file: string): any[] => JSON.parse(readFileSync(web(`../law/${file}.json`), 'utf8')).records
  const named = (file: string, ...members: string[]): Line[] =>
    records(file).flatMap((r, i) => members.filter((name) => r[name] ?? r[`${name}_en`]).map((name) => ({ key: `${file}.${i}.${name}`, where: `law/${file}.json, ${r.id ?? r.alpha2 ?? r.country ?? i}`, en: r[`${name}_en`] ?? r[name], fr: r[`${name}_fr`], ar: r[`${name}_ar`] })))
  const names = [
    ...named('countries', 'name'), ...named('instruments', 'title'), ...named('bilateral_mlats', 'title'), ...named('offences', 'title'), ...named('data_categories', 'title'),
    ...named('standards', 'name'), ...named('central_authorities', 'authority', 'unit', 'channel', 'contact_24_7'),
  ]
  assert.ok(names.length > 800)
  assert.deepEqual(names.flatMap(wrong), [])
  // The same name for two countries would be one that nobody can choose by.
  for (const language of languages) assert.equal(new Set(countries().map((c) => c[language])).size, records('countries').length)
  const catalogue = catalogues()
  for (const r of records('countries')) for (const language of languages) assert.equal(catalogue[language]![`country.${r.alpha2}`], r[`name_${language}`])
})

test('Words of the law data that are translated are words of the law data', () => {
  const said = new Set<string>()
  const walk = (value: unknown): void => {
    if (typeof value === 'string') said.add(value)
    else if (value && typeof value === 'object') Object.values(value).forEach(walk)
  }
  for (const file of ['instruments.json', 'bilateral_mlats.json', 'offences.json', 'floor.json', ...readdirSync(web('../law/profiles')).filter((n) => n.endsWith('.json')).map((n) => `profiles/${n}`)]) walk(JSON.parse(readFileSync(web(`../law/${file}`), 'utf8')))
  // What stands for the articles of an instrument that nobody read.
  for (const [, words] of readFileSync(web('../src/law/instrument.cpp'), 'utf8').matchAll(/provides\.\w+ = "([^"]+)";/g)) said.add(words!)
  const rows = readFileSync(web('../texts/notes.txt'), 'utf8').split('\n').filter((line) => line.startsWith('note.')).map((line) => line.split(' | '))
  assert.ok(rows.length > 370)
  assert.deepEqual(rows.filter(([, english]) => !said.has(english!)).map(([key]) => key), [])
})

test('The sentences are those of the node', () => {
  const rows = readFileSync(web('../texts/sentences.txt'), 'utf8').split('\n').filter((line) => line.startsWith('sentence.'))
  assert.ok(rows.length > 40)
  for (const row of rows) {
    const [key, ...said] = row.split(' | ')
    const act = key!.slice('sentence.'.length)
    const line = all.find((l) => l.key === `say.${act}`)
    assert.ok(line, act)
    assert.deepEqual([line.en, line.fr, line.ar].map((text) => text.replace(/’/g, "'")), said.map((text) => `${text.replace('{}', '{who}')}.`.replace(/’/g, "'")), act)
  }
})

test('Everything that the contract can say in one word has a text', () => {
  const api = JSON.parse(readFileSync(web('api/openapi.json'), 'utf8')).components.schemas
  const words: [string, string[]][] = [
    ['state', api.WorklistItem.properties.state.enum], ['direction', api.WorklistItem.properties.direction.enum], ['category', api.Category.enum], ['side', api.Side.enum], ['role', api.Role.enum],
    ['outcome', api.Finding.properties.outcome.enum], ['conclusion', api.ConnectionRow.properties.conclusion.enum], ['standing', api.Fact.properties.standing.enum], ['selector', api.Selector.properties.type.enum],
    ['mark', api.MarkedAct.properties.state.enum], ['evidence.state', api.EvidenceState.properties.state.enum], ['verdict', api.Verdict.properties.may.enum], ['key', api.Key.properties.state.enum], ['key.what', api.Key.properties.what.enum],
    ['kind', api.Participant.properties.kind.enum], ['reach', api.Partner.properties.state.enum], ['test-step', api.TestStep.properties.step.enum], ['outcome.step', api.TestStep.properties.outcome.enum], ['invitation', api.Invitation.properties.state.enum],
    ['alarm', api.Alarm.properties.grade.enum], ['alarm.kind', api.Alarm.properties.kind.enum], ['look', api.Look.properties.what.enum], ['confidence', api.LawText.properties.confidence.enum], ['relief', api.Challenge.properties.relief.items.enum], ['submission', api.Submission.properties.state.enum],
  ]
  for (const [family, members] of words) for (const word of members) assert.ok(keys.has(`${family}.${word}`), `${family}.${word}`)
})

test('Plural forms are chosen as the language has them', () => {
  const days = all.find((line) => line.key === 'time.days')!
  assert.equal(fill(days.en, { n: 1 }, 'en'), '1 day')
  assert.equal(fill(days.en, { n: 2 }, 'en'), '2 days')
  assert.equal(fill(days.fr, { n: 0 }, 'fr'), '0 jour')
  assert.deepEqual([1, 2, 3, 11, 100].map((n) => fill(days.ar, { n }, 'ar-u-nu-latn')), ['يوم واحد', 'يومان', '3 أيام', '11 يومًا', '100 يوم'])
  assert.equal(fill('{who} and {other}', { who: 'A' }, 'en'), 'A and {other}')
  assert.equal(fill('{who}', { who: '{n: one x; other y}' }, 'en'), '{n: one x; other y}', 'what comes from elsewhere is no text of ours')
})

test('A date in an Arabic text stands as it is typed', () => {
  const { ar } = catalogues()
  assert.equal(ar!['hint.date']!.includes('\u20662026-02-11\u2069'), true)
  assert.equal(ar!['hint.date-time']!.includes('\u20662026-02-11 16:06 +02:00\u2069'), true)
  const bare = Object.entries(ar!).filter(([, text]) => /\d[-:.]\d/.test(text.replace(/\u2066[^\u2069]*\u2069/g, ''))).map(([key]) => key)
  assert.deepEqual(bare, [])
})

test('The pseudo-language is two fifths longer and keeps its values', () => {
  assert.equal(values(longer('Save {name} now')), 'name')
  assert.ok(longer('Save these filters').length >= 18 * 1.4)
})
