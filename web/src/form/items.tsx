// Evidence in the forms: what a provider delivered is chosen from its manifest, never typed. Which
// items are opened; which the receiving authority passes on, and which it holds back and why.
import { useState } from 'preact/hooks'
import { call, type Case, type Item, type TimelineEntry } from '../lib/api.ts'
import { bytes, number, t } from '../lib/i18n.ts'
import type { Fields, Schema } from '../lib/schema.ts'
import { Button, Hash, Progress, Tag, When } from '../ui/kit.tsx'
import { actName } from '../ui/names.tsx'
import { faultText, idOf, title, useForm } from './field.tsx'
import { formText } from './texts.ts'
import { Icon } from '../ui/icon.tsx'

/** The items that this case's delivery names: what was released, or where nothing is, produced. */
export async function deliveredItems(of: Case, act: string, signal?: AbortSignal): Promise<{ items: Item[]; manifest_hash?: string }> {
  const names = act === 'release' || act === 'purge' || act === 'discard' ? ['produce'] : ['release', 'produce']
  for (const name of names) {
    const found = await call('getManifest', { signal, path: { case: of.case, act: name } }).catch((error: Error) => {
      if (error.name === 'AbortError') throw error
      return null
    })
    if (found) return found
  }
  return { items: [] }
}

/** Whether an item is here in full, its key envelope with it. */
export const arrived = (of: Case, item: Item): boolean => {
  const here = (hash: string) => of.evidence.find((e) => e.hash === hash)?.state === 'complete'
  return here(item.cipher_sha256) && (here(item.envelope_sha256) || !of.evidence.some((e) => e.hash === item.envelope_sha256))
}

function About({ item }: { item: Item }) {
  return (
    <>
      <strong><bdi>{item.name}</bdi></strong>{' '}
      <span class="muted small"><bdi>{item.media_type}</bdi> · {bytes(item.size)} · {t('grid.row-n', { n: number(item.cell + 1) })}</span>
    </>
  )
}

function Fault({ pointer, id }: { pointer: string; id: string }) {
  const form = useForm()
  const fault = form.shown(pointer) ? form.faults.find((f) => f.pointer === pointer) : undefined
  return fault ? <p class="error" id={id}><Icon name="warn" /> {faultText(fault)}</p> : null
}

/** Which items are opened: a field that holds hashes of ciphertexts. */
export function OpenItems({ of, items, schema, pointer, name }: { of: Case; items: Item[]; schema: Schema; pointer: string; name: string }) {
  const form = useForm()
  const id = idOf(pointer)
  const chosen = (form.fields[name] as string[] | undefined) ?? []
  const here = items.filter((item) => arrived(of, item))
  const set = (hashes: string[]) => {
    form.set(pointer, hashes.length ? hashes : undefined)
    form.left(pointer)
  }
  return (
    <div class={form.shown(pointer) && form.faults.some((f) => f.pointer === pointer) ? 'field field-wrong' : 'field'}>
      <fieldset class="choices items" id={id} tabIndex={-1} aria-describedby={`${id}-fault`}>
        <legend>{title(schema, name)}</legend>
        {schema['x-help'] && <p class="hint">{t('items.open.hint')}</p>}
        <Fault pointer={pointer} id={`${id}-fault`} />
        {items.length === 0 && <p class="muted">{t('evidence.none')}</p>}
        {here.length > 1 && <p><Button small kind="quiet" onClick={() => set(chosen.length === here.length ? [] : here.map((item) => item.cipher_sha256))}>{chosen.length === here.length ? t('items.none') : t('items.all')}</Button></p>}
        {items.map((item, i) => {
          const complete = arrived(of, item)
          return (
            <div class="choice" key={item.cipher_sha256}>
              <input type="checkbox" id={`${id}-${i}`} disabled={!complete} checked={chosen.includes(item.cipher_sha256)}
                onChange={(e) => set(e.currentTarget.checked ? [...chosen, item.cipher_sha256] : chosen.filter((h) => h !== item.cipher_sha256))} />
              <label for={`${id}-${i}`}><About item={item} /> <Hash of={item.plain_sha256} />{!complete && <> <Tag icon="clock">{t('items.not-here')}</Tag></>}</label>
            </div>
          )
        })}
      </fieldset>
    </div>
  )
}

/** Which acts an inspection looks at: each is named in it, and what is not named stays closed. */
export function InspectedActs({ acts, chosen, tried, onChange }: { acts: TimelineEntry[]; chosen: string[]; tried: boolean; onChange: (hashes: string[]) => void }) {
  const wrong = tried && chosen.length === 0
  return (
    <div class={wrong ? 'field field-wrong' : 'field'}>
      <fieldset class="choices items" id="inspected" tabIndex={-1} aria-describedby="inspected-hint">
        <legend>{t('inspect.acts')}</legend>
        <p class="hint" id="inspected-hint">{t('inspect.acts.hint')}</p>
        {wrong && <p class="error"><Icon name="warn" /> {t('inspect.acts.none')}</p>}
        {acts.length > 1 && <p><Button small kind="quiet" onClick={() => onChange(chosen.length === acts.length ? [] : acts.map((entry) => entry.hash))}>{chosen.length === acts.length ? t('items.none') : t('items.all')}</Button></p>}
        {acts.map((entry) => (
          <div class="choice" key={entry.hash}>
            <input type="checkbox" id={`inspected-${entry.sequence}`} checked={chosen.includes(entry.hash)}
              onChange={(e) => onChange(e.currentTarget.checked ? [...chosen, entry.hash] : chosen.filter((h) => h !== entry.hash))} />
            <label for={`inspected-${entry.sequence}`}>{actName(entry.act)} <span class="muted small">{t('case.number', { n: entry.sequence })} · <bdi>{entry.performer_name}</bdi> · <When at={entry.admitted} /></span></label>
          </div>
        ))}
      </fieldset>
    </div>
  )
}

export interface Decision {
  what?: 'pass' | 'hold'
  ground?: string
  reasons?: string
}

/** What the form says of the decisions: those passed by their lines, those held back with reasons. */
export function released(items: Item[], decisions: Decision[], again: Map<string, Item>): Fields {
  return {
    passed: items.flatMap((item, i) => (decisions[i]?.what === 'pass' ? [again.get(item.cipher_sha256) ?? item] : [])),
    held_back: items.flatMap((item, i) => {
      const d = decisions[i]
      return d?.what === 'hold' ? [{ name: item.name, plain_sha256: item.plain_sha256, ...(d.ground ? { ground: d.ground } : {}), ...(d.reasons ? { reasons: d.reasons } : {}) }] : []
    }),
  }
}

/** One decision an item: it passes, or it is held back on a ground with reasons. None is made beforehand. */
export function ReleaseItems({ items, of, decisions, schema, tried, onChange }: { items: Item[]; of: Case; decisions: Decision[]; schema: Schema; tried: boolean; onChange: (decisions: Decision[]) => void }) {
  const line = schema.properties?.held_back?.items
  const grounds = line?.properties?.ground
  const change = (i: number, to: Decision) => onChange(items.map((_, j) => (j === i ? { ...decisions[j], ...to } : decisions[j] ?? {})))
  const open = items.filter((_, i) => !decisions[i]?.what).length
  return (
    <fieldset class="group" id="f-passed" tabIndex={-1}>
      <legend>{t('items.release')}</legend>
      <div class="group-body">
        <p class="hint">{t('items.release.hint')}</p>
        {items.length === 0 && <p class="muted">{t('evidence.none')}</p>}
        {open > 1 && <p><Button small onClick={() => onChange(items.map((item, i) => decisions[i]?.what ? decisions[i]! : arrived(of, item) ? { what: 'pass' } : {}))}>{t('items.pass-all')}</Button></p>}
        <ul class="item-list">
          {items.map((item, i) => {
            const d = decisions[i] ?? {}
            const complete = arrived(of, item)
            const missing = tried && !d.what
            return (
              <li key={item.cipher_sha256} class={missing || (tried && d.what === 'hold' && (!d.ground || !d.reasons)) ? 'entry field-wrong' : 'entry'}>
                <div><About item={item} /> <Hash of={item.plain_sha256} />{!complete && <> <Tag tone="warn" icon="clock">{t('items.not-here')}</Tag></>}</div>
                <fieldset class="choices" id={`item-${i}`} tabIndex={-1}>
                  <legend class="visually-hidden">{t('items.decide', { name: item.name })}</legend>
                  {missing && <p class="error"><Icon name="warn" /> {t('items.undecided')}</p>}
                  <div class="choice-row">
                    {(['pass', 'hold'] as const).map((what) => (
                      <div class="choice" key={what}>
                        <input type="radio" name={`item-${i}`} id={`item-${i}-${what}`} checked={d.what === what} disabled={what === 'pass' && !complete} onChange={() => change(i, { what })} />
                        <label for={`item-${i}-${what}`}>{t(`items.${what}`)}</label>
                      </div>
                    ))}
                  </div>
                </fieldset>
                {d.what === 'hold' && grounds && (
                  <div class="pair">
                    <div class="field">
                      <label for={`item-${i}-ground`}>{title(grounds, 'ground')}</label>
                      <select id={`item-${i}-ground`} value={d.ground ?? ''} aria-invalid={tried && !d.ground ? 'true' : undefined} onChange={(e) => change(i, { ground: e.currentTarget.value || undefined })}>
                        <option value="">{t('choose')}</option>
                        {(grounds.enum ?? []).map((key) => <option key={key} value={key}>{grounds['x-labels']?.[key] ? formText(grounds['x-labels'][key]!) : key}</option>)}
                      </select>
                    </div>
                    <div class="field">
                      <label for={`item-${i}-reasons`}>{title(line!.properties!.reasons!, 'reasons')}</label>
                      <textarea id={`item-${i}-reasons`} rows={3} dir="auto" maxLength={1000} value={d.reasons ?? ''} aria-invalid={tried && !d.reasons ? 'true' : undefined} onInput={(e) => change(i, { reasons: e.currentTarget.value || undefined })} />
                    </div>
                  </div>
                )}
              </li>
            )
          })}
        </ul>
      </div>
    </fieldset>
  )
}

/** Has the node encrypt each item that passes anew, to the requesting office, one after another. */
export function useReseal(of: Case) {
  const [again] = useState(new Map<string, Item>())
  const [at, setAt] = useState<{ done: number; all: number; name: string } | null>(null)
  const run = async (items: Item[]): Promise<void> => {
    try {
      for (const [done, item] of items.entries()) {
        if (again.has(item.cipher_sha256)) continue
        setAt({ done, all: items.length, name: item.name })
        again.set(item.cipher_sha256, (await call('resealItem', { path: { case: of.case }, body: { item: item.cipher_sha256 } })).item)
      }
    } finally {
      setAt(null)
    }
  }
  const bar = at && <div role="status"><Progress label={t('items.resealing', { name: at.name, n: number(at.done + 1), of: number(at.all) })} value={at.done} max={at.all} /></div>
  return { again, run, bar }
}
