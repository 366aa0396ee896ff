import { useRecord } from '../../api/hooks'
import { providers } from '../../api/resources'
import { useStore } from '../../shell/store'
import { useLanguage } from '../../text/language'

/** useRequirements returns what a path can ask for in this store, and what each is called. */
export function useRequirements() {
  const { t } = useLanguage()
  const { id, mode } = useStore()
  const list = useRecord([id, 'providers', 'all'], () => providers.list(id, { limit: 100 }))
  const found = list.data?.data ?? []
  const title = (requirement: string): string => {
    if (requirement === 'email') return t('policies.requirement.email')
    if (requirement === 'mock') return t('policies.requirement.mock')
    const provider = requirement.startsWith('oidc:') ? requirement.slice(5) : ''
    if (provider) return t('policies.requirement.oidc', { name: found.find((p) => p.id === provider)?.name ?? provider })
    return requirement
  }
  const choices = ['email', ...found.map((p) => `oidc:${p.id}`), ...(mode === 'test' ? ['mock'] : [])]
  return { title, choices }
}
