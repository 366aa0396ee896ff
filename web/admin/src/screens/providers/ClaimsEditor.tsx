import { ActionIcon, Button, Group, NativeSelect, Stack, TextInput } from '@mantine/core'
import type { ClaimType, ProviderClaim } from '../../api/types'
import { Icon } from '../../parts/Icon'
import { useLanguage } from '../../text/language'

const types: readonly ClaimType[] = ['string', 'strings', 'bool', 'int']

interface ClaimsEditorProps {
  claims: readonly ProviderClaim[]
  onChange: (claims: ProviderClaim[]) => void
  /** error returns what is wrong with a field of the form, such as "claims.0.name". */
  error: (field: string) => string | undefined
}

/** ClaimsEditor edits which of a provider's claims rules can read, and of which type each is. */
export function ClaimsEditor({ claims, onChange, error }: ClaimsEditorProps) {
  const { t } = useLanguage()
  const set = (index: number, change: Partial<ProviderClaim>) => onChange(claims.map((claim, i) => (i === index ? { ...claim, ...change } : claim)))
  return (
    <Stack>
      {claims.map((claim, i) => (
        // A claim's name is typed here, so its place is its name.
        <Group key={i} align="flex-end" gap="xs" role="group" aria-label={t('providers.claim', { number: i + 1 })}>
          <TextInput
            label={t('providers.claim.name')}
            flex="1 1 9rem"
            value={claim.name}
            error={error(`claims.${i}.name`)}
            onChange={(event) => set(i, { name: event.currentTarget.value })}
          />
          <TextInput
            label={t('providers.claim.claim')}
            flex="1 1 9rem"
            placeholder={claim.name}
            value={claim.claim ?? ''}
            error={error(`claims.${i}.claim`)}
            onChange={(event) => set(i, { claim: event.currentTarget.value })}
          />
          <NativeSelect
            label={t('providers.claim.type')}
            w={110}
            data={types}
            value={claim.type}
            error={error(`claims.${i}.type`)}
            onChange={(event) => set(i, { type: types.find((type) => type === event.currentTarget.value) ?? 'string' })}
          />
          <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t('providers.claim.remove', { number: i + 1 })} onClick={() => onChange(claims.toSpliced(i, 1))}>
            <Icon name="trash" size={16} />
          </ActionIcon>
        </Group>
      ))}
      <div>
        <Button variant="light" size="sm" leftSection={<Icon name="plus" size={14} />} onClick={() => onChange([...claims, { name: '', type: 'string' }])}>
          {t('providers.claim.add')}
        </Button>
      </div>
    </Stack>
  )
}
