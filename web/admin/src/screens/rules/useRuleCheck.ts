import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { offers } from '../../api/resources'
import type { RuleCheck } from '../../api/types'
import { useStore } from '../../shell/store'

/** Checked is what the server says about a rule that is being typed. */
export interface Checked {
  /** check is undefined before the first answer. */
  check: RuleCheck | undefined
  /** current tells whether check is about the rule as it stands now. */
  current: boolean
  error: Error | null
}

/** useRuleCheck asks the server about a rule each time the typing pauses. It saves nothing. */
export function useRuleCheck(rule: string): Checked {
  const { id } = useStore()
  const [settled] = useDebouncedValue(rule, 350)
  const query = useQuery({
    queryKey: [id, 'rule-check', settled],
    queryFn: () => offers.checkRule(id, settled),
    placeholderData: keepPreviousData,
    staleTime: Infinity,
  })
  return { check: query.data, current: settled === rule && !query.isPlaceholderData && query.data !== undefined, error: query.error }
}
