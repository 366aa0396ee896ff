import { useNavigate } from '@tanstack/react-router'
import { useChange } from '../../api/hooks'
import { remotes } from '../../api/resources'
import type { RemoteInput } from '../../api/types'
import { BackLink } from '../../parts/BackLink'
import { TextLink } from '../../parts/links'
import { Page } from '../../parts/Page'
import { useStore } from '../../shell/store'
import { useLanguage } from '../../text/language'
import { RemoteForm } from './RemoteForm'
import { SecretOnce } from './SecretOnce'

const fresh: RemoteInput = { id: '', name: '', url: '', fields: [{ name: '', label: {}, type: 'text', required: true }], classes: ['assertion'] }

/** NewRemote adds a store's own verifier and shows its secret once. */
export function NewRemote() {
  const { t } = useLanguage()
  const { id: store } = useStore()
  const navigate = useNavigate()
  const create = useChange((input: RemoteInput) => remotes.create(store, input), [store, 'remotes'], [store, 'audit'])
  return (
    <Page
      title={t('remotes.new')}
      back={
        <BackLink>
          <TextLink to="/s/$store/remote-verifiers" params={{ store }}>
            {t('remotes.title')}
          </TextLink>
        </BackLink>
      }
    >
      <RemoteForm initial={fresh} known={false} pending={create.isPending} error={create.error} onSave={(input) => create.mutate(input)} />
      <SecretOnce secret={create.data?.secret} onClose={() => void navigate({ to: '/s/$store/remote-verifiers', params: { store } })} />
    </Page>
  )
}
