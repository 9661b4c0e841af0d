// Fills in a form of law/forms as a person does, field after field, by keyboard: what stands on the
// page decides how a value is given.
import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import { press, reach, select, write } from './keyboard.ts'

export type Fields = Record<string, unknown>

const idOf = (pointer: string): string => `f${pointer.replace(/[^A-Za-z0-9]/g, '-')}`

/** What kind of control a place of the form has, and where it stands among the others. */
async function kindOf(page: Page, id: string): Promise<{ kind: string; top: number }> {
  return page.evaluate((id) => {
    const e = document.getElementById(id)
    if (!e) return { kind: 'none', top: 0 }
    const all = [...document.querySelectorAll('[id]')]
    const kind = e.tagName === 'FIELDSET' ? (e.classList.contains('choices') ? 'choices' : 'group') : e.tagName === 'SELECT' ? 'select' : e instanceof HTMLInputElement && e.type === 'checkbox' ? 'tick' : 'text'
    return { kind, top: all.indexOf(e) }
  }, id)
}

/** Chooses in a list by the letters of its name, and by arrows where several begin alike. */
export async function choose(page: Page, selector: string, value: string): Promise<void> {
  const list = page.locator(selector)
  await reach(page, list)
  const name = await list.evaluate((e, value) => [...(e as HTMLSelectElement).options].find((o) => o.value === value)?.text ?? '', value)
  assert.ok(name, `${selector} offers ${value}`)
  await page.keyboard.type(name, { delay: 2 })
  for (let i = 0; i < 60 && (await list.inputValue()) !== value; i++) await page.keyboard.press(i === 0 ? 'Home' : 'ArrowDown')
  assert.equal(await list.inputValue(), value, selector)
}

async function tick(page: Page, selector: string, on = true): Promise<void> {
  const box = page.locator(selector)
  if ((await box.isChecked()) === on) return
  const name = await box.evaluate((e) => ((e as HTMLInputElement).type === 'radio' ? (e as HTMLInputElement).name : ''))
  if (!name) return press(page, box, 'Space')
  // Tab goes to a group of radios as a whole; the arrows move in it.
  const group = page.locator(`input[type="radio"][name="${name}"]`)
  const checked = group.and(page.locator(':checked'))
  const entry = (await checked.count()) ? checked : group
  await reach(page, entry)
  await page.keyboard.press('Space')
  for (let i = 0; i < 20 && !(await box.isChecked()); i++) await page.keyboard.press('ArrowDown')
  assert.ok(await box.isChecked(), selector)
}

async function fillOne(page: Page, pointer: string, value: unknown): Promise<void> {
  const id = idOf(pointer)
  const { kind } = await kindOf(page, id)
  assert.notEqual(kind, 'none', `${pointer} has a control`)
  if (kind === 'select') return choose(page, `#${id}`, String(value))
  if (kind === 'tick') return tick(page, `#${id}`, value === true)
  if (kind === 'choices') {
    const keys = typeof value === 'boolean' ? [value ? 'yes' : 'no'] : (Array.isArray(value) ? value : [value]).map(String)
    for (const key of keys) await tick(page, `[id="${id}-${key}"]`)
    return
  }
  if (kind === 'text') {
    const text = Array.isArray(value) ? value.join(', ') : String(value)
    const control = page.locator(`#${id}`)
    if ((await control.inputValue()) === text) return
    await write(page, control, text)
    return
  }
  const group = page.locator(`#${id}`)
  const add = group.locator(':scope > .group-body > p > button')
  if (Array.isArray(value)) {
    for (const [i, entry] of value.entries()) {
      if ((await group.locator(':scope > .group-body > .entries > .entry').count()) <= i) await press(page, add.last())
      await page.waitForFunction(([id, i]) => document.querySelectorAll(`#${id} > .group-body > .entries > .entry`).length > Number(i), [id, i] as const)
      if (entry && typeof entry === 'object') await fill(page, entry as Fields, `${pointer}/${i}`)
      else await fillOne(page, `${pointer}/${i}`, entry)
    }
    return
  }
  const members = value as Fields
  const [first] = Object.keys(members)
  if (first && (await kindOf(page, idOf(`${pointer}/${first}`))).kind === 'none') {
    await press(page, add.first())
    await page.locator(`[id="${idOf(`${pointer}/${first}`)}"]`).waitFor({ state: 'attached' })
  }
  await fill(page, members, pointer)
}

/** Fills in every field, in the order in which they stand on the page. */
export async function fill(page: Page, fields: Fields, under = ''): Promise<void> {
  const places = await Promise.all(Object.entries(fields).map(async ([name, value]) => ({ pointer: `${under}/${name}`, value, top: (await kindOf(page, idOf(`${under}/${name}`))).top })))
  places.sort((a, b) => a.top - b.top)
  for (const { pointer, value } of places) await fillOne(page, pointer, value)
}

/** One question about a field of the request, in the form of the act "ask". */
export async function question(page: Page, text: string): Promise<void> {
  await press(page, page.getByRole('button', { name: 'Add', exact: true }))
  await choose(page, '#f-questions-0-field', 'facts')
  const code = page.locator('#f-questions-0-code')
  await select(page, code, 'Not')
  if (!(await code.inputValue())) { await reach(page, code); await page.keyboard.press('ArrowDown') }
  await write(page, page.locator('#f-questions-0-text'), text)
}
