// Bundles the tests of a folder (unit, browser) and runs them with Node's own test runner.
import { build } from 'esbuild'
import { spawn } from 'node:child_process'
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
// The longest file has a lane of its own beside the others: worlds of nodes wait most of their time, and a browser's page keeps one processor busy.
const longest = { nodes: 'flows', browser: 'pages' }[kind]
const long = tests.filter((file) => file.endsWith(`/${longest}.test.mjs`))
const lanes = [long, tests.filter((file) => !long.includes(file))].filter((lane) => lane.length > 0)
const ended = await Promise.all(lanes.map((lane, i) => new Promise((done) => {
  const run = spawn(
    process.execPath,
    ['--test', ...(wanted ? ['--test-name-pattern', wanted] : []), ...lane],
    { stdio: ['inherit', i === 0 ? 'inherit' : 'pipe', 'inherit'], cwd: web, env: { ...process.env, WEB: web } },
  )
  const said = []
  run.stdout?.on('data', (bytes) => said.push(bytes))
  run.on('close', (status) => done({ status, said: Buffer.concat(said) }))
})))
for (const { said } of ended) process.stdout.write(said)
process.exitCode = ended.every(({ status }) => status === 0) ? 0 : 1
