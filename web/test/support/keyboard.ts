// A person at the keyboard: everything is reached with Tab and done with keys.
import assert from 'node:assert/strict'
import type { Locator, Page } from 'playwright-core'

/** Tabs until the element has the focus; fails when the keyboard cannot reach it. */
export async function reach(page: Page, target: Locator, most = 400): Promise<void> {
  await target.first().waitFor({ state: 'attached' })
  const focused = () => target.first().evaluate((e) => e === document.activeElement || (e.tagName === 'FIELDSET' && e.contains(document.activeElement)))
  for (let i = 0; i < most; i++) {
    if (await focused()) return
    await page.keyboard.press('Tab')
  }
  assert.fail(`the keyboard does not reach ${target}`)
}
export const press = async (page: Page, target: Locator, key = 'Enter') => {
  await reach(page, target)
  await page.keyboard.press(key)
}
export const write = async (page: Page, target: Locator, text: string) => {
  await reach(page, target)
  await page.keyboard.press('Control+A')
  await page.keyboard.insertText(text)
}
/** Chooses in a list by its letters, as people do. */
export const select = async (page: Page, target: Locator, name: string) => {
  await reach(page, target)
  await page.keyboard.type(name, { delay: 5 })
}
