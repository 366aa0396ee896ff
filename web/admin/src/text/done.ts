import { notifications } from '@mantine/notifications'

/** done tells, in passing and to screen readers, that a change was carried out. */
export function done(message: string): void {
  notifications.show({ message, color: 'laurel', withBorder: true, autoClose: 4000, withCloseButton: false })
}
