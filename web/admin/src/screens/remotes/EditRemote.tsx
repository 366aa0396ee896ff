import { useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useChange, useRecord } from '../../api/hooks'
import { remotes } from '../../api/resources'
import type { Remote, RemoteInput } from '../../api/types'
import { BackLink } from '../../parts/BackLink'
import { ConfirmButton } from '../../parts/ConfirmButton'
import { Loaded } from '../../parts/Loaded'
import { TextLink } from '../../parts/links'
import { Page } from '../../parts/Page'
import { useStore } from '../../shell/store'
import { done } from '../../text/done'
import { useLanguage } from '../../text/language'
import { RemoteForm } from './RemoteForm'
import { SecretOnce } from './SecretOnce'

/** EditRemote changes a store's own verifier, gives it another secret, or deletes it. */
export function EditRemote() {
  const { t } = useLanguage()
  const { id: store, may } = useStore()
  const { id } = useParams({ from: '/frame/s/$store/remote-verifiers/$id' })
  const remote = useRecord([store, 'remotes', id], () => remotes.read(store, id))
  return (
    <Page
      title={remote.data?.name ?? t('remotes.title')}
      actions={remote.data && may('remotes') && <Rotate remote={remote.data} />}
      back={
        <BackLink>
          <TextLink to="/s/$store/remote-verifiers" params={{ store }}>
            {t('remotes.title')}
          </TextLink>
        </BackLink>
      }
    >
      <Loaded query={remote}>{(data) => <Form key={data.version} remote={data} reload={() => void remote.refetch()} />}</Loaded>
    </Page>
  )
}

function Form({ remote, reload }: { remote: Remote; reload: () => void }) {
  const { t } = useLanguage()
  const { id: store } = useStore()
  const navigate = useNavigate()
  const save = useChange(({ id: _, ...input }: RemoteInput) => remotes.save(store, remote.id, { ...input, version: remote.version }), [store, 'remotes'], [store, 'audit'])
  const remove = useChange(() => remotes.remove(store, remote.id), [store, 'remotes', 'list'], [store, 'remotes', 'all'])
  return (
    <RemoteForm initial={remote} known pending={save.isPending} error={save.error} reload={reload} onSave={(input) => save.mutate(input, { onSuccess: () => done(t('saved')) })}>
      <ConfirmButton
        question={t('remotes.delete', { name: remote.name })}
        consequence={t('remotes.delete.consequence')}
        confirm={t('delete')}
        act={async () => {
          await remove.mutateAsync(undefined)
          await navigate({ to: '/s/$store/remote-verifiers', params: { store } })
        }}
        error={remove.error}
        pending={remove.isPending}
      >
        {t('delete')}
      </ConfirmButton>
    </RemoteForm>
  )
}

function Rotate({ remote }: { remote: Remote }) {
  const { t } = useLanguage()
  const { id: store } = useStore()
  const [secret, setSecret] = useState<string>()
  const rotate = useChange(() => remotes.rotate(store, remote.id, remote.version), [store, 'remotes'], [store, 'audit'])
  return (
    <>
      <ConfirmButton
        question={t('remotes.rotate')}
        consequence={t('remotes.rotate.consequence')}
        confirm={t('remotes.rotate')}
        act={async () => setSecret((await rotate.mutateAsync(undefined)).secret)}
        error={rotate.error}
        pending={rotate.isPending}
      >
        {t('remotes.rotate')}
      </ConfirmButton>
      <SecretOnce secret={secret} onClose={() => setSecret(undefined)} />
    </>
  )
}
