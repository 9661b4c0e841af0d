// Names from the law pack and the acts in words, in the reader's language where it has them.
import { call, type Text, type Vocabulary } from '../lib/api.ts'
import { has, language, t } from '../lib/i18n.ts'
import { useLoad, type Loading } from '../lib/use.ts'

export const text = (of: Text | undefined): string => {
  if (!of) return ''
  const code = language()
  return (code === 'fr' || code === 'ar' ? of[code] : undefined) ?? of.en
}

let vocabulary: Promise<Vocabulary> | undefined
export function useVocabulary(): Loading<Vocabulary> {
  return useLoad(() => (vocabulary ??= call('getVocabulary').catch((error) => {
    vocabulary = undefined
    throw error
  })), [])
}

/** An act's name: "Transmit"; acts of procedures that came later are named by their id. */
export const actName = (act: string): string => (has(`act.${act}`) ? t(`act.${act}`) : act.replace(/-/g, ' '))

export const sideName = (side: string): string => t(`side.${side}`)
export const roleName = (role: string): string => (has(`role.${role}`) ? t(`role.${role}`) : role)
export const procedureName = (id: string): string => (has(`procedure.${id}`) ? t(`procedure.${id}`) : id)
