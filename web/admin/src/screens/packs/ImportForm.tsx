import { Button, Group, Stack } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { Problem, pointerPath } from '../../api/problem'
import { packs } from '../../api/resources'
import type { Affected, PackContent, PackEffect } from '../../api/types'
import { ProblemAlert } from '../../parts/ProblemAlert'
import { Section } from '../../parts/Section'
import { useStore } from '../../shell/store'
import { taken } from '../../text/fields'
import { useLanguage } from '../../text/language'
import { ContentFields } from './ContentFields'
import { Effect, settled } from './Effect'
import type { Content } from './useContent'

interface ImportFormProps {
  content: Content
  /** name is the pack's, version its newest; none for a pack that is not there yet. */
  name: string
  version?: number
  title: string
  hint: string
  pending: boolean
  error: unknown
  onSave: (input: PackContent & { affected?: Affected }) => void
  reload?: () => void
  /** before stands above the content: fields that only a new pack has. */
  before?: ReactNode
}

/** ImportForm brings content into a pack. What it does is shown before it can be done. */
export function ImportForm({ content, name, version, title, hint, pending, error, onSave, reload, before }: ImportFormProps) {
  const { t } = useLanguage()
  const { id: store } = useStore()
  const [affected, setAffected] = useState<Affected>()
  const preview = useMutation({ mutationFn: (input: PackContent) => packs.preview(store, { name, ...(version ? { version } : {}), ...input }) })
  // An effect counts for the content and the name that it was asked for.
  const asked = preview.variables === content.input && preview.data?.name === name
  const effect: PackEffect | undefined = asked ? preview.data : undefined
  const problem = error ?? preview.error
  const about = (...fields: string[]) =>
    problem instanceof Problem ? problem.errors.find((e) => fields.some((f) => pointerPath(e.pointer) === f || pointerPath(e.pointer).startsWith(`${f}.`)))?.detail : undefined
  return (
    <Section title={title} hint={hint}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (!content.input) return
          if (settled(effect, affected)) onSave({ ...content.input, ...(affected ? { affected } : {}) })
          else preview.mutate(content.input)
        }}
      >
        <Stack>
          <ProblemAlert error={problem} fields={taken('domains', 'domains.', 'text')} {...(error && reload ? { reload } : {})} />
          {before}
          <ContentFields content={content} error={about('domains', 'text')} />
          {effect && (
            <Section title={t('effect.title')}>
              <Effect effect={effect} affected={affected} onChoose={setAffected} />
            </Section>
          )}
          <Group justify="flex-end" gap="xs">
            <Button
              variant={effect ? 'default' : 'filled'}
              loading={preview.isPending}
              disabled={!content.input || !name}
              onClick={() => {
                setAffected(undefined)
                if (content.input) preview.mutate(content.input)
              }}
            >
              {t('packs.preview')}
            </Button>
            {effect && (
              <Button type="submit" loading={pending} disabled={!settled(effect, affected)}>
                {t('packs.save')}
              </Button>
            )}
          </Group>
        </Stack>
      </form>
    </Section>
  )
}
