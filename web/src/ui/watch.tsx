// The end of a session is told before it comes (WCAG 2.2.1). Who works at a form calls nothing for a
// long time and is not away: the page says so to the node. Whose session ends nevertheless signs in
// again where they are: what they had typed waits, covered, until the same person is there again.
import { useEffect, useRef, useState } from 'preact/hooks'
import { call, lastHeard, Refusal } from '../lib/api.ts'
import { clock, t } from '../lib/i18n.ts'
import { assert } from '../lib/passkey.ts'
import { useMe } from '../lib/session.ts'
import { nodeNow, useAction, usePasskey } from '../lib/use.ts'
import { Banner, Button, ProblemBanner } from './kit.tsx'

const minute = 60_000
const told = { idle: 5 * minute, end: 10 * minute }

/** What is left: enough; idle, to its end at `at` unless something is done; near its own end; over. */
export type SessionLeft = { is: 'enough' | 'ended' } | { is: 'idle' | 'end'; at: number }

export function useSessionLeft(): SessionLeft & { look: () => void } {
  const { session } = useMe()
  const [left, set] = useState<SessionLeft>({ is: 'enough' })
  const active = useRef(0)
  const looking = useRef<() => void>(() => {})
  useEffect(() => {
    if (!session) return set({ is: 'enough' })
    const idle = session.idle_minutes * minute
    // Asking the node is being heard of again, or learning that it is over.
    const ask = () => void call('getSession').then(() => set({ is: 'enough' }), (error: unknown) => error instanceof Refusal && error.problem.status === 401 && set({ is: 'ended' }))
    const look = () => {
      const now = Date.now()
      const since = now - lastHeard()
      const ends = Date.parse(session.ends) - nodeNow()
      if (ends <= 0) set({ is: 'ended' })
      else if (since >= idle) ask()
      else if (active.current > lastHeard() && since > idle / 6) ask()
      else if (ends < told.end) set({ is: 'end', at: now + ends })
      else if (idle - since < told.idle) set({ is: 'idle', at: now + idle - since })
      else set((old) => (old.is === 'enough' || old.is === 'ended' ? old : { is: 'enough' }))
    }
    looking.current = look
    const mark = () => void (active.current = Date.now())
    const timer = setInterval(look, 10_000)
    addEventListener('focus', look)
    document.addEventListener('visibilitychange', look)
    addEventListener('keydown', mark)
    addEventListener('pointerdown', mark)
    set({ is: 'enough' })
    return () => {
      clearInterval(timer)
      removeEventListener('focus', look)
      document.removeEventListener('visibilitychange', look)
      removeEventListener('keydown', mark)
      removeEventListener('pointerdown', mark)
    }
  }, [session])
  return { ...left, look: () => looking.current() }
}

export function SessionWatch({ of }: { of: ReturnType<typeof useSessionLeft> }) {
  const { session, refresh } = useMe()
  const stay = useAction(async () => {
    await call('getSession')
    of.look()
  })
  const again = usePasskey(async () => {
    const opened = await call('signIn', { body: await assert(await call('beginSignIn')) })
    // What is covered is not for somebody else's eyes.
    if (opened.person !== session?.person) return location.assign('/work')
    await refresh()
  })
  if (!session || of.is === 'enough') return null
  const problem = stay.problem ?? again.problem
  return (
    <div class="wrap session-watch">
      {of.is === 'ended' && <h1 class="visually-hidden">{t('problem.signed-out')}</h1>}
      <Banner tone="warn" live title={'at' in of ? t(`session.${of.is}`, { at: clock(new Date(of.at)) }) : t('problem.signed-out')}>
        <p>{t(`session.${of.is}.text`)}</p>
        {again.failed && <p class="error" role="alert">{t('passkey.failed')}</p>}
        {problem && problem.status !== 401 && <ProblemBanner of={problem} />}
        <p class="row">{of.is === 'idle' ? <Button small kind="primary" busy={stay.busy} onClick={() => stay.start()}>{t('session.stay')}</Button> : <Button small kind="primary" icon="key" busy={again.busy} onClick={() => again.start()}>{t('session.again')}</Button>}</p>
      </Banner>
    </div>
  )
}
