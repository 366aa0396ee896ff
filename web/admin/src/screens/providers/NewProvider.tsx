import { useNavigate } from '@tanstack/react-router'
import { useChange } from '../../api/hooks'
import { providers } from '../../api/resources'
import type { ProviderInput } from '../../api/types'
import { BackLink } from '../../parts/BackLink'
import { TextLink } from '../../parts/links'
import { Page } from '../../parts/Page'
import { useStore } from '../../shell/store'
import { done } from '../../text/done'
import { useLanguage } from '../../text/language'
import { ProviderForm } from './ProviderForm'

const fresh: ProviderInput = {
  id: '',
  name: '',
  issuer: '',
  client_id: '',
  scopes: ['email'],
  rules: [{ when: '', group: '', subgroup: '' }],
}

/** NewProvider adds a sign-in provider. */
export function NewProvider() {
  const { t } = useLanguage()
  const { id: store } = useStore()
  const navigate = useNavigate()
  const create = useChange((input: ProviderInput) => providers.create(store, input), [store, 'providers'], [store, 'audit'])
  return (
    <Page
      title={t('providers.new')}
      back={
        <BackLink>
          <TextLink to="/s/$store/providers" params={{ store }}>
            {t('providers.title')}
          </TextLink>
        </BackLink>
      }
    >
      <ProviderForm
        initial={fresh}
        known={false}
        pending={create.isPending}
        error={create.error}
        onSave={(input) =>
          create.mutate(input, {
            onSuccess: () => {
              done(t('saved'))
              void navigate({ to: '/s/$store/providers', params: { store } })
            },
          })
        }
      />
    </Page>
  )
}
