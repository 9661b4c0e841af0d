// The central authority's day: figures that link to their lists, what is stuck and why, partners,
// directory, keys, what waits for other nodes, statistics.
import { useState } from 'preact/hooks'
import { call, type Drill, type Figure, type Key, type Overview, type PartnerTest } from '../lib/api.ts'
import { joined, list, month, number, percent, t } from '../lib/i18n.ts'
import { holds, useMe } from '../lib/session.ts'
import { useAction, useLoad } from '../lib/use.ts'
import type { PageProps } from '../app.tsx'
import { Banner, Button, Country, Day, Dialog, Due, Empty, Facts, Hash, Loaded, PageHead, Panel, ProblemBanner, Section, Table, Tag, When, type Tone } from '../ui/kit.tsx'
import { procedureName, roleName } from '../ui/names.tsx'
import { WorkRows } from './work.tsx'

const figure = (f: Figure): string => (f.unit === 'percent' ? percent(f.value / 100) : f.unit === 'count' ? number(f.value) : t(`time.${f.unit}`, { n: f.value }))

function Bands({ title, of, name }: { title: string; of: Record<string, number>; name: (key: string) => string }) {
  const max = Math.max(1, ...Object.values(of))
  return (
    <Table caption={title} tight head={[t('chart.what'), <span class="visually-hidden">{t('chart.bar')}</span>, <span class="num">{t('chart.count')}</span>]}>
      {Object.keys(of).length === 0 && <tr><td colSpan={3} class="muted">{t('list.empty')}</td></tr>}
      {Object.entries(of).map(([key, value]) => (
        <tr key={key}>
          <th scope="row">{name(key)}</th>
          <td class="bar-cell" aria-hidden="true"><svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" focusable="false"><rect width={(100 * value) / max} height="10" class="bar-full" /></svg></td>
          <td class="num">{number(value)}</td>
        </tr>
      ))}
    </Table>
  )
}

/** How old the proof is that a back-up of this node can be restored. */
function DrillPanel({ of, onTold }: { of: Drill; onTold: () => void }) {
  const { session } = useMe()
  const tell = useAction(async (file: File) => {
    await call('takeDownDrill', { body: { sealed: await file.text() } })
    onTold()
  })
  return (
    <Panel title={t('drill.title')}>
      <p class="row">
        <Tag tone={of.due ? 'warn' : 'good'} icon={of.due ? 'warn' : 'check'}>{t(!of.drilled ? 'drill.never' : of.due ? 'drill.due' : 'drill.recent')}</Tag>
        {of.drilled && <When at={of.drilled} />}
      </p>
      {of.drilled && <Facts rows={[
        [t('drill.backup'), <When at={of.backup!} />],
        [t('drill.record'), t('drill.leaves', { n: of.leaves! })],
        [t('drill.cases'), number(of.cases!)],
        [t('drill.took'), t('time.seconds', { n: Math.max(1, Math.round(of.took! / 1000)) })],
      ]} />}
      {holds(session, 'administrator') && (
        <p class="field">
          <input type="file" id="drill" class="visually-hidden" onChange={(e) => { const file = e.currentTarget.files?.[0]; e.currentTarget.value = ''; if (file) tell.start(file) }} />
          <label for="drill" class="link">{t('drill.tell')}</label>
          <span class="small muted">{t('drill.how')}</span>
        </p>
      )}
      {tell.problem && <ProblemBanner of={tell.problem} />}
    </Panel>
  )
}

/** What the gate refused, so that it reached no queue: this week's and last week's. */
function Refused({ of }: { of: Overview['refused'] }) {
  const weeks = [['gate.this-week', of.this_week], ['gate.last-week', of.last_week]] as const
  return (
    <Section title={t('gate.title')}>
      <p class="muted">{t('gate.lead')}</p>
      {of.this_week.times + of.last_week.times === 0 ? <Empty title={t('gate.none')} /> : weeks.map(([key, week]) => (
        <div key={key}>
          <h3>{t(key, { n: number(week.times) })}</h3>
          {week.lines.length > 0 && (
            <Table cards caption={t(key, { n: number(week.times) })} hideCaption head={[t('gate.from'), t('gate.why'), <span class="num">{t('gate.times')}</span>]}>
              {week.lines.map((line) => (
                <tr key={line.participant + line.code}>
                  <th scope="row"><bdi>{line.participant_name}</bdi></th>
                  <td>{line.rule} <code class="small muted">{line.code}</code></td>
                  <td class="num">{number(line.times)}</td>
                </tr>
              ))}
            </Table>
          )}
        </div>
      ))}
    </Section>
  )
}

export function OverviewPage() {
  const loaded = useLoad((signal) => call('getOverview', { signal }), [])
  return (
    <>
      <PageHead title={t('overview.title')} lead={t('overview.lead')} />
      <Loaded of={loaded}>
        {(of) => (
          <>
            <ul class="numbers">
              {of.figures.map((f) => {
                const inner = <><strong>{figure(f)}</strong><span>{t(`figure.${f.id}`)}</span></>
                return <li key={f.id}>{f.query !== undefined ? <a class="number" href={`/work?${f.query}`}>{inner}</a> : <span class="number">{inner}</span>}</li>
              })}
            </ul>
            <div class="charts">
              <Bands title={t('overview.by-age')} of={of.by_age} name={(k) => t(`age.${k}`)} />
              <Bands title={t('overview.returned')} of={of.returned} name={(k) => t(`ask.${k}`)} />
            </div>
            {of.extraordinary.paused ? <Banner tone="bad" title={t('overview.paused', { n: of.extraordinary.paused })} /> : null}
            {of.extraordinary.near ? <Banner tone="warn" title={t('overview.near', { n: of.extraordinary.near })} /> : null}
            {of.extraordinary.ceiling ? (
              <Panel title={t('overview.extraordinary')}>
                <div class="progress"><progress value={of.extraordinary.used ?? 0} max={of.extraordinary.ceiling} aria-label={t('overview.extraordinary')} /><span>{t('overview.ceiling', { used: of.extraordinary.used ?? 0, ceiling: of.extraordinary.ceiling })}</span></div>
              </Panel>
            ) : null}
            <Section title={t('overview.stuck')}>{of.stuck.length ? <WorkRows items={of.stuck} caption={t('overview.stuck')} /> : <Empty title={t('overview.nothing-stuck')} />}</Section>
            <Refused of={of.refused} />
            <DrillPanel of={of.drill} onTold={loaded.again} />
          </>
        )}
      </Loaded>
    </>
  )
}

const stepTone: Record<string, [Tone, 'check' | 'cross' | 'dot']> = { passed: ['good', 'check'], failed: ['bad', 'cross'], skipped: ['plain', 'dot'] }

export function PartnersPage() {
  const partners = useLoad((signal) => call('listPartners', { signal }), [])
  const [result, setResult] = useState<PartnerTest | null>(null)
  const [testing, setTesting] = useState('')
  const run = useAction(async (id: string) => {
    setTesting(id)
    setResult(await call('testPartner', { path: { participant: id } }))
  })
  return (
    <>
      <PageHead title={t('nav.partners')} lead={t('partners.lead')} />
      {run.problem && <ProblemBanner of={run.problem} />}
      <Loaded of={partners}>
        {({ items }) => (
          <Table caption={t('nav.partners')} hideCaption head={[t('partners.name'), t('partners.kind'), t('work.state'), t('partners.waiting'), t('partners.last'), t('partners.test')]}>
            {items.map((p) => (
              <tr key={p.id}>
                <th scope="row"><bdi>{p.name}</bdi>{p.country && <p class="small muted"><Country code={p.country} /></p>}</th>
                <td>{t(`kind.${p.kind}`)}</td>
                <td>
                  <Tag tone={p.state === 'reachable' ? 'good' : p.state === 'unreachable' ? 'bad' : 'plain'} icon={p.state === 'reachable' ? 'check' : p.state === 'unreachable' ? 'warn' : 'dot'}>{t(`reach.${p.state}`)}</Tag>
                  {p.cause && <p class="small" dir="auto">{p.cause}</p>}{p.since && p.state === 'unreachable' && <p class="small muted">{t('partners.since')} <When at={p.since} /></p>}
                </td>
                <td class="num">{p.waiting ? <a href="/authority/outbox">{number(p.waiting)}</a> : number(0)}</td>
                <td>{p.last_contact ? <When at={p.last_contact} /> : <span class="muted">–</span>}</td>
                <td><Button small busy={run.busy && testing === p.id} onClick={() => run.start(p.id)}>{t('partners.test')}<span class="visually-hidden"> {p.name}</span></Button></td>
              </tr>
            ))}
          </Table>
        )}
      </Loaded>
      {result && (
        <Dialog title={t('partners.result')} onClose={() => setResult(null)}>
          <Banner tone={result.passed ? 'good' : 'bad'} title={t(result.passed ? 'partners.passed' : 'partners.failed')} />
          <ol class="test-steps">
            {result.steps.map((s) => {
              const [tone, icon] = stepTone[s.outcome]!
              return <li key={s.step}><Tag tone={tone} icon={icon}>{t(`outcome.step.${s.outcome}`)}</Tag> <strong>{t(`test-step.${s.step}`)}</strong><p class="small muted" dir="auto">{s.detail}</p></li>
            })}
          </ol>
          <Button onClick={() => setResult(null)}>{t('close')}</Button>
        </Dialog>
      )}
    </>
  )
}

export function DirectoryPage({ place }: PageProps) {
  const [on, setOn] = useState(place.query.get('on') ?? '')
  const whole = /^\d{4}-\d{2}-\d{2}$/.test(on) ? on : undefined
  const loaded = useLoad((signal) => call('getDirectory', { signal, query: { on: whole } }), [whole])
  return (
    <>
      <PageHead title={t('nav.directory')} lead={t('directory.lead')} />
      <div class="filters panel"><div class="field field-inline"><label for="on">{t('directory.on')}</label><input id="on" type="text" dir="ltr" placeholder="2026-11-24" value={on} onInput={(e) => setOn(e.currentTarget.value)} /></div></div>
      <Loaded of={loaded}>
        {(of) => (
          <>
            <Panel><Facts rows={[[t('directory.version'), number(of.version)], [t('directory.valid'), <When at={of.valid_until} />], [t('directory.signed'), t('directory.threshold', { n: of.signed_by.length, of: of.threshold, who: list(of.signed_by.map((id) => of.participants.find((p) => p.id === id)?.name ?? id)) })]]} /></Panel>
            {of.participants.filter((p) => p.offices.length > 0).map((p) => (
              <Section key={p.id} title={p.name} aside={<span class="row"><Tag>{t(`kind.${p.kind}`)}</Tag>{p.country && <Country code={p.country} />}</span>}>
                {p.callback && <p class="small">{t('directory.callback')} <bdi dir="auto">{p.callback}</bdi></p>}
                <Table caption={p.name} hideCaption tight head={[t('directory.office'), t('directory.roles'), t('directory.categories'), t('directory.key')]}>
                  {p.offices.map((o) => (
                    <tr key={o.id}>
                      <th scope="row"><bdi>{o.name}</bdi><p class="small muted"><code>{o.id}</code></p></th>
                      <td>{joined(o.roles.map(roleName))}</td>
                      <td>{joined(o.categories.map((c) => t(`category.${c}`))) || '–'}</td>
                      <td>{o.sealing_key_until ? <Due at={o.sealing_key_until} /> : '–'}</td>
                    </tr>
                  ))}
                </Table>
              </Section>
            ))}
          </>
        )}
      </Loaded>
    </>
  )
}

const keyTone: Record<Key['state'], [Tone, 'check' | 'clock' | 'cross']> = { good: ['good', 'check'], soon: ['warn', 'clock'], ended: ['bad', 'cross'], revoked: ['bad', 'cross'] }

export function KeysPage() {
  const loaded = useLoad((signal) => call('listKeys', { signal }), [])
  return (
    <>
      <PageHead title={t('nav.keys')} lead={t('keys.lead')} />
      <Loaded of={loaded}>
        {({ items }) => (
          <Table caption={t('nav.keys')} hideCaption head={[t('keys.ends'), t('work.state'), t('keys.what'), t('keys.owner'), t('keys.print')]}>
            {[...items].sort((a, b) => a.not_after.localeCompare(b.not_after)).map((k) => {
              const [tone, icon] = keyTone[k.state]
              return (
                <tr key={k.id}>
                  <td><Day at={k.not_after} /><p class="small"><Due at={k.not_after} /></p></td>
                  <td><Tag tone={tone} icon={icon}>{t(`key.${k.state}`)}</Tag></td>
                  <th scope="row">{t(`key.what.${k.what}`)}</th><td><bdi>{k.owner_name}</bdi></td><td><Hash of={k.fingerprint} />{k.what === 'seal' && <p class="small"><a href={`/authority/keys/${k.fingerprint}?of=${encodeURIComponent(k.owner_name)}`}>{t('key-acts.open')}<span class="visually-hidden"> {k.owner_name}</span></a></p>}</td>
                </tr>
              )
            })}
          </Table>
        )}
      </Loaded>
    </>
  )
}

export function OutboxPage() {
  const loaded = useLoad((signal) => call('listOutbox', { signal, query: {} }), [])
  const again = useAction(async (id: number) => {
    await call('resend', { path: { id: String(id) } })
    loaded.again()
  })
  return (
    <>
      <PageHead title={t('nav.outbox')} lead={t('outbox.lead')} />
      {again.problem && <ProblemBanner of={again.problem} />}
      <Loaded of={loaded}>
        {({ items }) => items.length === 0 ? <Empty title={t('outbox.none')} /> : (
          <Table caption={t('nav.outbox')} hideCaption head={[t('outbox.to'), t('work.case'), t('outbox.attempts'), t('outbox.next'), t('outbox.problem'), t('outbox.again')]}>
            {items.map((row) => (
              <tr key={row.id}>
                <th scope="row"><bdi>{row.to_name}</bdi></th><td><a href={`/cases/${encodeURIComponent(row.case)}`}><code class="small">{row.case.slice(0, 12)}</code></a></td><td class="num">{number(row.attempts)}</td>
                <td>{row.failed ? <Tag tone="bad" icon="cross">{t('outbox.failed')}</Tag> : <Due at={row.next_try} />}</td><td dir="auto">{row.problem}</td>
                <td><Button small busy={again.busy} onClick={() => again.start(row.id)}>{t('outbox.again')}</Button></td>
              </tr>
            ))}
          </Table>
        )}
      </Loaded>
    </>
  )
}

export function StatisticsPage() {
  const loaded = useLoad((signal) => call('getStatistics', { signal, query: {} }), [])
  return (
    <>
      <PageHead title={t('nav.statistics')} lead={t('statistics.lead')} />
      <Loaded of={loaded}>
        {({ rows }) => rows.length === 0 ? <Empty title={t('statistics.none')} /> : (
          <Table caption={t('nav.statistics')} hideCaption head={[t('statistics.month'), t('work.partner'), t('work.procedure'), t('category'), ...['received', 'sent', 'refused', 'median', 'on-time'].map((k) => <span class="num">{t(`statistics.${k}`)}</span>)]}>
            {rows.map((r, i) => (
              <tr key={i}>
                <td class="nowrap">{month(r.month)}</td><th scope="row"><bdi>{r.partner_name}</bdi></th><td>{procedureName(r.procedure)}</td><td>{t(`category.${r.category}`)}</td>
                <td class="num">{number(r.received)}</td><td class="num">{number(r.sent)}</td><td class="num">{number(r.refused)}</td>
                <td class="num">{r.median_days !== undefined ? t('time.days', { n: r.median_days }) : '–'}</td><td class="num">{r.on_time !== undefined ? percent(r.on_time / 100) : '–'}</td>
              </tr>
            ))}
          </Table>
        )}
      </Loaded>
    </>
  )
}
