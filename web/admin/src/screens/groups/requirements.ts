import { useRecord } from '../../api/hooks'
import { domainLists, providers } from '../../api/resources'
import { useStore } from '../../shell/store'
import { useLanguage } from '../../text/language'

/** useRequirements returns what a path can ask for in this store, and what each is called. */
export function useRequirements() {
  const { t } = useLanguage()
  const { id, mode } = useStore()
  const list = useRecord([id, 'providers', 'all'], () => providers.list(id, { limit: 100 }))
  const lists = useRecord([id, 'domain-lists', 'all'], () => domainLists.list(id, { limit: 100 }))
  const found = list.data?.data ?? []
  const eligible = (lists.data?.data ?? []).filter((l) => l.purpose === 'eligible')
  const title = (requirement: string): string => {
    if (requirement === 'email') return t('policies.requirement.email')
    if (requirement === 'mock') return t('policies.requirement.mock')
    if (requirement.startsWith('email:')) return t('policies.requirement.list', { name: requirement.slice(6) })
    const provider = requirement.startsWith('oidc:') ? requirement.slice(5) : ''
    if (provider) return t('policies.requirement.oidc', { name: found.find((p) => p.id === provider)?.name ?? provider })
    return requirement
  }
  const choices = ['email', ...eligible.map((l) => `email:${l.id}`), ...found.map((p) => `oidc:${p.id}`), ...(mode === 'test' ? ['mock'] : [])]
  return { title, choices }
}
