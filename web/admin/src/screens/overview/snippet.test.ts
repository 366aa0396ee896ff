import { expect, it } from 'vitest'
import { snippet } from './snippet'

it('is the script and the element', () => {
  expect(snippet('https://gw.example', 'pk_test_1', 'off_1')).toBe(
    '<script type="module" src="https://gw.example/widget.js"></script>\n<laurel-verify publishable-key="pk_test_1" offer="off_1"></laurel-verify>',
  )
})
