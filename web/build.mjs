// Builds the pages into build/web: scripts and styles with hashed names, index.html, and
// manifest.json, which tells the server each file's path, type, digest and size, plain and packed. With --dev: a
// build for tests, with a pseudo-language in which every text is 40 % longer.
import { build } from 'esbuild'
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { catalogues } from './texts/read.mjs'

const web = fileURLToPath(new URL('.', import.meta.url))
const first_page_max = 200_000

const types = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  json: 'application/json',
}

const digest = (bytes) => createHash('sha256').update(bytes).digest('base64url')

// Each language is a module of its own, so that a reader loads one.
export const texts = (dev) => ({
  name: 'texts',
  setup(plugin) {
    plugin.onResolve({ filter: /^texts:/ }, ({ path }) => ({ path: path.slice(6), namespace: 'texts' }))
    plugin.onLoad({ filter: /.*/, namespace: 'texts' }, ({ path }) => {
      const all = catalogues(dev)
      return { contents: JSON.stringify(all[path] ?? {}), loader: 'json' }
    })
  },
})

export async function make({ dev = false, out = `${web}../build/web` } = {}) {
  rmSync(out, { recursive: true, force: true })
  mkdirSync(`${out}/assets`, { recursive: true })
  const result = await build({
    absWorkingDir: web,
    entryPoints: { app: 'src/main.tsx', style: 'src/style/all.css' },
    outdir: `${out}/assets`,
    entryNames: '[name]-[hash]',
    chunkNames: 'part-[hash]',
    assetNames: '[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    target: ['es2022', 'chrome123', 'firefox120', 'safari17.5'],
    jsx: 'automatic',
    jsxImportSource: 'preact',
    minify: !dev,
    charset: 'utf8',
    legalComments: 'none',
    metafile: true,
    define: { DEV: String(dev) },
    loader: { '.json': 'json' },
    plugins: [texts(dev)],
    logLevel: 'warning',
  })
  const outputs = Object.entries(result.metafile.outputs)
  const named = (end) => outputs.find(([, o]) => o.entryPoint?.endsWith(end))[0].split('/').pop()
  const app = named('src/main.tsx')
  const style = named('src/style/all.css')
  const icon = readFileSync(`${web}src/style/icon.svg`)
  writeFileSync(`${out}/assets/icon.svg`, icon)
  writeFileSync(
    `${out}/index.html`,
    readFileSync(`${web}src/index.html`, 'utf8').replace('{{app}}', app).replace('{{style}}', style),
  )
  // What a visitor's first page needs before anything is drawn: the entry and what it imports at once.
  const entry = outputs.find(([name]) => name.endsWith(app))[1]
  const first = [app, style, ...entry.imports.filter((i) => i.kind === 'import-statement').map((i) => i.path.split('/').pop())]
  const files = [...readdirSync(`${out}/assets`).map((name) => `assets/${name}`), 'index.html'].sort().map((path) => {
    const bytes = readFileSync(`${out}/${path}`)
    const packed = gzipSync(bytes, { level: 9 })
    writeFileSync(`${out}/${path}.gz`, packed)
    return {
      path,
      type: types[path.split('.').pop()],
      size: bytes.length,
      gzip: packed.length,
      sha256: digest(bytes),
      gzip_sha256: digest(packed),
      immutable: path.startsWith('assets/') && path !== 'assets/icon.svg',
    }
  })
  const first_page = files
    .filter(({ path }) => path === 'index.html' || first.includes(path.slice(7)))
    .reduce((sum, { gzip }) => sum + gzip, 0)
  if (first_page > first_page_max) throw new Error(`the first page has ${first_page} bytes compressed; at most ${first_page_max}`)
  writeFileSync(`${out}/manifest.json`, `${JSON.stringify({ fallback: 'index.html', first_page, files }, null, 1)}\n`)
  return { first_page, files }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { first_page, files } = await make({ dev: process.argv.includes('--dev') })
  console.log(`${files.length} files; the first page has ${first_page} bytes compressed`)
}
