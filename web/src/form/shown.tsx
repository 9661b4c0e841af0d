// The fields of an act for reading: the form's titles, the values as they were signed.
import type { ComponentChildren } from 'preact'
import { call, type GridRow } from '../lib/api.ts'
import { country, number, t } from '../lib/i18n.ts'
import { escape, type Fields, type Schema } from '../lib/schema.ts'
import { useLoad } from '../lib/use.ts'
import { GridTable } from '../ui/gridtable.tsx'
import { Day, Facts, Hash, Loaded, Said, Section, When } from '../ui/kit.tsx'
import { instrumentTitle, text as nameOf, useVocabulary } from '../ui/names.tsx'
import { Translatable } from '../ui/translation.tsx'
import { title } from './field.tsx'
import { formText } from './texts.ts'

/** Fields whose values are names of the law pack, by where they stand in their form. */
const named = { 'instrument.id': 'instruments', 'offences.category': 'offences', 'listed_crime.offence': 'offences', data_items: 'data_items' } as const

/** `pointer`: where it stands in an act that is read; what is only compared or shown in part has none. */
function Value({ schema, value, where, pointer }: { schema: Schema | undefined; value: unknown; where: string; pointer?: string }): ComponentChildren {
  const vocabulary = useVocabulary()
  if (value === undefined || value === null) return <span class="muted">–</span>
  if (typeof value === 'boolean') return value ? t('yes') : t('no')
  if (Array.isArray(value)) {
    if (value.length === 0) return <span class="muted">{t('list.empty')}</span>
    if (typeof value[0] !== 'object') return <ul class="plain-list">{value.map((v, i) => <li key={i}><Value schema={schema?.items} value={v} where={where} pointer={below(pointer, i)} /></li>)}</ul>
    return <ol class="shown-list">{value.map((v, i) => <li key={i}><Record schema={schema?.items} value={v as Fields} where={where} pointer={below(pointer, i)} /></li>)}</ol>
  }
  if (typeof value === 'object') return <Record schema={schema} value={value as Fields} where={where} pointer={pointer} />
  // Rows are counted from 1 where people read, from 0 in the form.
  if (typeof value === 'number' && (where === 'rows' || where.endsWith('.cell'))) return number(value + 1)
  const text = String(value)
  const label = schema?.['x-labels']?.[text]
  if (label) return formText(label)
  if (/^(questions|answers)\.field$/.test(where)) return <FieldName of={text} />
  const law = named[where as keyof typeof named]
  const found = law && vocabulary.data?.[law].find((item) => item.id === text)
  if (found) return <bdi title={text}>{law === 'instruments' ? instrumentTitle(found) : nameOf(found.title)}</bdi>
  if (schema?.format === 'date-time' && !Number.isNaN(Date.parse(text))) return <When at={text} />
  if (schema?.format === 'date' && /^\d{4}-\d{2}-\d{2}$/.test(text)) return <Day at={text} />
  if (schema?.pattern === '^[A-Z]{2}$') return <bdi title={text}>{country(text)}</bdi>
  if (schema?.pattern === '^[A-Za-z0-9_-]{43}$') return <Hash of={text} short={false} />
  const said = <Said block={text.length > 60}>{text}</Said>
  // What is written as a text has a text's length; names and references are not translated.
  return pointer && (schema?.maxLength ?? 0) > 300 ? <Translatable pointer={pointer}>{said}</Translatable> : said
}

const below = (pointer: string | undefined, part: string | number): string | undefined => (pointer === undefined ? undefined : `${pointer}/${escape(String(part))}`)

/** A field of the request by its name. */
function FieldName({ of }: { of: string }) {
  const form = useLoad((signal) => call('getForm', { signal, path: { form: 'request' } }) as Promise<Schema>, [])
  if (form.busy) return <span aria-busy="true" />
  const field = form.data?.properties?.[of]
  return <bdi>{field ? title(field, of) : of}</bdi>
}

function Record({ schema, value, where = '', pointer }: { schema: Schema | undefined; value: Fields; where?: string; pointer?: string }) {
  return <Facts wide rows={inOrder(schema, value).map(([name, inner]) => [schema?.properties?.[name] ? title(schema.properties[name], name) : name, <Value schema={schema?.properties?.[name]} value={inner} where={where ? `${where}.${name}` : name} pointer={below(pointer, name)} />])} />
}

/** One place of a form: what stands there, as it is shown in the whole. */
export function PlaceShown({ schema, pointer, value }: { schema: Schema; pointer: string; value: unknown }) {
  let inner: Schema | undefined = schema
  const where: string[] = []
  for (const part of pointer.slice(1).split('/')) {
    if (/^\d+$/.test(part) && inner?.type === 'array') inner = inner.items
    else {
      inner = inner?.properties?.[part]
      where.push(part)
    }
  }
  return <Value schema={inner} value={value} where={where.join('.')} />
}

/** In the form's order; what the form does not know comes last. */
function inOrder(schema: Schema | undefined, value: Fields): [string, unknown][] {
  const names = Object.keys(schema?.properties ?? {})
  return Object.entries(value).sort(([a], [b]) => ((names.indexOf(a) + 1) || 999) - ((names.indexOf(b) + 1) || 999))
}

export function FieldsShown({ form, fields, heading = true }: { form: string; fields: Fields; heading?: boolean }) {
  const loaded = useLoad((signal) => call('getForm', { signal, path: { form } }) as Promise<Schema>, [form])
  return (
    <Loaded of={loaded}>
      {(schema) => {
        const grid = fields.grid as GridRow[] | undefined
        const { grid: _, ...rest } = fields
        return (
          <>
            {Array.isArray(grid) && grid.length > 0 && <Section title={t('grid.title')}><GridTable rows={grid} /></Section>}
            {heading ? <Section title={schema['x-title'] ? formText(schema['x-title']) : form}><div class="panel"><Record schema={schema} value={rest} pointer="" /></div></Section> : <Record schema={schema} value={rest} pointer="" />}
          </>
        )
      }}
    </Loaded>
  )
}
