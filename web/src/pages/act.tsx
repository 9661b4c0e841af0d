// Performing an act: its form from law/forms, filled in where the case already says it, checked as
// typed, then signed.
import { useMemo, useState } from 'preact/hooks'
import { call, type Case, type Intent, type Item, type Role, type TimelineEntry } from '../lib/api.ts'
import { check, type Fields, type Schema } from '../lib/schema.ts'
import { t } from '../lib/i18n.ts'
import { usePlace } from '../lib/route.ts'
import { useMe } from '../lib/session.ts'
import { useUnsaved } from '../lib/unsaved.ts'
import { useAction, useLoad } from '../lib/use.ts'
import type { PageProps } from '../app.tsx'
import { FaultSummary, FormProvider, Members, useFields } from '../form/field.tsx'
import { deliveredItems, InspectedActs, OpenItems, released, ReleaseItems, useReseal, type Decision } from '../form/items.tsx'
import { RowResults, RowsMeant } from '../form/rows.tsx'
import { useChoices } from '../form/choices.ts'
import { formText } from '../form/texts.ts'
import { GridTable } from '../ui/gridtable.tsx'
import { Banner, Button, Details, LinkButton, Loaded, PageHead, Panel, ProblemBanner } from '../ui/kit.tsx'
import { actName, roleName } from '../ui/names.tsx'
import { Sign } from '../ui/sign.tsx'

interface Delivered {
  items: Item[]
  manifest_hash?: string
}

const wantsItems = (schema: Schema): boolean => ['passed', 'items', 'manifest_hash'].some((name) => schema.properties?.[name])

/** What the case itself already says, for the form of an act; the contact of a call-back is the directory's. */
export function prefilled(schema: Schema, of: Case, request?: string, delivered?: Delivered, callback?: string, about?: URLSearchParams): Fields {
  const out: Fields = {}
  const names = schema.properties ?? {}
  if (names.grid && of.grid.length) out.grid = of.grid
  if (names.request && request) out.request = request
  if (names.manifest_hash && delivered?.manifest_hash) out.manifest_hash = delivered.manifest_hash
  if (schema['x-id'] === 'confirm' && callback) out.contact = callback
  // One line for each row of the order: what is left to say is what became of it.
  if (names.rows?.items?.properties?.cell && of.grid.length) out.rows = of.grid.map((_, cell) => ({ cell }))
  if (names.items?.type === 'integer' && delivered?.manifest_hash) out.items = delivered.items.length
  // Whoever came from a text that they cannot read asks for its translation; the words are theirs to change.
  const [field, code] = [about?.get('field') ?? '', about?.get('code') ?? '']
  if (names.questions?.items?.properties?.code?.enum?.includes(code) && /^[a-z0-9_]{1,64}$/.test(field)) out.questions = [{ field, code, ...(code === 'translation' ? { text: t('translation.question') } : {}) }]
  return out
}

interface Known {
  request?: string
  delivered: Delivered
  /** Where the directory says that the requesting authority is called back. */
  callback?: string
  acts: TimelineEntry[]
}

function ActForm({ of, act, schema, request, delivered, callback, acts }: { of: Case; act: string; schema: Schema } & Known) {
  const { session } = useMe()
  const possible = of.possible.find((p) => p.act === act)
  const { query } = usePlace()
  const first = useMemo(() => prefilled(schema, of, request, delivered, callback, query), [])
  const inspects = schema['x-id'] === 'inspect'
  const [about, setAbout] = useState<string[]>([])
  const releases = !!schema.properties?.passed
  const [decisions, setDecisions] = useState<Decision[]>([])
  const reseal = useReseal(of)
  const whole = (fields: Fields): Fields => (releases ? { ...fields, ...released(delivered.items, decisions, reseal.again) } : fields)
  // The code of a notice is made by the node, and with it the text for the account.
  const made = schema.properties?.code && schema.properties.account_notice ? ['code', 'account_notice'] : []
  const form = useFields(schema, first, (fields) => check(schema, whole(fields)).filter((f) => !made.includes(f.pointer.split('/')[1]!)))
  const choices = useChoices(form.fields, schema['x-id'])
  const [tried, setTried] = useState(0)
  const [signing, setSigning] = useState(false)
  const [done, setDone] = useState(false)
  useUnsaved(!done && (form.typed || decisions.length > 0 || about.length > 0))
  const undecided = releases ? delivered.items.findIndex((_, i) => !decisions[i]?.what) : -1
  const unnamed = inspects && about.length === 0
  const ready = useAction(async () => {
    await reseal.run(delivered.items.filter((_, i) => decisions[i]?.what === 'pass'))
    setSigning(true)
  })
  const grid = schema.properties?.grid
  const own = ['grid', 'request', ...made, ...(releases ? ['passed', 'held_back'] : [])]
  const shape: Schema = { ...schema, properties: Object.fromEntries(Object.entries(schema.properties ?? {}).filter(([name]) => !own.includes(name))) }
  const special = (pointer: string, inner: Schema) =>
    pointer === '/items' && inner.type === 'array' ? <OpenItems of={of} items={delivered.items} schema={inner} pointer={pointer} name="items" />
      : pointer === '/rows' && of.grid.length && inner.items?.type === 'integer' ? <RowsMeant of={of} schema={inner} pointer={pointer} name="rows" />
        : pointer === '/rows' && of.grid.length && inner.items?.properties?.cell ? <RowResults of={of} schema={inner} pointer={pointer} name="rows" /> : undefined
  const intent: Intent = { case: of.case, act, office: session!.office, role: (possible?.role ?? session!.roles[0]) as Role, fields: whole(form.fields), ...(inspects ? { about } : {}) }
  return (
    <form class="form" noValidate onSubmit={(e) => {
      e.preventDefault()
      form.showAll()
      setTried((n) => n + 1)
      if (undecided >= 0 && form.faults.length === 0) document.getElementById(`item-${undecided}`)?.focus()
      if (unnamed && form.faults.length === 0) document.getElementById('inspected')?.focus()
      if (form.faults.length === 0 && undecided < 0 && !unnamed) ready.start()
    }}>
      {tried > 0 && <FaultSummary key={tried} focus schema={schema} faults={form.faults} link={(f) => (/^\/(passed|held_back)/.test(f.pointer) ? '#f-passed' : `#f${f.pointer.replace(/[^A-Za-z0-9]/g, '-')}`)} />}
      {grid && of.grid.length > 0 && <Details open summary={t('act.grid')}><GridTable rows={of.grid} /></Details>}
      {releases && <ReleaseItems items={delivered.items} of={of} decisions={decisions} schema={schema} tried={tried > 0} onChange={setDecisions} />}
      {inspects && <InspectedActs acts={acts} chosen={about} tried={tried > 0} onChange={setAbout} />}
      <FormProvider value={{ ...form, choices, special }}><Members pointer="" schema={shape} /></FormProvider>
      {reseal.bar}
      {ready.problem && <ProblemBanner of={ready.problem} />}
      <div class="actions">
        <Button kind="primary" type="submit" busy={ready.busy}>{t('act.check-and-sign')}</Button>
        <LinkButton href={`/cases/${encodeURIComponent(of.case)}`} kind="quiet">{t('cancel')}</LinkButton>
      </div>
      {signing && <Sign intent={intent} onClose={() => setSigning(false)} onDone={() => setDone(true)} />}
    </form>
  )
}

export function PerformPage({ at }: PageProps) {
  const [id, act] = [at.case!, at.act!]
  const loaded = useLoad(async (signal) => {
    const of = await call('getCase', { signal, path: { case: id } })
    const possible = of.possible.find((p) => p.act === act)
    const [schema, timeline] = await Promise.all([
      possible?.form ? (call('getForm', { signal, path: { form: possible.form } }) as Promise<Schema>) : null,
      call('getTimeline', { signal, path: { case: id }, query: { limit: possible?.form === 'inspect' ? 100 : 1 } }),
    ])
    const delivered = schema && wantsItems(schema) ? await deliveredItems(of, act, signal) : { items: [] }
    const callback = schema?.['x-id'] === 'confirm' ? (await call('getDirectory', { signal })).participants.find((p) => p.id === of.requesting)?.callback : undefined
    const known: Known = { delivered, callback, acts: timeline.items.filter((entry) => entry.act !== 'inspect'), request: timeline.items[0]?.hash }
    return { of, possible, schema, known }
  }, [id, act])
  return (
    <Loaded whole of={loaded}>
      {({ of, possible, schema, known }) => (
        <>
          <PageHead title={actName(act)} over={<a href={`/cases/${encodeURIComponent(id)}`}><bdi>{of.reference}</bdi></a>} lead={schema?.['x-title'] && formText(schema['x-title'])} />
          {!possible ? <Banner tone="warn" title={t('act.not-possible')}><p>{t('act.not-possible.text')}</p></Banner>
            : !possible.may ? <Banner tone="warn" title={t('act.not-you')}><p>{t(`why-not.${possible.why_not ?? 'not-your-role'}`, { role: roleName(possible.role) })}</p></Banner>
              : schema ? <Panel><ActForm of={of} act={act} schema={schema} {...known} /></Panel> : null}
        </>
      )}
    </Loaded>
  )
}
