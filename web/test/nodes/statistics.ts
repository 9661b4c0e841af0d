// A quarter ends: every node publishes its report; anybody checks it in the browser, saves it, and adds it
// up again from the record with one command.
import { test } from 'node:test'
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { press } from '../support/keyboard.ts'
import { bytesOf, hour, now, pass, patience, program, signedIn, somebody, until, type World } from './world.ts'

interface Saved {
  participant: string
  period: string
  reports: { class: string; cases: number; attributes: { cells?: unknown }[] }[]
}

/** From now to the first day of the next quarter. */
function leftOfQuarter(): number {
  const today = new Date(now())
  return Date.UTC(today.getUTCFullYear(), 3 * Math.floor(today.getUTCMonth() / 3) + 3, 1) - now()
}

export function statistics(w: () => World): void {
  test('K11 P11 V8 V10 A quarter ends: authority and provider publish, the browser checks who signed, one command adds it up again from the record; what would tell on one case is withheld', { timeout: 20 * patience }, async () => {
    pass(w(), leftOfQuarter() + hour)
    for (const [host, node, group] of [['arcadia', 'arcadia-authority', 'requesting'], ['nimbus', 'nimbus-mail', 'provider']] as const) {
      const hye = await somebody(w(), w().anybody[host]!)
      const { page } = hye
      await hye.go('/')
      // Published, and cosigned with the next beat of the record.
      await until(hye, '/transparency', () => page.getByText('Checked here').first().waitFor({ timeout: 3000 }).then(() => true, () => false), `the report of ${node}`)
      await hye.look(`the report of ${node}`)
      const [download] = await Promise.all([page.waitForEvent('download'), press(page, page.getByRole('button', { name: 'Save the report' }))])
      const bytes = await bytesOf(download)
      const saved = JSON.parse(bytes.toString()) as Saved
      const report = saved.reports.find((one) => one.class === group)!
      assert.equal(saved.participant, node)
      assert.ok(report.cases > 0)
      assert.ok(report.attributes.some((row) => !row.cells), 'so few cases would tell on one another')
      const file = `${w().dir}/${node}.report.json`
      writeFileSync(file, bytes)
      const told = JSON.parse(execFileSync(program(), ['stats', '--verify', file, '--record', `${w().dir}/${node}/record`, '--json']).toString()) as Record<string, unknown>
      assert.deepEqual(Object.keys(told).filter((name) => told[name] === 'withheld').length, saved.reports.flatMap((one) => one.attributes).filter((row) => !row.cells).length)
      // One count changed: the record says otherwise.
      writeFileSync(file, bytes.toString().replace(`"cases":${report.cases}`, `"cases":${report.cases + 1}`))
      assert.notEqual(readFileSync(file).compare(bytes), 0)
      assert.throws(() => execFileSync(program(), ['stats', '--verify', file, '--record', `${w().dir}/${node}/record`], { stdio: 'pipe' }))
      await hye.leave()
    }
    const henrik = await signedIn(w(), 'arcadia', 'arcadia-clerk')
    await henrik.go('/authority/statistics')
    await henrik.page.locator('tbody tr', { hasText: 'Emergency' }).first().waitFor()
    await henrik.leave()
  })
}
