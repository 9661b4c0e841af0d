// The check of forms in the browser agrees with the law pack: every example passes, every planted
// fault is found where it is.
import { test } from 'node:test'
import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { at, check, put, readInstant, withEmptyLists, type Schema } from '../../src/lib/schema.ts'
import { stepsOf } from '../../src/pages/request.tsx'
import { web } from '../support/places.ts'

const json = (path: string) => JSON.parse(readFileSync(web(path), 'utf8'))
const form = (name: string): Schema => json(`../law/forms/${name}.json`)
const examples = readdirSync(web('../law/examples')).map((name) => ({ name, ...json(`../law/examples/${name}`) }))

test('Every example of the law pack passes the check in the browser', () => {
  assert.ok(examples.length > 30)
  for (const { name, form: of, fields } of examples) assert.deepEqual(check(form(of), fields), [], name)
})

test('Every field that is required is missed when it is taken away', () => {
  for (const { name, form: of, fields } of examples) {
    const schema = form(of)
    for (const field of schema.required ?? []) {
      const faults = check(schema, put(fields, `/${field}`, undefined))
      assert.deepEqual(faults, [{ pointer: `/${field}`, code: schema.properties![field]!.const !== undefined && false ? 'const' : 'required' }], `${name} ${field}`)
    }
  }
})

test('A fault is named with its place: unknown field, wrong type, too long, out of range, twice, bad code', () => {
  const schema = form('request')
  const { fields } = examples.find((e) => e.name === 'request.json')!
  const of = (pointer: string, value: unknown) => check(schema, put(fields, pointer, value)).map((f) => `${f.pointer} ${f.code}`)
  assert.deepEqual(of('/decrypt', true), ['/decrypt unknown'])
  assert.deepEqual(of('/facts', 7), ['/facts type'])
  assert.deepEqual(of('/facts', 'x'.repeat(49)), ['/facts length'])
  assert.deepEqual(of('/facts', 'x'.repeat(50)), [])
  assert.deepEqual(of('/facts', 'x'.repeat(10_001)), ['/facts length'])
  assert.deepEqual(of('/facts', '𝔁'.repeat(10_000)), [], 'characters are counted, not their halves')
  assert.deepEqual(of('/requested_country', 'xb'), ['/requested_country pattern'])
  assert.deepEqual(of('/offences/0/max_penalty_months', 1201), ['/offences/0/max_penalty_months range'])
  assert.deepEqual(of('/offences/0/max_penalty_months', 1200), [])
  assert.deepEqual(of('/offences/0/max_penalty_months', 1.5), ['/offences/0/max_penalty_months type'])
  assert.deepEqual(of('/grid', []), ['/grid required'])
  assert.deepEqual(of('/data_items', ['name', 'name']), ['/data_items unique'])
  assert.deepEqual(of('/proceeding/kind', 'civil'), ['/proceeding/kind enum'])
  assert.deepEqual(of('/undertakings/no_weakening', false), ['/undertakings/no_weakening const'])
  assert.deepEqual(of('/issuing_authority/email', 'nobody'), ['/issuing_authority/email format'])
  assert.deepEqual(of('/retention_end', '2026-02-30T00:00:00Z').length <= 1, true)
  assert.deepEqual(of('/retention_end', '2027-02-11T10:00:00'), ['/retention_end zone'])
})

test('A time without a zone is refused, and one with a zone is kept in UTC', () => {
  assert.deepEqual(readInstant('2026-02-11 16:06 +02:00'), { value: '2026-02-11T14:06:00Z' })
  assert.deepEqual(readInstant('2026-02-11T16:06:31+02:00'), { value: '2026-02-11T14:06:31Z' })
  assert.deepEqual(readInstant('2026-02-11 16:06 UTC'), { value: '2026-02-11T16:06:00Z' })
  assert.deepEqual(readInstant('2026-02-11 16:06 UTC+2'), { value: '2026-02-11T14:06:00Z' })
  assert.deepEqual(readInstant('2026-02-11 Z'), { value: '2026-02-11T00:00:00Z' })
  for (const bare of ['2026-02-11 16:06', '2026-02-11T16:06:31', '2026-02-11']) assert.deepEqual(readInstant(bare), { fault: 'zone' }, bare)
  for (const no of ['', '11.2.2026 16:06 Z', '2026-02-30 10:00 Z', '2026-13-01 Z', '2026-02-11 25:00 Z', 'tomorrow']) assert.deepEqual(readInstant(no), { fault: 'format' }, no)
})

test('A place in a form is read, changed and taken away without touching the rest', () => {
  const before = { a: [{ b: 1 }, { b: 2 }], 'x/y': 3 }
  assert.equal(at(before, '/a/1/b'), 2)
  assert.equal(at(before, '/x~1y'), 3)
  assert.deepEqual(put(before, '/a/1/b', 5), { a: [{ b: 1 }, { b: 5 }], 'x/y': 3 })
  assert.deepEqual(put(before, '/a/0', undefined), { a: [{ b: 2 }], 'x/y': 3 })
  assert.deepEqual(put({}, '/c/d', 1), { c: { d: 1 } })
  assert.deepEqual(before, { a: [{ b: 1 }, { b: 2 }], 'x/y': 3 })
})

test('Every field of a request is asked in one step, and in one only', () => {
  for (const name of ['request', 'extraordinary-request']) {
    const schema = form(name)
    const asked = stepsOf(schema).flatMap(([, fields]) => fields)
    assert.deepEqual([...asked, 'accurate'].sort(), Object.keys(schema.properties!).sort(), name)
  }
})

test('A required list that may be empty is empty when nobody put anything in; one that needs an entry is missing', () => {
  const request = json('../law/examples/request.json').fields
  const typed = structuredClone(request)
  delete typed.persons[0].nationalities
  delete typed.data_items
  const whole = withEmptyLists(form('request'), typed)
  assert.deepEqual(whole.persons[0].nationalities, [])
  assert.deepEqual(check(form('request'), whole).map((f) => f.pointer), ['/data_items'], 'what needs an entry stays missing')
  assert.equal(withEmptyLists(form('request'), request), request, 'the same object when nothing is missing')
})
