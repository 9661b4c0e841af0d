// Rows of the order in the forms of whoever answers it: chosen and answered as they stand on the
// page, where the first is 1. The forms count from 0, which nobody has to know.
import type { Case, GridRow } from '../lib/api.ts'
import { number, t } from '../lib/i18n.ts'
import type { Schema } from '../lib/schema.ts'
import { Period } from '../ui/gridtable.tsx'
import { Field, faultText, idOf, title, useForm } from './field.tsx'
import { formText } from './texts.ts'
import { Icon } from '../ui/icon.tsx'

const About = ({ row, at }: { row: GridRow; at: number }) => (
  <>
    <strong>{t('grid.row-n', { n: number(at + 1) })}</strong> <bdi dir="ltr">{row.selector.value}</bdi> <span class="muted small">{t(`category.${row.category}`)} · <Period of={row} /></span>
  </>
)

/** Which rows are meant: a field of numbers. */
export function RowsMeant({ of, schema, pointer, name }: { of: Case; schema: Schema; pointer: string; name: string }) {
  const form = useForm()
  const id = idOf(pointer)
  const chosen = (form.fields[name] as number[] | undefined) ?? []
  const fault = form.shown(pointer) ? form.faults.find((f) => f.pointer.startsWith(pointer)) : undefined
  const set = (rows: number[]) => {
    form.set(pointer, rows.length ? [...rows].sort((a, b) => a - b) : undefined)
    form.left(pointer)
  }
  return (
    <fieldset class="choices" id={id} tabIndex={-1} aria-describedby={fault ? `${id}-fault` : undefined}>
      <legend>{title(schema, name)} <span class="optional">({t('optional')})</span></legend>
      {schema['x-help'] && <p class="hint">{formText(schema['x-help'])}</p>}
      {fault && <p class="error" id={`${id}-fault`}><Icon name="warn" /> {faultText(fault)}</p>}
      {of.grid.map((row, i) => (
        <div class="choice" key={i}>
          <input type="checkbox" id={`${id}-${i}`} checked={chosen.includes(i)} onChange={(e) => set(e.currentTarget.checked ? [...chosen, i] : chosen.filter((r) => r !== i))} />
          <label for={`${id}-${i}`}><About row={row} at={i} /></label>
        </div>
      ))}
    </fieldset>
  )
}

/** What became of each row: one line for each, in the order's order. */
export function RowResults({ of, schema, pointer, name }: { of: Case; schema: Schema; pointer: string; name: string }) {
  const inner = schema.items!
  const fields = Object.entries(inner.properties ?? {}).filter(([member]) => member !== 'cell')
  return (
    <fieldset class="group" id={idOf(pointer)} tabIndex={-1}>
      <legend>{title(schema, name)}</legend>
      <div class="group-body">
        {schema['x-help'] && <p class="hint">{formText(schema['x-help'])}</p>}
        <div class="entries">
          {of.grid.map((row, i) => (
            <div class="entry" key={i} role="group" aria-label={t('grid.row-n', { n: number(i + 1) })}>
              <p><About row={row} at={i} /></p>
              {fields.map(([member, field]) => <Field key={member} pointer={`${pointer}/${i}/${member}`} name={member} schema={field} required={inner.required?.includes(member) ?? false} />)}
            </div>
          ))}
        </div>
      </div>
    </fieldset>
  )
}
