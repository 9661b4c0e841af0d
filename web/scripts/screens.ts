// Pictures of the pages into docs/screens, of real nodes: the practice world after all its stories,
// with one more case on its way. English and Arabic, 1280 and 390 wide. Needs the program and
// build/web. Arguments: names of pages (without: all), --to FOLDER, --dark, --variant en-1280.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { appendFileSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { settled } from '../test/support/browser.ts'
import { web } from '../test/support/places.ts'
import { away, handOver } from '../test/nodes/hands.ts'
import { authorise, begin, opened, perform, produce, request, without } from '../test/nodes/deeds.ts'
import { example, now, program, signedIn, somebody, until, world, type Someone } from '../test/nodes/world.ts'

const args = process.argv.slice(2)
const option = (name: string) => (args.includes(name) ? args.splice(args.indexOf(name), 2)[1] : undefined)
const folder = option('--to') ?? web('../docs/screens')
const only = option('--variant')
const dark = args.includes('--dark')
const wanted = args.filter((a) => !a.startsWith('--'))
mkdirSync(folder, { recursive: true })

interface Shown {
  name: string
  node: string
  /** Nobody signs in for what anybody reads. */
  person?: string
  path: string
  ready?: (someone: Someone) => Promise<void>
  /** The page to which `ready` goes on, by its pattern. */
  shows?: string
}

const w = await world('all')
let again: ChildProcess | undefined

/** Arcadia's node sends mail: its settings say so, and it starts again with them. The rest of the practice world is as it was. */
async function withMail(): Promise<void> {
  const dir = `${w.dir}/arcadia-authority`
  const running = (pid: string) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(`practice-node\0--dir\0${dir}`)
    } catch {
      return false
    }
  }
  const [pid] = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).filter(running)
  process.kill(Number(pid), 'SIGTERM')
  while (running(pid!)) await new Promise((wait) => setTimeout(wait, 100))
  appendFileSync(`${dir}/node.toml`, '\n[mail]\nhost = "mail.justice.arcadia.example"\nfrom = "comity@justice.arcadia.example"\ndomains = ["justice.arcadia.example"]\n')
  again = spawn(program(), ['practice-node', '--dir', dir], { stdio: 'ignore', env: { ...process.env, COMITY_PAGES: process.env.COMITY_PAGES ?? web('../build/web') } })
  const anybody = await somebody(w, w.people.arcadia!)
  for (let i = 0; i < 200 && !(await anybody.page.goto(`${w.people.arcadia}/sign-in`).catch(() => null)); i++) await new Promise((wait) => setTimeout(wait, 200))
  await anybody.context.close()
}

try {
  // A case whose order waits at the provider, one in which the notice is put off, one that waits for the judge, and a draft.
  const ada = await signedIn(w, 'arcadia', 'arcadia-officer')
  const asked = (file_number: string, account: string, address: string) => request(ada, { procedure: 'mla' }, { ...example('request', { account, address }), file_number }, 'need', ['urgency'])
  const running = await asked('PA-CY-2026-00431', 'quay.office', '203.0.113.90')
  const deferred = await asked('PA-CY-2026-00426', 'reef.bookings', '203.0.113.93')
  const waiting = await asked('PA-CY-2026-00438', 'mole.orders', '203.0.113.91')
  const draft = await begin(ada, { procedure: 'mla' })
  await ada.page.evaluate(async ({ draft, fields }) => {
    const got = await fetch(`/api/v1/drafts/${draft}`)
    const { opening } = await got.json()
    await fetch(`/api/v1/drafts/${draft}`, { method: 'PUT', headers: { 'Content-Type': 'application/json', 'If-Match': got.headers.get('ETag')! }, body: JSON.stringify({ opening, fields }) })
  }, { draft, fields: without({ ...example('request', { account: 'pier.mail', address: '203.0.113.92' }), file_number: 'PA-CY-2026-00440' }, 'accurate', 'standard_of_proof') })
  const cases: { case: string; reference: string; procedure: string; state: string }[] = await ada.page.evaluate(async () => (await (await fetch('/api/v1/worklist?limit=100')).json()).items)
  const sealed: string = await ada.page.evaluate(async (id) => (await (await fetch(`/api/v1/cases/${id}/timeline?limit=10`)).json()).items[0].hash, running)
  await ada.leave()
  const carmen = await signedIn(w, 'arcadia', 'arcadia-judge')
  for (const id of [running, deferred]) {
    const act = async (node: string, person: string, name: string, ...left: string[]) => {
      const someone = await signedIn(w, node, person)
      await perform(someone, id, name, without(example(name), ...left), name)
      await someone.leave()
    }
    await authorise(carmen, id)
    await act('arcadia', 'arcadia-clerk', 'transmit')
    for (const name of ['acknowledge', 'accept']) await act('borealis', 'borealis-clerk', name)
    await act('borealis', 'borealis-judge', 'order', 'grid')
  }
  const provider = await signedIn(w, 'nimbus', 'nimbus-officer')
  for (const id of [running, deferred]) await until(provider, `/cases/${id}/produce`, async (page) => (await page.locator('#files-0').count()) > 0, 'the order')
  await produce(provider, [{ row: 1, name: 'log-ins.csv', mimeType: 'text/csv', buffer: Buffer.from('2026-01-11T14:06:31Z,203.0.113.93,51822,login\n') }])
  await opened(carmen, deferred, 'defer-notice')
  await perform(carmen, deferred, 'defer-notice', { ...example('defer-notice'), until: new Date(now() + 40 * 86_400_000).toISOString().replace(/\.\d+Z$/, 'Z') }, 'the deferral')
  await until(provider, '/deferrals', async (page) => (await page.locator('tr', { hasText: 'reef.bookings' }).count()) > 0, 'the deferral at the provider')
  for (const someone of [carmen, provider]) await someone.leave()
  const admin = await signedIn(w, 'arcadia', 'arcadia-admin-1')
  const link: string = await admin.page.evaluate(async (until) => (await (await fetch('/api/v1/invitations', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ person: 'kari-brandt', name: 'Kari Brandt', office: 'arcadia-cyber-unit', roles: ['issuing-officer'], valid_until: until, trained_until: until }) })).json()).link, new Date(Date.now() + 300 * 86_400_000).toISOString())
  await admin.leave()

  // Ada has taken her cases; she will be away, and a colleague sees to two of them.
  const leaving = await signedIn(w, 'arcadia', 'arcadia-officer')
  await handOver(leaving, 'arcadia-officer')
  await leaving.go('/me')
  await leaving.page.getByRole('button', { name: 'I am away' }).click()
  await away(leaving, 'arcadia-deputy', 5, [0, 1])
  await leaving.leave()
  const handing = async ({ page }: Someone) => {
    await page.locator('.list-head button').first().click()
    for (const at of [0, 1, 2]) await page.locator('.choose input').nth(at).click()
    await page.locator('.list-head .button-primary').click()
    await page.locator('dialog select').selectOption('arcadia-deputy')
  }

  // The stories in the order in which they were told: the last of a procedure is the newest.
  const of = (procedure: string) => cases.filter((c) => c.procedure === procedure && ![running, deferred, waiting].includes(c.case))
  const told = of('mla')[0]!.case
  const following = (to: string) => async ({ page }: Someone) => {
    await page.locator(`main a[href^="${to}"]`).first().click()
    await page.waitForURL((url) => url.pathname.startsWith(to))
  }
  const compared = async ({ page }: Someone) => {
    for (const [at, participant] of ['arcadia-authority', 'borealis-authority'].entries()) await page.locator('form select').nth(at).selectOption(participant)
    await page.locator('form button.button-primary').click()
    await page.locator('[role="status"] .banner').waitFor()
  }
  const produced = (someone: Someone) => someone.page.locator('.produce-rows').waitFor()
  const officer = { node: 'arcadia', person: 'arcadia-officer' }
  const clerk = { node: 'arcadia', person: 'arcadia-clerk' }
  const inspector = { node: 'inspectorate', person: 'inspector' }
  const anybody = { node: 'arcadia' }
  const all: Shown[] = [
    { name: 'home', ...anybody, path: '/' },
    { name: 'between', ...anybody, path: '/between?from=FR&to=US&category=content' },
    { name: 'map', ...anybody, path: '/map?country=FR' },
    { name: 'doors', ...anybody, path: '/doors' },
    { name: 'transparency', ...anybody, path: '/transparency' },
    { name: 'overdue', ...anybody, path: '/overdue' },
    { name: 'notice', ...anybody, path: '/notice' },
    { name: 'verify', ...anybody, path: `/verify#${sealed}`, ready: ({ page }: Someone) => page.locator('.banner-good').waitFor() },
    { name: 'sign-in', ...anybody, path: '/sign-in' },
    { name: 'enrol', ...anybody, path: `/enrol#${new URL(link).hash.slice(1)}` },
    { name: 'work', ...officer, path: '/work' },
    { name: 'me', ...officer, path: '/me' },
    { name: 'drafts', ...officer, path: '/drafts' },
    { name: 'draft-new', ...officer, path: '/drafts/new' },
    ...['data', 'ties', 'check'].map((step) => ({ name: `draft-${step}`, ...officer, path: `/drafts/${draft}?step=${step}` })),
    { name: 'case', ...officer, path: `/cases/${running}` },
    { name: 'case-procedure', ...officer, path: `/cases/${running}?tab=procedure` },
    { name: 'case-data', ...officer, path: `/cases/${running}?tab=data` },
    { name: 'case-findings', ...officer, path: `/cases/${running}?tab=findings` },
    { name: 'case-evidence', ...officer, path: `/cases/${told}?tab=evidence` },
    { name: 'case-emergency', ...officer, path: `/cases/${of('emergency')[0]!.case}` },
    { name: 'case-extraordinary', ...officer, path: `/cases/${of('extraordinary')[0]!.case}?tab=procedure` },
    { name: 'act-read', ...officer, path: `/cases/${running}`, ready: async ({ page }: Someone) => { await page.locator('.timeline > li').last().locator('a[href*="/acts/"]').click(); await page.waitForURL(/\/acts\//) }, shows: '/cases/:case/acts/:hash' },
    { name: 'judge', node: 'arcadia', person: 'arcadia-judge', path: `/cases/${waiting}/judge` },
    { name: 'act-perform', node: 'arcadia', person: 'arcadia-clerk', path: `/cases/${running}/act/withdraw` },
    { name: 'provider-case', node: 'nimbus', person: 'nimbus-officer', path: `/cases/${running}` },
    { name: 'produce', node: 'nimbus', person: 'nimbus-officer', path: `/cases/${running}/produce`, ready: produced },
    { name: 'deferrals', node: 'nimbus', person: 'nimbus-officer', path: '/deferrals' },
    { name: 'overview', ...clerk, path: '/authority' },
    { name: 'partners', ...clerk, path: '/authority/partners' },
    { name: 'directory', ...clerk, path: '/authority/directory' },
    { name: 'keys', ...clerk, path: '/authority/keys' },
    { name: 'key-acts', ...clerk, path: '/authority/keys', ready: following('/authority/keys/'), shows: '/authority/keys/:key' },
    { name: 'outbox', ...clerk, path: '/authority/outbox' },
    { name: 'statistics', ...clerk, path: '/authority/statistics' },
    { name: 'hand-over', node: 'arcadia', person: 'arcadia-admin-1', path: '/work', ready: handing },
    { name: 'people', node: 'arcadia', person: 'arcadia-admin-1', path: '/people' },
    { name: 'invite', node: 'arcadia', person: 'arcadia-admin-1', path: '/people/invite' },
    { name: 'oversight', ...inspector, path: '/oversight' },
    { name: 'question', ...inspector, path: '/oversight', ready: following('/oversight/questions/'), shows: '/oversight/questions/:id' },
    { name: 'compare', ...inspector, path: '/oversight/compare', ready: compared },
    { name: 'samples', ...inspector, path: '/oversight/samples' },
    { name: 'alarms', ...inspector, path: '/oversight/alarms' },
    { name: 'looks', ...inspector, path: '/oversight/looks' },
    { name: 'inspect', ...inspector, path: `/cases/${running}/act/inspect` },
  ].filter((shown) => wanted.length === 0 || wanted.includes(shown.name))

  await withMail()
  const files: string[] = []
  for (const [language, width] of [['en', 1280], ['en', 390], ['ar', 1280], ['ar', 390]] as const) {
    if (only && only !== `${language}-${width}`) continue
    for (const who of new Set(all.map((shown) => `${shown.node} ${shown.person ?? ''}`))) {
      const [node, person] = who.split(' ') as [string, string]
      const someone = person ? await signedIn(w, node, person, { language, width }) : await somebody(w, w.people[node]!, { language, width })
      if (dark) await someone.page.emulateMedia({ colorScheme: 'dark' })
      for (const shown of all.filter((s) => `${s.node} ${s.person ?? ''}` === who)) {
        await someone.page.goto(w.people[node]! + shown.path)
        await settled(someone.page)
        await shown.ready?.(someone)
        if (shown.name.startsWith('draft-')) await someone.page.waitForTimeout(900)
        await settled(someone.page)
        const height = await someone.page.evaluate(() => document.documentElement.scrollHeight)
        files.push(`${folder}/${shown.name}-${language}-${width}.png`)
        await someone.page.screenshot({ path: files.at(-1)!, fullPage: true, clip: { x: 0, y: 0, width, height: Math.min(height, width > 500 ? 1300 : 1400) } })
      }
      await someone.context.close()
    }
  }
  // A third of the size with pngquant, where it is there.
  spawnSync('pngquant', ['--force', '--ext', '.png', '--quality', '50-85', '--speed', '3', ...files])
} finally {
  again?.kill('SIGTERM')
  await w.close()
}
