import { VisuallyHidden } from '@mantine/core'
import { Icon } from '../../parts/Icon'
import { useLanguage } from '../../text/language'
import classes from './Findings.module.css'

/** Tick shows whether something holds: a tick or a cross, said in words to those who do not see it. */
export function Tick({ holds }: { holds: boolean }) {
  const { t } = useLanguage()
  return (
    <span className={classes.mark} data-holds={holds}>
      <Icon name={holds ? 'check' : 'close'} size={14} />
      <VisuallyHidden>{t(holds ? 'trace.holds' : 'trace.fails')}</VisuallyHidden>
    </span>
  )
}
