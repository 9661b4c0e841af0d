// Work that stands alone, several pieces at a time: a browser waits more than it computes, and each
// visitor's pages are a process of their own.
import { cpus } from 'node:os'

export const lanes = Math.max(2, Math.min(4, cpus().length))

/** Each item once, in their order, `lanes` of them at a time; the first failure is the answer, when all that had begun have ended. */
export async function inLanes<T>(items: Iterable<T>, work: (item: T) => Promise<void>): Promise<void> {
  const waiting = [...items]
  const failed: unknown[] = []
  const lane = async () => {
    for (let item = waiting.shift(); item !== undefined && failed.length === 0; item = waiting.shift())
      await work(item).catch((error: unknown) => void failed.push(error))
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  if (failed.length) throw failed[0]
}
