import { useRecord } from '../../api/hooks'
import { keys } from '../../api/resources'
import { CopyField } from '../../parts/CopyField'
import { EmptyState } from '../../parts/EmptyState'
import { Loaded } from '../../parts/Loaded'
import { ButtonLink } from '../../parts/links'
import { Section } from '../../parts/Section'
import { useStore } from '../../shell/store'
import { useLanguage } from '../../text/language'
import { snippet } from '../overview/snippet'

/** OfferSnippet is what a storefront pastes into its page for this offer. */
export function OfferSnippet({ offer }: { offer: string }) {
  const { t } = useLanguage()
  const { id } = useStore()
  const found = useRecord([id, 'keys', 'publishable'], () => keys.list(id, { limit: 100 }))
  return (
    <Loaded query={found}>
      {({ data }) => {
        const plain = data.find((key) => key.kind === 'publishable' && !key.revoked_at)?.plain
        if (!plain) {
          return (
            <EmptyState
              icon="key"
              title={t('keys.empty')}
              next={t('offers.snippet.none')}
              action={
                <ButtonLink to="/s/$store/keys" params={{ store: id }}>
                  {t('keys.title')}
                </ButtonLink>
              }
            />
          )
        }
        return (
          <Section title={t('offers.snippet')} hint={t('offers.snippet.hint')}>
            <CopyField label={t('snippet.label')} value={snippet(location.origin, plain, offer)} />
          </Section>
        )
      }}
    </Loaded>
  )
}
