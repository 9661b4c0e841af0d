// The built pages: what the server needs to serve them, and nothing that the strict policy forbids.
import { before, test } from 'node:test'
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { web } from '../support/places.ts'

const out = web('../build/web-check')
let manifest: any
before(async () => {
  const { make } = await import(web('build.mjs'))
  await make({ out })
  manifest = JSON.parse(readFileSync(`${out}/manifest.json`, 'utf8'))
})

test('The manifest lists every file with type, size and digest; names of files that may be kept for ever carry their hash', () => {
  const listed = manifest.files.map((f: any) => f.path).sort()
  assert.deepEqual(listed, [...readdirSync(`${out}/assets`).filter((n) => !n.endsWith('.gz')).map((n) => `assets/${n}`), 'index.html'].sort())
  for (const f of manifest.files) {
    const bytes = readFileSync(`${out}/${f.path}`)
    assert.equal(f.size, bytes.length)
    const packed = readFileSync(`${out}/${f.path}.gz`)
    assert.equal(f.sha256, createHash('sha256').update(bytes).digest('base64url'))
    assert.equal(f.gzip, packed.length)
    assert.equal(f.gzip_sha256, createHash('sha256').update(packed).digest('base64url'))
    assert.ok(gunzipSync(packed).equals(bytes), f.path)
    assert.ok(f.type, f.path)
    if (f.immutable) assert.match(f.path, /-[A-Z0-9]{8}\.(js|css)$/)
  }
  assert.equal(manifest.fallback, 'index.html')
})

test('The first page is under 200 kB compressed', () => {
  assert.ok(manifest.first_page > 5_000 && manifest.first_page < 200_000, String(manifest.first_page))
})

test('No inline script or style, no eval, and no address of anybody else', () => {
  const html = readFileSync(`${out}/index.html`, 'utf8')
  assert.doesNotMatch(html, /<style|style=|<script(?![^>]* src=)|\son\w+=|https?:/)
  for (const { path } of manifest.files.filter((f: any) => /\.(js|css)$/.test(f.path))) {
    const text = readFileSync(`${out}/${path}`, 'utf8')
    assert.doesNotMatch(text, /\beval\(|new Function\(|document\.write|\.srcdoc|insertAdjacentHTML|@import|url\(\s*["']?(https?:)?\/\//, path)
    const addresses = [...text.matchAll(/https?:\/\/[\w.-]+/g)].map((m) => m[0]).filter((a) => !/^http:\/\/www\.w3\.org/.test(a))
    assert.deepEqual(addresses, [], path)
  }
})

test('T42 No page writes markup from a string', () => {
  const walk = (folder: string): string[] => readdirSync(folder, { withFileTypes: true }).flatMap((e) => (e.isDirectory() ? walk(`${folder}/${e.name}`) : [`${folder}/${e.name}`]))
  for (const path of walk(web('src'))) assert.doesNotMatch(readFileSync(path, 'utf8'), /dangerouslySetInnerHTML|innerHTML|outerHTML/, path)
})

test('The styles say start and end, never left and right', () => {
  for (const name of readdirSync(web('src/style')).filter((n) => n.endsWith('.css')))
    assert.doesNotMatch(readFileSync(web(`src/style/${name}`), 'utf8'), /(margin|padding|border)-(left|right)|text-align: (left|right)|float: |[{;\s](left|right): /, name)
})
