import { Container, Title } from '@mantine/core'

/** App is the console's root component. */
export function App() {
  return (
    <Container component="main" py="xl">
      <Title order={1}>Laurel console</Title>
    </Container>
  )
}
