// Bundles the tests of a folder (unit, browser) and runs them with Node's own test runner.
import { build } from 'esbuild'
import { spawnSync } from 'node:child_process'
import { readdirSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { texts } from '../build.mjs'

const web = fileURLToPath(new URL('..', import.meta.url))
const kind = process.argv[2] ?? 'unit'
// Below node_modules, so that the packages that are not bundled are found from there.
const out = `${web}node_modules/.cache/tests/${kind}`
const only = process.env.ONLY
const files = readdirSync(`${web}test/${kind}`).filter((name) => /\.test\.tsx?$/.test(name) && (!only || name.startsWith(only))).sort()
rmSync(out, { recursive: true, force: true })
await build({
  entryPoints: files.map((name) => `${web}test/${kind}/${name}`),
  outdir: out,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node18',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  external: ['playwright-core', 'axe-core', 'esbuild'],
  loader: { '.json': 'json' },
  define: { DEV: 'true' },
  plugins: [texts(true)],
  logLevel: 'warning',
})
const wanted = process.argv[3]
const tests = files.map((name) => `${out}/${name.replace(/\.tsx?$/, '.mjs')}`)
const run = spawnSync(
  process.execPath,
  ['--test', ...(wanted ? ['--test-name-pattern', wanted] : []), ...tests],
  { stdio: 'inherit', cwd: web, env: { ...process.env, WEB: web } },
)
process.exit(run.status ?? 1)
