/** examples are rules to begin with, by the name of the message that says what each is for. */
export const examples = {
  'rule.example.quantity': 'cart.quantity >= 3',
  'rule.example.category': 'cart.lines.exists(l, "books" in l.categories)',
  'rule.example.notOnSale': 'cart.lines.all(l, !("sale" in l.categories))',
  'rule.example.categorySum': 'cart.lines.filter(l, "books" in l.categories).map(l, l.amount).sum() >= 4000',
  'rule.example.currency': 'cart.currency in ["EUR", "CHF"]',
  'rule.example.member': 'member.tier == "gold" || member.points >= 5000',
  'rule.example.memberYear': 'has(member.since) && now - member.since >= duration("8760h")',
  'rule.example.proof': 'has(attestation.valid_until) && attestation.valid_until - now > duration("720h")',
  'rule.example.lunch': 'now.getHours("Europe/Berlin") in [12, 13]',
} as const

/** joined puts another condition behind a rule: both must hold then. */
export function joined(rule: string, more: string): string {
  return rule.trim() ? `${bracketed(rule.trim())} &&\n${bracketed(more)}` : more
}

function bracketed(rule: string): string {
  // A comment would swallow what stands behind it.
  if (rule.includes('//')) return `(${rule}\n)`
  return rule.includes('||') || rule.includes('?') ? `(${rule})` : rule
}
