// Pictures of the pages into docs/screens: English and Arabic, 1280 and 390 wide. Arguments: names of
// pages, or --all (without: those kept in docs/screens), --to FOLDER, --dark, --variant en-1280.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync } from 'node:fs'
import { everyPage } from '../test/support/pages.ts'
import { web } from '../test/support/places.ts'
import { settled, stage, visit } from '../test/support/browser.ts'

const args = process.argv.slice(2)
const option = (name: string) => (args.includes(name) ? args.splice(args.indexOf(name), 2)[1] : undefined)
const folder = option('--to') ?? web('../docs/screens')
const only = option('--variant')
const dark = args.includes('--dark')
const kept = ['home', 'between', 'map', 'doors', 'transparency', 'overdue', 'notice', 'sign-in', 'work', 'draft-data', 'draft-ties', 'draft-check', 'case', 'case-procedure', 'case-evidence', 'act-read', 'judge', 'produce', 'overview', 'partners', 'people', 'oversight']
const named = args.filter((a) => !a.startsWith('--'))
const wanted = args.includes('--all') ? [] : named.length ? named : kept
mkdirSync(folder, { recursive: true })

const s = await stage()
try {
  const all = everyPage(s.dev.world).filter((p) => wanted.length === 0 || wanted.includes(p.name))
  for (const [language, width] of [['en', 1280], ['en', 390], ['ar', 1280], ['ar', 390]] as const) {
    if (only && only !== `${language}-${width}`) continue
    for (const person of new Set(all.map((p) => p.person))) {
      const v = await visit(s, { person, language, width, dark })
      for (const shown of all.filter((p) => p.person === person)) {
        await v.go(shown.path)
        await settled(v.page)
        if (/^draft-/.test(shown.name) && shown.name !== 'draft-new') await v.page.waitForTimeout(700)
        const height = await v.page.evaluate(() => document.documentElement.scrollHeight)
        await v.page.screenshot({ path: `${folder}/${shown.name}-${language}-${width}.png`, fullPage: true, clip: { x: 0, y: 0, width, height: Math.min(height, width > 500 ? 1300 : 1400) } })
      }
      if (v.trouble.length) console.log(person ?? 'anybody', v.trouble)
      await v.context.close()
    }
  }
  // Smaller with pngquant, where it is there.
  spawnSync('pngquant', ['--force', '--ext', '.png', '--quality', '60-90', '--speed', '3', ...readdirSync(folder).filter((n) => n.endsWith('.png')).map((n) => `${folder}/${n}`)])
} finally {
  await s.close()
}
