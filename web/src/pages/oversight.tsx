// Oversight: all cases of the country, saved questions, a sample that nobody could foresee, alarms;
// and oversight's own looks, for those who watch it.
import { useState } from 'preact/hooks'
import { call, save } from '../lib/api.ts'
import { number, t } from '../lib/i18n.ts'
import { useAction, useLoad } from '../lib/use.ts'
import type { PageProps } from '../app.tsx'
import { Banner, Button, Empty, Facts, Hash, Input, LinkButton, Loaded, PageHead, Panel, ProblemBanner, Section, Table, Tag, When } from '../ui/kit.tsx'
import { text } from '../ui/names.tsx'
import { WorkRows } from './work.tsx'

export function OversightPage() {
  const questions = useLoad((signal) => call('listQuestions', { signal }), [])
  const alarms = useLoad((signal) => call('listAlarms', { signal, query: { limit: 5 } }), [])
  const cases = useLoad((signal) => call('listWork', { signal, query: { limit: 20 } }), [])
  const open = alarms.data?.items.filter((a) => !a.seen) ?? []
  return (
    <>
      <PageHead title={t('oversight.title')} lead={t('oversight.lead')}><LinkButton href="/oversight/compare" icon="check">{t('compare.title')}</LinkButton><LinkButton href="/oversight/samples" icon="search">{t('sample.draw')}</LinkButton></PageHead>
      {open.length > 0 && <Banner tone="bad" title={t('alarms.open', { n: open.length })}><ul>{open.map((a) => <li key={a.id}>{t(`alarm.kind.${a.kind}`)}: <bdi>{a.title}</bdi></li>)}</ul><p><a href="/oversight/alarms">{t('nav.alarms')}</a></p></Banner>}
      <Section title={t('questions.title')}>
        <Loaded of={questions}>
          {({ items }) => <ul class="ways ways-tight">{items.map((q) => <li key={q.id}><h3><a href={`/oversight/questions/${encodeURIComponent(q.id)}`}><bdi>{text(q.title)}</bdi></a></h3>{q.digest && <p class="small muted">{t('questions.digest')}</p>}</li>)}</ul>}
        </Loaded>
      </Section>
      <Section title={t('oversight.cases')} aside={<a href="/work">{t('oversight.all')}</a>}>
        <Loaded of={cases}>{({ items }) => (items.length ? <WorkRows items={items} caption={t('oversight.cases')} /> : <Empty title={t('work.none')} />)}</Loaded>
      </Section>
    </>
  )
}

export function AnswerPage({ at }: PageProps) {
  const questions = useLoad((signal) => call('listQuestions', { signal }), [])
  const answer = useLoad((signal) => call('askQuestion', { signal, path: { id: at.id! }, query: { limit: 200 } }), [at.id])
  const question = questions.data?.items.find((q) => q.id === at.id)
  return (
    <>
      <PageHead title={question ? text(question.title) : t('questions.title')} over={<a href="/oversight">{t('nav.oversight')}</a>} lead={t('questions.kept')} />
      <Loaded of={answer}>
        {(of) => (
          <>
            <Panel><Facts rows={[[t('questions.found'), number(of.items.length)], [t('questions.asked'), <When at={of.asked} />], [t('questions.checkpoint'), number(of.checkpoint_size)]]} /></Panel>
            {of.items.length === 0 ? <Empty title={t('questions.none')} /> : (
              <Table caption={t('questions.title')} hideCaption head={[t('work.case'), t('questions.why'), t('questions.at'), t('work.holder')]}>
                {of.items.map((row) => <tr key={row.case}><th scope="row"><a href={`/cases/${encodeURIComponent(row.case)}`}><bdi>{row.reference}</bdi></a></th><td dir="auto">{row.why}</td><td><When at={row.at} /></td><td><bdi>{row.holder_name}</bdi></td></tr>)}
              </Table>
            )}
          </>
        )}
      </Loaded>
    </>
  )
}

export function SamplesPage() {
  const samples = useLoad((signal) => call('listSamples', { signal }), [])
  const [size, setSize] = useState('40')
  const [purpose, setPurpose] = useState('')
  const [wrong, setWrong] = useState(false)
  const draw = useAction(async () => {
    const n = Number(size)
    if (!Number.isInteger(n) || n < 1 || n > 1000 || purpose.trim().length < 10) return setWrong(true)
    setWrong(false)
    await call('drawSample', { body: { size: n, purpose: purpose.trim() } })
    samples.again()
  })
  return (
    <>
      <PageHead title={t('nav.samples')} over={<a href="/oversight">{t('nav.oversight')}</a>} lead={t('sample.lead')} />
      <form class="form panel" noValidate onSubmit={(e) => { e.preventDefault(); draw.start() }}>
        <Input label={t('sample.size')} narrow value={size} onChange={setSize} dir="ltr" error={wrong && !(Number(size) >= 1 && Number(size) <= 1000) ? t('sample.size.wrong') : undefined} />
        <Input label={t('sample.purpose')} hint={t('sample.purpose.hint')} value={purpose} onChange={setPurpose} rows={3} error={wrong && purpose.trim().length < 10 ? t('sample.purpose.wrong') : undefined} />
        {draw.problem && <ProblemBanner of={draw.problem} />}
        <div class="actions"><Button kind="primary" type="submit" busy={draw.busy}>{t('sample.draw')}</Button></div>
      </form>
      <Loaded of={samples}>
        {({ items }) => items.length === 0 ? <Empty title={t('sample.none')} /> : (
          <>
            {items.map((s) => (
              <Section key={s.id} title={s.purpose} aside={<Tag tone={s.drawn ? 'good' : 'plain'} icon={s.drawn ? 'check' : 'clock'}>{s.drawn ? t('sample.drawn') : t('sample.waiting')}</Tag>}>
                <Panel><Facts rows={[[t('sample.size'), number(s.size)], [t('questions.asked'), <When at={s.asked} />], [t('sample.checkpoint'), s.checkpoint_size ? number(s.checkpoint_size) : undefined], [t('sample.root'), s.checkpoint_root ? <Hash of={s.checkpoint_root} short={false} /> : undefined]]} /></Panel>
                {s.document && <div class="row"><Button small icon="doc" onClick={() => save(new Blob([s.document!], { type: 'application/json' }), `sample-${s.id}.json`)}>{t('sample.keep')}</Button><span class="small muted">{t('sample.again')}</span></div>}
                {s.cases.length > 0 && <WorkRows items={s.cases} caption={s.purpose} />}
              </Section>
            ))}
          </>
        )}
      </Loaded>
    </>
  )
}

export function AlarmsPage() {
  const alarms = useLoad((signal) => call('listAlarms', { signal, query: {} }), [])
  const see = useAction(async (id: string) => {
    await call('seeAlarm', { path: { id } })
    alarms.again()
  })
  return (
    <>
      <PageHead title={t('nav.alarms')} over={<a href="/oversight">{t('nav.oversight')}</a>} lead={t('alarms.lead')} />
      {see.problem && <ProblemBanner of={see.problem} />}
      <Loaded of={alarms}>
        {({ items }) => items.length === 0 ? <Empty title={t('alarms.none')} /> : (
          <ul class="alarms">
            {items.map((a) => (
              <li key={a.id} class={a.seen ? 'panel' : a.grade === 'act' ? 'panel panel-bad' : 'panel panel-warn'}>
                <p class="row"><Tag tone={a.grade === 'act' ? 'bad' : 'warn'} icon="warn">{t(`alarm.${a.grade}`)}</Tag><strong>{t(`alarm.kind.${a.kind}`)}</strong><span class="muted small"><When at={a.at} /></span>{a.seen && <Tag icon="eye">{t('alarms.seen')}</Tag>}</p>
                <h2 class="panel-title"><bdi>{a.title}</bdi></h2>
                <p dir="auto">{a.facts}</p>
                <p class="row">{a.case && <LinkButton small href={`/cases/${encodeURIComponent(a.case)}`}>{t('alarms.case')}</LinkButton>}{!a.seen && <Button small busy={see.busy} onClick={() => see.start(a.id)}>{t('alarms.see')}<span class="visually-hidden"> {a.title}</span></Button>}</p>
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </>
  )
}

export function LooksPage() {
  const looks = useLoad((signal) => call('listLooks', { signal, query: { limit: 200 } }), [])
  return (
    <>
      <PageHead title={t('nav.looks')} over={<a href="/oversight">{t('nav.oversight')}</a>} lead={t('looks.lead')} />
      <Loaded of={looks}>
        {({ items }) => items.length === 0 ? <Empty title={t('looks.none')} /> : (
          <Table caption={t('nav.looks')} hideCaption head={[t('looks.when'), t('looks.who'), t('looks.what'), t('work.case'), t('looks.purpose')]}>
            {items.map((l, i) => <tr key={i}><td><When at={l.at} /></td><th scope="row"><bdi>{l.person_name}</bdi><p class="small muted"><bdi>{l.office}</bdi></p></th><td>{t(`look.${l.what}`)}</td><td>{l.case ? <a href={`/cases/${encodeURIComponent(l.case)}`}><code class="small">{l.case.slice(0, 12)}</code></a> : '–'}</td><td dir="auto">{l.purpose}</td></tr>)}
          </Table>
        )}
      </Loaded>
    </>
  )
}
