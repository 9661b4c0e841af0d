// The code at the end of a letter, from its QR code or typed: whether this node has the sealed act
// that the letter prints, and what it has checked of it. Nothing of what the act says.
import { useEffect, useState } from 'preact/hooks'
import { call, Refusal, type PrintedAct } from '../lib/api.ts'
import { t } from '../lib/i18n.ts'
import { useMe } from '../lib/session.ts'
import { useAction } from '../lib/use.ts'
import { Banner, Button, Facts, Hash, Input, PageHead, Panel, ProblemBanner, When } from '../ui/kit.tsx'
import { actName } from '../ui/names.tsx'
import { ProofTag } from './case.tsx'

/** A letter sets the code in groups of four. */
export function readHash(typed: string): string | null {
  const plain = typed.replace(/\s/g, '')
  return /^[A-Za-z0-9_-]{43}$/.test(plain) ? plain : null
}

function Found({ of }: { of: PrintedAct }) {
  const { status } = useMe()
  return (
    <>
      <Banner tone="good" live title={t('printed.found')}><p>{t('printed.compare')}</p></Banner>
      <Panel>
        <Facts rows={[
          [t('procedure.act'), actName(of.act)], [t('printed.sealed-by'), <bdi>{of.performer_name}</bdi>], [t('case.when'), <When at={of.admitted} />],
          [t('case.number-id'), <><code dir="ltr">{of.case}</code> · {t('case.number', { n: of.sequence })}</>], [t('case.proof'), <ProofTag of={of.proof} />], [t('case.hash'), <Hash of={of.hash} short={false} />],
        ]} />
      </Panel>
      {status && <p><a href={`${status.people_origin}/cases/${encodeURIComponent(of.case)}/acts/${of.hash}`}>{t('printed.case')}</a></p>}
    </>
  )
}

export function VerifyPage() {
  const [typed, setTyped] = useState(() => location.hash.slice(1))
  const [wrong, setWrong] = useState(false)
  const [none, setNone] = useState(false)
  const [found, setFound] = useState<PrintedAct>()
  const look = useAction(async (text: string) => {
    const hash = readHash(text)
    setFound(undefined)
    setNone(false)
    setWrong(!hash)
    if (!hash) return
    try {
      setFound(await call('lookUpAct', { body: { hash } }))
    } catch (error) {
      if (!(error instanceof Refusal) || error.problem.status !== 404) throw error
      setNone(true)
    }
  })
  // The code stands in the fragment, which no server sees in an address.
  useEffect(() => {
    const read = () => {
      const code = location.hash.slice(1)
      setTyped(code)
      if (code) look.start(code)
    }
    read()
    addEventListener('hashchange', read)
    return () => removeEventListener('hashchange', read)
  }, [])
  return (
    <>
      <PageHead title={t('printed.title')} lead={t('printed.lead')} />
      <form class="form panel" noValidate onSubmit={(e) => { e.preventDefault(); look.start(typed) }}>
        <Input label={t('printed.code')} hint={t('printed.code.hint')} mono value={typed} onChange={setTyped} dir="ltr" error={wrong ? t('printed.code.wrong') : undefined} />
        {none && <Banner tone="warn" live title={t('printed.none')}><p>{t('printed.none.text')}</p></Banner>}
        {look.problem && <ProblemBanner of={look.problem} />}
        <div class="actions"><Button kind="primary" type="submit" busy={look.busy}>{t('printed.look')}</Button></div>
      </form>
      {found && <Found of={found} />}
    </>
  )
}
