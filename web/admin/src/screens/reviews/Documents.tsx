import { Button, Group, SimpleGrid, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type Ref, useImperativeHandle, useRef, useState } from 'react'
import { reviews } from '../../api/resources'
import type { LookAlike, ReviewDocument, ReviewFile } from '../../api/types'
import { Loaded } from '../../parts/Loaded'
import { Section } from '../../parts/Section'
import { useStore } from '../../shell/store'
import { useFormat } from '../../text/format'
import { useLanguage } from '../../text/language'
import { Deleted } from './Deleted'
import { LookAlikes } from './LookAlikes'
import { Viewer, type ViewerHandle } from './Viewer'

/** DeskHandle is what the desk's keys do to the documents. */
export interface DeskHandle extends ViewerHandle {
  next: () => void
}

interface DocumentsProps {
  file: ReviewFile
  handle: Ref<DeskHandle>
  /** wide is set while a look-alike stands beside the document. */
  wide: boolean
  onWide: (wide: boolean) => void
}

/** Documents shows what was handed in, a page at a time, and what looks like it. */
export function Documents({ file, ...rest }: DocumentsProps) {
  const { t } = useLanguage()
  const { id: store } = useStore()
  const { id } = file.review
  const found = useQuery({ queryKey: [store, 'reviews', 'documents', id], queryFn: () => reviews.documents(store, id), staleTime: Infinity, gcTime: 0 })
  return (
    <Section title={t('documents.title')}>
      <Loaded query={found}>
        {({ data }) =>
          data.length ? (
            <Pages review={id} documents={data} {...rest} />
          ) : (
            <Text c="dimmed" fz="sm">
              {t('documents.none')}
            </Text>
          )
        }
      </Loaded>
    </Section>
  )
}

/** pagesOf names each page of each document; one that was deleted counts as a page. */
function pagesOf(documents: readonly ReviewDocument[]) {
  return documents.flatMap((document, i) =>
    (document.deleted_at || document.pages.length === 0 ? [1] : document.pages.map((_, page) => page + 1)).map((page) => ({ document, number: i + 1, page })),
  )
}

function Pages({ review, documents, handle, wide, onWide }: Omit<DocumentsProps, 'file'> & { review: string; documents: readonly ReviewDocument[] }) {
  const { t } = useLanguage()
  const { number, time } = useFormat()
  // The newest that can be seen comes first into view: those of earlier tries stand before it.
  const pages = pagesOf(documents)
  const [at, setAt] = useState(() => Math.max(0, pages.findLastIndex((p) => !p.document.deleted_at && p.page === 1)))
  const [beside, setBeside] = useState<LookAlike>()
  const viewer = useRef<ViewerHandle>(null)
  const current = pages[at] ?? pages[0]
  const compare = (alike: LookAlike | undefined) => {
    setBeside(alike)
    onWide(alike !== undefined)
  }
  const show = (index: number) => {
    setAt(index)
    compare(undefined)
  }
  useImperativeHandle(handle, () => ({
    next: () => show((at + 1) % pages.length),
    zoom: () => viewer.current?.zoom(),
    turn: () => viewer.current?.turn(),
  }))
  if (!current) return null
  const title = (p: typeof current) => (p.document.pages.length > 1 ? t('documents.page', { number: p.number, page: p.page }) : t('documents.one', { number: p.number }))
  const { document } = current
  return (
    <Stack>
      {pages.length > 1 && (
        <Group gap="xs" role="group" aria-label={t('documents.choose')}>
          {pages.map((p, i) => (
            <Button key={`${p.document.id} ${p.page}`} size="compact-sm" variant={i === at ? 'filled' : 'default'} aria-pressed={i === at} onClick={() => show(i)}>
              {title(p)}
            </Button>
          ))}
        </Group>
      )}
      <SimpleGrid cols={{ base: 1, md: wide ? 2 : 1 }}>
        <Stack gap="xs">
          {beside && (
            <Text fz="sm" fw={600}>
              {t('alikes.this')}
            </Text>
          )}
          {document.deleted_at ? <Deleted document={document} /> : <Picture key={`${document.id} ${current.page}`} review={review} document={document.id} page={current.page} name={title(current)} handle={viewer} />}
          <Text fz="xs" c="dimmed">
            {t('documents.about', { type: document.media_type, size: number(Math.ceil(document.size / 1000)), time: time(document.submitted_at) })}
            {document.delete_at && !document.deleted_at && ` · ${t('documents.deleteAt', { time: time(document.delete_at) })}`}
          </Text>
        </Stack>
        {beside && (
          <Stack gap="xs">
            <Text fz="sm" fw={600}>
              {t('alikes.title')}
            </Text>
            <Picture key={beside.document.id} review={review} document={beside.document.id} page={beside.page} name={t('alikes.title')} />
            <Text fz="xs" c="dimmed">
              {t('documents.about', { type: beside.document.media_type, size: number(Math.ceil(beside.document.size / 1000)), time: time(beside.document.submitted_at) })}
            </Text>
          </Stack>
        )}
      </SimpleGrid>
      <LookAlikes key={document.id} review={review} document={document.id} beside={beside} onCompare={compare} />
    </Stack>
  )
}

interface PictureProps {
  review: string
  document: string
  page: number
  name: string
  handle?: Ref<ViewerHandle>
}

function Picture({ review, document, page, name, handle }: PictureProps) {
  const { id: store } = useStore()
  return <Viewer src={reviews.picture(store, review, document, page)} name={name} {...(handle ? { handle } : {})} />
}
