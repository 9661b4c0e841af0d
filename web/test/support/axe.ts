// axe on a page as it stands, outside the page's policy, as a test may.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'
import { web } from './places.ts'

const axe = readFileSync(createRequire(web('package.json')).resolve('axe-core/axe.min.js'), 'utf8')

export async function violations(page: Page): Promise<string[]> {
  const result: any = await page.evaluate(`(() => { const module = undefined; ${axe}; return 0 })()`).then(() =>
    page.evaluate(() => (globalThis as any).axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], resultTypes: ['violations'] })))
  return result.violations.map((v: any) => `${v.id}: ${v.nodes.slice(0, 2).map((n: any) => n.html.slice(0, 160)).join(' | ')}`)
}
