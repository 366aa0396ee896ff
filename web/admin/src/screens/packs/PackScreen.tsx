import { Stack } from '@mantine/core'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useChange, useRecord } from '../../api/hooks'
import { packs } from '../../api/resources'
import type { Affected, Pack, PackContent } from '../../api/types'
import { BackLink } from '../../parts/BackLink'
import { ConfirmButton } from '../../parts/ConfirmButton'
import { Facts } from '../../parts/Facts'
import { Loaded } from '../../parts/Loaded'
import { TextLink } from '../../parts/links'
import { Page } from '../../parts/Page'
import { Section } from '../../parts/Section'
import { useStore } from '../../shell/store'
import { done } from '../../text/done'
import { useFormat } from '../../text/format'
import { useLanguage } from '../../text/language'
import { DomainTable } from './DomainTable'
import { History } from './History'
import { ImportForm } from './ImportForm'
import { InForce } from './Packs'
import { useContent } from './useContent'

/** PackScreen shows a data pack: what is in force, its domains, its history, and for one's own a new version. */
export function PackScreen() {
  const { t } = useLanguage()
  const { id: store, may } = useStore()
  const { id } = useParams({ from: '/frame/s/$store/data-packs/$id' })
  const pack = useRecord([store, 'data-packs', 'pack', id], () => packs.read(store, id))
  return (
    <Page
      title={id}
      lead={pack.data?.scope === 'gateway' && t('packs.scope.gateway.why')}
      actions={pack.data?.scope === 'store' && may('packs') && <Remove pack={pack.data} />}
      back={
        <BackLink>
          <TextLink to="/s/$store/data-packs" params={{ store }}>
            {t('packs.title')}
          </TextLink>
        </BackLink>
      }
    >
      <Loaded query={pack}>
        {(data) => (
          <Stack>
            <Current pack={data} />
            <DomainTable pack={data} />
            <History pack={data} />
            {data.scope === 'store' && may('packs') && <NewVersion key={data.version} pack={data} reload={() => void pack.refetch()} />}
          </Stack>
        )}
      </Loaded>
    </Page>
  )
}

function Current({ pack }: { pack: Pack }) {
  const { t } = useLanguage()
  const { number } = useFormat()
  return (
    <Section title={t('packs.facts')}>
      <Facts
        rows={[
          [t('packs.scope'), t(`packs.scope.${pack.scope}`)],
          [t('packs.version'), <InForce key="version" pack={pack} />],
          [t('packs.purpose'), t(`packs.purpose.${pack.purpose}`)],
          [t('packs.domains'), number(pack.count)],
          [t('packs.digest'), pack.digest],
          [t('packs.source'), pack.newest.source],
        ]}
      />
    </Section>
  )
}

function NewVersion({ pack, reload }: { pack: Pack; reload: () => void }) {
  const { t } = useLanguage()
  const { id: store } = useStore()
  const content = useContent(pack.purpose === 'mixed' ? 'eligible' : pack.purpose, pack.domains ?? [])
  const save = useChange(
    (input: PackContent & { affected?: Affected }) => packs.save(store, pack.id, { ...input, version: pack.version }),
    [store, 'data-packs'],
    [store, 'audit'],
    [store, 'verifications'],
  )
  return (
    <ImportForm
      content={content}
      name={pack.id}
      version={pack.version}
      title={t('packs.import')}
      hint={`${t('packs.import.hint')} ${t('packs.content.hint')}`}
      pending={save.isPending}
      error={save.error}
      reload={reload}
      onSave={(input) => save.mutate(input, { onSuccess: () => done(t('packs.saved')) })}
    />
  )
}

function Remove({ pack }: { pack: Pack }) {
  const { t } = useLanguage()
  const { id: store } = useStore()
  const navigate = useNavigate()
  const remove = useChange(() => packs.remove(store, pack.id), [store, 'data-packs', 'list'], [store, 'data-packs', 'all'])
  return (
    <ConfirmButton
      question={t('packs.delete', { name: pack.name })}
      consequence={t('packs.delete.consequence')}
      confirm={t('delete')}
      act={async () => {
        await remove.mutateAsync(undefined)
        await navigate({ to: '/s/$store/data-packs', params: { store } })
      }}
      error={remove.error}
      pending={remove.isPending}
    >
      {t('delete')}
    </ConfirmButton>
  )
}
