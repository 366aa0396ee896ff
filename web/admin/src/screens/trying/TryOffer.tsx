import { Button, Group, Stack, Text } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useChange } from '../../api/hooks'
import { Problem, pointerPath } from '../../api/problem'
import { offers } from '../../api/resources'
import type { OfferInput, Trial } from '../../api/types'
import { ProblemAlert } from '../../parts/ProblemAlert'
import { Section } from '../../parts/Section'
import { useStore } from '../../shell/store'
import { showOn, taken } from '../../text/fields'
import { useLanguage } from '../../text/language'
import { CartFields } from './CartFields'
import { ShopperFields } from './ShopperFields'
import { TriedResult } from './TriedResult'
import { newTrial, readTrial } from './trial'

interface TryOfferProps {
  /** read gives the offer as it stands in the form, saved or not; null when it cannot be read. */
  read: () => OfferInput | null
  /** refused takes the errors about the offer itself, by the names of its fields. */
  refused: (errors: Record<string, string>) => void
  currency: string
  group: string
  subgroup: string
}

const fields = taken('cart.', 'customer', 'attestation.', 'member.', 'now', 'offer.')

/** TryOffer asks what an offer would do for a cart and a shopper, neither of which need exist. Nothing is written. */
export function TryOffer({ read, refused, currency, group, subgroup }: TryOfferProps) {
  const { t, language } = useLanguage()
  const { id } = useStore()
  const form = useForm({ initialValues: newTrial(currency, group, subgroup) })
  const attempt = useChange((trial: Trial) => offers.attempt(id, trial))
  const submit = form.onSubmit((draft) => {
    const offer = read()
    if (!offer) return
    const said = readTrial(draft, offer, language)
    if ('errors' in said) return form.setErrors(Object.fromEntries(Object.entries(said.errors).map(([field, key]) => [field, t(key)])))
    attempt.mutate(said.trial, {
      onError: (error) => {
        showOn(form, error)
        refused(offerErrors(error))
      },
    })
  })
  return (
    <form onSubmit={submit} noValidate>
      <Section title={t('try.title')} hint={t('try.hint')}>
        <Text component="h3" m={0} fw={600} fz="sm">
          {t('try.cart')}
        </Text>
        <CartFields form={form} />
        <Text component="h3" m={0} fw={600} fz="sm">
          {t('try.shopper')}
        </Text>
        <ShopperFields form={form} />
        <Group justify="flex-end">
          <Button type="submit" variant="light" loading={attempt.isPending}>
            {t('try.run')}
          </Button>
        </Group>
        <Stack aria-live="polite">
          <ProblemAlert error={attempt.error} fields={fields} />
          {attempt.data && attempt.variables && <TriedResult tried={attempt.data} cart={attempt.variables.cart} />}
        </Stack>
      </Section>
    </form>
  )
}

/** offerErrors are those of a problem that point into the offer, by the names of its fields. */
function offerErrors(error: Error): Record<string, string> {
  if (!(error instanceof Problem)) return {}
  const about = error.errors.map((e) => [pointerPath(e.pointer), e.detail] as const).filter(([path]) => path.startsWith('offer.'))
  return Object.fromEntries(about.map(([path, detail]) => [path.slice('offer.'.length), detail]))
}
