// npm run dev: builds the pages and serves them with the development world, on this machine only.
import { build } from 'esbuild'
import { fileURLToPath } from 'node:url'
import { make } from '../build.mjs'

const web = fileURLToPath(new URL('..', import.meta.url))
const site = `${web}../build/web-dev`
await make({ dev: true, out: site })
const out = `${web}node_modules/.cache/dev-server.mjs`
await build({ entryPoints: [`${web}dev/server.ts`], outfile: out, bundle: true, format: 'esm', platform: 'node', target: 'node18', logLevel: 'warning' })
const { start } = await import(out)
const dev = await start({ site, law: `${web}../law`, port: Number(process.env.PORT ?? 8899) })
console.log(`the pages, with an invented world: ${dev.url}`)
