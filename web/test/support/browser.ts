// A real Chromium against the development server, for flow tests and screenshots.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core'
import { start, type Dev } from '../../dev/server.ts'
import { rmSync } from 'node:fs'
import { web } from './places.ts'

export interface Stage {
  dev: Dev
  browser: Browser
  close: () => Promise<void>
}

export async function stage(): Promise<Stage> {
  const { make } = await import(web('build.mjs'))
  // A folder for each process: what one test builds must not vanish under another's server.
  const site = web(`node_modules/.cache/site-${process.pid}`)
  await make({ dev: true, out: site })
  const dev = await start({ site, law: web('../law') })
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', headless: true,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage'],
  })
  return { dev, browser, close: async () => { await browser.close(); await dev.close(); rmSync(site, { recursive: true, force: true }) } }
}

export interface Visitor {
  context: BrowserContext
  page: Page
  /** What went wrong that nobody should see: console errors, failed policies, uncaught faults. */
  trouble: string[]
  /** Requests to anywhere but the node. */
  foreign: string[]
  go: (path: string) => Promise<void>
}

export async function visit(s: Stage, { person, language = 'en', width = 1280, height = 900, payload = false, dark = false }: { person?: string; language?: string; width?: number; height?: number; payload?: boolean; dark?: boolean } = {}): Promise<Visitor> {
  const context = await s.browser.newContext({ viewport: { width, height }, locale: 'en-GB', timezoneId: 'Europe/Brussels', colorScheme: dark ? 'dark' : 'light', reducedMotion: 'reduce' })
  await context.addInitScript((code) => localStorage.setItem('language', code), language)
  const page = await context.newPage()
  page.setDefaultTimeout(30_000)
  // The pages say "in 3 days" by the clock of the world that is served.
  await page.clock.setFixedTime(new Date('2026-11-24T09:30:00Z'))
  const trouble: string[] = []
  const foreign: string[] = []
  page.on('console', (m) => { if (m.type() === 'error' && !/status of (401|404|409|412|422)/.test(m.text())) trouble.push(m.text()) })
  page.on('pageerror', (e) => trouble.push(String(e)))
  page.on('request', (r) => { if (!r.url().startsWith(s.dev.url) && !r.url().startsWith('blob:') && !r.url().startsWith('data:')) foreign.push(r.url()) })
  const go = async (path: string) => {
    await page.goto(s.dev.url + path)
    await settled(page)
  }
  if (person) {
    await page.goto(`${s.dev.url}/`)
    await page.evaluate(async (who) => {
      const post = (path: string, body: unknown) => fetch(`/api/v1${path}`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }).then((r) => r.json())
      const request = await post('/session/challenge', {})
      await post('/session', await post('/practice/assertions', { person: who, challenge: request.challenge, rp_id: request.rp_id }))
      sessionStorage.setItem('practice', who)
    }, person)
  }
  if (payload) await context.addCookies([{ name: 'payload', value: '1', url: s.dev.url }])
  return { context, page, trouble, foreign, go }
}

/** Waits until nothing loads any more. */
export async function settled(page: Page): Promise<void> {
  await page.waitForFunction(() => document.querySelector('h1') && !document.querySelector('.waiting') && !document.querySelector('[aria-busy="true"]'), undefined, { timeout: 15_000 }).catch(() => {})
}

const axe = readFileSync(createRequire(web('package.json')).resolve('axe-core/axe.min.js'), 'utf8')
/** axe runs outside the page's policy, as a test may. */
export async function violations(page: Page): Promise<string[]> {
  const result: any = await page.evaluate(`(() => { const module = undefined; ${axe}; return 0 })()`).then(() =>
    page.evaluate(() => (globalThis as any).axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], resultTypes: ['violations'] })))
  return result.violations.map((v: any) => `${v.id}: ${v.nodes.slice(0, 2).map((n: any) => n.html.slice(0, 160)).join(' | ')}`)
}
