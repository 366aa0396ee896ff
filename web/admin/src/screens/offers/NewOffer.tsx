import { Box } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useChange, useRecord } from '../../api/hooks'
import { offers, stores } from '../../api/resources'
import type { OfferInput } from '../../api/types'
import { BackLink } from '../../parts/BackLink'
import { Loaded } from '../../parts/Loaded'
import { TextLink } from '../../parts/links'
import { Page } from '../../parts/Page'
import { useStore } from '../../shell/store'
import { done } from '../../text/done'
import { useLanguage } from '../../text/language'
import { OfferForm } from './OfferForm'

/** NewOffer makes an offer; it begins as a draft. */
export function NewOffer() {
  const { t } = useLanguage()
  const { id } = useStore()
  const navigate = useNavigate()
  const store = useRecord([id, 'store'], () => stores.read(id))
  const create = useChange((input: OfferInput) => offers.create(id, input), [id, 'offers'], [id, 'audit'])
  return (
    <Page
      title={t('offers.new')}
      back={
        <BackLink>
          <TextLink to="/s/$store/offers" params={{ store: id }}>
            {t('offers.title')}
          </TextLink>
        </BackLink>
      }
    >
      <Loaded query={store}>
        {(place) => (
          <Box maw={760}>
            <OfferForm
              offer={null}
              place={place}
              pending={create.isPending}
              error={create.error}
              onSave={(input) =>
                create.mutate(input, {
                  onSuccess: (offer) => {
                    done(t('saved'))
                    void navigate({ to: '/s/$store/offers/$id', params: { store: id, id: offer.id } })
                  },
                })
              }
            />
          </Box>
        )}
      </Loaded>
    </Page>
  )
}
