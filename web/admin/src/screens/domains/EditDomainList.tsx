import { useNavigate, useParams } from '@tanstack/react-router'
import { useChange, useRecord } from '../../api/hooks'
import { domainLists } from '../../api/resources'
import type { DomainList, DomainListInput } from '../../api/types'
import { BackLink } from '../../parts/BackLink'
import { ConfirmButton } from '../../parts/ConfirmButton'
import { Loaded } from '../../parts/Loaded'
import { TextLink } from '../../parts/links'
import { Page } from '../../parts/Page'
import { useStore } from '../../shell/store'
import { done } from '../../text/done'
import { useLanguage } from '../../text/language'
import { DomainListForm } from './DomainListForm'

/** EditDomainList changes a list of mail domains, or deletes it. */
export function EditDomainList() {
  const { t } = useLanguage()
  const { id: store } = useStore()
  const { id } = useParams({ from: '/frame/s/$store/domain-lists/$id' })
  const list = useRecord([store, 'domain-lists', id], () => domainLists.read(store, id))
  return (
    <Page
      title={list.data?.name ?? t('domains.title')}
      back={
        <BackLink>
          <TextLink to="/s/$store/domain-lists" params={{ store }}>
            {t('domains.title')}
          </TextLink>
        </BackLink>
      }
    >
      <Loaded query={list}>{(data) => <Form key={data.version} list={data} reload={() => void list.refetch()} />}</Loaded>
    </Page>
  )
}

function Form({ list, reload }: { list: DomainList; reload: () => void }) {
  const { t } = useLanguage()
  const { id: store } = useStore()
  const navigate = useNavigate()
  const save = useChange(
    (input: DomainListInput) => domainLists.save(store, list.id, { ...input, version: list.version }),
    [store, 'domain-lists'],
    [store, 'audit'],
  )
  const remove = useChange(() => domainLists.remove(store, list.id), [store, 'domain-lists', 'list'])
  return (
    <DomainListForm
      initial={{ name: list.name, purpose: list.purpose, domains: list.domains ?? [] }}
      known
      pending={save.isPending}
      error={save.error}
      reload={reload}
      onSave={(input) => save.mutate(input, { onSuccess: () => done(t('saved')) })}
    >
      <ConfirmButton
        question={t('domains.delete', { name: list.name })}
        consequence={t('domains.delete.consequence')}
        confirm={t('delete')}
        act={async () => {
          await remove.mutateAsync(undefined)
          await navigate({ to: '/s/$store/domain-lists', params: { store } })
        }}
        error={remove.error}
        pending={remove.isPending}
      >
        {t('delete')}
      </ConfirmButton>
    </DomainListForm>
  )
}
