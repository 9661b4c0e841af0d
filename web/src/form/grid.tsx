// The data sought: one row for each selector, category and period; many selectors can be pasted,
// and each line answers for itself.
import { useId, useState } from 'preact/hooks'
import { call, type Category, type GridRow, type SelectorLine } from '../lib/api.ts'
import { categories } from '../lib/grid.ts'
import { t } from '../lib/i18n.ts'
import { readInstant, type Fault, type Schema } from '../lib/schema.ts'
import { useAction } from '../lib/use.ts'
import { Period, SelectorShown } from '../ui/gridtable.tsx'
import { Icon } from '../ui/icon.tsx'
import { Banner, Button, Dialog, Empty, ProblemBanner, Table, Tag } from '../ui/kit.tsx'
import { faultText, idOf, title } from './field.tsx'
import { formText } from './texts.ts'

function Paste({ onClose, onRows, namespace }: { onClose: () => void; onRows: (rows: GridRow[]) => void; namespace?: string }) {
  const id = useId()
  const [text, setText] = useState('')
  const [lines, setLines] = useState<SelectorLine[] | null>(null)
  const [wanted, setWanted] = useState<Category[]>(['subscriber'])
  const [from, setFrom] = useState('')
  const [to, setTo] = useState('')
  const [wrong, setWrong] = useState('')
  const checked = useAction(async () => setLines((await call('checkSelectors', { body: { text, namespace } })).lines))
  const good = (lines ?? []).filter((line) => line.selector)
  const bad = (lines ?? []).filter((line) => line.problem)
  const needsPeriod = wanted.some((c) => c !== 'subscriber')
  const add = () => {
    const a = from ? readInstant(from) : null
    const b = to ? readInstant(to) : null
    if (needsPeriod && (!a || !b || 'fault' in a || 'fault' in b || a.value >= b.value)) return setWrong(t(a && 'fault' in a && a.fault === 'zone' || b && 'fault' in b && b.fault === 'zone' ? 'fault.zone' : 'grid.period-wrong'))
    const period = a && b && 'value' in a && 'value' in b ? { from: a.value, to: b.value } : {}
    onRows(good.flatMap((line) => wanted.map((category): GridRow => ({ selector: line.selector!, category, ...(category === 'subscriber' ? {} : period) }))))
    onClose()
  }
  return (
    <Dialog wide title={t('grid.paste')} onClose={onClose}>
      <div class="field">
        <label for={id}>{t('grid.paste.label')}</label>
        <p class="hint" id={`${id}-hint`}>{t('grid.paste.hint')}</p>
        <textarea id={id} aria-describedby={`${id}-hint`} class="mono" dir="ltr" rows={7} spellcheck={false} value={text} onInput={(e) => { setText(e.currentTarget.value); setLines(null) }} />
      </div>
      <Button busy={checked.busy} disabled={!text.trim()} onClick={() => checked.start()}>{t('grid.paste.check')}</Button>
      {checked.problem && <ProblemBanner of={checked.problem} />}
      {lines && (
        <>
          <p role="status" class="row"><Tag tone="good" icon="check">{t('grid.paste.good', { n: good.length })}</Tag>{bad.length > 0 && <Tag tone="bad" icon="cross">{t('grid.paste.bad', { n: bad.length })}</Tag>}</p>
          <ol class="paste-lines">
            {lines.map((line) => (
              <li key={line.line} class={line.problem ? 'paste-bad' : ''}>
                <span class="muted small">{t('grid.line', { n: line.line })}</span> <bdi class="mono" dir="ltr">{line.text}</bdi>
                {line.selector ? <span class="small muted"> <Icon name="check" /> {t(`selector.${line.selector.type}`)}</span> : <p class="error" dir="auto"><Icon name="warn" /> {line.problem!.detail ?? line.problem!.title}{line.problem!.remedy && <> {line.problem!.remedy}</>}</p>}
              </li>
            ))}
          </ol>
          {good.length > 0 && (
            <>
              <fieldset class="choices"><legend>{t('grid.paste.categories')}</legend>
                <div class="choice-row">{categories.map((c) => (
                  <div class="choice" key={c}><input type="checkbox" id={`${id}-${c}`} checked={wanted.includes(c)} onChange={(e) => setWanted(e.currentTarget.checked ? [...wanted, c] : wanted.filter((x) => x !== c))} /><label for={`${id}-${c}`}>{t(`category.${c}`)}</label></div>
                ))}</div>
              </fieldset>
              {needsPeriod && (
                <div class="pair">
                  <div class="field"><label for={`${id}-from`}>{t('grid.from')}</label><input id={`${id}-from`} type="text" dir="ltr" placeholder="2026-01-05 00:00 Z" value={from} onInput={(e) => setFrom(e.currentTarget.value)} /></div>
                  <div class="field"><label for={`${id}-to`}>{t('grid.to')}</label><input id={`${id}-to`} type="text" dir="ltr" placeholder="2026-02-20 00:00 Z" value={to} onInput={(e) => setTo(e.currentTarget.value)} /></div>
                </div>
              )}
              {wrong && <p class="error" role="alert">{wrong}</p>}
              <div class="row"><Button kind="primary" disabled={wanted.length === 0} onClick={add}>{t('grid.paste.add', { n: good.length * wanted.length })}</Button><Button onClick={onClose}>{t('cancel')}</Button></div>
            </>
          )}
        </>
      )}
    </Dialog>
  )
}

export function GridEditor({ rows, onChange, faults, schema, namespace }: { rows: GridRow[]; onChange: (rows: GridRow[]) => void; faults: Fault[]; schema: Schema; namespace?: string }) {
  const [pasting, setPasting] = useState(false)
  const of = (row: number) => faults.filter((f) => f.pointer.startsWith(`/grid/${row}/`) || f.pointer === `/grid/${row}`)
  return (
    <fieldset class="group" id={idOf('/grid')} tabIndex={-1}>
      <legend>{title(schema, 'grid')}</legend>
      <div class="group-body">
        {schema['x-help'] && <p class="hint">{formText(schema['x-help'])}</p>}
        {rows.length === 0 ? <Empty title={t('grid.none')}><p>{t('grid.none.text')}</p></Empty> : (
          <Table caption={t('grid.title')} hideCaption tight head={[t('grid.row'), t('grid.selector'), t('category'), t('grid.period'), <span class="visually-hidden">{t('list.remove')}</span>]}>
            {rows.map((row, i) => (
              <tr key={i}>
                <td>{i + 1}</td>
                <th scope="row"><SelectorShown of={row.selector} />{of(i).map((f) => <p class="error" key={f.pointer}><Icon name="warn" /> {faultText(f)}</p>)}</th>
                <td>{t(`category.${row.category}`)}</td>
                <td><Period of={row} /></td>
                <td><Button kind="quiet" small onClick={() => onChange(rows.filter((_, j) => j !== i))}>{t('list.remove')}<span class="visually-hidden"> {i + 1}</span></Button></td>
              </tr>
            ))}
          </Table>
        )}
        {rows.length > 20 && <Banner tone="plain">{t('grid.many', { n: rows.length })}</Banner>}
        <p><Button small icon="plus" onClick={() => setPasting(true)}>{t('grid.paste')}</Button></p>
      </div>
      {pasting && <Paste namespace={namespace} onClose={() => setPasting(false)} onRows={(added) => onChange([...rows, ...added.filter((row) => !rows.some((old) => JSON.stringify(old) === JSON.stringify(row)))])} />}
    </fieldset>
  )
}
