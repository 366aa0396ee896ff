import { useChange, useRecord } from '../../api/hooks'
import { isProblem } from '../../api/problem'
import { program as programs, stores } from '../../api/resources'
import type { Program, ProgramInput } from '../../api/types'
import { EmptyState } from '../../parts/EmptyState'
import { Loaded } from '../../parts/Loaded'
import { Page } from '../../parts/Page'
import { useStore } from '../../shell/store'
import { done } from '../../text/done'
import { useLanguage } from '../../text/language'
import { ProgramForm } from './ProgramForm'

/** ProgramScreen edits the loyalty program, or starts one. */
export function ProgramScreen() {
  const { t } = useLanguage()
  const { id, may } = useStore()
  const found = useRecord([id, 'program'], async () => {
    const [store, program] = await Promise.all([stores.read(id), readProgram(id)])
    return { currency: store.currency, program }
  })
  const save = useChange(
    (input: ProgramInput) => programs.save(id, { ...input, version: found.data?.program?.version ?? 0 }),
    [id, 'program'],
    [id, 'audit'],
  )
  return (
    <Page title={t('program.title')} lead={t('program.lead')}>
      <Loaded query={found}>
        {({ currency, program }) =>
          program || may('program') ? (
            <ProgramForm
              key={program?.version ?? 0}
              program={program}
              currency={currency}
              pending={save.isPending}
              error={save.error}
              reload={() => void found.refetch()}
              onSave={(input) => save.mutate(input, { onSuccess: () => done(t('saved')) })}
            />
          ) : (
            <EmptyState icon="star" title={t('program.none')} next={t('program.none.next')} />
          )
        }
      </Loaded>
    </Page>
  )
}

async function readProgram(store: string): Promise<Program | null> {
  try {
    return await programs.read(store)
  } catch (error) {
    if (isProblem(error, 'program_missing', 'not_found')) return null
    throw error
  }
}
