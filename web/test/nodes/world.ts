// The practice world: five real nodes of the program under test, with people whose passkeys in
// software are put into Chromium's virtual authenticators.
import assert from 'node:assert/strict'
import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { chromium, type Browser, type BrowserContext, type Download, type Page } from 'playwright-core'
import { violations } from '../support/axe.ts'
import { settled } from '../support/browser.ts'
import { press } from '../support/keyboard.ts'
import { web } from '../support/places.ts'
import type { Fields } from '../support/fill.ts'

/** A busy machine is slow; a test that waits is not yet a failed one. */
export const patience = Number(process.env.PATIENCE ?? 60_000)

export interface World {
  browser: Browser
  dir: string
  /** By node: where its people work. */
  people: Record<string, string>
  /** By node: where anybody reads. */
  anybody: Record<string, string>
  /** What is to be ended with it. */
  later: (() => Promise<void>)[]
  close: () => Promise<void>
}

/** Which commit the program that plays was built from, where that is known. */
function commit(): Record<string, string> {
  if (process.env.COMITY_COMMIT) return {}
  try {
    return { COMITY_COMMIT: execFileSync('git', ['rev-parse', 'HEAD'], { cwd: web('..'), stdio: ['ignore', 'pipe', 'ignore'] }).toString().trim() }
  } catch {
    return {}
  }
}

export function program(): string {
  const file = process.env.COMITY ?? web('../build/release/comity')
  assert.ok(existsSync(file), `${file} is built`)
  return file
}

/**
 * With OPEN_WORLD=folder, a world that is open already (`comity demo --story none --dir folder/world >folder/said`): for
 * writing a single test. Its cases stay, so each run asks about other accounts.
 */
const openWorld = process.env.OPEN_WORLD

export async function world(story = 'none'): Promise<World> {
  if (openWorld) return atWork(`${openWorld}/world`, readFileSync(`${openWorld}/said`, 'utf8'), async () => {})
  const folder = mkdtempSync(`${tmpdir()}/comity-nodes-`)
  const dir = `${folder}/world`
  const child: ChildProcess = spawn(program(), ['demo', '--story', story, '--dir', dir], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...commit(), COMITY_PAGES: process.env.COMITY_PAGES ?? web('../build/web') } })
  let said = ''
  child.stdout!.on('data', (bytes) => (said += bytes))
  child.stderr!.on('data', (bytes) => (said += bytes))
  const ended = new Promise<never>((_, fail) => child.on('exit', (code) => fail(new Error(`the practice world ended with ${code}: ${said}`))))
  let over = false
  ended.catch(() => (over = true))
  const open = async () => {
    while (!over && (!/for anybody[^\n]*\n\s*\n?$/m.test(said) || (said.match(/for anybody/g) ?? []).length < 5)) await new Promise((wait) => setTimeout(wait, 200))
  }
  const late = new Promise<never>((_, fail) => setTimeout(() => fail(new Error(`the practice world does not open: ${said}`)), 6 * patience).unref())
  await Promise.race([open(), ended, late])
  return atWork(dir, said, async () => {
    child.removeAllListeners('exit')
    const gone = new Promise((done) => child.on('exit', done))
    child.kill('SIGTERM')
    await gone
    if (!process.env.KEEP) rmSync(folder, { recursive: true, force: true })
  })
}

/** A browser for a world that has said where its doors are. */
async function atWork(dir: string, said: string, end: () => Promise<void>): Promise<World> {
  clock = `${dir}/clock`
  const people: Record<string, string> = {}
  const anybody: Record<string, string> = {}
  for (const [, sign, host, port] of said.matchAll(/https:\/\/(sign\.)?([a-z]+)\.localhost:(\d+)\//g)) (sign ? people : anybody)[host!] = `https://${sign ?? ''}${host}.localhost:${port}`
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', headless: true,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage'],
  })
  const later: World['later'] = []
  const close = async () => {
    await browser.close()
    for (const step of later) await step()
    await end()
  }
  return { browser, dir, people, anybody, later, close }
}

/** Stops one node of the world; gives what starts it again, on the same data. */
export async function away(w: World, node: string): Promise<() => Promise<void>> {
  const at = `${w.dir}/${node}`
  const pid = Number(execFileSync('pgrep', ['-f', '-x', `.*practice-node --dir ${at}`]).toString().split('\n')[0])
  process.kill(pid, 'SIGTERM')
  while (existsSync(`/proc/${pid}`) && !/^State:\tZ/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))) await new Promise((wait) => setTimeout(wait, 50))
  return async () => {
    const again = spawn(program(), ['practice-node', '--dir', at], { stdio: 'ignore', env: { ...process.env, COMITY_PAGES: process.env.COMITY_PAGES ?? web('../build/web') } })
    w.later.push(async () => {
      const gone = new Promise((done) => again.on('exit', done))
      again.kill('SIGTERM')
      await gone
    })
  }
}

/** The time of all nodes: one shared word says how many milliseconds it is ahead of the machine's (src/apps/practice_clock.cpp). */
let clock = ''
export const now = (): number => Date.now() + (clock ? Number(readFileSync(clock).readBigInt64LE()) : 0)

/** Lets time pass on all nodes at once. */
export function pass(w: World, milliseconds: number): void {
  const file = `${w.dir}/clock`
  const ahead = readFileSync(file)
  ahead.writeBigInt64LE(ahead.readBigInt64LE() + BigInt(milliseconds))
  writeFileSync(file, ahead, { flag: 'r+' })
}
export const hour = 3_600_000

export interface Someone {
  context: BrowserContext
  page: Page
  /** Goes to a page of the node, and looks at it whole: axe, policy, console, requests. */
  go: (path: string) => Promise<void>
  /** Looks at the page as it stands. */
  look: (name: string) => Promise<void>
  leave: () => Promise<void>
}

const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; require-trusted-types-for 'script'; trusted-types 'none'"

/** Somebody at a browser of their own. With `person`, their passkeys are in its authenticator; with `empty`, it has none yet. */
export async function somebody(w: World, origin: string, { person, language = 'en', width = 1280, empty = false }: { person?: string; language?: string; width?: number; empty?: boolean } = {}): Promise<Someone> {
  const context = await w.browser.newContext({ viewport: { width, height: 900 }, locale: 'en-GB', timezoneId: 'Europe/Brussels', ignoreHTTPSErrors: true, reducedMotion: 'reduce', acceptDownloads: true })
  await context.addInitScript((code) => localStorage.setItem('language', code), language)
  const page = await context.newPage()
  page.setDefaultTimeout(patience)
  // Asked for once and kept: who asks only when a file is to be chosen races with the key that opens the chooser.
  page.on('filechooser', () => {})
  if (person || empty) {
    const cdp = await context.newCDPSession(page)
    await cdp.send('WebAuthn.enable')
    const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', { options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true } })
    for (const file of person ? [`${person}.sign-in.passkey`, `${person}.passkey`] : []) {
      const saved = JSON.parse(readFileSync(`${w.dir}/demo-keys/people/${file}`, 'utf8')) as { credential_id: string; rp_id: string; key: string }
      await cdp.send('WebAuthn.addCredential', {
        authenticatorId,
        credential: {
          credentialId: Buffer.from(saved.credential_id, 'base64url').toString('base64'), isResidentCredential: true, rpId: saved.rp_id, signCount: 0,
          privateKey: saved.key.replace(/-----[^-]+-----|\s/g, ''), userHandle: Buffer.from(person!).toString('base64'),
        },
      })
    }
  }
  const trouble: string[] = []
  page.on('console', (m) => { if (m.type() === 'error' && !/status of (401|403|404|409|412|422)|net::ERR_FAILED/.test(m.text()) && !/\/translation$/.test(m.location().url)) trouble.push(`console: ${m.text()}`) })
  page.on('pageerror', (e) => trouble.push(`uncaught: ${String(e)}`))
  page.on('request', (r) => { if (!/^(blob|data):/.test(r.url()) && new URL(r.url()).origin !== origin) trouble.push(`a request to another origin: ${r.url()}`) })
  const look = async (name: string) => {
    await settled(page)
    assert.deepEqual(await violations(page), [], `axe: ${name}`)
    assert.deepEqual(trouble, [], name)
    assert.equal(await page.evaluate(() => (globalThis as any).ran), undefined, `${name}: nothing that came from elsewhere ran`)
  }
  const go = async (path: string) => {
    const answer = await page.goto(origin + path)
    const headers = answer!.headers()
    assert.equal(headers['content-security-policy'], policy, path)
    assert.equal(headers['x-content-type-options'], 'nosniff')
    assert.equal(headers['referrer-policy'], 'no-referrer')
    assert.equal(headers['cross-origin-opener-policy'], 'same-origin')
    await look(path)
  }
  return { context, page, go, look, leave: async () => { assert.deepEqual(trouble, []); await context.close() } }
}

/** Signs in by the keyboard, with the passkey. */
export async function signedIn(w: World, node: string, person: string, more: { language?: string; width?: number } = {}): Promise<Someone> {
  const someone = await somebody(w, w.people[node]!, { person, ...more })
  const { page } = someone
  await someone.go('/sign-in')
  await press(page, page.locator('main .button-primary').first())
  await page.waitForURL(/\/work$/)
  await settled(page)
  return someone
}

/** Checks the form, signs it with the passkey, and waits until the case's keeper has taken it. */
export async function sign({ page, look }: Someone, name: string, button = 'Check and sign'): Promise<void> {
  await press(page, page.getByRole('button', { name: button }))
  const dialog = page.getByRole('dialog')
  const key = dialog.getByRole('button', { name: 'Sign with the passkey' })
  await Promise.race([key.waitFor(), dialog.locator('.banner-bad').waitFor().then(async () => assert.fail(`${name} is refused: ${await dialog.innerText()}`)), page.locator('.summary').waitFor().then(async () => assert.fail(`${name} has faults: ${await page.locator('.summary').innerText()}`))])
  await look(`${name}, before signing`)
  await press(page, key)
  await Promise.race([dialog.locator('.banner-good, .banner-info').waitFor(), dialog.locator('.banner-bad').waitFor().then(async () => assert.fail(`${name} is refused: ${await dialog.innerText()}`))])
  await press(page, dialog.getByRole('link', { name: 'To the case' }))
  await page.waitForURL(/\/cases\/[^/]+$/)
}

/** Loads a page again until it says what is awaited: acts and evidence travel between nodes. */
export async function until(someone: Someone, path: string, there: (page: Page) => Promise<boolean>, what: string): Promise<void> {
  const end = Date.now() + 2 * patience
  while (Date.now() < end) {
    await someone.page.goto(`${new URL(someone.page.url()).origin}${path}`)
    await settled(someone.page)
    if (await there(someone.page)) return
    await someone.page.waitForTimeout(500)
  }
  assert.fail(`waited for ${what}; the page says: ${(await someone.page.locator('main').innerText()).slice(0, 1500)}`)
}

export async function bytesOf(download: Download): Promise<Buffer> {
  return readFileSync((await download.path())!)
}

/**
 * The examples of the law pack begin on this day; moved so that they begin today. With `about`, they
 * are about another account and address: two cases that ask for the same are not both necessary (F9).
 */
export function example(name: string, about?: { account: string; address: string }): Fields {
  const written = readFileSync(web(`../law/examples/${name}.json`), 'utf8')
  const asked = about && openWorld ? { account: about.account + process.pid, address: about.address.replace('113', String(process.pid % 250)) } : about
  const { fields } = JSON.parse(asked ? written.replaceAll('harbour.invoices', asked.account).replaceAll('203.0.113.77', asked.address) : written) as { fields: Fields }
  const distance = Math.floor(now() / 86_400_000) * 86_400_000 - Date.parse('2026-03-02')
  const moved = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(moved)
    if (value && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, moved(v)]))
    if (typeof value !== 'string') return value
    if (/^\d{4}-\d\d-\d\d$/.test(value)) return new Date(Date.parse(value) + distance).toISOString().slice(0, 10)
    if (/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value)) return new Date(Date.parse(value) + distance).toISOString().replace('.000Z', 'Z')
    return value
  }
  return moved(fields) as Fields
}
