// A person at the keyboard: everything is reached with Tab and done with keys.
import assert from 'node:assert/strict'
import type { Locator, Page } from 'playwright-core'

/** Tabs until the element has the focus, towards it; fails when the keyboard cannot reach it. */
export async function reach(page: Page, target: Locator, most = 400): Promise<void> {
  const element = target.first()
  await element.waitFor({ state: 'attached' })
  const where = () => element.evaluate((e) => {
    const now = document.activeElement
    const same = e instanceof HTMLInputElement && now instanceof HTMLInputElement && e.type === 'radio' && e.name === now.name && e.name !== ''
    if (e === now || same || (e.tagName === 'FIELDSET' && e.contains(now))) return 'here'
    return now && now !== document.body && now.compareDocumentPosition(e) & Node.DOCUMENT_POSITION_PRECEDING ? 'before' : 'after'
  })
  for (let i = 0; i < most; i++) {
    const at = await where()
    if (at === 'here') return
    await page.keyboard.press(at === 'before' ? 'Shift+Tab' : 'Tab')
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
