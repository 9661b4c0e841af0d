// The grid of what is asked: rows of selector, category and period, shown as one table of
// selectors by categories; and what a judge's cuts leave of it.
import type { Category, GridRow, Selector } from './api.ts'

export const categories: Category[] = ['subscriber', 'access', 'traffic', 'content']

export const sameSelector = (a: Selector, b: Selector): boolean =>
  a.type === b.type && a.value === b.value && a.namespace === b.namespace && a.port === b.port && a.seen_at === b.seen_at

export interface Matrix {
  selectors: Selector[]
  /** cells[selector][category] holds the numbers of the rows that ask for it. */
  cells: number[][][]
  used: Category[]
}

export function matrix(rows: GridRow[]): Matrix {
  const selectors: Selector[] = []
  const cells: number[][][] = []
  rows.forEach((row, number) => {
    let at = selectors.findIndex((s) => sameSelector(s, row.selector))
    if (at < 0) {
      at = selectors.push(row.selector) - 1
      cells.push(categories.map(() => []))
    }
    cells[at]![categories.indexOf(row.category)]?.push(number)
  })
  return { selectors, cells, used: categories.filter((_, c) => cells.some((line) => line[c]!.length)) }
}

export interface Cut {
  struck: boolean
  from?: string
  to?: string
}

/** The rows that are left after the cuts; a period can only shrink. */
export function granted(rows: GridRow[], cuts: Cut[]): GridRow[] {
  return rows.flatMap((row, i) => {
    const cut = cuts[i]
    if (!cut || cut.struck) return cut?.struck ? [] : [row]
    const out: GridRow = { ...row }
    if (cut.from && (!row.from || cut.from > row.from)) out.from = cut.from
    if (cut.to && (!row.to || cut.to < row.to)) out.to = cut.to
    return [out]
  })
}

export const mostIntrusive = (rows: GridRow[]): Category | undefined =>
  categories.filter((category) => rows.some((row) => row.category === category)).pop()

export const inPart = (rows: GridRow[], left: GridRow[]): boolean => JSON.stringify(rows) !== JSON.stringify(left)

export function days(row: { from?: string; to?: string }): number | undefined {
  if (!row.from || !row.to) return undefined
  return Math.ceil((Date.parse(row.to) - Date.parse(row.from)) / 86_400_000)
}
