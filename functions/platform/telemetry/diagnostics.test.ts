import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { diag } from '@opentelemetry/api'
import { globalErrorHandler } from '@opentelemetry/core'
import { logDiagnostics } from './diagnostics.ts'

describe('what OpenTelemetry complains of', () => {
  it('is in the log as a warning, and what it merely tells is not', () => {
    const warnings: unknown[] = []
    logDiagnostics({ warn: (fields: unknown) => void warnings.push(fields) })
    const error = new Error('connect ECONNREFUSED')
    globalErrorHandler(error)
    diag.error('failed')
    diag.warn('dropped')
    diag.info('scheduled')
    diag.debug('sent')
    assert.deepEqual(warnings, [{ err: error }, { detail: 'failed' }, { detail: 'dropped' }])
  })
})
