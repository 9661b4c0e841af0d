// Names from the law pack and the acts in words, in the reader's language where it has them.
import { call, type NamedInstrument, type Text, type Vocabulary } from '../lib/api.ts'
import { country, has, language, t } from '../lib/i18n.ts'
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

/** A treaty between two countries has a title that does not name them. */
export const instrumentTitle = (of: NamedInstrument): string =>
  of.between ? `${text(of.title)} (${of.between.map(country).join(' – ')})` : text(of.title)

export function useInstrumentName(): (id: string) => string {
  const vocabulary = useVocabulary()
  return (id) => {
    const found = vocabulary.data?.instruments.find((i) => i.id === id)
    return found ? instrumentTitle(found) : id
  }
}

/** An act's name: "Transmit"; acts of procedures that came later are named by their id. */
export const actName = (act: string): string => (has(`act.${act}`) ? t(`act.${act}`) : act.replace(/-/g, ' '))

export const sideName = (side: string): string => t(`side.${side}`)
export const roleName = (role: string): string => (has(`role.${role}`) ? t(`role.${role}`) : role)
export const procedureName = (id: string): string => (has(`procedure.${id}`) ? t(`procedure.${id}`) : id)
