// The forms of law/forms in the browser: their shape, and the same check that the node makes
// (src/law/schema_check.cpp), so that an error shows where it is typed. The node's check counts.
import type { Text } from './api.ts'

export interface Schema {
  type?: 'object' | 'array' | 'string' | 'integer' | 'boolean'
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
  enum?: string[]
  const?: unknown
  pattern?: string
  format?: 'date' | 'date-time' | 'email' | 'uri'
  minLength?: number
  maxLength?: number
  minItems?: number
  maxItems?: number
  uniqueItems?: boolean
  minimum?: number
  maximum?: number
  'x-id'?: string
  'x-title'?: Text
  'x-help'?: Text
  'x-labels'?: Record<string, Text>
  'x-audience'?: string[]
  'x-source'?: string[]
}

export type Fields = Record<string, unknown>

export interface Fault {
  pointer: string
  code: 'required' | 'type' | 'format' | 'zone' | 'pattern' | 'enum' | 'const' | 'length' | 'range' | 'count' | 'unique' | 'unknown'
  min?: number
  max?: number
}

export const escape = (name: string): string => name.replace(/~/g, '~0').replace(/\//g, '~1')

export function at(value: unknown, pointer: string): unknown {
  if (!pointer) return value
  return pointer
    .slice(1)
    .split('/')
    .reduce<any>((inner, part) => inner?.[part.replace(/~1/g, '/').replace(/~0/g, '~')], value)
}

/** A copy with one place changed; undefined takes it away. */
export function put<T>(value: T, pointer: string, to: unknown): T {
  if (!pointer) return to as T
  const [, head = '', rest = ''] = /^\/([^/]*)(.*)$/.exec(pointer) ?? []
  const name = head.replace(/~1/g, '/').replace(/~0/g, '~')
  if (Array.isArray(value)) {
    const out: unknown[] = [...value]
    const index = Number(name)
    if (!rest && to === undefined) out.splice(index, 1)
    else out[index] = put(out[index], rest, to)
    return out as T
  }
  const out: Fields = { ...((value as Fields) ?? {}) }
  const inner = put(out[name], rest, to)
  if (inner === undefined) delete out[name]
  else out[name] = inner
  return out as T
}

const formats: Record<string, (text: string) => boolean> = {
  date: (text) => /^\d{4}-\d{2}-\d{2}$/.test(text) && new Date(`${text}T00:00:00Z`).toISOString().startsWith(text),
  'date-time': (text) => /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/.test(text) && !Number.isNaN(Date.parse(text)),
  email: (text) => /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/.test(text),
  uri: (text) => /^[a-z][a-z0-9+.-]*:\S+$/i.test(text),
}

function checkFormat(format: string, text: string): boolean {
  try {
    return formats[format]?.(text) ?? true
  } catch {
    return false
  }
}

export const length = (text: string): number => [...text].length

export function check(schema: Schema, value: unknown, pointer = ''): Fault[] {
  const fault = (code: Fault['code'], bounds?: { min?: number; max?: number }): Fault[] => [{ pointer, code, ...bounds }]
  if ('const' in schema && value !== schema.const) return fault('const')
  switch (schema.type) {
    case 'object': {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return fault('type')
      const out: Fault[] = []
      for (const [name, inner] of Object.entries(schema.properties ?? {})) {
        const path = `${pointer}/${escape(name)}`
        const member = (value as Fields)[name]
        if (member !== undefined) out.push(...check(inner, member, path))
        else if (schema.required?.includes(name)) out.push({ pointer: path, code: 'required' })
      }
      for (const name of Object.keys(value))
        if (!(name in (schema.properties ?? {}))) out.push({ pointer: `${pointer}/${escape(name)}`, code: 'unknown' })
      return out
    }
    case 'array': {
      if (!Array.isArray(value)) return fault('type')
      const min = schema.minItems ?? 0
      const max = schema.maxItems ?? Infinity
      if (value.length < min || value.length > max) return fault(value.length === 0 ? 'required' : 'count', { min, max })
      if (schema.uniqueItems && new Set(value.map((v) => JSON.stringify(v))).size !== value.length) return fault('unique')
      return value.flatMap((item, i) => check(schema.items ?? {}, item, `${pointer}/${i}`))
    }
    case 'string': {
      if (typeof value !== 'string') return fault('type')
      if (schema.enum) return schema.enum.includes(value) ? [] : fault('enum')
      const min = schema.minLength ?? 0
      const max = schema.maxLength ?? Infinity
      const size = length(value)
      if (min > 0 && size === 0) return fault('required')
      if (schema.format && !checkFormat(schema.format, value))
        return fault(schema.format === 'date-time' && /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2})?$/.test(value) ? 'zone' : 'format')
      if (schema.pattern && !new RegExp(schema.pattern, 'u').test(value)) return fault('pattern')
      if (size < min || size > max) return fault('length', { min, max })
      return []
    }
    case 'integer': {
      if (!Number.isSafeInteger(value)) return fault('type')
      const min = schema.minimum ?? -Infinity
      const max = schema.maximum ?? Infinity
      return (value as number) < min || (value as number) > max ? fault('range', { min, max }) : []
    }
    case 'boolean':
      return typeof value === 'boolean' ? [] : fault('type')
    default:
      return []
  }
}

/**
 * Reads an instant as people write it, "2026-02-11 16:06 +02:00", and gives it in UTC. A time
 * without a zone is refused: nobody guesses which noon was meant (docs/mission.md, R7).
 */
export function readInstant(text: string): { value: string } | { fault: 'zone' | 'format' } {
  const found = /^\s*(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(?::(\d{2}))?)?\s*(Z|UTC|(?:UTC|GMT)?[+-]\d{1,2}(?::?\d{2})?)?\s*$/i.exec(text)
  if (!found) return { fault: 'format' }
  const [, day, clock, seconds, zone] = found
  if (!zone) return { fault: 'zone' }
  let offset = 'Z'
  const parts = /([+-])(\d{1,2})(?::?(\d{2}))?$/.exec(zone)
  if (parts) offset = `${parts[1]}${parts[2]!.padStart(2, '0')}:${parts[3] ?? '00'}`
  const at = new Date(`${day}T${clock ?? '00:00'}:${seconds ?? '00'}${offset}`)
  if (Number.isNaN(at.getTime()) || !checkFormat('date', day!)) return { fault: 'format' }
  return { value: at.toISOString().replace(/\.\d{3}Z$/, 'Z') }
}

/**
 * A list that is required and may be empty is empty when nobody put anything in: there is no other
 * way to say "none" on a form. The same object when nothing is missing.
 */
export function withEmptyLists<T>(schema: Schema | undefined, value: T): T {
  if (!schema || !value || typeof value !== 'object') return value
  if (Array.isArray(value)) {
    const items = value.map((item) => withEmptyLists(schema.items, item))
    return items.some((item, i) => item !== value[i]) ? (items as T) : value
  }
  const out = { ...value } as Record<string, unknown>
  let changed = false
  for (const [name, inner] of Object.entries(schema.properties ?? {})) {
    const old = out[name]
    const made = old === undefined && inner.type === 'array' && !inner.minItems && schema.required?.includes(name) ? [] : withEmptyLists(inner, old)
    if (made !== old) [out[name], changed] = [made, true]
  }
  return changed ? (out as T) : value
}
