// How the first two people of a new node come onto its roll: links that work once, two passkeys each in a browser, codes that are
// read to whoever set the node up, and a directory that names them. A node of its own, which belongs to no practice world.
import { test } from 'node:test'
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { violations } from '../support/axe.ts'
import { settled } from '../support/browser.ts'
import { press, write } from '../support/keyboard.ts'
import { sticksOut } from '../support/overflow.ts'
import { web } from '../support/places.ts'
import { patience, program, somebody, until, type Someone, type World } from './world.ts'

const isFree = (port: number): Promise<boolean> =>
  new Promise((found) => {
    const server = createServer()
      .once('error', () => found(false))
      .listen(port, '127.0.0.1', () => server.close(() => found(true)))
  })

/** Outside those ports that the system hands out by itself: nothing takes it by chance before its node does, or while that is down. */
export async function aFreePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 10_000)
    if (await isFree(port)) return port
  }
}

/** The words of the page in the language of who sits there. */
const words = {
  en: { device: 'Name of this device', make: 'Make the passkeys', made: 'Your passkeys are registered', signIn: 'Sign in with a passkey' },
  ar: { device: 'اسم هذا الجهاز', make: 'أنشئ مفتاحي المرور', made: 'سُجّل مفتاحاك', signIn: 'الدخول بمفتاح مرور' },
}
type Language = keyof typeof words

/** A person follows their link: two passkeys in one visit, and the code that they will read. */
export async function register({ page }: Someone, link: string, language: Language, look: (name: string) => Promise<void>): Promise<string> {
  await page.goto(link)
  await settled(page)
  assert.equal(await page.evaluate(() => document.documentElement.dir), language === 'ar' ? 'rtl' : 'ltr')
  await look('the page of the link')
  await write(page, page.getByLabel(words[language].device), 'Blue key')
  await press(page, page.getByRole('button', { name: words[language].make }))
  await page.getByText(words[language].made).waitFor()
  await look('passkeys registered')
  return page.locator('.key-code').innerText()
}

/** With the two passkeys that this browser has. */
export async function enter({ page }: Someone, origin: string, language: Language): Promise<void> {
  await page.goto(`${origin}/sign-in`)
  await settled(page)
  await press(page, page.getByRole('button', { name: words[language].signIn }))
}

/** Runs the program; gives what it said, where it did what it was asked. */
export function done(...args: string[]): string {
  const ran = spawnSync(program(), args, { encoding: 'utf8' })
  assert.equal(ran.status, 0, `comity ${args.join(' ')}: ${ran.stdout}${ran.stderr}`)
  return ran.stdout
}

/** The links for those of the first two who have made no passkeys, by person. */
export function links(node: string, ...more: string[]): Record<string, string> {
  const { invited } = JSON.parse(done('founders', 'invite', '--dir', node, '--json', ...more)) as { invited: { person: string; link: string }[] }
  return Object.fromEntries(invited.map(({ person, link }) => [person, link]))
}

/** Starts a node and waits until it can be spoken to; gives what stops it. */
export async function serving(node: string, command = 'serve', ...more: string[]): Promise<() => Promise<void>> {
  const child = spawn(program(), [command, '--dir', node, ...more], { stdio: 'ignore' })
  const gone = new Promise((ended) => child.on('exit', ended))
  const stop = async () => {
    child.kill('SIGTERM')
    await gone
  }
  for (const end = Date.now() + patience; !existsSync(`${node}/control.sock`); await new Promise((wait) => setTimeout(wait, 50)))
    if (Date.now() > end) {
      await stop()
      assert.fail(`${node} does not serve`)
    }
  return stop
}

export function founders(w: () => World): void {
  test('T02 Founders of a new node: each makes two passkeys by a link that works once, and signs in when the codes and the directory say so', { timeout: 10 * patience }, async () => {
    const folder = mkdtempSync(`${tmpdir()}/comity-founders-`)
    const node = `${folder}/node`
    const law = web('../law')
    const port = await aFreePort()
    const origin = `https://sign.solo.localhost:${port}`
    const run = (...args: string[]) => spawnSync(program(), args, { encoding: 'utf8' })
    const founder = (person: string, name: string) => ({ person, name, office: 'desk', roles: ['administrator'] })
    writeFileSync(`${folder}/plan.json`, JSON.stringify({
      participant: 'solo', federation: 'test', kind: 'authority', country: 'XA', name_en: 'Solo', name_fr: 'Solo', host: 'solo.localhost', port, law,
      pages: process.env.COMITY_PAGES ?? web('../build/web'), languages: ['en', 'ar'],
      offices: [{ id: 'desk', name: 'Desk', roles: ['central-authority-officer'] }], founders: [founder('ada', 'Ada Vance'), founder('bo', 'بدر <b>')],
    }))
    done('init', '--dir', node, '--plan', `${folder}/plan.json`)
    const stop = await serving(node, 'serve', '--quiet')
    try {
      const first = links(node)
      assert.deepEqual(Object.keys(first), ['ada', 'bo'])

      const look = async (someone: Someone, name: string) => {
        await someone.look(name)
        assert.deepEqual(await sticksOut(someone.page), [], name)
      }
      const registered = (someone: Someone, link: string, language: Language) => register(someone, link, language, (name) => look(someone, name))
      const ada = await somebody(w(), origin, { empty: true })
      const adas = await registered(ada, first.ada!, 'en')
      const bo = await somebody(w(), origin, { empty: true, language: 'ar', width: 390 })
      const old = await registered(bo, first.bo!, 'ar')
      for (const code of [adas, old]) assert.match(code, /^[A-Z2-7]{4}-[A-Z2-7]{4}-[A-Z2-7]{4}$/)

      // Whoever finds a link that has been used, or one that was replaced, makes no passkey with it.
      const again = links(node, '--again', 'bo')
      for (const [language, link] of [['en', first.ada!], ['ar', first.bo!]] as const) {
        const eve = await somebody(w(), origin, { empty: true, language })
        await eve.page.goto(link)
        await eve.page.locator('.banner-bad').waitFor()
        assert.equal(await eve.page.getByRole('button', { name: words[language].make }).count(), 0)
        assert.match(await eve.page.locator('.banner-bad').innerText(), language === 'ar' ? /\p{Script=Arabic}/u : /invitation/i)
        await look(eve, 'a used link')
        await eve.leave()
      }
      const confirm = (bos: string) => run('founders', 'confirm', '--dir', node, '--code', `ada=${adas}`, '--code', `bo=${bos}`)
      assert.notEqual(confirm(old).status, 0, 'the code of passkeys that were given up is taken no more')
      const bos = await registered(bo, again.bo!, 'ar')
      assert.notEqual(bos, old)
      assert.notEqual(confirm(bos.replace(/.$/, (c) => (c === 'A' ? 'B' : 'A'))).status, 0, 'a wrong code puts nobody on the roll')
      await enter(ada, origin, 'en')
      await ada.page.locator('.banner-bad').waitFor()
      await look(ada, 'nobody has confirmed her')

      const confirmed = confirm(bos)
      assert.equal(confirmed.status, 0, confirmed.stderr)
      assert.equal((JSON.parse(readFileSync(`${node}/participant.json`, 'utf8')) as { founders: unknown[] }).founders.length, 4)
      await enter(bo, origin, 'ar')
      await bo.page.locator('.banner-bad').waitFor()
      await look(bo, 'no directory names him yet')

      done('directory', 'draft', '--federation', 'test', '--threshold', '1', '--number', '1', '--out', `${folder}/draft`, '--law', law, '--participant', `${node}/participant.json`)
      done('directory', 'sign', '--dir', node, '--in', `${folder}/draft`, '--out', `${folder}/signed.jws`)
      done('directory', 'install', '--dir', node, `${folder}/signed.jws`)
      for (const [someone, language] of [[ada, 'en'], [bo, 'ar']] as const) {
        await enter(someone, origin, language)
        await someone.page.waitForURL(/\/work$/)
        await look(someone, 'signed in')
        // An administrator's page, where both stand, and the way to the third person.
        await until(someone, '/people', async (page) => (await page.locator('tbody tr', { hasText: 'Ada Vance' }).count()) > 0, 'the people of the node')
        assert.equal(await someone.page.locator('tbody tr', { hasText: 'بدر <b>' }).count(), 1)
        assert.equal(await someone.page.locator('main a[href="/people/invite"]').count(), 1)
        assert.deepEqual(await violations(someone.page), [])
        await someone.leave()
      }
    } finally {
      await stop()
      if (!process.env.KEEP) rmSync(folder, { recursive: true, force: true })
    }
  })
}
