import { useNavigate } from '@tanstack/react-router'
import { useChange } from '../../api/hooks'
import { policies } from '../../api/resources'
import type { PolicyInput } from '../../api/types'
import { BackLink } from '../../parts/BackLink'
import { TextLink } from '../../parts/links'
import { Page } from '../../parts/Page'
import { useStore } from '../../shell/store'
import { done } from '../../text/done'
import { useLanguage } from '../../text/language'
import { PolicyForm } from './PolicyForm'

const fresh: PolicyInput = { group: '', subgroup: '', paths: [['email']], validity_days: 365, valid_until: '', accept_self_declared: false, limits: [] }

/** NewPolicy makes a policy for a group that has none yet. */
export function NewPolicy() {
  const { t } = useLanguage()
  const { id: store } = useStore()
  const navigate = useNavigate()
  const create = useChange((input: PolicyInput) => policies.create(store, input), [store])
  return (
    <Page
      title={t('policies.new')}
      back={
        <BackLink>
          <TextLink to="/s/$store/groups" params={{ store }}>
            {t('groups.title')}
          </TextLink>
        </BackLink>
      }
    >
      <PolicyForm
        initial={fresh}
        pending={create.isPending}
        error={create.error}
        onSave={(input) =>
          create.mutate(input, {
            onSuccess: () => {
              done(t('saved'))
              void navigate({ to: '/s/$store/groups', params: { store } })
            },
          })
        }
      />
    </Page>
  )
}
