// The procedure of a case as a picture, drawn from the same file that the gate uses, with a table
// that says the same in words.
import dagre from '@dagrejs/dagre'
import { useMemo, useState } from 'preact/hooks'
import { call, type MarkedAct } from '../lib/api.ts'
import { direction, date, duration, joined, t } from '../lib/i18n.ts'
import { byName, concrete, edges, inWords, order, type Concrete, type ProcedureFile } from '../lib/procedure.ts'
import { useLoad } from '../lib/use.ts'
import { actHref } from '../pages/case.tsx'
import { Due, LinkButton, Loaded, Panel, Section, Table, Tag, type Tone } from './kit.tsx'
import { actName, roleName, sideName, text } from './names.tsx'
import type { IconName } from './icon.tsx'

const box = { width: 118, height: 48 }

interface Drawn {
  width: number
  height: number
  nodes: { act: string; x: number; y: number }[]
  lines: { from: string; to: string; owed: boolean; label: string; points: { x: number; y: number }[]; at: { x: number; y: number } }[]
}

/** Of a few ways to lay it out, the narrowest: a page is wider than it is patient. */
export function layout(graph: Concrete, label: (within?: string, until?: boolean) => string): Drawn {
  const all = (['network-simplex', 'tight-tree', 'longest-path'] as const).flatMap((ranker) =>
    ([[3, 'UL'], [3, undefined], [3, 'DR'], [1, undefined]] as const).flatMap(([weight, align]) =>
      [1, 2, 3].map((rows) => arrange(graph, label, weight, align, ranker, rows)),
    ),
  )
  return all.reduce((best, next) => (next.width < best.width ? next : best))
}

function arrange(graph: Concrete, label: (within?: string, until?: boolean) => string, weight: number, align: 'UL' | 'DR' | undefined, ranker: string, rows: number): Drawn {
  const g = new dagre.graphlib.Graph()
  g.setGraph({ rankdir: 'TB', nodesep: 4, ranksep: 28, edgesep: 1, marginx: 6, marginy: 6, align, ranker })
  g.setDefaultEdgeLabel(() => ({}))
  const drawn = edges(graph)
  const used = new Set(drawn.flatMap((edge) => [edge.from, edge.to]))
  for (const act of order(graph)) if (used.has(act)) g.setNode(act, { ...box })
  // Acts from which nothing follows stand in turn one row and two rows below: one row would be too wide.
  const follows = new Set(drawn.map((edge) => edge.from))
  const ends = new Map([...used].filter((act) => !follows.has(act)).map((act, i) => [act, 1 + (i % rows)]))
  for (const edge of drawn) {
    const words = label(edge.within, edge.until)
    g.setEdge(edge.from, edge.to, { weight: edge.owed ? weight : 1, minlen: ends.get(edge.to) ?? 1, width: words ? 28 : 0, height: words ? 12 : 0, labelpos: 'c' })
  }
  dagre.layout(g)
  const size = g.graph() as { width?: number; height?: number }
  return {
    width: size.width ?? 0,
    height: size.height ?? 0,
    nodes: g.nodes().map((act) => ({ act, x: g.node(act)!.x!, y: g.node(act)!.y! })),
    lines: drawn.map((edge) => {
      const line = g.edge(edge.from, edge.to) as unknown as { points: { x: number; y: number }[]; x?: number; y?: number }
      const middle = line.points[Math.floor(line.points.length / 2)]!
      return { from: edge.from, to: edge.to, owed: edge.owed, label: label(edge.within, edge.until), points: line.points, at: { x: line.x ?? middle.x, y: line.y ?? middle.y } }
    }),
  }
}

/** A smooth line through the points. */
function path(points: { x: number; y: number }[]): string {
  const [first, ...rest] = points
  if (!first) return ''
  let out = `M${first.x.toFixed(1)} ${first.y.toFixed(1)}`
  for (let i = 0; i < rest.length - 1; i++) {
    const [a, b] = [rest[i]!, rest[i + 1]!]
    const middle = i === rest.length - 2 ? b : { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 }
    out += `Q${a.x.toFixed(1)} ${a.y.toFixed(1)} ${middle.x.toFixed(1)} ${middle.y.toFixed(1)}`
  }
  if (rest.length === 1) out += `L${rest[0]!.x.toFixed(1)} ${rest[0]!.y.toFixed(1)}`
  return out
}

/** "10 d" beside an arrow: short, for there is little room. */
const brief = (within?: string, until?: boolean): string => {
  const [, count, unit] = /^PT?(\d+)([YMDH])/.exec(within ?? '') ?? []
  if (count) return t(`brief.${within!.startsWith('PT') && unit === 'M' ? 'minutes' : { Y: 'years', M: 'months', D: 'days', H: 'hours' }[unit!]}`, { n: Number(count) })
  return until ? t('brief.until') : ''
}

/** Breaks a name into at most two lines of the box; the first leaves room for a mark. */
function broken(name: string, marked: boolean): string[] {
  const room = marked ? 12 : 16
  if (name.length <= room) return [name]
  const words = name.split(' ')
  let first = ''
  while (words.length > 1 && (first + words[0]).length <= room) first += `${words.shift()} `
  if (!first) return [name]
  const second = words.join(' ')
  return [first.trim(), second.length > 17 ? `${second.slice(0, 16)}…` : second]
}

const stateMark: Record<MarkedAct['state'], [Tone, IconName]> = { done: ['good', 'check'], possible: ['info', 'next'], owed: ['warn', 'clock'], waiting: ['plain', 'dot'], closed: ['plain', 'cross'] }

export function StateTag({ of }: { of: MarkedAct['state'] }) {
  const [tone, icon] = stateMark[of]
  return <Tag tone={tone} icon={icon}>{t(`mark.${of}`)}</Tag>
}

function Picture({ graph, marks, chosen, choose, title }: { graph: Concrete; marks: Map<string, MarkedAct>; chosen: string; choose: (act: string) => void; title: string }) {
  const drawn = useMemo(() => layout(graph, brief), [graph])
  return (
    <div class="picture-box" tabIndex={0} role="group" aria-label={t('procedure.picture', { title })}>
      <svg class="picture" viewBox={`0 0 ${Math.ceil(drawn.width)} ${Math.ceil(drawn.height)}`} width={Math.ceil(drawn.width)} height={Math.ceil(drawn.height)} role="img" aria-label={t('procedure.picture', { title })} direction="ltr">
        <defs>
          {['plain', 'owed', 'chosen'].map((kind) => (
            <marker key={kind} id={`tip-${kind}`} class={`tip tip-${kind}`} viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0.500L8 4L0 7.500z" /></marker>
          ))}
        </defs>
        {drawn.lines.map((line) => {
          const near = line.from === chosen || line.to === chosen
          const done = marks.get(line.from)?.state === 'done'
          return <path key={`${line.from} ${line.to}`} d={path(line.points)} class={`arrow ${line.owed ? 'arrow-owed' : ''} ${near ? 'arrow-near' : ''} ${done ? 'arrow-done' : ''}`} marker-end={`url(#tip-${near ? 'chosen' : line.owed ? 'owed' : 'plain'})`} />
        })}
        {drawn.lines.filter((line) => line.label).map((line) => <text key={`${line.from} ${line.to}`} x={line.at.x} y={line.at.y + 4} class="arrow-label" text-anchor="middle" direction={direction()}>{line.label}</text>)}
        {drawn.nodes.map(({ act, x, y }) => {
          const line = graph.acts[act]!
          const mark = marks.get(act)
          const marked = !!mark && mark.state !== 'waiting' && mark.state !== 'closed'
          const names = broken(actName(act), marked)
          return (
            <g key={act} class={`node node-${mark?.state ?? 'waiting'} side-${line.side} ${act === chosen ? 'node-chosen' : ''}`} transform={`translate(${x - box.width / 2} ${y - box.height / 2})`} onClick={() => choose(act)}>
              <rect width={box.width} height={box.height} rx="5" />
              <rect class="node-side" width="5" height={box.height} rx="2" />
              <text x="14" y={names.length > 1 ? 16 : 21} class="node-name">{names[0]}</text>
              {names[1] && <text x="14" y="29" class="node-name">{names[1]}</text>}
              <text x="14" y={names.length > 1 ? 43 : 38} class="node-role">{line.side === 'clock' ? t('side.clock') : sideName(line.side)}</text>
              {marked && <g class="node-mark" transform={`translate(${box.width - 16} 6)`}><path d={mark.state === 'done' ? 'M1 5l3 3 6-7' : mark.state === 'owed' ? 'M5.500 1v5l3 2' : 'M3 1l5 4.500L3 10'} /></g>}
            </g>
          )
        })}
      </svg>
    </div>
  )
}

function InWordsPanel({ graph, act, mark, href }: { graph: Concrete; act: string; mark?: MarkedAct; href?: string }) {
  const words = inWords(graph, act)
  const line = graph.acts[act]!
  const names = (acts: string[]) => joined(acts.map(actName))
  return (
    <Panel title={actName(act)}>
      <p class="row">{mark && <StateTag of={mark.state} />}<span class="muted small">{joined([sideName(line.side), ...(line.role ? [roleName(line.role)] : [])])}</span></p>
      {mark?.due && <p>{t('procedure.due')} <Due at={mark.due} /></p>}
      {mark?.done_at && <p>{t('procedure.done-at', { at: date(mark.done_at) })}</p>}
      <ul class="words">
        {words.needs.length > 0 && <li>{t('procedure.needs', { acts: names(words.needs) })}</li>}
        {words.waits.length > 0 && <li>{t('procedure.waits', { acts: names(words.waits) })}</li>}
        {words.starts.map((s) => <li key={s.act}>{s.within ? t('procedure.starts-within', { act: actName(s.act), within: duration(s.within) }) : t('procedure.starts-until', { act: actName(s.act) })}</li>)}
        {words.opens.length > 0 && <li>{t('procedure.opens', { acts: names(words.opens) })}</li>}
        {words.closes.length > 0 && <li>{t('procedure.closes', { acts: names(words.closes) })}</li>}
        {line.clock === 'at-deadline' && <li>{t('procedure.by-clock')}</li>}
      </ul>
      {href && <LinkButton href={href} kind="primary">{actName(act)}</LinkButton>}
    </Panel>
  )
}

export function Procedure({ id, procedure, acts, may }: { id: string; procedure: string; acts: number; may: string[] }) {
  const loaded = useLoad(async (signal) => {
    const [file, marking] = await Promise.all([call('getProcedure', { signal, path: { procedure } }), call('getMarking', { signal, path: { case: id } })])
    return { file: file as unknown as ProcedureFile, marking }
  }, [id, procedure, acts])
  const [chosen, choose] = useState('')
  return (
    <Loaded of={loaded}>
      {({ file, marking }) => {
        const graph = concrete(file, { category: marking.category, third: marking.third })
        const marks = byName(marking.acts)
        const shown = chosen || marking.acts.find((m) => m.state === 'owed')?.act || order(graph)[0]!
        const oversight = order(graph).filter((act) => graph.acts[act]!.side === 'oversight')
        return (
          <>
            <div class="stack">
                <ul class="legend small">
                  {(['done', 'possible', 'owed', 'waiting', 'closed'] as const).map((state) => <li key={state}><StateTag of={state} /></li>)}
                  <li class="legend-line"><svg width="34" height="10" aria-hidden="true"><path d="M1 5h32" class="arrow arrow-owed" /></svg> {t('procedure.line-owed')}</li>
                  <li class="legend-line"><svg width="34" height="10" aria-hidden="true"><path d="M1 5h32" class="arrow" /></svg> {t('procedure.line-opens')}</li>
                </ul>
                <div class="procedure-words">
                  <div class="field field-inline">
                    <label for="chosen-act">{t('procedure.choose')}</label>
                    <select id="chosen-act" value={shown} onChange={(e) => choose(e.currentTarget.value)}>{order(graph).map((act) => <option key={act} value={act}>{actName(act)}</option>)}</select>
                  </div>
                  <div aria-live="polite"><InWordsPanel graph={graph} act={shown} mark={marks.get(shown)} href={may.includes(shown) ? actHref(id, shown) : undefined} /></div>
                </div>
                <Picture graph={graph} marks={marks} chosen={shown} choose={choose} title={text(file.title)} />
                <p class="small muted">{t('procedure.oversight', { acts: joined(oversight.map(actName)) })}</p>
            </div>
            <Section title={t('procedure.table')}>
              <Table caption={t('procedure.table')} hideCaption tight head={[t('procedure.act'), t('work.state'), t('procedure.who'), t('procedure.needs.head'), t('procedure.starts.head')]}>
                {order(graph).map((act) => {
                  const mark = marks.get(act)
                  const words = inWords(graph, act)
                  return (
                    <tr key={act}>
                      <th scope="row">{actName(act)}</th>
                      <td><StateTag of={mark?.state ?? 'waiting'} />{mark?.due && mark.state === 'owed' && <p class="small"><Due at={mark.due} /></p>}</td>
                      <td>{sideName(graph.acts[act]!.side)}{graph.acts[act]!.role && <p class="small muted">{roleName(graph.acts[act]!.role!)}</p>}</td>
                      <td>{joined(words.needs.map(actName)) || '–'}</td>
                      <td>{joined(words.starts.map((s) => (s.within ? `${actName(s.act)} (${duration(s.within)})` : actName(s.act)))) || '–'}</td>
                    </tr>
                  )
                })}
              </Table>
            </Section>
          </>
        )
      }}
    </Loaded>
  )
}
