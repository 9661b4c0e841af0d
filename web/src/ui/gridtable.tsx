// The grid of selectors by categories, for reading.
import type { GridRow, Selector } from '../lib/api.ts'
import { date, number, t, time } from '../lib/i18n.ts'
import { days, matrix } from '../lib/grid.ts'
import { Table } from './kit.tsx'

export function SelectorShown({ of }: { of: Selector }) {
  return (
    <>
      <bdi class="selector" dir="ltr">{of.value}{of.port ? `:${of.port}` : ''}</bdi>
      <p class="small muted">{t(`selector.${of.type}`)}{of.namespace && <> · <bdi>{of.namespace}</bdi></>}{of.seen_at && <> · {t('grid.seen', { at: time(of.seen_at, 'UTC') })}</>}</p>
    </>
  )
}

export function Period({ of }: { of: { from?: string; to?: string } }) {
  const length = days(of)
  if (!of.from && !of.to) return <span>{t('grid.whole')}</span>
  return (
    <span>
      {of.from ? date(of.from) : t('grid.beginning')} – {of.to ? date(of.to) : t('grid.request-day')}
      {length !== undefined && <span class="muted small"> ({t('time.days', { n: length })})</span>}
    </span>
  )
}

export function GridTable({ rows }: { rows: GridRow[] }) {
  const { selectors, cells, used } = matrix(rows)
  const columns = ['subscriber', 'access', 'traffic', 'content'].map((c, i) => [c, i] as const).filter(([c]) => (used as string[]).includes(c))
  return (
    <Table cards caption={t('grid.title')} hideCaption head={[t('grid.selector'), ...columns.map(([c]) => t(`category.${c}`))]}>
      {selectors.map((selector, s) => (
        <tr key={s}>
          <th scope="row"><SelectorShown of={selector} /></th>
          {columns.map(([c, i]) => (
            <td class="cell-wide" key={c}>
              {cells[s]![i]!.length === 0 ? <span class="muted">{t('grid.not-asked')}</span> : cells[s]![i]!.map((row) => <p key={row}><Period of={rows[row]!} /> <span class="small muted">{t('grid.row-n', { n: number(row + 1) })}</span></p>)}
            </td>
          ))}
        </tr>
      ))}
    </Table>
  )
}
