// Performing an act: its form from law/forms, filled in where the case already says it, checked as
// typed, then signed.
import { useMemo, useState } from 'preact/hooks'
import { call, type Case, type Intent, type Role } from '../lib/api.ts'
import { check, type Fields, type Schema } from '../lib/schema.ts'
import { t } from '../lib/i18n.ts'
import { useMe } from '../lib/session.ts'
import { useLoad } from '../lib/use.ts'
import type { PageProps } from '../app.tsx'
import { FaultSummary, FormProvider, Members, useFields } from '../form/field.tsx'
import { useChoices } from '../form/choices.ts'
import { formText } from '../form/texts.ts'
import { GridTable } from '../ui/gridtable.tsx'
import { Banner, Button, Details, LinkButton, Loaded, PageHead, Panel } from '../ui/kit.tsx'
import { actName, roleName } from '../ui/names.tsx'
import { Sign } from '../ui/sign.tsx'

/** What the case itself already says, for the form of an act. */
export function prefilled(schema: Schema, of: Case, request?: string): Fields {
  const out: Fields = {}
  const names = schema.properties ?? {}
  if (names.grid && of.grid.length) out.grid = of.grid
  if (names.request && request) out.request = request
  for (const [name, inner] of Object.entries(names)) if (inner.type === 'array' && schema.required?.includes(name) && (inner.minItems ?? 0) === 0) out[name] ??= []
  return out
}

function ActForm({ of, act, schema, request }: { of: Case; act: string; schema: Schema; request?: string }) {
  const { session } = useMe()
  const possible = of.possible.find((p) => p.act === act)
  const first = useMemo(() => prefilled(schema, of, request), [])
  const form = useFields(schema, first, (fields) => check(schema, fields))
  const choices = useChoices(schema)
  const [tried, setTried] = useState(0)
  const [signing, setSigning] = useState(false)
  const grid = schema.properties?.grid
  const shape: Schema = { ...schema, properties: Object.fromEntries(Object.entries(schema.properties ?? {}).filter(([name]) => name !== 'grid' && name !== 'request')) }
  const intent: Intent = { case: of.case, act, office: session!.office, role: (possible?.role ?? session!.roles[0]) as Role, fields: form.fields }
  return (
    <form class="form" noValidate onSubmit={(e) => {
      e.preventDefault()
      form.showAll()
      setTried((n) => n + 1)
      if (form.faults.length === 0) setSigning(true)
    }}>
      {tried > 0 && <FaultSummary key={tried} focus schema={schema} faults={form.faults} />}
      {grid && of.grid.length > 0 && <Details open summary={t('act.grid')}><GridTable rows={of.grid} /></Details>}
      <FormProvider value={{ ...form, choices }}><Members pointer="" schema={shape} /></FormProvider>
      <div class="actions">
        <Button kind="primary" type="submit">{t('act.check-and-sign')}</Button>
        <LinkButton href={`/cases/${encodeURIComponent(of.case)}`} kind="quiet">{t('cancel')}</LinkButton>
      </div>
      {signing && <Sign intent={intent} onClose={() => setSigning(false)} />}
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
      call('getTimeline', { signal, path: { case: id }, query: { limit: 1 } }),
    ])
    return { of, possible, schema, request: timeline.items[0]?.hash }
  }, [id, act])
  return (
    <Loaded of={loaded}>
      {({ of, possible, schema, request }) => (
        <>
          <PageHead title={actName(act)} over={<a href={`/cases/${encodeURIComponent(id)}`}><bdi>{of.reference}</bdi></a>} lead={schema?.['x-title'] && formText(schema['x-title'])} />
          {!possible ? <Banner tone="warn" title={t('act.not-possible')}><p>{t('act.not-possible.text')}</p></Banner>
            : !possible.may ? <Banner tone="warn" title={t('act.not-you')}><p>{t(`why-not.${possible.why_not ?? 'not-your-role'}`, { role: roleName(possible.role) })}</p></Banner>
              : schema ? <Panel><ActForm of={of} act={act} schema={schema} request={request} /></Panel> : null}
        </>
      )}
    </Loaded>
  )
}
