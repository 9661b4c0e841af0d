// Reading opened evidence: the node verifies the whole item, then hands it over in pieces; the page
// computes its hash as they come, and saves nothing that is not what the manifest names.
import { useEffect, useRef, useState } from 'preact/hooks'
import { call, save, type Item } from '../lib/api.ts'
import { fromBase64url } from '../lib/bytes.ts'
import { bytes, t } from '../lib/i18n.ts'
import { equal } from '../lib/merkle.ts'
import { Sha256 } from '../lib/sha256.ts'
import { problemOf } from '../lib/use.ts'
import type { Problem } from '../../api/types.ts'
import { Button, ProblemBanner, Tag } from './kit.tsx'

type State = { is: 'no' } | { is: 'verifying' } | { is: 'reading'; done: number } | { is: 'saved' } | { is: 'differs' } | { is: 'failed'; problem: Problem }

export function ReadItem({ id, item }: { id: string; item: Item }) {
  const [state, set] = useState<State>({ is: 'no' })
  const abort = useRef<AbortController | null>(null)
  useEffect(() => () => abort.current?.abort(), [])
  const run = async () => {
    const { signal } = (abort.current = new AbortController())
    set({ is: 'verifying' })
    try {
      const { token } = await call('openItem', { signal, path: { case: id }, body: { item: item.cipher_sha256 } })
      const hash = new Sha256()
      const parts: Blob[] = []
      let done = 0
      for (;;) {
        const piece = await call('readItem', { signal, path: { token } })
        if (piece.size === 0) break
        hash.update(new Uint8Array(await piece.arrayBuffer()))
        parts.push(piece)
        done += piece.size
        set({ is: 'reading', done })
      }
      if (!equal(hash.finish(), fromBase64url(item.plain_sha256))) return set({ is: 'differs' })
      // Never shown and never of a type that runs: only saved.
      save(new Blob(parts, { type: 'application/octet-stream' }), item.name)
      set({ is: 'saved' })
    } catch (error) {
      if ((error as Error).name === 'AbortError') return set({ is: 'no' })
      set({ is: 'failed', problem: problemOf(error) })
    }
  }
  return (
    <div class="stack-tight">
      {state.is === 'verifying' || state.is === 'reading' ? (
        <div class="progress">
          <progress aria-label={item.name} max={Math.max(1, item.size)} value={state.is === 'reading' ? state.done : undefined} />
          <span class="small muted" role="status">{state.is === 'reading' ? `${bytes(state.done)} / ${bytes(item.size)}` : t('evidence.verifying')}</span>
          <Button small kind="quiet" onClick={() => abort.current?.abort()}>{t('cancel')}</Button>
        </div>
      ) : <Button small icon="down" onClick={() => void run()}>{t('evidence.download')}<span class="visually-hidden"> {item.name}</span></Button>}
      {state.is === 'saved' && <p role="status"><Tag tone="good" icon="check">{t('evidence.saved')}</Tag></p>}
      {state.is === 'differs' && <p role="alert"><Tag tone="bad" icon="cross">{t('evidence.differs')}</Tag></p>}
      {state.is === 'failed' && <ProblemBanner of={state.problem} />}
    </div>
  )
}
