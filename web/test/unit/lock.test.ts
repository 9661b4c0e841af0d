// The lock file names packages and digests, and no host they come from.
import { test } from 'node:test'
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { web } from '../support/places.ts'

test('The lock file pins each package by digest and names no registry', () => {
  const text = readFileSync(web('package-lock.json'), 'utf8')
  const packages = Object.entries<any>(JSON.parse(text).packages).filter(([name]) => name !== '')
  assert.ok(packages.length > 10)
  for (const [name, entry] of packages) {
    assert.match(entry.integrity ?? '', /^sha512-/, name)
    assert.equal(entry.resolved, undefined, name)
  }
  assert.doesNotMatch(text, /https?:\/\/[^"]*registry/)
})

test('Packages of the pages are pinned to one version', () => {
  const { dependencies, devDependencies } = JSON.parse(readFileSync(web('package.json'), 'utf8'))
  for (const [name, version] of Object.entries<string>({ ...dependencies, ...devDependencies }))
    assert.match(version, name.startsWith('@types/') ? /^[\d^~]/ : /^\d+\.\d+\.\d+$/, name)
})
