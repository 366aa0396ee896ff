import { describe, expect, it, vi } from 'vitest'
import { benefitInWords } from '../src/benefit'
import { pickLanguage, translator, type MessageKey } from '../src/messages/catalogue'
import { de } from '../src/messages/de'
import { en } from '../src/messages/en'
import { setStage } from './stage'

const stage = setStage()

const words = import.meta.glob('../src/words/*.ts', { eager: true }) as Record<string, Record<string, Record<string, string>>>
const english: Record<string, string> = Object.assign({}, en, ...Object.values(words).flatMap((module) => Object.values(module)))

const sources = import.meta.glob('../src/**/*.ts', { query: '?raw', import: 'default', eager: true }) as Record<string, string>

describe('catalogue', () => {
  it.each([['de', de]])('%s has exactly the keys of English, none empty', (_, messages) => {
    expect(Object.keys(messages).sort()).toEqual(Object.keys(english).sort())
    expect(Object.values(messages).filter((text) => !text.trim())).toEqual([])
  })

  it.each([['de', de]])('%s fills the same places as English', (_, messages) => {
    const places = (text: string) => text.match(/\{\w+\}/g)?.sort() ?? []
    for (const [key, text] of Object.entries(english)) expect(places(messages[key as MessageKey]), key).toEqual(places(text))
  })

  it('has no text that nothing uses', () => {
    const all = Object.entries(sources)
      .filter(([path]) => !/(messages\/(en|de)|words\/\w+)\.ts$/.test(path))
      .map(([, text]) => text)
      .join('\n')
    const unused = Object.keys(english).filter((key) => !key.startsWith('e.') && !new RegExp(`['.]${key}\\b`).test(all))
    expect(unused).toEqual([])
  })

  it('has each English text once', () => {
    const all = [en, ...Object.values(words).flatMap((module) => Object.values(module))].flatMap((each) => Object.keys(each))
    expect(all.filter((key, i) => all.indexOf(key) !== i)).toEqual([])
  })

  it.each([
    [['de-AT'], 'de'],
    [['xx', 'de'], 'de'],
    [['EN-us'], 'en'],
    [['xx'], 'en'],
    [[], 'en'],
  ])('picks for %j: %s', (wanted, language) => expect(pickLanguage(wanted)).toBe(language))
})

describe('benefit', () => {
  it.each([
    [{ type: 'percentage', basis_points: 1250 }, 'en', '12.5% off'],
    [{ type: 'fixed_amount', amount: 500, currency: 'USD' }, 'en', '$5.00 off your order'],
    [{ type: 'fixed_amount', amount: 500, currency: 'JPY' }, 'en', '¥500 off your order'],
    [{ type: 'free_shipping' }, 'de', 'Kostenloser Versand'],
    [{ type: 'percentage', basis_points: 5000, target: 'lines' }, 'en', '50% off selected items'],
    [{ type: 'percentage', basis_points: 5000, target: 'shipping' }, 'en', '50% off shipping'],
    [{ type: 'fixed_amount', amount: 500, currency: 'KWD', target: 'lines' }, 'en', 'KWD 0.500 off selected items'],
    [{ type: 'fixed_price', amount: 1999, currency: 'EUR', target: 'order' }, 'de', 'Ihre Bestellung für 19,99 €'],
    [{ type: 'fixed_price', amount: 1999, currency: 'USD', target: 'lines' }, 'en', 'Selected items for $19.99'],
    [{ type: 'fixed_price', amount: 199, currency: 'USD', target: 'shipping' }, 'en', 'Shipping for $1.99'],
    [{ type: 'gift_line', gift: { sku: 'mug', quantity: 1 } }, 'en', 'A free gift'],
    [{ type: 'gift_line', gift: { sku: 'mug', quantity: 3 } }, 'de', '3 Geschenke gratis'],
    [{ type: 'points_multiplier', basis_points: 15_000 }, 'de', '1,5-fache Punkte'],
    [{ type: 'points_multiplier', basis_points: 20_000 }, 'en', '2 times the points'],
    [{ type: 'bonus_points', points: 1500 }, 'en', '1,500 extra points'],
  ] as const)('%o in %s is %s', (benefit, locale, words) => {
    expect(benefitInWords(benefit, locale, translator(locale === 'de' ? de : en)).replaceAll('\u00a0', ' ')).toBe(words)
  })

  it('shows one that it does not know by the name of the offer', () => {
    const newer = { type: 'trip_to_the_moon' } as unknown as Parameters<typeof benefitInWords>[0]
    expect(benefitInWords(newer, 'en', translator(en), 'To the moon')).toBe('To the moon')
    expect(benefitInWords(newer, 'de', translator(de))).toBe('Ein Angebot für Sie')
  })
})

describe('element', () => {
  it('speaks German when the page does, in mails too', async () => {
    document.documentElement.lang = 'de'
    const shown = await stage.put()
    expect(shown.title).toBe('Bevor es losgeht')
    expect(shown.text).toContain('Wir prüfen Ihre Gruppe.')
    expect(shown.element.lang).toBe('de')
    await shown.press('Zustimmen')
    expect(stage.gateway.calls('POST')[0]?.body['locale']).toBe('de')
  })

  it('changes the language without losing the step', async () => {
    const shown = await stage.put()
    await shown.press('Agree')
    shown.element.setAttribute('locale', 'de')
    await vi.waitFor(() => expect(shown.title).toBe('Wie möchten Sie es nachweisen?'))
    expect(stage.gateway.calls('GET /v1/storefront')).toHaveLength(1)
  })
})
