import type { Claim } from './api'
import { choose, type Wishes } from './choice'
import type { OfferToken, Verification } from './contract'
import { ways, type Way } from './paths'
import { Problem } from './problem'
import { screenOf, type Screen, type State } from './state'
import type { Surroundings } from './surroundings'

const firstPoll = 2_000
const slowestPoll = 30_000

/** After these problems the verification cannot succeed any more. */
const terminal = ['already_verified', 'tries_exhausted', 'verification_expired']

/** Flow takes one shopper from the group to the offer token. The server names the next step; the flow only follows. */
export class Flow {
  readonly state: State = { screen: 'loading', busy: false, group: '', email: '' }
  #claim: Claim | undefined
  #again: (() => Promise<void>) | undefined
  #timer: ReturnType<typeof setTimeout> | undefined
  #announced = false
  #over = false

  constructor(
    private readonly wishes: Wishes,
    private readonly around: Surroundings,
  ) {}

  /** start loads the store and goes on where this tab was, or begins. */
  start(): Promise<void> {
    return this.#act(async () => {
      this.state.storefront ??= await this.around.api.storefront()
      this.#claim = this.around.memory.recall()
      if (!this.#claim) return this.#begin()
      try {
        this.#settleOffer()
        await this.#follow(await this.around.api.read(this.#claim))
      } catch (error) {
        if (!(error instanceof Problem) || error.unsettled) throw error
        this.#forget()
        this.#begin()
      }
    })
  }

  /** stop ends the flow: what is still under way changes nothing any more. */
  stop(): void {
    this.#over = true
    clearTimeout(this.#timer)
  }

  retry(): Promise<void> {
    return this.#again ? this.#act(this.#again) : Promise.resolve()
  }

  restart(): Promise<void> {
    this.#forget()
    return this.#act(async () => this.#begin())
  }

  chooseGroup(group: string): void {
    this.state.group = group
    this.#settleOffer()
    this.#show('consent')
  }

  back(): void {
    this.#show(this.state.verification ? screenOf(this.state.verification) : 'group')
  }

  /** canBack says whether the shopper came here by a choice that the server does not know of. */
  get canBack(): boolean {
    const { screen, verification } = this.state
    if (screen === 'consent') return !choose(this.wishes, this.state.storefront, '').group
    if (!verification || screenOf(verification) === screen) return false
    return screenOf(verification) !== 'choose' || ways(verification).length > 1
  }

  /** canGiveUp says whether the server waits for this step and other paths stand open. */
  get canGiveUp(): boolean {
    const { screen, verification } = this.state
    return !!verification && verification.paths.length > 1 && screenOf(verification) === screen && screen !== 'choose'
  }

  agree(marketing: boolean): Promise<void> {
    return this.#act(async () => {
      const { offer, group, storefront } = this.state
      const { customer, locale } = this.wishes
      const verification = await this.around.api.begin({
        group,
        ...(offer?.subgroup && { subgroup: offer.subgroup }),
        ...(offer && { offer_id: offer.id }),
        ...(customer && { customer }),
        locale: locale(),
        consent: { version: storefront?.consent.version, accepted: true, marketing },
      })
      this.#claim = { id: verification.id, secret: verification.client_secret ?? '' }
      this.around.memory.keep(this.#claim, verification.expires_at)
      await this.#follow(verification)
    })
  }

  chooseWay(way: Way): void {
    if (way.kind === 'sso') void this.signIn(way.provider)
    else this.#show(way.kind)
  }

  submitEmail(email: string): Promise<void> {
    this.state.email = email
    return this.#answer('email', { email })
  }

  /** resend sends a new code to the same address and says whether that worked. */
  async resend(): Promise<boolean> {
    await this.#answer('email', { email: this.state.email })
    return !this.state.problem
  }

  otherAddress(): void {
    this.#show('email')
  }

  submitCode(code: string): Promise<void> {
    return this.#answer('email_code', { code })
  }

  submitRegistry(fields: Record<string, string>): Promise<void> {
    return this.#answer('registry', fields)
  }

  submitMock(firstName: string): Promise<void> {
    return this.#answer('mock', { first_name: firstName })
  }

  signIn(provider: string): Promise<void> {
    return this.#act(async () => {
      const { api, leave } = this.around
      const verification = await api.answer(this.#held(), 'sso', { provider, return_url: this.wishes.returnUrl })
      const url = verification.redirect_url
      if (!url || !/^https?:$/.test(new URL(url).protocol)) throw new Problem('provider_unavailable', 'no sign-in address')
      this.state.verification = verification
      leave(url)
    })
  }

  /** giveUp leaves the step that the server waits for and returns to the paths that remain. */
  giveUp(): Promise<void> {
    return this.#act(async () => {
      const step = this.state.verification?.step ?? ''
      await this.#follow(await this.around.api.giveUp(this.#held(), step))
    })
  }

  /** issue gets the offer token of a verified shopper; asked again it gives the live one, or a new one after it expired. */
  issue(): Promise<void> {
    return this.#act(() => this.#issue())
  }

  #answer(step: string, body: Record<string, string>): Promise<void> {
    return this.#act(async () => this.#follow(await this.around.api.answer(this.#held(), step, body)))
  }

  /** act runs one piece of work at a time; a failure is shown, told to the page, and can be tried again. */
  async #act(work: () => Promise<void>): Promise<void> {
    if (this.state.busy || this.#over) return
    this.#again = work
    this.state.busy = true
    this.state.problem = undefined
    this.#changed()
    try {
      await work()
    } catch (error) {
      await this.#fail(error instanceof Problem ? error : new Problem('internal', String(error)))
    } finally {
      this.state.busy = false
      this.#changed()
    }
  }

  async #fail(problem: Problem): Promise<void> {
    if (this.#over) return
    this.state.problem = problem
    this.around.emit('laurel-error', { code: problem.code, detail: problem.detail })
    if (this.state.screen === 'loading') return this.#show('unavailable', problem)
    // A conflict means that the server is elsewhere than this page thought.
    const elsewhere = problem.status === 409 || terminal.includes(problem.code)
    if (elsewhere && this.#claim && this.state.screen !== 'success') await this.#catchUp(problem)
  }

  async #catchUp(problem: Problem): Promise<void> {
    try {
      await this.#follow(await this.around.api.read(this.#held()))
    } catch (error) {
      // Elsewhere the problem that led here says more than this one.
      if (this.state.screen === 'success' && error instanceof Problem) this.state.problem = error
    }
    if (this.state.screen === 'success') return
    this.#show(terminal.includes(problem.code) ? 'refused' : this.state.screen, problem)
  }

  #begin(): void {
    this.state.group = ''
    this.#settleOffer()
    this.#show(this.state.group ? 'consent' : 'group')
  }

  #settleOffer(): void {
    Object.assign(this.state, choose(this.wishes, this.state.storefront, this.state.group))
  }

  /** follow shows what the server asks for next. */
  async #follow(verification: Verification): Promise<void> {
    if (this.#over) return
    this.state.verification = verification
    if (this.state.group !== verification.group) {
      this.state.group = verification.group
      this.#settleOffer()
    }
    const screen = screenOf(verification)
    const [only, ...others] = screen === 'choose' ? ways(verification) : []
    this.#show(only && !others.length ? only.kind : screen)
    if (screen === 'pending') this.#poll(firstPoll)
    if (screen === 'success') await this.#verified(verification)
  }

  #poll(delay: number): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(async () => {
      try {
        const verification = await this.around.api.read(this.#held())
        if (screenOf(verification) !== 'pending') return await this.#act(() => this.#follow(verification))
      } catch (error) {
        if (error instanceof Problem && !error.unsettled) return void (await this.#fail(error))
      }
      if (!this.#over) this.#poll(Math.min(delay * 2, slowestPoll))
    }, delay)
  }

  async #verified(verification: Verification): Promise<void> {
    if (!this.#announced) {
      this.#announced = true
      this.around.emit('laurel-verified', {
        verificationId: verification.id,
        group: verification.attestation?.group ?? verification.group,
        subgroup: verification.attestation?.subgroup ?? verification.subgroup ?? null,
        validUntil: verification.attestation?.valid_until ?? null,
      })
    }
    this.#again = () => this.#issue()
    await this.#issue()
  }

  async #issue(): Promise<void> {
    const offer = this.state.offer
    if (!offer) return
    const token = await this.around.api.offerToken(this.#held(), offer.id)
    if (this.#over) return
    this.state.token = token
    this.state.drawing = undefined
    void this.#draw(token)
    this.around.emit('laurel-token', {
      token: token.token,
      code: token.code,
      expiresAt: token.expires_at,
      offer: token.offer,
    })
  }

  /** draw gets the code's picture. The code itself is there already: without a picture it is typed. */
  async #draw(token: OfferToken): Promise<void> {
    try {
      const picture = await this.around.api.drawing(this.#held(), token.code)
      const [, size, path] = /viewBox="0 0 (\d+) .* d="([\dMHVZmhvz -]+)"/.exec(picture) ?? []
      if (size && path && this.state.token === token) {
        this.state.drawing = { size, path }
        this.#changed()
      }
    } catch (error) {
      console.warn('Laurel: the QR code could not be drawn.', error)
    }
  }

  #held(): Claim {
    if (!this.#claim) throw new Problem('verification_expired', 'no verification is under way')
    return this.#claim
  }

  #forget(): void {
    clearTimeout(this.#timer)
    this.around.memory.forget()
    this.#claim = undefined
    this.#announced = false
    this.state.verification = undefined
    this.state.token = undefined
    this.state.drawing = undefined
    this.state.email = ''
  }

  #show(screen: Screen, problem?: Problem): void {
    const before = this.state.screen
    this.state.screen = screen
    this.state.problem = problem
    if (before !== screen && !this.#over) {
      this.around.emit('laurel-step', { step: screen, verificationId: this.state.verification?.id ?? null })
    }
    this.#changed()
  }

  #changed(): void {
    if (!this.#over) this.around.changed()
  }
}
