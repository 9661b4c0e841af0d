// Runs a TypeScript file of this folder: node scripts/run.mjs scripts/screens.ts [ARG…]
import { build } from 'esbuild'
import { fileURLToPath, pathToFileURL } from 'node:url'

const web = fileURLToPath(new URL('..', import.meta.url))
const [file, ...rest] = process.argv.slice(2)
const out = `${web}node_modules/.cache/${file.replace(/[^\w]+/g, '-')}.mjs`
await build({ entryPoints: [`${web}${file}`], outfile: out, bundle: true, format: 'esm', platform: 'node', target: 'node18', external: ['playwright-core', 'axe-core', 'esbuild'], logLevel: 'warning' })
process.env.WEB = web
process.argv = [process.argv[0], out, ...rest]
await import(pathToFileURL(out))
