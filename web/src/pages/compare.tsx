// Oversight: what one participant says it sent, with what another says it got. The node proves each
// line in the record of each; the page shows what it found.
import { useState } from 'preact/hooks'
import { call, type ComparedAct, type Comparison } from '../lib/api.ts'
import { number, t } from '../lib/i18n.ts'
import { nodeNow, useAction, useLoad } from '../lib/use.ts'
import { Banner, Button, Facts, Input, Loaded, PageHead, Panel, ProblemBanner, Section, Select, Table, Tag, When, type Tone } from '../ui/kit.tsx'
import type { IconName } from '../ui/icon.tsx'
import { actName } from '../ui/names.tsx'
import { useMe } from '../lib/session.ts'

const day = 86_400_000
const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10)
const isDay = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text))
const tones: Record<ComparedAct['first'], [Tone, IconName]> = { stands: ['good', 'check'], not_yet: ['info', 'clock'], missing: ['bad', 'cross'], unknown: ['warn', 'warn'] }

function Standing({ of }: { of: ComparedAct['first'] }) {
  const [tone, icon] = tones[of]
  return <Tag tone={tone} icon={icon}>{t(`compare.standing.${of}`)}</Tag>
}

/** Of an act that is not known here nothing is proved: who names it is all there is. */
const Named = ({ of }: { of: ComparedAct['first'] }) => (of === 'stands' ? <Tag tone="warn" icon="warn">{t('compare.named')}</Tag> : <>–</>)

function Acts({ of, caption, names, named }: { of: ComparedAct[]; caption: string; names: [string, string]; named?: boolean }) {
  return (
    <Table caption={caption} head={[t('work.case'), t('compare.act'), t('compare.admitted'), ...names]}>
      {of.map((a) => (
        <tr key={a.hash}>
          <th scope="row"><a href={`/cases/${encodeURIComponent(a.case)}`}><bdi>{a.case.slice(0, 8)}</bdi></a> · {number(a.sequence)}</th>
          <td>{a.act ? actName(a.act) : '–'}{a.performer_name && <p class="small muted"><bdi>{a.performer_name}</bdi></p>}</td>
          <td>{a.admitted ? <When at={a.admitted} /> : '–'}</td>
          <td>{named ? <Named of={a.first} /> : <Standing of={a.first} />}</td>
          <td>{named ? <Named of={a.second} /> : <Standing of={a.second} />}</td>
        </tr>
      ))}
    </Table>
  )
}

function Found({ of }: { of: Comparison }) {
  const names: [string, string] = [of.first.name, of.second.name]
  return (
    <>
      <Banner tone={of.equal ? 'good' : 'bad'} title={of.cases === 0 ? t('compare.none') : of.equal ? t('compare.equal') : t('compare.unequal')}>
        {[of.first, of.second].map((record) => record.problem
          ? <p key={record.participant}>{t('compare.problem', { name: record.name, why: record.problem })}</p>
          : <p key={record.participant} class="small">{t('compare.record', { name: record.name, n: record.checkpoint_size })}</p>)}
      </Banner>
      <Panel><Facts rows={[[t('compare.cases'), number(of.cases)], [t('compare.asked'), <When at={of.asked} />]]} /></Panel>
      {of.counts.length > 0 && (
        <Table caption={t('compare.counts')} head={[t('compare.act'), t('compare.both'), t('compare.only', { name: names[0] }), t('compare.only', { name: names[1] }), t('compare.not-yet'), t('compare.neither'), t('compare.unknown')]}>
          {of.counts.map((row) => (
            <tr key={row.act}>
              <th scope="row">{actName(row.act)}</th>
              {[row.both, row.first_only, row.second_only, row.not_yet, row.neither, row.unknown].map((n, i) => <td key={i}><span class="num">{number(n)}</span></td>)}
            </tr>
          ))}
        </Table>
      )}
      {of.differences.length > 0 && <Acts of={of.differences} caption={t('compare.differences')} names={names} />}
      {of.more > 0 && <p>{t('compare.more', { n: of.more })}</p>}
      {of.unknown_here.length > 0 && <Section title={t('compare.strangers')}><p>{t('compare.strangers.text')}</p><Acts of={of.unknown_here} caption={t('compare.strangers')} names={names} named /></Section>}
      {of.cancelled.length > 0 && (
        <Section title={t('compare.cancelled')}>
          <ul>{of.cancelled.map((one) => <li key={one.case}><a href={`/cases/${encodeURIComponent(one.case)}`}><bdi>{one.case.slice(0, 8)}</bdi></a> · <When at={one.at} /> · {t('compare.cancelled.by', { name: one.by_name })}</li>)}</ul>
        </Section>
      )}
      <p class="small muted">{t('compare.limits')}</p>
    </>
  )
}

export function ComparePage() {
  const { status } = useMe()
  const directory = useLoad((signal) => call('getDirectory', { signal }), [])
  const [first, setFirst] = useState('')
  const [second, setSecond] = useState('')
  const [from, setFrom] = useState(dayOf(nodeNow() - 90 * day))
  const [until, setUntil] = useState(dayOf(nodeNow()))
  const [tried, setTried] = useState(false)
  const [found, setFound] = useState<Comparison | null>(null)
  const ordered = isDay(from) && isDay(until) && Date.parse(from) <= Date.parse(until) && Date.parse(until) - Date.parse(from) < 366 * day
  const run = useAction(async () => {
    setTried(true)
    if (!first || !second || first === second || !ordered) return
    setFound(null)
    setFound(await call('compareRecords', { body: { first, second, from, until: dayOf(Date.parse(until) + day) } }))
  })
  return (
    <>
      <PageHead title={t('compare.title')} over={<a href="/oversight">{t('nav.oversight')}</a>} lead={t('compare.lead')} />
      <Loaded of={directory}>
        {({ participants }) => {
          const options: [string, string][] = [['', t('choose')], ...participants.filter((p) => p.id !== status?.participant).map((p): [string, string] => [p.id, p.name])]
          return (
            <form class="form panel" noValidate onSubmit={(e) => { e.preventDefault(); run.start() }}>
              <Select label={t('compare.first')} required value={first} onChange={setFirst} options={options} />
              <Select label={t('compare.second')} required value={second} onChange={setSecond} options={options} />
              {tried && (!first || !second || first === second) && <p class="error" role="alert">{t('compare.same')}</p>}
              <Input label={t('compare.from')} narrow dir="ltr" value={from} onChange={setFrom} error={tried && !isDay(from) ? t('compare.day.wrong') : undefined} />
              <Input label={t('compare.until')} narrow dir="ltr" value={until} onChange={setUntil} error={!tried ? undefined : !isDay(until) ? t('compare.day.wrong') : isDay(from) && !ordered ? t('compare.order.wrong') : undefined} />
              {run.problem && <ProblemBanner of={run.problem} />}
              <div class="actions"><Button kind="primary" type="submit" busy={run.busy}>{t('compare.do')}</Button></div>
            </form>
          )
        }}
      </Loaded>
      <div role="status" class="stack">{found && <Found of={found} />}</div>
    </>
  )
}
