// A provider with a desk of two joins: from a program and nothing else to the first request that it answers.
import { test } from 'node:test'
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { settled } from '../support/browser.ts'
import { choose } from '../support/fill.ts'
import { press } from '../support/keyboard.ts'
import { web } from '../support/places.ts'
import { aFreePort, done, enter, links, register, serving } from './founders.ts'
import { patience, signedIn, somebody, until, type World } from './world.ts'

const members = ['arcadia-authority', 'borealis-authority', 'cordia-authority']

export function petrel(w: () => World): void {
  test('P9 P10 Petrel: a provider of two people is set up from nothing and answers its first test; what it never has is not asked of it', { timeout: 15 * patience }, async (t) => {
    const begun = Date.now()
    const { dir } = w()
    const node = `${dir}/petrel`
    const port = await aFreePort()
    const origin = `https://sign.petrel.localhost:${port}`
    const founder = (person: string, name: string) => ({ person, name, office: 'desk', roles: ['administrator', 'response-officer'] })
    writeFileSync(`${dir}/petrel.plan`, JSON.stringify({
      participant: 'petrel', federation: 'practice', kind: 'provider', country: 'XB', name_en: 'Petrel ISP', host: 'petrel.localhost', port, law: web('../law'),
      pages: process.env.COMITY_PAGES ?? web('../build/web'), languages: ['en'], capabilities: { categories: ['subscriber'] },
      offices: [{ id: 'desk', name: 'Desk', roles: ['administrator', 'response-officer'] }], founders: [founder('pia', 'Pia Holm'), founder('owen', 'Owen Holm')],
    }))
    done('init', '--dir', node, '--plan', `${dir}/petrel.plan`)
    w().later.push(await serving(node, 'practice-node'))
    const link = links(node)
    const pia = await somebody(w(), origin, { empty: true })
    const owen = await somebody(w(), origin, { empty: true })
    const codes = []
    for (const [someone, person] of [[pia, 'pia'], [owen, 'owen']] as const) codes.push('--code', `${person}=${await register(someone, link[person]!, 'en', someone.look)}`)
    done('founders', 'confirm', '--dir', node, ...codes)

    // The federation enters it in its next directory: what stands in the present one, and one more.
    const nodes = [...members, 'nimbus-mail', 'inspectorate', 'petrel']
    const payload = JSON.parse(Buffer.from((JSON.parse(readFileSync(`${dir}/directory.jws`, 'utf8')) as { payload: string }).payload, 'base64url').toString()) as { version: number; threshold: number; rules: unknown }
    writeFileSync(`${dir}/rules.json`, JSON.stringify(payload.rules))
    done('directory', 'draft', '--federation', 'practice', '--threshold', `${payload.threshold}`, '--number', `${payload.version + 1}`, '--days', '800', '--rules', `${dir}/rules.json`, '--law', web('../law'),
      '--witness', `inspectorate=${dir}/inspectorate/witness.vkey`, '--out', `${dir}/draft`, ...nodes.flatMap((name) => ['--participant', `${dir}/${name}/participant.json`]))
    let signed = `${dir}/draft`
    for (const name of members) {
      done('directory', 'sign', '--dir', `${dir}/${name}`, '--in', signed, '--out', `${dir}/signed-${name}`)
      signed = `${dir}/signed-${name}`
    }
    for (const name of nodes) done('directory', 'install', '--dir', `${dir}/${name}`, signed)

    await enter(pia, origin, 'en')
    await pia.page.waitForURL(/\/work$/)
    await pia.look('a worklist with nothing in it')
    const sven = await signedIn(w(), 'arcadia', 'arcadia-clerk')
    const { page } = sven
    await sven.go('/authority/partners')
    const line = page.locator('tr', { hasText: 'Petrel ISP' })
    await press(page, line.getByRole('button', { name: 'Test' }))
    await page.getByRole('dialog').locator('.banner-good').waitFor()
    await sven.look('the first test that it answers')
    t.diagnostic(`from nothing to the first answer: ${Math.round((Date.now() - begun) / 1000)} s, of which a person has to type a plan, a name for each key, and two codes`)
    await sven.leave()

    // It keeps who a customer is and nothing else: a request for more does not begin, and is told why.
    const ada = await signedIn(w(), 'arcadia', 'arcadia-officer')
    await ada.page.goto(`${new URL(ada.page.url()).origin}/drafts/new`)
    await settled(ada.page)
    await ada.page.locator('select').first().waitFor()
    const lists = await ada.page.locator('form select').evaluateAll((all) => all.map((e) => e.id))
    await choose(ada.page, `[id="${lists[0]}"]`, 'borealis-authority')
    await choose(ada.page, `[id="${lists[1]}"]`, 'petrel')
    await choose(ada.page, `[id="${lists[2]}"]`, 'content')
    await press(ada.page, ada.page.getByRole('button', { name: 'Begin' }))
    await ada.page.locator('.banner-bad').waitFor()
    assert.match(await ada.page.locator('.banner-bad').innerText(), /never has/)
    await ada.look('what a provider never has')
    await choose(ada.page, `[id="${lists[2]}"]`, 'subscriber')
    await press(ada.page, ada.page.getByRole('button', { name: 'Begin' }))
    await ada.page.waitForURL(/\/drafts\/(?!new)[^/]+$/)
    await ada.leave()
    await until(pia, '/work', async (there) => (await there.locator('main').innerText()).length > 0, 'the worklist of Petrel')
    for (const someone of [pia, owen]) await someone.leave()
  })
}
