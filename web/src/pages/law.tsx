// Law without a case: how data is treated between two countries, and where a lawful request goes.
import { useRef, useState } from 'preact/hooks'
import { call, type Category, type LawNote, type LawText, type Treatment } from '../lib/api.ts'
import { country, date, joined, languageName, list, number, t } from '../lib/i18n.ts'
import { go, withQuery } from '../lib/route.ts'
import { holds, useMe } from '../lib/session.ts'
import { useLoad } from '../lib/use.ts'
import type { PageProps } from '../app.tsx'
import { English, Mixed, Source } from '../ui/foreign.tsx'
import { Banner, Button, Country, Day, Details, Empty, Facts, Hash, Input, Loaded, PageHead, Section, Select, Table, Tag } from '../ui/kit.tsx'
import { text, useVocabulary } from '../ui/names.tsx'

const categories: Category[] = ['subscriber', 'access', 'traffic', 'content']

/** Languages are named, not coded. */
const plain = (item: LawText): LawText => (/^[a-z]{2,3}(, [a-z]{2,3})*$/.test(item.text) ? { ...item, text: joined(item.text.split(', ').map(languageName)) } : item)

function Sourced({ items }: { items: LawText[] }) {
  if (!items.length) return <p class="muted">{t('law.unknown')}</p>
  return (
    <ul class="sourced">
      {items.map((item, i) => (
        <li key={i}>
          <p dir="auto"><Mixed of={plain(item)} /></p>
          <p class="small muted"><Source of={item.source} />{item.confidence !== 'found' && <> · {t(`confidence.${item.confidence}`)}</>}</p>
        </li>
      ))}
    </ul>
  )
}

/** Each procedure with its clocks as a list, opened by who wants it: "Mutual legal assistance: a within b of c; …". */
function Clocks({ items }: { items: LawText[] }) {
  if (!items.length) return <p class="muted">{t('law.unknown')}</p>
  return (
    <ul class="sourced">
      {items.map((item, i) => {
        const [, name, all] = /^(.*?)\s?:\s(.*)$/s.exec(item.text) ?? []
        if (!name || !all) return <li key={i}><Sourced items={[item]} /></li>
        const each = all.split(/\s*[;؛]\s+/)
        return <li key={i}><Details summary={<>{name} <span class="count">{number(each.length)}</span></>}><ul>{each.map((clock) => <li key={clock}>{clock}</li>)}</ul></Details></li>
      })}
    </ul>
  )
}

/** What is long, mostly notes of whoever gathered the data, is opened by who wants it. */
function Reservations({ of }: { of: LawNote[] }) {
  const long = of.filter((note) => note.text.length > 120)
  return (
    <>
      {of.filter((note) => note.text.length <= 120).map((note) => <p class="small muted" key={note.text} dir="auto"><Mixed of={note} /></p>)}
      {long.length > 0 && <Details summary={<span class="small">{t('between.notes', { n: long.length })}</span>}>{long.map((note) => <p class="small muted" key={note.text} dir="auto"><Mixed of={note} /></p>)}</Details>}
    </>
  )
}

const byNumber = (a: string, b: string): number => a.localeCompare(b, 'en', { numeric: true })

function Answer({ of }: { of: Treatment }) {
  const parts: [string, LawText[]][] = [
    ['who_asks', of.who_asks], ['who_approves', of.who_approves], ['seriousness', of.seriousness], ['dual_criminality', of.dual_criminality],
    ['refusal', of.refusal], ['languages', of.languages], ['clocks', of.clocks], ['notice', of.notice], ['kept', of.kept], ['remedy', of.remedy],
  ]
  return (
    <>
      <Section title={t('between.instruments')} aside={<Tag tone={of.instruments.length ? 'good' : 'warn'} icon={of.instruments.length ? 'check' : 'warn'}>{t('between.binding', { n: of.instruments.length })}</Tag>}>
        {of.instruments.length === 0 ? <Banner tone="warn" title={t('between.gap')}>{of.without && <p dir="auto">{of.without}</p>}</Banner> : (
          <Table cards caption={t('between.instruments')} hideCaption head={[t('between.instrument'), t('between.articles'), t('between.since'), t('between.source')]}>
            {of.instruments.map((i) => (
              <tr key={i.id}>
                <th scope="row"><bdi>{text(i.title)}</bdi>{!i.covers && <p class="small muted">{t('between.not-covered')}</p>}<Reservations of={i.reservations} /></th>
                <td>{i.articles.length ? <English>{[...i.articles].sort(byNumber).join(', ')}</English> : '–'}</td>
                <td class={/^\d/.test(i.since ?? '') ? 'nowrap' : ''}>{!i.since ? t('unknown') : /^\d{4}-\d\d-\d\d$/.test(i.since) ? <Day at={i.since} /> : i.since}</td>
                <td class="small cell-wide"><English>{i.source}</English></td>
              </tr>
            ))}
          </Table>
        )}
      </Section>
      <Section title={t('between.answers')}>
        <div class="panel"><Facts wide rows={parts.map(([key, items]) => [t(`between.${key}`), key === 'clocks' ? <Clocks items={items} /> : <Sourced items={items} />])} /></div>
      </Section>
      <p class="small muted">{t('between.from', { date: date(of.date) })} <Hash of={of.law_pack} /></p>
    </>
  )
}

export function Between({ place }: PageProps) {
  const countries = useLoad(() => call('listCountries'), [])
  const vocabulary = useVocabulary()
  const query = (name: string) => place.query.get(name) ?? ''
  const [requesting, requested] = [query('from'), query('to')]
  const category = (categories as string[]).includes(query('category')) ? (query('category') as Category) : 'subscriber'
  const treatment = useLoad(
    (signal) => (requesting && requested && requesting !== requested
      ? call('getTreatment', { signal, query: { requesting, requested, category, offence: query('offence') || undefined } })
      : Promise.resolve(null)),
    [requesting, requested, category, query('offence')],
  )
  const set = (name: string) => (value: string) => go(withQuery(place, { [name]: value }), true)
  return (
    <>
      <PageHead title={t('between.title')} lead={t('between.lead')} />
      <Loaded of={countries}>
        {({ items }) => {
          const options: [string, string][] = [['', t('choose')], ...items.map((c): [string, string] => [c.code, country(c.code)]).sort((a, b) => a[1].localeCompare(b[1]))]
          return (
            <div class="filters panel">
              <Select inline label={t('between.requesting')} value={requesting} onChange={set('from')} options={options} />
              <Select inline label={t('between.requested')} value={requested} onChange={set('to')} options={options} />
              <Select inline label={t('category')} value={category} onChange={set('category')} options={categories.map((c) => [c, t(`category.${c}`)])} />
              <Select inline label={t('between.offence')} value={query('offence')} onChange={set('offence')}
                options={[['', t('between.any')], ...(vocabulary.data?.offences ?? []).map((o): [string, string] => [o.id, text(o.title)])]} />
            </div>
          )
        }}
      </Loaded>
      {requesting && requesting === requested ? <Banner tone="warn">{t('between.same')}</Banner>
        : !requesting || !requested ? <Empty title={t('between.start')}><p>{t('between.start.text')}</p></Empty>
          : <Loaded of={treatment}>{(of) => of && <Answer of={of} />}</Loaded>}
    </>
  )
}

/** What is sent back to a letter that asks for data: nothing has happened, and where the door is. */
function Reply() {
  const [copied, setCopied] = useState(false)
  const box = useRef<HTMLTextAreaElement>(null)
  const words = t('doors.reply.text', { page: `${location.origin}/doors` })
  const copy = () => {
    box.current!.select()
    void navigator.clipboard?.writeText(words).then(() => setCopied(true), () => {})
  }
  return (
    <Section title={t('doors.reply')}>
      <div class="panel">
        <div class="field">
          <label for="reply">{t('doors.reply.lead')}</label>
          <textarea id="reply" ref={box} readOnly rows={7} dir="auto" value={words} />
        </div>
        <div class="row"><Button small icon="doc" onClick={copy}>{t('doors.reply.copy')}</Button><span role="status">{copied && t('doors.reply.copied')}</span></div>
      </div>
    </Section>
  )
}

export function Doors() {
  const { session } = useMe()
  const doors = useLoad((signal) => call('listDoors', { signal }), [])
  const [search, set] = useState('')
  return (
    <>
      <PageHead title={t('doors.title')} lead={t('doors.lead')} />
      <ol class="steps">{['basis', 'authority', 'judge', 'form', 'never'].map((key) => <li key={key}><h2>{t(`doors.step.${key}`)}</h2><p>{t(`doors.step.${key}.text`)}</p></li>)}</ol>
      {holds(session, 'response-officer', 'central-authority-officer') && <Reply />}
      <Section title={t('doors.list')}>
        <Input label={t('doors.search')} value={search} onChange={set} type="search" />
        <Loaded of={doors}>
          {({ items }) => {
            const wanted = search.trim().toLocaleLowerCase()
            const left = items.filter((d) => !wanted || `${country(d.country)} ${d.country} ${d.authority}`.toLocaleLowerCase().includes(wanted))
              .sort((a, b) => country(a.country).localeCompare(country(b.country)))
            if (!left.length) return <Empty title={t('nothing-found')} />
            return (
              <Table cards caption={t('doors.list')} hideCaption head={[t('country'), t('doors.authority'), t('doors.languages'), t('doors.channel'), t('doors.source')]}>
                {left.map((d) => (
                  <tr key={d.country + d.authority}>
                    <th scope="row"><Country code={d.country} />{d.participant && <p><Tag tone="good" icon="check">{t('doors.node')}</Tag></p>}</th>
                    <td class="cell-wide"><bdi>{d.authority}</bdi>{d.unit && <p class="small muted"><bdi>{d.unit}</bdi></p>}</td>
                    <td>{list(d.languages.map(languageName))}</td>
                    <td>{d.channel ? <bdi>{d.channel}</bdi> : <span class="muted">{t('unknown')}</span>}{d.contact_24_7 && <Details summary={t('doors.always')}><bdi>{d.contact_24_7}</bdi></Details>}</td>
                    <td class="small muted cell-wide"><English>{d.source}</English> · {t(`confidence.${d.confidence}`)}</td>
                  </tr>
                ))}
              </Table>
            )
          }}
        </Loaded>
      </Section>
    </>
  )
}
