// Starts the pages: the reader's language first, then who is signed in, then the page.
import { render } from 'preact'
import { App } from './app.tsx'
import { choose, wanted } from './lib/i18n.ts'
import { followLinks } from './lib/route.ts'

await choose(wanted())
followLinks()
const root = document.getElementById('app')!
root.replaceChildren()
render(<App />, root)
