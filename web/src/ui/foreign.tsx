// What stands on a page in another language than the page's is marked as such, so that it is read
// aloud and broken into lines as what it is (WCAG 3.1.2): words of the law data that nobody has
// translated, and sources, which are cited as they are published.
import { Fragment } from 'preact'
import { between, country, language, t } from '../lib/i18n.ts'
import { procedureName, useInstrumentName } from './names.tsx'

const foreign = (): boolean => language() !== 'en' && language() !== 'xx'

export const English = ({ children }: { children: string }) => (foreign() ? <bdi lang="en" dir="ltr">{children}</bdi> : <bdi>{children}</bdi>)

/** A text with parts in it that are English, each verbatim. */
export function Mixed({ of }: { of: { text: string; english?: string[] } }) {
  const out: (string | { en: string })[] = [of.text]
  for (const part of of.english ?? [])
    for (const [i, piece] of out.entries()) {
      const at = typeof piece === 'string' ? piece.indexOf(part) : -1
      if (at < 0 || typeof piece !== 'string') continue
      out.splice(i, 1, piece.slice(0, at), { en: part }, piece.slice(at + part.length))
      break
    }
  return <>{out.map((piece, i) => <Fragment key={i}>{typeof piece === 'string' ? piece : <English>{piece.en}</English>}</Fragment>)}</>
}

/** Where something stands: a file of the law pack by what it is, an instrument by its title. */
export function Source({ of }: { of: string }) {
  const instrument = useInstrumentName()
  const named = (part: string): string | null => {
    const [, profile] = /^law\/profiles\/([a-z]{2})\.json$/.exec(part) ?? []
    if (profile) return t('source.profile', { country: country(profile.toUpperCase()) })
    const [, procedure] = /^law\/procedures\/([a-z]+)\.json$/.exec(part) ?? []
    if (procedure) return t('source.procedure', { name: procedureName(procedure) })
    if (part === 'law/floor.json') return t('source.floor')
    if (part === 'law/procedures/') return t('source.procedures')
    const [, id, rest] = /^([a-z0-9-]+)((?:, Art\. .*)?)$/.exec(part) ?? []
    const title = id && instrument(id)
    return title && title !== id ? title + rest! : null
  }
  // Joined by the node as the reader's language joins, or as the law data has it.
  return <>{of.replace(/[\u2068\u2069]/g, '').split(/\s?[;؛]\s/).map((part, i) => <Fragment key={i}>{i > 0 && between()}{named(part) === null ? <English>{part}</English> : <bdi>{named(part)}</bdi>}</Fragment>)}</>
}
