import { useRecord } from '../../api/hooks'
import { packs, providers, remotes, rosters } from '../../api/resources'
import { useStore } from '../../shell/store'
import { useLanguage } from '../../text/language'

/** useRequirements returns what a path can ask for in this store, and what each is called. */
export function useRequirements() {
  const { t } = useLanguage()
  const { id, mode } = useStore()
  const all = { limit: 100 }
  const signIns = useRecord([id, 'providers', 'all'], () => providers.list(id, all)).data?.data ?? []
  const lists = useRecord([id, 'data-packs', 'all'], () => packs.list(id, all)).data?.data ?? []
  const members = useRecord([id, 'rosters', 'all'], () => rosters.list(id, all)).data?.data ?? []
  const own = useRecord([id, 'remotes', 'all'], () => remotes.list(id, all)).data?.data ?? []
  const eligible = lists.filter((l) => l.purpose === 'eligible' || l.purpose === 'mixed')
  const title = (requirement: string): string => {
    const [verifier = '', ...rest] = requirement.split(':')
    const instance = rest.join(':')
    switch (verifier) {
      case 'email':
        return instance ? t('policies.requirement.list', { name: instance }) : t('policies.requirement.email')
      case 'oidc':
        return t('policies.requirement.oidc', { name: signIns.find((p) => p.id === instance)?.name ?? instance })
      case 'registry':
        if (instance === 'nppes') return t('policies.requirement.nppes')
        return t('policies.requirement.roster', { name: members.find((r) => r.id === instance)?.title ?? instance })
      case 'remote':
        return t('policies.requirement.remote', { name: own.find((r) => r.id === instance)?.name ?? instance })
      case 'document':
      case 'mock':
      case 'appeal':
        return t(`policies.requirement.${verifier}`)
    }
    return requirement
  }
  const choices = [
    'email',
    ...eligible.map((l) => `email:${l.id}`),
    ...signIns.map((p) => `oidc:${p.id}`),
    'document',
    'registry:nppes',
    ...members.map((r) => `registry:${r.id}`),
    ...own.map((r) => `remote:${r.id}`),
    ...(mode === 'test' ? ['mock'] : []),
  ]
  return { title, choices }
}
