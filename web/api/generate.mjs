// Writes api/types.ts from api/openapi.json: an interface for each schema, and the table of
// operations that api/client.ts turns into typed calls. `--check` only compares.
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const here = (name) => fileURLToPath(new URL(name, import.meta.url))
const nameOf = (ref) => ref.slice(ref.lastIndexOf('/') + 1)
const key = (name) => (/^[A-Za-z_]\w*$/.test(name) ? name : JSON.stringify(name))

function typeOf(schema) {
  if (!schema || Object.keys(schema).every((k) => k === 'description')) return 'unknown'
  if (schema.$ref) return nameOf(schema.$ref)
  if (schema.allOf) return schema.allOf.map(typeOf).join(' & ')
  if (schema.enum) return schema.enum.map((v) => JSON.stringify(v)).join(' | ')
  switch (schema.type) {
    case 'string':
      return schema.format === 'binary' ? 'Blob' : 'string'
    case 'integer':
    case 'number':
      return 'number'
    case 'boolean':
      return 'boolean'
    case 'array': {
      const item = typeOf(schema.items)
      return /[|&]/.test(item) ? `(${item})[]` : `${item}[]`
    }
    case 'object':
      return objectOf(schema)
    default:
      throw new Error(`a schema of no known type: ${JSON.stringify(schema)}`)
  }
}

function objectOf(schema, pad = '') {
  if (!schema.properties) {
    const rest = schema.additionalProperties
    return `Record<string, ${rest && typeof rest === 'object' ? typeOf(rest) : 'unknown'}>`
  }
  const required = new Set(schema.required ?? [])
  const lines = Object.entries(schema.properties).map(([name, property]) => {
    const comment = property.description ? `${pad}  /** ${property.description} */\n` : ''
    return `${comment}${pad}  ${key(name)}${required.has(name) ? '' : '?'}: ${typeOf(property)}`
  })
  return `{\n${lines.join('\n')}\n${pad}}`
}

export function generate(api) {
  const out = ['// Made from api/openapi.json by api/generate.mjs. Do not edit.', '']
  for (const [name, schema] of Object.entries(api.components.schemas)) {
    if (schema.description) out.push(`/** ${schema.description} */`)
    if (schema.type === 'object' && schema.properties) out.push(`export interface ${name} ${objectOf(schema)}`)
    else out.push(`export type ${name} = ${typeOf(schema)}`)
    out.push('')
  }
  const calls = []
  const table = []
  for (const [path, methods] of Object.entries(api.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      const parameters = operation.parameters?.map((p) => (p.$ref ? api.components.parameters[nameOf(p.$ref)] : p)) ?? []
      const members = (place) =>
        parameters.filter((p) => p.in === place).map((p) => `${key(p.name)}${p.required ? '' : '?'}: ${typeOf(p.schema)}`)
      const answer = Object.entries(operation.responses).find(([status]) => /^2/.test(status))[1]
      const content = answer.content ? Object.entries(answer.content)[0] : null
      const body = operation.requestBody ? Object.entries(operation.requestBody.content)[0] : null
      const bodyType = !body ? 'undefined' : body[0] === 'application/json' ? typeOf(body[1].schema) : 'Blob'
      const answerType = !content ? 'undefined' : content[0] === 'application/json' ? typeOf(content[1].schema) : 'Blob'
      calls.push(`  /** ${operation.summary} */`)
      calls.push(
        `  ${operation.operationId}: { path: { ${members('path').join('; ')} }; query: { ${members('query').join('; ')} }; ` +
          `body: ${bodyType}; answer: ${answerType} }`,
      )
      table.push(`  ${operation.operationId}: ['${method.toUpperCase()}', '${path}', '${operation['x-authorisation'].who}'],`)
    }
  }
  out.push('export interface Operations {', ...calls, '}', '')
  out.push('/** Method and path of each operation, below the server\'s /api/v1, and whether it is a signed-in person\'s. */')
  out.push('export const operations: { readonly [K in keyof Operations]: readonly [string, string, \'person\' | \'anybody\'] } = {', ...table, '}', '')
  return out.join('\n')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const text = generate(JSON.parse(readFileSync(here('openapi.json'), 'utf8')))
  if (process.argv.includes('--check')) {
    if (readFileSync(here('types.ts'), 'utf8') !== text) {
      console.error('api/types.ts is not what api/generate.mjs writes; run `npm run types`')
      process.exit(1)
    }
  } else writeFileSync(here('types.ts'), text)
}
