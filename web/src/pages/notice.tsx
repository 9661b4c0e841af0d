// The notice: whoever has the code reads who asked, what, why, when and what can be done, takes the
// proof along, and challenges. Sealed, unknown and wrong codes read the same.
import { useRef, useState } from 'preact/hooks'
import { call, Refusal, save, type Challenge, type ChallengeReceipt, type Notice } from '../lib/api.ts'
import { date, duration, joined, language, languageName, t } from '../lib/i18n.ts'
import { useUnsaved } from '../lib/unsaved.ts'
import { useAction } from '../lib/use.ts'
import { Banner, Button, Check, Day, Facts, Input, PageHead, Panel, ProblemBanner, Said, Section, Tag, When } from '../ui/kit.tsx'
import { ProofTag } from './case.tsx'

type Relief = Challenge['relief'][number]
const reliefs: Relief[] = ['declare_unlawful', 'delete', 'exclude', 'limit', 'compensation']

/** "xa k7qx2mza pl4c-vt3h …" as the form writes it: a country, and seven groups of four. */
export function readCode(typed: string): string | null {
  const plain = typed.toUpperCase().replace(/[\s-]/g, '').replace(/0/g, 'O').replace(/1/g, 'I').replace(/8/g, 'B')
  if (!/^[A-Z]{2}[A-Z2-7]{28}$/.test(plain)) return null
  return [plain.slice(0, 2), ...plain.slice(2).match(/.{4}/g)!].join('-')
}

function Challenged({ of }: { of: ChallengeReceipt }) {
  return (
    <Banner tone="good" live title={t('challenge.done', { court: of.court })}>
      <Facts rows={[[t('challenge.number'), <strong class="mono" dir="ltr">{of.number}</strong>], [t('challenge.received'), <When at={of.received} />], [t('challenge.ruling'), <Day at={of.ruling_due} />]]} />
      <p>{t(of.carried ? 'challenge.suspended' : 'challenge.waits')}</p>
      <div class="row"><Button icon="doc" onClick={() => save(new Blob([JSON.stringify({ filing: of.filing, receipt: of.receipt }, null, 2)], { type: 'application/json' }), `${of.number}.json`)}>{t('challenge.keep')}</Button></div>
    </Banner>
  )
}

function ChallengeForm({ code, languages }: { code: string; languages: string[] }) {
  const [grounds, setGrounds] = useState('')
  const [relief, setRelief] = useState<Relief[]>([])
  const [contact, setContact] = useState('')
  const [representative, setRepresentative] = useState('')
  const [wrong, setWrong] = useState(false)
  const [receipt, setReceipt] = useState<ChallengeReceipt | null>(null)
  useUnsaved(!receipt && (grounds.trim() !== '' || relief.length > 0))
  const form = useRef<HTMLFormElement>(null)
  const file = useAction(async () => {
    if (grounds.trim().length < 20 || relief.length === 0) {
      setWrong(true)
      // To the first that is to be mended.
      return void setTimeout(() => form.current?.querySelector<HTMLElement>(grounds.trim().length < 20 ? 'textarea' : 'input[type="checkbox"]')?.focus())
    }
    const own = language() === 'xx' ? 'en' : language()
    setReceipt(await call('challenge', { body: { code, grounds: grounds.trim(), relief, language: languages.includes(own) ? own : (languages[0] ?? own), ...(contact.trim() ? { contact: contact.trim() } : {}), ...(representative.trim() ? { representative: representative.trim() } : {}) } }))
  })
  if (receipt) return <Challenged of={receipt} />
  return (
    <form class="form" ref={form} noValidate onSubmit={(e) => { e.preventDefault(); file.start() }}>
      <Input label={t('challenge.grounds')} hint={t('challenge.grounds.hint')} rows={7} value={grounds} onChange={setGrounds} error={wrong && grounds.trim().length < 20 ? t('challenge.grounds.wrong') : undefined} />
      <fieldset class="choices">
        <legend>{t('challenge.relief')}</legend>
        {wrong && relief.length === 0 && <p class="error">{t('challenge.relief.wrong')}</p>}
        {reliefs.map((r) => <Check key={r} label={t(`relief.${r}`)} checked={relief.includes(r)} onChange={(on) => setRelief(on ? [...relief, r] : relief.filter((x) => x !== r))} />)}
      </fieldset>
      <Input label={`${t('challenge.contact')} (${t('optional')})`} hint={t('challenge.contact.hint')} value={contact} onChange={setContact} wide />
      <Input label={`${t('challenge.representative')} (${t('optional')})`} value={representative} onChange={setRepresentative} wide />
      {file.problem && <ProblemBanner of={file.problem} />}
      <div class="actions"><Button kind="primary" type="submit" busy={file.busy}>{t('challenge.file')}</Button><span class="small muted">{t('challenge.effect')}</span></div>
    </form>
  )
}

function Shown({ of, code }: { of: Notice; code: string }) {
  const bundle = useAction(async () => save(await call('downloadNotice', { body: { code } }), 'notice.bundle'))
  const foreign = of.language !== language()
  return (
    <>
      <Panel>
        <div class="row"><ProofTag of={of.proof} />{foreign && <Tag icon="globe">{t('notice.in-language', { language: languageName(of.language) })}</Tag>}</div>
        <Facts wide rows={[
          [t('notice.what'), <div lang={of.language}><Said block>{of.what}</Said></div>], [t('notice.why'), <div lang={of.language}><Said block>{of.why}</Said></div>], [t('notice.when'), <When at={of.obtained_at} />],
          [t('notice.who'), <ul class="plain-list">{of.authorities.map((a) => <li key={a}><bdi>{a}</bdi></li>)}</ul>], [t('notice.basis'), <bdi>{of.legal_basis}</bdi>],
          [t('notice.deferrals'), of.deferrals.length ? <ul class="plain-list">{of.deferrals.map((d) => <li key={d.until}><bdi>{d.court}</bdi>: {t('notice.until', { at: date(d.until) })}</li>)}</ul> : t('notice.not-deferred')],
          [t('notice.given'), <When at={of.given} />],
          ...(of.destroyed.length ? [[t('notice.destroyed'), <ul class="plain-list">{of.destroyed.map((d) => <li key={d.act + d.at}>{t(`act.${d.act}`)}: <When at={d.at} /></li>)}</ul>] as [string, preact.ComponentChild]] : []),
        ]} />
        <div class="row"><Button icon="doc" busy={bundle.busy} onClick={() => bundle.start()}>{t('notice.bundle')}</Button><Button onClick={() => print()}>{t('print')}</Button></div>
        {bundle.problem && <ProblemBanner of={bundle.problem} />}
        <p class="small muted">{t('notice.bundle.text')}</p>
      </Panel>
      <Section title={t('notice.remedy')}>
        <Panel>
          <Facts wide rows={[
            [t('remedy.court'), <bdi>{of.remedy.court}</bdi>], [t('remedy.address'), <bdi>{of.remedy.address}</bdi>], [t('remedy.limit'), <>{duration(of.remedy.time_limit)}{of.remedy.last_day && <> · <strong>{t('remedy.last-day', { at: date(of.remedy.last_day) })}</strong></>}</>],
            [t('remedy.aid'), <bdi>{of.remedy.legal_aid}</bdi>], [t('remedy.languages'), joined(of.remedy.languages.map(languageName))], [t('remedy.oversight'), <bdi>{of.remedy.oversight}</bdi>],
          ]} />
        </Panel>
      </Section>
      <Section title={t('challenge.title')}>
        {of.challenge === 'possible' ? <Panel><ChallengeForm code={code} languages={of.remedy.languages} /></Panel> : <Banner tone="info">{t(`challenge.state.${of.challenge}`)}{of.ruling && <p lang={of.language}><Said block>{of.ruling}</Said></p>}</Banner>}
      </Section>
    </>
  )
}

export function NoticePage() {
  const [typed, setTyped] = useState('')
  const [wrong, setWrong] = useState(false)
  const [found, setFound] = useState<{ notice: Notice; code: string } | null>(null)
  const [none, setNone] = useState(false)
  const look = useAction(async () => {
    const code = readCode(typed)
    setNone(false)
    setWrong(!code)
    if (!code) return
    try {
      setFound({ notice: await call('lookUpNotice', { body: { code, language: language() } }), code })
    } catch (error) {
      if (!(error instanceof Refusal) || error.problem.status !== 404) throw error
      setNone(true)
    }
  })
  return (
    <>
      <PageHead title={t('notice.title')} lead={t('notice.lead')} />
      {found ? <><p><Button kind="quiet" onClick={() => { setFound(null); setTyped('') }}>{t('notice.another')}</Button></p><Shown of={found.notice} code={found.code} /></> : (
        <>
          <form class="form panel" noValidate onSubmit={(e) => { e.preventDefault(); look.start() }}>
            <Input label={t('notice.code')} hint={t('notice.code.hint')} mono value={typed} onChange={setTyped} dir="ltr" error={wrong ? t('notice.code.wrong') : undefined} />
            {none && <Banner tone="warn" live title={t('notice.none')}><p>{t('notice.none.text')}</p></Banner>}
            {look.problem && <ProblemBanner of={look.problem} />}
            <div class="actions"><Button kind="primary" type="submit" busy={look.busy}>{t('notice.look')}</Button></div>
          </form>
          <Section title={t('notice.about')}><ul class="rules">{['letter', 'same', 'kept', 'free'].map((k) => <li key={k}>{t(`notice.about.${k}`)}</li>)}</ul></Section>
        </>
      )}
    </>
  )
}
