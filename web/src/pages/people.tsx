// The roll: who may do what until when, and how somebody comes onto it: an invitation, a passkey of
// their own, and the approval of two people.
import { useState } from 'preact/hooks'
import { call, type Approvable, type Invitation, type Person, type Role } from '../lib/api.ts'
import { date, joined, t } from '../lib/i18n.ts'
import { assert, PasskeyFailed } from '../lib/passkey.ts'
import { readInstant } from '../lib/schema.ts'
import { holds, useMe } from '../lib/session.ts'
import { useAction, useLoad } from '../lib/use.ts'
import { Banner, Button, Check, Day, Dialog, Due, Empty, Facts, Input, LinkButton, Loaded, PageHead, ProblemBanner, Said, Section, Select, Table, Tag } from '../ui/kit.tsx'
import { roleName, text } from '../ui/names.tsx'

function Approve({ of, onClose }: { of: Invitation; onClose: () => void }) {
  const bytes = useLoad((signal) => call('prepareApproval', { signal, path: { id: of.id } }), [of.id])
  const [failed, setFailed] = useState(false)
  const approve = useAction(async (entry: Approvable) => {
    setFailed(false)
    try {
      await call('approve', { path: { id: of.id }, body: await assert(entry.passkey) })
      onClose()
    } catch (error) {
      if (!(error instanceof PasskeyFailed)) throw error
      setFailed(true)
    }
  })
  return (
    <Dialog title={t('people.approve')} onClose={onClose}>
      <p>{t('people.approve.text')}</p>
      <Loaded of={bytes}>
        {(entry) => (
          <>
            <Facts wide rows={entry.reads_back.map((line) => [text(line.label), <Said>{line.value}</Said>])} />
            {failed && <Banner tone="bad" live>{t('passkey.failed')}</Banner>}
            {approve.problem && <ProblemBanner of={approve.problem} />}
            <div class="row"><Button kind="primary" icon="key" busy={approve.busy} onClick={() => approve.start(entry)}>{t('people.approve.button')}</Button><Button onClick={onClose}>{t('cancel')}</Button></div>
          </>
        )}
      </Loaded>
    </Dialog>
  )
}

function End({ of, onClose, onDone }: { of: Person; onClose: () => void; onDone: () => void }) {
  const end = useAction(async () => {
    await call('endPerson', { path: { entry: of.entry } })
    onDone()
  })
  return (
    <Dialog title={t('people.end.title', { name: of.name })} onClose={onClose}>
      <p>{t('people.end.text')}</p>
      {end.problem && <ProblemBanner of={end.problem} />}
      <div class="row"><Button kind="danger" busy={end.busy} onClick={() => end.start()}>{t('people.end')}</Button><Button onClick={onClose}>{t('cancel')}</Button></div>
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
  return (
    <>
      <PageHead title={t('nav.people')} lead={t('people.lead')}>{admin && <LinkButton href="/people/invite" kind="primary" icon="plus">{t('people.invite')}</LinkButton>}</PageHead>
      {invitations.data && invitations.data.items.length > 0 && (
        <Section title={t('people.under-way')}>
          <Table caption={t('people.under-way')} hideCaption head={[t('people.name'), t('directory.office'), t('directory.roles'), t('work.state'), t('people.expires'), t('people.approve')]}>
            {invitations.data.items.map((i) => (
              <tr key={i.id}>
                <th scope="row"><bdi>{i.name}</bdi></th><td><bdi>{i.office_name}</bdi></td><td>{joined(i.roles.map(roleName))}</td>
                <td><Tag tone={i.state === 'enrolled' ? 'good' : i.state === 'expired' ? 'bad' : 'info'}>{t(`invitation.${i.state}`)}</Tag>{i.approved_by && <p class="small muted">{t('people.approved-by', { who: i.approved_by })}</p>}</td>
                <td><Due at={i.expires} /></td>
                <td>{(i.state === 'key-registered' || i.state === 'approved-once') && <Button small onClick={() => setApproving(i)}>{t('people.approve')}<span class="visually-hidden"> {i.name}</span></Button>}</td>
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
                  <td>{p.passkeys.filter((k) => !k.ended).length}</td>
                  {admin && <td>{!p.ended && p.person !== session!.person && <Button small kind="danger" onClick={() => setEnding(p)}>{t('people.end')}<span class="visually-hidden"> {p.name}</span></Button>}</td>}
                </tr>
              ))}
            </Table>
          )}
        </Loaded>
      </Section>
      {approving && <Approve of={approving} onClose={() => { setApproving(null); invitations.again(); people.again() }} />}
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
  const day = (typed: string): string | undefined => {
    const read = readInstant(`${typed.trim()} Z`)
    return 'value' in read ? read.value : undefined
  }
  const invite = useAction(async () => {
    const [valid_until, trained_until] = [day(valid), day(trained)]
    if (!name.trim() || !/^[a-z0-9][a-z0-9-]*$/.test(person) || !office || !roles.length || !valid_until || !trained_until) return setWrong(t('people.invite.wrong'))
    setWrong('')
    setMade(await call('invite', { body: { person, name: name.trim(), office, roles, valid_until, trained_until, purpose: 'sign' } }))
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
            const offered = offices.find((o) => o.id === office)?.roles ?? []
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
