import { buildPage } from '../../scripts/build-page.mjs'
import { type Model, type Service, startGateway, startModel } from '../e2e/services.ts'

export { type Model, type Service, startGateway, startModel }

/** The page's own files as the gateway serves them, with their sizes. */
export const built = await buildPage('functions/gateway/web')
