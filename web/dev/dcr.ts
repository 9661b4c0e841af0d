// The semantics of docs/procedures.md for the development server: enough to play a case, not the
// node's engine.
import { concrete, type Concrete, type Parameters, type ProcedureFile } from '../src/lib/procedure.ts'
import type { MarkedAct } from '../api/types.ts'

export interface State {
  graph: Concrete
  done: Map<string, string>
  times: Map<string, number>
  pending: Map<string, string>
  included: Set<string>
}

const units: Record<string, number> = { Y: 365 * 86400, M: 30 * 86400, D: 86400, W: 7 * 86400, H: 3600 }
export function plus(at: string, duration: string): string {
  const [, count, unit] = /^PT?(\d+)([YMWDH])/.exec(duration) ?? []
  const seconds = Number(count ?? 0) * (duration.startsWith('PT') && unit === 'M' ? 60 : units[unit ?? 'D']!)
  return new Date(Date.parse(at) + seconds * 1000).toISOString().replace(/\.\d+Z$/, 'Z')
}

export function begin(file: ProcedureFile, parameters: Parameters): State {
  const graph = concrete(file, parameters)
  const excluded = new Set(graph.excluded)
  return { graph, done: new Map(), times: new Map(), pending: new Map(), included: new Set(Object.keys(graph.acts).filter((act) => !excluded.has(act))) }
}

export function enabled(s: State, act: string): boolean {
  if (!s.included.has(act)) return false
  return s.graph.arrows.every((a) => {
    if (a.to !== act || !s.included.has(a.from)) return true
    if (a.is === 'condition') return s.done.has(a.from)
    if (a.is === 'milestone') return !s.pending.has(a.from)
    return true
  })
}

export function execute(s: State, act: string, at: string, fields: Record<string, unknown> = {}): void {
  s.done.set(act, at)
  s.times.set(act, (s.times.get(act) ?? 0) + 1)
  s.pending.delete(act)
  const from = s.graph.arrows.filter((a) => a.from === act)
  for (const a of from.filter((a) => a.is === 'exclude')) s.included.delete(a.to)
  for (const a of from.filter((a) => a.is === 'include')) s.included.add(a.to)
  for (const a of from.filter((a) => a.is === 'response')) {
    const date = a.until ? (fields[a.until] as string | undefined) : undefined
    s.pending.set(a.to, date ?? (a.within ? plus(at, a.within) : plus(at, a.at_most ?? 'P1Y')))
  }
}

export const owed = (s: State): { act: string; due: string }[] =>
  [...s.pending].filter(([act]) => s.included.has(act)).map(([act, due]) => ({ act, due })).sort((a, b) => a.due.localeCompare(b.due))

export function marks(s: State): MarkedAct[] {
  return Object.keys(s.graph.acts).map((act): MarkedAct => {
    const times = s.times.get(act) ?? 0
    const due = s.included.has(act) ? s.pending.get(act) : undefined
    const state = due ? 'owed' : enabled(s, act) ? (times ? 'done' : 'possible') : times ? 'done' : s.included.has(act) ? 'waiting' : 'closed'
    return { act, state, times, ...(times ? { done_at: s.done.get(act)! } : {}), ...(due ? { due } : {}) }
  })
}
