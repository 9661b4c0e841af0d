// Every page has its pictures: what scripts/screens.ts goes to is held against the pages that app.tsx has.
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { web } from '../support/places.ts'

const script = readFileSync(web('scripts/screens.ts'), 'utf8')
const shown = [...script.matchAll(/\{ name: '([a-z-]+)',[^\n]*? path: (['`])([^'`]*)\2[^\n]*/g)].map(([line, name, , path]) => ({ name: name!, path: path!, shows: /shows: '([^']+)'/.exec(line)?.[1] }))

test('Every page has a picture', () => {
  const patterns = [...readFileSync(web('src/app.tsx'), 'utf8').matchAll(/pattern: '([^']+)'/g)].map(([, pattern]) => pattern!)
  assert.ok(patterns.length > 30)
  // In the script a part of a path that changes is a name or `${…}`.
  const reached = (pattern: string) => shown.some((one) => one.shows === pattern || (!one.shows && new RegExp(`^${pattern.replace(/:[a-z]+/g, '[^/?#]+')}([?#]|$)`).test(one.path.replace(/\$\{[^}]*\}/g, '1'))))
  assert.deepEqual(patterns.filter((pattern) => !reached(pattern)), [])
})

test('Every picture is there, in English and Arabic, wide and narrow', () => {
  assert.ok(shown.length > 40)
  const files = shown.flatMap(({ name }) => ['en', 'ar'].flatMap((language) => ['1280', '390'].map((width) => `${name}-${language}-${width}.png`)))
  assert.deepEqual(files.filter((file) => !existsSync(web(`../docs/screens/${file}`))), [])
})
