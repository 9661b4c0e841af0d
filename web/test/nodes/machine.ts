// What stands behind the pages: whether a back-up can be restored, and which program runs.
import { test } from 'node:test'
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { appendFileSync, copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { press } from '../support/keyboard.ts'
import { give } from './deeds.ts'
import { bytesOf, patience, program, signedIn, somebody, type World } from './world.ts'

/** Runs the program; gives whether it did what it was asked. */
const runs = (...args: string[]): boolean => {
  try {
    execFileSync(program(), args, { stdio: 'pipe' })
    return true
  } catch {
    return false
  }
}

export function machine(w: () => World): void {
  test('K12 Authority: a back-up is restored on the side and found whole; the page says how old that is, and takes no other node’s drill for its own', { timeout: 10 * patience }, async () => {
    const key = (node: string) => `${w().dir}/${node}/keys/sealing`
    const drill = (node: string): string => {
      const file = `${w().dir}/${node}.backup`
      assert.ok(runs('backup', `${w().dir}/${node}`, file, '--to', `${key('arcadia-authority')}.cert.pem`, '--to', `${key('inspectorate')}.cert.pem`))
      assert.ok(runs('drill', 'restore', file, '--key', `${key('inspectorate')}.key.pem`, '--cert', `${key('inspectorate')}.cert.pem`, '--out', `${file}.found`))
      return `${file}.found`
    }
    const henrik = await signedIn(w(), 'arcadia', 'arcadia-admin-1')
    const { page } = henrik
    await henrik.go('/authority')
    const panel = page.locator('.panel', { hasText: 'Can a back-up be restored?' })
    await panel.getByText('Never tried').waitFor()
    const input = panel.locator('input[type=file]')
    await give(page, input, { name: 'found.jws', mimeType: 'application/jose+json', buffer: readFileSync(drill('nimbus-mail')) })
    await panel.locator('.banner-bad').waitFor()
    await henrik.look('a drill of another node')
    await panel.getByText('Never tried').waitFor()
    await give(page, input, { name: 'found.jws', mimeType: 'application/jose+json', buffer: readFileSync(drill('arcadia-authority')) })
    await panel.getByText('Restored and found whole').waitFor()
    await panel.getByText('the same as here').waitFor()
    await henrik.look('a drill taken down')
    await henrik.leave()
    const sven = await signedIn(w(), 'arcadia', 'arcadia-clerk')
    await sven.go('/authority')
    await sven.page.getByText('Restored and found whole').waitFor()
    assert.equal(await sven.page.locator('input[type=file]').count(), 0, 'a clerk reads it')
    await sven.leave()
  })

  test('V11 Researcher: which program a node runs, the release that two signed, and its proof; another program is found out at the machine', { timeout: 5 * patience }, async () => {
    const hye = await somebody(w(), w().anybody.borealis!)
    const { page } = hye
    await hye.go('/transparency')
    const panel = page.locator('section', { hasText: 'The program of this node' }).last()
    await panel.getByText('A published release, proved').waitFor()
    await panel.getByText('releases.example/lena').waitFor()
    await hye.look('the program of a node')
    const [download] = await Promise.all([page.waitForEvent('download'), press(page, page.getByRole('button', { name: 'Save the proof' }))])
    const proof = `${w().dir}/comity.release`
    writeFileSync(proof, await bytesOf(download))
    const check = (file: string) => runs('release', 'check', proof, '--policy', `${w().dir}/releases/policy`, '--program', file)
    const at = `${w().dir}/borealis-authority`
    const pid = execFileSync('pgrep', ['-f', '-x', `.*practice-node --dir ${at}`]).toString().split('\n')[0]!
    assert.ok(check(`/proc/${pid}/exe`), 'the file that runs is the one that was released')
    const other = `${w().dir}/another-program`
    copyFileSync(program(), other)
    appendFileSync(other, 'x')
    assert.ok(!check(other), 'a byte more is another program')
    await hye.leave()
  })
}
