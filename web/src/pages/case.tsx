// A case: who has it, what is owed and possible, its acts in plain sentences, its procedure as a
// picture, its data and evidence.
import { useState } from 'preact/hooks'
import { call, save, type Case, type EvidenceState, type GridRow, type Item, type Possible, type Proof, type TimelineEntry } from '../lib/api.ts'
import { bytes, has, joined, number, t, time } from '../lib/i18n.ts'
import { holds, useMe } from '../lib/session.ts'
import type { Fields, Schema } from '../lib/schema.ts'
import { useAction, useLoad } from '../lib/use.ts'
import type { PageProps } from '../app.tsx'
import { Assessed } from '../ui/assessed.tsx'
import { GridTable } from '../ui/gridtable.tsx'
import { pathTitle } from '../form/field.tsx'
import { FieldsShown, PlaceShown } from '../form/shown.tsx'
import { Source } from '../ui/foreign.tsx'
import { Icon, type IconName } from '../ui/icon.tsx'
import { Banner, Button, Day, Due, Empty, Facts, Hash, LinkButton, Loaded, PageHead, Panel, ProblemBanner, Section, Table, Tabs, Tag, When, type Tone } from '../ui/kit.tsx'
import { actName, procedureName, roleName, sideName } from '../ui/names.tsx'
import { ReadItem } from '../ui/opened.tsx'
import { CaseHands } from '../ui/hands.tsx'
import { CaseSightings } from '../ui/sightings.tsx'
import { Procedure } from '../ui/procedure.tsx'
import { Translations } from '../ui/translation.tsx'

/** Green only where everything has been checked. */
export function ProofTag({ of }: { of: Proof }) {
  const bad = of.seal === 'failed' || of.approval === 'failed' || of.record === 'failed'
  const good = of.seal === 'checked' && (of.approval === 'checked' || of.approval === 'none') && of.record === 'included'
  if (bad) return <Tag tone="bad" icon="cross">{t('proof.failed')}</Tag>
  if (good) return <Tag tone="good" icon="check">{t('proof.good', { n: of.witnesses })}</Tag>
  return <Tag icon="clock">{of.record === 'pending' ? t('proof.pending') : t('proof.unchecked')}</Tag>
}

export function sentence(entry: TimelineEntry): string {
  const key = `say.${entry.act}`
  return has(key) ? t(key, { who: entry.performer_name }) : entry.sentence
}

function Timeline({ id }: { id: string }) {
  const timeline = useLoad((signal) => call('getTimeline', { signal, path: { case: id }, query: { limit: 200 } }), [id])
  return (
    <Loaded of={timeline}>
      {({ items }) => (
        <ol class="timeline">
          {[...items].reverse().map((entry) => (
            <li key={entry.hash}>
              <span class={`spot spot-${entry.act}`} aria-hidden="true" />
              <div class="timeline-body">
                <p class="timeline-say"><bdi>{sentence(entry)}</bdi></p>
                <p class="small muted"><When at={entry.admitted} /> · {entry.role ? roleName(entry.role) : t('case.by-itself')}{entry.person && <> · <bdi class="nowrap">{entry.stood_in_for ? t('hands.person-for', { person: entry.person_name ?? entry.person, name: entry.stood_in_for.name }) : entry.person_name ?? entry.person}</bdi></>}</p>
                <p class="row small">
                  <ProofTag of={entry.proof} />
                  <span class="muted">{t('case.number', { n: entry.sequence })}</span>
                  <Hash of={entry.hash} />
                  {entry.readable && <a href={`/cases/${encodeURIComponent(id)}/acts/${entry.hash}`}>{t('case.read')}<span class="visually-hidden"> {actName(entry.act)}</span></a>}
                </p>
              </div>
            </li>
          ))}
        </ol>
      )}
    </Loaded>
  )
}

export function actHref(id: string, act: string): string {
  const base = `/cases/${encodeURIComponent(id)}`
  if (act === 'authorise') return `${base}/judge`
  if (act === 'produce') return `${base}/produce`
  return `${base}/act/${act}`
}

function NextActs({ of }: { of: Case }) {
  const may = of.possible.filter((p) => p.may)
  const barred = of.possible.filter((p) => !p.may && p.side === of.side)
  const owed = of.owed
  const isOwed = (p: Possible) => owed.some((o) => o.act === p.act)
  // What is owed first is offered first; what destroys is not urged on anybody until its day is near.
  const near = (p: Possible) => owed.some((o) => o.act === p.act && o.due && Date.parse(o.due) < Date.now() + 7 * 86_400_000)
  const destroys = (p: Possible) => ['delete', 'purge', 'discard'].includes(p.act) && !near(p)
  const strong = may.find((p) => isOwed(p) && !destroys(p)) ?? may.find((p) => !destroys(p))
  return (
    <>
      <Panel title={t('case.possible')}>
        {may.length === 0 ? <p class="muted">{t('case.nothing-to-do')}</p> : (
          <div class="act-buttons">
            {[...may].sort((a, b) => Number(b === strong) - Number(a === strong) || Number(destroys(a)) - Number(destroys(b))).map((p) => (
              <LinkButton key={p.act} href={actHref(of.case, p.act)} kind={p === strong ? 'primary' : 'second'}>{actName(p.act)}</LinkButton>
            ))}
          </div>
        )}
        {barred.length > 0 && (
          <ul class="barred small">
            {barred.map((p) => <li key={p.act}><strong>{actName(p.act)}</strong>: {t(`why-not.${p.why_not ?? 'not-your-role'}`, { role: roleName(p.role) })}</li>)}
          </ul>
        )}
      </Panel>
      <Panel title={t('case.owed')}>
        {owed.length === 0 ? <p class="muted">{t('case.nothing-owed')}</p> : (
          <ul class="owed">
            {owed.map((o) => (
              <li key={o.act}>
                <span><strong>{actName(o.act)}</strong> <span class="muted small">{joined([sideName(o.side), roleName(o.role)])}</span></span>
                <Due at={o.due} />
              </li>
            ))}
          </ul>
        )}
      </Panel>
    </>
  )
}

const evidenceTone: Record<EvidenceState['state'], [Tone, IconName]> = { expected: ['plain', 'clock'], complete: ['good', 'check'], destroyed: ['plain', 'cross'], removed: ['plain', 'cross'] }

function ItemState({ of, item }: { of: Case; item: Item }) {
  const { session } = useMe()
  const rows = of.evidence.filter((e) => e.hash === item.cipher_sha256 || e.hash === item.envelope_sha256)
  const row = rows.find((e) => e.hash === item.cipher_sha256)
  if (!row) return <span class="muted">–</span>
  const kept = rows.find((e) => e.refused)
  if (kept?.refused)
    return (
      <>
        <Tag tone="warn" icon="clock">{t('evidence.not-taken')}</Tag>
        <p class="small">{t('evidence.not-taken.since', { name: of.names[kept.to] ?? kept.to, time: time(kept.refused.since), problem: kept.refused.problem })}</p>
      </>
    )
  if (row.from === session?.participant) {
    const here = row.state === 'expected' || row.state === 'complete'
    return <Tag icon={here ? 'clock' : 'check'}>{here ? t('evidence.sent.complete') : t('evidence.sent.gone')}</Tag>
  }
  const [tone, icon] = evidenceTone[row.state]
  return <Tag tone={tone} icon={icon}>{t(`evidence.state.${row.state}`)}</Tag>
}

/** Items that an act of opening names: only those can be read. */
async function openedItems(of: Case, signal: AbortSignal): Promise<Set<string>> {
  const { items } = await call('getTimeline', { signal, path: { case: of.case }, query: { limit: 200 } })
  const acts = items.filter((entry) => entry.act === 'open' && entry.readable)
  const fields = await Promise.all(acts.map((entry) => call('getActFields', { signal, path: { case: of.case, hash: entry.hash } })))
  return new Set(fields.flatMap((f) => (f.fields.items as string[] | undefined) ?? []))
}

function Items({ of }: { of: Case }) {
  const { session } = useMe()
  const id = of.case
  const reader = of.side === 'requesting' && holds(session, 'issuing-officer')
  const loaded = useLoad(async (signal) => {
    const list = (act: string) => call('getManifest', { signal, path: { case: id, act } }).catch(() => null)
    const [released, produced] = await Promise.all([of.side === 'provider' ? null : list('release'), list('produce')])
    const opened = reader && (released || produced) ? await openedItems(of, signal).catch(() => new Set<string>()) : new Set<string>()
    return { released, manifest: released ?? produced, opened }
  }, [id, of.acts])
  const may = (act: string) => of.possible.some((p) => p.act === act && p.may)
  return (
    <Loaded of={loaded}>
      {({ released, manifest, opened }) => (
        <Section title={released ? t('evidence.released') : t('evidence.items')} aside={
          may('produce') ? <LinkButton small href={actHref(id, 'produce')} icon="upload">{t('act.produce')}</LinkButton>
            : may('release') ? <LinkButton small href={actHref(id, 'release')} icon="next">{t('act.release')}</LinkButton>
              : may('open') && manifest?.items.length ? <LinkButton small href={actHref(id, 'open')} icon="key">{t('act.open')}</LinkButton> : null}>
          {!manifest || manifest.items.length === 0 ? <Empty title={t('evidence.none')} /> : (
            <>
              <Table caption={t('evidence.items')} hideCaption head={[t('evidence.name'), t('evidence.type'), <span class="num">{t('evidence.size')}</span>, t('grid.row'), 'SHA-256', t('work.state'), ...(reader ? [t('evidence.read')] : [])]}>
                {manifest.items.map((item) => (
                  <tr key={item.cipher_sha256}>
                    <th scope="row"><bdi>{item.name}</bdi></th><td><bdi>{item.media_type}</bdi></td><td class="num nowrap">{bytes(item.size)}</td><td>{number(item.cell + 1)}</td><td><Hash of={item.plain_sha256} /></td><td><ItemState of={of} item={item} /></td>
                    {reader && <td>{opened.has(item.cipher_sha256) ? <ReadItem id={id} item={item} /> : <span class="muted small">{t('evidence.not-opened')}</span>}</td>}
                  </tr>
                ))}
              </Table>
              <p class="small muted">{t('evidence.manifest')} <Hash of={manifest.manifest_hash} short={false} /></p>
            </>
          )}
        </Section>
      )}
    </Loaded>
  )
}

function Evidence({ of }: { of: Case }) {
  const custody = useLoad((signal) => call('getCustody', { signal, path: { case: of.case } }), [of.case, of.acts])
  const timeline = useLoad((signal) => call('getTimeline', { signal, path: { case: of.case }, query: { limit: 200 } }), [of.case, of.acts])
  const under = (hash: string) => {
    const entry = timeline.data?.items.find((e) => e.hash === hash)
    if (!entry) return <Hash of={hash} />
    const said = <>{actName(entry.act)} <span class="small muted nowrap">{t('case.number', { n: entry.sequence })}</span></>
    return entry.readable ? <a href={`/cases/${encodeURIComponent(of.case)}/acts/${hash}`}>{said}</a> : said
  }
  const bundle = useAction(async () => save(await call('getBundle', { path: { case: of.case } }), `${of.reference}.bundle`))
  const certificate = useAction(async () => save(await call('getCustodyLetter', { path: { case: of.case }, query: {} }), `${of.reference}-custody.pdf`))
  return (
    <>
      <Items of={of} />
      <Section title={t('custody.title')} aside={<span class="row"><Button small icon="doc" busy={certificate.busy} onClick={() => certificate.start()}>{t('custody.letter')}</Button><Button small icon="doc" busy={bundle.busy} onClick={() => bundle.start()}>{t('case.bundle')}</Button></span>}>
        {bundle.problem && <ProblemBanner of={bundle.problem} />}
        {certificate.problem && <ProblemBanner of={certificate.problem} />}
        <Loaded of={custody}>
          {({ holdings }) => holdings.length === 0 ? <Empty title={t('custody.none')} /> : (
            <Table caption={t('custody.title')} hideCaption head={[t('custody.holder'), t('evidence.name'), t('custody.from'), t('custody.destroyed'), t('custody.under')]}>
              {holdings.map((h) => (
                <tr key={h.holder + h.cipher_sha256}>
                  <th scope="row"><bdi>{of.names[h.holder] ?? h.holder}</bdi></th><td><bdi>{h.name}</bdi></td><td><When at={h.from} /></td>
                  <td>{h.destroyed ? <div class="stack-tight"><Tag icon="check">{t('custody.gone')}</Tag><div><When at={h.destroyed} /></div></div> : <Tag tone="info">{t('custody.held')}</Tag>}</td>
                  <td>{under(h.under)}</td>
                </tr>
              ))}
            </Table>
          )}
        </Loaded>
      </Section>
    </>
  )
}

function DataSought({ rows }: { rows: GridRow[] }) {
  return (
    <Section title={t('grid.title')}>
      {rows.length === 0 ? <Empty title={t('grid.unreadable')} /> : <GridTable rows={rows} />}
    </Section>
  )
}

function Verdict({ id }: { id: string }) {
  const verdict = useLoad((signal) => call('getVerdict', { signal, path: { case: id } }), [id])
  return (
    <Loaded of={verdict} quiet>
      {(v) => (
        <Banner tone={v.may === 'yes' ? 'good' : v.may === 'no' ? 'bad' : 'warn'} title={t(`verdict.${v.may}`, { office: v.office_name, under: v.under })}>
          <p dir="auto">{v.because}</p>
          <p class="small muted"><bdi>{v.rule}</bdi> · <Source of={v.source} /> · {t('verdict.directory', { n: v.directory })}</p>
          {v.callback && <p><strong>{t('verdict.callback')}</strong> <bdi dir="ltr">{v.callback}</bdi> {v.callback_confirmed ? <Tag tone="good" icon="check">{t('verdict.confirmed')}</Tag> : <Tag tone="warn" icon="warn">{t('verdict.unconfirmed')}</Tag>}</p>}
        </Banner>
      )}
    </Loaded>
  )
}

export function CasePage({ place, at }: PageProps) {
  const { session } = useMe()
  const id = at.case!
  const found = useLoad((signal) => call('getCase', { signal, path: { case: id } }), [id])
  const tab = place.query.get('tab') ?? 'timeline'
  const base = `/cases/${encodeURIComponent(id)}`
  return (
    <Loaded whole of={found}>
      {(of) => (
        <>
          <PageHead title={of.reference} over={<><a href="/work">{t('nav.work')}</a> · {procedureName(of.procedure)}</>}
            lead={<><bdi>{of.requesting_name}</bdi> <Icon name="next" /> <bdi>{of.requested_name}</bdi> <Icon name="next" /> <bdi>{of.provider_name}</bdi></>} />
          {session?.kind === 'provider' && <Verdict id={id} />}
          {of.submissions.map((s) => <Banner key={s.hash} tone={s.state === 'waiting' ? 'info' : 'bad'} title={t(`submission.${s.state}`, { act: actName(s.act) })}><p dir="auto">{s.answer}</p></Banner>)}
          <Panel>
            <Facts rows={[
              [t('work.state'), <Tag tone={of.state === 'suspended' ? 'warn' : of.state === 'at-rest' ? 'good' : 'info'}>{t(`state.${of.state}`)}</Tag>],
              [t('work.holder'), <bdi>{of.keeper_name}</bdi>],
              [t('category'), t(`category.${of.category}`)],
              [t('case.seal-end'), of.seal_end ? <Day at={of.seal_end} /> : t('case.no-seal')],
              [t('case.notice-due'), of.notice_due ? <><Due at={of.notice_due} /><p class="small muted">{t('case.notice-by-itself')}</p></> : undefined],
              [t('case.retention'), of.retention_end ? <Day at={of.retention_end} /> : undefined],
              [t('case.number-id'), <code class="case-id" dir="ltr">{of.case}</code>],
            ]} />
          </Panel>
          <Tabs label={t('case.tabs')} current={tab === 'timeline' ? base : `${base}?tab=${tab}`} items={[
            [base, t('case.tab.timeline'), of.acts], [`${base}?tab=procedure`, t('case.tab.procedure')], [`${base}?tab=data`, t('case.tab.data')],
            [`${base}?tab=evidence`, t('case.tab.evidence')], [`${base}?tab=findings`, t('case.tab.findings')],
          ]} />
          <div class={tab === 'procedure' ? '' : 'with-side'}>
            <div class="stack">
              {tab === 'procedure' ? <Procedure id={id} procedure={of.procedure} acts={of.acts} may={of.possible.filter((p) => p.may).map((p) => p.act)} />
                : tab === 'data' ? <DataSought rows={of.grid} />
                  : tab === 'evidence' ? <Evidence of={of} />
                    : tab === 'findings' ? <CaseFindings id={id} />
                      : <Timeline id={id} key={of.acts} />}
            </div>
            {tab !== 'procedure' && <aside class="side" aria-label={t('case.side')}><NextActs of={of} /><CaseSightings id={id} /><CaseHands id={id} /></aside>}
          </div>
        </>
      )}
    </Loaded>
  )
}

function CaseFindings({ id }: { id: string }) {
  const assessment = useLoad((signal) => call('getCaseAssessment', { signal, path: { case: id } }), [id])
  return <Loaded of={assessment}>{(of) => <Assessed of={of} />}</Loaded>
}

// ---- one act: what may be read of it, and what changed

/** The forms whose fields a question can name. */
const requests = ['request', 'extraordinary-request']

/** The language that an act says its texts are in. */
function statedLanguage(fields: Fields): string | undefined {
  const { original } = (fields.language ?? {}) as { original?: unknown }
  return typeof original === 'string' ? original : undefined
}

export function ActPage({ at }: PageProps) {
  const [id, hash] = [at.case!, at.hash!]
  const fields = useLoad((signal) => call('getActFields', { signal, path: { case: id, hash } }), [id, hash])
  const timeline = useLoad((signal) => call('getTimeline', { signal, path: { case: id }, query: { limit: 200 } }), [id])
  const file = useLoad((signal) => call('getCase', { signal, path: { case: id } }), [id])
  const [chosen, setBeside] = useState<string | null>(null)
  const entry = timeline.data?.items.find((e) => e.hash === hash)
  const others = (timeline.data?.items ?? []).filter((e) => e.hash !== hash && e.readable)
  // An answer is read beside its question, a judge's decision beside what was asked for.
  const natural = { answer: 'ask', authorise: 'request' }[entry?.act ?? '']
  const beside = chosen ?? others.filter((e) => e.act === natural && e.sequence < entry!.sequence).at(-1)?.hash ?? ''
  // What an answer changes are fields of the request.
  const compared = fields.data?.act === 'answer' ? 'request' : fields.data?.form
  const form = useLoad(async (signal) => (compared && beside ? ((await call('getForm', { signal, path: { form: compared } })) as Schema) : null), [compared, !!beside])
  const difference = useLoad((signal) => (beside ? call('getDifference', { signal, path: { case: id, hash }, query: { with: beside } }) : Promise.resolve(null)), [hash, beside])
  const letter = useAction(async () => save(await call('getLetter', { path: { case: id, hash }, query: {} }), `${hash.slice(0, 10)}.pdf`))
  const receipt = useAction(async () => save(await call('getReceipt', { path: { case: id, hash }, query: {} }), `${hash.slice(0, 10)}-receipt.pdf`))
  return (
    <Loaded whole of={fields}>
      {(of) => (
        <>
          <PageHead title={actName(of.act)} over={<a href={`/cases/${encodeURIComponent(id)}`}>{t('case.back')}</a>} lead={entry && <bdi>{sentence(entry)}</bdi>}>
            <Button icon="doc" busy={letter.busy} onClick={() => letter.start()}>{t('letter')}</Button>
            <Button icon="doc" busy={receipt.busy} onClick={() => receipt.start()}>{t('letter.receipt')}</Button>
          </PageHead>
          {letter.problem && <ProblemBanner of={letter.problem} />}
          {receipt.problem && <ProblemBanner of={receipt.problem} />}
          {entry && <Panel><Facts rows={[[t('case.when'), <When at={entry.admitted} />], [t('case.by'), <><bdi>{entry.performer_name}</bdi> · {entry.role ? roleName(entry.role) : t('case.by-itself')}</>], [t('case.proof'), <ProofTag of={entry.proof} />], [t('case.hash'), <Hash of={hash} short={false} />]]} /></Panel>}
          {of.hidden.length > 0 && <Banner tone="plain" title={t('case.hidden', { n: of.hidden.length })}><p>{t('case.hidden.text')}</p></Banner>}
          {others.length > 0 && (
            <div class="field field-inline">
              <label for="beside">{t('difference.with')}</label>
              <select id="beside" value={beside} onChange={(e) => setBeside(e.currentTarget.value)}>
                <option value="">{t('difference.none')}</option>
                {others.map((e) => <option key={e.hash} value={e.hash}>{t('case.number', { n: e.sequence })} · {actName(e.act)}</option>)}
              </select>
            </div>
          )}
          {beside && (
            <Loaded of={difference}>
              {(d) => d && (d.changes.length === 0 ? <Empty title={t('difference.same')} /> : (
                <Table caption={t('difference.title', { n: d.changes.length })} head={[t('difference.field'), t('difference.before'), t('difference.after')]}>
                  {d.changes.map((c) => (
                    <tr key={c.pointer}>
                      <th scope="row">{form.data ? pathTitle(form.data, c.pointer) : ''}{c.question && <p class="small" dir="auto">{c.question}</p>}{c.answer && <p class="small muted" dir="auto">{c.answer}</p>}</th>
                      <td>{c.before === undefined ? <span class="muted">{t('difference.absent')}</span> : <del><Shown schema={form.data} pointer={c.pointer} value={c.before} /></del>}</td>
                      <td>{c.after === undefined ? <span class="muted">{t('difference.absent')}</span> : <ins><Shown schema={form.data} pointer={c.pointer} value={c.after} /></ins>}</td>
                    </tr>
                  ))}
                </Table>
              ))}
            </Loaded>
          )}
          <Translations key={hash} path={{ case: id, hash }} stated={statedLanguage(of.fields)} mayAsk={requests.includes(of.form) && !!file.data?.possible.some((p) => p.act === 'ask' && p.may)}>
            <FieldsShown form={of.form} fields={of.fields} />
          </Translations>
          {entry?.act === 'notify' && <p><Icon name="eye" /> {t('case.notice-is-public-to-person')}</p>}
        </>
      )}
    </Loaded>
  )
}

const Shown = ({ schema, pointer, value }: { schema: Schema | null | undefined; pointer: string; value: unknown }) => (schema ? <PlaceShown schema={schema} pointer={pointer} value={value} /> : null)
