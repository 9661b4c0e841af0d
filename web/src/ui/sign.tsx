// Signing an act: the node prints the bytes, the page says in words what they are, the passkey
// signs, and the case's keeper answers. There is no way to sign two at once.
import { useEffect, useState } from 'preact/hooks'
import { call, type Intent, type Performed, type Prepared } from '../lib/api.ts'
import { fromBase64url, sha256, toBase64url } from '../lib/bytes.ts'
import { t } from '../lib/i18n.ts'
import { assert } from '../lib/passkey.ts'
import { useAction, usePasskey } from '../lib/use.ts'
import { Banner, Button, Dialog, Facts, Hash, LinkButton, ProblemBanner, Said, Waiting } from './kit.tsx'
import { formText } from '../form/texts.ts'
import { actName } from './names.tsx'

export function Sign({ intent, onClose, onDone }: { intent: Intent; onClose: () => void; onDone?: (done: Performed) => void }) {
  const [prepared, setPrepared] = useState<Prepared | null>(null)
  const [digest, setDigest] = useState('')
  const [done, setDone] = useState<Performed | null>(null)
  const prepare = useAction(async () => {
    const next = await call('prepareAct', { body: intent })
    setDigest(toBase64url(await sha256(fromBase64url(next.header))))
    setPrepared(next)
  })
  useEffect(() => prepare.start(), [])
  const perform = usePasskey(async () => {
    const assertion = await assert(prepared!.passkey)
    const performed = await call('performAct', { body: { act: prepared!.act, assertion } })
    setDone(performed)
    onDone?.(performed)
  })
  const href = done ? `/cases/${encodeURIComponent(done.case)}` : ''
  return (
    <Dialog wide title={t('sign.title', { act: actName(intent.act) })} onClose={onClose}>
      {done ? (
        <>
          <Banner tone={done.admitted ? 'good' : 'info'} live title={done.admitted ? t('sign.admitted', { n: done.sequence }) : t('sign.waiting')}>
            <p>{done.admitted ? t('sign.admitted.text') : t('sign.waiting.text')}</p>
          </Banner>
          <div class="row"><LinkButton href={href} kind="primary">{t('sign.to-case')}</LinkButton></div>
        </>
      ) : prepare.problem ? <><ProblemBanner of={prepare.problem} /><Button onClick={onClose}>{t('back')}</Button></> : !prepared ? <Waiting /> : (
        <>
          <p>{t('sign.lead')}</p>
          <Facts wide rows={prepared.reads_back.map((line) => [formText(line.label), <Said>{line.value}</Said>])} />
          <p class="small muted">{t('sign.bytes')} <Hash of={digest} short={false} /></p>
          {perform.failed && <Banner tone="bad" live title={t('passkey.failed')}><p>{t(perform.failed === 'NotAllowedError' ? 'passkey.cancelled' : 'passkey.other')}</p></Banner>}
          {perform.problem && <ProblemBanner of={perform.problem} />}
          <div class="row">
            <Button kind="primary" icon="key" busy={perform.busy} onClick={() => perform.start()}>{t('sign.button')}</Button>
            <Button onClick={onClose}>{t('sign.not-yet')}</Button>
          </div>
        </>
      )}
    </Dialog>
  )
}
