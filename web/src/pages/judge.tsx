// The judge's page: one request, all it rests on, a grid that can be struck cell by cell, and a
// read-back before the signature. There is no way to decide two at once.
import type { ComponentChildren } from 'preact'
import { useMemo, useState } from 'preact/hooks'
import { call, type Case, type GridRow, type JudgeView, type TimelineEntry } from '../lib/api.ts'
import { granted, inPart, mostIntrusive, type Cut } from '../lib/grid.ts'
import { date, list, number, t } from '../lib/i18n.ts'
import { check, readInstant, type Fields, type Schema } from '../lib/schema.ts'
import { useMe } from '../lib/session.ts'
import { useUnsaved } from '../lib/unsaved.ts'
import { useLoad } from '../lib/use.ts'
import type { PageProps } from '../app.tsx'
import { useChoices } from '../form/choices.ts'
import { FaultSummary, FormProvider, Members, useFields } from '../form/field.tsx'
import { FieldsShown } from '../form/shown.tsx'
import { ConnectionTable, Findings, Tally } from '../ui/assessed.tsx'
import { Period, SelectorShown } from '../ui/gridtable.tsx'
import { Banner, Button, Details, Dialog, Due, Facts, LinkButton, Loaded, PageHead, Panel, Section, Select, Table, Tag, When } from '../ui/kit.tsx'
import { actName, procedureName } from '../ui/names.tsx'
import { Sign } from '../ui/sign.tsx'
import { sentence } from './case.tsx'

function StrikeGrid({ rows, cuts, onCut }: { rows: GridRow[]; cuts: Cut[]; onCut: (row: number, cut: Cut) => void }) {
  const [narrow, setNarrow] = useState<number | null>(null)
  return (
    <>
      <Table cards caption={t('judge.grid')} hideCaption head={[t('grid.row'), t('grid.selector'), t('category'), t('grid.period'), t('judge.decision')]}>
        {rows.map((row, i) => {
          const cut = cuts[i]!
          const left = granted([row], [cut])[0]
          return (
            <tr key={i} class={cut.struck ? 'struck' : ''}>
              <td>{number(i + 1)}</td>
              <th scope="row"><SelectorShown of={row.selector} /></th>
              <td>{t(`category.${row.category}`)}</td>
              <td class="cell-wide">{cut.struck ? <del><Period of={row} /></del> : left && (left.from !== row.from || left.to !== row.to) ? <><del><Period of={row} /></del><br /><ins><Period of={left} /></ins></> : <Period of={row} />}</td>
              <td class="cell-wide">
                <div class="row">
                  <Button small kind={cut.struck ? 'second' : 'danger'} aria-pressed={cut.struck} onClick={() => onCut(i, { ...cut, struck: !cut.struck })}>{cut.struck ? t('judge.restore') : t('judge.strike')}<span class="visually-hidden"> {t('grid.row-n', { n: number(i + 1) })}</span></Button>
                  {row.from && !cut.struck && <Button small kind="quiet" onClick={() => setNarrow(i)}>{t('judge.narrow')}<span class="visually-hidden"> {t('grid.row-n', { n: number(i + 1) })}</span></Button>}
                </div>
              </td>
            </tr>
          )
        })}
      </Table>
      {narrow !== null && <Narrow row={rows[narrow]!} cut={cuts[narrow]!} onClose={() => setNarrow(null)} onCut={(cut) => { onCut(narrow, cut); setNarrow(null) }} />}
    </>
  )
}

function Narrow({ row, cut, onClose, onCut }: { row: GridRow; cut: Cut; onClose: () => void; onCut: (cut: Cut) => void }) {
  const [from, setFrom] = useState(cut.from ?? row.from ?? '')
  const [to, setTo] = useState(cut.to ?? row.to ?? '')
  const [wrong, setWrong] = useState(false)
  const keep = () => {
    const a = from ? readInstant(from) : { value: '' }
    const b = to ? readInstant(to) : { value: '' }
    if ('fault' in a || 'fault' in b || (row.from && a.value < row.from) || (row.to && (!b.value || b.value > row.to)) || (a.value && b.value && a.value >= b.value)) return setWrong(true)
    onCut({ struck: false, from: a.value || undefined, to: b.value || undefined })
  }
  return (
    <Dialog title={t('judge.narrow')} onClose={onClose}>
      <p class="muted"><Period of={row} /></p>
      {wrong && <Banner tone="bad" live>{t('judge.narrow.wrong')}</Banner>}
      <div class="pair">
        <div class="field"><label for="narrow-from">{t('grid.from')}</label><input id="narrow-from" type="text" dir="ltr" value={from} onInput={(e) => setFrom(e.currentTarget.value)} /></div>
        <div class="field"><label for="narrow-to">{t('grid.to')}</label><input id="narrow-to" type="text" dir="ltr" value={to} onInput={(e) => setTo(e.currentTarget.value)} /></div>
      </div>
      <div class="row"><Button kind="primary" onClick={keep}>{t('judge.narrow.keep')}</Button><Button onClick={onClose}>{t('cancel')}</Button></div>
    </Dialog>
  )
}

/** The judge says, in own words as it were, what is left: a wrong answer stops the signature. */
function ReadBack({ left, rows, most, onRows, onMost }: { left: GridRow[]; rows: string; most: string; onRows: (v: string) => void; onMost: (v: string) => void }) {
  const right = Number(rows) === left.length && most === mostIntrusive(left)
  return (
    <Panel title={t('judge.read-back')} tone={rows && most && !right ? 'bad' : 'plain'}>
      <p>{t('judge.read-back.text')}</p>
      <div class="pair">
        <div class="field"><label for="read-rows">{t('judge.read-back.rows')}</label><input id="read-rows" type="text" inputMode="numeric" class="short" dir="ltr" value={rows} onInput={(e) => onRows(e.currentTarget.value.trim())} /></div>
        <Select label={t('judge.read-back.most')} value={most} onChange={onMost} options={[['', t('choose')], ...(['subscriber', 'access', 'traffic', 'content'].map((c): [string, string] => [c, t(`category.${c}`)]))]} />
      </div>
      {rows && most && !right && <p class="error" role="alert">{t('judge.read-back.wrong')}</p>}
    </Panel>
  )
}

/** What the decision rests on, in the order in which it is weighed; open, for the screen and for paper. */
const weighed: [string, string[]][] = [
  ['judge.suspicion', ['facts', 'conduct', 'standard_of_proof']],
  ['judge.alternatives', ['less_intrusive', 'other_means', 'similar_domestic_case', 'urgency']],
  ['step.mechanism', ['listed_crime', 'mla_too_slow', 'loss', 'own_interest', 'third_countries']],
  ['step.principles', ['principles']],
  ['judge.notice', ['notice_plan', 'remedy']],
]

function Weighed({ of, form }: { of: JudgeView; form: string }) {
  return (
    <>
      <Section title={t('findings.title')} aside={<Tally of={of.assessment.findings} />}><Findings of={of.assessment.findings} folded /></Section>
      {of.assessment.connection && <Section title={t('connection.title')}><ConnectionTable of={of.assessment.connection} /></Section>}
      {weighed.map(([title, names]) => {
        const shown = Object.fromEntries(names.flatMap((name) => (of.fields[name] === undefined ? [] : [[name, of.fields[name]]])))
        return Object.keys(shown).length > 0 && <Section key={title} title={t(title)}><div class="panel"><FieldsShown form={form} fields={shown} heading={false} /></div></Section>
      })}
      <Details summary={<strong>{t('judge.whole-request')}</strong>}><FieldsShown form={form} fields={of.fields} /></Details>
    </>
  )
}

/** What a decision that comes after the fact has to know whole: who was called back, who objects and why. */
const told = ['certify', 'confirm', 'object', 'opine', 'correct']

/** Where the judge decides on what has begun already (an emergency), what has happened, and who has been told. */
function SoFar({ of, acts }: { of: Case; acts: { entry: TimelineEntry; fields?: Fields }[] }) {
  return (
    <Section title={t('judge.so-far')}>
      <Panel>
        <Facts rows={[[t('judge.told'), <bdi>{list(Object.values(of.names))}</bdi>]]} />
        <ol class="timeline">
          {acts.map(({ entry, fields }) => (
            <li key={entry.hash}>
              <span class={`spot spot-${entry.act}`} aria-hidden="true" />
              <div class="timeline-body">
                <p class="timeline-say"><bdi>{sentence(entry)}</bdi></p>
                <p class="small muted"><When at={entry.admitted} />{entry.person_name && <> · <bdi>{entry.person_name}</bdi></>}</p>
                {fields && <Details summary={actName(entry.act)} open><FieldsShown form={entry.form!} fields={fields} heading={false} /></Details>}
              </div>
            </li>
          ))}
        </ol>
      </Panel>
    </Section>
  )
}

/** The acts after the request, with what this judge may read of those that the decision turns on. */
async function soFar(id: string, signal: AbortSignal): Promise<{ entry: TimelineEntry; fields?: Fields }[]> {
  const { items } = await call('getTimeline', { signal, path: { case: id }, query: { limit: 200 } })
  return Promise.all(items.filter((entry) => entry.act !== 'request').map(async (entry) => {
    if (!entry.readable || !entry.form || !told.includes(entry.act)) return { entry }
    const { request: _, ...fields } = (await call('getActFields', { signal, path: { case: id, hash: entry.hash } })).fields
    return { entry, fields }
  }))
}

function Decide({ of, schema, children }: { of: JudgeView; schema: Schema; children: ComponentChildren }) {
  const { session } = useMe()
  const [cuts, setCuts] = useState<Cut[]>(of.grid.map(() => ({ struck: false })))
  const [rows, setRows] = useState('')
  const [most, setMost] = useState('')
  const [tried, setTried] = useState(0)
  const [signing, setSigning] = useState(false)
  const left = useMemo(() => granted(of.grid, cuts), [cuts])
  const people = of.assessment.findings.filter((f) => f.outcome === 'needs_a_person')
  const blocked = of.assessment.findings.filter((f) => f.outcome === 'not_met')
  // Where no judge of the other country gives one, the order to the provider is given here, for the rows that are left.
  const direct = of.procedure === 'extraordinary'
  const own = ['request', 'grid', 'decision', 'read_back', 'findings', ...(direct ? [] : ['provider_order'])]
  const rules: Schema = direct ? { ...schema, required: [...(schema.required ?? []), 'provider_order'] } : schema
  const shape: Schema = { ...rules, properties: Object.fromEntries(Object.entries(schema.properties ?? {}).filter(([name]) => !own.includes(name)).map(([name, inner]) => [name, name === 'provider_order' ? lessGrid(inner) : inner])) }
  const form = useFields(schema, {}, (fields) => check(rules, whole(fields)))
  const choices = useChoices(form.fields)
  const [done, setDone] = useState(false)
  useUnsaved(!done && (form.typed || rows !== '' || cuts.some((cut) => cut.struck || cut.from || cut.to)))
  function whole(fields: Fields): Fields {
    const reasons = (fields.findings as Fields[] | undefined) ?? []
    return {
      ...fields,
      request: of.request,
      decision: inPart(of.grid, left) ? 'granted_in_part' : 'granted',
      grid: left,
      read_back: { rows: Number(rows) || 0, most_intrusive: most },
      ...(direct ? { provider_order: { ...(fields.provider_order as Fields | undefined), grid: left } } : {}),
      findings: people.map((f, i) => ({ test: f.test, reasons: (reasons[i]?.reasons as string | undefined) ?? '' })),
    }
  }
  const right = left.length > 0 && Number(rows) === left.length && most === mostIntrusive(left)
  const faults = form.faults
  return (
    <form class="form" noValidate onSubmit={(e) => {
      e.preventDefault()
      form.showAll()
      setTried((n) => n + 1)
      if (faults.length === 0 && right) setSigning(true)
    }}>
      {tried > 0 && <FaultSummary key={tried} focus schema={schema} faults={faults} link={(f) => (f.pointer.startsWith('/read_back') ? '#read-rows' : `#f${f.pointer.replace(/[^A-Za-z0-9]/g, '-')}`)} />}
      <Section title={t('judge.grid')} aside={<span class="row"><Tag tone={left.length ? 'info' : 'bad'}>{t('judge.left', { n: left.length, of: of.grid.length })}</Tag></span>}>
        <p class="muted">{t('judge.grid.text')}</p>
        <StrikeGrid rows={of.grid} cuts={cuts} onCut={(row, cut) => { setCuts((old) => old.map((c, i) => (i === row ? cut : c))); setRows(''); setMost('') }} />
      </Section>
      {children}
      {blocked.length > 0 && <Banner tone="bad" title={t('judge.blocked', { n: blocked.length })}><p>{t('judge.blocked.text')}</p></Banner>}
      <FormProvider value={{ ...form, faults, choices }}>
        {people.length > 0 && (
          <Section title={t('judge.people')}>
            <p class="muted">{t('judge.people.text')}</p>
            {people.map((f, i) => {
              const fault = form.shown(`/findings/${i}/reasons`) && faults.some((x) => x.pointer === `/findings/${i}/reasons`)
              const id = `f-findings-${i}-reasons`
              return (
                <div class={fault ? 'field field-wrong' : 'field'} key={f.test}>
                  <label for={id}>{f.test} {t(`test.${f.test}`)}</label>
                  <p class="hint" dir="auto">{f.because}</p>
                  {fault && <p class="error">{t('fault.required')}</p>}
                  <textarea id={id} rows={3} dir="auto" value={((form.fields.findings as Fields[] | undefined)?.[i]?.reasons as string | undefined) ?? ''}
                    onInput={(e) => form.set('/findings', people.map((p, j) => ({ test: p.test, reasons: j === i ? e.currentTarget.value : (((form.fields.findings as Fields[] | undefined)?.[j]?.reasons as string | undefined) ?? '') })))} onBlur={() => form.left(`/findings/${i}/reasons`)} />
                </div>
              )
            })}
          </Section>
        )}
        <Section title={t('judge.reasons')}><div class="stack"><Members pointer="" schema={shape} /></div></Section>
      </FormProvider>
      <ReadBack left={left} rows={rows} most={most} onRows={setRows} onMost={setMost} />
      <div class="actions">
        <Button kind="primary" type="submit" disabled={left.length === 0 || blocked.length > 0}>{inPart(of.grid, left) ? t('judge.grant-part') : t('judge.grant')}</Button>
        <LinkButton href={`/cases/${encodeURIComponent(of.case)}/act/decline`} kind="danger">{t('act.decline')}</LinkButton>
        {tried > 0 && !right && <p class="error">{t('judge.read-back.first')}</p>}
      </div>
      {signing && <Sign intent={{ case: of.case, act: 'authorise', office: session!.office, role: 'judge', fields: whole(form.fields) }} onClose={() => setSigning(false)} onDone={() => setDone(true)} />}
    </form>
  )
}

const lessGrid = (of: Schema): Schema => ({ ...of, properties: Object.fromEntries(Object.entries(of.properties ?? {}).filter(([name]) => name !== 'grid')) })

export function JudgePage({ at }: PageProps) {
  const id = at.case!
  const loaded = useLoad(async (signal) => {
    const [of, whole, acts, schema] = await Promise.all([call('getJudgeView', { signal, path: { case: id } }), call('getCase', { signal, path: { case: id } }), soFar(id, signal), call('getForm', { signal, path: { form: 'authorise' } }) as Promise<Schema>])
    return { of, whole, acts, schema }
  }, [id])
  return (
    <Loaded whole of={loaded}>
      {({ of, whole, acts, schema }) => (
        <>
          <PageHead title={t('judge.title')} over={<a href={`/cases/${encodeURIComponent(id)}`}><bdi>{of.reference}</bdi></a>} lead={<>{procedureName(of.procedure)} · <bdi>{of.office_name}</bdi></>}>
            <Button icon="doc" onClick={() => print()}>{t('print')}</Button>
          </PageHead>
          <Panel>
            <Facts rows={[
              [t('judge.due'), <Due at={of.due} />],
              [t('judge.asked-by'), <><bdi>{of.office_name}</bdi> · <bdi>{of.requesting_name}</bdi></>],
              [t('judge.notice'), plan(of.fields)],
            ]} />
          </Panel>
          {acts.length > 0 && <SoFar of={whole} acts={acts} />}
          {of.duplicates.length > 0 && <Banner tone="warn" title={t('judge.duplicates', { n: of.duplicates.length })} />}
          <Decide of={of} schema={schema}><Weighed of={of} form={of.procedure === 'extraordinary' ? 'extraordinary-request' : 'request'} /></Decide>
        </>
      )}
    </Loaded>
  )
}

function plan(fields: Fields): string {
  const notice = fields.notice_plan as { due_by?: string; deferral?: { until?: string } } | undefined
  if (!notice?.due_by) return '–'
  return notice.deferral?.until ? t('judge.notice.deferred', { at: date(notice.due_by), until: date(notice.deferral.until) }) : t('judge.notice.at', { at: date(notice.due_by) })
}
