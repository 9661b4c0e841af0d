// Handing cases over and going away on real nodes, by keyboard.
import assert from 'node:assert/strict'
import { settled } from '../support/browser.ts'
import { choose } from '../support/fill.ts'
import { press, write } from '../support/keyboard.ts'
import { hour, now, type Someone } from './world.ts'

/** Chooses in a list of the dialog that has this label. */
export const pick = async ({ page }: Someone, label: string, value: string) => {
  const list = page.getByRole('dialog').getByLabel(label, { exact: true })
  await list.waitFor()
  await choose(page, `[id="${await list.getAttribute('id')}"]`, value)
}

/** Signs what the dialog shows, with the passkey, and waits until it has gone. */
export async function sign(someone: Someone, name: string): Promise<void> {
  const dialog = someone.page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Sign with the passkey' }).waitFor()
  await someone.look(name)
  await press(someone.page, dialog.getByRole('button', { name: 'Sign with the passkey' }))
  await dialog.waitFor({ state: 'detached' })
  await settled(someone.page)
}

/** All rows of the list as it stands into somebody's hands: the first by space, the last with shift. */
export async function handOver(someone: Someone, to: string): Promise<number> {
  const { page } = someone
  await press(page, page.getByRole('button', { name: 'Hand cases over' }))
  const boxes = page.locator('.choose input')
  const rows = await boxes.count()
  await press(page, boxes.first(), 'Space')
  if (rows > 1) await press(page, page.locator('a.case-link').last(), 'Shift+Space') // on a case as on its box
  await page.getByText(`${rows} case${rows === 1 ? '' : 's'} chosen`).waitFor()
  assert.equal(await page.locator('.choose input:checked').count(), rows)
  await someone.look('chosen cases')
  await press(page, page.getByRole('button', { name: 'Hand over', exact: true }))
  await pick(someone, 'To', to)
  await sign(someone, `handing over to ${to}`)
  return rows
}

/** A day from today on, as the reader's calendar has it at Brussels. */
export const day = (days: number): string =>
  new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Brussels', year: 'numeric', month: '2-digit', day: '2-digit' }).format(new Date(now() + days * 24 * hour))

/** Fills in, on one's own page, that one is away for so many days and who stands in for these cases, by their places in the list. */
export async function away(someone: Someone, person: string, days: number, cases: number[]): Promise<void> {
  const { page } = someone
  const dialog = page.getByRole('dialog')
  await pick(someone, 'Stands in', person)
  await write(page, dialog.getByLabel('Last day'), day(days - 1))
  await press(page, dialog.getByLabel('Only chosen cases'), 'Space')
  const boxes = dialog.locator('.choices-long input')
  await boxes.first().waitFor()
  for (const at of cases) await press(page, boxes.nth(at), 'Space')
  await someone.look('I am away')
  await press(page, dialog.getByRole('button', { name: 'Go on' }))
  await dialog.getByText(`${cases.length} cases`).waitFor()
  await sign(someone, `${cases.length} of the cases`)
}
