import type { Hono } from 'hono'
import { cors } from 'hono/cors'
import { secureHeaders } from 'hono/secure-headers'
import { completeHeader } from '../../contract/answers.ts'
import { errorKindHeader } from '../../contract/errors.ts'
import type { Edge } from '../../platform/http.ts'

/** Nothing that the API answers is a page that may do anything. */
const nothing = { defaultSrc: ["'none'"], frameAncestors: ["'none'"] }
/** The page has its own scripts and styles, shows pictures that it has made, and asks nobody but this gateway. */
const webPage = {
  defaultSrc: ["'none'"],
  scriptSrc: ["'self'"],
  styleSrc: ["'self'"],
  imgSrc: ["'self'", 'blob:'],
  connectSrc: ["'self'"],
  baseUri: ["'none'"],
  formAction: ["'none'"],
  frameAncestors: ["'none'"],
}
/** Swagger UI styles its elements by attributes, and has pictures in its style sheet. */
const docsPage = {
  ...nothing,
  scriptSrc: ["'self'"],
  styleSrc: ["'self'", "'unsafe-inline'"],
  imgSrc: ["'self'", 'data:'],
  connectSrc: ["'self'"],
}

/** For old browsers, or about pages that we do not have; and TLS ends before us. */
const needless = {
  strictTransportSecurity: false,
  originAgentCluster: false,
  xDnsPrefetchControl: false,
  xDownloadOptions: false,
  xFrameOptions: false,
  xPermittedCrossDomainPolicies: false,
  xXssProtection: false,
}

/** Headers that tell a browser what it may do with an answer. */
export function addSecurityHeaders(app: Hono<Edge>): void {
  const forApi = secureHeaders({ ...needless, contentSecurityPolicy: nothing })
  const forDocs = secureHeaders({ ...needless, contentSecurityPolicy: docsPage })
  const forPage = secureHeaders({ ...needless, contentSecurityPolicy: webPage })
  const headersFor = (path: string) => {
    if (path === '/' || path.startsWith('/page/')) return forPage
    return /^\/docs(?:\/|$)/.test(path) ? forDocs : forApi
  }
  app.use((c, next) => headersFor(c.req.path)(c, next))
}

/** Headers that tell what pages of other origins may ask. */
export function addCors(
  app: Hono<Edge>,
  { corsOrigins }: { corsOrigins: readonly string[] },
): void {
  if (corsOrigins.length === 0) return
  app.use(
    cors({
      // In a list the middleware takes * for the name of an origin.
      origin: corsOrigins.includes('*') ? '*' : [...corsOrigins],
      allowMethods: ['GET', 'POST'],
      allowHeaders: ['Authorization', 'Content-Type', 'If-None-Match', 'X-API-Key', 'X-Request-Id'],
      exposeHeaders: [
        errorKindHeader,
        completeHeader,
        'ETag',
        'Retry-After',
        'Server-Timing',
        'X-Request-Id',
      ],
      maxAge: 600,
    }),
  )
}
