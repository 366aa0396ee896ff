import { Card, Text } from '@mantine/core'
import classes from './Figure.module.css'

/** Figure is one number of the start page with its name. */
export function Figure({ name, value, more }: { name: string; value: string; more?: string }) {
  return (
    <Card padding="md">
      <Text fz="sm" c="dimmed">
        {name}
      </Text>
      <Text className={classes.value}>{value}</Text>
      {more && (
        <Text fz="xs" c="dimmed">
          {more}
        </Text>
      )}
    </Card>
  )
}
