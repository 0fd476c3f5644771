import { after, before } from 'node:test'
import type { Browser } from 'puppeteer-core'
import { type Model, type Service, startGateway, startModel } from '../services/start.ts'
import { type Look, type Opened, open, startBrowser } from './browser.ts'

/** What the tests of a suite share: one model, one gateway and one browser. */
export interface Suite {
  readonly model: Model
  readonly browser: Browser
  readonly url: string
  open(look?: Look): Promise<Opened>
}

/** Starts all of it before the tests of the suite, and ends it after them in any case, the pages first. */
export function useSuite(): Suite {
  const started = new AsyncDisposableStack()
  let model: Model
  let gateway: Service
  let browser: Browser
  before(async () => {
    model = started.adopt(await startModel(), async ({ stop }) => void (await stop()))
    gateway = started.adopt(await startGateway(model), async ({ stop }) => void (await stop()))
    browser = started.adopt(await startBrowser(), (browser) => browser.close())
  })
  after(() => started.disposeAsync())
  return {
    get model() {
      return model
    },
    get browser() {
      return browser
    },
    get url() {
      return gateway.url
    },
    async open(look) {
      return started.use(await open(browser, gateway.url, look))
    },
  }
}
