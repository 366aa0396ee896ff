import type { Api, Claim } from './api'
import { choose, type Wishes } from './choice'
import type { Verification } from './contract'
import { onlyWay, ways, type Way } from './paths'
import { Problem } from './problem'
import { screenOf, stepScreen, type Screen, type State } from './state'
import type { Surroundings } from './surroundings'

/** How long a verification that somebody else decides is remembered. */
const patience = 30 * 86_400_000

/** After these problems the verification cannot succeed any more. */
const terminal = ['already_verified', 'tries_exhausted', 'verification_expired']

/** Flow takes one shopper from the group to the offer token. The server names the next step; the flow only follows. */
export class Flow {
  readonly state: State = { screen: 'loading', busy: false, group: '', email: '', instance: '' }
  #claim: Claim | undefined
  #again: (() => Promise<void>) | undefined
  #announced = false
  #over = false

  constructor(
    readonly wishes: Wishes,
    readonly around: Surroundings,
  ) {}

  /** start loads the store and goes on where this tab was, or begins. */
  start(): Promise<void> {
    return this.#act(async () => {
      this.state.storefront ??= await this.around.api.storefront()
      this.#claim = this.around.memory.recall()
      if (!this.#claim) return this.#begin()
      try {
        this.#settleOffer()
        const verification = await this.around.api.read(this.#claim)
        if (this.#foreign(verification)) throw new Problem('customer_mismatch', 'a link to somebody else\'s verification', 409)
        await this.#follow(verification)
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

  /** proceed goes on with a verification whose last proof was refused. */
  proceed(): void {
    const { verification } = this.state
    if (this.#claim?.linked) void this.restart()
    else if (verification) this.#enter(stepScreen(verification.step))
  }

  back(): void {
    this.#show(this.state.verification ? asked(this.state.verification) : 'group')
  }

  /** canBack says whether the shopper came here by a choice that the server does not know of. */
  get canBack(): boolean {
    const { screen, verification } = this.state
    if (screen === 'consent') return !choose(this.wishes, this.state.storefront, '').group
    if (!verification || asked(verification) === screen) return false
    return asked(verification) !== 'choose' || ways(verification).length > 1
  }

  /** canGiveUp says whether the server waits for this step and other paths stand open. */
  get canGiveUp(): boolean {
    const { screen, verification } = this.state
    return !!verification && verification.paths.length > 1 && asked(verification) === screen && screen !== 'choose'
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
      await this.#follow(verification)
    })
  }

  chooseWay(way: Way): void {
    if (way.kind === 'sso' && way.instance) return void this.signIn(way.instance)
    this.state.instance = way.instance
    this.#show(way.kind)
  }

  otherAddress(): void {
    this.#show('email')
  }

  signIn(provider: string): Promise<void> {
    return this.#act(async () => {
      const { api, leave } = this.around
      const verification = await api.answer(this.held(), 'sso', { provider, return_url: this.wishes.returnUrl })
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
      await this.#follow(await this.around.api.giveUp(this.held(), step))
    })
  }

  /** issue gets the offer token of a verified shopper; asked again it gives the live one, or a new one after it expired. */
  issue(): Promise<void> {
    return this.#act(() => this.#issue())
  }

  /** answer answers a step with its fields. */
  answer(step: string, body: Record<string, unknown>): Promise<void> {
    return this.change((api, claim) => api.answer(claim, step, body))
  }

  /** change asks the server for something and shows what it asks for next. */
  change(ask: (api: Api, claim: Claim) => Promise<Verification>): Promise<void> {
    return this.#act(async () => this.#follow(await ask(this.around.api, this.held())))
  }

  /**
   * foreign says whether a link must not be followed: one that asks for proof, which whoever made the link would get, and
   * one of another customer.
   */
  #foreign(verification: Verification): boolean {
    if (!this.#claim?.linked) return false
    const { customer } = this.wishes
    const another = !!customer && !!verification.customer && customer !== verification.customer
    return another || !['pending', 'success', 'refused'].includes(screenOf(verification))
  }

  /** know takes in what a step of its own learned about the verification, and stays where it is. */
  know(verification: Verification): void {
    this.state.verification = verification
    this.#changed()
  }

  /** tell shows a problem of a call that a step made by itself. */
  tell(problem: Problem): void {
    this.state.problem = problem
    this.around.emit('laurel-error', { code: problem.code, detail: problem.detail })
    this.#changed()
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
    const { screen } = this.state
    try {
      const verification = await this.around.api.read(this.held())
      // What was refused can be given again: the shopper stays at it, with what they wrote.
      if (screenOf(verification) !== 'choose' || !ways(verification).some(({ kind }) => kind === screen)) await this.#follow(verification)
      else this.state.verification = verification
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
    this.#remember(verification, screen)
    this.#enter(screen)
    if (screen === 'success') await this.#verified(verification)
  }

  /** enter shows a screen; instead of a choice the way itself where there is one only, or where one was begun. */
  #enter(screen: Screen): void {
    const { verification } = this.state
    const way = screen === 'choose' && verification ? onlyWay(verification) : undefined
    this.state.instance = way?.instance ?? ''
    this.#show(way?.kind ?? screen)
  }

  #remember(verification: Verification, screen: Screen): void {
    const waiting = screen === 'pending'
    const until = waiting ? new Date(Date.now() + patience).toISOString() : verification.expires_at
    this.around.memory.keep(this.held(), until, waiting)
  }

  /** decided asks whether somebody else has decided meanwhile, and says whether there is nothing more to ask. */
  async decided(): Promise<boolean> {
    if (this.#over || this.state.screen !== 'pending') return true
    try {
      const verification = await this.around.api.read(this.held())
      if (screenOf(verification) === 'pending') return false
      await this.#act(() => this.#follow(verification))
    } catch (error) {
      if (!(error instanceof Problem) || error.unsettled) return false
      await this.#fail(error)
      return true
    }
    return this.state.screen !== 'pending'
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
    const token = await this.around.api.offerToken(this.held(), offer.id)
    if (this.#over) return
    this.state.token = token
    this.around.emit('laurel-token', {
      token: token.token,
      code: token.code,
      expiresAt: token.expires_at,
      offer: token.offer,
    })
  }

  /** held are the credentials of the verification that is under way. Throws a Problem when none is. */
  held(): Claim {
    if (!this.#claim) throw new Problem('verification_expired', 'no verification is under way')
    return this.#claim
  }

  #forget(): void {
    this.around.memory.forget()
    this.#claim = undefined
    this.#announced = false
    this.state.verification = undefined
    this.state.token = undefined
    this.state.email = ''
    this.state.instance = ''
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

/** asked is the screen of what the server waits for: what was uploaded so far keeps nobody from another way. */
function asked(verification: Verification): Screen {
  return verification.state === 'uploading' ? stepScreen(verification.step) : screenOf(verification)
}
