import { ActionIcon, Group, Stack, Text, Tooltip } from '@mantine/core'
import { useElementSize, useMergedRef } from '@mantine/hooks'
import { type Ref, useImperativeHandle, useRef, useState } from 'react'
import { Icon, type IconName } from '../../parts/Icon'
import { useLanguage } from '../../text/language'
import classes from './Viewer.module.css'
import { useGestures } from './useGestures'
import { transform, whole } from './view'

/** ViewerHandle is what the desk's keys do to the picture. */
export interface ViewerHandle {
  zoom: () => void
  turn: () => void
}

interface ViewerProps {
  src: string
  /** name says which document it is, to who cannot see it. */
  name: string
  handle?: Ref<ViewerHandle>
}

/** Viewer shows a picture that can be enlarged, moved and turned. */
export function Viewer({ src, name, handle }: ViewerProps) {
  const { t } = useLanguage()
  const [view, setView] = useState(whole)
  const [failed, setFailed] = useState(false)
  const frame = useRef<HTMLDivElement>(null)
  const { ref: measured, width, height } = useElementSize<HTMLDivElement>()
  const ref = useMergedRef(frame, measured)
  const gestures = useGestures(frame, view, setView)
  useImperativeHandle(handle, () => ({ zoom: gestures.toggle, turn: gestures.turn }))
  const tool = (icon: IconName, label: string, act: () => void, disabled = false) => (
    <Tooltip label={label}>
      <ActionIcon variant="default" size="lg" aria-label={label} onClick={act} disabled={disabled}>
        <Icon name={icon} size={16} />
      </ActionIcon>
    </Tooltip>
  )
  return (
    <Stack gap="xs">
      {/* It takes the focus and answers to keys: a picture that is worked with, not a part of the text. */}
      <div
        ref={ref}
        className={classes.frame}
        role="application"
        aria-roledescription={t('documents.picture')}
        aria-label={t('documents.viewer', { name })}
        tabIndex={0}
        data-zoomed={view.scale > 1 || undefined}
        {...gestures.on}
      >
        {failed ? (
          <div className={classes.failed}>
            <Text>{t('documents.failed')}</Text>
          </div>
        ) : (
          <img className={classes.picture} src={src} alt={name} draggable={false} style={{ transform: transform(view, { width, height }) }} onError={() => setFailed(true)} />
        )}
      </div>
      <Group gap="xs">
        {tool('plus', t('documents.zoomIn'), gestures.larger)}
        {tool('minus', t('documents.zoomOut'), gestures.smaller, view.scale === 1)}
        {tool('fit', t('documents.fit'), gestures.fit, view.scale === 1)}
        {tool('turn', t('documents.turn'), gestures.turn)}
      </Group>
    </Stack>
  )
}
