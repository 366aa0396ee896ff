import { useNavigate, useParams } from '@tanstack/react-router'
import { useChange, useRecord } from '../../api/hooks'
import { providers } from '../../api/resources'
import type { Provider, ProviderInput } from '../../api/types'
import { BackLink } from '../../parts/BackLink'
import { ConfirmButton } from '../../parts/ConfirmButton'
import { Loaded } from '../../parts/Loaded'
import { TextLink } from '../../parts/links'
import { Page } from '../../parts/Page'
import { useStore } from '../../shell/store'
import { done } from '../../text/done'
import { useLanguage } from '../../text/language'
import { ProviderForm } from './ProviderForm'

/** EditProvider changes a sign-in provider, or deletes it. */
export function EditProvider() {
  const { t } = useLanguage()
  const { id: store } = useStore()
  const { id } = useParams({ from: '/frame/s/$store/providers/$id' })
  const provider = useRecord([store, 'providers', id], () => providers.read(store, id))
  return (
    <Page
      title={provider.data?.name ?? t('providers.title')}
      back={
        <BackLink>
          <TextLink to="/s/$store/providers" params={{ store }}>
            {t('providers.title')}
          </TextLink>
        </BackLink>
      }
    >
      <Loaded query={provider}>{(data) => <Form key={data.version} provider={data} reload={() => void provider.refetch()} />}</Loaded>
    </Page>
  )
}

function Form({ provider, reload }: { provider: Provider; reload: () => void }) {
  const { t } = useLanguage()
  const { id: store } = useStore()
  const navigate = useNavigate()
  const save = useChange(
    ({ id: ___, ...input }: ProviderInput) => providers.save(store, provider.id, { ...input, version: provider.version }),
    [store, 'providers'],
    [store, 'audit'],
  )
  const remove = useChange(() => providers.remove(store, provider.id), [store, 'providers', 'list'], [store, 'providers', 'all'])
  const { version: _, has_secret: __, ...initial } = provider
  return (
    <ProviderForm
      initial={initial}
      known
      pending={save.isPending}
      error={save.error}
      reload={reload}
      onSave={(input) => save.mutate(input, { onSuccess: () => done(t('saved')) })}
    >
      <ConfirmButton
        question={t('providers.delete')}
        consequence={t('providers.delete.consequence')}
        confirm={t('delete')}
        act={async () => {
          await remove.mutateAsync(undefined)
          await navigate({ to: '/s/$store/providers', params: { store } })
        }}
        error={remove.error}
        pending={remove.isPending}
      >
        {t('delete')}
      </ConfirmButton>
    </ProviderForm>
  )
}
