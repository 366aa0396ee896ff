import { useNavigate, useParams } from '@tanstack/react-router'
import { useChange, useRecord } from '../../api/hooks'
import { policies } from '../../api/resources'
import type { Policy, PolicyInput } from '../../api/types'
import { BackLink } from '../../parts/BackLink'
import { ConfirmButton } from '../../parts/ConfirmButton'
import { Loaded } from '../../parts/Loaded'
import { TextLink } from '../../parts/links'
import { Page } from '../../parts/Page'
import { useStore } from '../../shell/store'
import { done } from '../../text/done'
import { useLanguage } from '../../text/language'
import { useGroups } from '../groups/useGroups'
import { PolicyForm } from './PolicyForm'

/** EditPolicy edits a policy that exists, or deletes it. */
export function EditPolicy() {
  const { t } = useLanguage()
  const { id: store } = useStore()
  const { id } = useParams({ from: '/frame/s/$store/policies/$id' })
  const groups = useGroups()
  const policy = useRecord([store, 'policies', id], () => policies.read(store, id))
  const title = policy.data ? t('policies.edit', { group: groups.title(policy.data.group, policy.data.subgroup) }) : t('policies.title')
  return (
    <Page
      title={title}
      back={
        <BackLink>
          <TextLink to="/s/$store/groups" params={{ store }}>
            {t('groups.title')}
          </TextLink>
        </BackLink>
      }
    >
      <Loaded query={policy}>{(data) => <Form key={data.version} policy={data} reload={() => void policy.refetch()} />}</Loaded>
    </Page>
  )
}

function Form({ policy, reload }: { policy: Policy; reload: () => void }) {
  const { t } = useLanguage()
  const { id: store } = useStore()
  const navigate = useNavigate()
  const save = useChange((input: PolicyInput) => policies.save(store, policy.id, { ...input, version: policy.version }), [store])
  const remove = useChange(() => policies.remove(store, policy.id), [store, 'policies', 'list'], [store, 'checklist'])
  const { group, subgroup = '', paths, validity_days = 0, valid_until = '', accept_self_declared = false, limits = [] } = policy
  return (
    <PolicyForm
      initial={{ group, subgroup, paths, validity_days, valid_until, accept_self_declared, limits }}
      pending={save.isPending}
      error={save.error}
      reload={reload}
      onSave={(input) => save.mutate(input, { onSuccess: () => done(t('saved')) })}
    >
      <ConfirmButton
        question={t('policies.delete')}
        consequence={t('policies.delete.consequence')}
        confirm={t('delete')}
        act={async () => {
          await remove.mutateAsync(undefined)
          await navigate({ to: '/s/$store/groups', params: { store } })
        }}
        error={remove.error}
        pending={remove.isPending}
      >
        {t('delete')}
      </ConfirmButton>
    </PolicyForm>
  )
}
