// Whose hands a case is in: handing over, standing in, each by one statement that the passkey signs.
import { useState } from 'preact/hooks'
import { call, type Caseload, type Caseworker, type HandsDeed, type HandsWish, type ItemHands, type StandIn, type WorklistItem } from '../lib/api.ts'
import { fromBase64url } from '../lib/bytes.ts'
import { date, joined, number, t } from '../lib/i18n.ts'
import { assert } from '../lib/passkey.ts'
import { holds, useMe } from '../lib/session.ts'
import { useUnsaved } from '../lib/unsaved.ts'
import { nodeNow, useLoad, usePasskey } from '../lib/use.ts'
import { Banner, Button, Check, Dialog, Empty, Facts, Input, Loaded, ProblemBanner, Said, Section, Select, Table, Tag } from './kit.tsx'

/** The end of a stand-in is not in it: people say its last day. */
export const lastDay = (until: string): string => date(new Date(Date.parse(until) - 1))

const count = (deed: HandsDeed): number => (deed.moves ?? []).reduce((sum, move) => sum + move.cases.length, 0)

/** What a statement says, in one line: "31 cases from Ivo to Mira". */
export function deedLine(deed: HandsDeed): string {
  if (deed.deed === 'stand-in')
    return t(deed.cases?.length ? 'hands.line.stand-in-some' : 'hands.line.stand-in', { person: deed.person!.name, absent: deed.absent!.name, from: date(deed.from!), until: lastDay(deed.until!), n: deed.cases?.length ?? 0 })
  if (deed.deed === 'stand-in-end') return t('hands.line.end')
  const from = (deed.moves ?? []).map((move) => move.from?.name ?? t('hands.nobody')).join(', ')
  return t('hands.line.over', { n: count(deed), from, to: deed.to?.name ?? t('hands.nobody') })
}

/** Beside a case: who has it, and for whom one has it oneself. */
export function HandsOf({ of }: { of?: ItemHands }) {
  const { session } = useMe()
  if (!of) return null
  if (of.stand_in?.person === session!.person) return <p class="small"><Tag tone="info" icon="person">{t('hands.for', { name: of.name, until: lastDay(of.until!) })}</Tag></p>
  const standIn = of.stand_in && t('hands.stands-in', { name: of.stand_in.name, until: lastDay(of.until!) })
  if (of.mine) return <><p class="small"><Tag tone="info" icon="person">{t('hands.yours')}</Tag></p>{standIn && <p class="small muted">{standIn}</p>}</>
  return <p class="small muted"><bdi>{of.name}</bdi>{standIn && <> · {standIn}</>}</p>
}

/** What is signed is read from the very bytes that the passkey signs (docs/decisions/040). */
interface Bytes { by: string; what: { to?: string; moves?: { from: string; cases: string[] }[]; absent?: string; person?: string; from?: string; until?: string; cases?: string[] } }
const read = (statement: string): Bytes => JSON.parse(new TextDecoder().decode(fromBase64url(statement)))

/** Shows what a wish would sign now, and signs it. */
function Statement({ wish, onDone, onClose, back }: { wish: HandsWish; onDone: () => void; onClose: () => void; back?: boolean }) {
  const prepared = useLoad((signal) => call('prepareHands', { signal, body: wish }), [JSON.stringify(wish)])
  const sign = usePasskey(async (statement: string) => {
    const assertion = await assert(prepared.data!.passkey)
    await call('signHands', { body: { statement, assertion } })
    onDone()
  })
  const close = <Button onClick={onClose}>{t(back ? 'back' : 'cancel')}</Button>
  if (prepared.problem) return <><ProblemBanner of={prepared.problem} /><div class="row">{close}</div></>
  return (
    <Loaded of={prepared}>
      {(ready) => {
        const { what } = read(ready.statement)
        const names = new Map([ready.what.to, ready.what.absent, ready.what.person, ...(ready.what.moves ?? []).map((m) => m.from)].flatMap((p) => (p ? [[p.person, p.name] as const] : [])))
        const name = (person: string) => (person ? names.get(person) ?? person : t('hands.nobody'))
        return (
          <>
            <p>{t('hands.sign.text')}</p>
            <Facts wide rows={ready.what.deed === 'hand-over' ? [
              ...what.moves!.map((move): [string, preact.ComponentChildren] => [t('hands.from'), <><Said>{name(move.from)}</Said> · {t('work.total', { n: move.cases.length })}</>]),
              [t('hands.to'), <Said>{name(what.to!)}</Said>],
            ] : ready.what.deed === 'stand-in' ? [
              [t('hands.absent'), <Said>{name(what.absent!)}</Said>], [t('hands.person'), <Said>{name(what.person!)}</Said>],
              [t('hands.first-day'), date(what.from!)], [t('hands.last-day'), lastDay(what.until!)],
              [t('hands.cases'), what.cases!.length ? t('work.total', { n: what.cases!.length }) : t('hands.all')],
            ] : [[t('hands.what'), t('hands.line.end')]]} />
            {ready.left > 0 && <Banner tone="warn">{t('hands.left', { n: ready.left })}</Banner>}
            {sign.failed && <Banner tone="bad" live>{t('passkey.failed')}</Banner>}
            {sign.problem && <ProblemBanner of={sign.problem} />}
            <div class="row"><Button kind="primary" icon="key" busy={sign.busy} onClick={() => sign.start(ready.statement)}>{t('hands.sign')}</Button>{close}</div>
          </>
        )
      }}
    </Loaded>
  )
}

// One person for each of these acts of a request (threat T04): who holds another than who is away would check them.
const fourEyes = ['issuing-officer', 'supervising-officer', 'judge', 'central-authority-officer'] as const
const couldReplace = (person: Caseworker, absent: Caseworker): boolean =>
  person.person !== absent.person && absent.roles.every((role) => person.roles.includes(role)) && !fourEyes.some((role) => person.roles.includes(role) && !absent.roles.includes(role))

const byName = (a: { name: string }, b: { name: string }) => a.name.localeCompare(b.name)
const option = (p: Caseworker): [string, string] => [p.person, joined([p.name, p.office_name, t('work.total', { n: p.cases })])]

/** Over to whom: one of these people, or nobody. */
function Over({ title, among, wish, onClose, onDone }: { title: string; among: (person: Caseworker) => boolean; wish: Pick<HandsWish, 'cases' | 'all_of'>; onClose: () => void; onDone: () => void }) {
  const people = useLoad((signal) => call('listCaseworkers', { signal }), [])
  const [to, setTo] = useState('')
  const nobody = '-'
  return (
    <Dialog wide title={title} onClose={onClose}>
      <p>{t('hands.over.text')}</p>
      <Loaded of={people}>
        {({ items }) => <Select label={t('hands.to')} value={to} onChange={setTo} options={[['', t('choose')], ...items.filter(among).sort(byName).map(option), [nobody, t('hands.nobody')]]} />}
      </Loaded>
      {to ? <Statement wish={{ deed: 'hand-over', ...wish, to: to === nobody ? undefined : to }} onDone={onDone} onClose={onClose} /> : <div class="row"><Button onClick={onClose}>{t('cancel')}</Button></div>}
    </Dialog>
  )
}

/** Hands chosen cases over. An administrator gives them to anybody; others take them or give them back. */
export function HandOver({ cases, onClose, onDone }: { cases: string[]; onClose: () => void; onDone: () => void }) {
  const { session } = useMe()
  const admin = holds(session, 'administrator')
  return <Over title={t('hands.over.title', { n: cases.length })} among={(p) => admin || p.person === session!.person} wish={{ cases }} onClose={onClose} onDone={onDone} />
}

/** All that is in somebody's hands, for who leads. */
function HandAllOver({ of, onClose, onDone }: { of: Caseload; onClose: () => void; onDone: () => void }) {
  return <Over title={t('hands.all-of.title', { name: of.name })} among={(p) => p.person !== of.person} wish={{ all_of: of.person }} onClose={onClose} onDone={onDone} />
}

/** A day as it is typed, at its beginning where the reader is. */
function dayStart(typed: string, later = 0): string | undefined {
  const found = /^\s*(\d{4})-(\d{2})-(\d{2})\s*$/.exec(typed)
  if (!found) return undefined
  const [year, month, day] = found.slice(1).map(Number) as [number, number, number]
  if (new Date(year, month - 1, day).getDate() !== day || month < 1 || month > 12) return undefined // there is no such day
  return new Date(year, month - 1, day + later).toISOString().replace(/\.\d{3}Z$/, 'Z')
}

const today = (): string => {
  const now = new Date(nodeNow())
  return [now.getFullYear(), String(now.getMonth() + 1).padStart(2, '0'), String(now.getDate()).padStart(2, '0')].join('-')
}

/** All that somebody has in hand: a list to choose from. */
async function casesOf(person: string, signal: AbortSignal): Promise<WorklistItem[]> {
  const items: WorklistItem[] = []
  let after: string | undefined
  do {
    const page = await call('listWork', { signal, query: { hands: person, limit: 200, after } as never })
    items.push(...page.items)
    after = page.next
  } while (after && items.length < 500)
  return items
}

function ChooseCases({ of, chosen, onChange }: { of: string; chosen: string[]; onChange: (chosen: string[]) => void }) {
  const cases = useLoad((signal) => casesOf(of, signal), [of])
  return (
    <Loaded of={cases}>
      {(items) => items.length === 0 ? <Empty title={t('hands.none')} /> : (
        <fieldset class="choices choices-long">
          <legend>{t('hands.cases')}</legend>
          {items.map((item) => (
            <Check key={item.case} label={<><bdi>{item.reference}</bdi> · <bdi>{item.partner_name}</bdi></>} checked={chosen.includes(item.case)}
              onChange={(on) => onChange(on ? [...chosen, item.case] : chosen.filter((id) => id !== item.case))} />
          ))}
        </fieldset>
      )}
    </Loaded>
  )
}

/** Who is away, from when until when, and who stands in: for oneself, or, for who leads, for anybody. */
export function Away({ self, onClose, onDone }: { self?: string; onClose: () => void; onDone: () => void }) {
  const found = useLoad((signal) => call('listCaseworkers', { signal }), [])
  const people = found.data?.items ?? []
  const [absent, setAbsent] = useState(self ?? '')
  const [person, setPerson] = useState('')
  const [from, setFrom] = useState(today)
  const [until, setUntil] = useState('')
  const [some, setSome] = useState(false)
  const [chosen, setChosen] = useState<string[]>([])
  const [wish, setWish] = useState<HandsWish | null>(null)
  const [wrong, setWrong] = useState('')
  useUnsaved(!!(person || until || chosen.length))
  // The node decides; the page leaves out what it would refuse.
  const away = people.find((p) => p.person === absent)
  const colleagues = away ? people.filter((p) => couldReplace(p, away)) : []
  const ready = () => {
    const [begins, ends] = [dayStart(from), dayStart(until, 1)]
    if (!absent || !person || !begins || !ends || (some && chosen.length === 0)) return setWrong(t('hands.away.wrong'))
    setWrong('')
    setWish({ deed: 'stand-in', absent, person, from: begins, until: ends, cases: some ? chosen : undefined })
  }
  return (
    <Dialog wide title={t(self ? 'hands.away' : 'hands.away.other')} onClose={onClose}>
      {wish ? (
        <Statement wish={wish} onDone={onDone} onClose={() => setWish(null)} back />
      ) : (
        <Loaded of={found}>{() => (
        <form class="form" noValidate onSubmit={(e) => { e.preventDefault(); ready() }}>
          <p>{t('hands.away.text')}</p>
          {wrong && <Banner tone="bad" live>{wrong}</Banner>}
          {!self && <Select label={t('hands.absent')} value={absent} onChange={(v) => { setAbsent(v); setPerson(''); setChosen([]) }} options={[['', t('choose')], ...[...people].sort(byName).map(option)]} />}
          <Select label={t('hands.person')} hint={absent && colleagues.length === 0 ? t('hands.no-colleague') : t('hands.person.hint')} value={person} onChange={setPerson} options={[['', t('choose')], ...colleagues.sort(byName).map(option)]} />
          <Input label={t('hands.first-day')} hint={t('hint.date')} value={from} onChange={setFrom} dir="ltr" narrow />
          <Input label={t('hands.last-day')} hint={t('hint.date')} value={until} onChange={setUntil} dir="ltr" narrow />
          {absent && <Check label={t('hands.some')} hint={t('hands.some.hint')} checked={some} onChange={setSome} />}
          {absent && some && <ChooseCases of={absent} chosen={chosen} onChange={setChosen} />}
          <div class="row"><Button kind="primary" type="submit">{t('hands.go-on')}</Button><Button onClick={onClose}>{t('cancel')}</Button></div>
        </form>
        )}</Loaded>
      )}
    </Dialog>
  )
}

function End({ of, onClose, onDone }: { of: StandIn; onClose: () => void; onDone: () => void }) {
  return (
    <Dialog title={t('hands.end.title')} onClose={onClose}>
      <p>{t('hands.end.text', { person: of.person.name, absent: of.absent.name })}</p>
      <Statement wish={{ deed: 'stand-in-end', statement: of.statement }} onDone={onDone} onClose={onClose} />
    </Dialog>
  )
}

function StandIns({ items, onEnd }: { items: StandIn[]; onEnd: (of: StandIn) => void }) {
  const { session } = useMe()
  const may = (of: StandIn) => of.absent.person === session!.person || holds(session, 'administrator')
  if (items.length === 0) return null
  return (
    <Table cards caption={t('hands.stand-ins')} hideCaption head={[t('hands.absent'), t('hands.person'), t('hands.first-day'), t('hands.last-day'), t('hands.cases'), t('hands.end')]}>
      {items.map((of) => (
        <tr key={of.statement}>
          <th scope="row"><bdi>{of.absent.name}</bdi></th>
          <td><bdi>{of.person.name}</bdi></td>
          <td>{date(of.from)}</td>
          <td>{lastDay(of.until)}</td>
          <td>{of.cases.length ? number(of.cases.length) : t('hands.all')}</td>
          <td>{may(of) && <Button small onClick={() => onEnd(of)}>{t('hands.end')}<span class="visually-hidden"> {of.person.name}</span></Button>}</td>
        </tr>
      ))}
    </Table>
  )
}

/** On one's own page: when one is away, and for whom one stands in. */
export function OwnAbsence() {
  const { session } = useMe()
  const hands = useLoad((signal) => call('getHands', { signal }), [])
  const [away, setAway] = useState(false)
  const [ending, setEnding] = useState<StandIn | null>(null)
  const me = session!.person
  const done = () => { setAway(false); setEnding(null); hands.again() }
  // Who works on no cases has none to leave to somebody.
  if (!session!.roles.some((role) => role !== 'administrator')) return null
  return (
    <Section title={t('hands.absence')} aside={<Button small icon="person" onClick={() => setAway(true)}>{t('hands.away')}</Button>}>
      <Loaded of={hands}>
        {({ stand_ins }) => {
          const mine = stand_ins.filter((s) => s.absent.person === me || s.person.person === me)
          return mine.length === 0 ? <p class="muted">{t('hands.absence.none')}</p> : <StandIns items={mine} onEnd={setEnding} />
        }}
      </Loaded>
      {away && <Away self={me} onClose={() => setAway(false)} onDone={done} />}
      {ending && <End of={ending} onClose={() => setEnding(null)} onDone={done} />}
    </Section>
  )
}

/** For who leads: who has how many cases, who stands in for whom, and what was signed about it. */
export function HandsSections() {
  const { session } = useMe()
  const admin = holds(session, 'administrator')
  const hands = useLoad((signal) => call('getHands', { signal }), [])
  const signed = useLoad((signal) => call('listHandStatements', { signal, query: { limit: 50 } as never }), [])
  const [over, setOver] = useState<Caseload | null>(null)
  const [away, setAway] = useState(false)
  const [ending, setEnding] = useState<StandIn | null>(null)
  const done = () => { setOver(null); setAway(false); setEnding(null); hands.again(); signed.again() }
  const busy = hands.data?.caseloads ?? []
  const used = busy.length > 0 || (hands.data?.stand_ins.length ?? 0) > 0 || (signed.data?.items.length ?? 0) > 0
  return (
    <Section title={t('hands.title')} aside={admin && <Button small icon="person" onClick={() => setAway(true)}>{t('hands.away.other')}</Button>}>
      <Loaded of={hands}>
        {({ nobody, stand_ins }) => (
          <>
            {!used && <p class="muted">{t('hands.unused')}</p>}
            {used && nobody > 0 && <p><a href="/work?hands=nobody&state=open">{t('hands.nobody-open', { n: nobody })}</a></p>}
            {busy.length > 0 && (
              <Table cards caption={t('hands.caseloads')} head={[t('people.name'), t('hands.cases'), ...(admin ? [t('hands.over')] : [])]}>
                {[...busy].sort(byName).map((p) => (
                  <tr key={p.person}>
                    <th scope="row"><bdi>{p.name}</bdi></th>
                    <td><a href={`/work?hands=${encodeURIComponent(p.person)}`}>{number(p.cases)}<span class="visually-hidden"> {t('hands.in-hands-of', { name: p.name })}</span></a></td>
                    {admin && <td><Button small onClick={() => setOver(p)}>{t('hands.over.all')}<span class="visually-hidden"> {p.name}</span></Button></td>}
                  </tr>
                ))}
              </Table>
            )}
            {stand_ins.length > 0 && <><h3>{t('hands.stand-ins')}</h3><StandIns items={stand_ins} onEnd={setEnding} /></>}
          </>
        )}
      </Loaded>
      {signed.data && signed.data.items.length > 0 && (
        <>
          <h3>{t('hands.signed')}</h3>
          <ul class="plain-list signed">
            {signed.data.items.map((one) => (
              <li key={one.hash}><span><bdi>{deedLine(one.what)}</bdi> <span class="small muted">{t('hands.by', { name: one.what.by.name, at: date(one.what.at) })}</span></span> <Tag tone={one.verified ? 'good' : 'bad'} icon={one.verified ? 'check' : 'cross'}>{t(one.verified ? 'hands.verified' : 'hands.not-verified')}</Tag></li>
            ))}
          </ul>
        </>
      )}
      {signed.problem && <ProblemBanner of={signed.problem} />}
      {over && <HandAllOver of={over} onClose={() => setOver(null)} onDone={done} />}
      {away && <Away onClose={() => setAway(false)} onDone={done} />}
      {ending && <End of={ending} onClose={() => setEnding(null)} onDone={done} />}
    </Section>
  )
}

/** On a case: who has it, who stands in, and through whose hands it went. */
export function CaseHands({ id }: { id: string }) {
  const { session } = useMe()
  const found = useLoad((signal) => call('getCaseHands', { signal, path: { case: id } }), [id])
  const [over, setOver] = useState(false)
  const mine = (person?: string) => person === session!.person
  const works = !!session && session.roles.some((role) => role !== 'administrator')
  return (
    <Loaded of={found} quiet>
      {({ hands, stand_ins, history }) => {
        const may = holds(session, 'administrator') || (works && (!hands || mine(hands.person)))
        return (
          <section class="panel" aria-labelledby="case-hands">
            <h2 id="case-hands" class="panel-title">{t('hands.title')}</h2>
            <p>{hands ? <strong><bdi>{hands.name}</bdi></strong> : <span class="muted">{t('hands.nobodys')}</span>}</p>
            {stand_ins.map((s) => <p key={s.statement} class="small">{t('hands.line.stand-in', { person: s.person.name, absent: s.absent.name, from: date(s.from), until: lastDay(s.until) })}</p>)}
            {history.length > 0 && (
              <details class="details"><summary>{t('hands.history')}</summary>
                <ul class="plain-list small">
                  {history.map((change, i) => (
                    <li key={i}>
                      <bdi>{t('hands.line.one', { from: change.from?.name ?? t('hands.nobody'), to: change.to?.name ?? t('hands.nobody') })}</bdi>{' '}
                      <span class="muted">{change.by ? t('hands.by', { name: change.by.name, at: date(change.at) }) : t('hands.left-roll', { at: date(change.at) })}</span>
                      {change.verified === false && <> <Tag tone="bad" icon="cross">{t('hands.not-verified')}</Tag></>}
                    </li>
                  ))}
                </ul>
              </details>
            )}
            {may && <Button small icon="person" onClick={() => setOver(true)}>{t('hands.over')}</Button>}
            {over && <HandOver cases={[id]} onClose={() => setOver(false)} onDone={() => { setOver(false); found.again() }} />}
          </section>
        )
      }}
    </Loaded>
  )
}
