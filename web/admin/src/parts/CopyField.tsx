import { ActionIcon, Code, CopyButton, Group, Tooltip } from '@mantine/core'
import { useLanguage } from '../text/language'
import classes from './CopyField.module.css'
import { Icon } from './Icon'

/** CopyField shows a value that is to be pasted elsewhere, with a button that copies it. */
export function CopyField({ value, label }: { value: string; label: string }) {
  const { t } = useLanguage()
  return (
    <Group gap="xs" wrap="nowrap" align="flex-start">
      <Code block className={classes.value} aria-label={label} tabIndex={0} role="region">
        {value}
      </Code>
      <CopyButton value={value}>
        {({ copied, copy }) => (
          <Tooltip label={copied ? t('copied') : t('copy')}>
            <ActionIcon size="lg" variant="default" onClick={copy} aria-label={copied ? t('copied') : t('copyOf', { what: label })}>
              <Icon name={copied ? 'check' : 'copy'} size={16} />
            </ActionIcon>
          </Tooltip>
        )}
      </CopyButton>
    </Group>
  )
}
