// One component for every form of law/forms: it draws a field from its schema and reports what is
// typed, whole or not. Labels, help and choices come from the form itself.
import type { ComponentChildren } from 'preact'
import { createContext } from 'preact'
import { useContext, useId, useMemo, useState } from 'preact/hooks'
import type { Text } from '../lib/api.ts'
import { toBase64url } from '../lib/bytes.ts'
import { country, joined, number, t, time } from '../lib/i18n.ts'
import { at, escape, length, put, readInstant, withEmptyLists, type Fault, type Fields, type Schema } from '../lib/schema.ts'
import { Icon } from '../ui/icon.tsx'
import { Button } from '../ui/kit.tsx'
import { formText } from './texts.ts'

export interface FormState {
  fields: Fields
  faults: Fault[]
  /** Whether faults are shown for a place: after it was left, or when all were asked for. */
  shown: (pointer: string) => boolean
  set: (pointer: string, value: unknown) => void
  left: (pointer: string) => void
  /** Choices for fields whose schema only gives a pattern: countries, offences, instruments. */
  choices: (pointer: string, schema: Schema) => [string, string][] | undefined
  /** A control of its own for a place, in the stead of what the schema would draw. */
  special?: (pointer: string, schema: Schema) => ComponentChildren | undefined
}

const FormContext = createContext<FormState>(null!)
export const FormProvider = FormContext.Provider
export const useForm = (): FormState => useContext(FormContext)

export const title = (schema: Schema, fallback: string): string => (schema['x-title'] ? formText(schema['x-title']) : fallback.replace(/_/g, ' '))

export function faultText(fault: Fault): string {
  const { min, max } = fault
  if (fault.code === 'length' || fault.code === 'range' || fault.code === 'count') {
    const which = min !== undefined && Number.isFinite(min) && min > 0 ? (max !== undefined && Number.isFinite(max) ? 'both' : 'min') : 'max'
    return t(`fault.${fault.code}.${which}`, { min: min ?? 0, max: max === undefined || !Number.isFinite(max) ? 0 : max })
  }
  return t(`fault.${fault.code}`)
}

export const idOf = (pointer: string): string => `f${pointer.replace(/[^A-Za-z0-9]/g, '-')}`

const labelOf = (labels: Record<string, Text> | undefined, key: string): string => (labels?.[key] ? formText(labels[key]) : key)

/** Label, hint, fault and what the control is described by. */
function Frame({ pointer, name, schema, required, children, plain }: {
  pointer: string
  name: string
  schema: Schema
  required: boolean
  plain?: boolean
  children: (aria: { id: string; 'aria-describedby'?: string; 'aria-invalid'?: 'true'; 'aria-required'?: 'true' }) => ComponentChildren
}) {
  const form = useForm()
  const id = idOf(pointer)
  const fault = form.shown(pointer) ? form.faults.find((f) => f.pointer === pointer) : undefined
  const help = schema['x-help'] && formText(schema['x-help'])
  const hint = help ?? (schema.format === 'date-time' ? t('hint.date-time') : schema.format === 'date' ? t('hint.date') : undefined)
  const said = [hint && `${id}-hint`, fault && `${id}-fault`].filter(Boolean).join(' ') || undefined
  return (
    <div class={fault ? 'field field-wrong' : 'field'}>
      {!plain && <label for={id}>{title(schema, name)}{!required && <span class="optional"> ({t('optional')})</span>}</label>}
      {hint && <p class="hint" id={`${id}-hint`}>{hint}</p>}
      {fault && <p class="error" id={`${id}-fault`}><Icon name="warn" /> {faultText(fault)}</p>}
      {children({ id, 'aria-describedby': said, 'aria-invalid': fault ? 'true' : undefined, 'aria-required': required ? 'true' : undefined })}
    </div>
  )
}

interface Place {
  pointer: string
  name: string
  schema: Schema
  required: boolean
}

function TextField(props: Place) {
  const { pointer, schema } = props
  const form = useForm()
  const value = (at(form.fields, pointer) as string | undefined) ?? ''
  const choices = form.choices(pointer, schema)
  const set = (text: string) => form.set(pointer, text === '' ? undefined : text)
  if (choices)
    return <Frame {...props}>{(aria) => (
      <select {...aria} value={value} onChange={(e) => { set(e.currentTarget.value); form.left(pointer) }}>
        <option value="">{t('choose')}</option>
        {choices.map(([key, name]) => <option key={key} value={key}>{name}</option>)}
        {value && !choices.some(([key]) => key === value) && <option value={value}>{value}</option>}
      </select>
    )}</Frame>
  if (schema.format === 'date-time') return <InstantField {...props} />
  const long = (schema.maxLength ?? 0) > 300
  const digest = schema.pattern === '^[A-Za-z0-9_-]{43}$'
  const narrow = schema.format === 'date' || (schema.maxLength ?? 99) <= 16
  return (
    <Frame {...props}>
      {(aria) => long ? (
        <>
          <textarea {...aria} dir="auto" rows={(schema.maxLength ?? 0) > 3000 ? 8 : 4} value={value} onInput={(e) => set(e.currentTarget.value)} onBlur={() => form.left(pointer)} />
          <p class="counter">{t('counter', { n: number(length(value)), max: number(schema.maxLength!) })}</p>
        </>
      ) : (
        <>
          <input {...aria} type="text" dir={digest || schema.format ? 'ltr' : 'auto'} class={narrow ? 'short' : digest ? 'mono wide' : (schema.maxLength ?? 0) > 120 ? 'wide' : ''} autoComplete="off" spellcheck={!digest && !schema.pattern && !schema.format}
            value={value} onInput={(e) => set(e.currentTarget.value)} onBlur={() => form.left(pointer)} />
          {digest && <FileDigest onDigest={set} />}
        </>
      )}
    </Frame>
  )
}

/** The SHA-256 of a file, computed here: the file does not leave the machine. */
function FileDigest({ onDigest }: { onDigest: (digest: string) => void }) {
  const id = useId()
  const [busy, setBusy] = useState(false)
  return (
    <p class="small">
      <label for={id} class="link">{busy ? t('digest.busy') : t('digest.from-file')}</label>
      <input id={id} type="file" class="visually-hidden" onChange={(e) => {
        const file = e.currentTarget.files?.[0]
        if (!file) return
        setBusy(true)
        void file.arrayBuffer().then((b) => crypto.subtle.digest('SHA-256', b)).then((hash) => onDigest(toBase64url(hash))).finally(() => setBusy(false))
      }} />
    </p>
  )
}

/** An instant is typed with its zone and kept in UTC; what it means is said below. */
function InstantField(props: Place) {
  const { pointer } = props
  const form = useForm()
  const value = at(form.fields, pointer) as string | undefined
  const [typed, setTyped] = useState<string | null>(null)
  const whole = value !== undefined && !('fault' in readInstant(value))
  return (
    <Frame {...props}>
      {(aria) => (
        <>
          <input {...aria} type="text" dir="ltr" autoComplete="off" placeholder="2026-02-11 16:06 +02:00" value={typed ?? value ?? ''}
            onInput={(e) => { setTyped(e.currentTarget.value); form.set(pointer, e.currentTarget.value || undefined) }}
            onBlur={() => {
              const read = typed === null ? null : readInstant(typed)
              if (read && 'value' in read) form.set(pointer, read.value)
              setTyped(null)
              form.left(pointer)
            }} />
          {whole && typed === null && <p class="counter">{time(value)}</p>}
        </>
      )}
    </Frame>
  )
}

function NumberField(props: Place) {
  const form = useForm()
  const value = at(form.fields, props.pointer)
  return (
    <Frame {...props}>
      {(aria) => <input {...aria} type="text" inputMode="numeric" class="short" dir="ltr" autoComplete="off" value={value === undefined ? '' : String(value)} onBlur={() => form.left(props.pointer)}
        onInput={(e) => {
          const text = e.currentTarget.value.trim()
          form.set(props.pointer, text === '' ? undefined : /^-?\d+$/.test(text) ? Number(text) : text)
        }} />}
    </Frame>
  )
}

/** Radios, check boxes and yes/no: a group with a legend. */
function Choices({ pointer, name, schema, required, options, value, onChange, many }: Place & { options: [string, string][]; value: string[]; onChange: (value: string[]) => void; many?: boolean }) {
  const form = useForm()
  const id = idOf(pointer)
  const fault = form.shown(pointer) ? form.faults.find((f) => f.pointer === pointer) : undefined
  const help = schema['x-help'] && formText(schema['x-help'])
  const said = [help && `${id}-hint`, fault && `${id}-fault`].filter(Boolean).join(' ') || undefined
  return (
    <div class={fault ? 'field field-wrong' : 'field'}>
      <fieldset class="choices" id={id} aria-describedby={said} tabIndex={-1}>
        <legend>{title(schema, name)}{!required && <span class="optional"> ({t('optional')})</span>}</legend>
        {help && <p class="hint" id={`${id}-hint`}>{help}</p>}
        {fault && <p class="error" id={`${id}-fault`}><Icon name="warn" /> {faultText(fault)}</p>}
        <div class={options.length <= 3 ? 'choice-row' : options.length > 8 ? 'choice-columns' : ''}>
          {options.map(([key, words]) => (
            <div class="choice" key={key}>
              <input type={many ? 'checkbox' : 'radio'} name={id} id={`${id}-${key}`} checked={value.includes(key)}
                onChange={(e) => {
                  onChange(many ? (e.currentTarget.checked ? [...value, key] : value.filter((v) => v !== key)) : [key])
                  form.left(pointer)
                }} />
              <label for={`${id}-${key}`}>{words}</label>
            </div>
          ))}
        </div>
      </fieldset>
    </div>
  )
}

function BooleanField(props: Place) {
  const form = useForm()
  const value = at(form.fields, props.pointer)
  const id = idOf(props.pointer)
  if (props.schema.const === true)
    return (
      <Frame {...props} plain schema={{ ...props.schema, 'x-help': undefined }}>
        {(aria) => (
          <div class="choice">
            <input {...aria} type="checkbox" checked={value === true} onChange={(e) => { form.set(props.pointer, e.currentTarget.checked ? true : undefined); form.left(props.pointer) }} />
            <label for={id}><strong>{title(props.schema, props.name)}</strong>{props.schema['x-help'] && <><br />{formText(props.schema['x-help'])}</>}</label>
          </div>
        )}
      </Frame>
    )
  return <Choices {...props} options={[['yes', t('yes')], ['no', t('no')]]} value={value === true ? ['yes'] : value === false ? ['no'] : []} onChange={([v]) => form.set(props.pointer, v === 'yes')} />
}

function ListField(props: Place) {
  const { pointer, schema, name, required } = props
  const form = useForm()
  const items = (at(form.fields, pointer) as unknown[] | undefined) ?? []
  const inner = schema.items ?? {}
  const offered = form.choices(`${pointer}/-`, inner)
  const options: [string, string][] | undefined = inner.enum ? inner.enum.map((key) => [key, labelOf(inner['x-labels'], key)]) : offered
  if (options && options.length <= 24 && inner.type === 'string')
    return <Choices {...props} many options={options} value={items as string[]} onChange={(value) => form.set(pointer, value.length || required ? value : undefined)} />
  if (inner.type === 'string' && inner.pattern && (inner.maxLength ?? 99) <= 16)
    return (
      <Frame {...props}>
        {(aria) => <Codes aria={aria} value={items as string[]} upper={inner.pattern === '^[A-Z]{2}$'} onChange={(codes) => form.set(pointer, codes.length || required ? codes : undefined)} onLeft={() => form.left(pointer)} />}
      </Frame>
    )
  const fault = form.shown(pointer) ? form.faults.find((f) => f.pointer === pointer) : undefined
  const blank = inner.type === 'object' ? {} : ''
  return (
    <fieldset class="group" id={idOf(pointer)} tabIndex={-1}>
      <legend>{title(schema, name)}{!required && <span class="optional"> ({t('optional')})</span>}</legend>
      <div class="group-body">
        {schema['x-help'] && <p class="hint">{formText(schema['x-help'])}</p>}
        {fault && <p class="error"><Icon name="warn" /> {faultText(fault)}</p>}
        <div class="entries">
          {items.map((_, i) => (
            <div class="entry" key={i} role="group" aria-label={t('list.entry', { n: i + 1 })}>
              <div class="entry-head"><span class="muted small">{t('list.entry', { n: i + 1 })}</span>
                <Button kind="quiet" small onClick={() => form.set(pointer, items.filter((_, j) => j !== i))}>{t('list.remove')}<span class="visually-hidden"> {number(i + 1)}</span></Button>
              </div>
              {inner.type === 'object' ? <Members pointer={`${pointer}/${i}`} schema={inner} /> : <Field pointer={`${pointer}/${i}`} name={t('list.entry', { n: i + 1 })} schema={inner} required />}
            </div>
          ))}
        </div>
        {items.length < (schema.maxItems ?? Infinity) && <p><Button small icon="plus" onClick={() => form.set(pointer, [...items, blank])}>{t('list.add')}</Button></p>}
      </div>
    </fieldset>
  )
}

/** Codes, one after another: languages, countries. */
function Codes({ aria, value, upper, onChange, onLeft }: { aria: object; value: string[]; upper: boolean; onChange: (codes: string[]) => void; onLeft: () => void }) {
  const [typed, setTyped] = useState<string | null>(null)
  return (
    <>
      <input {...aria} type="text" dir="ltr" autoComplete="off" placeholder={upper ? 'FR, DE' : 'en, fr'} value={typed ?? value.join(', ')}
        onInput={(e) => {
          setTyped(e.currentTarget.value)
          onChange(e.currentTarget.value.split(/[\s,;]+/).filter(Boolean).map((c) => (upper ? c.toUpperCase() : c)))
        }}
        onBlur={() => { setTyped(null); onLeft() }} />
      {upper && value.length > 0 && <p class="counter">{joined(value.map(country))}</p>}
    </>
  )
}

export function Members({ pointer, schema }: { pointer: string; schema: Schema }) {
  return (
    <>
      {Object.entries(schema.properties ?? {}).map(([name, inner]) => (
        <Field key={name} pointer={`${pointer}/${escape(name)}`} name={name} schema={inner} required={schema.required?.includes(name) ?? false} />
      ))}
    </>
  )
}

function ObjectField({ pointer, name, schema, required }: Place) {
  const form = useForm()
  const value = at(form.fields, pointer)
  const open = required || value !== undefined
  return (
    <fieldset class="group" id={idOf(pointer)} tabIndex={-1}>
      <legend>{title(schema, name)}{!required && <span class="optional"> ({t('optional')})</span>}</legend>
      <div class="group-body">
        {schema['x-help'] && <p class="hint">{formText(schema['x-help'])}</p>}
        {open ? <Members pointer={pointer} schema={schema} /> : <p><Button small icon="plus" onClick={() => form.set(pointer, {})}>{t('list.add')}</Button></p>}
        {open && !required && <p><Button kind="quiet" small onClick={() => form.set(pointer, undefined)}>{t('list.remove')}</Button></p>}
      </div>
    </fieldset>
  )
}

export function Field(props: Place) {
  const form = useForm()
  const { schema, pointer } = props
  const own = form.special?.(pointer, schema)
  if (own !== undefined) return <>{own}</>
  if (schema.type === 'object') return <ObjectField {...props} />
  if (schema.type === 'array') return <ListField {...props} />
  if (schema.type === 'integer') return <NumberField {...props} />
  if (schema.type === 'boolean') return <BooleanField {...props} />
  if (schema.enum) {
    const options = schema.enum.map((key): [string, string] => [key, labelOf(schema['x-labels'], key)])
    if (options.length <= 5) {
      const value = at(form.fields, pointer) as string | undefined
      return <Choices {...props} options={options} value={value === undefined ? [] : [value]} onChange={([v]) => form.set(pointer, v)} />
    }
    return (
      <Frame {...props}>
        {(aria) => (
          <select {...aria} value={(at(form.fields, pointer) as string | undefined) ?? ''} onChange={(e) => { form.set(pointer, e.currentTarget.value || undefined); form.left(pointer) }}>
            <option value="">{t('choose')}</option>
            {options.map(([key, words]) => <option key={key} value={key}>{words}</option>)}
          </select>
        )}
      </Frame>
    )
  }
  return <TextField {...props} />
}

/** All faults at once, each a link to its field; it takes the focus. */
export function FaultSummary({ schema, faults, focus, link }: { schema: Schema; faults: Fault[]; focus?: boolean; link?: (fault: Fault) => string }) {
  if (!faults.length) return null
  return (
    <div class="summary" role="alert" tabIndex={-1} ref={(el) => { if (el && focus && !el.dataset.had) { el.dataset.had = 'yes'; el.focus() } }}>
      <h2>{t('fault.summary', { n: faults.length })}</h2>
      <ul>{faults.slice(0, 12).map((fault) => <li key={fault.pointer + fault.code}><a href={link?.(fault) ?? `#${idOf(fault.pointer)}`}>{pathTitle(schema, fault.pointer)}</a>: {faultText(fault)}</li>)}</ul>
      {faults.length > 12 && <p class="small">{t('fault.more', { n: faults.length - 12 })}</p>}
    </div>
  )
}

/** "Offences, 2, Statute" for /offences/1/statute. */
export function pathTitle(schema: Schema, pointer: string): string {
  const out: string[] = []
  let inner: Schema | undefined = schema
  for (const part of pointer.slice(1).split('/')) {
    if (/^\d+$/.test(part) && inner?.type === 'array') {
      inner = inner.items
      out.push(number(Number(part) + 1))
    } else {
      inner = inner?.properties?.[part]
      out.push(inner ? title(inner, part) : part)
    }
  }
  return joined(out)
}

/** State of a form that lives on a page of its own. */
export function useFields(schema: Schema | undefined, first: Fields, faultsOf: (fields: Fields) => Fault[]): Pick<FormState, 'fields' | 'faults' | 'shown' | 'set' | 'left'> & { typed: boolean; showAll: () => void; replace: (fields: Fields) => void } {
  const [typed, setFields] = useState<Fields>(first)
  const fields = useMemo(() => withEmptyLists(schema, typed), [schema, typed])
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set())
  const [all, setAll] = useState(false)
  const [begun] = useState(first)
  return {
    fields,
    typed: typed !== begun,
    faults: schema ? faultsOf(fields) : [],
    shown: (pointer) => all || touched.has(pointer),
    set: (pointer, value) => setFields((old) => put(old, pointer, value)),
    left: (pointer) => setTouched((old) => (old.has(pointer) ? old : new Set([...old, pointer]))),
    showAll: () => setAll(true),
    replace: setFields,
  }
}
