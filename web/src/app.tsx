// The frame of every page, and the table of pages. Each page is a part of its own, loaded when it
// is first wanted.
import type { ComponentType } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { call, whenSessionEnds, type Role, type Session } from './lib/api.ts'
import { choose, isLanguage, language, languages, t } from './lib/i18n.ts'
import { practise } from './lib/passkey.ts'
import { askBeforeLeaving, go, leave, match, usePlace, type Place } from './lib/route.ts'
import { holds, MeContext, useMe, type Me } from './lib/session.ts'
import { setClock } from './lib/use.ts'
import { Icon, Rings } from './ui/icon.tsx'
import { Banner, Button, Dialog, PageHead, PageWaiting } from './ui/kit.tsx'
import { SessionWatch, useSessionLeft } from './ui/watch.tsx'

export interface PageProps {
  place: Place
  at: Record<string, string>
}
type Page = ComponentType<PageProps>
type Loader = () => Promise<Page>

interface Line {
  pattern: string
  load: Loader
  /** Signed-in people only; roles only leave out what the node would refuse. */
  who?: 'person' | Role[]
}

const publicPages = () => import('./pages/public.tsx')
const law = () => import('./pages/law.tsx')
const notice = () => import('./pages/notice.tsx')
const entry = () => import('./pages/entry.tsx')
const caseFile = () => import('./pages/case.tsx')
const authority = () => import('./pages/authority.tsx')
const people = () => import('./pages/people.tsx')
const oversight = () => import('./pages/oversight.tsx')
const provider = () => import('./pages/provider.tsx')
const request = () => import('./pages/request.tsx')
const staff: Role[] = ['central-authority-officer', 'administrator']

const pages: Line[] = [
  { pattern: '/', load: async () => (await publicPages()).Home },
  { pattern: '/between', load: async () => (await law()).Between },
  { pattern: '/map', load: async () => (await import('./pages/map.tsx')).MapPage },
  { pattern: '/doors', load: async () => (await law()).Doors },
  { pattern: '/transparency', load: async () => (await publicPages()).Transparency },
  { pattern: '/overdue', load: async () => (await publicPages()).Overdue },
  { pattern: '/notice', load: async () => (await notice()).NoticePage },
  { pattern: '/verify', load: async () => (await import('./pages/verify.tsx')).VerifyPage },
  { pattern: '/sign-in', load: async () => (await entry()).SignIn },
  { pattern: '/enrol', load: async () => (await entry()).Enrol },
  { pattern: '/me', load: async () => (await entry()).Mine, who: 'person' },
  { pattern: '/work', load: async () => (await import('./pages/work.tsx')).Work, who: 'person' },
  { pattern: '/drafts', load: async () => (await request()).Drafts, who: 'person' },
  { pattern: '/drafts/new', load: async () => (await request()).NewDraft, who: 'person' },
  { pattern: '/drafts/:id', load: async () => (await request()).EditDraft, who: 'person' },
  { pattern: '/cases/:case', load: async () => (await caseFile()).CasePage, who: 'person' },
  { pattern: '/cases/:case/acts/:hash', load: async () => (await caseFile()).ActPage, who: 'person' },
  { pattern: '/cases/:case/act/:act', load: async () => (await import('./pages/act.tsx')).PerformPage, who: 'person' },
  { pattern: '/cases/:case/judge', load: async () => (await import('./pages/judge.tsx')).JudgePage, who: ['judge'] },
  { pattern: '/cases/:case/produce', load: async () => (await provider()).ProducePage, who: ['response-officer'] },
  { pattern: '/deferrals', load: async () => (await provider()).DeferralsPage, who: ['response-officer', 'central-authority-officer'] },
  { pattern: '/authority', load: async () => (await authority()).OverviewPage, who: [...staff, 'response-officer'] },
  { pattern: '/authority/partners', load: async () => (await authority()).PartnersPage, who: staff },
  { pattern: '/authority/directory', load: async () => (await authority()).DirectoryPage, who: 'person' },
  { pattern: '/authority/keys', load: async () => (await authority()).KeysPage, who: staff },
  { pattern: '/authority/keys/:key', load: async () => (await import('./pages/keyacts.tsx')).KeyActsPage, who: staff },
  { pattern: '/authority/outbox', load: async () => (await authority()).OutboxPage, who: staff },
  { pattern: '/authority/statistics', load: async () => (await authority()).StatisticsPage, who: staff },
  { pattern: '/people', load: async () => (await people()).PeoplePage, who: staff },
  { pattern: '/people/invite', load: async () => (await people()).InvitePage, who: ['administrator'] },
  { pattern: '/oversight', load: async () => (await oversight()).OversightPage, who: ['inspector'] },
  { pattern: '/oversight/questions/:id', load: async () => (await oversight()).AnswerPage, who: ['inspector'] },
  { pattern: '/oversight/compare', load: async () => (await import('./pages/compare.tsx')).ComparePage, who: ['inspector'] },
  { pattern: '/oversight/samples', load: async () => (await oversight()).SamplesPage, who: ['inspector'] },
  { pattern: '/oversight/alarms', load: async () => (await oversight()).AlarmsPage, who: ['inspector'] },
  { pattern: '/oversight/looks', load: async () => (await oversight()).LooksPage, who: ['inspector'] },
]

export const patterns = pages.map((page) => page.pattern)

function navigation(session: Session | null): [string, string][] {
  if (!session)
    return [['/between', 'nav.between'], ['/map', 'nav.map'], ['/doors', 'nav.doors'], ['/transparency', 'nav.transparency'], ['/overdue', 'nav.overdue'], ['/notice', 'nav.notice']]
  const out: [string, string][] = [['/work', 'nav.work']]
  if (holds(session, 'issuing-officer')) out.push(['/drafts', 'nav.drafts'])
  if (holds(session, 'response-officer')) out.push(['/deferrals', 'nav.deferrals'])
  if (holds(session, ...staff, 'response-officer')) out.push(['/authority', 'nav.overview'])
  if (holds(session, ...staff)) out.push(['/authority/partners', 'nav.partners'], ['/people', 'nav.people'], ['/authority/keys', 'nav.keys'], ['/authority/outbox', 'nav.outbox'], ['/authority/statistics', 'nav.statistics'])
  if (holds(session, 'inspector')) out.push(['/oversight', 'nav.oversight'], ['/oversight/samples', 'nav.samples'], ['/oversight/alarms', 'nav.alarms'], ['/oversight/looks', 'nav.looks'])
  out.push(['/authority/directory', 'nav.directory'], ['/between', 'nav.between'])
  return out
}

function Top({ onLanguage }: { onLanguage: (code: string) => void }) {
  const { session, status } = useMe()
  const place = usePlace()
  const [open, setOpen] = useState(false)
  useEffect(() => setOpen(false), [place.path])
  const items = navigation(session)
  const current = [...items].sort((a, b) => b[0].length - a[0].length).find(([href]) => place.path === href || place.path.startsWith(`${href}/`))?.[0]
  return (
    <>
      <a class="skip" href="#main">{t('skip')}</a>
      <div class="top">
        <header class="top-inner">
          <a class="brand" href={session ? '/work' : '/'}><Rings /> Comity</a>
          {status && <span class="brand-of"><bdi>{status.participant_name}</bdi></span>}
          <div class="top-end">
            {session && <a class="top-who" href="/me"><bdi>{session.name}</bdi><span><bdi>{session.office_name}</bdi></span></a>}
            <select aria-label={t('language')} value={language()} onChange={(e) => onLanguage(e.currentTarget.value)}>
              {languages.map(({ code, name }) => <option key={code} value={code} lang={code}>{name}</option>)}
            </select>
            {session ? <SignOut /> : <a class="button button-small" href="/sign-in">{t('sign-in')}</a>}
            <button type="button" class="button button-small nav-toggle" aria-expanded={open} aria-controls="nav" onClick={() => setOpen(!open)}>
              <Icon name="menu" /><span class="visually-hidden">{t('menu')}</span>
            </button>
          </div>
        </header>
      </div>
      <nav class={open ? 'nav nav-open' : 'nav'} id="nav" aria-label={t('nav')}>
        <div class="nav-inner">
          {session && <a class="nav-me" href="/me" aria-current={place.path === '/me' ? 'page' : undefined}><bdi>{session.name}</bdi></a>}
          {items.map(([href, key]) => <a key={href} href={href} aria-current={href === current ? 'page' : undefined}>{t(key)}</a>)}
        </div>
      </nav>
      {(session?.practice || status?.practice) && <aside class="practice" aria-label={t('practice.title')}><div class="wrap"><p>{t('practice.banner')}</p></div></aside>}
    </>
  )
}

function SignOut() {
  const { refresh } = useMe()
  return (
    <Button small onClick={() => void call('signOut').catch(() => {}).then(() => practise(null)).then(refresh).then(() => leave('/'))}>
      {t('sign-out')}
    </Button>
  )
}

function Foot() {
  const { status } = useMe()
  return (
    <footer class="foot">
      <div class="foot-inner">
        {[['/between', 'nav.between'], ['/map', 'nav.map'], ['/doors', 'nav.doors'], ['/transparency', 'nav.transparency'], ['/overdue', 'nav.overdue'], ['/notice', 'nav.notice'], ['/verify', 'printed.title']].map(
          ([href, key]) => <a key={href} href={href}>{t(key!)}</a>,
        )}
        {status && <span class="foot-node">{t('foot.law')} <code title={status.law_pack}>{status.law_pack.slice(0, 10)}</code> · {t('foot.version', { version: status.version })}</span>}
      </div>
    </footer>
  )
}

function Shown({ place }: { place: Place }) {
  const { session } = useMe()
  const [shown, set] = useState<{ Page: Page; path: string } | 'unknown' | 'failed' | null>(null)
  const found = pages.map((line) => ({ line, at: match(line.pattern, place.path) })).find(({ at }) => at)
  const barred = found?.line.who && (!session ? 'sign-in' : Array.isArray(found.line.who) && !holds(session, ...found.line.who) ? 'role' : null)
  useEffect(() => {
    if (!found) return set('unknown')
    if (barred) return set(null)
    let gone = false
    found.line.load().then((Page) => !gone && set({ Page, path: place.path }), () => !gone && set('failed'))
    return () => {
      gone = true
    }
  }, [place.path, barred])
  useEffect(() => {
    if (barred === 'sign-in') go(`/sign-in?to=${encodeURIComponent(place.path + (place.query.size ? `?${place.query}` : ''))}`, true)
  }, [barred, place.path])
  if (barred === 'role') return <><PageHead title={t('barred.title')} /><Banner tone="warn">{t('barred.text')}</Banner></>
  if (shown === 'unknown') return <PageHead title={t('unknown.title')} lead={t('unknown.text')} />
  if (shown === 'failed') return <Banner tone="bad" live title={t('failed.title')}><p><a href={place.path}>{t('again')}</a></p></Banner>
  if (!shown || barred || shown.path !== place.path) return <PageWaiting />
  return <shown.Page key={place.path} place={place} at={found!.at!} />
}

/** The page itself; covered, with what was typed in it, when the session has ended before it was left. */
function Inside({ place }: { place: Place }) {
  const left = useSessionLeft()
  return (
    <main id="main" tabIndex={-1}>
      <SessionWatch of={left} />
      <div class={left.is === 'ended' ? 'wrap page covered' : 'wrap page'} inert={left.is === 'ended'}><Shown place={place} /></div>
    </main>
  )
}

function Leaving() {
  const [to, setTo] = useState<string | null>(null)
  useEffect(() => askBeforeLeaving(setTo), [])
  if (to === null) return null
  return (
    <Dialog title={t('leave.title')} onClose={() => setTo(null)}>
      <p>{t('leave.text')}</p>
      <div class="row">
        <Button kind="primary" onClick={() => setTo(null)}>{t('leave.stay')}</Button>
        <Button kind="danger" onClick={() => { setTo(null); leave(to) }}>{t('leave.go')}</Button>
      </div>
    </Dialog>
  )
}

export function App() {
  const place = usePlace()
  const [me, setMe] = useState<Omit<Me, 'refresh'> | null>(null)
  const [, redraw] = useState(language())
  const refresh = async () => {
    const [session, status] = await Promise.all([call('getSession').catch(() => null), call('getStatus').catch(() => null)])
    if (status) setClock(status.time)
    setMe({ session, status })
  }
  useEffect(() => {
    whenSessionEnds(() => void refresh())
    void refresh()
  }, [])
  const onLanguage = (code: string) => {
    if (!isLanguage(code)) return
    localStorage.setItem('language', code)
    void choose(code).then(() => redraw(code))
  }
  if (!me) return null
  return (
    <MeContext.Provider value={{ ...me, refresh }} key={language()}>
      <Top onLanguage={onLanguage} />
      <Inside place={place} />
      <Leaving />
      <Foot />
    </MeContext.Provider>
  )
}
