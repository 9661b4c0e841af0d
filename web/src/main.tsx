// Starts the pages: the reader's language first, then who is signed in, then the page.
import { render } from 'preact'
import { App } from './app.tsx'
import { hearTogether } from './lib/api.ts'
import { choose, wanted } from './lib/i18n.ts'
import { followLinks } from './lib/route.ts'
import { guardUnload } from './lib/unsaved.ts'
import { openForPrint } from './ui/print.ts'

await choose(wanted())
followLinks()
guardUnload()
hearTogether()
openForPrint()
const root = document.getElementById('app')!
root.replaceChildren()
render(<App />, root)
