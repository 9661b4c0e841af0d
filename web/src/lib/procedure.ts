// A procedure file (docs/procedures.md) as the pages use it: made concrete for a case, the arrows
// of its picture, and each act in words.
import type { Category, MarkedAct, Side, Text } from './api.ts'

export interface When {
  category?: Category[]
  third?: boolean
}
export interface ActLine {
  side: Side
  role?: string
  form?: string
  clock?: string
  when?: When
}
export interface Relation {
  is: 'condition' | 'response' | 'milestone' | 'include' | 'exclude'
  from: string[]
  to: string[]
  within?: string
  after?: string
  until?: string
  at_most?: string
  when?: When
}
export interface ProcedureFile {
  id: string
  title: Text
  acts: Record<string, ActLine>
  groups?: Record<string, string[]>
  start?: { excluded?: string[] }
  relations: Relation[]
}
export interface Parameters {
  category: Category
  third: boolean
}
export interface Arrow {
  is: Relation['is']
  from: string
  to: string
  within?: string
  after?: string
  until?: string
  at_most?: string
}
export interface Concrete {
  acts: Record<string, ActLine>
  excluded: string[]
  arrows: Arrow[]
}

const holds = (when: When | undefined, p: Parameters): boolean =>
  (!when?.category || when.category.includes(p.category)) && (when?.third === undefined || when.third === p.third)

/** Leaves out what the case's parameters leave out, and writes groups out. */
export function concrete(file: ProcedureFile, parameters: Parameters): Concrete {
  const acts = Object.fromEntries(Object.entries(file.acts).filter(([, act]) => holds(act.when, parameters)))
  const spell = (names: string[]) =>
    names.flatMap((name) => (name.startsWith('@') ? (file.groups?.[name.slice(1)] ?? []) : [name])).filter((name) => name in acts)
  const arrows = file.relations
    .filter((relation) => holds(relation.when, parameters))
    .flatMap(({ is, from, to, within, after, until, at_most }) =>
      spell(from).flatMap((a) => spell(to).map((b): Arrow => ({ is, from: a, to: b, within, after, until, at_most }))))
  return { acts, excluded: (file.start?.excluded ?? []).filter((name) => name in acts), arrows }
}

export interface Edge {
  from: string
  to: string
  owed: boolean
  within?: string
  until?: boolean
}

/**
 * The arrows worth drawing: what leads on and what is owed, one for each pair. Exclusions,
 * milestones and what leads an act to itself are said in words instead; the oversight body's acts
 * are possible throughout and would draw an arrow everywhere.
 */
export function edges(graph: Concrete): Edge[] {
  const out = new Map<string, Edge>()
  for (const arrow of graph.arrows) {
    if (!['condition', 'response', 'include'].includes(arrow.is) || arrow.from === arrow.to) continue
    if (graph.acts[arrow.from]!.side === 'oversight' || graph.acts[arrow.to]!.side === 'oversight') continue
    const key = `${arrow.from} ${arrow.to}`
    const edge = out.get(key) ?? { from: arrow.from, to: arrow.to, owed: false }
    if (arrow.is === 'response') {
      edge.owed = true
      if (arrow.within) edge.within = arrow.within
      if (arrow.until) edge.until = true
    }
    out.set(key, edge)
  }
  return [...out.values()]
}

export interface InWords {
  needs: string[]
  starts: { act: string; within?: string; until?: boolean }[]
  waits: string[]
  opens: string[]
  closes: string[]
}

export function inWords(graph: Concrete, act: string): InWords {
  const unique = (names: string[]) => [...new Set(names)].filter((name) => name !== act)
  const of = (is: Relation['is'], end: 'from' | 'to') =>
    unique(graph.arrows.filter((a) => a.is === is && a[end === 'from' ? 'to' : 'from'] === act).map((a) => a[end]))
  return {
    needs: of('condition', 'from'),
    starts: graph.arrows
      .filter((a) => a.is === 'response' && a.from === act && a.to !== act)
      .map((a) => ({ act: a.to, within: a.within, until: !!a.until })),
    waits: of('milestone', 'from'),
    opens: of('include', 'to'),
    closes: of('exclude', 'to'),
  }
}

/** Acts in the order of the file, the oversight body's last. */
export function order(graph: Concrete): string[] {
  const names = Object.keys(graph.acts)
  const late = (name: string) => (graph.acts[name]!.side === 'oversight' ? 1 : 0)
  return names.sort((a, b) => late(a) - late(b))
}

export const byName = (marks: MarkedAct[]): Map<string, MarkedAct> => new Map(marks.map((mark) => [mark.act, mark]))
