import { type Dispatcher, request } from 'undici'

export interface Question {
  readonly url: string
  readonly headers: Record<string, string>
  readonly body: Buffer
}

/** Milliseconds until a whole answer is there. */
export async function ask(
  { url, headers, body }: Question,
  dispatcher: Dispatcher,
): Promise<number> {
  const start = performance.now()
  const answer = await request(url, { method: 'POST', headers, body, dispatcher })
  const text = await answer.body.text()
  if (answer.statusCode !== 200) throw new Error(`${url} answered ${answer.statusCode}: ${text}`)
  return performance.now() - start
}
