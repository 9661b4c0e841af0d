// The contract of the pages: openapi.json is whole, says who may call what, and the types that the
// pages use are made from it.
import { test } from 'node:test'
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { web } from '../support/places.ts'

// A linter of our own, small enough to read: it returns what is wrong with a description.
type Json = any

const roles = new Set([
  'issuing-officer', 'supervising-officer', 'judge', 'central-authority-officer', 'duty-officer',
  'response-officer', 'inspector', 'subject', 'administrator',
])
const objects = new Set(['none', 'own', 'office', 'participant', 'case'])

function resolve(api: Json, ref: string): Json {
  return ref.slice(2).split('/').reduce((at, part) => at?.[part], api)
}

function refs(value: Json, out: string[] = []): string[] {
  if (value && typeof value === 'object') {
    if (typeof value.$ref === 'string') out.push(value.$ref)
    Object.values(value).forEach((inner) => refs(inner, out))
  }
  return out
}

export function lint(api: Json): string[] {
  const wrong: string[] = []
  const ids = new Set<string>()
  if (!/^3\.1\./.test(api.openapi)) wrong.push('not OpenAPI 3.1')
  for (const ref of new Set(refs(api))) if (!resolve(api, ref)) wrong.push(`${ref} leads nowhere`)
  for (const [path, methods] of Object.entries<Json>(api.paths)) {
    for (const [method, operation] of Object.entries<Json>(methods)) {
      const name = `${method} ${path}`
      if (!operation.operationId || ids.has(operation.operationId)) wrong.push(`${name}: its id is missing or taken`)
      ids.add(operation.operationId)
      if (!operation.summary) wrong.push(`${name}: no summary`)
      const rule = operation['x-authorisation']
      if (!rule || !['anybody', 'person'].includes(rule.who) || !objects.has(rule.object)) wrong.push(`${name}: no rule of who may call it`)
      else {
        if ((rule.who === 'anybody') !== (operation.security?.length === 0)) wrong.push(`${name}: rule and security differ`)
        if (rule.who === 'anybody' && (rule.roles || rule.object !== 'none')) wrong.push(`${name}: anybody has no role`)
        for (const role of rule.roles ?? []) if (!roles.has(role)) wrong.push(`${name}: no role ${role}`)
        if (path.includes('{case}') && rule.object !== 'case') wrong.push(`${name}: names a case and does not ask whose`)
      }
      const parameters = (operation.parameters ?? []).map((p: Json) => (p.$ref ? resolve(api, p.$ref) : p))
      const inPath = [...path.matchAll(/{(\w+)}/g)].map((m) => m[1])
      const declared = parameters.filter((p: Json) => p.in === 'path').map((p: Json) => p.name)
      if (inPath.join() !== declared.join()) wrong.push(`${name}: parameters of the path differ`)
      const query = parameters.filter((p: Json) => p.in === 'query').map((p: Json) => p.name)
      if (query.includes('after') !== query.includes('limit')) wrong.push(`${name}: a page needs after and limit`)
      if (method === 'get' && operation.requestBody) wrong.push(`${name}: a GET with a body`)
      if (operation.responses.default?.$ref !== '#/components/responses/Problem') wrong.push(`${name}: refusals are no problem details`)
      const headers = parameters.filter((p: Json) => p.in === 'header').map((p: Json) => p.name)
      if (headers.includes('If-Match') && !operation.responses['200']?.headers?.ETag) wrong.push(`${name}: If-Match without an ETag`)
    }
  }
  for (const [name, schema] of Object.entries<Json>(api.components.schemas)) {
    if (schema.type === 'object' && schema.properties && schema.additionalProperties !== false) wrong.push(`${name} takes unknown members`)
    for (const member of schema.required ?? []) if (!schema.properties[member]) wrong.push(`${name} requires ${member}, which it has not`)
  }
  return wrong
}

const api = JSON.parse(readFileSync(web('api/openapi.json'), 'utf8'))
const copy = () => structuredClone(api)

test('The description of the interface is whole, and each operation says who may call it', () => {
  assert.deepEqual(lint(api), [])
  assert.ok(Object.keys(api.paths).length > 50)
})

test('The linter sees a lost reference, a missing rule, a foreign role, a lost parameter and a half page', () => {
  const broken: [string, (a: Json) => void][] = [
    ['leads nowhere', (a) => delete a.components.schemas.Finding],
    ['no rule of who', (a) => delete a.paths['/worklist'].get['x-authorisation']],
    ['no role king', (a) => (a.paths['/cases/{case}/judge'].get['x-authorisation'].roles = ['king'])],
    ['does not ask whose', (a) => (a.paths['/cases/{case}'].get['x-authorisation'].object = 'none')],
    ['parameters of the path differ', (a) => a.paths['/cases/{case}'].get.parameters.shift()],
    ['after and limit', (a) => a.paths['/worklist'].get.parameters.pop()],
    ['rule and security differ', (a) => (a.paths['/worklist'].get.security = [])],
    ['no problem details', (a) => delete a.paths['/worklist'].get.responses.default],
  ]
  for (const [says, breaks] of broken) {
    const changed = copy()
    breaks(changed)
    assert.ok(lint(changed).some((line) => line.includes(says)), says)
  }
})

test('The types of the pages are made from the description', async () => {
  const { generate } = await import(web('api/generate.mjs'))
  assert.equal(readFileSync(web('api/types.ts'), 'utf8'), generate(api))
  const changed = copy()
  changed.components.schemas.Finding.properties.more = { type: 'string' }
  assert.notEqual(readFileSync(web('api/types.ts'), 'utf8'), generate(changed))
})

test('Every participant of the procedures has its role in the contract', () => {
  for (const name of ['mla', 'emergency', 'extraordinary']) {
    const file = JSON.parse(readFileSync(web(`../law/procedures/${name}.json`), 'utf8'))
    for (const act of Object.values<Json>(file.acts)) {
      assert.ok(api.components.schemas.Side.enum.includes(act.side), act.side)
      if (act.role) assert.ok(api.components.schemas.Role.enum.includes(act.role), act.role)
    }
  }
})
