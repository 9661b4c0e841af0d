// A request, one group of questions a page, with what the law says of it beside it as it grows.
// What is typed is saved as typed.
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { call, callTagged, Refusal, save, type Assessment, type Category, type Draft, type GridRow } from '../lib/api.ts'
import { categories } from '../lib/grid.ts'
import { apart, country, date, t, time } from '../lib/i18n.ts'
import { go, withQuery, type Place } from '../lib/route.ts'
import { check, type Fault, type Fields, type Schema } from '../lib/schema.ts'
import { useMe } from '../lib/session.ts'
import { useAction, useLoad } from '../lib/use.ts'
import type { PageProps } from '../app.tsx'
import { useChoices } from '../form/choices.ts'
import { Field, FaultSummary, FormProvider, pathTitle, useFields } from '../form/field.tsx'
import { GridEditor } from '../form/grid.tsx'
import { FieldsShown } from '../form/shown.tsx'
import { ConnectionTable, Findings, Tally } from '../ui/assessed.tsx'
import { Source } from '../ui/foreign.tsx'
import { Icon } from '../ui/icon.tsx'
import { Banner, Button, Details, Empty, LinkButton, Loaded, PageHead, Panel, ProblemBanner, Select, Table, Tag } from '../ui/kit.tsx'
import { procedureName, useInstrumentName } from '../ui/names.tsx'
import { Sign } from '../ui/sign.tsx'

const steps: [string, string[]][] = [
  ['basis', ['requested_country', 'instrument', 'status', 'earlier_measures']],
  ['authority', ['issuing_authority', 'file_number', 'verification_contact', 'competence', 'recipient']],
  ['offence', ['proceeding', 'offences', 'conduct', 'facts', 'persons', 'special_circumstances']],
  ['data', ['provider', 'grid', 'data_items', 'limits', 'holder_grounds', 'delivery']],
  ['ties', ['nexus', 'connection', 'connection_reasons']],
  ['need', ['standard_of_proof', 'less_intrusive', 'other_means', 'similar_domestic_case', 'urgency']],
  ['principles', ['principles']],
  ['safeguards', ['privileged', 'third_parties', 'retention_end', 'use', 'undertakings', 'confidentiality', 'language']],
  ['notice', ['notice_plan', 'remedy']],
]

/** The steps of a form: each of its fields in one of them, those nobody placed in a step of their own. */
export function stepsOf(schema: Schema): [string, string[]][] {
  const names = Object.keys(schema.properties ?? {}).filter((name) => name !== 'accurate')
  const placed = new Set(steps.flatMap(([, fields]) => fields))
  const out = steps.map(([step, fields]): [string, string[]] => [step, fields.filter((name) => names.includes(name))]).filter(([, fields]) => fields.length)
  const rest = names.filter((name) => !placed.has(name))
  if (rest.length) out.splice(Math.max(0, out.length - 2), 0, ['mechanism', rest])
  return out
}

const topOf = (pointer: string): string => pointer.split('/')[1] ?? ''

function StepList({ place, all, faults, fields, current }: { place: Place; all: [string, string[]][]; faults: Fault[]; fields: Fields; current: string }) {
  const wrong = (names: string[]) => faults.filter((f) => names.includes(topOf(f.pointer))).length
  const begun = (names: string[]) => names.some((name) => fields[name] !== undefined)
  return (
    <nav class="step-list" aria-label={t('draft.steps')}>
      <ol>
        {[...all, ['check', ['accurate']] as [string, string[]]].map(([step, names]) => {
          const open = step === 'check' ? faults.length : wrong(names)
          return (
            <li key={step}>
              <a href={withQuery(place, { step })} aria-current={step === current ? 'step' : undefined}>
                <span class={`step-mark ${open === 0 ? 'step-done' : begun(names) ? 'step-begun' : ''}`}>{open === 0 ? <Icon name="check" /> : null}</span>
                <span>{t(`step.${step}`)}{open > 0 && step !== 'check' && <span class="small muted"> {t('draft.open', { n: open })}</span>}{open === 0 && <span class="visually-hidden"> {t('draft.whole')}</span>}</span>
              </a>
            </li>
          )
        })}
      </ol>
    </nav>
  )
}

function useAssessment(draft: Draft, fields: Fields): { of?: Assessment; busy: boolean; failed: boolean } {
  const [state, set] = useState<{ of?: Assessment; busy: boolean; failed: boolean }>({ busy: true, failed: false })
  useEffect(() => {
    const abort = new AbortController()
    set((old) => ({ ...old, busy: true }))
    const timer = setTimeout(() => {
      call('assess', { signal: abort.signal, body: { form: draft.form, procedure: draft.procedure, opening: draft.opening, fields } }).then(
        (of) => set({ of, busy: false, failed: false }),
        () => abort.signal.aborted || set((old) => ({ ...old, busy: false, failed: true })),
      )
    }, 500)
    return () => {
      clearTimeout(timer)
      abort.abort()
    }
  }, [fields])
  return state
}

/**
 * Saves what is typed, whole or not, a second after the last key, and at once when the page is
 * left; a conflict is shown, never overwritten.
 */
function useSaving(draft: Draft, tag: string, fields: Fields) {
  const [state, set] = useState<{ at?: number; busy: boolean; conflict?: boolean; failed?: boolean }>({ busy: false })
  const current = useRef({ tag, saved: fields, fields, sending: false, conflict: false })
  current.current.fields = fields
  const save = useRef((leaving: boolean): void => {
    const now = current.current
    if (now.conflict || now.saved === now.fields || (now.sending && !leaving)) return
    const sent = now.fields
    now.sending = true
    if (!leaving) set((old) => ({ ...old, busy: true }))
    callTagged('saveDraft', { path: { id: draft.id }, body: { opening: draft.opening, fields: sent }, match: now.tag, keepalive: leaving }).then(
      ({ tag }) => {
        Object.assign(now, { tag, saved: sent })
        set({ busy: false, at: Date.now() })
      },
      (error: unknown) => {
        now.conflict = error instanceof Refusal && error.problem.status === 412
        set({ busy: false, conflict: now.conflict, failed: true })
      },
    ).finally(() => {
      now.sending = false
      if (!leaving && now.fields !== sent) setTimeout(() => save.current(false), 1000)
    })
  })
  useEffect(() => {
    const timer = setTimeout(() => save.current(false), 1000)
    return () => clearTimeout(timer)
  }, [fields, state.failed])
  useEffect(() => {
    const leave = () => save.current(true)
    addEventListener('pagehide', leave)
    return () => {
      removeEventListener('pagehide', leave)
      leave()
    }
  }, [])
  return state
}

function Beside({ assessment, onField }: { assessment: ReturnType<typeof useAssessment>; onField: (pointer: string) => void }) {
  const { of, busy, failed } = assessment
  const instrument = useInstrumentName()
  return (
    <aside class="side beside" aria-label={t('findings.title')} aria-busy={busy}>
      <Panel title={t('findings.title')}>
        {failed && <p class="muted small">{t('findings.failed')}</p>}
        {!of ? <p class="muted">{t('loading')}</p> : (
          <>
            <Tally of={of.findings} />
            {of.instruments.length > 0 && <p class="small">{t('findings.instruments', { list: apart(of.instruments.map(instrument)) })}</p>}
            <Findings of={of.findings} onField={onField} />
          </>
        )}
      </Panel>
    </aside>
  )
}

function Editor({ draft, tag, schema, place }: { draft: Draft; tag: string; schema: Schema; place: Place }) {
  const { session } = useMe()
  const all = useMemo(() => stepsOf(schema), [schema])
  const current = place.query.get('step') ?? all[0]![0]
  const index = all.findIndex(([step]) => step === current)
  const form = useFields(schema, draft.fields, (fields) => check(schema, fields))
  const choices = useChoices(form.fields)
  const assessment = useAssessment(draft, form.fields)
  const saving = useSaving(draft, tag, form.fields)
  const [tried, setTried] = useState(0)
  const [signing, setSigning] = useState(false)
  const letter = useAction(async () => save(await call('draftLetter', { path: { id: draft.id }, query: {} }), `${draft.id}.pdf`))
  const goStep = (step: string) => {
    go(withQuery(place, { step }))
    scrollTo(0, 0)
  }
  const stepOf = (pointer: string) => all.find(([, names]) => names.includes(topOf(pointer)))?.[0] ?? 'check'
  const heading = useRef<HTMLHeadingElement>(null)
  const entered = useRef(current)
  useEffect(() => {
    if (entered.current !== current) heading.current?.focus()
    entered.current = current
  }, [current])
  const names = all[index]?.[1] ?? []
  // What is not filled in yet is told as such; the rest is against the law that applies.
  const unmet = (assessment.of?.findings ?? []).filter((f) => f.outcome === 'not_met' && f.test !== 'F1')
  const special = (pointer: string) => (pointer === '/grid' ? <GridEditor key="grid" rows={(form.fields.grid as GridRow[] | undefined) ?? []} namespace={(form.fields.provider as Fields | undefined)?.name as string | undefined} onChange={(rows) => form.set('/grid', rows.length ? rows : undefined)} faults={form.faults.filter((f) => f.pointer.startsWith('/grid'))} schema={schema.properties!.grid!} /> : undefined)
  return (
    <>
      <PageHead title={t('draft.title', { country: country(String(form.fields.requested_country ?? '') || '??') })} over={<a href="/drafts">{t('nav.drafts')}</a>} lead={procedureName(draft.procedure)}>
        <span class="saved" role="status">{saving.conflict ? '' : saving.busy ? t('draft.saving') : saving.at ? t('draft.saved', { at: time(new Date(saving.at)) }) : t('draft.saved-before', { at: time(draft.updated) })}</span>
        <Button icon="doc" busy={letter.busy} onClick={() => letter.start()}>{t('draft.letter')}</Button>
      </PageHead>
      {saving.conflict && <Banner tone="bad" live title={t('draft.conflict')}><p>{t('draft.conflict.text')} <a href={location.pathname + location.search} onClick={(e) => { e.preventDefault(); location.reload() }}>{t('again')}</a></p></Banner>}
      {saving.failed && !saving.conflict && <Banner tone="warn" live>{t('draft.not-saved')}</Banner>}
      {letter.problem && <ProblemBanner of={letter.problem} />}
      <div class={current === 'check' || current === 'ties' ? 'draft draft-wide' : 'draft'}>
        <StepList place={place} all={all} faults={form.faults} fields={form.fields} current={current} />
        <FormProvider value={{ ...form, choices, special }}>
          <form class="form panel" noValidate onSubmit={(e) => {
            e.preventDefault()
            if (current !== 'check') return goStep(all[index + 1]?.[0] ?? 'check')
            form.showAll()
            setTried((n) => n + 1)
            if (form.faults.length === 0) setSigning(true)
          }}>
            <h2 tabIndex={-1} ref={heading}>{t(`step.${current}`)}</h2>
            {current === 'check' ? (
              <>
                {tried > 0 && <FaultSummary key={tried} focus schema={schema} faults={form.faults} link={(f) => (topOf(f.pointer) === 'accurate' ? '#f-accurate' : withQuery(place, { step: stepOf(f.pointer) }))} />}
                {form.faults.filter((f) => f.pointer !== '/accurate').length > 0 && tried === 0 && (
                  <Banner tone="warn" title={t('draft.missing', { n: form.faults.filter((f) => f.pointer !== '/accurate').length })}>
                    <ul>{form.faults.filter((f) => f.pointer !== '/accurate').slice(0, 8).map((f) => <li key={f.pointer}><a href={withQuery(place, { step: stepOf(f.pointer) })}>{pathTitle(schema, f.pointer)}</a></li>)}</ul>
                  </Banner>
                )}
                {unmet.length > 0 && (
                  <Banner tone="bad" title={t('draft.not-met', { n: unmet.length })}>
                    <p>{t('draft.not-met.text')}</p>
                    <ul>{unmet.map((f) => <li key={f.test}><strong>{t(`test.${f.test}`)}</strong>: <span dir="auto">{f.because}</span> <span class="small muted">(<Source of={f.source} />)</span></li>)}</ul>
                  </Banner>
                )}
                {assessment.of?.connection && <Details summary={<strong>{t('connection.title')}</strong>} open><ConnectionTable of={assessment.of.connection} /></Details>}
                <Details summary={<strong>{t('draft.read-through')}</strong>}><FieldsShown form={draft.form} fields={form.fields} heading={false} /></Details>
                <Field pointer="/accurate" name="accurate" schema={schema.properties!.accurate!} required />
                <div class="actions"><Button kind="primary" type="submit" icon="key">{t('act.check-and-sign')}</Button><span class="muted small">{t('draft.second')}</span></div>
              </>
            ) : (
              <>
                <p class="muted">{t(`step.${current}.lead`)}</p>
                {names.map((name) => <Field key={name} pointer={`/${name}`} name={name} schema={schema.properties![name]!} required={schema.required?.includes(name) ?? false} />)}
                {current === 'ties' && assessment.of?.connection && <div class="live"><h3>{t('connection.so-far')}</h3><ConnectionTable of={assessment.of.connection} /></div>}
                <div class="actions">
                  {index > 0 && <Button onClick={() => goStep(all[index - 1]![0])}>{t('draft.previous')}</Button>}
                  <Button kind="primary" type="submit">{t('draft.next', { step: t(`step.${all[index + 1]?.[0] ?? 'check'}`) })}</Button>
                </div>
              </>
            )}
          </form>
        </FormProvider>
        <Beside assessment={assessment} onField={(pointer) => goStep(stepOf(pointer))} />
      </div>
      {signing && <Sign intent={{ procedure: draft.procedure, act: 'request', office: session!.office, role: 'issuing-officer', fields: form.fields, opening: draft.opening, draft: draft.id }} onClose={() => setSigning(false)} />}
    </>
  )
}

export function EditDraft({ at, place }: PageProps) {
  const loaded = useLoad(async (signal) => {
    const { answer: draft, tag } = await callTagged('getDraft', { signal, path: { id: at.id! } })
    const schema = (await call('getForm', { signal, path: { form: draft.form } })) as Schema
    return { draft, tag, schema }
  }, [at.id])
  return <Loaded whole of={loaded}>{(all) => <Editor {...all} place={place} />}</Loaded>
}

export function Drafts() {
  const drafts = useLoad((signal) => call('listDrafts', { signal }), [])
  const remove = useAction(async (id: string) => {
    await call('deleteDraft', { path: { id } })
    drafts.again()
  })
  return (
    <>
      <PageHead title={t('drafts.title')} lead={t('drafts.lead')}><LinkButton href="/drafts/new" kind="primary" icon="plus">{t('draft.new')}</LinkButton></PageHead>
      {remove.problem && <ProblemBanner of={remove.problem} />}
      <Loaded of={drafts}>
        {({ items }) => items.length === 0 ? <Empty title={t('drafts.none')}><LinkButton href="/drafts/new">{t('draft.new')}</LinkButton></Empty> : (
          <Table caption={t('drafts.title')} hideCaption head={[t('drafts.what'), t('between.requested'), t('work.procedure'), t('drafts.saved'), t('drafts.findings'), <span class="visually-hidden">{t('list.remove')}</span>]}>
            {items.map((d) => (
              <tr key={d.id}>
                <th scope="row"><a href={`/drafts/${encodeURIComponent(d.id)}`}><bdi>{d.title || t('drafts.untitled')}</bdi></a></th>
                <td><bdi>{d.requested_name}</bdi></td><td>{procedureName(d.procedure)}</td><td>{date(d.updated)}<p class="small muted"><bdi>{d.by_name}</bdi></p></td>
                <td>{d.open_findings ? <Tag tone="warn" icon="person">{t('drafts.open', { n: d.open_findings })}</Tag> : <Tag tone="good" icon="check">{t('drafts.complete')}</Tag>}</td>
                <td><Button kind="quiet" small busy={remove.busy} onClick={() => remove.start(d.id)}>{t('list.remove')}<span class="visually-hidden"> {d.title}</span></Button></td>
              </tr>
            ))}
          </Table>
        )}
      </Loaded>
    </>
  )
}

export function NewDraft() {
  const { session } = useMe()
  const directory = useLoad((signal) => call('getDirectory', { signal }), [])
  const [requested, setRequested] = useState('')
  const [provider, setProvider] = useState('')
  const [procedure, setProcedure] = useState('mla')
  const [category, setCategory] = useState<Category>('subscriber')
  const [third, setThird] = useState('')
  const begin = useAction(async () => {
    const draft = await call('createDraft', {
      body: {
        form: procedure === 'extraordinary' ? 'extraordinary-request' : 'request', procedure,
        opening: { requesting: session!.participant, requested, provider, third: third ? [third] : [], category, recipient: session!.office },
      },
    })
    go(`/drafts/${encodeURIComponent(draft.id)}`)
  })
  return (
    <>
      <PageHead title={t('draft.new')} lead={t('draft.new.lead')} over={<a href="/drafts">{t('nav.drafts')}</a>} />
      <Loaded of={directory}>
        {({ participants }) => {
          const options = (kind: string): [string, string][] => [['', t('choose')], ...participants.filter((p) => p.kind === kind && p.id !== session!.participant).map((p): [string, string] => [p.id, p.name])]
          return (
            <form class="form panel" onSubmit={(e) => { e.preventDefault(); if (requested && provider) begin.start() }}>
              <fieldset class="choices">
                <legend>{t('draft.route')}</legend>
                {['mla', 'emergency', 'extraordinary'].map((p) => (
                  <div class="choice" key={p}>
                    <input type="radio" name="procedure" id={`procedure-${p}`} checked={procedure === p} onChange={() => setProcedure(p)} />
                    <label for={`procedure-${p}`}>{procedureName(p)}</label>
                    <p class="hint">{t(`draft.route.${p}`)}</p>
                  </div>
                ))}
              </fieldset>
              <Select label={t('draft.requested')} hint={t('draft.requested.hint')} value={requested} onChange={setRequested} options={options('authority')} required />
              <Select label={t('draft.provider')} value={provider} onChange={setProvider} options={options('provider')} required />
              <Select label={t('draft.category')} hint={t('draft.category.hint')} value={category} onChange={(v) => setCategory(v as Category)} options={categories.map((c) => [c, t(`category.${c}`)])} />
              <Select label={t('draft.third')} hint={t('draft.third.hint')} value={third} onChange={setThird} options={[['', t('draft.third.none')], ...options('authority').slice(1).filter(([id]) => id !== requested)]} />
              {begin.problem && <ProblemBanner of={begin.problem} />}
              <div class="actions"><Button kind="primary" type="submit" busy={begin.busy} disabled={!requested || !provider}>{t('draft.begin')}</Button></div>
            </form>
          )
        }}
      </Loaded>
    </>
  )
}

