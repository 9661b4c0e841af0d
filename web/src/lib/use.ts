// Loading from the interface as a hook: one answer for each key, the older ones thrown away.
import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import { Refusal } from './api.ts'
import { PasskeyFailed } from './passkey.ts'
import type { Problem } from '../../api/types.ts'

export interface Loading<T> {
  data?: T
  problem?: Problem
  busy: boolean
  again: () => void
}

export function problemOf(error: unknown): Problem {
  if (error instanceof Refusal) return error.problem
  console.error(error)
  return { type: 'about:blank', title: (error as Error)?.message ?? 'error', status: 0, code: 'page_fault' }
}

export function useLoad<T>(load: (signal: AbortSignal) => Promise<T>, key: unknown[]): Loading<T> {
  const [state, set] = useState<Omit<Loading<T>, 'again'>>({ busy: true })
  const [round, setRound] = useState(0)
  useEffect(() => {
    const abort = new AbortController()
    set((old) => ({ ...old, busy: true }))
    load(abort.signal).then(
      (data) => abort.signal.aborted || set({ data, busy: false }),
      (error: unknown) => abort.signal.aborted || set({ problem: problemOf(error), busy: false }),
    )
    return () => abort.abort()
  }, [...key, round])
  return { ...state, again: useCallback(() => setRound((r) => r + 1), []) }
}

// Deadlines run by the node's clock, and in a practice world that is days ahead of the machine's.
let ahead = 0
export function setClock(time: string): void {
  const difference = Date.parse(time) - Date.now()
  ahead = Math.abs(difference) > 60_000 ? difference : 0
}
export const nodeNow = (): number => Date.now() + ahead

/** A clock that ticks each half minute, for "in 3 days". */
export function useNow(): number {
  const [now, set] = useState(nodeNow())
  useEffect(() => {
    const timer = setInterval(() => set(nodeNow()), 30_000)
    return () => clearInterval(timer)
  }, [])
  return now
}

/** Runs one thing at a time, for buttons: `busy` while it runs, `problem` when it was refused. */
export function useAction<A extends unknown[]>(
  run: (...args: A) => Promise<void>,
): { start: (...args: A) => void; busy: boolean; problem?: Problem; clear: () => void } {
  const [state, set] = useState<{ busy: boolean; problem?: Problem }>({ busy: false })
  const running = useRef(false)
  const start = (...args: A) => {
    if (running.current) return
    running.current = true
    set({ busy: true })
    run(...args)
      .then(() => set({ busy: false }), (error: unknown) => set({ busy: false, problem: problemOf(error) }))
      .finally(() => (running.current = false))
  }
  return { ...state, start, clear: () => set({ busy: false }) }
}

/** An action that asks for the passkey. That it gave no answer, and why, is told apart from what the node refuses. */
export function usePasskey<A extends unknown[]>(run: (...args: A) => Promise<void>): ReturnType<typeof useAction<A>> & { failed: string | null } {
  const [failed, setFailed] = useState<string | null>(null)
  const action = useAction(async (...args: A) => {
    setFailed(null)
    try {
      await run(...args)
    } catch (error) {
      if (!(error instanceof PasskeyFailed)) throw error
      setFailed(error.message)
    }
  })
  return { ...action, failed }
}
