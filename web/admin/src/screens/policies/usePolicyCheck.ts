import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { type FieldError, isProblem } from '../../api/problem'
import { policies } from '../../api/resources'
import type { PolicyInput } from '../../api/types'
import { useStore } from '../../shell/store'

/** PolicyCheck is what the server says about a policy that is being typed. */
export interface PolicyCheck {
  /** errors is empty for a sound policy, undefined before the first answer. */
  errors: FieldError[] | undefined
  checking: boolean
}

/** usePolicyCheck asks the server about a policy each time the typing pauses. It saves nothing. */
export function usePolicyCheck(input: PolicyInput): PolicyCheck {
  const { id, may } = useStore()
  const [settled] = useDebouncedValue(input, 350)
  const query = useQuery({
    queryKey: [id, 'policy-check', settled],
    queryFn: () => check(id, settled),
    enabled: settled.group !== '' && may('policies'),
    placeholderData: keepPreviousData,
    gcTime: 0,
  })
  return { errors: query.data, checking: query.isFetching || settled !== input }
}

async function check(store: string, input: PolicyInput): Promise<FieldError[]> {
  try {
    await policies.check(store, input)
    return []
  } catch (error) {
    if (isProblem(error) && error.status === 422) return error.errors
    throw error
  }
}
