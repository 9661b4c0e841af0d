// Signing in with a passkey, and nothing else; registering one from an invitation; one's own passkeys.
import { useEffect, useState } from 'preact/hooks'
import { call, type Attestation, type CreationOptions, type Registered } from '../lib/api.ts'
import { date, joined, language, number, t, time } from '../lib/i18n.ts'
import { assert, practise, register } from '../lib/passkey.ts'
import { go } from '../lib/route.ts'
import { useMe } from '../lib/session.ts'
import { useAction, useLoad, usePasskey } from '../lib/use.ts'
import type { PageProps } from '../app.tsx'
import { Banner, Button, Day, Dialog, Due, Facts, Input, LinkButton, Loaded, PageHead, Panel, ProblemBanner, Section, Table, Tag } from '../ui/kit.tsx'
import { OwnAbsence } from '../ui/hands.tsx'
import { roleName } from '../ui/names.tsx'

/** Only a path of these pages; never another host. */
const target = (to: string | null): string => (to && /^\/(?![/\\])/.test(to) ? to : '/work')

export function SignIn({ place }: PageProps) {
  const { refresh, session, status } = useMe()
  const people = status?.people_origin
  useEffect(() => void elsewhere(people), [people])
  const enter = usePasskey(async (person: string | null) => {
    practise(person)
    try {
      const request = await call('beginSignIn')
      await call('signIn', { body: await assert(request) })
      await refresh()
      go(target(place.query.get('to')), true)
    } catch (error) {
      practise(null)
      throw error
    }
  })
  return (
    <div class="entry-page">
      <PageHead title={t('sign-in')} lead={status ? t('sign-in.lead', { node: status.participant_name }) : undefined} />
      {session && <Banner tone="info">{t('sign-in.already', { name: session.name })} <a href="/work">{t('nav.work')}</a></Banner>}
      <Panel>
        <p>{t('sign-in.text')}</p>
        {enter.failed && <Banner tone="bad" live title={t('passkey.failed')}><p>{t(enter.failed === 'NotAllowedError' ? 'passkey.cancelled' : 'passkey.other')}</p></Banner>}
        {enter.problem && <ProblemBanner of={enter.problem} />}
        <p><Button kind="primary" icon="key" busy={enter.busy} onClick={() => enter.start(null)}>{t('sign-in.button')}</Button></p>
        <p class="small muted">{t('sign-in.lost')}</p>
      </Panel>
      {status?.practice && <Practice onChoose={(person) => enter.start(person)} />}
    </div>
  )
}

function Practice({ onChoose }: { onChoose: (person: string) => void }) {
  const people = useLoad((signal) => call('listPractice', { signal }), [])
  return (
    <Panel title={t('practice.title')} tone="warn">
      <p>{t('practice.text')}</p>
      <Loaded of={people}>
        {({ items }) => (
          <ul class="practice-people">
            {items.map((p) => (
              <li key={p.person}>
                <div><strong><bdi>{p.name}</bdi></strong><p class="small muted"><bdi>{p.office_name}</bdi> · {joined(p.roles.map(roleName))}</p></div>
                <Button small onClick={() => onChoose(p.person)}>{t('practice.as')}<span class="visually-hidden"> {p.name}</span></Button>
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </Panel>
  )
}

/** Where a passkey can approve acts, too; who came by the node's other name is sent there. */
function elsewhere(people: string | undefined): boolean {
  if (!people || people === location.origin) return false
  location.replace(people + location.pathname + location.search + location.hash)
  return true
}

/** The link's token stands in the fragment, which no server ever sees in an address. One visit makes
 * two passkeys; when the second fails, the first is kept and the button goes on with the second. */
export function Enrol() {
  const [token, setToken] = useState(() => location.hash.slice(1))
  // A new link, opened where the old one was, changes the fragment alone: the browser loads nothing.
  useEffect(() => {
    const changed = () => setToken(location.hash.slice(1))
    addEventListener('hashchange', changed)
    return () => removeEventListener('hashchange', changed)
  }, [])
  return <Registration key={token} token={token} />
}

function Registration({ token }: { token: string }) {
  const options = useLoad((signal) => (token ? call('enrolmentOptions', { signal, body: { token } }) : Promise.reject(new Error('no token'))), [token])
  const [label, setLabel] = useState('')
  const [made, setMade] = useState<Attestation[]>([])
  const [done, setDone] = useState<Registered>()
  const make = usePasskey(async (wanted: CreationOptions) => {
    const attestations = [...made]
    for (const key of wanted.keys.slice(attestations.length)) {
      attestations.push(await register(wanted, key))
      setMade([...attestations])
    }
    try {
      setDone(await call('registerPasskey', { body: { token, label: label.trim() || t('enrol.key'), attestations } }))
    } catch (error) {
      // The node takes an answer once: what follows is a new beginning.
      setMade([])
      options.again()
      throw error
    }
  })
  return (
    <div class="entry-page">
      <PageHead title={t('enrol.title')} lead={t('enrol.lead')} />
      {!token ? <Banner tone="warn">{t('enrol.no-token')}</Banner> : done ? (
        <>
          <Banner tone="good" live title={t('enrol.done')}><p>{t(done.founding ? 'enrol.done.founder' : 'enrol.done.text')}</p></Banner>
          <Panel title={t('people.key-code')}><p class="key-code mono" dir="ltr">{done.key_code}</p><p>{t(done.founding ? 'enrol.code.founder' : 'enrol.code.text')}</p></Panel>
        </>
      ) : (
        <Loaded of={options}>
          {(wanted) => (
            <Panel>
              <Facts rows={[[t('people.name'), <bdi>{wanted.name}</bdi>], [t('directory.office'), <bdi>{wanted.office_name}</bdi>], [t('directory.roles'), joined(wanted.roles.map(roleName))], [t('people.expires'), <Due at={wanted.expires} />]]} />
              <p>{t('enrol.two')}</p>
              <Input label={t('enrol.label')} hint={t('enrol.label.hint')} value={label} onChange={(v) => setLabel(v.slice(0, 60))} />
              {made.length > 0 && <Banner tone="info" live>{t('enrol.progress', { n: made.length })}</Banner>}
              {make.failed && <Banner tone="bad" live title={t('passkey.failed')}><p>{t(make.failed === 'NotAllowedError' ? 'passkey.cancelled' : make.failed === 'InvalidStateError' ? 'enrol.known' : 'passkey.other')}</p></Banner>}
              {make.problem && <ProblemBanner of={make.problem} />}
              <p><Button kind="primary" icon="key" busy={make.busy} onClick={() => make.start(wanted)}>{t(made.length ? 'enrol.go-on' : 'enrol.button')}</Button></p>
            </Panel>
          )}
        </Loaded>
      )}
    </div>
  )
}

const wroteIn = (): 'en' | 'fr' | 'ar' => { const code = language(); return code === 'xx' ? 'en' : code }

// Whether one is written to when something new waits; only where the node sends mail.
function MailSection() {
  const mail = useLoad((signal) => call('getMail', { signal }), [])
  const [address, setAddress] = useState<string | null>(null)
  const save = useAction(async (to: string | null) => {
    if (to === null) await call('endMail', {})
    else await call('saveMail', { body: { address: to.trim(), language: wroteIn() } })
    setAddress(null)
    mail.again()
  })
  if (!mail.data?.offered) return null
  const { data } = mail
  return (
    <Section title={t('me.mail')}>
      <p>{t('me.mail.text', { domains: joined(data.domains), minutes: number(data.pause_minutes) })}</p>
      {data.given_up ? <Banner tone="warn" title={t('me.mail.refused')}><p>{t('me.mail.refused.text')}</p></Banner> : data.problem && <Banner tone="warn" title={t('me.mail.later')} />}
      {save.problem && <ProblemBanner of={save.problem} />}
      <form class="form" noValidate onSubmit={(e) => { e.preventDefault(); save.start(address ?? data.address ?? '') }}>
        <Input label={t('me.mail.address')} value={address ?? data.address ?? ''} onChange={setAddress} autoComplete="email" dir="ltr" />
        <div class="row">
          <Button type="submit" busy={save.busy}>{t(data.address ? 'me.mail.change' : 'me.mail.begin')}</Button>
          {data.address && <Button busy={save.busy} onClick={() => save.start(null)}>{t('me.mail.end')}</Button>}
        </div>
      </form>
    </Section>
  )
}

export function Mine() {
  const { session } = useMe()
  const keys = useLoad((signal) => call('listOwnPasskeys', { signal }), [])
  const [lost, setLost] = useState<string | null>(null)
  const end = useAction(async (credential: string) => {
    await call('endOwnPasskey', { path: { credential } })
    setLost(null)
    keys.again()
  })
  return (
    <>
      <PageHead title={session!.name} lead={<><bdi>{session!.office_name}</bdi> · <bdi>{session!.participant_name}</bdi></>} />
      <Panel><Facts rows={[[t('directory.roles'), joined(session!.roles.map(roleName))], [t('people.trained'), <Due at={session!.trained_until} />], [t('me.session'), time(session!.ends)]]} /></Panel>
      <Section title={t('me.passkeys')}>
        <Loaded of={keys}>
          {({ items }) => (
            <Table caption={t('me.passkeys')} hideCaption head={[t('me.key'), t('me.purpose'), t('me.made'), t('me.used'), t('me.lost')]}>
              {items.map((k) => (
                <tr key={k.credential}>
                  <th scope="row"><bdi>{k.label}</bdi>{k.ended && <> <Tag icon="cross">{t('people.ended')}</Tag></>}</th><td>{t(`purpose.${k.purpose}`)}</td><td><Day at={k.created} /></td><td>{k.last_used ? date(k.last_used) : '–'}</td>
                  <td>{!k.ended && <Button small kind="danger" onClick={() => setLost(k.credential)}>{t('me.lost')}<span class="visually-hidden"> {k.label} ({t(`purpose.${k.purpose}`)})</span></Button>}</td>
                </tr>
              ))}
            </Table>
          )}
        </Loaded>
        <p class="small muted">{t('me.more-keys')}</p>
      </Section>
      <OwnAbsence />
      <MailSection />
      {lost && (
        <Dialog title={t('me.lost.title')} onClose={() => setLost(null)}>
          <p>{t('me.lost.text')}</p>
          {end.problem && <ProblemBanner of={end.problem} />}
          <div class="row"><Button kind="danger" busy={end.busy} onClick={() => end.start(lost)}>{t('me.lost')}</Button><Button onClick={() => setLost(null)}>{t('cancel')}</Button></div>
        </Dialog>
      )}
      <p><LinkButton href="/work">{t('nav.work')}</LinkButton></p>
    </>
  )
}
