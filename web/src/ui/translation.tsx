// Texts of an act that stand in another language than the reader's, translated by a program of the
// node when the reader asks for one: below the original, never in its place, and marked. Nothing of
// it is kept, and what is copied from it takes its mark along.
import type { ComponentChildren } from 'preact'
import { createContext } from 'preact'
import { useContext, useId, useState } from 'preact/hooks'
import { call } from '../lib/api.ts'
import { direction, language, languageName, t } from '../lib/i18n.ts'
import { useAction, useLoad } from '../lib/use.ts'
import { Banner, Button, LinkButton, ProblemBanner, Select, Tag } from './kit.tsx'

type Made = Awaited<ReturnType<typeof ask>>
const ask = (path: { case: string; hash: string }, pointer: string, from: string, to: string) => call('translateText', { path, body: { pointer, from, to } })

interface Translating {
  path: { case: string; hash: string }
  from: string
  to: string
  tool: string
  /** Whether this node's program translates from the one into the other. */
  can: boolean
  /** Where the reader asks the other side for a certified one, of a field by its name; nothing where they may not. */
  certified?: (field: string) => string
}

const TranslationContext = createContext<Translating | null>(null)
const alone = (tag: string): string => tag.toLowerCase().split('-')[0]!
const reads = (): string => (language() === 'xx' ? 'en' : language())

/** Where a certified translation is asked for: the act `ask`, about this field, for this reason. */
export const askForCertified = (id: string, field: string): string => `/cases/${encodeURIComponent(id)}/act/ask?${new URLSearchParams({ field, code: 'translation' })}`

/** Around the texts of an act. `stated`: the language that the act says its texts are in. */
export function Translations({ path, stated, mayAsk, children }: { path: { case: string; hash: string }; stated?: string; mayAsk: boolean; children: ComponentChildren }) {
  const translator = useLoad((signal) => call('getTranslator', { signal }), [])
  const [chosen, choose] = useState('')
  const to = reads()
  const from = stated ? alone(stated) : chosen
  const { tool = '', pairs = [] } = translator.data ?? {}
  const sources = pairs.filter((pair) => pair.to === to).map((pair) => pair.from)
  const foreign = from !== '' && from !== to
  const value: Translating | null = foreign ? { path, from, to, tool, can: sources.includes(from), certified: mayAsk ? (field) => askForCertified(path.case, field) : undefined } : null
  return (
    <TranslationContext.Provider value={value}>
      {!stated && sources.length > 0 && (
        <Select inline label={t('translation.from')} value={chosen} onChange={choose} options={[['', t('translation.from.none')], ...sources.map((code): [string, string] => [code, languageName(code)])]} />
      )}
      {value && (value.can || mayAsk) && (
        <Banner tone="plain" title={t('translation.foreign', { language: languageName(from) })}>
          {value.can && <p>{t('translation.foreign.tool', { tool })}</p>}
          {value.certified && <p><LinkButton small href={value.certified('language')}>{t('translation.certified')}</LinkButton></p>}
        </Banner>
      )}
      {children}
    </TranslationContext.Provider>
  )
}

/** A text of the act at its place; what is said above says in which language it stands. */
export function Translatable({ pointer, children }: { pointer: string; children: ComponentChildren }) {
  const of = useContext(TranslationContext)
  if (!of) return <>{children}</>
  return <><div lang={of.from}>{children}</div>{of.can && <Translated key={`${of.from} ${of.to}`} of={of} pointer={pointer} />}</>
}

function Translated({ of, pointer }: { of: Translating; pointer: string }) {
  const [made, set] = useState<Made | null>(null)
  const run = useAction(async () => set(await ask(of.path, pointer, of.from, of.to)))
  const id = useId()
  const field = pointer.split('/')[1]!
  return (
    <div class="translation">
      {!made && <Button small kind="quiet" icon="globe" busy={run.busy} onClick={() => run.start()}>{t('translation.make')}</Button>}
      {run.problem && <ProblemBanner of={run.problem} />}
      <div role="status">
        {made && (
          <figure class="translated" aria-labelledby={id}>
            <figcaption id={id}><Tag tone="warn" icon="warn">{t('translation.mark', { tool: made.tool })}</Tag></figcaption>
            <div class="said" lang={made.to} dir={direction()} onCopy={(e) => {
              e.clipboardData?.setData('text/plain', `[${t('translation.mark', { tool: made.tool })}]\n${getSelection()?.toString() || made.text}`)
              e.preventDefault()
            }}>{made.text}</div>
            {of.certified && <a class="small" href={of.certified(field)}>{t('translation.certified')}</a>}
          </figure>
        )}
      </div>
    </div>
  )
}
