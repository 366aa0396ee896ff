const shapes = {
  home: 'M3 11l9-8 9 8M5 9.5V20h14V9.5M10 20v-6h4v6',
  check: 'M4 12.5l5 5L20 6.5',
  shield: 'M12 3l8 3v6c0 4.5-3.2 7.7-8 9-4.8-1.3-8-4.5-8-9V6zM8.5 12l2.5 2.5 4.5-5',
  people: 'M9 11a3.5 3.5 0 100-7 3.5 3.5 0 000 7zM2.5 20c0-3.6 2.9-6 6.5-6s6.5 2.4 6.5 6M16 4.3a3.5 3.5 0 010 6.4M18 14.4c2.1.8 3.5 2.8 3.5 5.6',
  path: 'M6 5a2 2 0 100 .1M18 19a2 2 0 100 .1M6 8v4a4 4 0 004 4h6',
  door: 'M14 3h5v18h-5M3 12h11M10 8l4 4-4 4',
  list: 'M8 6h12M8 12h12M8 18h12M4 6h.01M4 12h.01M4 18h.01',
  tag: 'M3 12V4a1 1 0 011-1h8l9 9-9 9zM8 8h.01',
  receipt: 'M5 3h14v18l-3-2-2 2-2-2-2 2-2-2-3 2zM9 8h6M9 12h6',
  star: 'M12 3l2.7 5.7 6.3.9-4.5 4.4 1.1 6.200L12 17.300l-5.6 2.9 1.1-6.200L3 9.600l6.3-.900z',
  key: 'M15 9a4 4 0 10-3.8 4L9 15.200V17H7v2H4v-3l6.2-6.200M16 8h.01',
  hook: 'M12 8a3 3 0 10-3-3M12 8l-4 7M16 14a4 4 0 11-3.4 6.100M6.5 13.500A4 4 0 108 20h7',
  gear: 'M12 15a3 3 0 100-6 3 3 0 000 6zM12 2.500v3M12 18.500v3M2.5 12h3M18.5 12h3M5.3 5.300l2.1 2.100M16.6 16.600l2.1 2.100M5.3 18.700l2.1-2.100M16.6 7.400l2.1-2.1',
  clock: 'M12 21a9 9 0 100-18 9 9 0 000 18zM12 7v5l3.5 2',
  sun: 'M12 16a4 4 0 100-8 4 4 0 000 8zM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.4 1.400M17.6 17.600L19 19M5 19l1.4-1.400M17.6 6.400L19 5',
  moon: 'M20 14.500A8.5 8.5 0 019.5 4 8.5 8.5 0 1020 14.500z',
  down: 'M6 9l6 6 6-6',
  left: 'M15 5l-7 7 7 7',
  right: 'M9 5l7 7-7 7',
  up: 'M6 15l6-6 6 6',
  plus: 'M12 5v14M5 12h14',
  close: 'M6 6l12 12M18 6L6 18',
  copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
  trash: 'M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13M10 11v5M14 11v5',
  warn: 'M12 4l9 16H3zM12 10v4M12 17h.01',
  search: 'M11 18a7 7 0 100-14 7 7 0 000 14zM20 20l-4-4',
  person: 'M12 12a4 4 0 100-8 4 4 0 000 8zM4 21c0-4 3.5-6.5 8-6.500s8 2.5 8 6.5',
  eye: 'M2 12s3.600-7 10-7 10 7 10 7-3.600 7-10 7-10-7-10-7zM12 15a3 3 0 100-6 3 3 0 000 6z',
  minus: 'M5 12h14',
  document: 'M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6',
  lock: 'M6 11h12v9H6zM8.500 11V8a3.500 3.500 0 017 0v3',
  turn: 'M4 12a8 8 0 112.500 5.800M4 21v-5h5',
  fit: 'M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5',
  keyboard: 'M3 6h18v12H3zM7 10h.01M11 10h.01M15 10h.01M7 14h10M18 10h.01',
  retry: 'M20 12a8 8 0 11-2.5-5.800M20 3v5h-5',
} as const

/** IconName names a picture of the console. */
export type IconName = keyof typeof shapes

/** Icon draws a small line picture in the text's colour. It is decoration: what it means stands beside it. */
export function Icon({ name, size = 18 }: { name: IconName; size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.8" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true" focusable="false">
      <path d={shapes[name]} />
    </svg>
  )
}
