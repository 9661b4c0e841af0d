// What was done with one key since a day: for who has lost it, or whose partner has.
import { useState } from 'preact/hooks'
import { call, type KeyAct } from '../lib/api.ts'
import { has, list, t } from '../lib/i18n.ts'
import { nodeNow, useAction, useLoad } from '../lib/use.ts'
import type { PageProps } from '../app.tsx'
import { Button, Empty, Input, Loaded, PageHead, Panel, ProblemBanner, Table, When } from '../ui/kit.tsx'

const yesterday = (): string => new Date(nodeNow() - 86_400_000).toISOString().slice(0, 10)
const said = (of: KeyAct): string => (has(`say.${of.act}`) ? t(`say.${of.act}`, { who: of.performer_name }) : of.sentence)

export function KeyActsPage({ place, at }: PageProps) {
  const key = at.key!
  const [typed, setTyped] = useState(yesterday)
  const [since, setSince] = useState(typed)
  const [more, setMore] = useState<{ items: KeyAct[]; next?: string } | null>(null)
  const page = (after?: string) => call('listKeyActs', { path: { key }, query: { since, limit: 50, after } })
  const found = useLoad(() => page(), [key, since])
  const next = more ? more.next : found.data?.next
  const on = useAction(async () => {
    const got = await page(next)
    setMore({ items: [...(more?.items ?? []), ...got.items], ...(got.next ? { next: got.next } : {}) })
  })
  const valid = /^\d{4}-\d{2}-\d{2}$/.test(typed.trim())
  const show = () => {
    if (!valid) return
    setMore(null)
    setSince(typed.trim())
  }
  const of = place.query.get('of') ?? ''
  return (
    <>
      <PageHead title={t('key-acts.title')} lead={of ? <bdi>{of}</bdi> : t('key-acts.lead')} />
      <Panel>
        <form class="form" noValidate onSubmit={(e) => { e.preventDefault(); show() }}>
          <Input label={t('key-acts.since')} hint={t('hint.date')} value={typed} onChange={setTyped} error={valid ? undefined : t('key-acts.day')} dir="ltr" narrow />
          <div class="row"><Button type="submit">{t('key-acts.show')}</Button></div>
        </form>
      </Panel>
      <Loaded of={found}>
        {({ items }) => items.length === 0 ? <Empty title={t('key-acts.none', { day: since })} /> : (
          <Table cards caption={t('key-acts.title')} hideCaption head={[t('key-acts.act'), t('work.case'), t('case.when'), t('key-acts.received')]}>
            {[...items, ...(more?.items ?? [])].map((one) => (
              <tr key={one.hash}>
                <th scope="row"><bdi>{said(one)}</bdi></th>
                <td><a href={`/cases/${encodeURIComponent(one.case)}`}><bdi>{one.reference}</bdi></a></td>
                <td class="cell-wide"><When at={one.admitted} /></td>
                <td><bdi>{list(one.received_by)}</bdi></td>
              </tr>
            ))}
          </Table>
        )}
      </Loaded>
      {on.problem && <ProblemBanner of={on.problem} />}
      {next && <Button small busy={on.busy} onClick={() => on.start()}>{t('sightings.earlier')}</Button>}
    </>
  )
}
