import type { Entry } from './ask.ts'

export const msOf = ({ startedAt, endedAt }: Entry): number => endedAt - startedAt

export const isRead = ({ end }: Entry): boolean => end.outcome === 'answered' && end.status === 200

/** Told when to come again, which is all that a client can do about it. */
export const isRefused = ({ end }: Entry): boolean =>
  end.outcome === 'answered' &&
  [429, 503].includes(end.status) &&
  /^[1-9]\d*$/.test(end.retryAfter ?? '')

/** For a service to take in what its kernel has taken for it; whoever comes later meets a closing door. */
const takeInMs = 50

/** Whether a request was with the service when that was told to stop. */
export const wasAdmitted = ({ sentAt }: Entry, stoppedAt: number): boolean =>
  sentAt !== undefined && sentAt < stoppedAt - takeInMs
