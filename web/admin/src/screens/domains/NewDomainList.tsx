import { useNavigate } from '@tanstack/react-router'
import { useChange } from '../../api/hooks'
import { domainLists } from '../../api/resources'
import type { DomainListInput } from '../../api/types'
import { BackLink } from '../../parts/BackLink'
import { TextLink } from '../../parts/links'
import { Page } from '../../parts/Page'
import { useStore } from '../../shell/store'
import { done } from '../../text/done'
import { useLanguage } from '../../text/language'
import { DomainListForm } from './DomainListForm'

/** NewDomainList makes a list of mail domains. */
export function NewDomainList() {
  const { t } = useLanguage()
  const { id: store } = useStore()
  const navigate = useNavigate()
  const create = useChange((input: DomainListInput) => domainLists.create(store, input), [store, 'domain-lists'], [store, 'audit'])
  return (
    <Page
      title={t('domains.new')}
      back={
        <BackLink>
          <TextLink to="/s/$store/domain-lists" params={{ store }}>
            {t('domains.title')}
          </TextLink>
        </BackLink>
      }
    >
      <DomainListForm
        initial={{ name: '', purpose: 'eligible', domains: [] }}
        known={false}
        pending={create.isPending}
        error={create.error}
        onSave={(input) =>
          create.mutate(input, {
            onSuccess: () => {
              done(t('saved'))
              void navigate({ to: '/s/$store/domain-lists', params: { store } })
            },
          })
        }
      />
    </Page>
  )
}
