// Who is signed in, for all pages. What a role may do is decided by the node; the pages only leave
// out what would be refused.
import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { NodeStatus, Role, Session } from './api.ts'

export interface Me {
  session: Session | null
  status: NodeStatus | null
  /** Asks the node again, after signing in or out. */
  refresh: () => Promise<void>
}

export const MeContext = createContext<Me>({ session: null, status: null, refresh: async () => {} })
export const useMe = (): Me => useContext(MeContext)

export const holds = (session: Session | null, ...roles: Role[]): boolean =>
  !!session && roles.some((role) => session.roles.includes(role))
