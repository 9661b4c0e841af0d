// What anybody may see: the way in, the transparency reports checked in the browser, and the
// notices that are overdue.
import { useEffect, useState } from 'preact/hooks'
import { call, save, type Build, type Report, type Series } from '../lib/api.ts'
import { fromBase64url } from '../lib/bytes.ts'
import { date, number, percent, t } from '../lib/i18n.ts'
import { documentOf, seriesOf, verify, type Checked } from '../lib/transparency.ts'
import { useLoad } from '../lib/use.ts'
import { Icon, type IconName } from '../ui/icon.tsx'
import { Banner, Button, Country, Empty, Facts, Hash, LinkButton, Loaded, PageHead, Panel, Section, Table, Tag, When, type Tone } from '../ui/kit.tsx'

export function Home() {
  const ways: [string, IconName, string][] = [
    ['/between', 'globe', 'between'], ['/notice', 'eye', 'notice'], ['/doors', 'doc', 'doors'],
    ['/map', 'pin', 'map'], ['/transparency', 'check', 'transparency'], ['/overdue', 'clock', 'overdue'],
  ]
  return (
    <>
      <div class="hero">
        <PageHead title={t('home.title')} lead={t('home.lead')} />
        <p class="row"><LinkButton href="/notice" kind="primary">{t('home.notice')}</LinkButton><LinkButton href="/sign-in">{t('home.sign-in')}</LinkButton></p>
      </div>
      <ul class="ways">
        {ways.map(([href, icon, key]) => (
          <li key={href}>
            <Icon name={icon} />
            <h2><a href={href}>{t(`nav.${key}`)}</a></h2>
            <p>{t(key === 'notice' ? 'home.way.notice' : `home.${key}`)}</p>
          </li>
        ))}
      </ul>
      <Section title={t('home.rules')}>
        <ul class="rules">{['judge', 'receiving', 'person', 'record', 'never'].map((key) => <li key={key}>{t(`home.rule.${key}`)}</li>)}</ul>
      </Section>
    </>
  )
}

// ---- transparency

function useVerified(report: Report | undefined): Checked | null {
  const [checked, set] = useState<Checked | null>(null)
  useEffect(() => {
    set(null)
    if (report) void verify(report).then(set, () => set({ state: 'bad' }))
  }, [report])
  return checked
}

function Verified({ of }: { of: Checked | null }) {
  if (!of) return <Tag icon="clock">{t('verify.checking')}</Tag>
  if (of.state === 'good') return <Tag tone="good" icon="check">{t('verify.good')}</Tag>
  if (of.state === 'bad') return <Tag tone="bad" icon="cross">{t('verify.bad')}</Tag>
  return <Tag icon="info">{t(of.state === 'unsigned' ? 'verify.unsigned' : 'verify.unknown')}</Tag>
}

/** What has been checked, and by whose keys: those of this node's directory, to be compared with another's. */
function Signatures({ report, of }: { report: Report; of: Checked | null }) {
  const opened = of?.checkpoint
  return (
    <Facts wide rows={[
      [t('transparency.issued'), date(report.issued)],
      [t('transparency.digest'), <Hash of={report.digest} short={false} />],
      [t('transparency.leaf'), report.leaf !== undefined ? number(report.leaf) : t('verify.unknown')],
      [t('transparency.signed'), opened?.signed ? <bdi dir="ltr">{opened.origin}</bdi> : undefined],
      [t('transparency.cosigned'), opened?.cosigned.length ? <ul class="plain-list">{opened.cosigned.map((c) => <li key={c.name}><bdi dir="ltr">{c.name}</bdi><p class="small muted"><When at={c.at} /></p></li>)}</ul> : undefined],
      [t('transparency.key'), report.record_key ? <code class="small key-text" dir="ltr">{report.record_key}</code> : undefined],
    ]} />
  )
}

const shown = (value: number, unit: Series['unit']): string => (unit === 'percent' ? percent(value / 100) : number(value, { maximumFractionDigits: 1 }))

/** From the document itself; one that cannot be read is called bad above, and nothing is drawn. */
function drawn(report: Report): Series[] {
  try {
    return seriesOf(documentOf(report))
  } catch {
    return []
  }
}

/** Bars with their numbers in a table: the table is the chart. */
function Bars({ series }: { series: Series }) {
  const max = Math.max(1, ...series.cells.map((cell) => cell.to ?? cell.value))
  const [side, attribute] = series.id.split('.') as [string, string]
  const title = `${t(`side.${side}`)}: ${t(`series.${attribute}`)}`
  return (
    <Table caption={title} head={[t('chart.what'), <span class="visually-hidden">{t('chart.bar')}</span>, <span class="num">{t(`chart.${series.unit}`)}</span>]} tight>
      {series.cells.map((cell) => (
        <tr key={cell.dimension}>
          <th scope="row"><bdi>{t(`tally.${attribute}.${cell.dimension}`)}</bdi></th>
          <td class="bar-cell" aria-hidden="true">
            <svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" focusable="false">
              <rect width={(100 * (cell.to ?? cell.value)) / max} height="10" class={cell.to ? 'bar-band' : 'bar-full'} />
            </svg>
          </td>
          <td class="num">{cell.to ? t('chart.band', { from: cell.value, to: cell.to }) : shown(cell.value, series.unit)}</td>
        </tr>
      ))}
    </Table>
  )
}

function Quarter({ report }: { report: Report }) {
  const checked = useVerified(report)
  return (
    <>
      <Panel>
        <div class="row"><Verified of={checked} /><span class="muted small">{t('transparency.how')}</span></div>
        <Signatures report={report} of={checked} />
        <div class="row"><Button small icon="doc" onClick={() => save(new Blob([fromBase64url(report.canonical) as BlobPart], { type: 'application/json' }), `${report.participant}-${report.period}.json`)}>{t('transparency.save')}</Button><span class="small muted">{t('transparency.sums')}</span></div>
      </Panel>
      <div class="charts">{drawn(report).map((series) => <Bars key={series.id} series={series} />)}</div>
      <p class="small muted">{t('transparency.bands')}</p>
    </>
  )
}

/** "2027-Q1" in words. */
function quarter(period: string): string {
  const [, year, q] = /^(\d{4})-Q([1-4])$/.exec(period) ?? []
  return year ? t('transparency.quarter', { q: Number(q), year }) : period
}

// ---- the program

const stateOf: Record<Build['state'], [Tone, IconName]> = { released: ['good', 'check'], other: ['bad', 'cross'], unknown: ['plain', 'info'] }

/** Which program this node says it runs, and how anybody can hold it to that. */
function Program() {
  const build = useLoad((signal) => call('getBuild', { signal }), [])
  return (
    <Section title={t('build.title')}>
      <Loaded of={build}>
        {(of) => {
          const [tone, icon] = stateOf[of.state]
          const release = of.release
          return (
            <Panel>
              <div class="row"><Tag tone={tone} icon={icon}>{t(`build.${of.state}`)}</Tag><span class="muted small">{t('build.own')}</span></div>
              {of.problem && <p dir="auto">{of.problem.text}</p>}
              <Facts wide rows={[
                [t('build.version'), <bdi dir="ltr">{of.version} · {of.platform}</bdi>],
                [t('build.program'), <Hash of={of.program} short={false} />],
                [t('build.law'), <Hash of={of.law} short={false} />],
                [t('build.pages'), of.pages && <Hash of={of.pages} short={false} />],
                [t('build.source'), release && <Hash of={release.source} short={false} />],
                [t('build.signed'), release && <ul class="plain-list">{release.signers.map((name) => <li key={name}><bdi dir="ltr">{name}</bdi></li>)}</ul>],
                [t('build.log'), release && <><bdi dir="ltr">{release.log}</bdi><p class="small muted">{t('build.entry', { index: release.index, size: release.size })}</p></>],
                [t('transparency.cosigned'), release?.witnesses ? number(release.witnesses) : undefined],
              ]} />
              {release && <div class="row"><Button small icon="doc" onClick={() => save(new Blob([release.proof], { type: 'text/plain' }), 'comity.release')}>{t('build.save')}</Button><span class="small muted">{t('build.check')} <code dir="ltr" lang="en">comity release check comity.release --policy POLICY --program /proc/PID/exe</code></span></div>}
            </Panel>
          )
        }}
      </Loaded>
    </Section>
  )
}

export function Transparency() {
  const reports = useLoad((signal) => call('listReports', { signal, query: { limit: 8 } }), [])
  const [chosen, choose] = useState(0)
  return (
    <>
      <PageHead title={t('transparency.title')} lead={t('transparency.lead')} />
      <Loaded of={reports}>
        {({ items }) => {
          if (!items[chosen]) return <Empty title={t('transparency.none')} />
          return (
            <>
              <div class="choice-line" role="group" aria-label={t('transparency.period')}>
                {items.map((r, i) => <button key={r.period} type="button" aria-pressed={i === chosen} onClick={() => choose(i)}><bdi>{quarter(r.period)}</bdi></button>)}
              </div>
              <Quarter report={items[chosen]!} key={items[chosen]!.digest} />
            </>
          )
        }}
      </Loaded>
      <Program />
    </>
  )
}

// ---- overdue notices

export function Overdue() {
  const overdue = useLoad((signal) => call('listOverdue', { signal }), [])
  return (
    <>
      <PageHead title={t('overdue.title')} lead={t('overdue.lead')} />
      <Loaded of={overdue}>
        {({ items, at, checkpoint_size }) => (
          <>
            {items.length === 0 ? <Empty title={t('overdue.none')}><p>{t('overdue.none.text')}</p></Empty> : (
              <Table caption={t('overdue.title')} hideCaption head={[t('country'), t('overdue.duty'), <span class="num">{t('overdue.count')}</span>, t('overdue.oldest'), t('overdue.commitment')]}>
                {items.map((row) => (
                  <tr key={row.country + row.duty}>
                    <th scope="row"><Country code={row.country} /></th>
                    <td>{t(`duty.${row.duty}`)}</td>
                    <td class="num">{number(row.count)}</td>
                    <td>{date(row.oldest)}</td>
                    <td><Hash of={row.commitment} /></td>
                  </tr>
                ))}
              </Table>
            )}
            <Banner tone="plain">{t('overdue.record', { size: checkpoint_size, at: date(at) })}</Banner>
          </>
        )}
      </Loaded>
    </>
  )
}
