import type { FormErrors, UseFormReturnType } from '@mantine/form'
import type { ReactNode } from 'react'
import { Problem, pointerPath } from '../api/problem'

/**
 * showOn puts a problem's errors onto the fields of a form that are named like their pointers. It returns the error, so
 * that callers can show what no field took.
 */
export function showOn<T>(form: Pick<UseFormReturnType<T>, 'setErrors'>, error: unknown): void {
  if (!(error instanceof Problem)) return
  const errors: Record<string, string> = {}
  for (const field of error.errors) errors[pointerPath(field.pointer)] ??= field.detail
  form.setErrors(errors)
}

/** taken returns, for ProblemAlert, whether an error's pointer is one of the form's fields, by name or by beginning. */
export function taken(...fields: string[]): (pointer: string) => boolean {
  return (pointer) => {
    const path = pointerPath(pointer)
    return fields.some((field) => path === field || (field.endsWith('.') && path.startsWith(field)))
  }
}

/** firstError returns the error of a field, or of the first part of it, for fields that hold a list. */
export function firstError(errors: FormErrors, field: string): ReactNode {
  return errors[field] ?? Object.entries(errors).find(([name]) => name.startsWith(`${field}.`))?.[1]
}
