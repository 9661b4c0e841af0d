// What is typed and kept nowhere else is not lost by a wrong key: whoever leaves its page is asked
// first, by the page for a link or the way back, by the browser for everything else.
import { useLayoutEffect } from 'preact/hooks'

const held = new Set<object>()

export const unsaved = (): boolean => held.size > 0

/** While `typed`, the page holds something that would be lost. */
export function useUnsaved(typed: boolean): void {
  // With the page and not after it: whoever goes on as soon as the answer is there is not asked.
  useLayoutEffect(() => {
    if (!typed) return
    const mine = {}
    held.add(mine)
    return () => {
      held.delete(mine)
    }
  }, [typed])
}

/** It may be lost: whoever was asked has said so. */
export const letGo = (): void => held.clear()

export function guardUnload(): void {
  addEventListener('beforeunload', (event) => {
    if (unsaved()) event.preventDefault()
  })
}
