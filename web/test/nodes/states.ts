// Pages of a node with real cases in them, in the states that people meet: empty, refused, broken
// off, with long and hostile names; in English and Arabic, wide and narrow; axe, overflow, and a
// focus that is always seen.
import { test } from 'node:test'
import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import { choose } from '../support/fill.ts'
import { press } from '../support/keyboard.ts'
import { settled } from '../support/browser.ts'
import { inLanes } from '../support/lanes.ts'
import { sticksOut } from '../support/overflow.ts'
import { violations } from '../support/axe.ts'
import { patience, signedIn, somebody, type World } from './world.ts'

const pagesOf: Record<string, [node: string, person: string, paths: (id: string) => string[]]> = {
  officer: ['arcadia', 'arcadia-officer', (id) => ['/work', '/work?q=nothing-like-this', '/drafts', `/cases/${id}`, `/cases/${id}?tab=procedure`, `/cases/${id}?tab=data`, `/cases/${id}?tab=evidence`, `/cases/${id}?tab=findings`, '/cases/no-such-case', '/me', '/oversight']],
  clerk: ['borealis', 'borealis-clerk', (id) => ['/authority', '/authority/partners', '/authority/directory', '/authority/keys', '/authority/outbox', '/authority/statistics', '/people', '/deferrals', `/cases/${id}?tab=evidence`]],
  administrator: ['arcadia', 'arcadia-admin-1', () => ['/people', '/people/invite']],
  provider: ['nimbus', 'nimbus-officer', (id) => ['/work', `/cases/${id}`, `/cases/${id}?tab=evidence`, `/cases/${id}/produce`, '/deferrals']],
  inspector: ['inspectorate', 'inspector', (id) => ['/oversight', '/oversight/questions/refusals', '/oversight/samples', '/oversight/alarms', '/oversight/looks', `/cases/${id}`, `/cases/${id}/act/inspect`]],
}

const unseen = /q=|no-such|\/me$|\/oversight$|\/deferrals|\/produce$|\/inspect$|\/drafts$/

/** Tabs through a page: what has the focus is seen, and it comes in the order in which it stands. */
async function focusIsSeen(page: Page, most = 40): Promise<string[]> {
  const out: string[] = []
  await page.evaluate(() => { (document.activeElement as HTMLElement | null)?.blur(); scrollTo(0, 0) })
  for (let i = 0; i < most; i++) {
    await page.keyboard.press('Tab')
    const said = await page.evaluate(() => {
      const e = document.activeElement as HTMLElement | null
      if (!e || e === document.body) return 'end'
      const mark = e.matches('input.visually-hidden') ? (e.nextElementSibling ?? e) : e
      const style = getComputedStyle(mark)
      const r = mark.getBoundingClientRect()
      const seen = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2
      const inside = r.bottom > 0 && r.top < innerHeight && r.right > 0 && r.left < innerWidth
      return seen && inside ? '' : `${e.tagName} ${e.className} ${e.textContent?.slice(0, 30)}: ${seen ? 'outside the window' : 'no mark of focus'}`
    })
    if (said === 'end') break
    if (said) out.push(said)
  }
  return out
}

export function states(w: () => World, id: () => string): void {
  for (const [language, width] of [['en', 1280], ['ar', 390]] as const)
    test(`Pages of nodes with real cases: axe finds nothing and nothing sticks out (${language}, ${width} px)`, { timeout: 15 * patience }, async () => {
      const found: string[] = []
      await inLanes(Object.entries(pagesOf), async ([who, [node, person, paths]]) => {
        const someone = await signedIn(w(), node, person, { language, width })
        for (const path of paths(id())) {
          await someone.page.goto(w().people[node]! + path)
          await settled(someone.page)
          // In English, wide, the days of the others have looked at most of them with axe already.
          const axe = language === 'ar' || unseen.test(path) ? await violations(someone.page) : []
          for (const line of [...axe, ...(await sticksOut(someone.page))]) found.push(`${who} ${path}: ${line}`)
          if (language === 'en') for (const line of await focusIsSeen(someone.page)) found.push(`${who} ${path}: ${line}`)
        }
        await someone.leave()
      })
      assert.deepEqual(found, [])
    })

  test('K9 A node that answers nothing, refuses, or is slow: the page says so, and goes on when asked', { timeout: 10 * patience }, async () => {
    for (const language of ['en', 'ar']) {
      const ada = await signedIn(w(), 'arcadia', 'arcadia-officer', { language })
      const { page } = ada
      const look = async (name: string) => assert.deepEqual(await violations(page), [], `${language}: ${name}`)
      await page.route(/\/api\/v1\/worklist(\?|$)/, (route) => route.abort())
      await page.goto(`${w().people.arcadia}/work`)
      await page.locator('.banner-bad').waitFor()
      await look('broken')
      await page.unroute(/\/api\/v1\/worklist(\?|$)/)
      await page.locator('main .loaded button').click()
      await page.locator('a.case-link').first().waitFor()
      let answer = () => {}
      const answered = new Promise<void>((go) => (answer = go))
      await page.route(`**/api/v1/cases/${id()}`, async (route) => { await answered; await route.continue() })
      await page.goto(`${w().people.arcadia}/cases/${id()}`)
      await page.locator('.waiting').first().waitFor()
      await look('loading')
      answer()
      await page.locator('.timeline > li').first().waitFor()
      await page.unroute(`**/api/v1/cases/${id()}`)
      await page.goto(`${w().people.arcadia}/cases/no-such-case`)
      await page.locator('.banner-bad').waitFor()
      await look('refused')
      await ada.context.close()
    }
    // The session ends while somebody works: what was chosen stays, and who reads on is sent to the door.
    const henrik = await signedIn(w(), 'arcadia', 'arcadia-officer')
    await henrik.page.goto(`${w().people.arcadia}/drafts/new`)
    await henrik.page.locator('form select').first().waitFor()
    const lists = await henrik.page.locator('form select').evaluateAll((all) => all.map((e) => e.id))
    await choose(henrik.page, `[id="${lists[0]}"]`, 'borealis-authority')
    await choose(henrik.page, `[id="${lists[1]}"]`, 'nimbus-mail')
    await henrik.context.clearCookies()
    await press(henrik.page, henrik.page.getByRole('button', { name: 'Begin' }))
    await henrik.page.getByText('Your session has ended').waitFor()
    assert.deepEqual(await violations(henrik.page), [])
    assert.equal(await henrik.page.locator(`[id="${lists[0]}"]`).inputValue(), 'borealis-authority')
    await press(henrik.page, henrik.page.locator('.nav a[href="/work"]'))
    await henrik.page.waitForURL(/\/sign-in\?to=%2Fwork$/)
    await henrik.context.close()
    const nobody = await somebody(w(), w().anybody.arcadia!, { language: 'ar' })
    await nobody.go('/overdue')
    await nobody.go('/transparency')
    await nobody.leave()
  })
}
