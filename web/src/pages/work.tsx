// The worklist: what is owed, by deadline. Filters stand in the address; arrow keys move from case
// to case.
import { useEffect, useRef, useState } from 'preact/hooks'
import { call, type SavedView, type WorklistItem } from '../lib/api.ts'
import { number, t } from '../lib/i18n.ts'
import { go, withQuery } from '../lib/route.ts'
import { holds, useMe } from '../lib/session.ts'
import { useAction, useLoad } from '../lib/use.ts'
import type { PageProps } from '../app.tsx'
import { Icon } from '../ui/icon.tsx'
import { Button, Day, Dialog, Due, Empty, Input, LinkButton, Loaded, More, PageHead, ProblemBanner, Select, Table, Tag, useKeptFocus, type Tone } from '../ui/kit.tsx'
import { HandOver, HandsOf } from '../ui/hands.tsx'
import { actName, procedureName } from '../ui/names.tsx'

const filters = ['direction', 'partner', 'procedure', 'category', 'state', 'hands', 'due', 'mine', 'q', 'sort'] as const
const stateTone: Record<WorklistItem['state'], Tone> = { draft: 'plain', open: 'info', waiting: 'plain', suspended: 'warn', 'at-rest': 'good' }

/** Cases that are chosen, by their ids. */
interface Choosing { chosen: string[]; onChange: (chosen: string[]) => void }

export function WorkRows({ items, caption, choosing }: { items: WorklistItem[]; caption: string; choosing?: Choosing }) {
  const body = useRef<HTMLDivElement>(null)
  const last = useRef(-1)
  /** One row, or with Shift all from the one before to it; as it then is, so are they. */
  const choose = (at: number, on: boolean, all: boolean) => {
    const from = all && last.current >= 0 ? last.current : at
    const ids = items.slice(Math.min(from, at), Math.max(from, at) + 1).map((item) => item.case)
    last.current = at
    choosing!.onChange(on ? [...new Set([...choosing!.chosen, ...ids])] : choosing!.chosen.filter((id) => !ids.includes(id)))
  }
  const onKey = (event: KeyboardEvent) => {
    // On a case as on its box, the space bar chooses.
    const link = (event.target as HTMLElement).closest?.('tr')
    if (choosing && event.key === ' ' && link) {
      const at = [...link.parentElement!.children].indexOf(link)
      event.preventDefault()
      return choose(at, !choosing.chosen.includes(items[at]!.case), event.shiftKey)
    }
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (!step || event.altKey || event.ctrlKey || event.metaKey) return
    const links = [...(body.current?.querySelectorAll<HTMLAnchorElement>('a.case-link') ?? [])]
    const at = links.indexOf(document.activeElement as HTMLAnchorElement)
    if (at < 0) return
    event.preventDefault()
    links[at + step]?.focus()
  }
  return (
    <div ref={body} onKeyDown={onKey}>
      <Table cards caption={caption} hideCaption head={[...(choosing ? [<span class="visually-hidden">{t('hands.choose')}</span>] : []), t('work.next'), t('work.case'), t('work.partner'), t('work.state'), t('work.holder'), t('work.seal-end')]}>
        {items.map((item, at) => (
          <tr key={item.case} class={choosing?.chosen.includes(item.case) ? 'chosen' : undefined}>
            {choosing && (
              <td class="choose">
                <input type="checkbox" aria-label={t('hands.choose-one', { name: item.reference })} checked={choosing.chosen.includes(item.case)} onClick={(e) => choose(at, e.currentTarget.checked, e.shiftKey)} />
              </td>
            )}
            <td>
              <div class="next">
                <div><Due at={item.next?.due} />{item.next && <p class="small">{actName(item.next.act)}{item.next.mine && <> <Tag tone="info">{t('work.mine')}</Tag></>}</p>}</div>
                {item.own && <div><Due at={item.own.due} /><p class="small">{actName(item.own.act)} <Tag tone="info">{t('work.mine')}</Tag></p></div>}
              </div>
            </td>
            <th scope="row">
              <a class="case-link" href={`/cases/${encodeURIComponent(item.case)}`}><bdi>{item.reference}</bdi></a>
              <p class="small muted">{procedureName(item.procedure)} · {t(`category.${item.category}`)}</p>
            </th>
            <td><Icon name={item.direction === 'incoming' ? 'in' : item.direction === 'outgoing' ? 'out' : 'eye'} /> <bdi>{item.partner_name}</bdi><p class="small muted">{t(`direction.${item.direction}`)}</p></td>
            <td><Tag tone={stateTone[item.state]}>{t(`state.${item.state}`)}</Tag>{item.stuck && <p><Tag tone="warn" icon="pause">{t(`stuck.${item.stuck}`)}</Tag></p>}</td>
            <td><div><bdi>{item.holder_name}</bdi><HandsOf of={item.hands} /></div></td>
            <td class={item.seal_end ? 'nowrap' : 'nowrap empty-cell'}>{item.seal_end ? <Day at={item.seal_end} /> : <span class="muted">–</span>}</td>
          </tr>
        ))}
      </Table>
    </div>
  )
}

function Views({ query }: { query: string }) {
  const views = useLoad((signal) => call('listViews', { signal }), [])
  const [naming, setNaming] = useState(false)
  const [name, setName] = useState('')
  const keep = useAction(async () => {
    const view: SavedView = { name: name.trim(), query, shared: false }
    await call('saveView', { path: { name: view.name }, body: view })
    setNaming(false)
    views.again()
  })
  const box = useKeptFocus<HTMLDivElement>()
  const remove = useAction(async (name: string) => {
    await call('deleteView', { path: { name } })
    views.again()
  })
  return (
    <div class="row views" ref={box} tabIndex={-1}>
      <span class="muted small">{t('work.views')}</span>
      {views.data?.items.map((view) => (
        <span key={view.name} class="chip">
          <a href={`/work?${view.query}`} aria-current={view.query === query ? 'true' : undefined}><bdi>{view.name}</bdi></a>
          <button type="button" class="link" onClick={() => remove.start(view.name)}><Icon name="cross" /><span class="visually-hidden">{t('list.remove')} {view.name}</span></button>
        </span>
      ))}
      <Button kind="quiet" small icon="plus" onClick={() => setNaming(true)}>{t('work.save-view')}</Button>
      {naming && (
        <Dialog title={t('work.save-view')} onClose={() => setNaming(false)}>
          <form class="form" onSubmit={(e) => { e.preventDefault(); if (name.trim()) keep.start() }}>
            <Input label={t('work.view-name')} value={name} onChange={setName} />
            {keep.problem && <ProblemBanner of={keep.problem} />}
            <div class="row"><Button kind="primary" type="submit" busy={keep.busy} disabled={!name.trim()}>{t('save')}</Button><Button onClick={() => setNaming(false)}>{t('cancel')}</Button></div>
          </form>
        </Dialog>
      )}
    </div>
  )
}

export function Work({ place }: PageProps) {
  const { session } = useMe()
  const key = place.query.toString()
  const value = (name: string) => place.query.get(name) ?? ''
  const query = Object.fromEntries(filters.map((name) => [name, value(name) || undefined])) as Record<string, string | undefined>
  const first = useLoad((signal) => call('listWork', { signal, query: { ...query, mine: query.mine === 'true' || undefined } as never }), [key])
  const [later, setLater] = useState<{ items: WorklistItem[]; next?: string } | null>(null)
  useEffect(() => setLater(null), [key])
  const more = useAction(async () => {
    const page = await call('listWork', { query: { ...query, mine: query.mine === 'true' || undefined, after: later?.next ?? first.data?.next } as never })
    setLater({ items: [...(later?.items ?? []), ...page.items], next: page.next })
  })
  // Who a case can be with: everybody in the directory but this house.
  const partners = useLoad((signal) => call('getDirectory', { signal }), [])
  const elsewhere = (partners.data?.participants ?? []).filter((p) => p.id !== session!.participant)
  const set = (name: string) => (to: string) => go(withQuery(place, { [name]: to }), true)
  const [search, setSearch] = useState(value('q'))
  // Who has cases in hand, to pick by; a house that does not use hands is not asked about them.
  const hands = useLoad((signal) => call('getHands', { signal }), [])
  const people = (hands.data?.caseloads ?? []).filter((p) => p.person !== session!.person).sort((a, b) => a.name.localeCompare(b.name))
  const usesHands = !!hands.data?.caseloads.length || value('hands') !== ''
  // Who is asked for by the address and has none is in the list all the same.
  const whose = [['', t('hands.any')], ['mine', t('hands.mine')], ['nobody', t('hands.nobody')], ...people.map((p): [string, string] => [p.person, p.name])] as [string, string][]
  if (value('hands') && !whose.some(([key]) => key === value('hands'))) whose.push([value('hands'), value('hands')])
  const mayHandOver = holds(session, 'administrator') || session!.roles.some((role) => role !== 'administrator')
  const [chosen, setChosen] = useState<string[] | null>(null)
  const [handing, setHanding] = useState(false)
  useEffect(() => setChosen((old) => old && []), [key])
  const due = value('due') || 'all'
  const choices = (name: string, keys: string[], label: (key: string) => string): [string, string][] => [['', t(`work.any.${name}`)], ...keys.map((k): [string, string] => [k, label(k)])]
  return (
    <>
      <PageHead title={t('work.title')} lead={t('work.lead')}>
        {holds(session, 'issuing-officer') && <LinkButton href="/drafts/new" kind="primary" icon="plus">{t('draft.new')}</LinkButton>}
      </PageHead>
      <nav class="numbers" aria-label={t('work.due')}>
        {['all', 'late', 'today', 'week', 'stuck'].map((name) => (
          <a key={name} href={withQuery(place, { due: name === 'all' ? undefined : name })} aria-current={due === name ? 'true' : undefined} class={first.data?.counts[name] ? `number number-${name}` : 'number'}>
            <strong>{first.data?.counts[name] !== undefined ? number(first.data.counts[name]!) : '–'}</strong>
            <span>{t(`work.count.${name}`)}</span>
          </a>
        ))}
      </nav>
      <form class="filters panel" role="search" aria-label={t('work.filters')} onSubmit={(e) => { e.preventDefault(); set('q')(search.trim()) }}>
        <Select inline label={t('work.direction')} value={value('direction')} onChange={set('direction')} options={choices('direction', ['incoming', 'outgoing'], (k) => t(`direction.${k}`))} />
        <Select inline label={t('work.partner')} value={value('partner')} onChange={set('partner')} options={choices('partner', elsewhere.map((p) => p.id), (k) => elsewhere.find((p) => p.id === k)!.name)} />
        <Select inline label={t('work.procedure')} value={value('procedure')} onChange={set('procedure')} options={choices('procedure', ['mla', 'emergency', 'extraordinary'], procedureName)} />
        <Select inline label={t('category')} value={value('category')} onChange={set('category')} options={choices('category', ['subscriber', 'access', 'traffic', 'content'], (k) => t(`category.${k}`))} />
        <Select inline label={t('work.state')} value={value('state')} onChange={set('state')} options={choices('state', ['open', 'waiting', 'suspended', 'at-rest'], (k) => t(`state.${k}`))} />
        {usesHands && <Select inline label={t('hands.label')} value={value('hands')} onChange={set('hands')} options={whose} />}
        <Select inline label={t('work.sort')} value={value('sort') || 'due'} onChange={(to) => set('sort')(to === 'due' ? '' : to)} options={[['due', t('work.sort.due')], ['updated', t('work.sort.updated')]]} />
        <div class="field field-inline">
          <label for="work-q">{t('work.search')}</label>
          <div class="row nowrap-row"><input id="work-q" type="search" dir="auto" value={search} onInput={(e) => setSearch(e.currentTarget.value)} /><Button small type="submit" icon="search" aria-label={t('work.search')} class="button-icon">{''}</Button></div>
        </div>
        <label class="tick"><input type="checkbox" checked={value('mine') === 'true'} onChange={(e) => set('mine')(e.currentTarget.checked ? 'true' : '')} /> {t('work.only-mine')}</label>
      </form>
      <Views query={key} />
      <Loaded of={first}>
        {(page) => page.items.length === 0 ? (
          <Empty title={key ? t('work.none-match') : t('work.none')}>{key ? <LinkButton href="/work">{t('work.clear')}</LinkButton> : <p>{t('work.none.text')}</p>}</Empty>
        ) : (
          <>
            <div class="row list-head">
              <p class="small muted" role="status">{t('work.total', { n: page.total })} · {chosen ? t('hands.choose.keys') : t('work.keys')}</p>
              {mayHandOver && !chosen && <Button small kind="quiet" icon="person" onClick={() => setChosen([])}>{t('hands.choose')}</Button>}
              {chosen && <div class="row"><span class="small" role="status">{t('hands.chosen', { n: chosen.length })}</span><Button small kind="primary" icon="person" disabled={chosen.length === 0} onClick={() => setHanding(true)}>{t('hands.over')}</Button><Button small onClick={() => setChosen(null)}>{t('hands.choose.done')}</Button></div>}
            </div>
            <WorkRows items={[...page.items, ...(later?.items ?? [])]} caption={t('work.title')} choosing={chosen ? { chosen, onChange: setChosen } : undefined} />
            {handing && <HandOver cases={chosen ?? []} onClose={() => setHanding(false)} onDone={() => { setHanding(false); setChosen(null); setLater(null); first.again(); hands.again() }} />}
            {more.problem && <ProblemBanner of={more.problem} />}
            <More next={later ? later.next : page.next} onMore={() => more.start()} busy={more.busy} />
          </>
        )}
      </Loaded>
    </>
  )
}
