// The roll: who may do what until when, and how somebody comes onto it: an invitation, a passkey of
// their own, and the approval of two people.
import { useState } from 'preact/hooks'
import { call, type Approvable, type Assertion, type Invitation, type Person, type Role } from '../lib/api.ts'
import { fromBase64url } from '../lib/bytes.ts'
import { date, joined, number, t } from '../lib/i18n.ts'
import { assert } from '../lib/passkey.ts'
import { readInstant } from '../lib/schema.ts'
import { holds, useMe } from '../lib/session.ts'
import { useUnsaved } from '../lib/unsaved.ts'
import { useAction, useLoad, usePasskey } from '../lib/use.ts'
import { Banner, Button, Check, Day, Dialog, Due, Empty, Facts, Input, LinkButton, Loaded, PageHead, ProblemBanner, Said, Section, Select, Table, Tag } from '../ui/kit.tsx'
import { HandsSections } from '../ui/hands.tsx'
import { OwnSightings } from '../ui/sightings.tsx'
import { roleName } from '../ui/names.tsx'

/** What is approved is read from the very bytes that the passkey signs (docs/protocol.md, Roll). */
interface Entry { person: string; office: string; roles: Role[]; purpose: string; valid_until: string; trained_until: string }
const read = (bytes: string): Entry => JSON.parse(new TextDecoder().decode(fromBase64url(bytes)))

function Approve({ of, onClose }: { of: Invitation; onClose: () => void }) {
  // Who comes to an enrolment that two others have begun, begins it anew with one of them.
  const [other, setOther] = useState(() => of.approved_by?.person ?? '')
  const bytes = useLoad((signal) => call('prepareApproval', { signal, path: { id: of.id }, query: { with: other } }), [of.id, other])
  const [signed, setSigned] = useState<Assertion[]>([])
  const approve = usePasskey(async (prepared: Approvable) => {
    const assertions = [...signed]
    for (const entry of prepared.entries.slice(assertions.length)) {
      assertions.push(await assert(entry.passkey))
      setSigned([...assertions])
    }
    try {
      await call('approve', { path: { id: of.id }, body: { with: prepared.with.person, assertions } })
      onClose()
    } catch (error) {
      setSigned([])
      throw error
    }
  })
  return (
    <Dialog wide title={t('people.approve')} onClose={onClose}>
      <p>{t('people.approve.text')}</p>
      <Loaded of={bytes}>
        {(prepared) => {
          const entry = read(prepared.entries[0]!.entry)
          return (
            <>
              <Facts wide rows={[
                [t('people.name'), <Said>{prepared.invitation.name}</Said>], [t('people.id'), <bdi dir="ltr">{entry.person}</bdi>],
                [t('directory.office'), <><Said>{prepared.invitation.office_name}</Said> (<bdi dir="ltr">{entry.office}</bdi>)</>], [t('directory.roles'), joined(entry.roles.map(roleName))],
                [t('people.valid'), <Day at={entry.valid_until} />], [t('people.trained'), <Day at={entry.trained_until} />],
                [t('people.invited-by'), <Said>{prepared.invitation.invited_by.name}</Said>], [t('me.key'), <Said>{prepared.label}</Said>],
                [t('people.key-code'), <strong class="mono" dir="ltr">{prepared.key_code}</strong>],
              ]} />
              <Banner tone="warn">{t('people.key-code.compare')}</Banner>
              {prepared.second ? <p>{t('people.second', { who: prepared.with.name })}</p> : (
                <Select label={t('people.other')} hint={t('people.other.hint')} value={other || prepared.with.person} onChange={(v) => { setSigned([]); setOther(v) }} options={prepared.others.map((o): [string, string] => [o.person, o.name])} />
              )}
              {signed.length > 0 && <Banner tone="info" live>{t('people.approve.progress', { n: signed.length })}</Banner>}
              {approve.failed && <Banner tone="bad" live>{t('passkey.failed')}</Banner>}
              {approve.problem && <ProblemBanner of={approve.problem} />}
              <div class="row"><Button kind="primary" icon="key" busy={approve.busy} onClick={() => approve.start(prepared)}>{t('people.approve.button')}</Button><Button onClick={onClose}>{t('cancel')}</Button></div>
            </>
          )
        }}
      </Loaded>
    </Dialog>
  )
}

function Withdraw({ of, onClose, onDone }: { of: Invitation; onClose: () => void; onDone: () => void }) {
  const withdraw = useAction(async () => {
    await call('withdrawInvitation', { path: { id: of.id } })
    onDone()
  })
  return (
    <Dialog title={t('people.withdraw.title', { name: of.name })} onClose={onClose}>
      <p>{t('people.withdraw.text')}</p>
      {withdraw.problem && <ProblemBanner of={withdraw.problem} />}
      <div class="row"><Button kind="danger" busy={withdraw.busy} onClick={() => withdraw.start()}>{t('people.withdraw')}</Button><Button onClick={onClose}>{t('cancel')}</Button></div>
    </Dialog>
  )
}

function End({ of, onClose, onDone }: { of: Person; onClose: () => void; onDone: () => void }) {
  const end = useAction(async (credential: string | null) => {
    if (credential) await call('endPasskey', { path: { entry: of.entry, credential } })
    else await call('endPerson', { path: { entry: of.entry } })
    onDone()
  })
  const keys = of.passkeys.filter((k) => !k.ended)
  return (
    <Dialog title={t('people.end.title', { name: of.name })} onClose={onClose}>
      <p>{t('people.end.text')}</p>
      {end.problem && <ProblemBanner of={end.problem} />}
      <div class="row"><Button kind="danger" busy={end.busy} onClick={() => end.start(null)}>{t('people.end')}</Button><Button onClick={onClose}>{t('cancel')}</Button></div>
      <h3>{t('people.end.key')}</h3>
      <p>{t('people.end.key.text')}</p>
      <ul class="plain-list">
        {keys.map((k) => (
          <li key={k.credential} class="row"><span><bdi>{k.label}</bdi> · {t(`purpose.${k.purpose}`)} · <Day at={k.created} /></span><Button small kind="danger" busy={end.busy} onClick={() => end.start(k.credential)}>{t('people.end.key.button')}<span class="visually-hidden"> {k.label} ({t(`purpose.${k.purpose}`)})</span></Button></li>
        ))}
      </ul>
    </Dialog>
  )
}

export function PeoplePage() {
  const { session } = useMe()
  const admin = holds(session, 'administrator')
  const people = useLoad((signal) => call('listPeople', { signal, query: { limit: 200 } }), [])
  const invitations = useLoad((signal) => (admin ? call('listInvitations', { signal }) : Promise.resolve({ items: [] })), [admin])
  const [approving, setApproving] = useState<Invitation | null>(null)
  const [ending, setEnding] = useState<Person | null>(null)
  const [withdrawing, setWithdrawing] = useState<Invitation | null>(null)
  const open = (i: Invitation) => i.state !== 'enrolled' && i.state !== 'expired'
  const mayApprove = (i: Invitation) => (i.state === 'key-registered' || i.state === 'approved-once') && i.person !== session!.person && i.approved_by?.person !== session!.person
  return (
    <>
      <PageHead title={t('nav.people')} lead={t('people.lead')}>{admin && <LinkButton href="/people/invite" kind="primary" icon="plus">{t('people.invite')}</LinkButton>}</PageHead>
      {invitations.data && invitations.data.items.length > 0 && (
        <Section title={t('people.under-way')}>
          <Table caption={t('people.under-way')} hideCaption head={[t('people.name'), t('directory.office'), t('directory.roles'), t('work.state'), t('people.expires'), t('people.approve'), t('people.withdraw')]}>
            {invitations.data.items.map((i) => (
              <tr key={i.id}>
                <th scope="row"><bdi>{i.name}</bdi></th><td><bdi>{i.office_name}</bdi></td><td>{joined(i.roles.map(roleName))}</td>
                <td><Tag tone={i.state === 'enrolled' ? 'good' : i.state === 'expired' ? 'bad' : 'info'}>{t(`invitation.${i.state}`)}</Tag>{i.approved_by && <p class="small muted">{t('people.approved-by', { who: i.approved_by.name })}</p>}{i.waits_for && <p class="small muted">{t('people.waits-for', { who: i.waits_for.name })}</p>}</td>
                <td><Due at={i.expires} /></td>
                <td>{mayApprove(i) && <Button small onClick={() => setApproving(i)}>{t('people.approve')}<span class="visually-hidden"> {i.name}</span></Button>}</td>
                <td>{open(i) && <Button small kind="danger" onClick={() => setWithdrawing(i)}>{t('people.withdraw')}<span class="visually-hidden"> {i.name}</span></Button>}</td>
              </tr>
            ))}
          </Table>
        </Section>
      )}
      <Section title={t('people.roll')}>
        <Loaded of={people}>
          {({ items }) => items.length === 0 ? <Empty title={t('people.none')} /> : (
            <Table caption={t('people.roll')} hideCaption head={[t('people.name'), t('directory.office'), t('directory.roles'), t('people.trained'), t('people.valid'), t('people.keys'), ...(admin ? [t('people.end')] : [])]}>
              {items.map((p) => (
                <tr key={p.entry} class={p.ended ? 'ended' : ''}>
                  <th scope="row"><bdi>{p.name}</bdi>{p.ended && <p><Tag icon="cross">{t('people.ended')}</Tag></p>}</th>
                  <td><bdi>{p.office_name}</bdi></td><td>{joined(p.roles.map(roleName))}</td><td><Due at={p.trained_until} /></td><td><Day at={p.valid_until} /></td>
                  <td>
                    {number(p.passkeys.filter((k) => !k.ended).length)}
                    {p.passkeys.some((k) => k.purpose === 'sign') && (
                      <details class="details small"><summary>{t('key-acts.open')}<span class="visually-hidden"> {p.name}</span></summary>
                        <ul class="plain-list">
                          {p.passkeys.filter((k) => k.purpose === 'sign').map((k) => (
                            <li key={k.entry}><a href={`/authority/keys/${k.entry}?of=${encodeURIComponent(`${p.name} · ${k.label}`)}`}><bdi>{k.label}</bdi></a> <span class="muted"><Day at={k.created} />{k.ended && <> · {t('people.ended')}</>}</span></li>
                          ))}
                        </ul>
                      </details>
                    )}
                  </td>
                  {admin && <td>{!p.ended && p.person !== session!.person && <Button small kind="danger" onClick={() => setEnding(p)}>{t('people.end')}<span class="visually-hidden"> {p.name}</span></Button>}</td>}
                </tr>
              ))}
            </Table>
          )}
        </Loaded>
      </Section>
      <HandsSections />
      {admin && session!.kind === 'provider' && <OwnSightings />}
      {approving && <Approve of={approving} onClose={() => { setApproving(null); invitations.again(); people.again() }} />}
      {withdrawing && <Withdraw of={withdrawing} onClose={() => setWithdrawing(null)} onDone={() => { setWithdrawing(null); invitations.again() }} />}
      {ending && <End of={ending} onClose={() => setEnding(null)} onDone={() => { setEnding(null); people.again() }} />}
    </>
  )
}

export function InvitePage() {
  const { session } = useMe()
  const directory = useLoad((signal) => call('getDirectory', { signal }), [])
  const [name, setName] = useState('')
  const [person, setPerson] = useState('')
  const [office, setOffice] = useState('')
  const [roles, setRoles] = useState<Role[]>([])
  const [valid, setValid] = useState('')
  const [trained, setTrained] = useState('')
  const [made, setMade] = useState<Invitation | null>(null)
  const [wrong, setWrong] = useState('')
  useUnsaved(!made && !!(name || person || office || valid || trained))
  const day = (typed: string): string | undefined => {
    const read = readInstant(`${typed.trim()} Z`)
    return 'value' in read ? read.value : undefined
  }
  const invite = useAction(async () => {
    const [valid_until, trained_until] = [day(valid), day(trained)]
    if (!name.trim() || !/^[a-z0-9][a-z0-9-]*$/.test(person) || !office || !roles.length || !valid_until || !trained_until) return setWrong(t('people.invite.wrong'))
    setWrong('')
    setMade(await call('invite', { body: { person, name: name.trim(), office, roles, valid_until, trained_until } }))
  })
  return (
    <>
      <PageHead title={t('people.invite')} over={<a href="/people">{t('nav.people')}</a>} lead={t('people.invite.lead')} />
      {made ? (
        <>
          <Banner tone="good" live title={t('people.invited', { name: made.name, at: date(made.expires) })}><p>{t('people.invited.text')}</p></Banner>
          {made.link && <p class="panel mono" dir="ltr"><bdi>{made.link}</bdi></p>}
          <LinkButton href="/people">{t('nav.people')}</LinkButton>
        </>
      ) : (
        <Loaded of={directory}>
          {({ participants }) => {
            const offices = participants.find((p) => p.id === session!.participant)?.offices ?? []
            const held = offices.find((o) => o.id === office)?.roles ?? []
            // An administrator is one of the participant, at whichever office.
            const offered: Role[] = office ? [...held.filter((r) => r !== 'administrator'), 'administrator'] : []
            return (
              <form class="form panel" noValidate onSubmit={(e) => { e.preventDefault(); invite.start() }}>
                {wrong && <Banner tone="bad" live>{wrong}</Banner>}
                {invite.problem && <ProblemBanner of={invite.problem} />}
                <Input label={t('people.name')} value={name} onChange={setName} />
                <Input label={t('people.id')} hint={t('people.id.hint')} value={person} onChange={(v) => setPerson(v.trim())} dir="ltr" />
                <Select label={t('directory.office')} value={office} onChange={(v) => { setOffice(v); setRoles([]) }} options={[['', t('choose')], ...offices.map((o): [string, string] => [o.id, o.name])]} />
                {offered.length > 0 && <fieldset class="choices"><legend>{t('directory.roles')}</legend>{offered.map((r) => <Check key={r} label={roleName(r)} checked={roles.includes(r)} onChange={(on) => setRoles(on ? [...roles, r] : roles.filter((x) => x !== r))} />)}</fieldset>}
                <Input label={t('people.valid')} hint={t('hint.date')} value={valid} onChange={setValid} dir="ltr" />
                <Input label={t('people.trained')} hint={t('hint.date')} value={trained} onChange={setTrained} dir="ltr" />
                <div class="actions"><Button kind="primary" type="submit" busy={invite.busy}>{t('people.invite.button')}</Button></div>
              </form>
            )
          }}
        </Loaded>
      )}
    </>
  )
}
