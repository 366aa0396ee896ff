import { Button } from '@mantine/core'
import { useLanguage } from '../../text/language'
import classes from './DecisionBar.module.css'

interface DecisionBarProps {
  /** standing says what may be done: decide, take, or only go on. */
  standing: 'mine' | 'free' | 'closed'
  pending: boolean
  /** keys shows which key does the same. */
  keys: boolean
  onApprove: () => void
  onRefuse: () => void
  onTake: () => void
  onRelease: () => void
  onNext: () => void
}

/** DecisionBar stays at the foot of the desk: what one can do with the review, and on to the next. */
export function DecisionBar({ standing, pending, keys, onApprove, onRefuse, onTake, onRelease, onNext }: DecisionBarProps) {
  const { t } = useLanguage()
  const key = (name: string) =>
    keys && (
      <kbd className={classes.key} aria-hidden="true">
        {name}
      </kbd>
    )
  return (
    <div className={classes.bar} role="toolbar" aria-label={t('reviews.bar')}>
      {standing === 'mine' && (
        <>
          <Button loading={pending} onClick={onApprove}>
            {t('reviews.approve')}
            {key('A')}
          </Button>
          <Button color="red.8" disabled={pending} onClick={onRefuse}>
            {t('reviews.reject')}
            {key('R')}
          </Button>
        </>
      )}
      {standing === 'free' && (
        <Button loading={pending} onClick={onTake}>
          {t('reviews.take')}
          {key('T')}
        </Button>
      )}
      <div className={classes.end}>
        {standing === 'mine' && (
          <Button variant="default" disabled={pending} onClick={onRelease}>
            {t('reviews.release')}
            {key('G')}
          </Button>
        )}
        <Button variant="default" disabled={pending} onClick={onNext}>
          {t('reviews.next')}
          {key('N')}
        </Button>
      </div>
    </div>
  )
}
