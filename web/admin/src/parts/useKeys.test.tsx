import { cleanup, render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, expect, it, vi } from 'vitest'
import { useKeys } from './useKeys'

afterEach(cleanup)

function Pad({ act, on = true, dialog = false }: { act: () => void; on?: boolean; dialog?: boolean }) {
  useKeys({ j: act, Enter: act }, on)
  return (
    <>
      <input aria-label="note" />
      <button type="button">button</button>
      {dialog && <div role="dialog">asks</div>}
    </>
  )
}

it('acts on its keys, in either case', async () => {
  const act = vi.fn()
  render(<Pad act={act} />)
  await userEvent.keyboard('jJ{Enter}x')
  expect(act).toHaveBeenCalledTimes(3)
})

it('does nothing while somebody types, with a modifier, behind a dialog, or when switched off', async () => {
  const act = vi.fn()
  const { rerender } = render(<Pad act={act} />)
  await userEvent.type(screen.getByLabelText('note'), 'j{Enter}')
  await userEvent.click(document.body)
  await userEvent.keyboard('{Control>}j{/Control}{Alt>}j{/Alt}')
  rerender(<Pad act={act} dialog />)
  await userEvent.keyboard('j')
  rerender(<Pad act={act} on={false} />)
  await userEvent.keyboard('j')
  expect(act).not.toHaveBeenCalled()
})

it('leaves Enter to the button that has the focus', async () => {
  const act = vi.fn()
  render(<Pad act={act} />)
  screen.getByRole('button').focus()
  await userEvent.keyboard('{Enter}')
  expect(act).not.toHaveBeenCalled()
})
