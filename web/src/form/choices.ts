// Choices for fields whose schema gives only a pattern, because their values are the law pack's:
// countries, offences, instruments, kinds of data, grounds.
import { call } from '../lib/api.ts'
import { country } from '../lib/i18n.ts'
import type { Fields, Schema } from '../lib/schema.ts'
import { useLoad } from '../lib/use.ts'
import { useMe } from '../lib/session.ts'
import { instrumentTitle, text, useVocabulary } from '../ui/names.tsx'
import { formText } from './texts.ts'

/** Of the treaties between two countries only those between this one and the one that is asked. */
export function useChoices(fields?: Fields, of?: string): (pointer: string, schema: Schema) => [string, string][] | undefined {
  const vocabulary = useVocabulary()
  const { session } = useMe()
  const parties = [session?.country, fields?.requested_country]
  const countries = useLoad(() => call('listCountries'), [])
  // A question is about a field of the request, which has a name; nobody has to know what the form calls it.
  const asks = of && ['ask', 'answer', 'object'].includes(of)
  const request = useLoad((signal) => (asks ? (call('getForm', { signal, path: { form: 'request' } }) as Promise<Schema>) : Promise.resolve(null)), [asks])
  const named = (items: { id: string; title: { en: string; fr?: string; ar?: string } }[] | undefined) =>
    items?.map((item): [string, string] => [item.id, text(item.title)])
  return (pointer, schema) => {
    if (schema.enum || schema.type !== 'string') return undefined
    if (schema.pattern === '^[A-Z]{2}$' && !pointer.endsWith('/-'))
      return countries.data?.items.map((c): [string, string] => [c.code, country(c.code)]).sort((a, b) => a[1].localeCompare(b[1]))
    if (/^\/offences\/\d+\/category$/.test(pointer) || pointer === '/listed_crime/offence') return named(vocabulary.data?.offences)
    if (pointer === '/instrument/id')
      return vocabulary.data?.instruments.filter((i) => !i.between || i.between.every((c) => parties.includes(c))).map((i): [string, string] => [i.id, instrumentTitle(i)])
    if (asks && /^\/(questions|answers)\/\d+\/field$/.test(pointer))
      return request.data ? Object.entries(request.data.properties ?? {}).map(([name, field]): [string, string] => [name, field['x-title'] ? formText(field['x-title']) : name]) : undefined
    if (pointer === '/data_items/-') return named(vocabulary.data?.data_items)
    return undefined
  }
}
